/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GRANULE_TRACKING_GET, RMI_GRANULE_TRACKING_SET. */
#include <string.h>

#include "platform/gpt.h"
#include "rmm/call.h"
#include "rmm/guest_page.h"
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

/* End of the run that starts at base and is tracked in one way. */
static uint64_t tracked_alike_end(const struct tracking *tracking, uint64_t base, uint64_t end)
{
	const enum tracking_state state = tracking_at(tracking, base);
	uint64_t region = (base | (TRACKING_REGION_SIZE - 1)) + 1;

	while (region < end && tracking_at(tracking, region) == state)
		region += TRACKING_REGION_SIZE;
	return region < end ? region : end;
}

static enum rmm_condition check_tracking_region(const struct rmm_call *call, uint64_t addr)
{
	if (!is_aligned(addr, TRACKING_REGION_SIZE))
		return RMI_GRANULE_TRACKING_GET_ADDR_ALIGN;
	if (addr > call->sys->memory.pa_size)
		return RMI_GRANULE_TRACKING_GET_ADDR_BOUND;
	return RMM_CONDITION_NONE;
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

static void report(struct rmm_call *call, uint64_t base)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, base);

	if (!bank) {
		report_hole(call);
		return;
	}
	call->out[1] = category_of(bank->kind);
	call->out[2] = tracking_at(&call->sys->tracking, base);
}

static uint64_t get_region(struct rmm_call *call, uint64_t addr)
{
	const enum rmm_condition failed = check_tracking_region(call, addr);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	report(call, addr);
	return RMI_SUCCESS;
}

/* End of the run that starts at base with one kind of memory, tracked in one way. */
static uint64_t alike_end(const struct rmm_call *call, uint64_t base, uint64_t top)
{
	const uint64_t end = uniform_end(&call->sys->memory, base, top);

	if (!memory_bank_at(&call->sys->memory, base))
		return end;
	return tracked_alike_end(&call->sys->tracking, base, end);
}

static uint64_t get_range(struct rmm_call *call, uint64_t base, uint64_t top)
{
	const enum rmm_condition failed = check_tracking_range(call, base, top);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	report(call, base);
	call->out[3] = call_behaves(call, RMM_BEHAVIOUR_TRACKING_GET_BASE_ONLY)
			       ? top
			       : alike_end(call, base, top);
	return RMI_SUCCESS;
}

uint64_t rmi_granule_tracking_get(struct rmm_call *call)
{
	if (call_behaves(call, RMM_BEHAVIOUR_TRACKING_GET_ONE_REGION))
		return get_region(call, call->in[1]);
	return get_range(call, call->in[1], call->in[2]);
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

/* ---- memory for the states of granules ------------------------------------------------ */

/* The granules that the host gave for a region, listed in the first of them; NULL: none. */
static uint64_t *metadata_list(const struct rmm_call *call, uint64_t region)
{
	const uint64_t where = call->sys->tracking.metadata[region >> TRACKING_REGION_SHIFT];

	return where ? granule_bytes(call, where & ~GRANULE_MASK) : NULL;
}

/* Self-describing: a granule of the region that holds states of the region. */
static bool is_own_metadata(const struct rmm_call *call, uint64_t region, uint64_t pa)
{
	const uint64_t *list = metadata_list(call, region);

	for (unsigned int i = 0; list && i < call->sys->config.tracking_granules; i++)
		if (list[i] == pa)
			return true;
	return false;
}

/* The one state of all granules of the region but its own metadata, or false. */
static bool region_state(const struct rmm_call *call, uint64_t region,
			 enum rmm_granule_state *state)
{
	const struct memory *mem = &call->sys->memory;
	bool any = false;

	for (uint64_t pa = region; pa - region < TRACKING_REGION_SIZE;) {
		const struct memory_bank *bank = memory_bank_at(mem, pa);
		uint64_t run;

		if (!bank || (call_granule_state(call, pa) == RMM_GRANULE_INTERNAL &&
			      is_own_metadata(call, region, pa))) {
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

/* ---- locks among threads ------------------------------------------------------------- */

/* The part of a bank that lies in the region; false: none does. */
static bool part_in_region(const struct memory_bank *bank, uint64_t region, uint64_t *base,
			   uint64_t *count)
{
	const uint64_t bank_top = bank->base + bank->size;
	const uint64_t region_top = region + TRACKING_REGION_SIZE;
	const uint64_t top = bank_top < region_top ? bank_top : region_top;

	*base = bank->base > region ? bank->base : region;
	*count = (top - *base) >> RMM_GRANULE_SHIFT;
	return *base < top;
}

static void unlock_banks(const struct rmm_call *call, uint64_t region, unsigned int num_banks)
{
	uint64_t base, count;

	for (unsigned int i = 0; i < num_banks; i++)
		if (part_in_region(&call->sys->memory.banks[i], region, &base, &count))
			granules_unlock(call, base, count);
}

/* Everybody who holds a granule of the region finishes first; who waits for one sees the change. */
static bool lock_region(const struct rmm_call *call, uint64_t region)
{
	uint64_t base, count;

	for (unsigned int i = 0; i < call->sys->memory.num_banks; i++) {
		if (!part_in_region(&call->sys->memory.banks[i], region, &base, &count) ||
		    granules_try_lock(call, base, count))
			continue;
		unlock_banks(call, region, i);
		return false;
	}
	return true;
}

/* ---- conditions ------------------------------------------------------------------------ */

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

static enum rmm_condition check_set(const struct rmm_call *call, uint64_t region, uint64_t category,
				    uint64_t state)
{
	const struct rmm_system *sys = call->sys;

	if (state_of_rmm(sys) != RMM_STATE_ACTIVE)
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
	if (operation_pool_has_object(&call->sys->operations, region, TRACKING_REGION_SIZE))
		return RMI_GRANULE_TRACKING_SET_PARTIAL;
	if (!is_convertible(call, region, from, to))
		return RMI_GRANULE_TRACKING_SET_SOURCE_STATE;
	return RMM_CONDITION_NONE;
}

/* ---- transitions that take memory -------------------------------------------------------- */

static void end_transition(struct rmm_call *call, struct operation *op)
{
	__atomic_fetch_sub(&call->sys->tracking.num_pending, 1, __ATOMIC_RELAXED);
	operation_end(op);
}

/* The state of all granules of a unit but those that were taken out of it. */
static enum rmm_granule_state unit_state(const struct rmm_call *call, uint64_t region)
{
	const struct memory *mem = &call->sys->memory;

	for (uint64_t pa = region; memory_bank_at(mem, pa); pa += RMM_GRANULE_SIZE)
		if (call_granule_state(call, pa) != RMM_GRANULE_INTERNAL)
			return call_granule_state(call, pa);
	return RMM_GRANULE_UNDELEGATED;
}

/* Host memory becomes the Realm world's where a table describes it, and it is Non-secure. */
static bool can_become_realms(const struct memory *mem, uint64_t pa)
{
	return gpt_l0_type(mem, pa) == GPT_L0_TABLE && gpt_run(mem, pa, 1, RMM_GPI_NS);
}

/* What was given is where it may be, and in the state that it has to be in there. */
static enum rmm_condition check_metadata(const struct rmm_call *call, const struct operation *op)
{
	const struct memory *mem = &call->sys->memory;
	const struct memory_bank *described = memory_bank_at(mem, op->region);
	const enum rmm_granule_state inside = unit_state(call, op->region);

	for (unsigned int i = 0; i < op->num_held; i++) {
		const uint64_t pa = op->held[i];
		const bool is_inside = pa - op->region < TRACKING_REGION_SIZE;
		const enum rmm_granule_state wanted = is_inside ? inside : RMM_GRANULE_DELEGATED;

		if (operation_held_state(call, pa) != wanted ||
		    (wanted == RMM_GRANULE_UNDELEGATED && !can_become_realms(mem, pa)))
			return RMI_GRANULE_TRACKING_SET_IN_STATE;
		if (described && described->kind == RMM_BANK_DRAM &&
		    memory_bank_at(mem, pa)->kind != RMM_BANK_DRAM)
			return RMI_GRANULE_TRACKING_SET_IN_LOC_DRAM;
	}
	return RMM_CONDITION_NONE;
}

static void set_pas(struct rmm_call *call, uint64_t pa, enum rmm_gpi gpi)
{
	const struct gpt_change change = gpt_set(&call->sys->memory, pa, RMM_GRANULE_SIZE, gpi);

	charge(call, RMM_COST_RMM_EL3, 1, pa);
	charge(call, RMM_COST_GPT_WRITE, change.descriptors, pa);
	charge(call, RMM_COST_TLBI_GPT, change.invalidations, pa);
	charge(call, RMM_COST_BARRIER, 2 * change.invalidations, pa);
	if (gpi != RMM_GPI_NS)
		guest_pages_revoke(call->sys, pa, RMM_GRANULE_SIZE);
}

/* From now on every granule of the region has a state, kept in what was given. */
static void make_fine(struct rmm_call *call, const struct operation *op)
{
	for (unsigned int i = 0; i < op->num_held; i++) {
		if (operation_held_state(call, op->held[i]) == RMM_GRANULE_UNDELEGATED)
			set_pas(call, op->held[i], RMM_GPI_REALM);
		granule_claim(call, op->held[i]);
	}
	memcpy(granule_bytes(call, op->held[0]), op->held, op->num_held * sizeof(op->held[0]));
	call->sys->tracking.metadata[op->region >> TRACKING_REGION_SHIFT] = op->held[0] | 1;
	tracking_set(&call->sys->tracking, op->region, TRACKING_FINE);
}

/* With the granules of the region locked. */
static uint64_t finish_transition(struct rmm_call *call, struct operation *op)
{
	const enum rmm_condition failed = check_metadata(call, op);

	if (failed != RMM_CONDITION_NONE)
		return operation_unwind(call, op, failed);
	make_fine(call, op);
	end_transition(call, op);
	return RMI_SUCCESS;
}

static uint64_t resume_transition(struct rmm_call *call, struct operation *op)
{
	const uint64_t region = op->region;

	if (op->failed) {
		__atomic_fetch_sub(&call->sys->tracking.num_pending, 1, __ATOMIC_RELAXED);
		return operation_end_unwound(call, op);
	}
	if (op->to != TRACKING_FINE) {
		end_transition(call, op);
		return RMI_SUCCESS;
	}
	if (!lock_region(call, region))
		return operation_yield(call, op, OPERATION_WAIT_CONTINUE);
	const uint64_t x0 = finish_transition(call, op);
	unlock_banks(call, region, call->sys->memory.num_banks);
	return x0;
}

/*
 * The states of granules are no longer needed: their memory goes back, in the
 * state of what lies around it.
 */
static void leave_fine(struct rmm_call *call, struct operation *op, enum tracking_state to)
{
	const uint64_t *list = metadata_list(call, op->region);
	enum rmm_granule_state state = RMM_GRANULE_UNDELEGATED;

	region_state(call, op->region, &state);
	op->num_held = call->sys->config.tracking_granules;
	memcpy(op->held, list, op->num_held * sizeof(op->held[0]));
	call->sys->tracking.metadata[op->region >> TRACKING_REGION_SHIFT] = 0;
	tracking_set(&call->sys->tracking, op->region, to);
	for (unsigned int i = 0; i < op->num_held; i++) {
		granule_wipe(call, op->held[i]);
		if (op->held[i] - op->region < TRACKING_REGION_SIZE &&
		    state == RMM_GRANULE_UNDELEGATED)
			set_pas(call, op->held[i], RMM_GPI_NS);
	}
}

/* A state that depends on the place, where the version can ask for one. */
static uint64_t metadata_state(const struct rmm_call *call)
{
	const enum rmm_version v = call_version(call);
	const uint64_t request = rmi_op_mem_donate_req_with_state(v, 0, RMI_OP_MEM_CONDITIONAL);

	if (call_behaves(call, RMM_BEHAVIOUR_TRACKING_DONATION_CONDITIONAL))
		return rmi_op_mem_donate_req_state(v, request);
	return RMI_OP_MEM_DELEGATED;
}

static uint64_t begin_transition(struct rmm_call *call, uint64_t region, enum tracking_state to)
{
	bool busy;
	struct operation *op = operation_begin(call, &busy);

	if (!op)
		return rmm_fail(call, busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED);
	__atomic_fetch_add(&call->sys->tracking.num_pending, 1, __ATOMIC_RELAXED);
	op->resume = resume_transition;
	operation_set_region(op, region);
	op->to = to;
	if (to != TRACKING_FINE) {
		leave_fine(call, op, to);
		return operation_yield_first(call, op, OPERATION_WAIT_RECLAIM);
	}
	op->wanted = call->sys->config.tracking_granules;
	op->wanted_anywhere = true;
	op->wanted_state = metadata_state(call);
	op->can_cancel = !call_behaves(call, RMM_BEHAVIOUR_OPERATIONS_CANNOT_CANCEL);
	return operation_yield_first(call, op, OPERATION_WAIT_DONATE);
}

static bool takes_memory(const struct rmm_call *call, uint64_t region, enum tracking_state to)
{
	if (to == TRACKING_FINE)
		return tracking_needs_memory(&call->sys->memory, region);
	return metadata_list(call, region) != NULL;
}

/* With the granules of the region locked. */
static uint64_t change(struct rmm_call *call, uint64_t region, enum tracking_state to)
{
	const enum tracking_state from = tracking_at(&call->sys->tracking, region);

	if (operation_on_region(call, RMM_CMD_RMI_GRANULE_TRACKING_SET, region))
		return rmm_fail(call, RMI_GRANULE_TRACKING_SET_PENDING);
	if (from == to)
		return RMI_SUCCESS;
	const enum rmm_condition failed = check_transition(call, region, from, to);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (takes_memory(call, region, to))
		return begin_transition(call, region, to);
	tracking_set(&call->sys->tracking, region, to);
	return RMI_SUCCESS;
}

uint64_t rmi_granule_tracking_set(struct rmm_call *call)
{
	const uint64_t region = call->in[1];
	const uint64_t category = call->in[2] & 3;
	const enum tracking_state to = (enum tracking_state)(call->in[3] & 7);
	enum rmm_condition failed = check_set(call, region, category, to);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (!lock_region(call, region))
		return rmm_fail(call, RMI_ANY_BUSY);
	const uint64_t x0 = change(call, region, to);
	unlock_banks(call, region, call->sys->memory.num_banks);
	return x0;
}
