/* SPDX-License-Identifier: BSD-3-Clause */
/* Realms and their parameters (2.0-bet0 B3.97 to B3.102, B3.136, B3.171). */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/image.h"
#include "oracle/objects.h"
#include "oracle/rtt.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

static uint64_t feature(bool on)
{
	return on ? ORACLE_FEATURE_TRUE : ORACLE_FEATURE_FALSE;
}

static uint64_t hash_label(uint64_t algo)
{
	switch (algo) {
	case RMI_HASH_SHA_384:
		return ORACLE_HASH_SHA_384;
	case RMI_HASH_SHA_512:
		return ORACLE_HASH_SHA_512;
	default:
		return ORACLE_HASH_SHA_256;
	}
}

void oracle_realm(const struct rmm_system *sys, uint64_t pa, const struct rmm_realm *from,
		  struct oracle_RmmRealm *to)
{
	to->pa = pa;
	to->state = (uint64_t)from->state;
	to->feat_lpa2 = feature(from->lpa2);
	to->ipa_width = from->ipa_width;
	to->hash_algo = hash_label(from->hash_algo);
	memcpy(to->rim.w, from->rim, sizeof(to->rim.w));
	for (unsigned int i = 0; i < 4; i++) {
		memcpy(to->rem[i].w, from->rem[i], sizeof(to->rem[i].w));
		to->rtt_base[i] = from->rtt_base[i];
	}
	to->rec_index = from->rec_index;
	to->num_recs = from->num_recs;
	to->rtt_level_start = from->rtt_level_start;
	to->rtt_num_start = from->rtt_num_start;
	for (unsigned int i = 0; i < 64; i++)
		to->rpv[i] = from->rpv[i];
	to->vmid = from->vmids[0];
	to->ats_plane = from->ats_plane;
	to->rtt_tree_per_plane = feature(from->num_trees > 1);
	to->num_aux_planes = from->num_aux_planes;
	to->rtt_s2ap_encoding = ORACLE_S2AP_DIRECT;
	to->lfa_policy = from->lfa_policy == RMI_LFA_ALLOW ? ORACLE_LFA_ALLOW : ORACLE_LFA_DISALLOW;
	to->mec_policy = from->mec_policy == RMI_MEC_POLICY_PRIVATE ? ORACLE_MEC_POLICY_PRIVATE
								    : ORACLE_MEC_POLICY_SHARED;
	(void)sys;
}

const struct oracle_RmmRealm *oracle_fn_RealmAt(struct oracle_env *env, uint64_t addr_)
{
	const struct rmm_realm *from = view_realm(env->sys, addr_);
	struct oracle_RmmRealm *realm = oracle_alloc(env, sizeof(*realm));

	if (!realm)
		return oracle_nothing;
	if (from)
		oracle_realm(env->sys, addr_, from, realm);
	else
		oracle_ill_formed(env);
	return realm;
}

bool oracle_fn_AnyRecRunning(struct oracle_env *env, const struct oracle_RmmRealm *realm_)
{
	const struct rmm_realm *realm = view_realm(env->sys, realm_->pa);
	uint64_t at = realm ? realm->first_rec : 0;

	for (const struct rmm_rec *rec; at && (rec = view_rec(env->sys, at)); at = rec->next)
		if (rec->running)
			return true;
	return false;
}

static bool table_is_live(const struct rmm_system *sys, const struct view_tree *tree, uint64_t pa)
{
	const uint64_t *table = view_table(sys, pa);

	for (unsigned int i = 0; table && i < VIEW_ENTRIES; i++) {
		const struct view_entry e = view_decode(table[i], tree->start, tree->lpa2);

		if (view_is_live(e.state) && e.state != ORACLE_RTTE_MAPPED_NS)
			return true;
	}
	return false;
}

bool oracle_fn_RealmIsLive(struct oracle_env *env, uint64_t rd_)
{
	const struct rmm_realm *realm = view_realm(env->sys, rd_);

	if (!realm)
		return oracle_ill_formed(env);
	if (realm->first_rec)
		return true;
	for (unsigned int t = 0; t < realm->num_trees; t++) {
		const struct view_tree tree = view_tree_of(realm, t);

		for (uint64_t i = 0; i < tree.num_start; i++)
			if (table_is_live(env->sys, &tree, tree.base + i * VIEW_GRANULE))
				return true;
	}
	return false;
}

bool oracle_fn_RealmRttBaseEqual(struct oracle_env *env, const struct oracle_RmmRealm *realm_,
				 uint64_t rtt_base_, const uint64_t *aux_rtt_base_)
{
	(void)env;
	if (realm_->rtt_base[0] != rtt_base_)
		return false;
	if (realm_->rtt_tree_per_plane != ORACLE_FEATURE_TRUE)
		return true;
	for (unsigned int i = 0; i < 3 && i < realm_->num_aux_planes; i++)
		if (realm_->rtt_base[i + 1] != aux_rtt_base_[i])
			return false;
	return true;
}

/* Memory devices are not part of this machine. */
bool oracle_fn_CmemMecUpdateComplete(struct oracle_env *env, const struct oracle_RmmRealm *realm_)
{
	(void)env;
	(void)realm_;
	return true;
}

/* ---- parameters --------------------------------------------------------------------- */

/* Four bytes at a field that has one: what does not fit the field exceeds every limit. */
static void saturate(const struct rmm_abi_field *field, uint8_t *image)
{
	if (!field)
		return;
	struct rmm_abi_field wide = *field;

	wide.width = 32;
	const uint64_t value = rmm_abi_field_get(&wide, image, 0);
	if (field->width > 32)
		rmm_abi_field_set(field, image, 0, value);
	else if (value > UINT8_MAX)
		rmm_abi_field_set(field, image, 0, UINT8_MAX);
}

/* The structure as the behaviour realm_params_32_bits reads it. */
static const uint8_t *numbers_of_32_bits(struct oracle_env *env, const uint8_t *image)
{
	static const char *const names[] = {"s2sz",    "sve_vl",       "num_bps",
					    "num_wps", "pmu_num_ctrs", "num_aux_planes"};
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiRealmParams");
	uint8_t *copy = oracle_alloc(env, RMI_REALM_PARAMS_SIZE);

	if (!copy)
		return image;
	memcpy(copy, image, RMI_REALM_PARAMS_SIZE);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		saturate(rmm_abi_field_find(type, env->version, names[i]), copy);
	return copy;
}

const uint8_t *oracle_fn_RmiRealmParamsAt(struct oracle_env *env, uint64_t addr_)
{
	const uint8_t *image = oracle_image(env, addr_);

	if (env->fault != ORACLE_NO_FAULT ||
	    !rmm_behaves(env->sys, RMM_BEHAVIOUR_REALM_PARAMS_32_BITS))
		return image;
	return numbers_of_32_bits(env, image);
}

bool oracle_fn_RmiRealmParamsIsValid(struct oracle_env *env, uint64_t addr_)
{
	const uint8_t *image = oracle_image(env, addr_);
	struct rmi_realm_params p;

	if (env->fault != ORACLE_NO_FAULT)
		return false;
	rmi_realm_params_decode(env->version, image, &p);
	/* A policy that nobody looks at cannot be wrong. */
	if (rmm_behaves(env->sys, RMM_BEHAVIOUR_LFA_POLICY_IGNORED) &&
	    rmi_realm_flags0_lfa_policy(env->version, p.flags0) > RMI_LFA_ALLOW)
		return oracle_unknown(env);
	return oracle_image_is_valid(env, image, "RmiRealmParams");
}

static bool hash_offered(const struct oracle_env *env, uint64_t algo)
{
	const struct rmm_features *f = &env->sys->config.features;

	switch (algo) {
	case RMI_HASH_SHA_256:
		return f->sha_256;
	case RMI_HASH_SHA_384:
		return f->sha_384 ||
		       rmm_behaves(env->sys, RMM_BEHAVIOUR_SHA_384_ACCEPTED_UNADVERTISED);
	default:
		return algo == RMI_HASH_SHA_512 && f->sha_512;
	}
}

struct options {
	bool lpa2, sve, pmu, da;
};

/* One word: flags in 1.0-rel0, flags0 since 2.0. */
static struct options options_wanted(enum rmm_version v, const struct rmi_realm_params *p)
{
	if (v == RMM_VERSION_1_0_REL0)
		return (struct options){
			.lpa2 = rmi_realm_flags_lpa2(v, p->flags),
			.sve = rmi_realm_flags_sve(v, p->flags),
			.pmu = rmi_realm_flags_pmu(v, p->flags),
		};
	return (struct options){
		.lpa2 = rmi_realm_flags0_lpa2(v, p->flags0),
		.sve = rmi_realm_flags0_sve(v, p->flags0),
		.pmu = rmi_realm_flags0_pmu(v, p->flags0),
		.da = rmi_realm_flags0_da(v, p->flags0),
	};
}

/* Rows 2 and 7. */
static bool sve_offered(const struct oracle_env *env, const struct rmi_realm_params *p, bool wanted)
{
	const struct rmm_features *f = &env->sys->config.features;

	if (wanted)
		return f->sve && p->sve_vl <= f->sve_vl;
	return p->sve_vl <= f->sve_vl || rmm_behaves(env->sys, RMM_BEHAVIOUR_UNUSED_PARAMS_IGNORED);
}

/* Rows 3 and 10. */
static bool pmu_offered(const struct oracle_env *env, const struct rmi_realm_params *p, bool wanted)
{
	const struct rmm_features *f = &env->sys->config.features;
	const bool few = p->pmu_num_ctrs <= f->pmu_num_ctrs;

	if (!wanted)
		return few || rmm_behaves(env->sys, RMM_BEHAVIOUR_UNUSED_PARAMS_IGNORED);
	if (p->pmu_num_ctrs == 0 &&
	    rmm_behaves(env->sys, RMM_BEHAVIOUR_PMU_WITHOUT_COUNTERS_REFUSED))
		return false;
	return few && (f->pmu || rmm_behaves(env->sys, RMM_BEHAVIOUR_PMU_FEATURE_UNCHECKED));
}

/* Rows 1 to 13 of B3.101. */
static bool options_offered(const struct oracle_env *env, const struct rmi_realm_params *p)
{
	const enum rmm_version v = env->version;
	const struct rmm_features *f = &env->sys->config.features;
	const struct options want = options_wanted(v, p);
	const bool ats = rmm_behaves(env->sys, RMM_BEHAVIOUR_ATS_FLAG_IGNORED);

	return (!want.lpa2 || f->lpa2) && (!want.da || f->da) &&
	       (ats || !rmi_realm_flags1_ats(v, p->flags1)) && p->s2sz <= f->s2sz &&
	       sve_offered(env, p, want.sve) && p->num_bps != 0 && p->num_bps <= f->num_bps &&
	       p->num_wps != 0 && p->num_wps <= f->num_wps && pmu_offered(env, p, want.pmu) &&
	       hash_offered(env, p->hash_algo);
}

/* Rows 14 to 18. */
static bool planes_offered(const struct oracle_env *env, const struct rmi_realm_params *p)
{
	const enum rmm_version v = env->version;
	const struct rmm_features *f = &env->sys->config.features;
	const bool trees = rmi_realm_flags1_rtt_tree_per_plane(v, p->flags1);
	const bool indirect = rmi_realm_flags1_rtt_s2ap_encoding(v, p->flags1);

	if (p->num_aux_planes > f->max_num_aux_planes || (indirect && !f->rtt_s2ap_indirect))
		return false;
	if (p->num_aux_planes == 0)
		return true;
	if (f->rtt_plane == (trees ? RMI_RTT_PLANE_SINGLE : RMI_RTT_PLANE_AUX))
		return false;
	return trees ? !indirect : indirect;
}

bool oracle_fn_RealmParamsSupported(struct oracle_env *env, const uint8_t *params_)
{
	struct rmi_realm_params p;

	if (env->fault != ORACLE_NO_FAULT)
		return false;
	rmi_realm_params_decode(env->version, params_, &p);
	return options_offered(env, &p) && planes_offered(env, &p);
}

/* Whether the parameters that the command reads ask for LPA2. */
static bool params_want_lpa2(const struct oracle_env *env)
{
	struct rmi_realm_params p;

	if (!env->num_images)
		return false;
	rmi_realm_params_decode(env->version, env->images[0].bytes, &p);
	return options_wanted(env->version, &p).lpa2;
}

struct geometry {
	int level;
	unsigned int narrowest, widest; /* IPA widths, 4 KiB granules */
};

/* VMSAv8-64 stage 2 with concatenation, by starting level. */
static const struct geometry plain_geometry[] = {
	{0, 40, 48}, {1, 31, 43}, {2, 22, 34}, {3, 13, 25}};
static const struct geometry lpa2_geometry[] = {
	{-1, 49, 52}, {0, 40, 52}, {1, 31, 43}, {2, 22, 34}, {3, 13, 25}};

static bool geometry_fits(const struct oracle_env *env, const struct geometry *g, oracle_int width,
			  oracle_int num_start)
{
	const unsigned int one_table = 12 + 9 * (unsigned int)(4 - g->level);

	if (g->level == 0 && env->sys->config.pa_bits < 44)
		return false;
	if (width < (oracle_int)g->narrowest || width > (oracle_int)g->widest || width < 32)
		return false;
	return num_start == (width <= (oracle_int)one_table
				     ? 1
				     : oracle_power(2, width - (oracle_int)one_table));
}

bool oracle_fn_RttConfigIsValid(struct oracle_env *env, oracle_int ipa_width_,
				oracle_int level_start_, oracle_int num_start_)
{
	const bool lpa2 = params_want_lpa2(env);
	const struct geometry *g = lpa2 ? lpa2_geometry : plain_geometry;
	const unsigned int n = lpa2 ? 5 : 4;

	for (unsigned int i = 0; i < n; i++)
		if ((oracle_int)g[i].level == level_start_)
			return geometry_fits(env, &g[i], ipa_width_, num_start_);
	return false;
}

/* ---- numbers that realms share ---------------------------------------------------------- */

static uint64_t in_use(const struct number_pool *pool)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < (pool->count + 63) / 64; i++)
		n += (uint64_t)__builtin_popcountll(pool->bits[i]);
	return n;
}

bool oracle_fn_VmidsAvailable(struct oracle_env *env, oracle_int count_)
{
	return (oracle_int)(env->sys->vmids.count - in_use(&env->sys->vmids)) >= count_;
}

bool oracle_fn_VmidIsValid(struct oracle_env *env, oracle_int vmid_)
{
	return vmid_ >= 0 && vmid_ < (oracle_int)env->sys->vmids.count;
}

bool oracle_fn_VmidIsFree(struct oracle_env *env, oracle_int vmid_)
{
	if (!oracle_fn_VmidIsValid(env, vmid_))
		return oracle_ill_formed(env);
	const uint64_t vmid = (uint64_t)vmid_;
	return !(env->sys->vmids.bits[vmid / 64] >> vmid % 64 & 1);
}

bool oracle_fn_MecidAvailable(struct oracle_env *env, uint64_t policy_)
{
	if (policy_ == RMI_MEC_POLICY_SHARED)
		return true;
	if (!env->sys->config.features.mec_count)
		return rmm_behaves(env->sys, RMM_BEHAVIOUR_MEC_PRIVATE_WITHOUT_FEATURE);
	return in_use(&env->sys->mecids) < env->sys->config.features.mec_count;
}

bool oracle_fn_RealmInstanceIdAvailable(struct oracle_env *env)
{
	(void)env;
	return true;
}

/* ---- trees of several planes ---------------------------------------------------------------- */

static bool plane_count_ok(struct oracle_env *env, oracle_int count, oracle_int num_start)
{
	if (count < 0 || count > 3 || num_start < 0 || num_start > 16)
		return oracle_ill_formed(env);
	return true;
}

bool oracle_fn_RttBasesAligned(struct oracle_env *env, const uint64_t *bases_, oracle_int count_,
			       oracle_int num_start_)
{
	if (!plane_count_ok(env, count_, num_start_) || num_start_ == 0)
		return false;
	for (oracle_int i = 0; i < count_; i++)
		if (bases_[i] % ((uint64_t)num_start_ * VIEW_GRANULE))
			return false;
	return true;
}

bool oracle_fn_RttBasesStateEqual(struct oracle_env *env, const uint64_t *bases_, oracle_int count_,
				  oracle_int num_start_, uint64_t state_)
{
	if (!plane_count_ok(env, count_, num_start_))
		return false;
	for (oracle_int i = 0; i < count_; i++)
		if (!oracle_fn_RttsStateEqual(env, bases_[i], num_start_, state_))
			return false;
	return true;
}

static bool overlap(uint64_t a, uint64_t size_a, uint64_t b, uint64_t size_b)
{
	return (oracle_int)a < (oracle_int)b + (oracle_int)size_b &&
	       (oracle_int)b < (oracle_int)a + (oracle_int)size_a;
}

bool oracle_fn_RttBasesOverlap(struct oracle_env *env, uint64_t rd_, uint64_t rtt_base_,
			       const uint64_t *bases_, oracle_int count_, oracle_int num_start_)
{
	const uint64_t size = (uint64_t)num_start_ * VIEW_GRANULE;

	if (!plane_count_ok(env, count_, num_start_))
		return false;
	for (oracle_int a = 0; a < count_; a++) {
		if (overlap(bases_[a], size, rd_, VIEW_GRANULE) ||
		    overlap(bases_[a], size, rtt_base_, size))
			return true;
		for (oracle_int b = 0; b < a; b++)
			if (overlap(bases_[a], size, bases_[b], size))
				return true;
	}
	return false;
}
