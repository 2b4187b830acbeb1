/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REALM_CREATE, RMI_REALM_ACTIVATE, RMI_REALM_TERMINATE, RMI_REALM_DESTROY. */
#include <string.h>

#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/measurement.h"
#include "rmm/rtt.h"

#define MECID_SHARED        1
#define MECID_FIRST_PRIVATE 2

/* RmiRealmParams with its flags taken apart. */
struct params {
	struct rmi_realm_params raw;
	uint8_t image[RMI_REALM_PARAMS_SIZE];
	bool lpa2, sve, pmu, da, ats;
	uint64_t mec_policy, lfa_policy;
	bool tree_per_plane, s2ap_indirect;
};

static void decode_params(enum rmm_version v, struct params *p)
{
	rmi_realm_params_decode(v, p->image, &p->raw);
	p->lpa2 = rmi_realm_flags0_lpa2(v, p->raw.flags0);
	p->sve = rmi_realm_flags0_sve(v, p->raw.flags0);
	p->pmu = rmi_realm_flags0_pmu(v, p->raw.flags0);
	p->da = rmi_realm_flags0_da(v, p->raw.flags0);
	p->mec_policy = rmi_realm_flags0_mec_policy(v, p->raw.flags0);
	p->lfa_policy = rmi_realm_flags0_lfa_policy(v, p->raw.flags0);
	p->tree_per_plane = rmi_realm_flags1_rtt_tree_per_plane(v, p->raw.flags1);
	p->s2ap_indirect = rmi_realm_flags1_rtt_s2ap_encoding(v, p->raw.flags1);
	p->ats = rmi_realm_flags1_ats(v, p->raw.flags1);
}

/* RmiRealmParamsIsValid: no reserved encoding. */
static bool params_are_valid(const struct rmm_call *call, const struct params *p)
{
	if (p->lfa_policy > RMI_LFA_ALLOW && !call_behaves(call, RMM_BEHAVIOUR_LFA_POLICY_IGNORED))
		return false;
	return p->raw.hash_algo <= RMI_HASH_SHA_384 && p->mec_policy <= RMI_MEC_POLICY_PRIVATE;
}

static bool hash_is_supported(const struct rmm_call *call, uint64_t hash_algo)
{
	const struct rmm_features *f = &call->sys->config.features;

	switch (hash_algo) {
	case RMI_HASH_SHA_256:
		return f->sha_256;
	case RMI_HASH_SHA_384:
		return f->sha_384 ||
		       call_behaves(call, RMM_BEHAVIOUR_SHA_384_ACCEPTED_UNADVERTISED);
	case RMI_HASH_SHA_512:
		return f->sha_512;
	default:
		return false;
	}
}

/* Rows 14 to 18 of RealmParamsSupported (2.0-bet0 B3.101). */
static bool planes_are_supported(const struct rmm_features *f, const struct params *p)
{
	if (p->raw.num_aux_planes > f->max_num_aux_planes)
		return false;
	if (p->s2ap_indirect && !f->rtt_s2ap_indirect)
		return false;
	if (!p->raw.num_aux_planes)
		return true;
	if (!p->tree_per_plane && f->rtt_plane == RMI_RTT_PLANE_AUX)
		return false;
	if (p->tree_per_plane && f->rtt_plane == RMI_RTT_PLANE_SINGLE)
		return false;
	return p->tree_per_plane != p->s2ap_indirect;
}

/* RealmParamsSupported. */
static bool params_are_supported(const struct rmm_call *call, const struct params *p)
{
	const struct rmm_features *f = &call->sys->config.features;

	if ((p->lpa2 && !f->lpa2) || (p->sve && !f->sve) || (p->da && !f->da) || p->ats)
		return false;
	if (p->pmu && !f->pmu && !call_behaves(call, RMM_BEHAVIOUR_PMU_FEATURE_UNCHECKED))
		return false;
	if (p->raw.s2sz > f->s2sz || p->raw.sve_vl > f->sve_vl)
		return false;
	if (!p->raw.num_bps || p->raw.num_bps > f->num_bps)
		return false;
	if (!p->raw.num_wps || p->raw.num_wps > f->num_wps)
		return false;
	if (p->raw.pmu_num_ctrs > f->pmu_num_ctrs)
		return false;
	return hash_is_supported(call, p->raw.hash_algo) && planes_are_supported(f, p);
}

static unsigned int num_trees(const struct params *p)
{
	return p->tree_per_plane ? (unsigned int)p->raw.num_aux_planes + 1 : 1;
}

static uint64_t tree_base(const struct params *p, unsigned int tree)
{
	return tree ? p->raw.aux_rtt_base[tree - 1] : p->raw.rtt_base;
}

static enum rmm_condition check_params(struct rmm_call *call, struct params *p)
{
	const struct rmm_config *config = &call->sys->config;
	const uint64_t params_ptr = call->in[2];

	if (!is_granule_aligned(params_ptr))
		return RMI_REALM_CREATE_PARAMS_ALIGN;
	if (!ns_read(call, params_ptr, p->image, sizeof(p->image)))
		return RMI_REALM_CREATE_PARAMS_PAS;
	decode_params(config->version, p);
	if (!params_are_valid(call, p))
		return RMI_REALM_CREATE_PARAMS_VALID;
	if (!params_are_supported(call, p))
		return RMI_REALM_CREATE_PARAMS_SUPP;
	if (!rtt_config_is_valid(p->raw.s2sz, p->raw.rtt_level_start, p->raw.rtt_num_start, p->lpa2,
				 config->pa_bits))
		return RMI_REALM_CREATE_RTT_NUM_LEVEL;
	if (p->raw.ats_plane > p->raw.num_aux_planes)
		return RMI_REALM_CREATE_ATS_PLANE;
	if (!is_aligned(p->raw.rtt_base, p->raw.rtt_num_start * RMM_GRANULE_SIZE))
		return RMI_REALM_CREATE_RTT_ALIGN;
	for (unsigned int tree = 1; tree < num_trees(p); tree++)
		if (!is_aligned(tree_base(p, tree), p->raw.rtt_num_start * RMM_GRANULE_SIZE))
			return RMI_REALM_CREATE_AUX_RTT_ALIGN_TF;
	return RMM_CONDITION_NONE;
}

static bool tables_are_delegated(struct rmm_call *call, uint64_t base, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		const uint64_t pa = base + i * RMM_GRANULE_SIZE;

		if (!pa_is_conventional(call, pa) ||
		    call_granule_state(call, pa) != RMM_GRANULE_DELEGATED)
			return false;
	}
	return true;
}

static bool trees_overlap(const struct params *p, uint64_t rd)
{
	const uint64_t size = p->raw.rtt_num_start * RMM_GRANULE_SIZE;

	/* Bases are aligned to the size, so two trees overlap only when equal. */
	for (unsigned int a = 0; a < num_trees(p); a++) {
		if (a && rd - tree_base(p, a) < size)
			return true;
		for (unsigned int b = 0; b < a; b++)
			if (tree_base(p, a) == tree_base(p, b))
				return true;
	}
	return false;
}

static enum rmm_condition check_granules(struct rmm_call *call, const struct params *p)
{
	static const struct granule_conditions rd_conditions = {
		RMI_REALM_CREATE_RD_ALIGN,
		RMI_REALM_CREATE_RD_BOUND,
		RMI_REALM_CREATE_RD_STATE,
	};
	const uint64_t rd = call->in[1];

	if (!tables_are_delegated(call, p->raw.rtt_base, p->raw.rtt_num_start))
		return RMI_REALM_CREATE_RTT_STATE;
	for (unsigned int tree = 1; tree < num_trees(p); tree++)
		if (!tables_are_delegated(call, tree_base(p, tree), p->raw.rtt_num_start))
			return RMI_REALM_CREATE_AUX_RTT_STATE_TF;
	if (trees_overlap(p, rd))
		return RMI_REALM_CREATE_AUX_ALIAS_TF;
	if (rd - p->raw.rtt_base < p->raw.rtt_num_start * RMM_GRANULE_SIZE)
		return RMI_REALM_CREATE_ALIAS;
	return granule_take(call, rd, RMM_GRANULE_DELEGATED, &rd_conditions);
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

static enum rmm_condition take_resources(struct rmm_call *call, const struct params *p,
					 struct rmm_realm *realm)
{
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
	give_vmids(call->sys, realm);
	give_mecid(call->sys, realm->mecid);
}

/* ---- create --------------------------------------------------------------------- */

static void init_realm(struct rmm_realm *realm, const struct params *p)
{
	realm->state = RMM_REALM_NEW;
	realm->ipa_width = (uint8_t)p->raw.s2sz;
	realm->hash_algo = (uint8_t)p->raw.hash_algo;
	realm->lpa2 = p->lpa2;
	realm->pmu = p->pmu;
	realm->rtt_level_start = (int8_t)p->raw.rtt_level_start;
	realm->rtt_num_start = (uint32_t)p->raw.rtt_num_start;
	realm->num_trees = num_trees(p);
	for (unsigned int tree = 0; tree < realm->num_trees; tree++)
		realm->rtt_base[tree] = tree_base(p, tree);
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
		for (uint32_t i = 0; i < realm->rtt_num_start; i++) {
			const uint64_t rtt = realm->rtt_base[tree] + i * RMM_GRANULE_SIZE;

			granule_claim(call, rtt);
			*rtt_live_count(call, rtt) = 0;
			call_granule_set(call, rtt, RMM_GRANULE_RTT);
		}
		init_starting_tables(call, realm, realm->rtt_base[tree]);
	}
}

uint64_t rmi_realm_create(struct rmm_call *call)
{
	const uint64_t rd = call->in[1];
	struct rmm_realm taken = {0};
	struct params params;

	/* The platform token of this model is always valid: pat_valid cannot fail. */
	enum rmm_condition failed = check_params(call, &params);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	failed = take_resources(call, &params, &taken);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	taken.num_aux_planes = params.raw.num_aux_planes;
	failed = check_granules(call, &params);
	if (failed != RMM_CONDITION_NONE) {
		give_resources(call, &taken);
		return rmm_fail(call, failed);
	}
	granule_claim(call, rd);
	struct rmm_realm *realm = realm_at(call, rd);
	*realm = taken;
	init_realm(realm, &params);
	measurement_init(call, realm, &params.raw);
	claim_starting_tables(call, realm);
	call_granule_set(call, rd, RMM_GRANULE_RD);
	call->sys->num_realms++;
	return RMI_SUCCESS;
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
	if (realm->state != RMM_REALM_NEW)
		return rmm_fail(call, RMI_REALM_ACTIVATE_REALM_STATE);
	realm->state = RMM_REALM_ACTIVE;
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
	if (realm->num_running)
		return rmm_fail(call, RMI_REALM_TERMINATE_REC_RUNNING);
	realm->state = RMM_REALM_ZOMBIE;
	return RMI_SUCCESS;
}

/* RealmIsLive: RECs, or anything below or in the starting tables. */
static bool realm_is_live(const struct rmm_call *call, const struct rmm_realm *realm)
{
	if (realm->num_recs)
		return true;
	for (unsigned int tree = 0; tree < realm->num_trees; tree++)
		for (uint32_t i = 0; i < realm->rtt_num_start; i++)
			if (rtt_is_live(call, realm->rtt_base[tree] + i * RMM_GRANULE_SIZE))
				return true;
	return false;
}

static void release_starting_tables(struct rmm_call *call, const struct rmm_realm *realm)
{
	for (unsigned int tree = 0; tree < realm->num_trees; tree++)
		for (uint32_t i = 0; i < realm->rtt_num_start; i++)
			call_granule_set(call, realm->rtt_base[tree] + i * RMM_GRANULE_SIZE,
					 RMM_GRANULE_DELEGATED);
}

uint64_t rmi_realm_destroy(struct rmm_call *call)
{
	static const struct granule_conditions conditions = {
		RMI_REALM_DESTROY_RD_ALIGN,
		RMI_REALM_DESTROY_RD_TRACKING,
		RMI_REALM_DESTROY_RD_STATE,
	};
	const uint64_t rd = call->in[1];
	struct rmm_realm *realm;
	const enum rmm_condition failed = realm_take(call, rd, &conditions, &realm);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (realm_is_live(call, realm))
		return rmm_fail(call, RMI_REALM_DESTROY_REALM_LIVE);
	if (realm->state != RMM_REALM_ZOMBIE)
		return rmm_fail(call, RMI_REALM_DESTROY_REALM_STATE);
	release_starting_tables(call, realm);
	give_resources(call, realm);
	call_granule_set(call, rd, RMM_GRANULE_DELEGATED);
	call->sys->num_realms--;
	return RMI_SUCCESS;
}
