/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RMM_ACTIVATE, RMI_RMM_DEACTIVATE, RMI_RMM_STATE_GET. */
#include "rmm/call.h"
#include "rmm/handlers.h"

static void set_state(struct rmm_system *sys, enum rmm_state state)
{
	__atomic_store_n(&sys->state, state, __ATOMIC_RELEASE);
}

uint64_t rmi_rmm_activate(struct rmm_call *call)
{
	struct rmm_system *sys = call->sys;
	enum rmm_state init = RMM_STATE_INIT;

	/* Of two PEs one activates it. */
	if (!__atomic_compare_exchange_n(&sys->state, &init, RMM_STATE_INTERMEDIATE, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return rmm_fail(call, RMI_RMM_ACTIVATE_STATE);
	tracking_begin(&sys->tracking, &sys->memory);
	set_state(sys, RMM_STATE_ACTIVE);
	return RMI_SUCCESS;
}

static enum rmm_condition check_deactivate(const struct rmm_call *call)
{
	if (state_of_rmm(call->sys) != RMM_STATE_ACTIVE)
		return RMI_RMM_DEACTIVATE_RMM_STATE;
	if (operation_pool_open(&call->sys->operations))
		return RMI_RMM_DEACTIVATE_OPERATION;
	if (granule_count_delegated(&call->sys->granules))
		return RMI_RMM_DEACTIVATE_GRAN_STATE;
	return RMM_CONDITION_NONE;
}

static enum rmm_condition deactivate(struct rmm_call *call)
{
	const enum rmm_condition failed = check_deactivate(call);

	if (failed != RMM_CONDITION_NONE)
		return failed;
	tracking_end(&call->sys->tracking, &call->sys->memory);
	set_state(call->sys, RMM_STATE_INIT);
	return RMM_CONDITION_NONE;
}

uint64_t rmi_rmm_deactivate(struct rmm_call *call)
{
	if (call_others_run(call) || !call_alone_begin(call))
		return rmm_fail(call, RMI_RMM_DEACTIVATE_OTHER_COMMAND);
	const enum rmm_condition failed = deactivate(call);
	call_alone_end(call);
	return failed == RMM_CONDITION_NONE ? RMI_SUCCESS : rmm_fail(call, failed);
}

uint64_t rmi_rmm_state_get(struct rmm_call *call)
{
	call->out[1] = state_of_rmm(call->sys) == RMM_STATE_ACTIVE ? RMI_RMM_STATE_ACTIVE
								   : RMI_RMM_STATE_INIT;
	return RMI_SUCCESS;
}
