/* SPDX-License-Identifier: BSD-3-Clause */
/* SMCs of a realm: RSI, PSCI and SMCCC calls on their way to a handler. */
#include <string.h>

#include "rmm/psci.h"
#include "rmm/rec_run.h"
#include "rmm/rmm.h"

#define SMCCC_UNKNOWN     UINT64_MAX
#define INSTRUCTION_BYTES 4

/*
 * The command behind X0. TF-RMM also takes the 32-bit forms of PSCI, but no
 * PSCI function that comes with the SVE hint.
 */
static const struct rmm_abi_command *find_form(const struct rmm_system *sys, uint64_t x0)
{
	const enum rmm_version v = sys->config.version;
	const uint32_t fid = (uint32_t)(x0 & UINT32_MAX & ~SMCCC_SVE_HINT);
	const struct rmm_abi_command *form = rmm_abi_command_by_fid(v, fid);

	if (!form && rmm_behaves(sys, RMM_BEHAVIOUR_PSCI_SMC32_ACCEPTED))
		form = rmm_abi_command_by_fid(v, psci_plain_fid(x0));
	if (!form || rmm_command_interface[form->id] == RMM_INTERFACE_RMI)
		return NULL;
	if (rmm_command_interface[form->id] == RMM_INTERFACE_PSCI && x0 & SMCCC_SVE_HINT &&
	    rmm_behaves(sys, RMM_BEHAVIOUR_PSCI_SVE_HINT_UNKNOWN))
		return NULL;
	return form;
}

static rmm_handler find_handler(const struct rmm_system *sys, uint64_t x0,
				enum rmm_command *command)
{
	const struct rmm_abi_command *form = find_form(sys, x0);

	*command = form ? form->id : RMM_CMD_COUNT;
	return form ? rmm_dispatch[sys->config.version][form->id] : NULL;
}

/* Outputs come on top of this. */
static void clear_outputs(const struct rmm_call *call)
{
	size_t last = SMCCC_LAST_CLEARED_X;

	if (call->command < RMM_CMD_COUNT &&
	    rmm_command_interface[call->command] == RMM_INTERFACE_RSI)
		last = rmm_last_cleared_x(call->sys);
	memset(&call->out[1], 0, last * sizeof(call->out[0]));
}

static void report(const struct rec_run *run, const struct rmm_call *call)
{
	struct rmm_call_report *report = &run->call->sys->pes[run->call->pe].report;

	report->guest_command = call->command;
	report->guest_condition = call->condition;
}

/* Returns true when the host has to run. The PC is behind the SMC unless the call is made again. */
static bool finish(struct rmm_vcpu *vcpu, const struct rmm_call *call, uint64_t x0)
{
	switch (call->outcome) {
	case CALL_RETRIES:
		memcpy(vcpu->x, call->in, sizeof(call->in));
		return true;
	case CALL_WAITS:
		memcpy(vcpu->x, call->in, sizeof(call->in));
		break;
	default:
		vcpu->x[0] = x0;
		break;
	}
	vcpu->pc += INSTRUCTION_BYTES;
	return call->outcome != CALL_RETURNS;
}

bool rec_smc(struct rec_run *run)
{
	struct rmm_vcpu *vcpu = &run->rec->vcpu;
	struct rmm_call call = {
		.sys = run->call->sys,
		.pe = run->call->pe,
		.rec = run->rec,
		.rec_pa = run->rec_pa,
		.realm = run->realm,
		.exit = &run->exit,
		.exit_imm_high = &run->imm_high,
		.out = vcpu->x,
	};
	const rmm_handler handler = find_handler(call.sys, vcpu->x[0], &call.command);
	uint64_t x0 = SMCCC_UNKNOWN;

	memcpy(call.in, vcpu->x, sizeof(call.in));
	clear_outputs(&call);
	if (handler)
		x0 = handler(&call);
	call_release_locks(&call);
	report(run, &call);
	return finish(vcpu, &call, x0);
}
