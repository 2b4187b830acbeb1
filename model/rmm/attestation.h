/* SPDX-License-Identifier: BSD-3-Clause */
/* The token of a REC: its inputs are in the REC, the platform's part in the machine. */
#ifndef RMM_RMM_ATTESTATION_H
#define RMM_RMM_ATTESTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmm/call.h"

struct attestation;

struct attestation *attestation_create(void);
void attestation_destroy(struct attestation *attestation);

/* Freezes what the token of the calling REC is made of. Drops what was in progress. */
void attestation_begin(struct rmm_call *call, const uint64_t challenge[8]);

/* One bounded step of signing. */
enum attestation_progress { ATTESTATION_SIGNING, ATTESTATION_SIGNED, ATTESTATION_FAILED };
enum attestation_progress attestation_step(struct rmm_call *call);

/* The token of a REC that has signed it. Returns its length, 0 when it cannot be made. */
size_t attestation_token(struct rmm_call *call, uint8_t *out, size_t size);

#endif
