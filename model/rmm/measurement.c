/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/measurement.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "attestation/rim.h"
#include "rmm/call.h"

enum { HASH_256, HASH_384, HASH_512, NUM_HASHES };

struct measurement_engine {
	EVP_MD *hashes[NUM_HASHES];
	EVP_MD_CTX *contexts[RMM_MAX_PES][NUM_HASHES]; /* one per PE: no locking */
};

void measurement_destroy(struct measurement_engine *engine)
{
	if (!engine)
		return;
	for (unsigned int i = 0; i < NUM_HASHES; i++)
		EVP_MD_free(engine->hashes[i]);
	for (unsigned int i = 0; i < RMM_MAX_PES * NUM_HASHES; i++)
		EVP_MD_CTX_free(engine->contexts[i / NUM_HASHES][i % NUM_HASHES]);
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
	for (unsigned int i = 0; complete && i < num_pes * NUM_HASHES; i++) {
		EVP_MD_CTX *context = EVP_MD_CTX_new();

		engine->contexts[i / NUM_HASHES][i % NUM_HASHES] = context;
		complete = context &&
			   EVP_DigestInit_ex2(context, engine->hashes[i % NUM_HASHES], NULL) == 1;
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

/* The call that measures, and whose realm's hash it is. */
struct measuring {
	struct rmm_call *call;
	const struct rmm_realm *realm;
};

static void hash(void *ctx, const void *data, size_t len, uint8_t out[MEASUREMENT_BYTES])
{
	const struct measuring *m = ctx;
	struct measurement_engine *engine = m->call->sys->measurement;
	const unsigned int index = hash_index(m->realm);
	EVP_MD_CTX *context = engine->contexts[m->call->pe][index];
	uint8_t digest[MEASUREMENT_BYTES] = {0};

	/* These cannot fail: the context holds the state of its algorithm already. */
	EVP_DigestInit_ex2(context, engine->hashes[index], NULL);
	EVP_DigestUpdate(context, data, len);
	EVP_DigestFinal_ex(context, digest, NULL);
	memcpy(out, digest, MEASUREMENT_BYTES);
	charge(m->call, RMM_COST_HASH, len, 0);
}

void measurement_init(struct rmm_call *call, struct rmm_realm *realm,
		      const struct rmi_realm_params *params)
{
	struct measuring m = {call, realm};
	const struct rim_hasher hasher = {hash, &m};

	if (call_behaves(call, RMM_BEHAVIOUR_RIM_STARTS_FROM_PARAMS))
		rim_init(call_version(call), &hasher, params, realm->rim);
}

void measurement_extend_data(struct rmm_call *call, struct rmm_realm *realm, uint64_t ipa,
			     uint64_t flags, const void *granule)
{
	struct measuring m = {call, realm};
	const struct rim_hasher hasher = {hash, &m};

	rim_extend_data(call_version(call), &hasher, realm->rim, ipa, flags, granule);
}

void measurement_extend_rec(struct rmm_call *call, struct rmm_realm *realm,
			    const struct rmi_rec_params *params)
{
	struct measuring m = {call, realm};
	const struct rim_hasher hasher = {hash, &m};

	rim_extend_rec(call_version(call), &hasher, realm->rim, params);
}

void measurement_extend_ripas(struct rmm_call *call, struct rmm_realm *realm, uint64_t base,
			      uint64_t top)
{
	struct measuring m = {call, realm};
	const struct rim_hasher hasher = {hash, &m};

	if (call_behaves(call, RMM_BEHAVIOUR_INIT_RIPAS_MEASURED))
		rim_extend_ripas(call_version(call), &hasher, realm->rim, base, top);
}

void measurement_extend_rem(struct rmm_call *call, struct rmm_realm *realm, unsigned int n,
			    const uint8_t *value, size_t size)
{
	struct measuring m = {call, realm};
	const struct rim_hasher hasher = {hash, &m};

	rem_extend(&hasher, realm->hash_algo,
		   !call_behaves(call, RMM_BEHAVIOUR_REM_EXTEND_UNPADDED), realm->rem[n], value,
		   size);
}
