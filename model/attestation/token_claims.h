/* SPDX-License-Identifier: BSD-3-Clause */
/* The claims that a token has to have. False: *why is a sentence. */
#ifndef RMM_ATTESTATION_TOKEN_CLAIMS_H
#define RMM_ATTESTATION_TOKEN_CLAIMS_H

#include <stdbool.h>

#include "rmmsim/attestation.h"

bool token_realm_claims_ok(const struct rmm_token *token, struct rmm_error *why);
bool token_platform_claims_ok(const struct rmm_token *token, struct rmm_error *why);

#endif
