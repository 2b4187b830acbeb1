/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Measurements as pure computations: what is hashed, in which layout
 * (1.0-rel0 A7.1, 2.0-bet0 A7.1, B3.110 to B3.112). Who hashes is the caller's.
 */
#ifndef RMM_ATTESTATION_RIM_H
#define RMM_ATTESTATION_RIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/abi/encoding.h"

#define MEASUREMENT_BYTES 64

/* RHA: the realm's hash of `data`, zero-extended. */
struct rim_hasher {
	void (*hash)(void *ctx, const void *data, size_t len, uint8_t out[MEASUREMENT_BYTES]);
	void *ctx;
};

/* Bytes of a hash by RmiHashAlgorithm, and "sha-256" ... Unknown ones are SHA-256. */
size_t rim_hash_size(uint8_t hash_algo);
const char *rim_hash_name(uint8_t hash_algo);

/* The RIM that starts from realm parameters: only some of them count. */
void rim_init(enum rmm_version v, const struct rim_hasher *hasher,
	      const struct rmi_realm_params *params, uint8_t rim[MEASUREMENT_BYTES]);

/* Content of one granule, or zero when `flags` say that it is not measured. */
void rim_extend_data(enum rmm_version v, const struct rim_hasher *hasher,
		     uint8_t rim[MEASUREMENT_BYTES], uint64_t ipa, uint64_t flags,
		     const void *granule);

/* A runnable REC: flags, PC and GPRs of its parameters count. */
void rim_extend_rec(enum rmm_version v, const struct rim_hasher *hasher,
		    uint8_t rim[MEASUREMENT_BYTES], const struct rmi_rec_params *params);

/* RIPAS of one RTT entry becomes RAM. */
void rim_extend_ripas(enum rmm_version v, const struct rim_hasher *hasher,
		      uint8_t rim[MEASUREMENT_BYTES], uint64_t base, uint64_t top);

/*
 * A REM and `size` bytes of value. Padded (the text of 2.0): both are
 * zero-extended to 64 bytes. Otherwise the hash's own bytes of the old value
 * and the value as long as it is.
 */
void rem_extend(const struct rim_hasher *hasher, uint8_t hash_algo, bool padded,
		uint8_t rem[MEASUREMENT_BYTES], const uint8_t *value, size_t size);

#endif
