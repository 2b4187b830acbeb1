/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The platform's part of a token. TEST ONLY: it speaks for a platform that
 * does not exist, and its identifiers say so.
 */
#include <openssl/sha.h>
#include <string.h>

#include "attestation/cbor_writer.h"
#include "attestation/cose.h"
#include "attestation/test_keys.h"
#include "attestation/token.h"

#define LIFECYCLE_SECURED 0x3000
#define CLIENT_RMSD       1

static const char implementation_id[32 + 1] = "rmmsim TEST ONLY platform       ";
static const char config[] = "rmmsim TEST ONLY config";

/* Keys inside a software component. */
enum { COMPONENT_TYPE = 1, COMPONENT_MEASUREMENT = 2, COMPONENT_VERSION = 4, COMPONENT_SIGNER = 5 };

/* Without a digest there is no token. */
static void digest_of(struct cbor_writer *w, const void *data, size_t len,
		      uint8_t out[SHA256_DIGEST_LENGTH])
{
	if (!SHA256(data, len, out))
		w->full = true;
}

static void put_digest_of(struct cbor_writer *w, int64_t key, const char *text)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];

	digest_of(w, text, strlen(text), digest);
	cbor_put_int(w, key);
	cbor_put_bytes(w, digest, sizeof(digest));
}

/* There is no firmware to measure: measurements are digests of these names. */
static void put_component(struct cbor_writer *w, const char *type, const char *version)
{
	cbor_put_map(w, 4);
	cbor_put_int(w, COMPONENT_TYPE);
	cbor_put_text(w, type);
	put_digest_of(w, COMPONENT_MEASUREMENT, type);
	cbor_put_int(w, COMPONENT_VERSION);
	cbor_put_text(w, version);
	put_digest_of(w, COMPONENT_SIGNER, "rmmsim TEST ONLY signer");
}

static void put_components(struct cbor_writer *w)
{
	cbor_put_int(w, RMM_CLAIM_SOFTWARE_COMPONENTS);
	cbor_put_array(w, 2);
	put_component(w, "TEST ONLY monitor", "1");
	put_component(w, "TEST ONLY RMM", "1");
}

/* The binding: H(RAK_pub) is what the RMM challenges the platform with. */
static void put_challenge(struct cbor_writer *w)
{
	uint8_t rak[COSE_KEY_P384_BYTES];
	uint8_t digest[SHA256_DIGEST_LENGTH];

	cose_key_encode(&attestation_test_rak, rak);
	digest_of(w, rak, sizeof(rak), digest);
	cbor_put_int(w, RMM_CLAIM_CHALLENGE);
	cbor_put_bytes(w, digest, sizeof(digest));
}

/* Identifies the platform's key: a digest of it. */
static void put_instance_id(struct cbor_writer *w)
{
	uint8_t key[COSE_KEY_P384_BYTES];
	uint8_t id[TOKEN_INSTANCE_ID_BYTES] = {TOKEN_INSTANCE_ID_TYPE};

	cose_key_encode(&attestation_test_platform_key, key);
	digest_of(w, key, sizeof(key), id + 1);
	cbor_put_int(w, RMM_CLAIM_INSTANCE_ID);
	cbor_put_bytes(w, id, sizeof(id));
}

static void put_platform_claims(struct cbor_writer *w, const struct token_form *form)
{
	cbor_put_map(w, form->profile_2_0 ? 9 : 8);
	cbor_put_int(w, RMM_CLAIM_PROFILE);
	cbor_put_text(w,
		      form->profile_2_0 ? TOKEN_PROFILE_PLATFORM_2_0 : TOKEN_PROFILE_PLATFORM_1_0);
	put_challenge(w);
	cbor_put_int(w, RMM_CLAIM_IMPLEMENTATION_ID);
	cbor_put_bytes(w, implementation_id, sizeof(implementation_id) - 1);
	put_instance_id(w);
	cbor_put_int(w, RMM_CLAIM_CONFIG);
	cbor_put_bytes(w, config, sizeof(config) - 1);
	cbor_put_int(w, RMM_CLAIM_LIFECYCLE);
	cbor_put_int(w, LIFECYCLE_SECURED);
	put_components(w);
	cbor_put_int(w, RMM_CLAIM_PLATFORM_HASH_ALGORITHM);
	cbor_put_text(w, "sha-256");
	if (form->profile_2_0) {
		cbor_put_int(w, RMM_CLAIM_CLIENT_ID);
		cbor_put_int(w, CLIENT_RMSD);
	}
}

size_t token_make_platform(const struct token_form *form, uint8_t out[TOKEN_PLATFORM_MAX_BYTES])
{
	uint8_t payload[TOKEN_PAYLOAD_MAX_BYTES];
	uint8_t signature[ECDSA_SIGNATURE_BYTES];
	struct cbor_writer p = {.data = payload, .size = sizeof(payload)};
	struct cbor_writer w = {.data = out, .size = TOKEN_PLATFORM_MAX_BYTES};

	put_platform_claims(&p, form);
	if (p.full || !cose_sign(&attestation_test_platform_key, payload, p.len, signature))
		return 0;
	cose_put_sign1(&w, payload, p.len, signature);
	return w.full ? 0 : w.len;
}
