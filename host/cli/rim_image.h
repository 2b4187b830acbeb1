/* SPDX-License-Identifier: BSD-3-Clause */
/* Files as the initial content of a realm, for the prediction of its RIM. */
#ifndef RMM_CLI_RIM_IMAGE_H
#define RMM_CLI_RIM_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/attestation.h"

/*
 * The pages of a file, from `ipa` on, the last one padded with zeros. False:
 * *error is a sentence, and the RIM is of no use.
 */
bool rim_add_image(struct rmm_rim *rim, uint64_t ipa, const char *path, bool measure,
		   struct rmm_error *error);

/* RmiHashAlgorithm of "sha-256", "sha-384" or "sha-512"; false: none of them. */
bool rim_hash_by_name(const char *name, uint8_t *hash_algo);

#endif
