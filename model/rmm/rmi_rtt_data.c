/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_DATA_MAP_INIT, RMI_RTT_DATA_MAP, RMI_RTT_DATA_UNMAP. */
#include "rmm/call.h"
#include "rmm/data_page.h"
#include "rmm/handlers.h"
#include "rmm/rtt_map.h"

/* ---- one measured page before activation ---------------------------------------- */

struct init_page {
	uint64_t rd, data, ipa, src, flags;
	struct rmm_realm *realm;
	struct rtt_walk walk;
	uint8_t content[RMM_GRANULE_SIZE];
};

static enum rmm_condition check_init_inputs(struct rmm_call *call, struct init_page *page)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_DATA_MAP_INIT, RD);

	if (page->flags > RMI_MEASURE_CONTENT &&
	    call_behaves(call, RMM_BEHAVIOUR_DATA_FLAGS_CHECKED))
		return RMI_RTT_DATA_MAP_INIT_FLAGS_TF;
	if (page->data == page->rd && call_behaves(call, RMM_BEHAVIOUR_DATA_ALIAS_CHECKED))
		return RMI_RTT_DATA_MAP_INIT_DATA_RD_TF;
	if (!is_granule_aligned(page->src))
		return RMI_RTT_DATA_MAP_INIT_SRC_ALIGN;
	if (!ns_read(call, page->src, page->content, sizeof(page->content)))
		return RMI_RTT_DATA_MAP_INIT_SRC_PAS;
	const enum rmm_condition failed = realm_take(call, page->rd, &rd, &page->realm);
	if (failed != RMM_CONDITION_NONE)
		return failed;
	if (realm_state(page->realm) != RMM_REALM_NEW)
		return RMI_RTT_DATA_MAP_INIT_REALM_STATE;
	if (!realm_is_protected(page->realm, page->ipa))
		return RMI_RTT_DATA_MAP_INIT_IPA_BOUND;
	if (!is_granule_aligned(page->ipa))
		return RMI_RTT_DATA_MAP_INIT_IPA_ALIGN;
	/* What is within bounds is looked at behind the walk. */
	if (!rtte_can_hold(page->data, page->realm->lpa2))
		return is_granule_aligned(page->data) ? RMI_RTT_DATA_MAP_INIT_DATA_BOUND2
						      : RMI_RTT_DATA_MAP_INIT_DATA_ALIGN;
	return RMM_CONDITION_NONE;
}

/* A reason of its own in the versions that declare it. */
static bool is_untracked_dram(const struct rmm_call *call, uint64_t pa)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, pa);

	return rmm_abi_condition(call_version(call), RMI_RTT_DATA_MAP_INIT_DATA_TRACKING) && bank &&
	       bank->kind == RMM_BANK_DRAM &&
	       !call_behaves(call, RMM_BEHAVIOUR_RTT_TRACKING_UNCHECKED);
}

uint64_t rmi_rtt_data_map_init(struct rmm_call *call)
{
	static const struct granule_conditions data =
		GRANULE_CONDITIONS(RMI_RTT_DATA_MAP_INIT, DATA);
	struct init_page page;

	page.rd = call->in[1];
	page.data = call->in[2];
	page.ipa = call->in[3];
	page.src = call->in[4];
	page.flags = call->in[5];
	enum rmm_condition failed = check_init_inputs(call, &page);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	rtt_walk(call, page.realm, page.ipa, RTT_PAGE_LEVEL, &page.walk);
	if (page.walk.level < RTT_PAGE_LEVEL)
		return rmm_fail_level(call, RMI_RTT_DATA_MAP_INIT_RTT_WALK, page.walk.level);
	if (page.walk.state != RTTE_VOID)
		return rmm_fail_level(call, RMI_RTT_DATA_MAP_INIT_RTTE_STATE, page.walk.level);
	if (page.data == page.walk.rtt && call_behaves(call, RMM_BEHAVIOUR_DATA_ALIAS_CHECKED))
		return rmm_fail(call, RMI_RTT_DATA_MAP_INIT_DATA_LEAF_TF);
	failed = granule_take(call, page.data, RMM_GRANULE_DELEGATED, &data);
	if (failed == RMI_RTT_DATA_MAP_INIT_DATA_BOUND && is_untracked_dram(call, page.data))
		failed = RMI_RTT_DATA_MAP_INIT_DATA_TRACKING;
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	data_page_enter_init(call, page.realm, &page.walk, page.data, page.ipa, page.flags,
			     page.content);
	return RMI_SUCCESS;
}

/* ---- map ----------------------------------------------------------------------------- */

static enum rmm_condition map_check_range(const struct rmm_call *call,
					  const struct map_sweep *sweep)
{
	(void)call;
	return realm_range_is_protected(sweep->realm, sweep->base, sweep->top)
		       ? RMM_CONDITION_NONE
		       : RMI_RTT_DATA_MAP_IPA_BOUND;
}

static uint64_t map_compose(const struct rmm_call *call, const struct map_sweep *sweep, uint64_t pa,
			    uint64_t old)
{
	(void)call;
	return rtte_make_data(pa, rtte_ripas(old), sweep->level, sweep->realm->lpa2);
}

/* Memory that is not tracked, or only in units larger than the range. */
static enum rmm_condition check_tracking(const struct rmm_call *call, const struct map_sweep *sweep,
					 uint64_t pa)
{
	if (!memory_bank_at(&call->sys->memory, pa))
		return RMI_RTT_DATA_MAP_GRAN_BOUND;
	switch (tracking_at(&call->sys->tracking, pa)) {
	case TRACKING_FINE:
		return RMM_CONDITION_NONE;
	case TRACKING_COARSE:
		return sweep->top - sweep->base < TRACKING_REGION_SIZE ? RMI_RTT_DATA_MAP_TRK_GRAN
								       : RMM_CONDITION_NONE;
	default:
		return RMI_RTT_DATA_MAP_TRK_UNTRACKED;
	}
}

static bool is_dram(const struct rmm_call *call, uint64_t pa)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, pa);

	return bank && bank->kind == RMM_BANK_DRAM;
}

/* Is the block the host's to give? If not: because of its first granule or a later one? */
static enum rmm_condition check_block(const struct rmm_call *call, uint64_t pa, uint64_t granules)
{
	if (!is_dram(call, pa))
		return RMI_RTT_DATA_MAP_GRAN_BOUND;
	if (call_granule_state(call, pa) != RMM_GRANULE_DELEGATED)
		return RMI_RTT_DATA_MAP_GRAN_STATE;
	for (uint64_t i = 1; i < granules; i++) {
		const uint64_t at = pa + i * RMM_GRANULE_SIZE;

		if (!is_dram(call, at) || call_granule_state(call, at) != RMM_GRANULE_DELEGATED)
			return RMI_RTT_DATA_MAP_GRAN_BLOCK;
	}
	return RMM_CONDITION_NONE;
}

static enum rmm_condition check_memory(const struct rmm_call *call, const struct map_sweep *sweep,
				       uint64_t pa, uint64_t granules)
{
	const enum rmm_condition untracked = check_tracking(call, sweep, pa);

	if (untracked != RMM_CONDITION_NONE &&
	    !call_behaves(call, RMM_BEHAVIOUR_RTT_TRACKING_UNCHECKED))
		return untracked;
	return check_block(call, pa, granules);
}

/* Wipes the memory and makes it the realm's. */
static enum rmm_condition map_take(struct rmm_call *call, const struct map_sweep *sweep,
				   uint64_t pa)
{
	const uint64_t granules = rtt_span(sweep->level) >> RMM_GRANULE_SHIFT;
	enum rmm_condition unfit;

	/* Without the locks something was unfit; look again if it is not any more. */
	while (!granules_lock(call, pa, granules, RMM_GRANULE_DELEGATED)) {
		unfit = check_memory(call, sweep, pa, granules);
		if (unfit != RMM_CONDITION_NONE)
			return unfit;
	}
	unfit = check_memory(call, sweep, pa, granules);
	for (uint64_t i = 0; i < granules && unfit == RMM_CONDITION_NONE; i++) {
		granule_claim(call, pa + i * RMM_GRANULE_SIZE);
		call_granule_set(call, pa + i * RMM_GRANULE_SIZE, RMM_GRANULE_DATA);
	}
	granules_unlock(call, pa, granules);
	return unfit;
}

static const struct map_kind data_map = {
	.conditions =
		{
			.size_valid = RMI_RTT_DATA_MAP_SIZE_VALID,
			.oaddr_type = RMI_RTT_DATA_MAP_OADDR_TYPE,
			.oaddr_align = RMI_RTT_DATA_MAP_OADDR_LIST_ALIGN,
			.oaddr_list_pas = RMI_RTT_DATA_MAP_OADDR_LIST_PAS,
			.oaddr_empty = RMI_RTT_DATA_MAP_OADDR_EMPTY,
			.desc_state = RMI_RTT_DATA_MAP_DESC_STATE,
			.base_align = RMI_RTT_DATA_MAP_BASE_ALIGN,
			.top_align = RMI_RTT_DATA_MAP_TOP_ALIGN,
			.desc_level = RMI_RTT_DATA_MAP_DESC_LEVEL_TF,
			.base_level_align = RMI_RTT_DATA_MAP_BASE_LEVEL_ALIGN_TF,
			.desc_align = RMI_RTT_DATA_MAP_DESC_ALIGN_TF,
			.size_block = RMI_RTT_DATA_MAP_SIZE_BLOCK_TF,
			.walk = RMI_RTT_DATA_MAP_WALK_TF,
			.table = RMI_RTT_DATA_MAP_TABLE_TF,
			.rtte_state = RMI_RTT_DATA_MAP_RTTE_STATE,
			.base_entry_align = RMI_RTT_DATA_MAP_BASE_ENTRY_ALIGN,
			.rtte_size = RMI_RTT_DATA_MAP_RTTE_SIZE,
			.desc_span = RMI_RTT_DATA_MAP_DESC_SPAN,
			.oaddr_single_align = RMI_RTT_DATA_MAP_OADDR_SINGLE_ALIGN,
			.oaddr_entry_align = RMI_RTT_DATA_MAP_OADDR_ENTRY_ALIGN,
			.oaddr_bound = RMI_RTT_DATA_MAP_OADDR_BOUND,
		},
	.from = RTTE_VOID,
	.desc_state = RMI_OP_MEM_DELEGATED,
	.checks_desc_state = true,
	.remap_succeeds = RMM_BEHAVIOUR_MAP_SAME_PA_SUCCEEDS,
	.check_range = map_check_range,
	.compose = map_compose,
	.take = map_take,
};

static bool realm_takes_mappings(const struct rmm_realm *realm)
{
	return realm_state(realm) == RMM_REALM_NEW || realm_state(realm) == RMM_REALM_ACTIVE;
}

/* Maps from op->map.next on; X1 is the end. */
static uint64_t map_rest(struct rmm_call *call, const struct operation *op, bool *interrupted)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_DATA_MAP, RD);
	const enum rmm_version v = call_version(call);
	struct map_sweep sweep = {
		.kind = &data_map,
		.base = op->map.next,
		.top = op->map.top,
		.flags = op->map.flags,
		.done = op->map.next - op->map.base,
	};

	enum rmm_condition failed = realm_take(call, op->map.rd, &rd, &sweep.realm);
	if (failed == RMM_CONDITION_NONE && !realm_takes_mappings(sweep.realm) &&
	    call_behaves(call, RMM_BEHAVIOUR_MAP_REALM_STATE_CHECKED))
		failed = RMI_RTT_DATA_MAP_REALM_STATE_TF;
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	const uint64_t x0 =
		map_range(call, &sweep, rmi_rtt_prot_map_flags_oaddr_type(v, sweep.flags),
			  rmi_rtt_prot_map_flags_list_count(v, sweep.flags), op->map.oaddr);
	*interrupted = sweep.interrupted;
	return x0;
}

static bool host_wants_to_stop(const struct rmm_call *call)
{
	return call_behaves(call, RMM_BEHAVIOUR_CONTINUE_FLAGS_IGNORED) ||
	       rmi_continue_flags_beyond(call_version(call), call->in[2]) == RMI_CONTINUE_STOP;
}

/* What stops the sweep now is no failure: there is progress. */
static uint64_t resume_map(struct rmm_call *call, struct operation *op)
{
	bool interrupted = false;

	if (!host_wants_to_stop(call) && map_rest(call, op, &interrupted) == RMI_SUCCESS)
		op->map.next = call->out[1];
	call->condition = RMM_CONDITION_NONE;
	call->out[1] = 0;
	if (interrupted)
		return operation_yield(call, op, OPERATION_WAIT_CONTINUE);
	call->out[1] = op->map.next;
	operation_end(op);
	return RMI_SUCCESS;
}

/* The host goes on by RMI_OP_CONTINUE, or else with what is left of its range. */
static uint64_t suspend_map(struct rmm_call *call, const struct operation *draft)
{
	bool busy;
	struct operation *op = operation_begin(call, &busy);

	if (!op)
		return RMI_SUCCESS;
	op->map = draft->map;
	op->map.next = call->out[1];
	op->resume = resume_map;
	return operation_yield_first(call, op, OPERATION_WAIT_CONTINUE);
}

uint64_t rmi_rtt_data_map(struct rmm_call *call)
{
	const struct operation draft = {
		.map =
			{
				.rd = call->in[1],
				.base = call->in[2],
				.next = call->in[2],
				.top = call->in[3],
				.flags = call->in[4],
				.oaddr = call->in[5],
			},
	};
	const enum rmm_condition failed = check_context_free(call);
	bool interrupted = false;

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	const uint64_t x0 = map_rest(call, &draft, &interrupted);
	return interrupted ? suspend_map(call, &draft) : x0;
}

/* ---- unmap -------------------------------------------------------------------------------- */

static enum rmm_condition unmap_check_range(const struct rmm_call *call,
					    const struct unmap_sweep *sweep)
{
	(void)call;
	return realm_range_is_protected(sweep->realm, sweep->base, sweep->top)
		       ? RMM_CONDITION_NONE
		       : RMI_RTT_DATA_UNMAP_IPA_BOUND;
}

static void unmap_give(struct rmm_call *call, const struct unmap_sweep *sweep, uint64_t pa)
{
	data_granules_leave(call, pa, rtt_span(sweep->walk.level) >> RMM_GRANULE_SHIFT);
}

static const struct unmap_kind data_unmap = {
	.conditions =
		{
			.base_align = RMI_RTT_DATA_UNMAP_BASE_ALIGN,
			.top_align = RMI_RTT_DATA_UNMAP_TOP_ALIGN,
			.size_valid = RMI_RTT_DATA_UNMAP_SIZE_VALID,
			.oaddr_type = RMI_RTT_DATA_UNMAP_OADDR_TYPE,
			.oaddr_zero = RMI_RTT_DATA_UNMAP_OADDR_ZERO_TF,
			.list_count = RMI_RTT_DATA_UNMAP_LIST_COUNT_TF,
			.oaddr_align = RMI_RTT_DATA_UNMAP_OADDR_ALIGN,
			.oaddr_list_pas = RMI_RTT_DATA_UNMAP_OADDR_LIST_PAS,
			.base_entry_align = RMI_RTT_DATA_UNMAP_BASE_ENTRY_ALIGN,
			.void_align = RMI_RTT_DATA_UNMAP_VOID_ALIGN_TF,
			.void_size = RMI_RTT_DATA_UNMAP_VOID_SIZE_TF,
			.rtte_size = RMI_RTT_DATA_UNMAP_RTTE_SIZE,
			.trk_gran = RMI_RTT_DATA_UNMAP_TRK_GRAN,
		},
	.from = RTTE_DATA,
	.desc_state = RMI_OP_MEM_DELEGATED,
	.check_range = unmap_check_range,
	.replace = data_entry_after,
	.give = unmap_give,
};

uint64_t rmi_rtt_data_unmap(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_DATA_UNMAP, RD);
	struct unmap_sweep sweep = {
		.kind = &data_unmap,
		.base = call->in[2],
		.top = call->in[3],
	};

	enum rmm_condition failed = check_context_free(call);
	if (failed == RMM_CONDITION_NONE)
		failed = realm_take(call, call->in[1], &rd, &sweep.realm);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	return unmap_range(call, &sweep, call->in[4], call->in[5]);
}
