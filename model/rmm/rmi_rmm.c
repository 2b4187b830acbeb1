/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RMM_ACTIVATE, RMI_RMM_DEACTIVATE, RMI_RMM_STATE_GET. */
#include "rmm/call.h"
#include "rmm/handlers.h"

uint64_t rmi_rmm_activate(struct rmm_call *call)
{
	struct rmm_system *sys = call->sys;

	if (sys->state != RMM_STATE_INIT)
		return rmm_fail(call, RMI_RMM_ACTIVATE_STATE);
	tracking_begin(&sys->tracking, &sys->memory);
	sys->state = RMM_STATE_ACTIVE;
	return RMI_SUCCESS;
}

static bool other_command_runs(const struct rmm_call *call)
{
	for (unsigned int i = 0; i < call->sys->config.num_pes; i++)
		if (i != call->pe && call->sys->pes[i].in_call)
			return true;
	return false;
}

uint64_t rmi_rmm_deactivate(struct rmm_call *call)
{
	struct rmm_system *sys = call->sys;

	if (other_command_runs(call))
		return rmm_fail(call, RMI_RMM_DEACTIVATE_OTHER_COMMAND);
	if (sys->state != RMM_STATE_ACTIVE)
		return rmm_fail(call, RMI_RMM_DEACTIVATE_RMM_STATE);
	if (operation_pool_open(&sys->operations))
		return rmm_fail(call, RMI_RMM_DEACTIVATE_OPERATION);
	if (granule_count_delegated(&sys->granules))
		return rmm_fail(call, RMI_RMM_DEACTIVATE_GRAN_STATE);
	tracking_end(&sys->tracking);
	sys->state = RMM_STATE_INIT;
	return RMI_SUCCESS;
}

uint64_t rmi_rmm_state_get(struct rmm_call *call)
{
	call->out[1] =
		call->sys->state == RMM_STATE_ACTIVE ? RMI_RMM_STATE_ACTIVE : RMI_RMM_STATE_INIT;
	return RMI_SUCCESS;
}
