/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GRANULE_TRACKING_GET, RMI_GRANULE_TRACKING_SET. */
#include "rmm/call.h"
#include "rmm/handlers.h"

static uint64_t category_of(enum rmm_bank_kind kind)
{
	switch (kind) {
	case RMM_BANK_DRAM:
		return RMI_MEM_CATEGORY_CONVENTIONAL;
	case RMM_BANK_DEV_NCOH:
		return RMI_MEM_CATEGORY_DEV_NCOH;
	default:
		return RMI_MEM_CATEGORY_DEV_COH;
	}
}

/* End of the run that starts at base with one kind of memory, or none. */
static uint64_t uniform_end(const struct memory *mem, uint64_t base, uint64_t top)
{
	const struct memory_bank *bank = memory_bank_at(mem, base);

	for (unsigned int i = 0; i < mem->num_banks; i++) {
		const struct memory_bank *next = &mem->banks[i];

		if (!bank && next->base > base)
			return next->base < top ? next->base : top;
		if (bank && next->base == bank->base + bank->size && next->kind == bank->kind)
			bank = next;
	}
	if (!bank)
		return top;
	return bank->base + bank->size < top ? bank->base + bank->size : top;
}

static enum rmm_condition check_tracking_range(const struct rmm_call *call, uint64_t base,
					       uint64_t top)
{
	const uint64_t pa_size = call->sys->memory.pa_size;

	if (base >= pa_size)
		return RMI_GRANULE_TRACKING_GET_BASE_BOUND;
	if (top > pa_size)
		return RMI_GRANULE_TRACKING_GET_TOP_BOUND;
	if (top == pa_size && call_behaves(call, RMM_BEHAVIOUR_TRACKING_GET_TOP_EXCLUDED))
		return RMI_GRANULE_TRACKING_GET_TOP_BOUND_TF;
	if (top <= base)
		return RMI_GRANULE_TRACKING_GET_SIZE_VALID;
	if (!is_granule_aligned(base))
		return RMI_GRANULE_TRACKING_GET_BASE_ALIGN;
	if (!is_granule_aligned(top))
		return RMI_GRANULE_TRACKING_GET_TOP_ALIGN;
	return RMM_CONDITION_NONE;
}

static void report_hole(struct rmm_call *call)
{
	uint64_t none = 0;

	call->out[1] = RMI_MEM_CATEGORY_CONVENTIONAL;
	call->out[2] = RMI_TRACKING_NONE;
	if (!call_behaves(call, RMM_BEHAVIOUR_HOLE_REPORTED_AS_NONE_RESERVED))
		return;
	if (rmm_abi_label_find(call_version(call), "RMI_MEM_CATEGORY_NONE", &none))
		call->out[1] = none;
	call->out[2] = RMI_TRACKING_RESERVED;
}

uint64_t rmi_granule_tracking_get(struct rmm_call *call)
{
	const struct memory *mem = &call->sys->memory;
	const uint64_t base = call->in[1];
	const uint64_t top = call->in[2];
	const struct memory_bank *bank = memory_bank_at(mem, base);
	const enum rmm_condition failed = check_tracking_range(call, base, top);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (bank) {
		call->out[1] = category_of(bank->kind);
		call->out[2] = tracking_at(&call->sys->tracking, base);
	} else {
		report_hole(call);
	}
	call->out[3] = call_behaves(call, RMM_BEHAVIOUR_TRACKING_GET_BASE_ONLY)
			       ? top
			       : uniform_end(mem, base, top);
	return RMI_SUCCESS;
}

/* ---- changing it --------------------------------------------------------------- */

/* The first memory of a region, or NULL. */
static const struct memory_bank *bank_in_region(const struct memory *mem, uint64_t region)
{
	for (unsigned int i = 0; i < mem->num_banks; i++) {
		const struct memory_bank *bank = &mem->banks[i];

		if (bank->base < region + TRACKING_REGION_SIZE && region < bank->base + bank->size)
			return bank;
	}
	return NULL;
}

/* MemCategoryIsCompatible: the category of the memory at the region's base, if there is any. */
static bool category_fits(const struct memory *mem, uint64_t region, uint64_t category)
{
	const struct memory_bank *bank = memory_bank_at(mem, region);

	return !bank || category_of(bank->kind) == category;
}

/* The one state of all granules of the region, or false. */
static bool region_state(const struct rmm_call *call, uint64_t region,
			 enum rmm_granule_state *state)
{
	const struct memory *mem = &call->sys->memory;
	bool any = false;

	for (uint64_t pa = region; pa - region < TRACKING_REGION_SIZE;) {
		const struct memory_bank *bank = memory_bank_at(mem, pa);
		uint64_t run;

		if (!bank) {
			pa += RMM_GRANULE_SIZE;
			continue;
		}
		if (!any)
			*state = call_granule_state(call, pa);
		any = true;
		run = granule_run(&call->sys->granules, bank_granule(bank, pa),
				  (bank->base + bank->size - pa) >> RMM_GRANULE_SHIFT, *state);
		if (!run)
			return false;
		pa += run * RMM_GRANULE_SIZE;
	}
	return any;
}

/* TrackingStateConvertible: can the states of the granules be kept? */
static bool is_convertible(const struct rmm_call *call, uint64_t region, enum tracking_state from,
			   enum tracking_state to)
{
	enum rmm_granule_state state = RMM_GRANULE_UNDELEGATED;

	if (from == TRACKING_NONE || (from == TRACKING_COARSE && to == TRACKING_FINE))
		return true;
	if (!region_state(call, region, &state))
		return false;
	return state == RMM_GRANULE_UNDELEGATED ||
	       (to == TRACKING_COARSE && state == RMM_GRANULE_DELEGATED);
}

static bool holds_partial(const struct rmm_call *call, uint64_t region)
{
	const struct operation_pool *pool = &call->sys->operations;

	for (unsigned int i = 0; i < pool->count; i++)
		if (pool->slots[i].state == OPERATION_SEALED &&
		    pool->slots[i].partial - region < TRACKING_REGION_SIZE)
			return true;
	return false;
}

static enum rmm_condition check_set(const struct rmm_call *call, uint64_t region, uint64_t category,
				    uint64_t state)
{
	const struct rmm_system *sys = call->sys;

	if (sys->state != RMM_STATE_ACTIVE)
		return RMI_GRANULE_TRACKING_SET_RMM_STATE;
	if (!is_aligned(region, TRACKING_REGION_SIZE))
		return RMI_GRANULE_TRACKING_SET_ADDR_ALIGN;
	if (region > sys->memory.pa_size)
		return RMI_GRANULE_TRACKING_SET_ADDR_BOUND;
	if (state != RMI_TRACKING_NONE && state != RMI_TRACKING_FINE &&
	    state != RMI_TRACKING_COARSE)
		return RMI_GRANULE_TRACKING_SET_STATE_VALID;
	if (!category_fits(&sys->memory, region, category))
		return RMI_GRANULE_TRACKING_SET_CATEGORY;
	if (!bank_in_region(&sys->memory, region))
		return RMI_GRANULE_TRACKING_SET_RESERVED;
	return RMM_CONDITION_NONE;
}

static enum rmm_condition check_transition(const struct rmm_call *call, uint64_t region,
					   enum tracking_state from, enum tracking_state to)
{
	if (to == TRACKING_COARSE && !tracking_is_homogeneous(&call->sys->memory, region))
		return RMI_GRANULE_TRACKING_SET_DIVERSE;
	if (holds_partial(call, region))
		return RMI_GRANULE_TRACKING_SET_PARTIAL;
	if (!is_convertible(call, region, from, to))
		return RMI_GRANULE_TRACKING_SET_SOURCE_STATE;
	return RMM_CONDITION_NONE;
}

uint64_t rmi_granule_tracking_set(struct rmm_call *call)
{
	const uint64_t region = call->in[1];
	const uint64_t category = call->in[2] & 3;
	const uint64_t state = call->in[3] & 7;
	enum rmm_condition failed = check_set(call, region, category, state);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	const enum tracking_state from = tracking_at(&call->sys->tracking, region);
	if ((uint64_t)from == state)
		return RMI_SUCCESS;
	failed = check_transition(call, region, from, (enum tracking_state)state);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	tracking_set(&call->sys->tracking, region, (enum tracking_state)state);
	return RMI_SUCCESS;
}
