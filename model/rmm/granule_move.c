/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/granule_move.h"

#include "platform/gpt.h"
#include "rmm/guest_page.h"

const struct granule_move granule_delegation = {
	.from = RMM_GRANULE_UNDELEGATED,
	.to = RMM_GRANULE_DELEGATED,
	.gpi = RMM_GPI_REALM,
};

const struct granule_move granule_undelegation = {
	.from = RMM_GRANULE_DELEGATED,
	.to = RMM_GRANULE_UNDELEGATED,
	.gpi = RMM_GPI_NS,
	.wipes = true,
};

uint64_t granules_movable_by_el3(const struct rmm_call *call, uint64_t pa, uint64_t count)
{
	const struct memory *mem = &call->sys->memory;
	const uint64_t last = mem->pa_size - RMM_GRANULE_SIZE;
	const uint64_t movable = gpt_run(mem, pa, count, RMM_GPI_NS);

	if (pa + movable * RMM_GRANULE_SIZE > last &&
	    call_behaves(call, RMM_BEHAVIOUR_LAST_GRANULE_FIXED))
		return (last - pa) >> RMM_GRANULE_SHIFT;
	return movable;
}

void charge_gpt_change(const struct rmm_call *call, uint64_t pa, uint64_t reads,
		       struct gpt_change change)
{
	charge(call, RMM_COST_RMM_EL3, 1, pa);
	charge(call, RMM_COST_GPT_READ, reads, pa);
	charge(call, RMM_COST_GPT_WRITE, change.descriptors, pa);
	charge(call, RMM_COST_TLBI_GPT, change.invalidations, pa);
	charge(call, RMM_COST_BARRIER, 2 * change.invalidations, pa);
}

void granules_set_states(const struct rmm_call *call, uint64_t base, uint64_t count,
			 enum rmm_granule_state state)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, base);
	uint64_t index = bank_granule(bank, base);

	charge(call, RMM_COST_GRANULE_STATE, count, base);
	while (count) {
		const uint64_t left = GRANULES_PER_CHUNK - index % GRANULES_PER_CHUNK;
		const uint64_t n = count < left ? count : left;

		granule_set_run(&call->sys->granules, index, n, state);
		index += n;
		count -= n;
	}
}

void granules_wipe_dram(const struct rmm_call *call, uint64_t base, uint64_t count)
{
	if (count && memory_bank_at(&call->sys->memory, base)->kind == RMM_BANK_DRAM)
		granules_wipe(call, base, count);
}

void granules_change_pas(const struct rmm_call *call, const struct granule_move *move,
			 uint64_t base, uint64_t count)
{
	struct rmm_system *sys = call->sys;
	const uint64_t size = count * RMM_GRANULE_SIZE;

	/* Both levels are read; the contents leave the caches before and after. */
	charge_gpt_change(call, base, 2, gpt_set(&sys->memory, base, size, move->gpi));
	charge(call, RMM_COST_CACHE_CLEAN, 2 * size, base);
	if (!move->wipes && call_behaves(call, RMM_BEHAVIOUR_ZERO_ON_DELEGATE))
		granules_wipe_dram(call, base, count);
	if (move->gpi != RMM_GPI_NS)
		guest_pages_revoke(sys, base, size);
}

void granules_move(const struct rmm_call *call, const struct granule_move *move, uint64_t base,
		   uint64_t count)
{
	/* Nothing of the Realm world is left before the first GPI changes. */
	if (move->wipes)
		granules_wipe_dram(call, base, count);
	granules_change_pas(call, move, base, count);
	granules_set_states(call, base, count, move->to);
}
