/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim rim: the RIM that a realm will have, without a machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_args.h"
#include "commands.h"
#include "rim_description.h"
#include "rim_image.h"

static void print_hex(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		printf("%02x", data[i]);
}

static void print(const struct rim_prediction *p, bool json)
{
	static const char *const hashes[] = {"sha-256", "sha-512", "sha-384"};

	if (json)
		printf("{\"version\": \"%s\", \"profile\": \"%s\", \"hash\": \"%s\", \"rim\": \"",
		       rmm_abi_versions[p->version].name,
		       p->profile == RMM_PROFILE_TF_RMM ? "tf-rmm" : "spec",
		       hashes[p->rim.hash_algo]);
	print_hex(p->rim.value, p->rim.size);
	puts(json ? "\"}" : "");
}

/* ---- one image on the command line ------------------------------------------------ */

struct image_options {
	const char *image; /* FILE@IPA */
	const char *entry;
	const char *hash;
	const char *x0;
};

static int take_number(const char *option, const char *text, uint64_t *out)
{
	unsigned long long value = 0;

	if (text != NULL && !cli_number(text, &value))
		return cli_error("rim", "write a number such as 0x80000000", "%s: no number: '%s'",
				 option, text);
	*out = value;
	return CLI_OK;
}

/* The file name may hold an '@' itself: the last one counts. */
static int add_image(struct rmm_rim *rim, const char *word)
{
	const char *at = strrchr(word, '@');
	struct rmm_error error = {{0}};
	unsigned long long ipa;
	char *path;
	bool ok;

	if (at == NULL || at == word || !cli_number(at + 1, &ipa))
		return cli_error("rim", "write --image FILE@IPA, as in kernel.bin@0x80000000",
				 "no IPA in '%s'", word);
	path = strndup(word, (size_t)(at - word));
	if (path == NULL)
		return cli_error("rim", "free some memory", "out of memory");
	ok = rim_add_image(rim, ipa, path, true, &error);
	free(path);
	return ok ? CLI_OK : cli_error("rim", "correct --image", "%s", error.text);
}

static int predict_image(const struct image_options *o, struct rim_prediction *out)
{
	struct rmm_rim_params params = {0};
	struct rmm_error error = {{0}};
	uint64_t gprs[8] = {0};
	uint64_t pc = 0;

	if (o->entry == NULL)
		return cli_error("rim", "add --entry PC", "--image needs --entry");
	if (o->hash != NULL && !rim_hash_by_name(o->hash, &params.hash_algo))
		return cli_error("rim", "use sha-256, sha-384 or sha-512",
				 "unknown hash algorithm '%s'", o->hash);
	if (take_number("--entry", o->entry, &pc) != CLI_OK ||
	    take_number("--x0", o->x0, &gprs[0]) != CLI_OK)
		return CLI_BAD_INPUT;
	if (rmm_rim_begin(&out->rim, out->version, out->profile, &params, &error) != 0)
		return cli_error("rim", "choose another --hash or --version", "%s", error.text);
	if (out->rim.params_measured)
		return cli_error("rim", "write a description (docs/attestation.md)",
				 "this RIM depends on the realm's parameters");
	if (add_image(&out->rim, o->image) != CLI_OK)
		return CLI_BAD_INPUT;
	rmm_rim_add_rec(&out->rim, true, pc, gprs);
	return CLI_OK;
}

int cmd_rim(int argc, char **argv)
{
	struct rim_prediction out = {.version = rmm_config_default().version};
	struct rim_overrides overrides = {0};
	struct image_options image = {0};
	bool json = false;
	const struct cli_option known[] = {
		{"--version", NULL, &overrides.version, NULL},
		{"--profile", NULL, &overrides.profile, NULL},
		{"--image", NULL, &image.image, NULL},
		{"--entry", NULL, &image.entry, NULL},
		{"--hash", NULL, &image.hash, NULL},
		{"--x0", NULL, &image.x0, NULL},
		{"--json", NULL, NULL, &json},
		{0},
	};
	struct cli_words words;
	int status;

	if (!cli_parse(argc, argv, known, &words, 0, 1) ||
	    !cli_version(argv[0], overrides.version, &out.version) ||
	    !cli_profile(argv[0], overrides.profile, &out.profile))
		return CLI_BAD_INPUT;
	if ((words.n == 1) == (image.image != NULL))
		return cli_error("rim", "name a description, or use --image FILE@IPA --entry PC",
				 "it takes one realm");
	if (words.n == 1 && (image.entry != NULL || image.hash != NULL || image.x0 != NULL))
		return cli_error("rim", "write them into the description",
				 "--entry, --hash and --x0 belong to --image");
	status = words.n == 1 ? rim_describe(words.v[0], &overrides, &out)
			      : predict_image(&image, &out);
	if (status == CLI_OK && out.rim.failed)
		return cli_error("rim", "free some memory", "out of memory");
	if (status == CLI_OK)
		print(&out, json);
	return status;
}
