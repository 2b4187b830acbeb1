/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/realm_params.h"

#include "rmm/rtt.h"
#include "rmmsim/abi/introspect.h"

/* A field of the structure as if it had 32 bits (`realm_params_32_bits`); zero where the version
 * has none. */
static uint64_t read_32_bits(enum rmm_version v, const struct realm_params *p, const char *name)
{
	const struct rmm_abi_field *known =
		rmm_abi_field_find(rmm_abi_type_find("RmiRealmParams"), v, name);

	if (!known)
		return 0;
	struct rmm_abi_field field = *known;

	field.width = 32;
	return rmm_abi_field_get(&field, p->image, 0);
}

static void read_numbers_as_32_bits(enum rmm_version v, struct realm_params *p)
{
	p->raw.s2sz = read_32_bits(v, p, "s2sz");
	p->raw.sve_vl = read_32_bits(v, p, "sve_vl");
	p->raw.num_bps = read_32_bits(v, p, "num_bps");
	p->raw.num_wps = read_32_bits(v, p, "num_wps");
	p->raw.pmu_num_ctrs = read_32_bits(v, p, "pmu_num_ctrs");
	p->raw.num_aux_planes = read_32_bits(v, p, "num_aux_planes");
}

/* One word with two names, `flags` until 1.0-rel0; the other one reads zero. */
static void decode_flags(enum rmm_version v, struct realm_params *p)
{
	p->lpa2 = rmi_realm_flags_lpa2(v, p->raw.flags);
	p->sve = rmi_realm_flags_sve(v, p->raw.flags);
	p->pmu = rmi_realm_flags_pmu(v, p->raw.flags);
}

static void decode_flags0(enum rmm_version v, struct realm_params *p)
{
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

static void decode_params(const struct rmm_call *call, struct realm_params *p)
{
	const enum rmm_version v = call_version(call);

	rmi_realm_params_decode(v, p->image, &p->raw);
	if (call_behaves(call, RMM_BEHAVIOUR_REALM_PARAMS_32_BITS))
		read_numbers_as_32_bits(v, p);
	decode_flags0(v, p);
	if (call_is_rmi_1(call))
		decode_flags(v, p);
}

/* RmiRealmParamsIsValid: no reserved encoding. */
static bool params_are_valid(const struct rmm_call *call, const struct realm_params *p)
{
	if (p->lfa_policy > RMI_LFA_ALLOW && !call_behaves(call, RMM_BEHAVIOUR_LFA_POLICY_IGNORED))
		return false;
	if (p->raw.hash_algo > (call_is_rmi_1(call) ? RMI_HASH_SHA_512 : RMI_HASH_SHA_384))
		return false;
	return p->mec_policy <= RMI_MEC_POLICY_PRIVATE;
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
static bool planes_are_supported(const struct rmm_features *f, const struct realm_params *p)
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

static bool pmu_is_supported(const struct rmm_call *call, const struct realm_params *p)
{
	const struct rmm_features *f = &call->sys->config.features;

	if (!p->pmu)
		return p->raw.pmu_num_ctrs <= f->pmu_num_ctrs ||
		       call_behaves(call, RMM_BEHAVIOUR_UNUSED_PARAMS_IGNORED);
	if (!f->pmu && !call_behaves(call, RMM_BEHAVIOUR_PMU_FEATURE_UNCHECKED))
		return false;
	if (!p->raw.pmu_num_ctrs && call_behaves(call, RMM_BEHAVIOUR_PMU_WITHOUT_COUNTERS_REFUSED))
		return false;
	return p->raw.pmu_num_ctrs <= f->pmu_num_ctrs;
}

static bool sve_is_supported(const struct rmm_call *call, const struct realm_params *p)
{
	const struct rmm_features *f = &call->sys->config.features;

	if (!p->sve && call_behaves(call, RMM_BEHAVIOUR_UNUSED_PARAMS_IGNORED))
		return true;
	return (!p->sve || f->sve) && p->raw.sve_vl <= f->sve_vl;
}

/* RealmParamsSupported. */
static bool params_are_supported(const struct rmm_call *call, const struct realm_params *p)
{
	const struct rmm_features *f = &call->sys->config.features;

	if ((p->lpa2 && !f->lpa2) || (p->da && !f->da))
		return false;
	if (p->ats && !call_behaves(call, RMM_BEHAVIOUR_ATS_FLAG_IGNORED))
		return false;
	if (p->raw.s2sz > f->s2sz)
		return false;
	if (!p->raw.num_bps || p->raw.num_bps > f->num_bps)
		return false;
	if (!p->raw.num_wps || p->raw.num_wps > f->num_wps)
		return false;
	return sve_is_supported(call, p) && pmu_is_supported(call, p) &&
	       hash_is_supported(call, p->raw.hash_algo) && planes_are_supported(f, p);
}

unsigned int realm_params_num_trees(const struct realm_params *p)
{
	return p->tree_per_plane ? (unsigned int)p->raw.num_aux_planes + 1 : 1;
}

uint64_t realm_params_tree_base(const struct realm_params *p, unsigned int tree)
{
	return tree ? p->raw.aux_rtt_base[tree - 1] : p->raw.rtt_base;
}

enum rmm_condition realm_params_take(struct rmm_call *call, uint64_t ptr, struct realm_params *p)
{
	const struct rmm_config *config = &call->sys->config;

	if (!is_granule_aligned(ptr))
		return RMI_REALM_CREATE_PARAMS_ALIGN;
	if (ns_out_of_bounds(call, ptr))
		return RMI_REALM_CREATE_PARAMS_BOUND;
	if (!ns_read(call, ptr, p->image, sizeof(p->image)))
		return RMI_REALM_CREATE_PARAMS_PAS;
	decode_params(call, p);
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
	for (unsigned int tree = 1; tree < realm_params_num_trees(p); tree++)
		if (!is_aligned(realm_params_tree_base(p, tree),
				p->raw.rtt_num_start * RMM_GRANULE_SIZE))
			return RMI_REALM_CREATE_AUX_RTT_ALIGN_TF;
	return RMM_CONDITION_NONE;
}
