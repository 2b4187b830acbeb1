/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "token_print.h"

#define BYTES_A_LINE 32
#define VALUE_COLUMN 26

const char *token_algorithm_name(int64_t algorithm)
{
	switch (algorithm) {
	case -7:
		return "ES256";
	case -35:
		return "ES384";
	case -36:
		return "ES512";
	default:
		return "unknown algorithm";
	}
}

/* ---- values ------------------------------------------------------------------- */

static void print_hex(struct rmm_bytes bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (i > 0 && i % BYTES_A_LINE == 0)
			printf("\n%*s", VALUE_COLUMN, "");
		printf("%02x", bytes.data[i]);
	}
	putchar('\n');
}

/* Text comes from outside: nothing in it may steer the terminal. */
static void print_characters(struct rmm_bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] >= 0x20 && text.data[i] < 0x7f)
			putchar(text.data[i]);
		else
			printf("\\x%02x", text.data[i]);
	}
}

static const char *lifecycle_name(int64_t value)
{
	static const char *const names[] = {
		"unknown",
		"assembly and test",
		"provisioning",
		"secured",
		"debug, not of the platform's root of trust",
		"debug of the platform's root of trust, recoverable",
		"decommissioned",
	};
	const uint64_t state = (uint64_t)value >> 12;

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}

static void print_number(const struct rmm_claim *claim)
{
	if (claim->key == RMM_CLAIM_LIFECYCLE)
		printf("0x%04" PRIx64 " (%s)\n", (uint64_t)claim->number,
		       lifecycle_name(claim->number));
	else if (claim->key == RMM_CLAIM_MEC_POLICY && claim->number >= 0 && claim->number <= 1)
		printf("%" PRId64 " (%s)\n", claim->number, claim->number ? "private" : "shared");
	else
		printf("%" PRId64 "\n", claim->number);
}

static void print_rems(const struct rmm_token *token)
{
	for (unsigned int i = 0; i < RMM_TOKEN_NUM_REMS; i++) {
		if (i > 0)
			printf("%*s", VALUE_COLUMN, "");
		print_hex(token->rems[i]);
	}
}

static void print_member(const char *name, struct rmm_bytes value, bool text)
{
	if (value.data == NULL)
		return;
	printf("    %-20s  ", name);
	if (text) {
		print_characters(value);
		putchar('\n');
	} else {
		print_hex(value);
	}
}

static void print_components(const struct rmm_token *token)
{
	printf("%zu\n", token->num_components);
	for (size_t i = 0; i < token->num_components; i++) {
		const struct rmm_software_component *c = &token->components[i];

		print_member("type", c->type, true);
		print_member("  version", c->version, true);
		print_member("  hash algorithm", c->hash_algorithm, true);
		print_member("  measurement", c->measurement, false);
		print_member("  signer", c->signer, false);
	}
}

static void print_claim(const struct rmm_token *token, const struct rmm_claim *claim)
{
	const char *name = rmm_claim_name(claim->key);
	char number[24];

	snprintf(number, sizeof(number), "%" PRId64, claim->key);
	printf("  %-22s  ", name != NULL ? name : number);
	if (claim->key == RMM_CLAIM_REMS)
		print_rems(token);
	else if (claim->key == RMM_CLAIM_SOFTWARE_COMPONENTS)
		print_components(token);
	else if (claim->kind == RMM_CLAIM_INT)
		print_number(claim);
	else if (claim->kind == RMM_CLAIM_TEXT) {
		print_characters(claim->bytes);
		putchar('\n');
	} else {
		print_hex(claim->bytes);
	}
}

static void print_part(const struct rmm_token *token, const char *name,
		       const struct rmm_signed_claims *part)
{
	printf("\n%s token: %s, %zu claims\n", name, token_algorithm_name(part->algorithm),
	       part->num_claims);
	for (size_t i = 0; i < part->num_claims; i++)
		print_claim(token, &part->claims[i]);
}

/* ---- checks ---------------------------------------------------------------------- */

static void print_check(const char *name, bool ok, const char *why, bool colour)
{
	const char *const begin = !colour ? "" : ok ? "\033[32m" : "\033[31m";

	printf("  %s%s%s  %s%s%s\n", begin, ok ? "ok  " : "FAIL", colour ? "\033[0m" : "", name,
	       ok ? "" : ": ", ok ? "" : why);
}

static void print_checks(const struct token_report *report, bool colour)
{
	puts("\nchecks");
	for (unsigned int i = 0; i < RMM_TOKEN_CHECK_COUNT; i++)
		print_check(rmm_token_check_name((enum rmm_token_check)i), report->result.ok[i],
			    report->result.why[i].text, colour);
	for (size_t i = 0; i < report->num_expectations; i++)
		print_check(report->expectations[i].name, report->expectations[i].ok,
			    report->expectations[i].why, colour);
	if (report->test_key)
		puts("\nThe platform's key is the test key of rmmsim, which everybody has: this "
		     "proves nothing.");
}

void token_print_text(const struct token_report *report, bool colour)
{
	const struct rmm_token *token = report->token;

	printf("CCA attestation token, %zu bytes, tag %" PRIu64 " (%s)\n", report->len, token->tag,
	       token->tag == RMM_TOKEN_TAG_CMW ? "collection of 2.0" : "collection of 1.0");
	if (token->num_other > 0)
		printf("%zu further entries\n", token->num_other);
	print_part(token, "platform", &token->platform);
	print_part(token, "realm", &token->realm);
	print_checks(report, colour);
}
