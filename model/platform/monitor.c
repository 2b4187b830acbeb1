/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The monitor: takes an SMC of the host, finds the command behind the function
 * identifier, and passes it through the RMM's front door.
 */
#include <string.h>

#include "platform/tlb_lint.h"
#include "rmm/call.h"
#include "rmm/rmm.h"
#include "rmm/timer.h"

#define SMCCC_UNKNOWN  UINT64_MAX
#define FID_SVE_HINT   UINT64_C(0x10000)
#define LAST_CLEARED_X 3 /* X1..X3 read 0 unless they are outputs */

/* Commands that TF-RMM answers before RMI_RMM_ACTIVATE (`rmm_state_gate`). */
static bool passes_gate(const struct rmm_call *call)
{
	if (call->sys->state == RMM_STATE_ACTIVE)
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

static uint64_t execute(struct rmm_call *call)
{
	const rmm_handler handler = rmm_dispatch[call_version(call)][call->command];

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

void rmm_smc(struct rmm_system *sys, unsigned int pe, struct smc_regs *regs)
{
	struct rmm_call call = {.sys = sys, .pe = pe};
	enum rmm_command command = RMM_CMD_COUNT;

	if (!regs)
		return;
	call.out = regs->x;
	if (!sys || pe >= sys->config.num_pes) {
		regs->x[0] = SMCCC_UNKNOWN;
		return;
	}
	charge(&call, RMM_COST_SMC, 1, 0);
	const bool found = find_command(sys, regs->x[0], &command);
	begin_report(sys, pe, command);
	sys->pes[pe].in_call = true;
	if (found) {
		call.command = command;
		memcpy(call.in, regs->x, sizeof(call.in));
		memset(&regs->x[1], 0, LAST_CLEARED_X * sizeof(uint64_t));
		charge(&call, RMM_COST_DISPATCH, 1, 0);
		const uint64_t x0 = execute(&call);
		regs->x[0] = x0;
		call_release_locks(&call);
		sys->pes[pe].report.condition = call.condition;
		tlb_call_ends(&call);
	} else {
		memset(&regs->x[1], 0, LAST_CLEARED_X * sizeof(uint64_t));
		regs->x[0] = SMCCC_UNKNOWN;
	}
	sys->pes[pe].in_call = false;
	charge(&call, RMM_COST_SMC_RETURN, 1, 0);
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
	return sys && pe < sys->config.num_pes ? &sys->pes[pe].report : NULL;
}
