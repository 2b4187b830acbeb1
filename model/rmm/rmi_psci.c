/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_PSCI_COMPLETE. */
#include <string.h>

#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/psci.h"

/* PsciReturnCodePermitted, 2.0-bet0 B3.87. */
static bool status_is_permitted(const struct rmm_rec *calling, const struct rmm_rec *target,
				uint64_t status)
{
	if (status == PSCI_SUCCESS)
		return true;
	return psci_is_cpu_on(calling->vcpu.x[0]) && !psci_is_on(target) && status == PSCI_DENIED;
}

/* All of EL1 and EL0 as after a reset; the timers are off. */
static void reset(struct rmm_rec *rec)
{
	memset(&rec->vcpu, 0, sizeof(rec->vcpu));
	rec->timer_outputs = 0;
}

static void switch_on(const struct rmm_call *call, const struct rmm_rec *calling,
		      struct rmm_rec *target)
{
	struct rmm_vcpu *vcpu = &target->vcpu;
	const uint64_t mpidr = vcpu->mpidr;
	const uint64_t sctlr_ee = calling->vcpu.sctlr_el1 & PSCI_SCTLR_EE;

	if (!call_behaves(call, RMM_BEHAVIOUR_CPU_ON_KEEPS_TARGET_GPRS))
		reset(target);
	vcpu->mpidr = mpidr;
	vcpu->pstate = PSCI_RESET_PSTATE;
	vcpu->sctlr_el1 = PSCI_RESET_SCTLR | sctlr_ee;
	vcpu->pc = calling->vcpu.x[2];
	vcpu->x[0] = calling->vcpu.x[3];
	target->runnable = true;
}

static uint64_t answer(const struct rmm_call *call, const struct rmm_rec *calling,
		       struct rmm_rec *target, uint64_t status)
{
	if (status != PSCI_SUCCESS)
		return status;
	if (!psci_is_cpu_on(calling->vcpu.x[0]))
		return psci_is_on(target) ? PSCI_SUCCESS : PSCI_OFF;
	if (psci_is_on(target))
		return PSCI_ALREADY_ON;
	switch_on(call, calling, target);
	return PSCI_SUCCESS;
}

static void complete(struct rmm_rec *calling, uint64_t x0)
{
	calling->vcpu.x[0] = x0;
	memset(&calling->vcpu.x[1], 0, 3 * sizeof(uint64_t));
	calling->pending = REC_PENDING_NONE;
}

/* TF-RMM: refusing to switch on what already runs completes the call and fails. */
static uint64_t fail_status(struct rmm_call *call, struct rmm_rec *calling,
			    const struct rmm_rec *target, uint64_t status)
{
	if (call_behaves(call, RMM_BEHAVIOUR_PSCI_COMPLETE_DENIED_QUIRK) && psci_is_on(target) &&
	    psci_is_cpu_on(calling->vcpu.x[0]) && status == PSCI_DENIED)
		complete(calling, PSCI_ALREADY_ON);
	return rmm_fail(call, RMI_PSCI_COMPLETE_STATUS);
}

static const struct granule_conditions calling_conditions =
	GRANULE_CONDITIONS(RMI_PSCI_COMPLETE, CALLING);

static enum rmm_condition check_calling(const struct rmm_call *call, const struct rmm_rec *calling)
{
	if (calling->running && call_behaves(call, RMM_BEHAVIOUR_PSCI_COMPLETE_RUNNING_REFUSED))
		return RMI_PSCI_COMPLETE_CALLING_RUNNING_TF;
	/* What a running REC asks for is not pending before its exit. */
	if (calling->running || calling->pending != REC_PENDING_PSCI)
		return RMI_PSCI_COMPLETE_PENDING;
	return RMM_CONDITION_NONE;
}

/* The form with two RECs, until 2.0-bet1. */
static enum rmm_condition find_both(struct rmm_call *call, struct rmm_rec **calling,
				    struct rmm_rec **target)
{
	static const struct granule_conditions conditions =
		GRANULE_CONDITIONS(RMI_PSCI_COMPLETE, TARGET);
	const bool ascending = call->in[1] < call->in[2];
	enum rmm_condition failed;

	if (call->in[1] == call->in[2] && is_granule_aligned(call->in[1]))
		return RMI_PSCI_COMPLETE_ALIAS;
	granule_take_first(call, call->in[ascending ? 1 : 2], RMM_GRANULE_REC);
	granule_take_first(call, call->in[ascending ? 2 : 1], RMM_GRANULE_REC);
	granule_took_first(call);
	failed = rec_take(call, call->in[1], &calling_conditions, calling);
	if (failed == RMM_CONDITION_NONE)
		failed = rec_take(call, call->in[2], &conditions, target);
	if (failed == RMM_CONDITION_NONE)
		failed = check_calling(call, *calling);
	if (failed != RMM_CONDITION_NONE)
		return failed;
	if ((*target)->owner != (*calling)->owner)
		return RMI_PSCI_COMPLETE_OWNER;
	if (!psci_names(call, (*calling)->vcpu.x[1], *target))
		return RMI_PSCI_COMPLETE_TARGET;
	return RMM_CONDITION_NONE;
}

/* The form in which the RMM finds the target, since 2.0-bet2. */
static enum rmm_condition find_target(struct rmm_call *call, struct rmm_rec **calling,
				      struct rmm_rec **target)
{
	enum rmm_condition failed =
		rec_take_with_realm(call, call->in[1], &calling_conditions, calling);

	if (failed == RMM_CONDITION_NONE)
		failed = check_calling(call, *calling);
	if (failed != RMM_CONDITION_NONE)
		return failed;
	const uint64_t named =
		psci_find_rec(call, realm_at(call, (*calling)->owner), (*calling)->vcpu.x[1]);
	/* Destroyed since the realm named it. */
	if (!named)
		return RMI_PSCI_COMPLETE_STATUS;
	if (!granule_is_locked(call, named))
		granule_lock(call, named);
	*target = rec_at(call, named);
	return RMM_CONDITION_NONE;
}

uint64_t rmi_psci_complete(struct rmm_call *call)
{
	const struct rmm_abi_command *form =
		rmm_abi_command_by_id(call_version(call), RMM_CMD_RMI_PSCI_COMPLETE);
	const bool two_recs = form->num_inputs == 3;
	const uint64_t status = two_recs ? call->in[3] : call->in[2];
	struct rmm_rec *calling;
	struct rmm_rec *target;
	const enum rmm_condition failed = two_recs ? find_both(call, &calling, &target)
						   : find_target(call, &calling, &target);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (psci_is_lost(call, calling->vcpu.x[0])) {
		complete(calling, PSCI_NOT_SUPPORTED);
		return RMI_SUCCESS;
	}
	if (!status_is_permitted(calling, target, status))
		return fail_status(call, calling, target, status);
	complete(calling, answer(call, calling, target, status));
	return RMI_SUCCESS;
}
