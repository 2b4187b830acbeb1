/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/measurement.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "rmm/call.h"

enum { HASH_256, HASH_384, HASH_512, NUM_HASHES };

struct measurement_engine {
	EVP_MD *hashes[NUM_HASHES];
	EVP_MD_CTX *contexts[RMM_MAX_PES]; /* one per PE: no locking */
};

void measurement_destroy(struct measurement_engine *engine)
{
	if (!engine)
		return;
	for (unsigned int i = 0; i < NUM_HASHES; i++)
		EVP_MD_free(engine->hashes[i]);
	for (unsigned int i = 0; i < RMM_MAX_PES; i++)
		EVP_MD_CTX_free(engine->contexts[i]);
	free(engine);
}

struct measurement_engine *measurement_create(unsigned int num_pes)
{
	static const char *const names[NUM_HASHES] = {"SHA256", "SHA384", "SHA512"};
	struct measurement_engine *engine = calloc(1, sizeof(*engine));
	bool complete = engine != NULL;

	for (unsigned int i = 0; complete && i < NUM_HASHES; i++) {
		engine->hashes[i] = EVP_MD_fetch(NULL, names[i], NULL);
		complete = engine->hashes[i] != NULL;
	}
	for (unsigned int i = 0; complete && i < num_pes; i++) {
		engine->contexts[i] = EVP_MD_CTX_new();
		complete = engine->contexts[i] != NULL;
	}
	if (complete)
		return engine;
	measurement_destroy(engine);
	return NULL;
}

static unsigned int hash_index(const struct rmm_realm *realm)
{
	switch (realm->hash_algo) {
	case RMI_HASH_SHA_384:
		return HASH_384;
	case RMI_HASH_SHA_512:
		return HASH_512;
	default:
		return HASH_256;
	}
}

size_t measurement_size(const struct rmm_realm *realm)
{
	static const uint8_t sizes[NUM_HASHES] = {32, 48, 64};

	return sizes[hash_index(realm)];
}

void measurement_hash(struct rmm_call *call, const struct rmm_realm *realm, const void *data,
		      size_t len, uint8_t out[MEASUREMENT_BYTES])
{
	struct measurement_engine *engine = call->sys->measurement;
	EVP_MD_CTX *context = engine->contexts[call->pe];
	uint8_t digest[MEASUREMENT_BYTES] = {0};

	/* These cannot fail once the algorithm has been fetched. */
	EVP_DigestInit_ex2(context, engine->hashes[hash_index(realm)], NULL);
	EVP_DigestUpdate(context, data, len);
	EVP_DigestFinal_ex(context, digest, NULL);
	memcpy(out, digest, MEASUREMENT_BYTES);
	charge(call, RMM_COST_HASH, len, 0);
}

void measurement_extend_data(struct rmm_call *call, struct rmm_realm *realm, uint64_t ipa,
			     uint64_t flags, const void *granule)
{
	const enum rmm_version v = call_version(call);
	struct rmm_measurement_descriptor_data desc = {
		.desc_type = 0,
		.len = RMM_MEASUREMENT_DESCRIPTOR_DATA_SIZE,
		.ipa = ipa,
		.flags = flags,
	};
	uint8_t image[RMM_MEASUREMENT_DESCRIPTOR_DATA_SIZE] = {0};

	memcpy(desc.rim, realm->rim, sizeof(desc.rim));
	if (rmi_data_flags_measure(v, flags) == RMI_MEASURE_CONTENT)
		measurement_hash(call, realm, granule, RMM_GRANULE_SIZE, desc.content);
	rmm_measurement_descriptor_data_encode(v, &desc, image);
	measurement_hash(call, realm, image, sizeof(image), realm->rim);
}

void measurement_extend_rec(struct rmm_call *call, struct rmm_realm *realm, const void *params)
{
	const enum rmm_version v = call_version(call);
	struct rmm_measurement_descriptor_rec desc = {
		.desc_type = 1,
		.len = RMM_MEASUREMENT_DESCRIPTOR_REC_SIZE,
	};
	uint8_t image[RMM_MEASUREMENT_DESCRIPTOR_REC_SIZE] = {0};

	memcpy(desc.rim, realm->rim, sizeof(desc.rim));
	measurement_hash(call, realm, params, RMI_REC_PARAMS_SIZE, desc.content);
	rmm_measurement_descriptor_rec_encode(v, &desc, image);
	measurement_hash(call, realm, image, sizeof(image), realm->rim);
}

void measurement_extend_rem(struct rmm_call *call, struct rmm_realm *realm, unsigned int n,
			    const uint8_t *value, size_t size)
{
	/* 2.0: 1024 bits, old value and zero-extended new value; TF-RMM: no padding. */
	const size_t old = call_behaves(call, RMM_BEHAVIOUR_REM_EXTEND_UNPADDED)
				   ? measurement_size(realm)
				   : MEASUREMENT_BYTES;
	uint8_t input[2 * MEASUREMENT_BYTES] = {0};
	size_t len = sizeof(input);

	memcpy(input, realm->rem[n], old);
	memcpy(input + old, value, size);
	if (call_behaves(call, RMM_BEHAVIOUR_REM_EXTEND_UNPADDED))
		len = old + size;
	measurement_hash(call, realm, input, len, realm->rem[n]);
}
