/* SPDX-License-Identifier: BSD-3-Clause */
/* Global state, configuration, features, revisions (2.0-bet0 B3.126 to B3.153). */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/image.h"
#include "oracle/objects.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

#define L0_GPT_SIZE (UINT64_C(1) << 30)

static uint64_t feature(bool on)
{
	return on ? ORACLE_FEATURE_TRUE : ORACLE_FEATURE_FALSE;
}

static void fill_static(const struct rmm_config *config, struct oracle_RmmGlobalStatic *to)
{
	const struct rmm_features *f = &config->features;

	to->pasz = UINT64_C(1) << config->pa_bits;
	to->l0gptsz = L0_GPT_SIZE;
	to->max_ipa_width = f->s2sz;
	to->feat_lpa2 = feature(f->lpa2);
	to->feat_sve = feature(f->sve);
	to->max_sve_vl = f->sve_vl;
	to->num_bps = (uint64_t)f->num_bps + 1;
	to->num_wps = (uint64_t)f->num_wps + 1;
	to->feat_pmu = feature(f->pmu);
	to->pmu_num_ctrs = f->pmu_num_ctrs;
	to->feat_sha_256 = feature(f->sha_256);
	to->feat_sha_384 = feature(f->sha_384);
	to->feat_sha_512 = feature(f->sha_512);
	to->max_recs_order = f->max_recs_order;
	to->feat_da = feature(f->da);
	to->max_num_aux_planes = f->max_num_aux_planes;
	to->mec_count = f->mec_count;
	to->max_vdevs_order = f->max_vdevs_order;
	to->rtt_s2ap_indirect = feature(f->rtt_s2ap_indirect);
	to->rmi_granule_size_4kb = feature(true);
}

void oracle_global(const struct rmm_system *sys, struct oracle_RmmGlobal *to)
{
	fill_static(&sys->config, &to->static_);
	to->dynamic.state = (uint64_t)sys->state;
	to->dynamic.rmi_granule_size = VIEW_GRANULE;
	to->dynamic.tracking_region_size = UINT64_C(1) << 30;
	to->dynamic.num_tracked = sys->tracking.num_tracked;
	to->dynamic.num_realms = sys->num_realms;
	to->dynamic.pat_valid = sys->config.pat_out_of_date ? ORACLE_RMM_FALSE : ORACLE_RMM_TRUE;
}

const struct oracle_RmmGlobal *oracle_fn_Rmm(struct oracle_env *env)
{
	struct oracle_RmmGlobal *global = oracle_alloc(env, sizeof(*global));

	if (!global)
		return oracle_nothing;
	oracle_global(env->sys, global);
	return global;
}

const uint8_t *oracle_fn_RmiRmmConfigAt(struct oracle_env *env, uint64_t addr_)
{
	return oracle_image(env, addr_);
}

bool oracle_fn_RmmConfigIsSupported(struct oracle_env *env, const uint8_t *cfg_)
{
	struct rmi_rmm_config cfg;

	if (env->fault != ORACLE_NO_FAULT)
		return false;
	rmi_rmm_config_decode(env->version, cfg_, &cfg);
	return cfg.rmi_granule_size == RMI_GRANULE_SIZE_4KB &&
	       oracle_fn_TrackingRegionSizeFromRmi(env, cfg.rmi_granule_size,
						   (oracle_int)cfg.tracking_region_size) != 0;
}

/* ---- revisions ------------------------------------------------------------------------ */

struct revision {
	uint64_t major, minor;
};

static struct revision implemented(const struct oracle_env *env)
{
	const struct rmm_abi_version *v = &rmm_abi_versions[env->version];

	return (struct revision){v->rmi_major, v->rmi_minor};
}

/* RmiInterfaceVersion: minor at [15:0], major at [30:16]. */
static struct revision asked(uint64_t req)
{
	return (struct revision){req >> 16 & 0x7fff, req & 0xffff};
}

static uint64_t encode(struct revision r)
{
	return r.major << 16 | r.minor;
}

bool oracle_fn_RmiVersionIsSupported(struct oracle_env *env, uint64_t req_)
{
	const struct revision have = implemented(env);
	const struct revision want = asked(req_);

	if (rmm_behaves(env->sys, RMM_BEHAVIOUR_VERSION_MATCHES_WHOLE_REGISTER) &&
	    encode(want) != req_)
		return oracle_unknown(env);
	return want.major == have.major && want.minor <= have.minor;
}

bool oracle_fn_RmiVersionLowerIsSupported(struct oracle_env *env, uint64_t req_)
{
	return !oracle_fn_RmiVersionIsSupported(env, req_) &&
	       encode(implemented(env)) < encode(asked(req_));
}

bool oracle_fn_RmiVersionHigherIsSupported(struct oracle_env *env, uint64_t req_)
{
	return !oracle_fn_RmiVersionIsSupported(env, req_) &&
	       encode(implemented(env)) > encode(asked(req_));
}

uint64_t oracle_fn_RmiVersionHighest(struct oracle_env *env)
{
	return encode(implemented(env));
}

uint64_t oracle_fn_RmiVersionHighestBelow(struct oracle_env *env, uint64_t req_)
{
	(void)req_;
	return encode(implemented(env));
}

bool oracle_fn_VersionEqual_RmiInterfaceVersion_RmiInterfaceVersion(struct oracle_env *env,
								    uint64_t v1_, uint64_t v2_)
{
	(void)env;
	return encode(asked(v1_)) == encode(asked(v2_));
}

/* ---- feature registers ------------------------------------------------------------------- */

/* Sets a field by name; registers differ from version to version. */
static uint64_t with(const struct oracle_env *env, const struct rmm_abi_type *type, uint64_t word,
		     const char *name, uint64_t value)
{
	const struct rmm_abi_field *field = rmm_abi_field_find(type, env->version, name);

	return field ? rmm_abi_bits_set(field, word, value) : word;
}

static uint64_t register_0(const struct oracle_env *env)
{
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiFeatureRegister0");
	const struct rmm_features *f = &env->sys->config.features;
	const uint64_t pa_bits = env->sys->config.pa_bits;
	uint64_t word = with(env, type, 0, "s2sz", f->s2sz);

	word = with(env, type, word, "lpa2", f->lpa2);
	word = with(env, type, word, "sve", f->sve);
	word = with(env, type, word, "sve_vl", f->sve_vl);
	word = with(env, type, word, "num_bps", f->num_bps);
	word = with(env, type, word, "num_wps", f->num_wps);
	word = with(env, type, word, "pmu", f->pmu);
	word = with(env, type, word, "l0gpt_block_delegate", f->l0gpt_block_delegate);
	word = with(env, type, word, "s2oasz", f->lpa2 || pa_bits < 48 ? pa_bits : 48);
	return with(env, type, word, "pmu_num_ctrs", f->pmu_num_ctrs);
}

static uint64_t register_0_of_1_0(const struct oracle_env *env)
{
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiFeatureRegister0");
	const struct rmm_features *f = &env->sys->config.features;
	uint64_t word = register_0(env);

	word = with(env, type, word, "sve_en", f->sve);
	word = with(env, type, word, "pmu_en", f->pmu);
	word = with(env, type, word, "hash_sha_256", f->sha_256);
	word = with(env, type, word, "hash_sha_512", f->sha_512);
	word = with(env, type, word, "gicv3_num_lrs", RMM_NUM_LRS - 1);
	return with(env, type, word, "max_recs_order", f->max_recs_order);
}

static uint64_t register_1(const struct oracle_env *env)
{
	static const uint8_t pps[] = {32, 36, 40, 42, 44, 48, 52};
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiFeatureRegister1");
	const struct rmm_features *f = &env->sys->config.features;
	uint64_t word = with(env, type, 0, "rmi_gran_sz_4kb", 1);

	word = with(env, type, word, "hash_sha_256", f->sha_256);
	word = with(env, type, word, "hash_sha_384", f->sha_384);
	word = with(env, type, word, "hash_sha_512", f->sha_512);
	word = with(env, type, word, "max_recs_order", f->max_recs_order);
	for (unsigned int i = 0; i < sizeof(pps); i++)
		if (pps[i] == env->sys->config.pa_bits)
			word = with(env, type, word, "pps", i);
	return word;
}

static uint64_t register_3(const struct oracle_env *env)
{
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiFeatureRegister3");
	const struct rmm_features *f = &env->sys->config.features;
	uint64_t word = with(env, type, 0, "max_num_aux_planes", f->max_num_aux_planes);

	word = with(env, type, word, "rtt_plane", f->rtt_plane);
	return with(env, type, word, "rtt_s2ap_indirect", f->rtt_s2ap_indirect);
}

uint64_t oracle_fn_RmiFeatureRegisterEncode(struct oracle_env *env, oracle_int index_)
{
	if (env->version == RMM_VERSION_1_0_REL0)
		return index_ == 0 ? register_0_of_1_0(env) : 0;
	if (index_ == 0)
		return register_0(env);
	if (index_ == 1)
		return register_1(env);
	if (index_ == 2)
		return oracle_unknown(env); /* devices */
	if (index_ == 3)
		return register_3(env);
	return index_ == 4 ? env->sys->config.features.mec_count : 0;
}
