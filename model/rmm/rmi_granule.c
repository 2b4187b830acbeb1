/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RMI_GRANULE_TRACKING_GET, RMI_GRANULE_RANGE_DELEGATE,
 * RMI_GRANULE_RANGE_UNDELEGATE, RMI_GPT_L1_CREATE.
 */
#include "platform/gpt.h"
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
		call->out[2] = RMI_TRACKING_FINE;
	} else {
		report_hole(call);
	}
	call->out[3] = call_behaves(call, RMM_BEHAVIOUR_TRACKING_GET_BASE_ONLY)
			       ? top
			       : uniform_end(mem, base, top);
	return RMI_SUCCESS;
}

/* ---- ranges ------------------------------------------------------------- */

/* RMI_GRANULE_RANGE_DELEGATE and its opposite are one sweep with another table row. */
struct range_op {
	enum rmm_granule_state from;
	enum rmm_granule_state to;
	enum rmm_gpi gpi;
	bool wipes;
	enum rmm_condition base_align;
	enum rmm_condition top_align;
	enum rmm_condition size;
	enum rmm_condition no_memory;
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
	granule_set_run(&sys->granules, bank_granule(bank, base), count, op->to);
	charge_gpt_change(call, base, count, written);
}

/*
 * Moves or skips the next granules of the range. Returns how many; 0 when
 * *stop says what is in the way.
 */
static uint64_t sweep_step(struct rmm_call *call, const struct range_op *op, uint64_t at,
			   uint64_t top, enum rmm_condition *stop)
{
	const struct memory *mem = &call->sys->memory;
	const struct memory_bank *bank = memory_bank_at(mem, at);

	if (!bank) {
		*stop = op->no_memory;
		return 0;
	}
	uint64_t run = run_of(call, bank, at, top, op->from);
	if (!run) {
		*stop = op->state;
		if (!call_behaves(call, RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS))
			return 0;
		return run_of(call, bank, at, top, op->to);
	}
	if (op->pas != RMM_CONDITION_NONE) {
		/* EL3 moves only Non-secure memory. */
		run = gpt_run(mem, at, run, RMM_GPI_NS);
		*stop = op->pas;
	}
	if (run)
		move_run(call, op, bank, at, run);
	return run;
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
