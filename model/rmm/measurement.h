/* SPDX-License-Identifier: BSD-3-Clause */
/* Realm measurements: RIM and REM (2.0-bet0 A7.1, B3.110 to B3.112). */
#ifndef RMM_RMM_MEASUREMENT_H
#define RMM_RMM_MEASUREMENT_H

#include <stddef.h>
#include <stdint.h>

#include "rmm/realm.h"

struct rmm_call;
struct measurement_engine;

/* Returns NULL when the cryptographic library has no SHA-2. */
struct measurement_engine *measurement_create(unsigned int num_pes);
void measurement_destroy(struct measurement_engine *engine);

/* RHA: hash with the realm's algorithm, zero-extended to 64 bytes. */
void measurement_hash(struct rmm_call *call, const struct rmm_realm *realm, const void *data,
		      size_t len, uint8_t out[MEASUREMENT_BYTES]);

/* RIM := RimExtendData: content of the granule, or zero when it is not measured. */
void measurement_extend_data(struct rmm_call *call, struct rmm_realm *realm, uint64_t ipa,
			     uint64_t flags, const void *granule);

/* RIM := RimExtendRec; `params` is an RmiRecParams image with the unmeasured bytes zero. */
void measurement_extend_rec(struct rmm_call *call, struct rmm_realm *realm, const void *params);

/* REM n := RemExtend with `size` bytes of value. */
void measurement_extend_rem(struct rmm_call *call, struct rmm_realm *realm, unsigned int n,
			    const uint8_t *value, size_t size);

/* Bytes of the realm's hash. */
size_t measurement_size(const struct rmm_realm *realm);

#endif
