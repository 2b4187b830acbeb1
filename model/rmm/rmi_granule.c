/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GRANULE_RANGE_DELEGATE, RMI_GRANULE_RANGE_UNDELEGATE. */
#include "platform/gpt.h"
#include "rmm/call.h"
#include "rmm/granule_move.h"
#include "rmm/handlers.h"

/* ---- ranges ------------------------------------------------------------- */

/* RMI_GRANULE_RANGE_DELEGATE and its opposite are one sweep with another table row. */
struct range_op {
	const struct granule_move *move;
	enum rmm_condition base_align;
	enum rmm_condition top_align;
	enum rmm_condition size;
	enum rmm_condition no_memory;
	enum rmm_condition tracking;
	enum rmm_condition gpt;
	enum rmm_condition pas; /* NONE: EL3 cannot refuse */
	enum rmm_condition state;
};

static const struct range_op delegate_op = {
	.move = &granule_delegation,
	.base_align = RMI_GRANULE_RANGE_DELEGATE_BASE_ALIGN,
	.top_align = RMI_GRANULE_RANGE_DELEGATE_TOP_ALIGN,
	.size = RMI_GRANULE_RANGE_DELEGATE_TOP_BOUND,
	.no_memory = RMI_GRANULE_RANGE_DELEGATE_POPULATED,
	.tracking = RMI_GRANULE_RANGE_DELEGATE_TRACKING,
	.gpt = RMI_GRANULE_RANGE_DELEGATE_GPT,
	.pas = RMI_GRANULE_RANGE_DELEGATE_PAS,
	.state = RMI_GRANULE_RANGE_DELEGATE_STATE,
};

static const struct range_op undelegate_op = {
	.move = &granule_undelegation,
	.base_align = RMI_GRANULE_RANGE_UNDELEGATE_BASE_ALIGN,
	.top_align = RMI_GRANULE_RANGE_UNDELEGATE_TOP_ALIGN,
	.size = RMI_GRANULE_RANGE_UNDELEGATE_TOP_BOUND,
	.no_memory = RMI_GRANULE_RANGE_UNDELEGATE_TRACKING,
	.tracking = RMI_GRANULE_RANGE_UNDELEGATE_TRACKING,
	.gpt = RMI_GRANULE_RANGE_UNDELEGATE_GPT,
	.pas = RMM_CONDITION_NONE,
	.state = RMI_GRANULE_RANGE_UNDELEGATE_STATE,
};

static enum rmm_condition check_range(const struct range_op *op, uint64_t base, uint64_t top)
{
	if (!is_granule_aligned(base))
		return op->base_align;
	if (!is_granule_aligned(top))
		return op->top_align;
	if (top <= base)
		return op->size;
	return RMM_CONDITION_NONE;
}

/* ---- runs -------------------------------------------------------------------------------- */

/*
 * Where a run that begins at `at` ends at the latest: with the range, the bank,
 * or the region, which is tracked and protected as one.
 */
static uint64_t run_limit(const struct memory_bank *bank, uint64_t at, uint64_t top)
{
	const uint64_t bank_top = bank->base + bank->size;
	const uint64_t region_top = (at | (TRACKING_REGION_SIZE - 1)) + 1;
	const uint64_t end = top < bank_top ? top : bank_top;

	return end < region_top ? end : region_top;
}

/* Granules from `at` on that have `state`; 0 when the first has not. */
static uint64_t run_of(const struct rmm_call *call, const struct memory_bank *bank, uint64_t at,
		       uint64_t end, enum rmm_granule_state state)
{
	const uint64_t count = (end - at) >> RMM_GRANULE_SHIFT;
	const uint64_t first = bank_granule(bank, at);
	uint64_t n = 0;

	while (n < count) {
		const uint64_t more =
			granule_run(&call->sys->granules, first + n, count - n, state);

		if (!more)
			break;
		n += more;
	}
	return n;
}

/* A region without level 1 table moves as a whole, where the platform does that. */
static bool has_descriptors(const struct rmm_call *call, uint64_t at, uint64_t run)
{
	return gpt_l0_type(&call->sys->memory, at) == GPT_L0_TABLE ||
	       (call->sys->config.features.l0gpt_block_delegate &&
		run == GPT_L0_SIZE >> RMM_GRANULE_SHIFT);
}

/*
 * Granules from `at` on that can be moved together; 0 when *stop says what is
 * in the way.
 */
static uint64_t movable_run(const struct rmm_call *call, const struct range_op *op,
			    const struct memory_bank *bank, uint64_t at, uint64_t end,
			    enum rmm_condition *stop)
{
	uint64_t run = run_of(call, bank, at, end, op->move->from);

	*stop = op->state;
	if (!run)
		return 0;
	*stop = op->gpt;
	if (!has_descriptors(call, at, run))
		return 0;
	*stop = op->pas;
	return op->pas == RMM_CONDITION_NONE ? run : granules_movable_by_el3(call, at, run);
}

/* A region that is tracked as one unit moves as a whole or not at all. */
static uint64_t movable_region(const struct rmm_call *call, const struct range_op *op,
			       const struct memory_bank *bank, uint64_t at, uint64_t top,
			       enum rmm_condition *stop)
{
	const uint64_t granules = TRACKING_REGION_SIZE >> RMM_GRANULE_SHIFT;

	*stop = op->tracking;
	if (!is_aligned(at, TRACKING_REGION_SIZE) || top - at < TRACKING_REGION_SIZE)
		return 0;
	const uint64_t run = movable_run(call, op, bank, at, at + TRACKING_REGION_SIZE, stop);
	if (run == granules)
		return run;
	/* An obstacle inside: by granule the host could go as far as that. */
	if (run)
		*stop = op->tracking;
	return 0;
}

/*
 * What comes next in the range: granules to move, or with *skips those that are
 * where they are to go. Returns 0 when *stop says what is in the way.
 */
static uint64_t next_run(const struct rmm_call *call, const struct range_op *op, uint64_t at,
			 uint64_t top, bool *skips, enum rmm_condition *stop)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, at);
	uint64_t run = 0;

	*skips = false;
	*stop = op->no_memory;
	if (!bank)
		return 0;
	switch (tracking_at(&call->sys->tracking, at)) {
	case TRACKING_FINE:
		run = movable_run(call, op, bank, at, run_limit(bank, at, top), stop);
		break;
	case TRACKING_COARSE:
		run = movable_region(call, op, bank, at, top, stop);
		break;
	default:
		*stop = op->tracking;
		break;
	}
	if (run || *stop != op->state || !call_behaves(call, RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS))
		return run;
	*skips = true;
	return run_of(call, bank, at, run_limit(bank, at, top), op->move->to);
}

/* ---- runs that take more than one call ------------------------------------------------------- */

static uint64_t budget_of(const struct rmm_call *call)
{
	const uint64_t budget = call->sys->config.range_budget;

	return budget ? budget : UINT64_MAX;
}

static uint64_t granules_left(uint64_t at, uint64_t end, uint64_t most)
{
	const uint64_t left = (end - at) >> RMM_GRANULE_SHIFT;

	return left < most ? left : most;
}

/* One descriptor of level 0 changes at once. */
static uint64_t next_part(const struct rmm_call *call, const struct operation *run, uint64_t most)
{
	if (gpt_l0_type(&call->sys->memory, run->range_at) == GPT_L0_BLOCK && most)
		most = UINT64_MAX;
	return granules_left(run->range_at, run->range_end, most);
}

/*
 * Goes on with the run that the operation has claimed, as far as the budget
 * goes: contents first. What is tracked by granule leaves the intermediate
 * state part by part, a unit in the end.
 */
static void work_on(struct rmm_call *call, struct operation *run, uint64_t budget)
{
	const struct range_op *op = run->range;
	const bool fine = tracking_at(&call->sys->tracking, run->range_at) == TRACKING_FINE;

	if (op->move->wipes) {
		const uint64_t n = granules_left(run->range_wiped, run->range_end, budget);

		granules_wipe_dram(call, run->range_wiped, n);
		run->range_wiped += n * RMM_GRANULE_SIZE;
		budget -= n;
	}
	const uint64_t n = next_part(call, run, budget);
	if (n) {
		granules_change_pas(call, op->move, run->range_at, n);
		if (fine)
			granules_set_states(call, run->range_at, n, op->move->to);
		run->range_at += n * RMM_GRANULE_SIZE;
	}
	if (!fine && run->range_at == run->range_end)
		granules_set_states(call, run->range_end - TRACKING_REGION_SIZE,
				    TRACKING_REGION_SIZE >> RMM_GRANULE_SHIFT, op->move->to);
}

static uint64_t resume_run(struct rmm_call *call, struct operation *run)
{
	const uint64_t end = run->range_end;
	const uint64_t at = run->range_at;
	const uint64_t count = (end - at) >> RMM_GRANULE_SHIFT;

	/* The host may be using what is not the Realm world's yet. */
	(void)granules_lock(call, at, count, RMM_GRANULE_PARTIAL);
	work_on(call, run, budget_of(call));
	granules_unlock(call, at, count);
	if (run->range_at < end)
		return operation_yield(call, run, OPERATION_WAIT_CONTINUE);
	operation_end(run);
	call->out[1] = end;
	return RMI_SUCCESS;
}

/* Claims a run. RMM_CONDITION_NONE, and *x0 is the answer; or there is no context for it. */
static enum rmm_condition begin_run(struct rmm_call *call, const struct range_op *op, uint64_t at,
				    uint64_t count, uint64_t budget, uint64_t *x0)
{
	bool busy;
	struct operation *run = operation_begin(call, &busy);

	if (!run)
		return busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED;
	run->resume = resume_run;
	run->range = op;
	run->range_at = at;
	run->range_wiped = at;
	run->range_end = at + count * RMM_GRANULE_SIZE;
	granules_set_states(call, at, count, RMM_GRANULE_PARTIAL);
	work_on(call, run, budget);
	*x0 = operation_yield_first(call, run, OPERATION_WAIT_CONTINUE);
	return RMM_CONDITION_NONE;
}

/* ---- the commands ------------------------------------------------------------------ */

/* A range on its way: how far it is, and what ends it. */
struct sweep {
	uint64_t at;
	uint64_t top;
	uint64_t budget;         /* granules that this call may still work on */
	enum rmm_condition stop; /* NONE: it ends of its own accord */
	bool claimed;            /* *x0 is that of an operation that has begun */
	uint64_t x0;
};

/* A run that is longer than the budget; false when the sweep ends here. */
static bool move_part(struct rmm_call *call, const struct range_op *op, struct sweep *s,
		      uint64_t run)
{
	if (call_behaves(call, RMM_BEHAVIOUR_RANGE_IS_STATEFUL)) {
		s->stop = begin_run(call, op, s->at, run, s->budget, &s->x0);
		s->claimed = s->stop == RMM_CONDITION_NONE;
		return false;
	}
	/* What cannot be split is too large: the host has to track it by granule. */
	s->stop = op->tracking;
	if (gpt_l0_type(&call->sys->memory, s->at) == GPT_L0_TABLE) {
		if (tracking_at(&call->sys->tracking, s->at) == TRACKING_COARSE)
			return false;
		run = s->budget;
	}
	granules_move(call, op->move, s->at, run);
	s->at += run * RMM_GRANULE_SIZE;
	return false;
}

static bool move_next(struct rmm_call *call, const struct range_op *op, struct sweep *s,
		      uint64_t run)
{
	if (run > s->budget)
		return move_part(call, op, s, run);
	granules_move(call, op->move, s->at, run);
	s->budget -= run;
	s->at += run * RMM_GRANULE_SIZE;
	return s->at < s->top && s->budget;
}

/* A unit is locked as a whole, of other runs as much as can be had now. */
static uint64_t lock_run(const struct rmm_call *call, const struct range_op *op, uint64_t at,
			 uint64_t run)
{
	if (tracking_at(&call->sys->tracking, at) == TRACKING_COARSE)
		return granules_lock(call, at, run, op->move->from) ? run : 0;
	return granules_lock_some(call, at, run, op->move->from);
}

/* Among threads: what was seen without the locks may have changed when they are held. */
static bool move_locked(struct rmm_call *call, const struct range_op *op, struct sweep *s,
			uint64_t run)
{
	const uint64_t at = s->at;
	const uint64_t locked = lock_run(call, op, at, run);
	bool goes_on = true;
	bool skips;

	if (!locked)
		return true;
	run = next_run(call, op, at, at + locked * RMM_GRANULE_SIZE, &skips, &s->stop);
	if (run && !skips)
		goes_on = move_next(call, op, s, run);
	granules_unlock(call, at, locked);
	return goes_on;
}

/* Moves or skips the next run; false when the sweep ends here. */
static bool sweep_step(struct rmm_call *call, const struct range_op *op, struct sweep *s)
{
	const uint64_t region = s->at & ~(TRACKING_REGION_SIZE - 1);
	bool skips;

	if (__atomic_load_n(&call->sys->tracking.num_pending, __ATOMIC_RELAXED) &&
	    operation_on_region(call, RMM_CMD_RMI_GRANULE_TRACKING_SET, region)) {
		s->stop = RMI_ANY_BLOCKED;
		return false;
	}
	const uint64_t run = next_run(call, op, s->at, s->top, &skips, &s->stop);
	if (!run)
		return false;
	if (!skips)
		return call->sys->granules.locks ? move_locked(call, op, s, run)
						 : move_next(call, op, s, run);
	s->at += run * RMM_GRANULE_SIZE;
	return s->at < s->top && s->budget;
}

static uint64_t sweep_range(struct rmm_call *call, const struct range_op *op)
{
	const uint64_t base = call->in[1];
	const enum rmm_condition failed = check_range(op, base, call->in[2]);
	struct sweep s = {.at = base, .top = call->in[2], .budget = budget_of(call)};

	if (call_behaves(call, RMM_BEHAVIOUR_DELEGATE_FAILURE_RETURNS_BASE))
		call->out[1] = base;
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (call_behaves(call, RMM_BEHAVIOUR_DELEGATE_ONE_GRANULE))
		s.top = base + RMM_GRANULE_SIZE;
	while (sweep_step(call, op, &s))
		;
	if (s.claimed)
		return s.x0;
	if (s.at == base)
		return rmm_fail(call, s.stop);
	call->out[1] = s.at;
	return RMI_SUCCESS;
}

uint64_t rmi_granule_range_delegate(struct rmm_call *call)
{
	if (state_of_rmm(call->sys) != RMM_STATE_ACTIVE)
		return rmm_fail(call, RMI_GRANULE_RANGE_DELEGATE_RMM_STATE);
	return sweep_range(call, &delegate_op);
}

uint64_t rmi_granule_range_undelegate(struct rmm_call *call)
{
	return sweep_range(call, &undelegate_op);
}
