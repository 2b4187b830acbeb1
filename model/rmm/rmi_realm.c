/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REALM_CREATE, RMI_REALM_ACTIVATE, RMI_REALM_TERMINATE, RMI_REALM_DESTROY. */
#include <string.h>

#include "platform/tlb_lint.h"
#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/measurement.h"
#include "rmm/realm_lock.h"
#include "rmm/realm_params.h"
#include "rmm/rtt.h"

#define MECID_SHARED        1
#define MECID_FIRST_PRIVATE 2

static bool tables_are_delegated(struct rmm_call *call, const struct realm_locks *locks,
				 uint64_t base, uint64_t count)
{
	if (!realm_locks_have_tree(locks, base))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		const uint64_t pa = base + i * RMM_GRANULE_SIZE;

		if (!pa_is_conventional(call, pa) ||
		    call_granule_state(call, pa) != RMM_GRANULE_DELEGATED)
			return false;
	}
	return true;
}

static bool trees_overlap(const struct realm_params *p, uint64_t rd)
{
	const uint64_t size = p->raw.rtt_num_start * RMM_GRANULE_SIZE;

	/* Bases are aligned to the size, so two trees overlap only when equal. */
	for (unsigned int a = 0; a < realm_params_num_trees(p); a++) {
		if (a && rd - realm_params_tree_base(p, a) < size)
			return true;
		for (unsigned int b = 0; b < a; b++)
			if (realm_params_tree_base(p, a) == realm_params_tree_base(p, b))
				return true;
	}
	return false;
}

static enum rmm_condition check_tables(struct rmm_call *call, const struct realm_params *p,
				       const struct realm_locks *locks, uint64_t rd)
{
	if (!tables_are_delegated(call, locks, p->raw.rtt_base, p->raw.rtt_num_start))
		return RMI_REALM_CREATE_RTT_STATE;
	for (unsigned int tree = 1; tree < realm_params_num_trees(p); tree++)
		if (!tables_are_delegated(call, locks, realm_params_tree_base(p, tree),
					  p->raw.rtt_num_start))
			return RMI_REALM_CREATE_AUX_RTT_STATE_TF;
	if (trees_overlap(p, rd))
		return RMI_REALM_CREATE_AUX_ALIAS_TF;
	/* AddrInRange: both ends included, and rd need not be aligned yet. */
	if (rd - p->raw.rtt_base <= (p->raw.rtt_num_start - 1) * RMM_GRANULE_SIZE)
		return RMI_REALM_CREATE_ALIAS;
	return RMM_CONDITION_NONE;
}

static enum rmm_condition take_rd(struct rmm_call *call, uint64_t rd)
{
	static const struct granule_conditions conditions = {
		RMI_REALM_CREATE_RD_ALIGN,
		RMI_REALM_CREATE_RD_BOUND,
		RMI_REALM_CREATE_RD_STATE,
	};

	return granule_take(call, rd, RMM_GRANULE_DELEGATED, &conditions);
}

/* ---- VMIDs and MECIDs -------------------------------------------------------- */

/* Planes get consecutive numbers of their own only in name: each is the lowest free. */
static bool take_vmids(struct rmm_system *sys, uint64_t count, uint16_t *vmids)
{
	uint32_t number;

	for (uint64_t i = 0; i < count; i++) {
		if (!number_pool_take(&sys->vmids, &number)) {
			while (i--)
				number_pool_give(&sys->vmids, vmids[i]);
			return false;
		}
		vmids[i] = (uint16_t)number;
	}
	return true;
}

static void give_vmids(struct rmm_system *sys, const struct rmm_realm *realm)
{
	for (uint64_t i = 0; i <= realm->num_aux_planes; i++)
		number_pool_give(&sys->vmids, realm->vmids[i]);
}

static bool take_mecid(const struct rmm_call *call, uint64_t policy, uint16_t *mecid)
{
	struct rmm_system *sys = call->sys;
	uint32_t number;

	*mecid = sys->config.features.mec_count ? MECID_SHARED : 0;
	if (policy == RMI_MEC_POLICY_SHARED)
		return true;
	if (!sys->config.features.mec_count)
		return call_behaves(call, RMM_BEHAVIOUR_MEC_PRIVATE_WITHOUT_FEATURE);
	if (!number_pool_take(&sys->mecids, &number))
		return false;
	*mecid = (uint16_t)(number + MECID_FIRST_PRIVATE);
	return true;
}

static void give_mecid(struct rmm_system *sys, uint16_t mecid)
{
	if (mecid >= MECID_FIRST_PRIVATE)
		number_pool_give(&sys->mecids, mecid - MECID_FIRST_PRIVATE);
}

/* RMI 1.0: the host names the VMID, and there is nothing else. */
static enum rmm_condition take_named_vmid(struct rmm_call *call, const struct realm_params *p,
					  struct rmm_realm *realm)
{
	realm->vmids[0] = (uint16_t)p->raw.vmid;
	return number_pool_take_this(&call->sys->vmids, realm->vmids[0])
		       ? RMM_CONDITION_NONE
		       : RMI_REALM_CREATE_VMID_VALID;
}

static enum rmm_condition take_resources(struct rmm_call *call, const struct realm_params *p,
					 struct rmm_realm *realm)
{
	if (call_is_rmi_1(call))
		return take_named_vmid(call, p, realm);
	if (!take_vmids(call->sys, p->raw.num_aux_planes + 1, realm->vmids))
		return RMI_REALM_CREATE_VMID;
	if (!take_mecid(call, p->mec_policy, &realm->mecid)) {
		give_vmids(call->sys, realm);
		return RMI_REALM_CREATE_MEC_POLICY;
	}
	return RMM_CONDITION_NONE;
}

static void give_resources(struct rmm_call *call, const struct rmm_realm *realm)
{
	for (uint64_t i = 0; i <= realm->num_aux_planes; i++)
		tlb_free_vmid(call, realm->vmids[i]);
	give_vmids(call->sys, realm);
	give_mecid(call->sys, realm->mecid);
}

/* ---- create --------------------------------------------------------------------- */

static void init_realm(struct rmm_realm *realm, const struct realm_params *p)
{
	realm_set_state(realm, RMM_REALM_NEW);
	realm->ipa_width = (uint8_t)p->raw.s2sz;
	realm->hash_algo = (uint8_t)p->raw.hash_algo;
	realm->lpa2 = p->lpa2;
	realm->pmu = p->pmu;
	realm->rtt_level_start = (int8_t)p->raw.rtt_level_start;
	realm->rtt_num_start = (uint32_t)p->raw.rtt_num_start;
	realm->num_trees = realm_params_num_trees(p);
	for (unsigned int tree = 0; tree < realm->num_trees; tree++)
		realm->rtt_base[tree] = realm_params_tree_base(p, tree);
	realm->num_aux_planes = p->raw.num_aux_planes;
	realm->ats_plane = p->raw.ats_plane;
	realm->mec_policy = (uint8_t)p->mec_policy;
	realm->lfa_policy = (uint8_t)p->lfa_policy;
	memcpy(realm->rpv, p->raw.rpv, sizeof(realm->rpv));
}

/* Protected half VOID and EMPTY, Unprotected half UNMAPPED_NS, beyond the IPA space 0. */
static void init_starting_tables(struct rmm_call *call, const struct rmm_realm *realm,
				 uint64_t base)
{
	const uint64_t span = rtt_span(realm->rtt_level_start);
	const uint64_t last = realm_ipa_size(realm) / span;

	for (uint64_t i = realm_protected_size(realm) / span; i < last; i++) {
		const uint64_t rtt = base + i / RTT_ENTRIES * RMM_GRANULE_SIZE;
		uint64_t *table = granule_bytes(call, rtt);

		table[i % RTT_ENTRIES] = rtte_make_unmapped_ns();
	}
	charge(call, RMM_COST_TABLE_WRITE, last, base);
}

static void claim_starting_tables(struct rmm_call *call, const struct rmm_realm *realm)
{
	for (unsigned int tree = 0; tree < realm->num_trees; tree++) {
		for (uint64_t i = 0; i < realm->rtt_num_start; i++) {
			const uint64_t rtt = realm->rtt_base[tree] + i * RMM_GRANULE_SIZE;

			granule_claim(call, rtt);
			*rtt_live_count(call, rtt) = 0;
			call_granule_set(call, rtt, RMM_GRANULE_RTT);
		}
		init_starting_tables(call, realm, realm->rtt_base[tree]);
	}
}

static void add_realm(struct rmm_call *call, uint64_t rd, const struct realm_params *params,
		      const struct rmm_realm *taken)
{
	struct rmm_realm *realm = realm_at(call, rd);

	granule_claim(call, rd);
	*realm = *taken;
	init_realm(realm, params);
	measurement_init(call, realm, &params->raw);
	realm->instance = __atomic_add_fetch(&call->sys->realms_created, 1, __ATOMIC_RELAXED);
	claim_starting_tables(call, realm);
	call_granule_set(call, rd, RMM_GRANULE_RD);
	__atomic_fetch_add(&call->sys->num_realms, 1, __ATOMIC_RELAXED);
}

static enum rmm_condition check_platform_token(const struct rmm_call *call)
{
	if (call->sys->config.pat_out_of_date &&
	    call_behaves(call, RMM_BEHAVIOUR_PAT_VALID_CHECKED))
		return RMI_REALM_CREATE_PAT_VALID;
	return RMM_CONDITION_NONE;
}

/* With the memory of the realm locked as far as it is the host's to give. */
static enum rmm_condition create_locked(struct rmm_call *call, uint64_t rd,
					const struct realm_params *params,
					const struct realm_locks *locks, const struct operation *op)
{
	struct rmm_realm taken = {0};

	enum rmm_condition failed = take_resources(call, params, &taken);
	if (failed != RMM_CONDITION_NONE)
		return failed;
	taken.num_aux_planes = params->raw.num_aux_planes;
	failed = check_tables(call, params, locks, rd);
	if (failed == RMM_CONDITION_NONE && !op)
		failed = take_rd(call, rd);
	if (failed != RMM_CONDITION_NONE) {
		give_resources(call, &taken);
		return failed;
	}
	if (op) {
		taken.num_aux = op->num_held;
		memcpy(taken.aux, op->held, sizeof(taken.aux));
	}
	add_realm(call, rd, params, &taken);
	return RMM_CONDITION_NONE;
}

/* `op` is the operation whose RD is PARTIAL already; NULL: the RD is looked at, too. */
static enum rmm_condition create(struct rmm_call *call, uint64_t rd, uint64_t params_ptr,
				 const struct operation *op)
{
	struct realm_params params;
	struct realm_locks locks;

	enum rmm_condition failed = check_platform_token(call);
	if (failed == RMM_CONDITION_NONE)
		failed = realm_params_take(call, params_ptr, &params);
	if (failed == RMM_CONDITION_NONE && call->sys->config.no_randomness &&
	    call_behaves(call, RMM_BEHAVIOUR_REALM_INSTANCE_ID_CAN_FAIL))
		failed = RMI_REALM_CREATE_INSTANCE_ID_TF;
	if (failed != RMM_CONDITION_NONE)
		return failed;
	realm_locks_take(call, &params, rd, &locks);
	failed = create_locked(call, rd, &params, &locks, op);
	realm_locks_release(call, &locks);
	return failed;
}

static uint64_t resume_create(struct rmm_call *call, struct operation *op)
{
	if (op->failed)
		return operation_end_unwound(call, op);
	const enum rmm_condition failed = create(call, op->partial, op->params_ptr, op);
	if (failed != RMM_CONDITION_NONE)
		return operation_unwind(call, op, failed);
	operation_end(op);
	return RMI_SUCCESS;
}

/* Parameters and tables are looked at when all memory has been donated. */
static uint64_t begin_create(struct rmm_call *call)
{
	const enum rmm_condition failed = take_rd(call, call->in[1]);
	bool busy;

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	struct operation *op = operation_begin(call, &busy);
	if (!op)
		return rmm_fail(call, busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED);
	op->partial = call->in[1];
	op->params_ptr = call->in[2];
	op->resume = resume_create;
	op->wanted = call->sys->config.rd_aux_granules;
	op->wanted_contig = call->sys->config.aux_contiguous;
	op->can_cancel = !call_behaves(call, RMM_BEHAVIOUR_OPERATIONS_CANNOT_CANCEL);
	call_granule_set(call, op->partial, RMM_GRANULE_PARTIAL);
	if (!op->wanted)
		return resume_create(call, op);
	return operation_yield_first(call, op, OPERATION_WAIT_DONATE);
}

uint64_t rmi_realm_create(struct rmm_call *call)
{
	if (call_behaves(call, RMM_BEHAVIOUR_REALM_CREATE_IS_STATEFUL))
		return begin_create(call);
	const enum rmm_condition failed = create(call, call->in[1], call->in[2], NULL);
	return failed == RMM_CONDITION_NONE ? RMI_SUCCESS : rmm_fail(call, failed);
}

/* ---- activate, terminate, destroy --------------------------------------------------- */

uint64_t rmi_realm_activate(struct rmm_call *call)
{
	static const struct granule_conditions conditions =
		GRANULE_CONDITIONS(RMI_REALM_ACTIVATE, RD);
	struct rmm_realm *realm;
	const enum rmm_condition failed = realm_take(call, call->in[1], &conditions, &realm);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (realm_state(realm) != RMM_REALM_NEW)
		return rmm_fail(call, RMI_REALM_ACTIVATE_REALM_STATE);
	realm_set_state(realm, RMM_REALM_ACTIVE);
	return RMI_SUCCESS;
}

uint64_t rmi_realm_terminate(struct rmm_call *call)
{
	static const struct granule_conditions conditions = {
		RMI_REALM_TERMINATE_RD_ALIGN,
		RMI_REALM_TERMINATE_RD_TRACKING,
		RMI_REALM_TERMINATE_RD_STATE,
	};
	struct rmm_realm *realm;
	const enum rmm_condition failed = realm_take(call, call->in[1], &conditions, &realm);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (!realm_close(realm))
		return rmm_fail(call, RMI_REALM_TERMINATE_REC_RUNNING);
	realm_set_state(realm, RMM_REALM_ZOMBIE);
	realm_reopen(realm);
	return RMI_SUCCESS;
}

/* RealmIsLive: RECs, or anything below or in the starting tables. */
static bool realm_is_live(const struct rmm_call *call, const struct rmm_realm *realm)
{
	if (realm->num_recs)
		return true;
	for (unsigned int tree = 0; tree < realm->num_trees; tree++)
		for (uint64_t i = 0; i < realm->rtt_num_start; i++)
			if (rtt_is_live(call, realm->rtt_base[tree] + i * RMM_GRANULE_SIZE))
				return true;
	return false;
}

static void release_starting_tables(struct rmm_call *call, const struct rmm_realm *realm)
{
	for (unsigned int tree = 0; tree < realm->num_trees; tree++)
		for (uint64_t i = 0; i < realm->rtt_num_start; i++)
			call_granule_set(call, realm->rtt_base[tree] + i * RMM_GRANULE_SIZE,
					 RMM_GRANULE_DELEGATED);
}

static enum rmm_condition check_destroy(struct rmm_call *call, struct rmm_realm **realm)
{
	const struct granule_conditions conditions = {
		RMI_REALM_DESTROY_RD_ALIGN,
		call_is_rmi_1(call) ? RMI_REALM_DESTROY_RD_BOUND : RMI_REALM_DESTROY_RD_TRACKING,
		RMI_REALM_DESTROY_RD_STATE,
	};
	const enum rmm_condition failed = realm_take(call, call->in[1], &conditions, realm);

	if (failed != RMM_CONDITION_NONE)
		return failed;
	if (realm_is_live(call, *realm))
		return RMI_REALM_DESTROY_REALM_LIVE;
	if (realm_state(*realm) != RMM_REALM_ZOMBIE && !call_is_rmi_1(call))
		return RMI_REALM_DESTROY_REALM_STATE;
	return RMM_CONDITION_NONE;
}

/*
 * The realm is gone; its RD stays as it is. Starting tables may still map
 * Non-secure blocks, which do not make them live: nothing may be left of these
 * when tables and VMID find another use.
 */
static void remove_realm(struct rmm_call *call, const struct rmm_realm *realm)
{
	rtt_invalidate(call, realm, 0, realm_ipa_size(realm));
	release_starting_tables(call, realm);
	give_resources(call, realm);
	__atomic_fetch_sub(&call->sys->num_realms, 1, __ATOMIC_RELAXED);
}

static uint64_t resume_destroy(struct rmm_call *call, struct operation *op)
{
	call_granule_set(call, op->partial, RMM_GRANULE_DELEGATED);
	operation_end(op);
	return RMI_SUCCESS;
}

static uint64_t begin_destroy(struct rmm_call *call, const struct rmm_realm *realm)
{
	bool busy;
	struct operation *op = operation_begin(call, &busy);

	if (!op)
		return rmm_fail(call, busy ? RMI_ANY_BUSY : RMI_ANY_BLOCKED);
	op->partial = call->in[1];
	op->resume = resume_destroy;
	op->num_held = realm->num_aux;
	memcpy(op->held, realm->aux, sizeof(realm->aux));
	remove_realm(call, realm);
	call_granule_set(call, op->partial, RMM_GRANULE_PARTIAL);
	return operation_yield_first(call, op, OPERATION_WAIT_RECLAIM);
}

uint64_t rmi_realm_destroy(struct rmm_call *call)
{
	struct rmm_realm *realm;
	const enum rmm_condition failed = check_destroy(call, &realm);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (realm->num_aux)
		return begin_destroy(call, realm);
	remove_realm(call, realm);
	call_granule_set(call, call->in[1], RMM_GRANULE_DELEGATED);
	return RMI_SUCCESS;
}
