/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GPT_L1_CREATE, RMI_GPT_L1_DESTROY, RMI_GPT_INFO (2.0-bet0 A2.3.9). */
#include <string.h>

#include "platform/gpt.h"
#include "rmm/call.h"
#include "rmm/granule_move.h"
#include "rmm/guest_page.h"
#include "rmm/handlers.h"

static bool is_status(const struct rmm_call *call, enum rmm_condition condition, uint64_t status)
{
	return rmm_condition_status_word(call_version(call), condition) == status;
}

/* RMI_ERROR_GPT says at which level the walk of the tables ended. */
static uint64_t fail_walk(struct rmm_call *call, enum rmm_condition condition, int level)
{
	if (is_status(call, condition, RMI_ERROR_GPT))
		return rmm_fail_level(call, condition, level);
	return rmm_fail(call, condition);
}

/* One operation at a time on the table of a region. */
static bool is_changing(const struct rmm_call *call, uint64_t region)
{
	return operation_on_region(call, RMM_CMD_RMI_GPT_L1_CREATE, region) ||
	       operation_on_region(call, RMM_CMD_RMI_GPT_L1_DESTROY, region);
}

/* ---- create --------------------------------------------------------------------------- */

/* Only memory that a table describes can become Root on its own. */
static bool can_become_root(const struct memory *mem, uint64_t pa, uint64_t region)
{
	return pa - region < GPT_L0_SIZE || gpt_l0_type(mem, pa) == GPT_L0_TABLE;
}

static bool is_fit_for_table(const struct rmm_call *call, const struct operation *op)
{
	const struct memory *mem = &call->sys->memory;

	for (unsigned int i = 0; i < op->num_held; i++)
		if (memory_bank_at(mem, op->held[i])->kind != RMM_BANK_DRAM)
			return false;
	/* Two PEs may have begun at the same time. */
	return gpt_l0_type(mem, op->region) != GPT_L0_TABLE &&
	       can_become_root(mem, op->held[0], op->region) &&
	       gpt_run(mem, op->held[0], op->num_held, RMM_GPI_NS) == op->num_held;
}

static uint64_t unfold(struct rmm_call *call, struct operation *op)
{
	struct rmm_system *sys = call->sys;

	if (!is_fit_for_table(call, op))
		return operation_unwind(call, op, RMI_GPT_L1_CREATE_GRAN);
	for (unsigned int i = 0; i < op->num_held; i++) {
		granule_overwrite(call, op->held[i]);
		call_granule_set(call, op->held[i], RMM_GRANULE_GPT_L1);
	}
	charge_gpt_change(call, op->region, 1, gpt_unfold(&sys->memory, op->region, op->held[0]));
	guest_pages_revoke(sys, op->held[0], GPT_L1_BYTES);
	operation_end(op);
	return RMI_SUCCESS;
}

static uint64_t resume_create(struct rmm_call *call, struct operation *op)
{
	if (op->failed)
		return operation_end_unwound(call, op);
	if (!call_alone_begin(call)) {
		operation_suspend(op);
		return rmm_fail(call, RMI_ANY_BUSY);
	}
	const uint64_t x0 = unfold(call, op);
	call_alone_end(call);
	return x0;
}

static uint64_t begin_create(struct rmm_call *call, uint64_t region)
{
	bool busy;
	struct operation *op = operation_begin(call, &busy);

	if (!op)
		return rmm_fail(call, busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED);
	operation_set_region(op, region);
	op->resume = resume_create;
	op->wanted = GPT_L1_GRANULES;
	op->wanted_state = RMI_OP_MEM_UNDELEGATED;
	op->wanted_contig = true;
	op->wanted_anywhere = true;
	op->can_cancel = !call_behaves(call, RMM_BEHAVIOUR_OPERATIONS_CANNOT_CANCEL);
	return operation_yield_first(call, op, OPERATION_WAIT_DONATE);
}

/* Whose table stands in the way depends on whether the version knows owners. */
static enum rmm_condition check_create(const struct rmm_call *call, uint64_t region)
{
	const bool by_owner = call_behaves(call, RMM_BEHAVIOUR_PLATFORM_GPT_DENIED);

	switch (gpt_owner(&call->sys->memory, region)) {
	case GPT_OWNER_NONE:
		return RMI_GPT_L1_CREATE_UNFOLD_DENIED;
	case GPT_OWNER_PLATFORM:
		return by_owner ? RMI_GPT_L1_CREATE_UNFOLD_DENIED : RMI_GPT_L1_CREATE_ENTRY_STATE;
	case GPT_OWNER_HOST:
		return RMI_GPT_L1_CREATE_ENTRY_STATE;
	default:
		return RMM_CONDITION_NONE;
	}
}

uint64_t rmi_gpt_l1_create(struct rmm_call *call)
{
	const bool always = call_behaves(call, RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT);
	const uint64_t region = call->in[1];

	if (!is_aligned(region, GPT_L0_SIZE))
		return rmm_fail(call, RMI_GPT_L1_CREATE_ADDR_ALIGN);
	if (always)
		return rmm_fail(call, RMI_GPT_L1_CREATE_ENTRY_STATE);
	if (region >= call->sys->memory.pa_size)
		return rmm_fail(call, RMI_GPT_L1_CREATE_ADDR_BOUND);
	const enum rmm_condition failed = check_create(call, region);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (is_changing(call, region))
		return rmm_fail(call, RMI_ANY_BLOCKED);
	return begin_create(call, region);
}

/* ---- destroy ---------------------------------------------------------------------------- */

static uint64_t resume_destroy(struct rmm_call *call, struct operation *op)
{
	(void)call;
	operation_end(op);
	return RMI_SUCCESS;
}

static uint64_t begin_destroy(struct rmm_call *call, uint64_t region)
{
	struct memory *mem = &call->sys->memory;
	bool busy;
	struct operation *op = operation_begin(call, &busy);

	if (!op)
		return rmm_fail(call, busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED);
	operation_set_region(op, region);
	op->resume = resume_destroy;
	const uint64_t table = gpt_table(mem, region);
	charge_gpt_change(call, region, 1, gpt_fold(mem, region));
	granules_wipe(call, table, GPT_L1_GRANULES);
	for (unsigned int i = 0; i < GPT_L1_GRANULES; i++) {
		op->held[op->num_held++] = table + (uint64_t)i * RMM_GRANULE_SIZE;
		call_granule_set(call, op->held[i], RMM_GRANULE_INTERNAL);
	}
	return operation_yield_first(call, op, OPERATION_WAIT_RECLAIM);
}

static uint64_t fold(struct rmm_call *call, uint64_t region)
{
	if (gpt_owner(&call->sys->memory, region) != GPT_OWNER_HOST)
		return rmm_fail(call, RMI_ANY_BUSY); /* another PE was faster */
	if (!gpt_is_homogeneous(&call->sys->memory, region))
		return fail_walk(call, RMI_GPT_L1_DESTROY_GPT_L1_HOMO, 1);
	return begin_destroy(call, region);
}

uint64_t rmi_gpt_l1_destroy(struct rmm_call *call)
{
	const struct memory *mem = &call->sys->memory;
	const uint64_t region = call->in[1];

	if (!is_aligned(region, GPT_L0_SIZE))
		return rmm_fail(call, RMI_GPT_L1_DESTROY_ADDR_ALIGN);
	if (region >= mem->pa_size)
		return rmm_fail(call, RMI_GPT_L1_DESTROY_ADDR_BOUND);
	const enum gpt_owner owner = gpt_owner(mem, region);
	if (owner == GPT_OWNER_PLATFORM ||
	    (owner == GPT_OWNER_NONE && call_behaves(call, RMM_BEHAVIOUR_PLATFORM_GPT_DENIED)))
		return rmm_fail(call, RMI_GPT_L1_DESTROY_FOLD_DENIED);
	if (owner != GPT_OWNER_HOST)
		return is_changing(call, region)
			       ? rmm_fail(call, RMI_ANY_BLOCKED)
			       : fail_walk(call, RMI_GPT_L1_DESTROY_ENTRY_STATE, 0);
	/* Walks take no locks: tables come and go while nobody else is in a call. */
	if (!call_alone_begin(call))
		return rmm_fail(call, RMI_ANY_BUSY);
	const uint64_t x0 = fold(call, region);
	call_alone_end(call);
	return x0;
}

/* ---- info -------------------------------------------------------------------------------- */

static enum rmm_condition check_info(const struct memory *mem, uint64_t base, uint64_t top)
{
	if (!is_aligned(base, GPT_L0_SIZE))
		return RMI_GPT_INFO_BASE_ALIGN;
	if (!is_aligned(top, GPT_L0_SIZE))
		return RMI_GPT_INFO_TOP_ALIGN;
	if (base >= mem->pa_size)
		return RMI_GPT_INFO_BASE_BOUND;
	if (top > mem->pa_size)
		return RMI_GPT_INFO_TOP_BOUND;
	return top <= base ? RMI_GPT_INFO_SIZE_VALID : RMM_CONDITION_NONE;
}

uint64_t rmi_gpt_info(struct rmm_call *call)
{
	static const uint64_t states[] = {
		[GPT_OWNER_NONE] = RMI_GPT_PAR_RESERVED,
		[GPT_OWNER_PLATFORM] = RMI_GPT_PAR_PLAT,
		[GPT_OWNER_HOST_MAY] = RMI_GPT_PAR_HOST_NOT_CREATED,
		[GPT_OWNER_HOST] = RMI_GPT_PAR_HOST_CREATED,
	};
	const struct memory *mem = &call->sys->memory;
	const uint64_t base = call->in[1];
	const enum rmm_condition failed = check_info(mem, base, call->in[2]);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	call->out[1] = base + GPT_L0_SIZE;
	call->out[2] = states[gpt_owner(mem, base)];
	return RMI_SUCCESS;
}
