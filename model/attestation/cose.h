/* SPDX-License-Identifier: BSD-3-Clause */
/* COSE (RFC 9052): COSE_Sign1 with ES384, and COSE_Key of a P-384 key. */
#ifndef RMM_ATTESTATION_COSE_H
#define RMM_ATTESTATION_COSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attestation/cbor_writer.h"
#include "attestation/ecdsa.h"

#define COSE_TAG_SIGN1 18

enum cose_algorithm { COSE_ES256 = -7, COSE_ES384 = -35, COSE_ES512 = -36 };

/* COSE_Key: labels and the values in use. */
enum cose_key_label { COSE_KEY_KTY = 1, COSE_KEY_CRV = -1, COSE_KEY_X = -2, COSE_KEY_Y = -3 };
#define COSE_KTY_EC2 2
enum cose_curve { COSE_CURVE_P256 = 1, COSE_CURVE_P384 = 2, COSE_CURVE_P521 = 3 };

#define COSE_KEY_P384_BYTES 107

/* The public half. */
void cose_key_encode(const struct ecdsa_key *key, uint8_t out[COSE_KEY_P384_BYTES]);

/* Room for the Sig_structure of a payload. */
#define COSE_SIG_STRUCTURE_BYTES(payload) ((payload) + 32)

/* Sig_structure: what is signed. `header` is the content of the protected header. */
void cose_put_sig_structure(struct cbor_writer *w, const void *header, size_t header_len,
			    const void *payload, size_t payload_len);

/* Signs a payload of at most COSE_MAX_PAYLOAD bytes; false when it is longer. */
#define COSE_MAX_PAYLOAD 1024
bool cose_sign(const struct ecdsa_key *key, const void *payload, size_t len,
	       uint8_t signature[ECDSA_SIGNATURE_BYTES]);

/* The tagged COSE_Sign1. */
void cose_put_sign1(struct cbor_writer *w, const void *payload, size_t len,
		    const uint8_t signature[ECDSA_SIGNATURE_BYTES]);

#endif
