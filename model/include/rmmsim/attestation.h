/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Attestation from the verifier's side, without a machine: what the initial
 * measurement of a realm must be, and what a CCA attestation token says.
 */
#ifndef RMMSIM_ATTESTATION_H
#define RMMSIM_ATTESTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/abi/ids.h"
#include "rmmsim/error.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rmm_bytes {
	const uint8_t *data;
	size_t len;
};

/* ---- predicting a RIM -------------------------------------------------------- */

/* The realm parameters that a RIM can depend on; fields as in RmiRealmParams. */
struct rmm_rim_params {
	uint64_t flags; /* flags0 in 2.0 */
	uint8_t s2sz;
	uint8_t sve_vl;
	uint8_t num_bps;
	uint8_t num_wps;
	uint8_t pmu_num_ctrs;
	uint8_t hash_algo; /* RmiHashAlgorithm */
};

/* A RIM in the making. */
struct rmm_rim {
	enum rmm_version version;
	uint8_t hash_algo;
	bool params_measured; /* parameters other than the hash algorithm count */
	bool ripas_measured;  /* rmm_rim_add_ripas counts */
	bool failed;          /* out of memory: `value` means nothing */
	size_t size;          /* bytes of `value` that the hash fills; the rest is zero */
	uint8_t value[64];
};

/*
 * The RIM of a realm that was just created. Returns 0, or -1 with a sentence
 * when the version has no such hash algorithm, or out of memory. What is added
 * later says by `failed` that it could not be measured.
 */
int rmm_rim_begin(struct rmm_rim *rim, enum rmm_version version, enum rmm_profile profile,
		  const struct rmm_rim_params *params, struct rmm_error *error);

/* Initial content of one granule (4096 bytes) at ipa; unmeasured content counts as absent. */
void rmm_rim_add_data(struct rmm_rim *rim, uint64_t ipa, bool measure, const void *granule);

/* A REC; one that is not runnable leaves the RIM as it is. */
void rmm_rim_add_rec(struct rmm_rim *rim, bool runnable, uint64_t pc, const uint64_t gprs[8]);

/*
 * RIPAS of [base, top) becomes RAM, one RTT entry. Changes the RIM only where
 * `ripas_measured` says so (1.0).
 */
void rmm_rim_add_ripas(struct rmm_rim *rim, uint64_t base, uint64_t top);

/* ---- reading a token ------------------------------------------------------------ */

/* Top-level forms, by their CBOR tag. */
#define RMM_TOKEN_TAG_EAT 399 /* collection of 1.0 */
#define RMM_TOKEN_TAG_CMW 907 /* collection of 2.0 */

/* Keys of claims (1.0-rel0 A7.2, 2.0-bet0 A7.2). */
enum rmm_token_key {
	RMM_CLAIM_CHALLENGE = 10,
	RMM_CLAIM_INSTANCE_ID = 256,
	RMM_CLAIM_PROFILE = 265,
	RMM_CLAIM_CLIENT_ID = 2394,
	RMM_CLAIM_LIFECYCLE = 2395,
	RMM_CLAIM_IMPLEMENTATION_ID = 2396,
	RMM_CLAIM_SOFTWARE_COMPONENTS = 2399,
	RMM_CLAIM_VERIFICATION_SERVICE = 2400,
	RMM_CLAIM_CONFIG = 2401,
	RMM_CLAIM_PLATFORM_HASH_ALGORITHM = 2402,
	RMM_CLAIM_MANUFACTURING_CONFIG = 2403,
	RMM_CLAIM_EXTENSION_DEVICES = 2404,
	RMM_CLAIM_RPV = 44235,
	RMM_CLAIM_HASH_ALGORITHM = 44236,
	RMM_CLAIM_RAK = 44237,
	RMM_CLAIM_RIM = 44238,
	RMM_CLAIM_REMS = 44239,
	RMM_CLAIM_RAK_HASH_ALGORITHM = 44240,
	RMM_CLAIM_MEC_POLICY = 44243,
	RMM_CLAIM_LFA_POLICY = 44244,
	RMM_CLAIM_DEVICES_HASH = 44257,
};

enum rmm_claim_kind {
	RMM_CLAIM_INT,     /* number */
	RMM_CLAIM_BYTES,   /* bytes */
	RMM_CLAIM_TEXT,    /* bytes */
	RMM_CLAIM_ENCODED, /* anything else: bytes are the CBOR item */
};

struct rmm_claim {
	int64_t key;
	enum rmm_claim_kind kind;
	int64_t number;
	struct rmm_bytes bytes;
};

#define RMM_TOKEN_MAX_CLAIMS     32
#define RMM_TOKEN_MAX_COMPONENTS 32
#define RMM_TOKEN_NUM_REMS       4

/* A COSE_Sign1 with a map of claims in it. */
struct rmm_signed_claims {
	int64_t algorithm; /* COSE: -7 ES256, -35 ES384, -36 ES512 */
	struct rmm_bytes protected_header;
	struct rmm_bytes payload;
	struct rmm_bytes signature;
	struct rmm_claim claims[RMM_TOKEN_MAX_CLAIMS];
	size_t num_claims;
};

/* Members that are absent have no data. */
struct rmm_software_component {
	struct rmm_bytes type; /* text */
	struct rmm_bytes measurement;
	struct rmm_bytes version; /* text */
	struct rmm_bytes signer;
	struct rmm_bytes hash_algorithm; /* text */
};

struct rmm_token {
	uint64_t tag;
	struct rmm_signed_claims platform;
	struct rmm_signed_claims realm;
	struct rmm_bytes rems[RMM_TOKEN_NUM_REMS];
	struct rmm_software_component components[RMM_TOKEN_MAX_COMPONENTS];
	size_t num_components;
	size_t num_other; /* further entries of the collection: evidence of devices */
};

/*
 * Takes a token apart; *token points into `data`. Returns 0, or -1 with a
 * sentence when the bytes are not those of a token. Says nothing about truth.
 */
int rmm_token_decode(const void *data, size_t len, struct rmm_token *token,
		     struct rmm_error *error);

/* A claim by its key, or NULL. */
const struct rmm_claim *rmm_token_claim(const struct rmm_signed_claims *claims, int64_t key);

/* "realm personalization value" ..., or NULL for a key that is not known. */
const char *rmm_claim_name(int64_t key);

enum rmm_token_check {
	RMM_TOKEN_PLATFORM_CLAIMS, /* all there, of the right type and size */
	RMM_TOKEN_REALM_CLAIMS,
	RMM_TOKEN_PLATFORM_SIGNATURE, /* by the platform's key */
	RMM_TOKEN_REALM_SIGNATURE,    /* by the key in the realm token */
	RMM_TOKEN_BINDING,            /* the platform vouches for that key */
	RMM_TOKEN_CHECK_COUNT,
};

/* "platform claims" ... Never NULL. */
const char *rmm_token_check_name(enum rmm_token_check check);

struct rmm_token_result {
	bool ok[RMM_TOKEN_CHECK_COUNT];
	struct rmm_error why[RMM_TOKEN_CHECK_COUNT]; /* for those that are not */
};

/*
 * Checks a token. `platform_key` is a public key in PEM; one without data
 * stands for the test key that this model signs with. True: every check holds.
 */
bool rmm_token_verify(const struct rmm_token *token, struct rmm_bytes platform_key,
		      struct rmm_token_result *result);

#ifdef __cplusplus
}
#endif

#endif
