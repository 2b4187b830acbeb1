/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a token holds: claims, both signatures, and the binding between them. */
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attestation/cbor_reader.h"
#include "attestation/cose.h"
#include "attestation/test_keys.h"
#include "attestation/token_claims.h"

#define MAX_COORDINATE_BYTES 66 /* P-521 */
#define UNCOMPRESSED_POINT   0x04
#define MAX_DER_SIGNATURE    256

const char *rmm_token_check_name(enum rmm_token_check check)
{
	static const char *const names[RMM_TOKEN_CHECK_COUNT] = {
		[RMM_TOKEN_PLATFORM_CLAIMS] = "platform claims",
		[RMM_TOKEN_REALM_CLAIMS] = "realm claims",
		[RMM_TOKEN_PLATFORM_SIGNATURE] = "platform signature",
		[RMM_TOKEN_REALM_SIGNATURE] = "realm signature",
		[RMM_TOKEN_BINDING] = "binding",
	};

	return (unsigned int)check < RMM_TOKEN_CHECK_COUNT ? names[check] : "unknown";
}

__attribute__((format(printf, 2, 3))) static bool refuse(struct rmm_error *why, const char *format,
							 ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return false;
}

/* ---- keys ---------------------------------------------------------------------- */

struct curve {
	int64_t cose;      /* enum cose_curve */
	int64_t algorithm; /* the one that belongs to it */
	const char *name;
	const char *digest;
	size_t bytes; /* of a coordinate */
};

static const struct curve curves[] = {
	{COSE_CURVE_P256, COSE_ES256, "P-256", "SHA256", 32},
	{COSE_CURVE_P384, COSE_ES384, "P-384", "SHA384", 48},
	{COSE_CURVE_P521, COSE_ES512, "P-521", "SHA512", 66},
};
#define NUM_CURVES (sizeof(curves) / sizeof(curves[0]))

static EVP_PKEY *key_from_params(OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	if (!ctx || EVP_PKEY_fromdata_init(ctx) <= 0 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* NULL also when the point is not on the curve. */
static EVP_PKEY *key_from_point(const struct curve *curve, const uint8_t *x, const uint8_t *y)
{
	uint8_t point[1 + 2 * MAX_COORDINATE_BYTES] = {UNCOMPRESSED_POINT};
	char name[8];
	OSSL_PARAM params[3];

	snprintf(name, sizeof(name), "%s", curve->name);
	memcpy(point + 1, x, curve->bytes);
	memcpy(point + 1 + curve->bytes, y, curve->bytes);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point,
						      1 + 2 * curve->bytes);
	params[2] = OSSL_PARAM_construct_end();
	return key_from_params(params);
}

struct cose_key {
	int64_t kty;
	int64_t curve;
	struct rmm_bytes x, y;
};

static bool take_key_member(struct cbor_reader *r, struct cose_key *key)
{
	struct rmm_bytes ignored;
	struct cbor_taken label, value;

	if (!cbor_take_kind(r, ITEM_INT, "label", &label))
		return false;
	struct cbor_reader at = *r;
	if (!cbor_take_any(r, &ignored) || !cbor_take_item(&at, &value))
		return false;
	if (label.number == COSE_KEY_KTY)
		key->kty = value.number;
	else if (label.number == COSE_KEY_CRV)
		key->curve = value.number;
	else if (label.number == COSE_KEY_X)
		key->x = value.bytes;
	else if (label.number == COSE_KEY_Y)
		key->y = value.bytes;
	return true;
}

static bool take_cose_key(struct rmm_bytes encoded, struct cose_key *key)
{
	struct cbor_reader r = cbor_reader_of(encoded);
	struct cbor_taken map;

	if (!cbor_take_kind(&r, ITEM_MAP, "key", &map))
		return false;
	for (uint64_t i = 0; i < map.count; i++)
		if (!take_key_member(&r, key))
			return false;
	return cbor_take_end(&r);
}

static EVP_PKEY *key_from_cose(struct rmm_bytes encoded)
{
	struct cose_key key = {0};

	if (!take_cose_key(encoded, &key) || key.kty != COSE_KTY_EC2)
		return NULL;
	for (size_t i = 0; i < NUM_CURVES; i++)
		if (curves[i].cose == key.curve && key.x.len == curves[i].bytes &&
		    key.y.len == curves[i].bytes)
			return key_from_point(&curves[i], key.x.data, key.y.data);
	return NULL;
}

/* Drafts before 1.0 had no profile claim, and the bare point for a key. */
static EVP_PKEY *key_from_rak(struct rmm_bytes rak)
{
	const struct curve *p384 = &curves[1];

	if (rak.len == 1 + 2 * p384->bytes && rak.data[0] == UNCOMPRESSED_POINT)
		return key_from_point(p384, rak.data + 1, rak.data + 1 + p384->bytes);
	return key_from_cose(rak);
}

static EVP_PKEY *key_from_pem(struct rmm_bytes pem)
{
	BIO *bio = pem.len <= INT32_MAX ? BIO_new_mem_buf(pem.data, (int)pem.len) : NULL;
	EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	return key;
}

static const struct curve *curve_of(const EVP_PKEY *key)
{
	char group[32] = "";

	if (!EVP_PKEY_get_group_name(key, group, sizeof(group), NULL))
		return NULL;
	for (size_t i = 0; i < NUM_CURVES; i++)
		if (OBJ_txt2nid(group) == EC_curve_nist2nid(curves[i].name) && OBJ_txt2nid(group))
			return &curves[i];
	return NULL;
}

/* ---- signatures ------------------------------------------------------------------ */

/* COSE has r and s side by side, OpenSSL wants DER. Returns the length, 0: failed. */
static size_t signature_to_der(struct rmm_bytes raw, uint8_t der[MAX_DER_SIGNATURE])
{
	const int half = (int)(raw.len / 2);
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw.data, half, NULL);
	BIGNUM *s = BN_bin2bn(raw.data + half, half, NULL);
	uint8_t *end = der;
	int len = 0;

	if (sig && r && s && ECDSA_SIG_set0(sig, r, s)) {
		len = i2d_ECDSA_SIG(sig, &end);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(sig);
	return len > 0 ? (size_t)len : 0;
}

static bool signature_holds(EVP_PKEY *key, const struct curve *curve,
			    const struct cbor_writer *signed_bytes, struct rmm_bytes raw)
{
	uint8_t der[MAX_DER_SIGNATURE];
	const size_t der_len = signature_to_der(raw, der);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const bool ok =
		ctx && der_len &&
		EVP_DigestVerifyInit_ex(ctx, NULL, curve->digest, NULL, NULL, key, NULL) == 1 &&
		EVP_DigestVerify(ctx, der, der_len, signed_bytes->data, signed_bytes->len) == 1;

	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

static bool check_signed(const struct rmm_signed_claims *claims, EVP_PKEY *key,
			 struct rmm_error *why)
{
	const size_t room =
		COSE_SIG_STRUCTURE_BYTES(claims->payload.len) + claims->protected_header.len;
	const struct curve *curve = curve_of(key);

	if (!curve)
		return refuse(why, "the key is on none of the curves P-256, P-384, P-521");
	if (claims->algorithm != curve->algorithm)
		return refuse(why, "COSE algorithm %lld does not go with a key on %s",
			      (long long)claims->algorithm, curve->name);
	if (claims->signature.len != 2 * curve->bytes)
		return refuse(why, "the signature has %zu bytes, not %zu", claims->signature.len,
			      2 * curve->bytes);
	struct cbor_writer w = {.data = malloc(room), .size = room};
	if (!w.data)
		return refuse(why, "out of memory");
	cose_put_sig_structure(&w, claims->protected_header.data, claims->protected_header.len,
			       claims->payload.data, claims->payload.len);
	const bool ok = !w.full && signature_holds(key, curve, &w, claims->signature);
	free(w.data);
	return ok || refuse(why, "the key did not sign this");
}

static bool check_platform_signature(const struct rmm_token *token, struct rmm_bytes pem,
				     struct rmm_error *why)
{
	EVP_PKEY *key = pem.data ? key_from_pem(pem)
				 : key_from_point(&curves[1], attestation_test_platform_key.x,
						  attestation_test_platform_key.y);
	const bool ok = key ? check_signed(&token->platform, key, why)
			    : refuse(why, "the platform's key is no public key in PEM");

	EVP_PKEY_free(key);
	ERR_clear_error();
	return ok;
}

/* A byte string or text, or NULL. */
static const struct rmm_bytes *claim_bytes(const struct rmm_signed_claims *claims, int64_t key,
					   enum rmm_claim_kind kind)
{
	const struct rmm_claim *claim = rmm_token_claim(claims, key);

	return claim && claim->kind == kind ? &claim->bytes : NULL;
}

static bool check_realm_signature(const struct rmm_token *token, struct rmm_error *why)
{
	const struct rmm_bytes *rak = claim_bytes(&token->realm, RMM_CLAIM_RAK, RMM_CLAIM_BYTES);
	EVP_PKEY *key = rak ? key_from_rak(*rak) : NULL;
	const bool ok = key ? check_signed(&token->realm, key, why)
			    : refuse(why, "the realm token holds no usable RAK");

	EVP_PKEY_free(key);
	ERR_clear_error();
	return ok;
}

/* ---- binding -------------------------------------------------------------------------- */

static const EVP_MD *digest_by_name(const struct rmm_bytes *name)
{
	static const struct {
		const char *name;
		const EVP_MD *(*md)(void);
	} digests[] = {
		{"sha-256", EVP_sha256},
		{"sha-384", EVP_sha384},
		{"sha-512", EVP_sha512},
	};

	for (size_t i = 0; name && i < sizeof(digests) / sizeof(digests[0]); i++)
		if (name->len == strlen(digests[i].name) &&
		    memcmp(name->data, digests[i].name, name->len) == 0)
			return digests[i].md();
	return NULL;
}

static bool check_binding(const struct rmm_token *token, struct rmm_error *why)
{
	const struct rmm_bytes *rak = claim_bytes(&token->realm, RMM_CLAIM_RAK, RMM_CLAIM_BYTES);
	const struct rmm_bytes *challenge =
		claim_bytes(&token->platform, RMM_CLAIM_CHALLENGE, RMM_CLAIM_BYTES);
	const EVP_MD *md = digest_by_name(
		claim_bytes(&token->realm, RMM_CLAIM_RAK_HASH_ALGORITHM, RMM_CLAIM_TEXT));
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int len;

	if (!rak || !challenge)
		return refuse(why, "the RAK or the platform's challenge is missing");
	if (!md)
		return refuse(why, "the hash algorithm of the RAK is not known");
	if (!EVP_Digest(rak->data, rak->len, digest, &len, md, NULL))
		return refuse(why, "out of memory");
	if (challenge->len != len || memcmp(challenge->data, digest, len) != 0)
		return refuse(why, "the platform's challenge is not the hash of the RAK");
	return true;
}

bool rmm_token_verify(const struct rmm_token *token, struct rmm_bytes platform_key,
		      struct rmm_token_result *result)
{
	struct rmm_error *why;
	bool *ok;

	if (!token || !result)
		return false;
	why = result->why;
	ok = result->ok;
	*result = (struct rmm_token_result){{0}, {{{0}}}};
	ok[RMM_TOKEN_PLATFORM_CLAIMS] =
		token_platform_claims_ok(token, &why[RMM_TOKEN_PLATFORM_CLAIMS]);
	ok[RMM_TOKEN_REALM_CLAIMS] = token_realm_claims_ok(token, &why[RMM_TOKEN_REALM_CLAIMS]);
	ok[RMM_TOKEN_PLATFORM_SIGNATURE] =
		check_platform_signature(token, platform_key, &why[RMM_TOKEN_PLATFORM_SIGNATURE]);
	ok[RMM_TOKEN_REALM_SIGNATURE] =
		check_realm_signature(token, &why[RMM_TOKEN_REALM_SIGNATURE]);
	ok[RMM_TOKEN_BINDING] = check_binding(token, &why[RMM_TOKEN_BINDING]);
	for (unsigned int i = 0; i < RMM_TOKEN_CHECK_COUNT; i++)
		if (!ok[i])
			return false;
	return true;
}
