/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/rtt_map.h"

#include "rmm/handlers.h"

enum rmm_condition check_context_free(struct rmm_call *call)
{
	struct operation *op;
	bool busy;

	if (!call_behaves(call, RMM_BEHAVIOUR_SRO_RESERVED_FIRST))
		return RMM_CONDITION_NONE;
	op = operation_begin(call, &busy);
	if (!op)
		return busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED;
	operation_end(op);
	return RMM_CONDITION_NONE;
}

bool sweep_yields(const struct rmm_call *call)
{
	const struct pe *pe = &call->sys->pes[call->pe];

	return (line_is_up(&pe->irq) || line_is_up(&pe->fiq)) &&
	       call_behaves(call, RMM_BEHAVIOUR_MAP_YIELDS_TO_INTERRUPTS);
}

/* A failure with the level that goes with it; level is ignored for other statuses. */
struct obstacle {
	enum rmm_condition condition;
	bool has_level;
	int level;
};

static const struct obstacle no_obstacle = {.condition = RMM_CONDITION_NONE};

static struct obstacle plain(enum rmm_condition condition)
{
	return (struct obstacle){.condition = condition};
}

static struct obstacle at_level(enum rmm_condition condition, int level)
{
	return (struct obstacle){.condition = condition, .has_level = true, .level = level};
}

static uint64_t fail_at(struct rmm_call *call, const struct obstacle *obstacle)
{
	return obstacle->has_level ? rmm_fail_level(call, obstacle->condition, obstacle->level)
				   : rmm_fail(call, obstacle->condition);
}

/* ---- inputs -------------------------------------------------------------------- */

static enum rmm_condition read_set(struct rmm_call *call, struct map_sweep *sweep,
				   uint64_t oaddr_type, uint64_t list_count, uint64_t oaddr)
{
	const struct map_conditions *c = &sweep->kind->conditions;
	const struct addr_set_conditions set_conditions = {
		c->oaddr_type,
		c->oaddr_align,
		c->oaddr_list_pas,
		c->oaddr_empty,
	};
	const enum rmm_condition failed =
		addr_set_read(call, oaddr_type, list_count, oaddr, &set_conditions, &sweep->set);

	if (failed != RMM_CONDITION_NONE)
		return failed;
	addr_set_advance(call, &sweep->set, sweep->done);
	if (sweep->set.at == sweep->set.count)
		return c->oaddr_empty;
	if (sweep->kind->checks_desc_state &&
	    addr_set_state(call, &sweep->set) != sweep->kind->desc_state)
		return c->desc_state;
	return RMM_CONDITION_NONE;
}

/* The level of the first descriptor decides (`map_level_from_descriptor`). */
static struct obstacle check_desc_level(struct rmm_call *call, struct map_sweep *sweep)
{
	const struct map_conditions *c = &sweep->kind->conditions;
	const int level = addr_set_level(call, &sweep->set);

	sweep->level = level;
	if (level < RTT_BLOCK_LEVEL)
		return plain(c->desc_level);
	if (!is_aligned(sweep->base, rtt_span(level)))
		return plain(c->base_level_align);
	return no_obstacle;
}

static struct obstacle check_inputs(struct rmm_call *call, struct map_sweep *sweep,
				    bool by_descriptor)
{
	const struct map_kind *kind = sweep->kind;
	struct obstacle failed = no_obstacle;

	if (!is_granule_aligned(sweep->base))
		return plain(kind->conditions.base_align);
	if (!is_granule_aligned(sweep->top))
		return plain(kind->conditions.top_align);
	if (by_descriptor)
		failed = check_desc_level(call, sweep);
	if (failed.condition == RMM_CONDITION_NONE)
		failed = plain(kind->check_range(call, sweep));
	if (failed.condition == RMM_CONDITION_NONE && by_descriptor &&
	    sweep->top - sweep->base < rtt_span(sweep->level))
		failed = at_level(kind->conditions.size_block, sweep->level);
	if (failed.condition == RMM_CONDITION_NONE && kind->check_flags)
		failed = plain(kind->check_flags(call, sweep));
	return failed;
}

/* ---- one entry -------------------------------------------------------------------- */

/* The next block of the address set must fill the entry exactly. */
static struct obstacle next_block(const struct rmm_call *call, struct map_sweep *sweep,
				  bool by_descriptor, uint64_t *pa)
{
	const struct map_conditions *c = &sweep->kind->conditions;
	const uint64_t span = rtt_span(sweep->level);

	if (!addr_set_next(call, &sweep->set, pa))
		return plain(c->oaddr_empty);
	if (by_descriptor && sweep->kind->checks_desc_state &&
	    addr_set_state(call, &sweep->set) != sweep->kind->desc_state)
		return plain(c->desc_state);
	if (by_descriptor ? addr_set_level(call, &sweep->set) != sweep->level
			  : !addr_set_covers(call, &sweep->set, span))
		return at_level(c->desc_span, sweep->level);
	if (!is_aligned(*pa, span))
		return plain(by_descriptor ? c->desc_align : c->oaddr_entry_align);
	if (*pa + span > UINT64_C(1) << (sweep->realm->lpa2 ? 52 : 48))
		return plain(c->oaddr_bound);
	return no_obstacle;
}

static struct obstacle map_entry(struct rmm_call *call, struct map_sweep *sweep, unsigned int index,
				 bool by_descriptor)
{
	const struct map_kind *kind = sweep->kind;
	const uint64_t old = rtte_load(&sweep->walk.table[index]);
	const enum rtte_state state = rtte_state(old, sweep->level);
	uint64_t pa = 0;

	const struct obstacle failed = next_block(call, sweep, by_descriptor, &pa);
	if (failed.condition != RMM_CONDITION_NONE)
		return failed;
	if (kind->check_attributes && kind->check_attributes(call, sweep) != RMM_CONDITION_NONE)
		return plain(kind->check_attributes(call, sweep));
	if (kind->conditions.other_half != RMM_CONDITION_NONE &&
	    (state == RTTE_VOID || state == RTTE_DATA))
		return at_level(kind->conditions.other_half, sweep->level);
	if (state == RTTE_TABLE && by_descriptor)
		return at_level(kind->conditions.table, sweep->level);
	const uint64_t desc = kind->compose(call, sweep, pa, old);
	if (state != kind->from) {
		if (old == desc && call_behaves(call, kind->remap_succeeds))
			return no_obstacle;
		return at_level(kind->conditions.rtte_state, sweep->level);
	}
	if (kind->take) {
		const enum rmm_condition taken = kind->take(call, sweep, pa);

		if (taken != RMM_CONDITION_NONE)
			return plain(taken);
		++*rtt_live_count(call, sweep->walk.rtt);
	}
	rtt_write(call, &sweep->walk, index, desc);
	return no_obstacle;
}

static uint64_t map_entries(struct rmm_call *call, struct map_sweep *sweep, bool by_descriptor)
{
	const uint64_t span = rtt_span(sweep->level);
	struct obstacle stop = at_level(sweep->kind->conditions.rtte_size, sweep->level);
	uint64_t ipa = sweep->base;

	for (unsigned int i = sweep->walk.index; i < RTT_ENTRIES && sweep->top - ipa >= span; i++) {
		sweep->interrupted = ipa > sweep->base && sweep_yields(call);
		if (sweep->interrupted)
			break;
		stop = map_entry(call, sweep, i, by_descriptor);
		if (stop.condition != RMM_CONDITION_NONE)
			break;
		addr_set_advance(call, &sweep->set, span);
		ipa += span;
	}
	if (ipa == sweep->base)
		return fail_at(call, &stop);
	call->out[1] = ipa;
	return RMI_SUCCESS;
}

/* Where does the walk land, and can the first entry be written at all? */
static struct obstacle land(struct rmm_call *call, struct map_sweep *sweep, bool by_descriptor)
{
	const struct map_conditions *c = &sweep->kind->conditions;
	struct rtt_walk *walk = &sweep->walk;

	rtt_walk(call, sweep->realm, sweep->base, by_descriptor ? sweep->level : RTT_PAGE_LEVEL,
		 walk);
	if (by_descriptor)
		return walk->level < sweep->level ? at_level(c->walk, walk->level) : no_obstacle;
	sweep->level = walk->level;
	/* An entry that maps something may map the same memory already. */
	if (walk->state != sweep->kind->from &&
	    (!rtte_is_live(walk->state) || !call_behaves(call, sweep->kind->remap_succeeds)))
		return at_level(c->rtte_state, walk->level);
	if (!is_aligned(sweep->base, rtt_span(walk->level)))
		return at_level(c->base_entry_align, walk->level);
	/* No descriptor fits an entry that can only be a table. */
	if (walk->level < RTT_BLOCK_LEVEL)
		return at_level(sweep->top - sweep->base < rtt_span(walk->level) ? c->rtte_size
										 : c->desc_span,
				walk->level);
	return no_obstacle;
}

uint64_t map_range(struct rmm_call *call, struct map_sweep *sweep, uint64_t oaddr_type,
		   uint64_t list_count, uint64_t oaddr)
{
	const bool by_descriptor = call_behaves(call, RMM_BEHAVIOUR_MAP_LEVEL_FROM_DESCRIPTOR);
	struct obstacle failed = no_obstacle;

	if (sweep->top <= sweep->base)
		failed = plain(sweep->kind->conditions.size_valid);
	if (failed.condition == RMM_CONDITION_NONE)
		failed = plain(read_set(call, sweep, oaddr_type, list_count, oaddr));
	if (failed.condition == RMM_CONDITION_NONE)
		failed = check_inputs(call, sweep, by_descriptor);
	if (failed.condition == RMM_CONDITION_NONE)
		failed = land(call, sweep, by_descriptor);
	if (failed.condition != RMM_CONDITION_NONE)
		return fail_at(call, &failed);
	return map_entries(call, sweep, by_descriptor);
}
