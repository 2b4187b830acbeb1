/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Making a CCA attestation token. It is a function of its inputs: whoever has
 * them and the realm's signature can write it again, so nobody has to keep it.
 */
#ifndef RMM_ATTESTATION_TOKEN_H
#define RMM_ATTESTATION_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attestation/ecdsa.h"
#include "rmmsim/attestation.h"

/* Upper bounds, in bytes. */
#define TOKEN_MAX_BYTES            4096
#define TOKEN_PAYLOAD_MAX_BYTES    1024
#define TOKEN_PLATFORM_MAX_BYTES   1280

#define TOKEN_CHALLENGE_BYTES      64
#define TOKEN_INSTANCE_ID_BYTES    33
#define TOKEN_INSTANCE_ID_TYPE     0x01 /* first byte: the rest is random */

/* Numbers of the collection's entries and of their media types. */
#define TOKEN_LABEL_PLATFORM       44234
#define TOKEN_LABEL_REALM          44241
#define TOKEN_MEDIA_EAT_CWT        263 /* CoAP content format application/eat+cwt */

#define TOKEN_PROFILE_REALM_1_0    "tag:arm.com,2023:realm#1.0.0"
#define TOKEN_PROFILE_REALM_2_0    "tag:arm.com,2024:realm#2.0.0"
#define TOKEN_PROFILE_PLATFORM_1_0 "tag:arm.com,2023:cca_platform#1.0.0"
#define TOKEN_PROFILE_PLATFORM_2_0 "tag:arm.com,2024:cca_platform#2.0.0"

/* What a version of the specification decides. */
struct token_form {
	bool cmw_collection;
	bool profile_2_0; /* claims of the 2024 profiles */
};

struct realm_claims {
	const uint8_t *challenge;   /* TOKEN_CHALLENGE_BYTES */
	const uint8_t *instance_id; /* TOKEN_INSTANCE_ID_BYTES */
	const uint8_t *rpv;         /* 64 bytes */
	uint8_t hash_algo;          /* RmiHashAlgorithm */
	uint8_t mec_policy;         /* RmiMecPolicy */
	const uint8_t *rim;
	const uint8_t *rems[RMM_TOKEN_NUM_REMS];
};

/* Signs the realm's claims with the test RAK. */
bool token_sign_realm(const struct token_form *form, const struct realm_claims *claims,
		      uint8_t signature[ECDSA_SIGNATURE_BYTES]);

/*
 * The platform token: the same one for each form, by the test platform key.
 * Returns its length, 0 when memory runs out.
 */
size_t token_make_platform(const struct token_form *form, uint8_t out[TOKEN_PLATFORM_MAX_BYTES]);

/* The whole token. Returns its length, 0 when it does not fit. */
size_t token_assemble(const struct token_form *form, struct rmm_bytes platform,
		      const struct realm_claims *claims,
		      const uint8_t signature[ECDSA_SIGNATURE_BYTES], uint8_t *out, size_t size);

#endif
