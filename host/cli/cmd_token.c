/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim token: what a CCA attestation token says, and whether it holds. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_args.h"
#include "commands.h"
#include "token_print.h"

/* Tokens and keys are a few kilobytes. */
#define MAX_FILE_BYTES (1u << 20)
#define MAX_HEX_BYTES  64

struct token_options {
	const char *key;
	const char *challenge;
	const char *rim;
	bool json;
	bool no_colour;
};

/* ---- input ---------------------------------------------------------------------- */

/* A whole file in memory of its own, which the caller frees; data is NULL (reported) if not. */
static struct rmm_bytes read_file(const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *data = in != NULL ? malloc(MAX_FILE_BYTES) : NULL;
	const size_t len = data != NULL ? fread(data, 1, MAX_FILE_BYTES, in) : 0;
	const bool failed = data == NULL || ferror(in) != 0;

	if (failed)
		cli_error("token", "name a file that exists and can be read", "%s: %s", path,
			  strerror(errno));
	if (in != NULL)
		fclose(in);
	if (!failed)
		return (struct rmm_bytes){data, len};
	free(data);
	return (struct rmm_bytes){NULL, 0};
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at =
		c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* Returns the number of bytes, 0 when the word is no hexadecimal string of at most 64 bytes. */
static size_t parse_hex(const char *word, uint8_t out[MAX_HEX_BYTES])
{
	const size_t digits = strlen(word);

	if (digits % 2 != 0 || digits > (size_t)2 * MAX_HEX_BYTES)
		return 0;
	for (size_t i = 0; i < digits / 2; i++) {
		const int high = hex_digit(word[2 * i]);
		const int low = hex_digit(word[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return digits / 2;
}

/* ---- expectations ------------------------------------------------------------------ */

/* False (and reported) when the user's word is no value. */
static bool expect(struct token_report *report, const char *option, const char *word, int64_t key,
		   const char *name)
{
	struct token_expectation *e = &report->expectations[report->num_expectations];
	const struct rmm_claim *claim = rmm_token_claim(&report->token->realm, key);
	uint8_t wanted[MAX_HEX_BYTES];
	size_t len;

	if (word == NULL)
		return true;
	len = parse_hex(word, wanted);
	if (len == 0) {
		cli_error("token", "write up to 64 bytes as hexadecimal digits",
			  "%s: no bytes: '%s'", option, word);
		return false;
	}
	report->num_expectations++;
	e->name = name;
	e->ok = claim != NULL && claim->kind == RMM_CLAIM_BYTES && claim->bytes.len == len &&
		memcmp(claim->bytes.data, wanted, len) == 0;
	e->why = "the token has another one";
	return true;
}

/* ---- the command --------------------------------------------------------------------- */

static int show(struct token_report *report, const struct token_options *o, struct rmm_bytes key)
{
	report->test_key = key.data == NULL;
	report->verified = rmm_token_verify(report->token, key, &report->result);
	if (!expect(report, "--challenge", o->challenge, RMM_CLAIM_CHALLENGE, "challenge") ||
	    !expect(report, "--rim", o->rim, RMM_CLAIM_RIM, "RIM"))
		return CLI_BAD_INPUT;
	for (size_t i = 0; i < report->num_expectations; i++)
		report->verified &= report->expectations[i].ok;
	if (o->json)
		token_print_json(report);
	else
		token_print_text(report, cli_colour(o->no_colour));
	return report->verified ? CLI_OK : CLI_FAILED;
}

static int decode_and_show(struct rmm_bytes bytes, const char *path, const struct token_options *o)
{
	struct rmm_token *token = malloc(sizeof(*token));
	struct token_report report = {.token = token, .len = bytes.len};
	struct rmm_bytes key = {NULL, 0};
	struct rmm_error error = {{0}};
	int status = CLI_BAD_INPUT;

	if (token == NULL)
		return cli_error("token", "free some memory", "out of memory");
	if (o->key != NULL)
		key = read_file(o->key);
	if (rmm_token_decode(bytes.data, bytes.len, token, &error) != 0)
		cli_error("token", "give it the bytes that the realm received", "%s: %s", path,
			  error.text);
	else if (o->key == NULL || key.data != NULL)
		status = show(&report, o, key);
	free((void *)key.data);
	free(token);
	return status;
}

int cmd_token(int argc, char **argv)
{
	struct token_options o = {0};
	const struct cli_option known[] = {
		{"--key", NULL, &o.key, NULL},
		{"--challenge", NULL, &o.challenge, NULL},
		{"--rim", NULL, &o.rim, NULL},
		{"--json", NULL, NULL, &o.json},
		{"--no-color", NULL, NULL, &o.no_colour},
		{0},
	};
	struct rmm_bytes bytes;
	struct cli_words words;
	int status;

	if (!cli_parse(argc, argv, known, &words, 1, 1))
		return CLI_BAD_INPUT;
	bytes = read_file(words.v[0]);
	if (bytes.data == NULL)
		return CLI_BAD_INPUT;
	status = decode_and_show(bytes, words.v[0], &o);
	free((void *)bytes.data);
	return status;
}
