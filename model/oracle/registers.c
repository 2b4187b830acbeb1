/* SPDX-License-Identifier: BSD-3-Clause */
/* X1 and up: outputs of this answer, zero, or as they were. */
#include <inttypes.h>

#include "oracle/judge.h"
#include "rmmsim/abi/encoding.h"

#define LAST_CLEARED 3  /* X1 to X3 are zero when they are no outputs */
#define LAST_UNUSED  16 /* of registers that a call may clear at all */

static uint32_t all_outputs(const struct rmm_abi_command *form)
{
	uint32_t set = 0;

	for (size_t i = 0; i < form->num_outputs; i++)
		set |= UINT32_C(1) << form->outputs[i].reg;
	return set;
}

/* Outputs that a failing call defines: those that its condition has data for. */
static uint32_t failure_outputs(const struct oracle_verdict *v)
{
	uint32_t set = 0;

	for (unsigned int i = 0; v->command && i < v->command->num_failures; i++) {
		const struct oracle_failure *f = &v->command->failures[i];

		if (f->condition != v->reported)
			continue;
		for (unsigned int k = 0; k < f->num_data; k++)
			set |= UINT32_C(1) << f->data[k].reg;
	}
	return set;
}

/* Outputs that the notes of a command define beyond its conditions. */
static uint32_t noted_outputs(const struct oracle_verdict *v)
{
	switch (v->env->form->id) {
	case RMM_CMD_RMI_GRANULE_RANGE_DELEGATE:
	case RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE:
		return rmm_behaves(v->env->sys, RMM_BEHAVIOUR_DELEGATE_FAILURE_RETURNS_BASE) ? 2
											     : 0;
	case RMM_CMD_RMI_OP_MEM_DONATE:
		return UINT32_C(1) << 1; /* donated_count is valid with every status */
	case RMM_CMD_RMI_RTT_DESTROY:
		return UINT32_C(1) << 2; /* aux_ref does not say what top is */
	default:
		return 0;
	}
}

static uint32_t defined(const struct oracle_verdict *v)
{
	const uint32_t first_answer = UINT32_C(3) << 1; /* handle and request */
	uint32_t set = 1;

	if (v->reported != RMM_CONDITION_NONE)
		return set | failure_outputs(v) | noted_outputs(v);
	set |= all_outputs(v->env->form);
	if (oracle_status(v->env) == RMI_INCOMPLETE)
		set |= first_answer;
	/* The end of an operation carries the outputs of its command. */
	if (v->operation && v->operation->first)
		set |= all_outputs(v->operation->first->form);
	return set;
}

void oracle_judge_registers(struct oracle_verdict *v)
{
	const uint32_t outputs = defined(v);
	const bool all_zero = rmm_behaves(v->env->sys, RMM_BEHAVIOUR_UNUSED_OUTPUTS_ZERO);

	for (unsigned int i = 1; i < SMC_NUM_REGS; i++) {
		const uint64_t was = v->env->in.x[i];
		const uint64_t is = v->env->out.x[i];
		const bool cleared = i <= LAST_CLEARED || (all_zero && i <= LAST_UNUSED);

		if (outputs >> i & 1 || is == (cleared ? 0 : was))
			continue;
		/* An output that a failure leaves undefined beyond the cleared ones. */
		if (all_outputs(v->env->form) >> i & 1 && is == 0)
			continue;
		oracle_print(&v->why, "X%u is 0x%" PRIx64 " and should be %s", i, is,
			     cleared ? "zero" : "as it was");
		return;
	}
}
