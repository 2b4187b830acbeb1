/* SPDX-License-Identifier: BSD-3-Clause */
/* The realm's part of a token, and the collection around both parts. */
#include "attestation/cbor_writer.h"
#include "attestation/cose.h"
#include "attestation/rim.h"
#include "attestation/test_keys.h"
#include "attestation/token.h"

#define RPV_BYTES 64

_Static_assert(TOKEN_PAYLOAD_MAX_BYTES <= COSE_MAX_PAYLOAD, "every payload can be signed");

static void put_claim_bytes(struct cbor_writer *w, int64_t key, const void *data, size_t len)
{
	cbor_put_int(w, key);
	cbor_put_bytes(w, data, len);
}

static void put_claim_text(struct cbor_writer *w, int64_t key, const char *text)
{
	cbor_put_int(w, key);
	cbor_put_text(w, text);
}

static void put_claim_int(struct cbor_writer *w, int64_t key, int64_t value)
{
	cbor_put_int(w, key);
	cbor_put_int(w, value);
}

static void put_rems(struct cbor_writer *w, const struct realm_claims *claims)
{
	cbor_put_int(w, RMM_CLAIM_REMS);
	cbor_put_array(w, RMM_TOKEN_NUM_REMS);
	for (unsigned int i = 0; i < RMM_TOKEN_NUM_REMS; i++)
		cbor_put_bytes(w, claims->rems[i], rim_hash_size(claims->hash_algo));
}

/* In TF-RMM's order. */
static void put_payload(struct cbor_writer *w, const struct token_form *form,
			const struct realm_claims *claims)
{
	uint8_t rak[COSE_KEY_P384_BYTES];

	cose_key_encode(&attestation_test_rak, rak);
	cbor_put_map(w, form->profile_2_0 ? 10 : 8);
	put_claim_bytes(w, RMM_CLAIM_CHALLENGE, claims->challenge, TOKEN_CHALLENGE_BYTES);
	if (form->profile_2_0)
		put_claim_bytes(w, RMM_CLAIM_INSTANCE_ID, claims->instance_id,
				TOKEN_INSTANCE_ID_BYTES);
	put_claim_bytes(w, RMM_CLAIM_RPV, claims->rpv, RPV_BYTES);
	put_claim_bytes(w, RMM_CLAIM_RAK, rak, sizeof(rak));
	put_claim_text(w, RMM_CLAIM_HASH_ALGORITHM, rim_hash_name(claims->hash_algo));
	put_claim_text(w, RMM_CLAIM_RAK_HASH_ALGORITHM, "sha-256");
	if (form->profile_2_0)
		put_claim_int(w, RMM_CLAIM_MEC_POLICY, claims->mec_policy);
	put_claim_text(w, RMM_CLAIM_PROFILE,
		       form->profile_2_0 ? TOKEN_PROFILE_REALM_2_0 : TOKEN_PROFILE_REALM_1_0);
	put_claim_bytes(w, RMM_CLAIM_RIM, claims->rim, rim_hash_size(claims->hash_algo));
	put_rems(w, claims);
}

bool token_sign_realm(const struct token_form *form, const struct realm_claims *claims,
		      uint8_t signature[ECDSA_SIGNATURE_BYTES])
{
	uint8_t payload[TOKEN_PAYLOAD_MAX_BYTES];
	struct cbor_writer w = {.data = payload, .size = sizeof(payload)};

	put_payload(&w, form, claims);
	return !w.full && cose_sign(&attestation_test_rak, payload, w.len, signature);
}

/* A conceptual message wrapper says what its content is; the older form does not. */
static void put_entry(struct cbor_writer *w, const struct token_form *form, int64_t label,
		      struct rmm_bytes token)
{
	cbor_put_int(w, label);
	if (form->cmw_collection) {
		cbor_put_array(w, 2);
		cbor_put_int(w, TOKEN_MEDIA_EAT_CWT);
	}
	cbor_put_bytes(w, token.data, token.len);
}

size_t token_assemble(const struct token_form *form, struct rmm_bytes platform,
		      const struct realm_claims *claims,
		      const uint8_t signature[ECDSA_SIGNATURE_BYTES], uint8_t *out, size_t size)
{
	uint8_t payload[TOKEN_PAYLOAD_MAX_BYTES];
	uint8_t realm[TOKEN_PAYLOAD_MAX_BYTES + ECDSA_SIGNATURE_BYTES + 16];
	struct cbor_writer p = {.data = payload, .size = sizeof(payload)};
	struct cbor_writer r = {.data = realm, .size = sizeof(realm)};
	struct cbor_writer w = {.data = out, .size = size};

	put_payload(&p, form, claims);
	cose_put_sign1(&r, payload, p.len, signature);
	cbor_put_tag(&w, form->cmw_collection ? RMM_TOKEN_TAG_CMW : RMM_TOKEN_TAG_EAT);
	cbor_put_map(&w, 2);
	put_entry(&w, form, TOKEN_LABEL_PLATFORM, platform);
	put_entry(&w, form, TOKEN_LABEL_REALM, (struct rmm_bytes){realm, r.len});
	return p.full || r.full || w.full ? 0 : w.len;
}
