/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REC_CREATE, RMI_REC_DESTROY: stateful, they take and return memory. */
#include <string.h>

#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/measurement.h"
#include "rmm/rec_create.h"

/* Reset values of AArch64 EL1 (Arm ARM; PSTATE: EL1h, all exceptions masked). */
#define RESET_PSTATE UINT64_C(0x3c5)
#define RESET_SCTLR  UINT64_C(0x00c50878)
#define MPIDR_RES1   (UINT64_C(1) << 31)

#define MPIDR_SBZ    (~(UINT64_C(0xf) | UINT64_C(0xffffff) << 8))

/* RecIndex, 2.0-bet0 B3.107. */
uint64_t rec_index_of(uint64_t mpidr)
{
	return (mpidr & 0xf) | (mpidr >> 8 & 0xff) << 4 | (mpidr >> 16 & 0xff) << 12 |
	       (mpidr >> 24 & 0xff) << 20;
}

/* ---- create ----------------------------------------------------------------- */

static void save_params(enum rmm_version v, const void *image, struct operation *op)
{
	struct rmi_rec_params params;

	rmi_rec_params_decode(v, image, &params);
	op->params[0] = params.flags;
	op->params[1] = params.mpidr;
	op->params[2] = params.pc;
	memcpy(&op->params[3], params.gprs, sizeof(params.gprs));
}

/* RMI 1.0: what 2.0 asks the host to donate. */
static void save_aux(enum rmm_version v, const void *image, struct operation *op)
{
	struct rmi_rec_params params;

	rmi_rec_params_decode(v, image, &params);
	op->wanted = params.num_aux;
	memcpy(op->held, params.aux, sizeof(params.aux));
}

static void load_params(const struct operation *op, struct rmi_rec_params *params)
{
	params->flags = op->params[0];
	params->mpidr = op->params[1];
	params->pc = op->params[2];
	memcpy(params->gprs, &op->params[3], sizeof(params->gprs));
}

enum rmm_condition rec_create_read_params(struct rmm_call *call, struct operation *op)
{
	uint8_t image[RMI_REC_PARAMS_SIZE];

	if (!is_granule_aligned(op->params_ptr))
		return RMI_REC_CREATE_PARAMS_ALIGN;
	if (ns_out_of_bounds(call, op->params_ptr))
		return RMI_REC_CREATE_PARAMS_BOUND;
	if (!ns_read(call, op->params_ptr, image, sizeof(image)))
		return RMI_REC_CREATE_PARAMS_PAS;
	save_params(call_version(call), image, op);
	if (call_is_rmi_1(call) && op->held)
		save_aux(call_version(call), image, op);
	return RMM_CONDITION_NONE;
}

enum rmm_condition rec_create_check_realm(struct rmm_call *call, const struct operation *op)
{
	static const struct granule_conditions conditions = GRANULE_CONDITIONS(RMI_REC_CREATE, RD);
	const uint64_t max_recs = (UINT64_C(1) << call->sys->config.features.max_recs_order) - 1;
	struct rmm_realm *realm;
	const enum rmm_condition failed = realm_take(call, op->rd, &conditions, &realm);

	if (failed != RMM_CONDITION_NONE)
		return failed;
	if (realm->num_recs == max_recs)
		return RMI_REC_CREATE_NUM_RECS;
	if (realm_state(realm) != RMM_REALM_NEW)
		return RMI_REC_CREATE_REALM_STATE;
	if (op->params[1] & MPIDR_SBZ && call_behaves(call, RMM_BEHAVIOUR_REC_MPIDR_SBZ_CHECKED))
		return RMI_REC_CREATE_MPIDR_SBZ_TF;
	if (rec_index_of(op->params[1]) != realm->rec_index)
		return RMI_REC_CREATE_MPIDR_INDEX;
	return RMM_CONDITION_NONE;
}

/* In the layout of MPIDR_EL1, which has Aff3 elsewhere than RmiRecMpidr. */
static uint64_t guest_mpidr(const struct rmm_call *call, uint64_t mpidr)
{
	if (call_behaves(call, RMM_BEHAVIOUR_VMPIDR_HOLDS_REC_MPIDR))
		return mpidr;
	return (mpidr & 0xffffff) | (mpidr >> 24 & 0xff) << 32;
}

static void init_rec(const struct rmm_call *call, const struct operation *op, struct rmm_rec *rec)
{
	struct rmi_rec_params params;

	load_params(op, &params);
	rec->owner = op->rd;
	rec->mpidr = params.mpidr;
	rec->runnable = rmi_rec_create_flags_runnable(call_version(call), params.flags);
	rec->num_aux = op->num_held;
	memcpy(rec->aux, op->held, sizeof(rec->aux));
	memcpy(rec->vcpu.x, params.gprs, sizeof(params.gprs));
	rec->vcpu.pc = params.pc;
	rec->vcpu.pstate = RESET_PSTATE;
	rec->vcpu.sctlr_el1 = RESET_SCTLR;
	rec->vcpu.mpidr = MPIDR_RES1 | guest_mpidr(call, params.mpidr);
}

static void measure_rec(struct rmm_call *call, const struct operation *op, struct rmm_realm *realm)
{
	struct rmi_rec_params params = {0};

	load_params(op, &params);
	measurement_extend_rec(call, realm, &params);
}

void rec_create_add(struct rmm_call *call, const struct operation *op)
{
	const struct rmm_guest_ops *guest = call->sys->config.guest;
	struct rmm_realm *realm = realm_at(call, op->rd);
	struct rmm_rec *rec = rec_at(call, op->partial);

	granule_claim(call, op->partial);
	init_rec(call, op, rec);
	if (rec->runnable)
		measure_rec(call, op, realm);
	rec->next = realm->first_rec;
	realm->first_rec = op->partial;
	realm->rec_index++;
	realm->num_recs++;
	if (guest && guest->attach)
		*guest_slot(call, op->partial) = guest->attach(call->sys->config.guest_machine,
							       op->rd, op->partial, rec->mpidr);
	/* From here on other PEs can enter it. */
	call_granule_set(call, op->partial, RMM_GRANULE_REC);
}

static uint64_t resume_create(struct rmm_call *call, struct operation *op)
{
	enum rmm_condition failed = RMM_CONDITION_NONE;

	if (op->failed)
		return operation_end_unwound(call, op);
	if (call_behaves(call, RMM_BEHAVIOUR_REC_CREATE_CHECKS_DEFERRED))
		failed = rec_create_read_params(call, op);
	if (failed == RMM_CONDITION_NONE)
		failed = rec_create_check_realm(call, op);
	/* A realm that is about to go will not come back: nothing to wait for. */
	if (failed == RMI_ANY_BLOCKED)
		failed = RMI_REC_CREATE_RD_STATE;
	if (failed != RMM_CONDITION_NONE)
		return operation_unwind(call, op, failed);
	rec_create_add(call, op);
	operation_end(op);
	return RMI_SUCCESS;
}

void rec_create_lock(struct rmm_call *call, const struct operation *op)
{
	granule_take_first(call, op->rd, RMM_GRANULE_RD);
	granule_take_first(call, op->partial, RMM_GRANULE_DELEGATED);
	granule_took_first(call);
}

uint64_t rmi_rec_create(struct rmm_call *call)
{
	static const struct granule_conditions conditions = GRANULE_CONDITIONS(RMI_REC_CREATE, REC);
	struct operation draft = {
		.rd = call->in[1],
		.partial = call->in[2],
		.params_ptr = call->in[3],
	};
	bool busy;

	if (call_is_rmi_1(call))
		return rec_create_at_once(call, &draft);
	rec_create_lock(call, &draft);
	enum rmm_condition failed =
		granule_take(call, draft.partial, RMM_GRANULE_DELEGATED, &conditions);

	if (failed == RMM_CONDITION_NONE &&
	    !call_behaves(call, RMM_BEHAVIOUR_REC_CREATE_CHECKS_DEFERRED)) {
		failed = rec_create_read_params(call, &draft);
		if (failed == RMM_CONDITION_NONE)
			failed = rec_create_check_realm(call, &draft);
	}
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	struct operation *op = operation_begin(call, &busy);
	if (!op)
		return rmm_fail(call, busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED);
	op->rd = draft.rd;
	op->partial = draft.partial;
	op->params_ptr = draft.params_ptr;
	memcpy(op->params, draft.params, sizeof(op->params));
	op->resume = resume_create;
	op->wanted = call->sys->config.rec_aux_granules;
	op->wanted_contig = call->sys->config.aux_contiguous;
	op->can_cancel = !call_behaves(call, RMM_BEHAVIOUR_OPERATIONS_CANNOT_CANCEL);
	call_granule_set(call, op->partial, RMM_GRANULE_PARTIAL);
	if (!op->wanted)
		return resume_create(call, op);
	return operation_yield_first(call, op, OPERATION_WAIT_DONATE);
}

/* ---- destroy -------------------------------------------------------------------- */

static uint64_t resume_destroy(struct rmm_call *call, struct operation *op)
{
	call_granule_set(call, op->partial, RMM_GRANULE_DELEGATED);
	operation_end(op);
	return RMI_SUCCESS;
}

static void unlink_rec(struct rmm_call *call, uint64_t rec_pa, const struct rmm_rec *rec)
{
	struct rmm_realm *realm = realm_at(call, rec->owner);
	uint64_t *link = &realm->first_rec;

	while (*link != rec_pa)
		link = &rec_at(call, *link)->next;
	*link = rec->next;
	realm->num_recs--;
}

static void detach_guest(const struct rmm_call *call, uint64_t rec)
{
	const struct rmm_guest_ops *guest = call->sys->config.guest;
	void **slot = guest_slot(call, rec);

	if (*slot && guest && guest->detach)
		guest->detach(call->sys->config.guest_machine, *slot);
	*slot = NULL;
}

void rec_destroy_remove(struct rmm_call *call, uint64_t rec_pa, const struct rmm_rec *rec)
{
	unlink_rec(call, rec_pa, rec);
	detach_guest(call, rec_pa);
}

static uint64_t begin_destroy(struct rmm_call *call, struct operation *op, struct rmm_rec *rec)
{
	op->resume = resume_destroy;
	op->partial = call->in[1];
	op->num_held = rec->num_aux;
	memcpy(op->held, rec->aux, sizeof(rec->aux));
	rec_destroy_remove(call, op->partial, rec);
	call_granule_set(call, op->partial, RMM_GRANULE_PARTIAL);
	if (!op->num_held)
		return resume_destroy(call, op);
	return operation_yield_first(call, op, OPERATION_WAIT_RECLAIM);
}

/* The list of RECs changes with the RD locked, too. */
static enum rmm_condition check_destroy(struct rmm_call *call, struct rmm_rec **rec)
{
	const struct granule_conditions conditions = {
		RMI_REC_DESTROY_REC_ALIGN,
		call_is_rmi_1(call) ? RMI_REC_DESTROY_REC_BOUND : RMI_REC_DESTROY_REC_TRACKING,
		RMI_REC_DESTROY_REC_GRAN_STATE,
	};
	const enum rmm_condition failed = rec_take_with_realm(call, call->in[1], &conditions, rec);

	if (failed == RMM_CONDITION_NONE && (*rec)->running)
		return RMI_REC_DESTROY_REC_STATE;
	return failed;
}

/* With an operation around it. */
static uint64_t destroy_stateful(struct rmm_call *call)
{
	const bool reserve_first = call_behaves(call, RMM_BEHAVIOUR_SRO_RESERVED_FIRST);
	struct operation *op = NULL;
	struct rmm_rec *rec;
	bool busy = false;

	if (reserve_first) {
		op = operation_begin(call, &busy);
		if (!op)
			return rmm_fail(call, busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED);
	}
	const enum rmm_condition failed = check_destroy(call, &rec);
	if (failed != RMM_CONDITION_NONE) {
		if (op)
			operation_end(op);
		return rmm_fail(call, failed);
	}
	if (!op)
		op = operation_begin(call, &busy);
	if (!op)
		return rmm_fail(call, busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED);
	return begin_destroy(call, op, rec);
}

uint64_t rmi_rec_destroy(struct rmm_call *call)
{
	struct rmm_rec *rec;

	if (!call_is_rmi_1(call))
		return destroy_stateful(call);
	const enum rmm_condition failed = check_destroy(call, &rec);
	return failed == RMM_CONDITION_NONE ? rec_destroy_at_once(call, rec)
					    : rmm_fail(call, failed);
}
