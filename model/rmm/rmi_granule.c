/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RMI_GRANULE_RANGE_DELEGATE, RMI_GRANULE_RANGE_UNDELEGATE, RMI_GPT_L1_CREATE,
 * RMI_GPT_INFO.
 */
#include "platform/gpt.h"
#include "rmm/call.h"
#include "rmm/guest_page.h"
#include "rmm/handlers.h"

/* ---- ranges ------------------------------------------------------------- */

/* RMI_GRANULE_RANGE_DELEGATE and its opposite are one sweep with another table row. */
struct range_op {
	enum rmm_granule_state from;
	enum rmm_granule_state to;
	enum rmm_gpi gpi;
	bool wipes; /* else only where the behaviour zero_on_delegate wants it */
	enum rmm_condition base_align;
	enum rmm_condition top_align;
	enum rmm_condition size;
	enum rmm_condition no_memory;
	enum rmm_condition tracking;
	enum rmm_condition pas; /* NONE: EL3 cannot refuse */
	enum rmm_condition state;
};

static const struct range_op delegate_op = {
	.from = RMM_GRANULE_UNDELEGATED,
	.to = RMM_GRANULE_DELEGATED,
	.gpi = RMM_GPI_REALM,
	.base_align = RMI_GRANULE_RANGE_DELEGATE_BASE_ALIGN,
	.top_align = RMI_GRANULE_RANGE_DELEGATE_TOP_ALIGN,
	.size = RMI_GRANULE_RANGE_DELEGATE_TOP_BOUND,
	.no_memory = RMI_GRANULE_RANGE_DELEGATE_POPULATED,
	.tracking = RMI_GRANULE_RANGE_DELEGATE_TRACKING,
	.pas = RMI_GRANULE_RANGE_DELEGATE_PAS,
	.state = RMI_GRANULE_RANGE_DELEGATE_STATE,
};

static const struct range_op undelegate_op = {
	.from = RMM_GRANULE_DELEGATED,
	.to = RMM_GRANULE_UNDELEGATED,
	.gpi = RMM_GPI_NS,
	.wipes = true,
	.base_align = RMI_GRANULE_RANGE_UNDELEGATE_BASE_ALIGN,
	.top_align = RMI_GRANULE_RANGE_UNDELEGATE_TOP_ALIGN,
	.size = RMI_GRANULE_RANGE_UNDELEGATE_TOP_BOUND,
	.no_memory = RMI_GRANULE_RANGE_UNDELEGATE_TRACKING,
	.tracking = RMI_GRANULE_RANGE_UNDELEGATE_TRACKING,
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

/* Granules from `at` on that share a chunk and have `state`; 0 when the first has not. */
static uint64_t run_of(const struct rmm_call *call, const struct memory_bank *bank, uint64_t at,
		       uint64_t top, enum rmm_granule_state state)
{
	const uint64_t bank_top = bank->base + bank->size;
	const uint64_t end = top < bank_top ? top : bank_top;

	return granule_run(&call->sys->granules, bank_granule(bank, at),
			   (end - at) >> RMM_GRANULE_SHIFT, state);
}

static void charge_gpt_change(const struct rmm_call *call, uint64_t base, uint64_t granules,
			      uint64_t descriptors)
{
	const uint64_t size = granules * RMM_GRANULE_SIZE;
	const uint64_t blocks = size >> GPT_BLOCK_SHIFT ? size >> GPT_BLOCK_SHIFT : granules;

	charge(call, RMM_COST_RMM_EL3, 1, base);
	charge(call, RMM_COST_GPT_READ, 2, base);
	charge(call, RMM_COST_GPT_WRITE, descriptors, base);
	charge(call, RMM_COST_TLBI_GPT, blocks, base);
	charge(call, RMM_COST_BARRIER, 2 * blocks, base);
	charge(call, RMM_COST_CACHE_CLEAN, 2 * size, base);
	charge(call, RMM_COST_GRANULE_STATE, granules, base);
}

static void move_run(struct rmm_call *call, const struct range_op *op,
		     const struct memory_bank *bank, uint64_t base, uint64_t count)
{
	struct rmm_system *sys = call->sys;

	/* Nothing of the Realm world is left before the first GPI changes. */
	if (op->wipes && bank->kind == RMM_BANK_DRAM)
		granules_wipe(call, base, count);
	const uint64_t written = gpt_set(&sys->memory, base, count * RMM_GRANULE_SIZE, op->gpi);
	if (!op->wipes && bank->kind == RMM_BANK_DRAM &&
	    call_behaves(call, RMM_BEHAVIOUR_ZERO_ON_DELEGATE))
		granules_wipe(call, base, count);
	granule_set_run(&sys->granules, bank_granule(bank, base), count, op->to);
	charge_gpt_change(call, base, count, written);
	if (op->gpi != RMM_GPI_NS)
		guest_pages_revoke(sys, base, count * RMM_GRANULE_SIZE);
}

/* EL3 moves only Non-secure memory, and may keep the last granule of all. */
static uint64_t movable_by_el3(const struct rmm_call *call, uint64_t at, uint64_t run)
{
	const struct memory *mem = &call->sys->memory;
	const uint64_t last = mem->pa_size - RMM_GRANULE_SIZE;
	const uint64_t count = gpt_run(mem, at, run, RMM_GPI_NS);

	if (at + count * RMM_GRANULE_SIZE > last &&
	    call_behaves(call, RMM_BEHAVIOUR_LAST_GRANULE_FIXED))
		return (last - at) >> RMM_GRANULE_SHIFT;
	return count;
}

/* Granules of the range that share a state, and may be moved: chunk by chunk. */
static uint64_t run_of_source(struct rmm_call *call, const struct range_op *op,
			      const struct memory_bank *bank, uint64_t at, uint64_t top,
			      enum rmm_condition *stop)
{
	const uint64_t run = run_of(call, bank, at, top, op->from);

	*stop = run ? op->pas : op->state;
	if (!run || op->pas == RMM_CONDITION_NONE)
		return run;
	return movable_by_el3(call, at, run);
}

/*
 * A region that is tracked as one unit moves as a whole or not at all.
 * Returns the granules moved.
 */
static uint64_t move_region(struct rmm_call *call, const struct range_op *op,
			    const struct memory_bank *bank, uint64_t at, uint64_t top,
			    enum rmm_condition *stop)
{
	const uint64_t granules = TRACKING_REGION_SIZE >> RMM_GRANULE_SHIFT;

	*stop = op->tracking;
	if (!is_aligned(at, TRACKING_REGION_SIZE) || top - at < TRACKING_REGION_SIZE)
		return 0;
	for (uint64_t n = 0; n < granules; n += GRANULES_PER_CHUNK)
		if (run_of_source(call, op, bank, at + n * RMM_GRANULE_SIZE, top, stop) <
		    GRANULES_PER_CHUNK)
			return 0;
	for (uint64_t n = 0; n < granules; n += GRANULES_PER_CHUNK)
		move_run(call, op, bank, at + n * RMM_GRANULE_SIZE, GRANULES_PER_CHUNK);
	return granules;
}

static uint64_t move_granules(struct rmm_call *call, const struct range_op *op,
			      const struct memory_bank *bank, uint64_t at, uint64_t top,
			      enum rmm_condition *stop)
{
	const uint64_t run = run_of_source(call, op, bank, at, top, stop);

	if (run)
		move_run(call, op, bank, at, run);
	return run;
}

/*
 * Moves or skips the next granules of the range. Returns how many; 0 when
 * *stop says what is in the way.
 */
static uint64_t sweep_step(struct rmm_call *call, const struct range_op *op, uint64_t at,
			   uint64_t top, enum rmm_condition *stop)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, at);
	uint64_t moved = 0;

	*stop = op->no_memory;
	if (!bank)
		return 0;
	switch (tracking_at(&call->sys->tracking, at)) {
	case TRACKING_FINE:
		moved = move_granules(call, op, bank, at, top, stop);
		break;
	case TRACKING_COARSE:
		moved = move_region(call, op, bank, at, top, stop);
		break;
	default:
		*stop = op->tracking;
		break;
	}
	if (!moved && *stop == op->state && call_behaves(call, RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS))
		moved = run_of(call, bank, at, top, op->to);
	return moved;
}

static uint64_t sweep_range(struct rmm_call *call, const struct range_op *op)
{
	const uint64_t base = call->in[1];
	const uint64_t top = call->in[2];
	const enum rmm_condition failed = check_range(op, base, top);
	enum rmm_condition stop = RMM_CONDITION_NONE;
	uint64_t limit = top;
	uint64_t at = base;

	if (call_behaves(call, RMM_BEHAVIOUR_DELEGATE_FAILURE_RETURNS_BASE))
		call->out[1] = base;
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (call_behaves(call, RMM_BEHAVIOUR_DELEGATE_ONE_GRANULE))
		limit = base + RMM_GRANULE_SIZE;
	while (at < limit) {
		const uint64_t run = sweep_step(call, op, at, limit, &stop);

		if (!run)
			break;
		at += run * RMM_GRANULE_SIZE;
	}
	if (at == base)
		return rmm_fail(call, stop);
	call->out[1] = at;
	return RMI_SUCCESS;
}

uint64_t rmi_granule_range_delegate(struct rmm_call *call)
{
	if (call->sys->state != RMM_STATE_ACTIVE)
		return rmm_fail(call, RMI_GRANULE_RANGE_DELEGATE_RMM_STATE);
	return sweep_range(call, &delegate_op);
}

uint64_t rmi_granule_range_undelegate(struct rmm_call *call)
{
	return sweep_range(call, &undelegate_op);
}

uint64_t rmi_gpt_l1_create(struct rmm_call *call)
{
	const uint64_t addr = call->in[1];
	const struct memory *mem = &call->sys->memory;

	if (!is_aligned(addr, GPT_L0_SIZE))
		return rmm_fail(call, RMI_GPT_L1_CREATE_ADDR_ALIGN);
	if (addr >= mem->pa_size && !call_behaves(call, RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT))
		return rmm_fail(call, RMI_GPT_L1_CREATE_ADDR_BOUND);
	if (gpt_l0_type(mem, addr) == GPT_L0_TABLE ||
	    call_behaves(call, RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT))
		return rmm_fail(call, RMI_GPT_L1_CREATE_ENTRY_STATE);
	/* Regions without memory, and the tables' own: the platform keeps them whole. */
	return rmm_fail(call, RMI_GPT_L1_CREATE_UNFOLD_DENIED);
}

uint64_t rmi_gpt_info(struct rmm_call *call)
{
	const struct memory *mem = &call->sys->memory;
	const uint64_t base = call->in[1];
	const uint64_t top = call->in[2];

	if (!is_aligned(base, GPT_L0_SIZE))
		return rmm_fail(call, RMI_GPT_INFO_BASE_ALIGN);
	if (!is_aligned(top, GPT_L0_SIZE))
		return rmm_fail(call, RMI_GPT_INFO_TOP_ALIGN);
	if (base >= mem->pa_size)
		return rmm_fail(call, RMI_GPT_INFO_BASE_BOUND);
	if (top > mem->pa_size)
		return rmm_fail(call, RMI_GPT_INFO_TOP_BOUND);
	if (top <= base)
		return rmm_fail(call, RMI_GPT_INFO_SIZE_VALID);
	call->out[1] = base + GPT_L0_SIZE;
	call->out[2] =
		gpt_l0_type(mem, base) == GPT_L0_TABLE ? RMI_GPT_PAR_PLAT : RMI_GPT_PAR_RESERVED;
	return RMI_SUCCESS;
}
