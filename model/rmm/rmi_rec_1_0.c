/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RMI_REC_AUX_COUNT; RMI_REC_CREATE and RMI_REC_DESTROY as they are in 1.0,
 * where the parameters name the auxiliary granules of the REC.
 */
#include "rmm/handlers.h"
#include "rmm/rec_create.h"

uint64_t rmi_rec_aux_count(struct rmm_call *call)
{
	static const struct granule_conditions conditions =
		GRANULE_CONDITIONS(RMI_REC_AUX_COUNT, RD);
	struct rmm_realm *realm;
	const enum rmm_condition failed = realm_take(call, call->in[1], &conditions, &realm);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	call->out[1] = call->sys->config.rec_aux_granules;
	return RMI_SUCCESS;
}

/* ---- auxiliary granules --------------------------------------------------------- */

static bool is_alias(const struct operation *draft, unsigned int i)
{
	for (unsigned int k = 0; k < i; k++)
		if (draft->held[k] == draft->held[i])
			return true;
	return draft->held[i] == draft->partial;
}

static enum rmm_condition check_aux(const struct rmm_call *call, const struct operation *draft)
{
	if (draft->wanted != call->sys->config.rec_aux_granules)
		return RMI_REC_CREATE_NUM_AUX;
	for (unsigned int i = 0; i < draft->wanted; i++)
		if (!is_granule_aligned(draft->held[i]))
			return RMI_REC_CREATE_AUX_ALIGN;
	for (unsigned int i = 0; i < draft->wanted; i++)
		if (is_alias(draft, i))
			return RMI_REC_CREATE_AUX_ALIAS;
	return RMM_CONDITION_NONE;
}

/* Each granule is locked alone: nobody waits for two that another one holds. */
static bool take_aux(struct rmm_call *call, uint64_t pa)
{
	bool taken = false;

	if (!pa_is_conventional(call, pa) || !granule_lock_in(call, pa, RMM_GRANULE_DELEGATED))
		return false;
	if (call_granule_state(call, pa) == RMM_GRANULE_DELEGATED) {
		call_granule_set(call, pa, RMM_GRANULE_INTERNAL);
		taken = true;
	}
	granule_unlock(call, pa);
	return taken;
}

static void give_all_aux(struct rmm_call *call, const struct operation *draft)
{
	for (unsigned int i = 0; i < draft->num_held; i++)
		call_granule_set(call, draft->held[i], RMM_GRANULE_DELEGATED);
}

static enum rmm_condition take_all_aux(struct rmm_call *call, struct operation *draft)
{
	for (; draft->num_held < draft->wanted; draft->num_held++) {
		if (take_aux(call, draft->held[draft->num_held]))
			continue;
		give_all_aux(call, draft);
		return RMI_REC_CREATE_AUX_STATE;
	}
	return RMM_CONDITION_NONE;
}

/* ---- create ------------------------------------------------------------------------ */

static enum rmm_condition check_objects(struct rmm_call *call, const struct operation *draft)
{
	static const struct granule_conditions conditions = GRANULE_CONDITIONS(RMI_REC_CREATE, REC);
	const enum rmm_condition failed =
		granule_take(call, draft->partial, RMM_GRANULE_DELEGATED, &conditions);

	return failed == RMM_CONDITION_NONE ? rec_create_check_realm(call, draft) : failed;
}

uint64_t rec_create_at_once(struct rmm_call *call, struct operation *draft)
{
	uint64_t aux[MAX_AUX_GRANULES] = {0};
	enum rmm_condition failed;

	draft->held = aux;
	failed = rec_create_read_params(call, draft);
	if (failed == RMM_CONDITION_NONE)
		failed = check_aux(call, draft);
	if (failed == RMM_CONDITION_NONE)
		failed = take_all_aux(call, draft);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	rec_create_lock(call, draft);
	failed = check_objects(call, draft);
	if (failed != RMM_CONDITION_NONE) {
		give_all_aux(call, draft);
		return rmm_fail(call, failed);
	}
	rec_create_add(call, draft);
	return RMI_SUCCESS;
}

/* ---- destroy ----------------------------------------------------------------------- */

static void give_wiped(struct rmm_call *call, uint64_t pa)
{
	if (call_behaves(call, RMM_BEHAVIOUR_WIPE_ON_UNMAP))
		granule_wipe(call, pa);
	call_granule_set(call, pa, RMM_GRANULE_DELEGATED);
}

uint64_t rec_destroy_at_once(struct rmm_call *call, const struct rmm_rec *rec)
{
	const uint64_t rec_pa = call->in[1];

	rec_destroy_remove(call, rec_pa, rec);
	for (unsigned int i = 0; i < rec->num_aux; i++)
		give_wiped(call, rec->aux[i]);
	call_granule_set(call, rec_pa, RMM_GRANULE_DELEGATED);
	return RMI_SUCCESS;
}
