/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_VERSION, RMI_FEATURES. */
#include "rmm/call.h"
#include "rmm/handlers.h"

/* One revision is implemented: that of the chosen version. */
static uint64_t implemented(const struct rmm_call *call)
{
	const enum rmm_version v = call_version(call);
	uint64_t revision = 0;

	revision = rmi_interface_version_with_major(v, revision, rmm_abi_versions[v].rmi_major);
	return rmi_interface_version_with_minor(v, revision, rmm_abi_versions[v].rmi_minor);
}

uint64_t rmi_version(struct rmm_call *call)
{
	const enum rmm_version v = call_version(call);
	const uint64_t req = call->in[1];
	const uint64_t have = implemented(call);
	const uint64_t major = rmi_interface_version_major(v, req);
	const uint64_t minor = rmi_interface_version_minor(v, req);
	const bool whole = call_behaves(call, RMM_BEHAVIOUR_VERSION_MATCHES_WHOLE_REGISTER);

	call->out[1] = have;
	call->out[2] = have;
	if (major == rmi_interface_version_major(v, have) &&
	    minor <= rmi_interface_version_minor(v, have) && !(whole && req >> 31)) {
		call->out[1] = req & (UINT64_MAX >> 33);
		return RMI_SUCCESS;
	}
	if (major > rmi_interface_version_major(v, have) ||
	    major == rmi_interface_version_major(v, have))
		return rmm_fail(call, RMI_VERSION_INCOMPAT_LOWER);
	return rmm_fail(call, RMI_VERSION_INCOMPAT_HIGHER);
}

/* Without LPA2 a descriptor holds 48 bits of address. */
static uint64_t output_bits(const struct rmm_config *config)
{
	return config->pa_bits > 48 && !config->features.lpa2 ? 48 : config->pa_bits;
}

static uint64_t register_0(enum rmm_version v, const struct rmm_config *config)
{
	const struct rmm_features *f = &config->features;
	uint64_t r = 0;

	r = rmi_feature_register0_with_s2sz(v, r, f->s2sz);
	r = rmi_feature_register0_with_lpa2(v, r, f->lpa2);
	r = rmi_feature_register0_with_sve(v, r, f->sve);
	r = rmi_feature_register0_with_sve_vl(v, r, f->sve_vl);
	r = rmi_feature_register0_with_num_bps(v, r, f->num_bps);
	r = rmi_feature_register0_with_num_wps(v, r, f->num_wps);
	r = rmi_feature_register0_with_pmu(v, r, f->pmu);
	r = rmi_feature_register0_with_l0gpt_block_delegate(v, r, f->l0gpt_block_delegate);
	r = rmi_feature_register0_with_s2oasz(v, r, output_bits(config));
	return rmi_feature_register0_with_pmu_num_ctrs(v, r, f->pmu_num_ctrs);
}

/* The only one of 1.0-rel0 holds everything. */
static uint64_t register_0_of_1_0(enum rmm_version v, const struct rmm_config *config)
{
	const struct rmm_features *f = &config->features;
	uint64_t r = register_0(v, config);

	r = rmi_feature_register0_with_sve_en(v, r, f->sve);
	r = rmi_feature_register0_with_pmu_en(v, r, f->pmu);
	r = rmi_feature_register0_with_hash_sha_256(v, r, f->sha_256);
	r = rmi_feature_register0_with_hash_sha_512(v, r, f->sha_512);
	r = rmi_feature_register0_with_gicv3_num_lrs(v, r, RMM_NUM_LRS - 1);
	return rmi_feature_register0_with_max_recs_order(v, r, f->max_recs_order);
}

/* GPCCR_EL3 encodings: PPS of the physical address size, L0GPTSZ of 1 GiB. */
static uint64_t pps_encoding(unsigned int pa_bits)
{
	static const uint8_t bits[] = {32, 36, 40, 42, 44, 48, 52};

	for (unsigned int i = 0; i < sizeof(bits); i++)
		if (bits[i] >= pa_bits)
			return i;
	return sizeof(bits) - 1;
}

static uint64_t register_1(enum rmm_version v, const struct rmm_config *config)
{
	const struct rmm_features *f = &config->features;
	uint64_t r = 0;

	r = rmi_feature_register1_with_rmi_gran_sz_4kb(v, r, 1);
	r = rmi_feature_register1_with_hash_sha_256(v, r, f->sha_256);
	r = rmi_feature_register1_with_hash_sha_384(v, r, f->sha_384);
	r = rmi_feature_register1_with_hash_sha_512(v, r, f->sha_512);
	r = rmi_feature_register1_with_max_recs_order(v, r, f->max_recs_order);
	return rmi_feature_register1_with_pps(v, r, pps_encoding(config->pa_bits));
}

static uint64_t register_2(enum rmm_version v, const struct rmm_features *f)
{
	uint64_t r = 0;

	r = rmi_feature_register2_with_da(v, r, f->da);
	return rmi_feature_register2_with_max_vdevs_order(v, r, f->max_vdevs_order);
}

static uint64_t register_3(enum rmm_version v, const struct rmm_features *f)
{
	uint64_t r = 0;

	r = rmi_feature_register3_with_max_num_aux_planes(v, r, f->max_num_aux_planes);
	r = rmi_feature_register3_with_rtt_plane(v, r, f->rtt_plane);
	return rmi_feature_register3_with_rtt_s2ap_indirect(v, r, f->rtt_s2ap_indirect);
}

uint64_t rmi_features(struct rmm_call *call)
{
	const enum rmm_version v = call_version(call);
	const struct rmm_config *config = &call->sys->config;

	if (call_is_rmi_1(call)) {
		call->out[1] = call->in[1] ? 0 : register_0_of_1_0(v, config);
		return RMI_SUCCESS;
	}
	switch (call->in[1]) {
	case 0:
		call->out[1] = register_0(v, config);
		break;
	case 1:
		call->out[1] = register_1(v, config);
		break;
	case 2:
		call->out[1] = register_2(v, &config->features);
		break;
	case 3:
		call->out[1] = register_3(v, &config->features);
		break;
	case 4:
		call->out[1] = config->features.mec_count;
		break;
	default:
		call->out[1] = 0;
		break;
	}
	return RMI_SUCCESS;
}
