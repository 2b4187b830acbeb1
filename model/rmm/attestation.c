/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/attestation.h"

#include <openssl/sha.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "attestation/token.h"

/*
 * Signing P-384 takes TF-RMM several calls; how many is its configuration.
 * Here the arithmetic is done in the last step.
 */
#define SIGNING_STEPS 4 /* RMM_COST_SIGN counts them */

/* The platform's part, made when it is first needed, as firmware makes it once at boot. */
struct attestation {
	pthread_mutex_t lock;
	size_t platform_len; /* 0: not made yet */
	uint8_t platform[TOKEN_PLATFORM_MAX_BYTES];
};

struct attestation *attestation_create(void)
{
	struct attestation *attestation = calloc(1, sizeof(*attestation));

	if (attestation)
		pthread_mutex_init(&attestation->lock, NULL);
	return attestation;
}

void attestation_destroy(struct attestation *attestation)
{
	if (!attestation)
		return;
	pthread_mutex_destroy(&attestation->lock);
	free(attestation);
}

static struct token_form form_of(const struct rmm_call *call)
{
	return (struct token_form){
		.cmw_collection = call_behaves(call, RMM_BEHAVIOUR_TOKEN_IS_CMW_COLLECTION),
		.profile_2_0 = call_behaves(call, RMM_BEHAVIOUR_TOKEN_HAS_2_0_CLAIMS),
	};
}

/* Never changes once it is there. */
static struct rmm_bytes platform_token(const struct rmm_call *call, const struct token_form *form)
{
	struct attestation *a = call->sys->attestation;

	pthread_mutex_lock(&a->lock);
	if (!a->platform_len)
		a->platform_len = token_make_platform(form, a->platform);
	pthread_mutex_unlock(&a->lock);
	return (struct rmm_bytes){a->platform, a->platform_len};
}

/* Random to everybody else, and the same again in a replay. False: out of memory. */
static bool make_instance_id(const struct rmm_call *call, uint8_t id[TOKEN_INSTANCE_ID_BYTES])
{
	const uint64_t seed[] = {call->sys->config.seed, call->realm->instance};
	uint8_t input[24] = "realm ID";

	for (unsigned int i = 0; i < sizeof(seed); i++)
		input[8 + i] = (uint8_t)(seed[i / 8] >> (8 * (i % 8)));
	id[0] = TOKEN_INSTANCE_ID_TYPE;
	return SHA256(input, sizeof(input), id + 1) != NULL;
}

static bool claims_of(const struct rmm_call *call, uint8_t instance_id[TOKEN_INSTANCE_ID_BYTES],
		      struct realm_claims *claims)
{
	const struct rec_attestation *a = &call->rec->attestation;
	const struct rmm_realm *realm = call->realm;

	*claims = (struct realm_claims){
		.challenge = a->challenge,
		.instance_id = instance_id,
		.rpv = realm->rpv,
		.hash_algo = realm->hash_algo,
		.mec_policy = realm->mec_policy,
		.rim = realm->rim,
		.rems = {a->rem[0], a->rem[1], a->rem[2], a->rem[3]},
	};
	return make_instance_id(call, instance_id);
}

void attestation_begin(struct rmm_call *call, const uint64_t challenge[8])
{
	struct rec_attestation *a = &call->rec->attestation;

	*a = (struct rec_attestation){.in_progress = true};
	for (unsigned int i = 0; i < sizeof(a->challenge); i++)
		a->challenge[i] = (uint8_t)(challenge[i / 8] >> (8 * (i % 8)));
	/* Other RECs may be extending the measurements. */
	granule_lock(call, call->rec->owner);
	memcpy(a->rem, call->realm->rem, sizeof(a->rem));
	granule_unlock(call, call->rec->owner);
}

enum attestation_progress attestation_step(struct rmm_call *call)
{
	struct rec_attestation *a = &call->rec->attestation;
	const struct token_form form = form_of(call);
	uint8_t instance_id[TOKEN_INSTANCE_ID_BYTES];
	struct realm_claims claims;

	if (a->steps_done == SIGNING_STEPS)
		return ATTESTATION_SIGNED;
	charge(call, RMM_COST_SIGN, 1, 0);
	if (a->steps_done + 1 < SIGNING_STEPS) {
		a->steps_done++;
		return ATTESTATION_SIGNING;
	}
	if (!claims_of(call, instance_id, &claims) ||
	    !token_sign_realm(&form, &claims, a->signature))
		return ATTESTATION_FAILED;
	a->steps_done++;
	return ATTESTATION_SIGNING;
}

size_t attestation_token(struct rmm_call *call, uint8_t *out, size_t size)
{
	const struct token_form form = form_of(call);
	const struct rmm_bytes platform = platform_token(call, &form);
	uint8_t instance_id[TOKEN_INSTANCE_ID_BYTES];
	struct realm_claims claims;

	if (!platform.len || !claims_of(call, instance_id, &claims))
		return 0;
	return token_assemble(&form, platform, &claims, call->rec->attestation.signature, out,
			      size);
}
