/* SPDX-License-Identifier: BSD-3-Clause */
/* The public side of rim.c: a RIM without a machine. */
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "attestation/rim.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/attestation.h"

static void hash(void *ctx, const void *data, size_t len, uint8_t out[MEASUREMENT_BYTES])
{
	struct rmm_rim *rim = ctx;
	const EVP_MD *md = EVP_sha256();
	uint8_t digest[EVP_MAX_MD_SIZE] = {0};

	if (rim->hash_algo == RMI_HASH_SHA_384)
		md = EVP_sha384();
	else if (rim->hash_algo == RMI_HASH_SHA_512)
		md = EVP_sha512();
	if (EVP_Digest(data, len, digest, NULL, md, NULL) != 1)
		rim->failed = true;
	memcpy(out, digest, MEASUREMENT_BYTES);
}

static bool behaves(enum rmm_version version, enum rmm_profile profile,
		    enum rmm_behaviour behaviour)
{
	const struct rmm_abi_behaviour *row = &rmm_abi_behaviours[behaviour];

	return (profile == RMM_PROFILE_TF_RMM ? row->tf_rmm : row->spec) >> version & 1;
}

static bool version_has_hash(enum rmm_version version, uint8_t hash_algo)
{
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiHashAlgorithm");

	for (size_t i = 0; type && i < type->num_values; i++)
		if (type->values[i].value == hash_algo && type->values[i].versions >> version & 1)
			return true;
	return false;
}

static int check(enum rmm_version version, enum rmm_profile profile,
		 const struct rmm_rim_params *params, struct rmm_error *error)
{
	struct rmm_error ignored;

	if (!error)
		error = &ignored;
	if ((unsigned int)version >= RMM_VERSION_COUNT ||
	    (unsigned int)profile > RMM_PROFILE_TF_RMM) {
		snprintf(error->text, sizeof(error->text), "unknown version or profile");
		return -1;
	}
	if (version_has_hash(version, params->hash_algo))
		return 0;
	snprintf(error->text, sizeof(error->text), "%s has no hash algorithm %u",
		 rmm_abi_versions[version].name, params->hash_algo);
	return -1;
}

int rmm_rim_begin(struct rmm_rim *rim, enum rmm_version version, enum rmm_profile profile,
		  const struct rmm_rim_params *params, struct rmm_error *error)
{
	struct rmm_error ignored;
	const struct rim_hasher hasher = {hash, rim};

	if (!error)
		error = &ignored;
	if (!rim || !params) {
		snprintf(error->text, sizeof(error->text),
			 "rmm_rim_begin needs a place for the measurement and parameters");
		return -1;
	}
	const struct rmi_realm_params raw = {
		.flags = params->flags,
		.flags0 = params->flags,
		.s2sz = params->s2sz,
		.sve_vl = params->sve_vl,
		.num_bps = params->num_bps,
		.num_wps = params->num_wps,
		.pmu_num_ctrs = params->pmu_num_ctrs,
		.hash_algo = params->hash_algo,
	};

	if (check(version, profile, params, error))
		return -1;
	*rim = (struct rmm_rim){
		.version = version,
		.hash_algo = params->hash_algo,
		.params_measured = behaves(version, profile, RMM_BEHAVIOUR_RIM_STARTS_FROM_PARAMS),
		.ripas_measured = behaves(version, profile, RMM_BEHAVIOUR_INIT_RIPAS_MEASURED),
		.size = rim_hash_size(params->hash_algo),
	};
	if (rim->params_measured)
		rim_init(version, &hasher, &raw, rim->value);
	if (rim->failed)
		snprintf(error->text, sizeof(error->text), "out of memory");
	return rim->failed ? -1 : 0;
}

void rmm_rim_add_data(struct rmm_rim *rim, uint64_t ipa, bool measure, const void *granule)
{
	const struct rim_hasher hasher = {hash, rim};
	const uint64_t flags = measure ? RMI_MEASURE_CONTENT : RMI_NO_MEASURE_CONTENT;

	if (!rim || (measure && !granule))
		return;
	rim_extend_data(rim->version, &hasher, rim->value, ipa, flags, granule);
}

void rmm_rim_add_rec(struct rmm_rim *rim, bool runnable, uint64_t pc, const uint64_t gprs[8])
{
	const struct rim_hasher hasher = {hash, rim};
	struct rmi_rec_params params = {.flags = RMI_RUNNABLE, .pc = pc};

	if (!rim || !gprs || !runnable)
		return;
	memcpy(params.gprs, gprs, sizeof(params.gprs));
	rim_extend_rec(rim->version, &hasher, rim->value, &params);
}

void rmm_rim_add_ripas(struct rmm_rim *rim, uint64_t base, uint64_t top)
{
	const struct rim_hasher hasher = {hash, rim};

	if (rim && rim->ripas_measured)
		rim_extend_ripas(rim->version, &hasher, rim->value, base, top);
}
