/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RMM_ACTIVATE, RMI_RMM_DEACTIVATE, RMI_RMM_STATE_GET. */
#include "rmm/call.h"
#include "rmm/handlers.h"

/* From RMM_STATE_INTERMEDIATE on no other PE begins a call. */
static bool begin_change(struct rmm_system *sys, enum rmm_state from)
{
	return __atomic_compare_exchange_n(&sys->state, &from, RMM_STATE_INTERMEDIATE, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void end_change(struct rmm_system *sys, enum rmm_state to)
{
	__atomic_store_n(&sys->state, to, __ATOMIC_SEQ_CST);
}

uint64_t rmi_rmm_activate(struct rmm_call *call)
{
	struct rmm_system *sys = call->sys;

	if (!begin_change(sys, RMM_STATE_INIT))
		return rmm_fail(call, RMI_RMM_ACTIVATE_STATE);
	tracking_begin(&sys->tracking, &sys->memory);
	end_change(sys, RMM_STATE_ACTIVE);
	return RMI_SUCCESS;
}

static enum rmm_condition check_idle(const struct rmm_call *call)
{
	if (call_others_run(call))
		return RMI_RMM_DEACTIVATE_OTHER_COMMAND;
	if (operation_pool_open(&call->sys->operations))
		return RMI_RMM_DEACTIVATE_OPERATION;
	if (granule_count_delegated(&call->sys->granules))
		return RMI_RMM_DEACTIVATE_GRAN_STATE;
	return RMM_CONDITION_NONE;
}

uint64_t rmi_rmm_deactivate(struct rmm_call *call)
{
	struct rmm_system *sys = call->sys;

	if (call_others_run(call))
		return rmm_fail(call, RMI_RMM_DEACTIVATE_OTHER_COMMAND);
	if (!begin_change(sys, RMM_STATE_ACTIVE))
		return rmm_fail(call, RMI_RMM_DEACTIVATE_RMM_STATE);
	/* Somebody may have begun a call before the change. */
	const enum rmm_condition failed = check_idle(call);
	if (failed == RMM_CONDITION_NONE)
		tracking_end(&sys->tracking);
	end_change(sys, failed == RMM_CONDITION_NONE ? RMM_STATE_INIT : RMM_STATE_ACTIVE);
	return failed == RMM_CONDITION_NONE ? RMI_SUCCESS : rmm_fail(call, failed);
}

uint64_t rmi_rmm_state_get(struct rmm_call *call)
{
	call->out[1] = state_of_rmm(call->sys) == RMM_STATE_ACTIVE ? RMI_RMM_STATE_ACTIVE
								   : RMI_RMM_STATE_INIT;
	return RMI_SUCCESS;
}
