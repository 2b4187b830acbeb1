/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdio.h>

#include "token_print.h"

/* ---- values ------------------------------------------------------------------- */

static void print_text(const uint8_t *text, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			printf("\\%c", text[i]);
		else if (text[i] >= 0x20 && text[i] < 0x7f)
			putchar(text[i]);
		else
			printf("\\u%04x", text[i]);
	}
	putchar('"');
}

static void print_hex(struct rmm_bytes bytes)
{
	putchar('"');
	for (size_t i = 0; i < bytes.len; i++)
		printf("%02x", bytes.data[i]);
	putchar('"');
}

static void print_string(const char *text)
{
	struct rmm_bytes bytes = {(const uint8_t *)text, 0};

	while (text[bytes.len] != '\0')
		bytes.len++;
	print_text(bytes.data, bytes.len);
}

/* ---- claims ---------------------------------------------------------------------- */

static void print_rems(const struct rmm_token *token)
{
	printf("\"hex\": [");
	for (unsigned int i = 0; i < RMM_TOKEN_NUM_REMS; i++) {
		printf("%s", i > 0 ? ", " : "");
		print_hex(token->rems[i]);
	}
	putchar(']');
}

static void print_member(const char *name, struct rmm_bytes value, bool text, bool *first)
{
	if (value.data == NULL)
		return;
	printf("%s\"%s\": ", *first ? "" : ", ", name);
	*first = false;
	if (text)
		print_text(value.data, value.len);
	else
		print_hex(value);
}

static void print_components(const struct rmm_token *token)
{
	printf("\"components\": [");
	for (size_t i = 0; i < token->num_components; i++) {
		const struct rmm_software_component *c = &token->components[i];
		bool first = true;

		printf("%s{", i > 0 ? ", " : "");
		print_member("type", c->type, true, &first);
		print_member("version", c->version, true, &first);
		print_member("hash_algorithm", c->hash_algorithm, true, &first);
		print_member("measurement", c->measurement, false, &first);
		print_member("signer", c->signer, false, &first);
		putchar('}');
	}
	putchar(']');
}

static void print_value(const struct rmm_token *token, const struct rmm_claim *claim)
{
	if (claim->key == RMM_CLAIM_REMS) {
		print_rems(token);
	} else if (claim->key == RMM_CLAIM_SOFTWARE_COMPONENTS) {
		print_components(token);
	} else if (claim->kind == RMM_CLAIM_INT) {
		printf("\"number\": %" PRId64, claim->number);
	} else if (claim->kind == RMM_CLAIM_TEXT) {
		printf("\"text\": ");
		print_text(claim->bytes.data, claim->bytes.len);
	} else {
		printf("\"%s\": ", claim->kind == RMM_CLAIM_BYTES ? "hex" : "cbor");
		print_hex(claim->bytes);
	}
}

static void print_part(const struct rmm_token *token, const char *name,
		       const struct rmm_signed_claims *part)
{
	printf("  \"%s\": {\n    \"algorithm\": %" PRId64 ",\n    \"signature\": ", name,
	       part->algorithm);
	print_hex(part->signature);
	printf(",\n    \"claims\": [\n");
	for (size_t i = 0; i < part->num_claims; i++) {
		const struct rmm_claim *claim = &part->claims[i];
		const char *known = rmm_claim_name(claim->key);

		printf("      {\"key\": %" PRId64 ", ", claim->key);
		if (known != NULL)
			printf("\"name\": \"%s\", ", known);
		print_value(token, claim);
		printf("}%s\n", i + 1 < part->num_claims ? "," : "");
	}
	printf("    ]\n  },\n");
}

/* ---- checks ------------------------------------------------------------------------ */

static void print_check(const char *name, bool ok, const char *why, bool last)
{
	printf("    {\"name\": \"%s\", \"ok\": %s", name, ok ? "true" : "false");
	if (!ok) {
		printf(", \"why\": ");
		print_string(why);
	}
	printf("}%s\n", last ? "" : ",");
}

void token_print_json(const struct token_report *report)
{
	const struct rmm_token *token = report->token;

	printf("{\n  \"tag\": %" PRIu64 ",\n", token->tag);
	print_part(token, "platform", &token->platform);
	print_part(token, "realm", &token->realm);
	printf("  \"checks\": [\n");
	for (unsigned int i = 0; i < RMM_TOKEN_CHECK_COUNT; i++)
		print_check(rmm_token_check_name((enum rmm_token_check)i), report->result.ok[i],
			    report->result.why[i].text,
			    i + 1 == RMM_TOKEN_CHECK_COUNT && report->num_expectations == 0);
	for (size_t i = 0; i < report->num_expectations; i++)
		print_check(report->expectations[i].name, report->expectations[i].ok,
			    report->expectations[i].why, i + 1 == report->num_expectations);
	printf("  ],\n  \"test_key\": %s,\n  \"verified\": %s\n}\n",
	       report->test_key ? "true" : "false", report->verified ? "true" : "false");
}
