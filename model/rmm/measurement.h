/* SPDX-License-Identifier: BSD-3-Clause */
/* Realm measurements: RIM and REM (2.0-bet0 A7.1, B3.110 to B3.112). */
#ifndef RMM_RMM_MEASUREMENT_H
#define RMM_RMM_MEASUREMENT_H

#include <stddef.h>
#include <stdint.h>

#include "rmm/realm.h"
#include "rmmsim/abi/encoding.h"

struct rmm_call;
struct measurement_engine;

/* Returns NULL when the cryptographic library has no SHA-2. */
struct measurement_engine *measurement_create(unsigned int num_pes);
void measurement_destroy(struct measurement_engine *engine);

/* RIM of a new realm: zero, or a hash of its parameters where the version measures them. */
void measurement_init(struct rmm_call *call, struct rmm_realm *realm,
		      const struct rmi_realm_params *params);

/* RIM := RimExtendData: content of the granule, or zero when it is not measured. */
void measurement_extend_data(struct rmm_call *call, struct rmm_realm *realm, uint64_t ipa,
			     uint64_t flags, const void *granule);

/* RIM := RimExtendRec, of a runnable REC. */
void measurement_extend_rec(struct rmm_call *call, struct rmm_realm *realm,
			    const struct rmi_rec_params *params);

/* RIM := RimExtendRipas, once an RTT entry; only where the version measures RIPAS. */
void measurement_extend_ripas(struct rmm_call *call, struct rmm_realm *realm, uint64_t base,
			      uint64_t top);

/* REM n := RemExtend with `size` bytes of value, at most 64. */
void measurement_extend_rem(struct rmm_call *call, struct rmm_realm *realm, unsigned int n,
			    const uint8_t *value, size_t size);

#endif
