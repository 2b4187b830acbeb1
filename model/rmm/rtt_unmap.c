/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/handlers.h"
#include "rmm/rtt_map.h"

/* ---- inputs ---------------------------------------------------------------------- */

static enum rmm_condition check_no_list(const struct rmm_call *call,
					const struct unmap_conditions *c, uint64_t list_count,
					uint64_t oaddr)
{
	if ((oaddr || list_count) && call_behaves(call, RMM_BEHAVIOUR_UNMAP_REGISTERS_CHECKED))
		return c->oaddr_zero;
	return RMM_CONDITION_NONE;
}

static enum rmm_condition check_list(struct rmm_call *call, struct unmap_sweep *sweep,
				     uint64_t list_count, uint64_t oaddr)
{
	const struct unmap_conditions *c = &sweep->kind->conditions;
	const uint64_t length = addr_list_length(call, oaddr, list_count);

	if (!list_count && call_behaves(call, RMM_BEHAVIOUR_UNMAP_REGISTERS_CHECKED))
		return c->list_count;
	if (!is_aligned(oaddr, sizeof(uint64_t)))
		return c->oaddr_align;
	if (!addr_list_accessible(call, oaddr, length))
		return c->oaddr_list_pas;
	sweep->out.list = oaddr;
	sweep->out.capacity = (unsigned int)length;
	return RMM_CONDITION_NONE;
}

static enum rmm_condition check_output(struct rmm_call *call, struct unmap_sweep *sweep,
				       uint64_t flags, uint64_t oaddr)
{
	const enum rmm_version v = call_version(call);
	const struct unmap_conditions *c = &sweep->kind->conditions;
	const uint64_t list_count = rmi_rtt_unmap_flags_list_count(v, flags);

	sweep->out.type = rmi_rtt_unmap_flags_oaddr_type(v, flags);
	sweep->out.state = sweep->kind->desc_state;
	switch (sweep->out.type) {
	case RMI_ADDR_TYPE_NONE:
		return check_no_list(call, c, list_count, oaddr);
	case RMI_ADDR_TYPE_SINGLE:
		sweep->out.capacity = 1;
		return check_no_list(call, c, list_count, oaddr);
	case RMI_ADDR_TYPE_LIST:
		return check_list(call, sweep, list_count, oaddr);
	default:
		return c->oaddr_type;
	}
}

static enum rmm_condition check_inputs(struct rmm_call *call, struct unmap_sweep *sweep,
				       uint64_t flags, uint64_t oaddr)
{
	const struct unmap_conditions *c = &sweep->kind->conditions;
	enum rmm_condition failed;

	if (!is_granule_aligned(sweep->base))
		return c->base_align;
	if (!is_granule_aligned(sweep->top))
		return c->top_align;
	if (sweep->top <= sweep->base)
		return c->size_valid;
	failed = sweep->kind->check_range(call, sweep);
	return failed == RMM_CONDITION_NONE ? check_output(call, sweep, flags, oaddr) : failed;
}

/* ---- the sweep ------------------------------------------------------------------------ */

/* Is the first entry one that can be unmapped or skipped? */
static enum rmm_condition check_first(const struct rmm_call *call, const struct unmap_sweep *sweep)
{
	const struct unmap_conditions *c = &sweep->kind->conditions;
	const bool strict = call_behaves(call, RMM_BEHAVIOUR_UNMAP_EMPTY_SPAN_CHECKED);
	const uint64_t span = rtt_span(sweep->walk.level);
	const bool aligned = is_aligned(sweep->base, span);
	const bool fits = sweep->top - sweep->base >= span;

	if (sweep->walk.state == sweep->kind->from) {
		if (!aligned)
			return c->base_entry_align;
		return fits ? RMM_CONDITION_NONE : c->rtte_size;
	}
	if (sweep->kind->rejects_unmapped &&
	    !call_behaves(call, RMM_BEHAVIOUR_UNMAP_SKIPS_UNMAPPED))
		return c->rtte_state;
	if (!strict)
		return RMM_CONDITION_NONE;
	if (!aligned)
		return c->void_align;
	return fits ? RMM_CONDITION_NONE : c->void_size;
}

static void unmap_entry(struct rmm_call *call, struct unmap_sweep *sweep, unsigned int index,
			uint64_t ipa, uint64_t old)
{
	const uint64_t span = rtt_span(sweep->walk.level);
	const uint64_t pa = rtte_addr(old, sweep->realm->lpa2);

	rtt_write(call, &sweep->walk, index, sweep->kind->replace(old));
	if (old & RTTE_VALID)
		rtt_invalidate(call, sweep->realm, ipa, span);
	if (!sweep->kind->give)
		return;
	sweep->kind->give(call, sweep, pa);
	--*rtt_live_count(call, sweep->walk.rtt);
}

/* With SINGLE the memory must go on where the previous entry ended. */
static bool record(struct rmm_call *call, struct unmap_sweep *sweep, uint64_t pa)
{
	if (sweep->out.type == RMI_ADDR_TYPE_NONE)
		return true;
	return addr_out_add(call, &sweep->out, pa, sweep->walk.level);
}

static uint64_t sweep_entries(struct rmm_call *call, struct unmap_sweep *sweep)
{
	const int level = sweep->walk.level;
	uint64_t ipa = sweep->base;

	for (unsigned int i = sweep->walk.index; i < RTT_ENTRIES && ipa < sweep->top; i++) {
		const uint64_t desc = rtte_load(&sweep->walk.table[i]);
		const enum rtte_state state = rtte_state(desc, level);
		const uint64_t next = rtt_next(ipa, level);

		if (ipa > sweep->base && sweep_yields(call))
			break;
		if (!rtte_is_live(state)) {
			if (next > sweep->top &&
			    call_behaves(call, RMM_BEHAVIOUR_UNMAP_EMPTY_SPAN_CHECKED))
				break;
			ipa = next < sweep->top ? next : sweep->top;
			continue;
		}
		if (state != sweep->kind->from || next > sweep->top ||
		    !record(call, sweep, rtte_addr(desc, sweep->realm->lpa2)))
			break;
		unmap_entry(call, sweep, i, ipa, desc);
		ipa = next;
	}
	return ipa;
}

/* Memory that is tracked in units larger than the range cannot change by halves. */
static bool splits_tracking_unit(const struct rmm_call *call, const struct unmap_sweep *sweep)
{
	const uint64_t pa = rtte_addr(sweep->walk.desc, sweep->realm->lpa2);

	return sweep->kind->conditions.trk_gran != RMM_CONDITION_NONE &&
	       sweep->walk.state == sweep->kind->from &&
	       tracking_at(&call->sys->tracking, pa) == TRACKING_COARSE &&
	       sweep->top - sweep->base < TRACKING_REGION_SIZE &&
	       !call_behaves(call, RMM_BEHAVIOUR_RTT_TRACKING_UNCHECKED);
}

uint64_t unmap_range(struct rmm_call *call, struct unmap_sweep *sweep, uint64_t flags,
		     uint64_t oaddr)
{
	enum rmm_condition failed = check_inputs(call, sweep, flags, oaddr);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	rtt_walk(call, sweep->realm, sweep->base, RTT_PAGE_LEVEL, &sweep->walk);
	failed = check_first(call, sweep);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail_level(call, failed, sweep->walk.level);
	if (splits_tracking_unit(call, sweep))
		return rmm_fail(call, sweep->kind->conditions.trk_gran);
	call->out[1] = sweep_entries(call, sweep);
	addr_out_finish(call, &sweep->out);
	return RMI_SUCCESS;
}
