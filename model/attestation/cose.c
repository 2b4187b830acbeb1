/* SPDX-License-Identifier: BSD-3-Clause */
#include "attestation/cose.h"

/* {1: -35}: the algorithm is ES384. */
static const uint8_t header_es384[] = {0xa1, 0x01, 0x38, 0x22};

void cose_key_encode(const struct ecdsa_key *key, uint8_t out[COSE_KEY_P384_BYTES])
{
	struct cbor_writer w = {.data = out, .size = COSE_KEY_P384_BYTES};

	cbor_put_map(&w, 4);
	cbor_put_int(&w, COSE_KEY_KTY);
	cbor_put_int(&w, COSE_KTY_EC2);
	cbor_put_int(&w, COSE_KEY_CRV);
	cbor_put_int(&w, COSE_CURVE_P384);
	cbor_put_int(&w, COSE_KEY_X);
	cbor_put_bytes(&w, key->x, sizeof(key->x));
	cbor_put_int(&w, COSE_KEY_Y);
	cbor_put_bytes(&w, key->y, sizeof(key->y));
}

void cose_put_sig_structure(struct cbor_writer *w, const void *header, size_t header_len,
			    const void *payload, size_t payload_len)
{
	cbor_put_array(w, 4);
	cbor_put_text(w, "Signature1");
	cbor_put_bytes(w, header, header_len);
	cbor_put_bytes(w, NULL, 0); /* no external data */
	cbor_put_bytes(w, payload, payload_len);
}

bool cose_sign(const struct ecdsa_key *key, const void *payload, size_t len,
	       uint8_t signature[ECDSA_SIGNATURE_BYTES])
{
	uint8_t image[COSE_SIG_STRUCTURE_BYTES(COSE_MAX_PAYLOAD)];
	struct cbor_writer w = {.data = image, .size = sizeof(image)};

	cose_put_sig_structure(&w, header_es384, sizeof(header_es384), payload, len);
	return !w.full && ecdsa_sign(key, w.data, w.len, signature);
}

void cose_put_sign1(struct cbor_writer *w, const void *payload, size_t len,
		    const uint8_t signature[ECDSA_SIGNATURE_BYTES])
{
	cbor_put_tag(w, COSE_TAG_SIGN1);
	cbor_put_array(w, 4);
	cbor_put_bytes(w, header_es384, sizeof(header_es384));
	cbor_put_map(w, 0);
	cbor_put_bytes(w, payload, len);
	cbor_put_bytes(w, signature, ECDSA_SIGNATURE_BYTES);
}
