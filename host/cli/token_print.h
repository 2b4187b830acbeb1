/* SPDX-License-Identifier: BSD-3-Clause */
/* A decoded token and what became of its checks, for people and for programs. */
#ifndef RMM_CLI_TOKEN_PRINT_H
#define RMM_CLI_TOKEN_PRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "rmmsim/attestation.h"

/* Something that the user expects of the token. */
struct token_expectation {
	const char *name;
	bool ok;
	const char *why; /* when it is not */
};

#define TOKEN_MAX_EXPECTATIONS 2

struct token_report {
	const struct rmm_token *token;
	struct rmm_token_result result;
	struct token_expectation expectations[TOKEN_MAX_EXPECTATIONS];
	size_t num_expectations;
	size_t len;    /* bytes of the token */
	bool test_key; /* the platform's key is this model's own */
	bool verified; /* every check and expectation holds */
};

void token_print_text(const struct token_report *report, bool colour);
void token_print_json(const struct token_report *report);

/* "ES384" ... */
const char *token_algorithm_name(int64_t algorithm);

#endif
