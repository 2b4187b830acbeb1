/* SPDX-License-Identifier: BSD-3-Clause */
#include "attestation/rim.h"

#include <string.h>

#include "rmmsim/system.h"

enum { DESCRIPTOR_DATA = 0, DESCRIPTOR_REC = 1, DESCRIPTOR_RIPAS = 2 };

/* All three kinds of descriptor are of one size. */
#define DESCRIPTOR_BYTES RMM_MEASUREMENT_DESCRIPTOR_DATA_SIZE

size_t rim_hash_size(uint8_t hash_algo)
{
	switch (hash_algo) {
	case RMI_HASH_SHA_512:
		return 64;
	case RMI_HASH_SHA_384:
		return 48;
	default:
		return 32;
	}
}

const char *rim_hash_name(uint8_t hash_algo)
{
	switch (hash_algo) {
	case RMI_HASH_SHA_512:
		return "sha-512";
	case RMI_HASH_SHA_384:
		return "sha-384";
	default:
		return "sha-256";
	}
}

static void hash(const struct rim_hasher *hasher, const void *data, size_t len,
		 uint8_t out[MEASUREMENT_BYTES])
{
	hasher->hash(hasher->ctx, data, len, out);
}

void rim_init(enum rmm_version v, const struct rim_hasher *hasher,
	      const struct rmi_realm_params *params, uint8_t rim[MEASUREMENT_BYTES])
{
	/* One word with two names: flags in 1.0, flags0 in 2.0. The other is not encoded. */
	const struct rmi_realm_params measured = {
		.flags = params->flags,
		.flags0 = params->flags0,
		.s2sz = params->s2sz,
		.sve_vl = params->sve_vl,
		.num_bps = params->num_bps,
		.num_wps = params->num_wps,
		.pmu_num_ctrs = params->pmu_num_ctrs,
		.hash_algo = params->hash_algo,
	};
	uint8_t image[RMI_REALM_PARAMS_SIZE] = {0};

	rmi_realm_params_encode(v, &measured, image);
	hash(hasher, image, sizeof(image), rim);
}

void rim_extend_data(enum rmm_version v, const struct rim_hasher *hasher,
		     uint8_t rim[MEASUREMENT_BYTES], uint64_t ipa, uint64_t flags,
		     const void *granule)
{
	struct rmm_measurement_descriptor_data desc = {
		.desc_type = DESCRIPTOR_DATA,
		.len = DESCRIPTOR_BYTES,
		.ipa = ipa,
		.flags = flags,
	};
	uint8_t image[DESCRIPTOR_BYTES] = {0};

	memcpy(desc.rim, rim, sizeof(desc.rim));
	if (rmi_data_flags_measure(v, flags) == RMI_MEASURE_CONTENT)
		hash(hasher, granule, RMM_GRANULE_SIZE, desc.content);
	rmm_measurement_descriptor_data_encode(v, &desc, image);
	hash(hasher, image, sizeof(image), rim);
}

void rim_extend_rec(enum rmm_version v, const struct rim_hasher *hasher,
		    uint8_t rim[MEASUREMENT_BYTES], const struct rmi_rec_params *params)
{
	struct rmm_measurement_descriptor_rec desc = {
		.desc_type = DESCRIPTOR_REC,
		.len = DESCRIPTOR_BYTES,
	};
	struct rmi_rec_params measured = {.flags = params->flags, .pc = params->pc};
	uint8_t content[RMI_REC_PARAMS_SIZE] = {0};
	uint8_t image[DESCRIPTOR_BYTES] = {0};

	memcpy(measured.gprs, params->gprs, sizeof(measured.gprs));
	rmi_rec_params_encode(v, &measured, content);
	memcpy(desc.rim, rim, sizeof(desc.rim));
	hash(hasher, content, sizeof(content), desc.content);
	rmm_measurement_descriptor_rec_encode(v, &desc, image);
	hash(hasher, image, sizeof(image), rim);
}

void rim_extend_ripas(enum rmm_version v, const struct rim_hasher *hasher,
		      uint8_t rim[MEASUREMENT_BYTES], uint64_t base, uint64_t top)
{
	struct rmm_measurement_descriptor_ripas desc = {
		.desc_type = DESCRIPTOR_RIPAS,
		.len = DESCRIPTOR_BYTES,
		.base = base,
		.top = top,
	};
	uint8_t image[DESCRIPTOR_BYTES] = {0};

	memcpy(desc.rim, rim, sizeof(desc.rim));
	rmm_measurement_descriptor_ripas_encode(v, &desc, image);
	hash(hasher, image, sizeof(image), rim);
}

void rem_extend(const struct rim_hasher *hasher, uint8_t hash_algo, bool padded,
		uint8_t rem[MEASUREMENT_BYTES], const uint8_t *value, size_t size)
{
	const size_t old_bytes = padded ? MEASUREMENT_BYTES : rim_hash_size(hash_algo);
	uint8_t input[2 * MEASUREMENT_BYTES] = {0};

	memcpy(input, rem, old_bytes);
	memcpy(input + old_bytes, value, size);
	hash(hasher, input, padded ? sizeof(input) : old_bytes + size, rem);
}
