/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/realm_memory.h"

#include <string.h>

#include "platform/gpt.h"
#include "rmm/rec_exit.h"
#include "rmm/rtt.h"

static enum ipa_outcome protected_outcome(const struct rtt_walk *walk)
{
	switch (rtte_ripas(walk->desc)) {
	case RIPAS_EMPTY:
		return IPA_EMPTY;
	case RIPAS_RAM:
		return walk->state == RTTE_DATA ? IPA_OK : IPA_FAULT;
	default:
		return IPA_FAULT;
	}
}

static enum ipa_outcome unprotected_outcome(const struct rmm_call *call,
					    const struct rtt_walk *walk, enum ipa_access access,
					    uint64_t pa)
{
	const struct memory *mem = &call->sys->memory;
	const uint64_t needed = access == IPA_WRITE ? RTTE_S2AP_WRITE : RTTE_S2AP_READ;

	if (access == IPA_FETCH)
		return IPA_NOT_EXECUTABLE;
	if (walk->state != RTTE_MAPPED_NS)
		return IPA_FAULT;
	if (!(walk->desc & needed))
		return IPA_PERMISSION;
	if (!memory_bank_at(mem, pa) || gpt_check(mem, RMM_PAS_NS, pa, NULL) != RMM_FAULT_NONE)
		return IPA_PROTECTION;
	return IPA_OK;
}

/* False: the memory has just ceased to be Non-secure. */
static bool lock_granule(struct rmm_call *call, const struct ipa_result *at)
{
	const uint64_t granule = at->pa & ~GRANULE_MASK;

	if (!call->sys->granules.locks)
		return true;
	if (at->is_protected) {
		granule_lock(call, granule); /* the table keeps it as it is */
		return true;
	}
	return granule_lock_ns(call, granule);
}

void ipa_translate(struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
		   enum ipa_access access, struct ipa_result *result)
{
	struct rtt_walk walk;

	*result = (struct ipa_result){.outcome = IPA_OUTSIDE};
	if (ipa >= realm_ipa_size(realm))
		return;
	rtt_walk(call, realm, ipa, RTT_PAGE_LEVEL, &walk);
	result->rtt = walk.rtt;
	result->level = walk.level;
	result->is_protected = realm_is_protected(realm, ipa);
	result->is_writable = result->is_protected || (walk.desc & RTTE_S2AP_WRITE);
	result->pa = rtte_addr(walk.desc, realm->lpa2) + (ipa & (rtt_span(walk.level) - 1));
	result->outcome = result->is_protected
				  ? protected_outcome(&walk)
				  : unprotected_outcome(call, &walk, access, result->pa);
	if (result->outcome == IPA_OK && !lock_granule(call, result))
		result->outcome = IPA_PROTECTION;
	if (result->outcome != IPA_OK)
		granule_unlock(call, walk.rtt);
}

void ipa_release(struct rmm_call *call, const struct ipa_result *at)
{
	if (call->sys->granules.locks)
		granule_unlock(call, at->pa & ~GRANULE_MASK);
	granule_unlock(call, at->rtt);
}

void ipa_read(struct rmm_call *call, const struct ipa_result *at, void *buf, uint64_t len)
{
	memcpy(buf, bank_bytes(memory_bank_at(&call->sys->memory, at->pa), at->pa), len);
}

void ipa_write(struct rmm_call *call, const struct ipa_result *at, const void *buf, uint64_t len)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, at->pa);

	memcpy(bank_bytes(bank, at->pa), buf, len);
	call->sys->memory.written[bank_granule(bank, at->pa)] = 1;
}

bool realm_buffer(struct rmm_call *call, uint64_t ipa, enum rmm_condition empty,
		  struct ipa_result *at, uint64_t *x0)
{
	ipa_translate(call, call->realm, ipa, IPA_WRITE, at);
	*x0 = 0;
	switch (at->outcome) {
	case IPA_OK:
		return true;
	case IPA_EMPTY:
		*x0 = rmm_fail(call, empty);
		return false;
	default:
		exit_buffer_fault(call, call->exit, ipa, at->level);
		call->outcome = CALL_RETRIES;
		return false;
	}
}
