/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signing: ECDSA on P-384 with SHA-384 (ES384), deterministic as in RFC 6979,
 * so that a replay gives the same token, byte for byte.
 */
#ifndef RMM_ATTESTATION_ECDSA_H
#define RMM_ATTESTATION_ECDSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ECDSA_P384_BYTES      48
#define ECDSA_SIGNATURE_BYTES 96

/* A key pair; numbers are big-endian. */
struct ecdsa_key {
	uint8_t private_key[ECDSA_P384_BYTES];
	uint8_t x[ECDSA_P384_BYTES];
	uint8_t y[ECDSA_P384_BYTES];
};

/* Signs SHA-384 of `data`: r, then s. False only when memory runs out. */
bool ecdsa_sign(const struct ecdsa_key *key, const void *data, size_t len,
		uint8_t signature[ECDSA_SIGNATURE_BYTES]);

#endif
