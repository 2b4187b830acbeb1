/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GRANULE_DELEGATE, RMI_GRANULE_UNDELEGATE: one granule of memory at a time. */
#include "rmm/call.h"
#include "rmm/granule_move.h"
#include "rmm/handlers.h"

static uint64_t move_one(struct rmm_call *call, const struct granule_move *move,
			 const struct granule_conditions *conditions, enum rmm_condition gpt)
{
	const uint64_t addr = call->in[1];

	if (!is_granule_aligned(addr))
		return rmm_fail(call, conditions->align);
	if (!pa_is_conventional(call, addr))
		return rmm_fail(call, conditions->bound);
	const enum rmm_condition failed = granule_take(call, addr, move->from, conditions);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	/* What was delegated is in the Realm PAS: EL3 gives it back. */
	if (gpt != RMM_CONDITION_NONE && !granules_movable_by_el3(call, addr, 1))
		return rmm_fail(call, gpt);
	granules_move(call, move, addr, 1);
	return RMI_SUCCESS;
}

uint64_t rmi_granule_delegate(struct rmm_call *call)
{
	static const struct granule_conditions conditions =
		GRANULE_CONDITIONS(RMI_GRANULE_DELEGATE, GRAN);

	return move_one(call, &granule_delegation, &conditions, RMI_GRANULE_DELEGATE_GRAN_GPT);
}

uint64_t rmi_granule_undelegate(struct rmm_call *call)
{
	static const struct granule_conditions conditions =
		GRANULE_CONDITIONS(RMI_GRANULE_UNDELEGATE, GRAN);

	return move_one(call, &granule_undelegation, &conditions, RMM_CONDITION_NONE);
}
