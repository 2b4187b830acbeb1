/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RFC 6979 over OpenSSL's numbers and curves: its own ECDSA draws a random
 * nonce. Nothing here resists side channels; the keys are public anyway.
 */
#include "attestation/ecdsa.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/sha.h>
#include <string.h>

/* One block of HMAC-SHA-384 is as long as a number of P-384: no loop to fill a nonce. */
#define BYTES ECDSA_P384_BYTES
_Static_assert(BYTES == SHA384_DIGEST_LENGTH, "one HMAC block is one nonce candidate");

/* RFC 6979 3.2: the state (K, V) of the generator. */
struct drbg {
	uint8_t k[BYTES];
	uint8_t v[BYTES];
};

static bool hmac(const uint8_t key[BYTES], const uint8_t *data, size_t len, uint8_t out[BYTES])
{
	return HMAC(EVP_sha384(), key, BYTES, data, len, out, NULL) != NULL;
}

/* K = HMAC_K(V || separator || seed), V = HMAC_K(V). */
static bool drbg_mix(struct drbg *g, uint8_t separator, const uint8_t *seed, size_t seed_len)
{
	uint8_t input[BYTES + 1 + 2 * BYTES];

	memcpy(input, g->v, BYTES);
	input[BYTES] = separator;
	if (seed_len)
		memcpy(input + BYTES + 1, seed, seed_len);
	return hmac(g->k, input, BYTES + 1 + seed_len, g->k) && hmac(g->k, g->v, BYTES, g->v);
}

static bool drbg_init(struct drbg *g, const uint8_t private_key[BYTES], const uint8_t hash[BYTES])
{
	uint8_t seed[2 * BYTES];

	memset(g->v, 0x01, BYTES);
	memset(g->k, 0x00, BYTES);
	memcpy(seed, private_key, BYTES);
	memcpy(seed + BYTES, hash, BYTES);
	return drbg_mix(g, 0x00, seed, sizeof(seed)) && drbg_mix(g, 0x01, seed, sizeof(seed));
}

/* Everything that one signature needs; pieces that could not be had are NULL. */
struct signing {
	EC_GROUP *group;
	EC_POINT *point;
	BN_CTX *ctx;
	const BIGNUM *order; /* the group's */
	BIGNUM *e, *d, *k, *r, *s;
	struct drbg drbg;
};

static void signing_end(struct signing *w)
{
	BN_clear_free(w->e);
	BN_clear_free(w->d);
	BN_clear_free(w->k);
	BN_clear_free(w->r);
	BN_clear_free(w->s);
	BN_CTX_free(w->ctx);
	EC_POINT_free(w->point);
	EC_GROUP_free(w->group);
}

static bool signing_begin(struct signing *w, const struct ecdsa_key *key, const void *data,
			  size_t len)
{
	uint8_t hash[BYTES];
	uint8_t reduced[BYTES];

	*w = (struct signing){.group = EC_GROUP_new_by_curve_name(NID_secp384r1)};
	if (!w->group)
		return false;
	w->order = EC_GROUP_get0_order(w->group);
	w->point = EC_POINT_new(w->group);
	w->ctx = BN_CTX_new();
	if (!SHA384(data, len, hash))
		return false;
	w->e = BN_bin2bn(hash, BYTES, NULL);
	w->d = BN_bin2bn(key->private_key, BYTES, NULL);
	w->k = BN_new();
	w->r = BN_new();
	w->s = BN_new();
	if (!w->point || !w->ctx || !w->e || !w->d || !w->k || !w->r || !w->s)
		return false;
	return BN_nnmod(w->e, w->e, w->order, w->ctx) &&
	       BN_bn2binpad(w->e, reduced, BYTES) == BYTES &&
	       drbg_init(&w->drbg, key->private_key, reduced);
}

/* The next nonce, 0 < k < order. */
static bool next_nonce(struct signing *w)
{
	do {
		if (!hmac(w->drbg.k, w->drbg.v, BYTES, w->drbg.v) ||
		    !BN_bin2bn(w->drbg.v, BYTES, w->k))
			return false;
		if (!BN_is_zero(w->k) && BN_cmp(w->k, w->order) < 0)
			return true;
	} while (drbg_mix(&w->drbg, 0x00, NULL, 0));
	return false;
}

/* r = x(kG), s = (e + r d) / k, both modulo the order. */
static bool compute(struct signing *w)
{
	return EC_POINT_mul(w->group, w->point, w->k, NULL, NULL, w->ctx) &&
	       EC_POINT_get_affine_coordinates(w->group, w->point, w->r, NULL, w->ctx) &&
	       BN_nnmod(w->r, w->r, w->order, w->ctx) &&
	       BN_mod_mul(w->s, w->r, w->d, w->order, w->ctx) &&
	       BN_mod_add(w->s, w->s, w->e, w->order, w->ctx) &&
	       BN_mod_inverse(w->k, w->k, w->order, w->ctx) &&
	       BN_mod_mul(w->s, w->s, w->k, w->order, w->ctx);
}

bool ecdsa_sign(const struct ecdsa_key *key, const void *data, size_t len,
		uint8_t signature[ECDSA_SIGNATURE_BYTES])
{
	struct signing w;
	bool ok = signing_begin(&w, key, data, len) && next_nonce(&w) && compute(&w);

	/* A zero r or s asks for another nonce; nobody has ever met one. */
	while (ok && (BN_is_zero(w.r) || BN_is_zero(w.s)))
		ok = drbg_mix(&w.drbg, 0x00, NULL, 0) && next_nonce(&w) && compute(&w);
	ok = ok && BN_bn2binpad(w.r, signature, BYTES) == BYTES &&
	     BN_bn2binpad(w.s, signature + BYTES, BYTES) == BYTES;
	signing_end(&w);
	return ok;
}
