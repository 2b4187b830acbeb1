/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/call.h"

#include <string.h>

#include "platform/gpt.h"
#include "platform/tlb_lint.h"

uint64_t rmm_fail(struct rmm_call *call, enum rmm_condition condition)
{
	call->condition = condition;
	__atomic_fetch_add(&call->sys->condition_counts[condition], 1, __ATOMIC_RELAXED);
	return rmm_condition_status_word(call_version(call), condition);
}

uint64_t rmm_fail_level(struct rmm_call *call, enum rmm_condition condition, int level)
{
	return rmm_fail(call, condition) | (uint64_t)(uint8_t)level << 8;
}

/* ---- granules ----------------------------------------------------------- */

void granule_lock(struct rmm_call *call, uint64_t pa)
{
	const struct rmm_port *port = &call->sys->config.port;

	charge(call, RMM_COST_GRANULE_LOCK, 1, pa);
	if (!port->lock)
		return;
	port->lock(port->ctx, call->pe, pa);
	call->locks[call->num_locks++] = pa;
}

void granule_unlock(struct rmm_call *call, uint64_t pa)
{
	const struct rmm_port *port = &call->sys->config.port;

	if (!port->lock)
		return;
	for (unsigned int i = call->num_locks; i-- > 0;) {
		if (call->locks[i] != pa)
			continue;
		call->locks[i] = call->locks[--call->num_locks];
		port->unlock(port->ctx, call->pe, pa);
		return;
	}
}

void call_release_locks(struct rmm_call *call)
{
	while (call->num_locks)
		granule_unlock(call, call->locks[call->num_locks - 1]);
}

static bool holds_lock(const struct rmm_call *call, uint64_t pa)
{
	for (unsigned int i = 0; i < call->num_locks; i++)
		if (call->locks[i] == pa)
			return true;
	return false;
}

enum rmm_condition granule_take(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state,
				const struct granule_conditions *conditions)
{
	if (!is_granule_aligned(pa))
		return conditions->align;
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, pa);
	const enum tracking_state tracked = tracking_at(&call->sys->tracking, pa);
	if (!bank || (tracked != TRACKING_FINE && tracked != TRACKING_COARSE))
		return conditions->bound;
	/* What a command takes from the host must be DRAM with a state of its own. */
	if (state == RMM_GRANULE_DELEGATED &&
	    (bank->kind != RMM_BANK_DRAM || tracked != TRACKING_FINE))
		return conditions->bound;
	if (!holds_lock(call, pa))
		granule_lock(call, pa);
	const enum rmm_granule_state have =
		granule_state(&call->sys->granules, bank_granule(bank, pa));
	if (have == state)
		return RMM_CONDITION_NONE;
	if (have == RMM_GRANULE_PARTIAL && state != RMM_GRANULE_DELEGATED &&
	    call_behaves(call, RMM_BEHAVIOUR_PARTIAL_OBJECT_BLOCKED))
		return RMI_ANY_BLOCKED;
	return conditions->state;
}

static uint64_t index_at(const struct rmm_call *call, uint64_t pa)
{
	return bank_granule(memory_bank_at(&call->sys->memory, pa), pa);
}

enum rmm_granule_state call_granule_state(const struct rmm_call *call, uint64_t pa)
{
	return granule_state(&call->sys->granules, index_at(call, pa));
}

void call_granule_set(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state)
{
	if (state == RMM_GRANULE_DELEGATED)
		tlb_free_granule(call, pa);
	granule_set_state(&call->sys->granules, index_at(call, pa), state);
	charge(call, RMM_COST_GRANULE_STATE, 1, pa);
}

void *granule_bytes(const struct rmm_call *call, uint64_t pa)
{
	return bank_bytes(memory_bank_at(&call->sys->memory, pa), pa & ~GRANULE_MASK);
}

uint16_t *rtt_live_count(const struct rmm_call *call, uint64_t rtt)
{
	return &call->sys->granules.live[index_at(call, rtt)];
}

void granules_wipe(const struct rmm_call *call, uint64_t base, uint64_t count)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, base);
	uint8_t *written = &call->sys->memory.written[bank_granule(bank, base)];
	uint8_t *const end = written + count;
	uint8_t *const bytes = bank_bytes(bank, base);

	charge(call, RMM_COST_WIPE, count * RMM_GRANULE_SIZE, base);
	/* Most granules were never written: look for the others. */
	for (uint8_t *at = written; (at = memchr(at, 1, (size_t)(end - at))); *at = 0)
		memset(bytes + (size_t)(at - written) * RMM_GRANULE_SIZE, 0, RMM_GRANULE_SIZE);
}

void granule_wipe(struct rmm_call *call, uint64_t pa)
{
	granules_wipe(call, pa & ~GRANULE_MASK, 1);
}

void granule_overwrite(struct rmm_call *call, uint64_t pa)
{
	call->sys->memory.written[index_at(call, pa)] = 1;
}

void granule_claim(struct rmm_call *call, uint64_t pa)
{
	granule_wipe(call, pa);
	granule_overwrite(call, pa);
}

bool pa_is_conventional(const struct rmm_call *call, uint64_t pa)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, pa);

	return bank && bank->kind == RMM_BANK_DRAM &&
	       tracking_at(&call->sys->tracking, pa) == TRACKING_FINE;
}

/* ---- objects --------------------------------------------------------------- */

struct rmm_realm *realm_at(const struct rmm_call *call, uint64_t rd)
{
	return granule_bytes(call, rd);
}

struct rmm_rec *rec_at(const struct rmm_call *call, uint64_t rec)
{
	return granule_bytes(call, rec);
}

enum rmm_condition realm_take(struct rmm_call *call, uint64_t rd,
			      const struct granule_conditions *conditions, struct rmm_realm **realm)
{
	const enum rmm_condition failed = granule_take(call, rd, RMM_GRANULE_RD, conditions);

	if (failed == RMM_CONDITION_NONE)
		*realm = realm_at(call, rd);
	return failed;
}

enum rmm_condition rec_take(struct rmm_call *call, uint64_t rec,
			    const struct granule_conditions *conditions, struct rmm_rec **object)
{
	const enum rmm_condition failed = granule_take(call, rec, RMM_GRANULE_REC, conditions);

	if (failed == RMM_CONDITION_NONE)
		*object = rec_at(call, rec);
	return failed;
}

void **guest_slot(const struct rmm_call *call, uint64_t rec)
{
	return &call->sys->guests[index_at(call, rec)];
}

void guests_invalidate(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
		       uint64_t size)
{
	const struct rmm_guest_ops *ops = call->sys->config.guest;

	if (!ops || !ops->invalidate)
		return;
	for (uint64_t rec = realm->first_rec; rec; rec = rec_at(call, rec)->next)
		ops->invalidate(*guest_slot(call, rec), ipa, size);
}

/* ---- Non-secure memory ------------------------------------------------------- */

bool ns_access_permitted(const struct rmm_call *call, uint64_t pa)
{
	const struct memory *mem = &call->sys->memory;
	const struct memory_bank *bank = memory_bank_at(mem, pa);

	charge(call, RMM_COST_GPT_READ, 2, pa);
	if (!bank ||
	    (bank->kind != RMM_BANK_DRAM && call_behaves(call, RMM_BEHAVIOUR_HOST_BUFFERS_IN_DRAM)))
		return false;
	return gpt_check(mem, RMM_PAS_NS, pa, NULL) == RMM_FAULT_NONE;
}

bool ns_read(struct rmm_call *call, uint64_t pa, void *buf, uint64_t len)
{
	if (!ns_access_permitted(call, pa))
		return false;
	memcpy(buf, bank_bytes(memory_bank_at(&call->sys->memory, pa), pa), len);
	charge(call, RMM_COST_NS_READ, len, pa);
	return true;
}

bool ns_write(struct rmm_call *call, uint64_t pa, const void *buf, uint64_t len)
{
	if (!ns_access_permitted(call, pa))
		return false;
	memcpy(bank_bytes(memory_bank_at(&call->sys->memory, pa), pa), buf, len);
	call->sys->memory.written[index_at(call, pa)] = 1;
	charge(call, RMM_COST_NS_WRITE, len, pa);
	return true;
}
