/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer: a token is decoded or refused, and whatever is decoded can be checked. */
#include <stdlib.h>

#include "rmmsim/attestation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rmm_token *token = malloc(sizeof(*token));
	struct rmm_token_result result;
	struct rmm_error error;

	if (token && rmm_token_decode(data, len, token, &error) == 0)
		rmm_token_verify(token, (struct rmm_bytes){NULL, 0}, &result);
	free(token);
	return 0;
}
