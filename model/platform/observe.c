/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking at a machine without changing it. */
#include <string.h>

#include "platform/gpt.h"
#include "rmm/rmm.h"
#include "rmm/rtte.h"
#include "rmmsim/memory.h"

const struct rmm_config *rmm_system_config(const struct rmm_system *sys)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys)
		return NULL;
	return &sys->config;
}

bool rmm_behaves(const struct rmm_system *sys, enum rmm_behaviour behaviour)
{
	const unsigned int n = (unsigned int)behaviour;

	if (!sys)
		return false;
	return n < RMM_BEHAVIOUR_COUNT && (sys->behaviours[n / 64] >> (n % 64) & 1);
}

const uint64_t *rmm_condition_counts(const struct rmm_system *sys)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys)
		return NULL;
	return sys->condition_counts;
}

const char *rmm_granule_state_name(enum rmm_granule_state state)
{
	static const char *const names[RMM_GRANULE_STATE_COUNT] = {
		[RMM_GRANULE_UNDELEGATED] = "UNDELEGATED",
		[RMM_GRANULE_DELEGATED] = "DELEGATED",
		[RMM_GRANULE_RD] = "RD",
		[RMM_GRANULE_REC] = "REC",
		[RMM_GRANULE_RTT] = "RTT",
		[RMM_GRANULE_DATA] = "DATA",
		[RMM_GRANULE_DEV] = "DEV",
		[RMM_GRANULE_PDEV] = "PDEV",
		[RMM_GRANULE_VDEV] = "VDEV",
		[RMM_GRANULE_VSMMU] = "VSMMU",
		[RMM_GRANULE_INTERNAL] = "INTERNAL",
		[RMM_GRANULE_PARTIAL] = "PARTIAL",
		[RMM_GRANULE_GPT_L1] = "GPT_L1",
	};

	return (unsigned int)state < RMM_GRANULE_STATE_COUNT ? names[state] : "unknown";
}

const char *rmm_realm_state_name(enum rmm_realm_state state)
{
	static const char *const names[] = {"NEW", "ACTIVE", "SYSTEM_OFF", "ZOMBIE"};

	return (unsigned int)state <= RMM_REALM_ZOMBIE ? names[state] : "unknown";
}

bool rmm_granule_state_at(const struct rmm_system *sys, uint64_t pa, enum rmm_granule_state *state)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys || !state)
		return false;

	const struct memory_bank *bank = memory_bank_at(&sys->memory, pa);

	if (!bank)
		return false;
	*state = granule_state(&sys->granules, bank_granule(bank, pa));
	return true;
}

bool rmm_gpi_at(const struct rmm_system *sys, uint64_t pa, enum rmm_gpi *gpi)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	uint8_t level;

	if (!sys || !gpi)
		return false;
	return gpt_walk(&sys->memory, pa, gpi, &level) == RMM_FAULT_NONE;
}

enum rmm_state rmm_system_state(const struct rmm_system *sys)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys)
		return RMM_STATE_INIT;
	return state_of_rmm(sys);
}

static const void *object_at(const struct rmm_system *sys, uint64_t pa,
			     enum rmm_granule_state wanted)
{
	const struct memory_bank *bank = memory_bank_at(&sys->memory, pa);

	if (!bank || pa & GRANULE_MASK ||
	    granule_state(&sys->granules, bank_granule(bank, pa)) != wanted)
		return NULL;
	return bank_bytes(bank, pa);
}

bool rmm_realm_at(const struct rmm_system *sys, uint64_t rd, struct rmm_realm_view *view)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys || !view)
		return false;

	const struct rmm_realm *realm = object_at(sys, rd, RMM_GRANULE_RD);

	if (!realm)
		return false;
	*view = (struct rmm_realm_view){
		.state = realm_state(realm),
		.ipa_width = realm->ipa_width,
		.num_recs = realm->num_recs,
		.rtt_base = realm->rtt_base[0],
		.rtt_level_start = realm->rtt_level_start,
		.rtt_num_start = realm->rtt_num_start,
		.vmid = realm->vmids[0],
	};
	memcpy(view->rim, realm->rim, sizeof(view->rim));
	return true;
}

bool rmm_rec_at(const struct rmm_system *sys, uint64_t rec, struct rmm_rec_view *view)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys || !view)
		return false;

	const struct rmm_rec *object = object_at(sys, rec, RMM_GRANULE_REC);

	if (!object)
		return false;
	*view = (struct rmm_rec_view){
		.owner = object->owner,
		.mpidr = object->mpidr,
		.running = object->running,
		.runnable = object->runnable,
		.vcpu = object->vcpu,
	};
	return true;
}

unsigned int rmm_num_operations(const struct rmm_system *sys)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys)
		return 0;
	return operation_pool_open(&sys->operations);
}

uint64_t rmm_num_delegated(const struct rmm_system *sys)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys)
		return 0;
	return granule_count_delegated(&sys->granules);
}

/* The RAM that the realm has at ipa, or NULL. */
static const uint8_t *realm_ram(const struct rmm_system *sys, const struct rmm_realm *realm,
				uint64_t ipa)
{
	int level = realm->rtt_level_start;
	const uint64_t root = ipa >> rtt_shift(level);
	uint64_t rtt = realm->rtt_base[0] + root / RTT_ENTRIES * RMM_GRANULE_SIZE;

	if (ipa >= realm_protected_size(realm))
		return NULL;
	for (;; level++) {
		const uint64_t *table =
			(const void *)bank_bytes(memory_bank_at(&sys->memory, rtt), rtt);
		const uint64_t desc = rtte_load(&table[(ipa >> rtt_shift(level)) % RTT_ENTRIES]);
		const enum rtte_state state = rtte_state(desc, level);

		rtt = rtte_addr(desc, realm->lpa2);
		if (state == RTTE_TABLE)
			continue;
		if (state != RTTE_DATA || rtte_ripas(desc) != RIPAS_RAM)
			return NULL;
		rtt += ipa & (rtt_span(level) - 1);
		return bank_bytes(memory_bank_at(&sys->memory, rtt), rtt);
	}
}

bool rmm_realm_peek(struct rmm_system *sys, uint64_t rd, uint64_t ipa, void *buf, size_t len)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys || (!buf && len))
		return false;

	const struct rmm_realm *realm = object_at(sys, rd, RMM_GRANULE_RD);
	uint8_t *to = buf;

	while (realm && len) {
		const size_t left = RMM_GRANULE_SIZE - (size_t)(ipa & GRANULE_MASK);
		const size_t n = len < left ? len : left;
		const uint8_t *from = realm_ram(sys, realm, ipa);

		if (!from)
			return false;
		memcpy(to, from, n);
		to += n;
		ipa += n;
		len -= n;
	}
	return realm != NULL;
}
