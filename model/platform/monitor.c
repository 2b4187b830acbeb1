/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The monitor: takes an SMC of the host, finds the command behind the function
 * identifier, and passes it through the RMM's front door.
 */
#include "platform/monitor.h"

#include <string.h>

#include "platform/spin.h"
#include "platform/tlb_lint.h"
#include "rmm/call.h"
#include "rmm/rmm.h"
#include "rmm/timer.h"
#include "rmmsim/abi/introspect.h"

#define SMCCC_UNKNOWN UINT64_MAX
#define FID_SVE_HINT  UINT64_C(0x10000)

/* Commands that TF-RMM answers before RMI_RMM_ACTIVATE (`rmm_state_gate`). */
static bool passes_gate(const struct rmm_call *call)
{
	if (state_of_rmm(call->sys) == RMM_STATE_ACTIVE)
		return true;
	switch (call->command) {
	case RMM_CMD_RMI_VERSION:
	case RMM_CMD_RMI_FEATURES:
	case RMM_CMD_RMI_RMM_CONFIG_GET:
	case RMM_CMD_RMI_RMM_CONFIG_SET:
	case RMM_CMD_RMI_RMM_ACTIVATE:
	case RMM_CMD_RMI_RMM_STATE_GET:
	case RMM_CMD_RMI_GRANULE_TRACKING_GET:
		return true;
	default:
		return !call_behaves(call, RMM_BEHAVIOUR_RMM_STATE_GATE);
	}
}

/* The commands of TF-RMM that need no devices (`only_tf_rmm_commands`). */
static const bool in_tf_rmm[RMM_CMD_COUNT] = {
	[RMM_CMD_RMI_VERSION] = true,
	[RMM_CMD_RMI_FEATURES] = true,
	[RMM_CMD_RMI_RMM_CONFIG_GET] = true,
	[RMM_CMD_RMI_RMM_CONFIG_SET] = true,
	[RMM_CMD_RMI_RMM_ACTIVATE] = true,
	[RMM_CMD_RMI_GRANULE_RANGE_DELEGATE] = true,
	[RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE] = true,
	[RMM_CMD_RMI_GRANULE_TRACKING_GET] = true,
	[RMM_CMD_RMI_GPT_L1_CREATE] = true,
	[RMM_CMD_RMI_REALM_CREATE] = true,
	[RMM_CMD_RMI_REALM_ACTIVATE] = true,
	[RMM_CMD_RMI_REALM_TERMINATE] = true,
	[RMM_CMD_RMI_REALM_DESTROY] = true,
	[RMM_CMD_RMI_REC_CREATE] = true,
	[RMM_CMD_RMI_REC_DESTROY] = true,
	[RMM_CMD_RMI_REC_ENTER] = true,
	[RMM_CMD_RMI_PSCI_COMPLETE] = true,
	[RMM_CMD_RMI_RTT_CREATE] = true,
	[RMM_CMD_RMI_RTT_DESTROY] = true,
	[RMM_CMD_RMI_RTT_FOLD] = true,
	[RMM_CMD_RMI_RTT_READ_ENTRY] = true,
	[RMM_CMD_RMI_RTT_INIT_RIPAS] = true,
	[RMM_CMD_RMI_RTT_SET_RIPAS] = true,
	[RMM_CMD_RMI_RTT_SET_S2AP] = true,
	[RMM_CMD_RMI_RTT_DATA_MAP_INIT] = true,
	[RMM_CMD_RMI_RTT_DATA_MAP] = true,
	[RMM_CMD_RMI_RTT_DATA_UNMAP] = true,
	[RMM_CMD_RMI_RTT_UNPROT_MAP] = true,
	[RMM_CMD_RMI_RTT_UNPROT_UNMAP] = true,
	[RMM_CMD_RMI_RTT_AUX_CREATE] = true,
	[RMM_CMD_RMI_RTT_AUX_DESTROY] = true,
	[RMM_CMD_RMI_RTT_AUX_FOLD] = true,
	[RMM_CMD_RMI_RTT_AUX_PROT_MAP] = true,
	[RMM_CMD_RMI_RTT_AUX_PROT_UNMAP] = true,
	[RMM_CMD_RMI_RTT_AUX_UNPROT_MAP] = true,
	[RMM_CMD_RMI_RTT_AUX_UNPROT_UNMAP] = true,
	[RMM_CMD_RMI_OP_CONTINUE] = true,
	[RMM_CMD_RMI_OP_CANCEL] = true,
	[RMM_CMD_RMI_OP_MEM_DONATE] = true,
	[RMM_CMD_RMI_OP_MEM_RECLAIM] = true,
};

bool monitor_hides(const struct rmm_system *sys, enum rmm_command command)
{
	if (in_tf_rmm[command])
		return false;
	const struct rmm_abi_command *form = rmm_abi_command_by_id(sys->config.version, command);

	if (strcmp(form->group, "device") != 0)
		return rmm_behaves(sys, RMM_BEHAVIOUR_ONLY_TF_RMM_COMMANDS);
	return !sys->config.features.da && rmm_behaves(sys, RMM_BEHAVIOUR_DEVICE_COMMANDS_UNKNOWN);
}

static uint64_t execute(struct rmm_call *call)
{
	const rmm_handler handler = rmm_dispatch[call_version(call)][call->command];

	if (monitor_hides(call->sys, call->command))
		return SMCCC_UNKNOWN;
	if (!passes_gate(call))
		return rmm_fail(call, RMI_ANY_RMM_STATE);
	if (handler)
		return handler(call);
	if (call_behaves(call, RMM_BEHAVIOUR_UNIMPLEMENTED_IS_UNKNOWN))
		return SMCCC_UNKNOWN;
	return rmm_fail(call, RMI_ANY_NOT_IMPLEMENTED);
}

static bool find_command(const struct rmm_system *sys, uint64_t x0, enum rmm_command *command)
{
	const uint64_t fid = x0 & UINT32_MAX & ~FID_SVE_HINT;

	if (fid - RMM_FID_FIRST >= RMM_FID_SPAN)
		return false;
	const uint16_t index = rmm_fid_index[sys->config.version][fid - RMM_FID_FIRST];
	if (index >= RMM_CMD_COUNT)
		return false;
	*command = (enum rmm_command)index;
	return rmm_command_interface[index] == RMM_INTERFACE_RMI;
}

/* Outputs come on top of this. */
static void clear_outputs(const struct rmm_system *sys, struct smc_regs *regs)
{
	memset(&regs->x[1], 0, rmm_last_cleared_x(sys) * sizeof(uint64_t));
}

static void begin_report(struct rmm_system *sys, unsigned int n, enum rmm_command command)
{
	struct pe *const pe = &sys->pes[n];

	pe->report.command = command;
	pe->report.condition = RMM_CONDITION_NONE;
	pe->report.guest_command = RMM_CMD_COUNT;
	pe->report.guest_condition = RMM_CONDITION_NONE;
	pe->report.calls++;
	timer_pass(sys, n, 1);
}

/* What needs to be alone sees who is in a call, and keeps others from beginning one. */
static void enter_call(const struct rmm_system *sys, struct pe *pe)
{
	unsigned int tries = 0;

	if (!sys->config.threads) {
		pe->in_call = true;
		return;
	}
	__atomic_store_n(&pe->in_call, true, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&sys->closed, __ATOMIC_SEQ_CST)) {
		__atomic_store_n(&pe->in_call, false, __ATOMIC_RELEASE);
		spin_pause(&tries);
		__atomic_store_n(&pe->in_call, true, __ATOMIC_SEQ_CST);
	}
}

static void leave_call(struct pe *pe)
{
	__atomic_store_n(&pe->in_call, false, __ATOMIC_RELEASE);
}

void rmm_smc(struct rmm_system *sys, unsigned int pe, struct smc_regs *regs)
{
	struct rmm_call call = {.sys = sys, .pe = pe};
	enum rmm_command command = RMM_CMD_COUNT;

	if (!regs)
		return;
	call.out = regs->x;
	handle_enter(sys, pe, __func__);
	if (!sys || pe >= sys->config.num_pes) {
		regs->x[0] = SMCCC_UNKNOWN;
		handle_leave(sys, pe);
		return;
	}
	charge(&call, RMM_COST_SMC, 1, 0);
	const bool found = find_command(sys, regs->x[0], &command);
	begin_report(sys, pe, command);
	enter_call(sys, &sys->pes[pe]);
	if (found) {
		call.command = command;
		memcpy(call.in, regs->x, sizeof(call.in));
		clear_outputs(sys, regs);
		charge(&call, RMM_COST_DISPATCH, 1, 0);
		const uint64_t x0 = execute(&call);
		regs->x[0] = x0;
		call_release_locks(&call);
		sys->pes[pe].report.condition = call.condition;
		tlb_call_ends(&call);
	} else {
		memset(&regs->x[1], 0, SMCCC_LAST_CLEARED_X * sizeof(uint64_t));
		regs->x[0] = SMCCC_UNKNOWN;
	}
	leave_call(&sys->pes[pe]);
	charge(&call, RMM_COST_SMC_RETURN, 1, 0);
	handle_leave(sys, pe);
}

static void conduit_call(void *ctx, struct smc_regs *regs)
{
	const struct rmm_conduit_ctx *to = ctx;

	if (!to) {
		regs->x[0] = SMCCC_UNKNOWN;
		return;
	}
	rmm_smc(to->sys, to->pe, regs);
}

struct smc_conduit rmm_conduit(struct rmm_conduit_ctx *ctx)
{
	return (struct smc_conduit){.call = conduit_call, .ctx = ctx};
}

const struct rmm_call_report *rmm_last_call(const struct rmm_system *sys, unsigned int pe)
{
	handle_check(sys, pe, __func__);
	return sys && pe < sys->config.num_pes ? &sys->pes[pe].report : NULL;
}
