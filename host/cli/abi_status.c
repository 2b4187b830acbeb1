/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim abi status and abi quirks: what the model implements, and how it behaves. */
#include <stdio.h>
#include <string.h>

#include "cli_args.h"
#include "commands.h"

static bool in_version(rmm_versions set, size_t version)
{
	return (set >> version & 1) != 0;
}

/* ---- counts ------------------------------------------------------------------- */

struct status_counts {
	size_t commands;
	size_t implemented;
	size_t structures;
	size_t conditions;
};

static struct status_counts count_version(size_t version)
{
	struct status_counts n = {0};

	for (size_t i = 0; i < rmm_abi_num_commands; i++) {
		const struct rmm_abi_command *c = &rmm_abi_commands[i];

		if (!in_version(c->versions, version))
			continue;
		for (size_t f = 0; f < c->num_fail; f++)
			n.conditions += in_version(c->fail[f].versions, version);
		if (c->fid == 0)
			continue;
		n.commands++;
		n.implemented += c->handler;
	}
	for (size_t i = 0; i < rmm_abi_num_types; i++)
		n.structures += rmm_abi_types[i]->kind == RMM_ABI_STRUCT &&
				in_version(rmm_abi_types[i]->versions, version);
	return n;
}

static void print_counts(void)
{
	printf("%-10s %9s %12s %11s %11s\n", "version", "commands", "implemented", "structures",
	       "conditions");
	for (size_t v = 0; v < RMM_VERSION_COUNT; v++) {
		struct status_counts n = count_version(v);

		printf("%-10s %9zu %12zu %11zu %11zu\n", rmm_abi_versions[v].name, n.commands,
		       n.implemented, n.structures, n.conditions);
	}
}

/* ---- commands ------------------------------------------------------------------- */

static void print_commands(size_t version)
{
	printf("\n%-36s %-10s %-12s %-10s %s\n", "command", "FID", "group", "conditions",
	       "the model");
	for (size_t i = 0; i < rmm_abi_num_commands; i++) {
		const struct rmm_abi_command *c = &rmm_abi_commands[i];

		if (!in_version(c->versions, version) || c->fid == 0)
			continue;
		printf("%-36s 0x%08X %-12s %10zu %s\n", c->name, c->fid, c->group, c->num_fail,
		       c->handler ? "implements it" : "answers NOT_SUPPORTED");
	}
}

int cmd_abi_status(int argc, char **argv)
{
	enum rmm_version version = rmm_config_default().version;
	const char *name = NULL;
	const struct cli_option known[] = {{"--version", NULL, &name, NULL}, {0}};
	struct cli_words words;

	if (!cli_parse(argc, argv, known, &words, 0, 0) || !cli_version("abi", name, &version))
		return CLI_BAD_INPUT;
	print_counts();
	printf("\ncommands of %s:\n", rmm_abi_versions[version].name);
	print_commands(version);
	return CLI_OK;
}

/* ---- behaviours ------------------------------------------------------------------- */

/* The versions of a set: "all", "none", "2.0-bet1 2.0-bet3". */
static void print_versions(const char *label, rmm_versions set)
{
	const rmm_versions all = ((rmm_versions)1 << RMM_VERSION_COUNT) - 1;

	printf("    %-7s", label);
	if ((set & all) == all) {
		puts(" every version");
		return;
	}
	if ((set & all) == 0) {
		puts(" no version");
		return;
	}
	for (size_t v = 0; v < RMM_VERSION_COUNT; v++)
		if (in_version(set, v))
			printf(" %s", rmm_abi_versions[v].name);
	putchar('\n');
}

int cmd_abi_quirks(int argc, char **argv)
{
	const struct cli_option known[] = {{0}};
	struct cli_words words;

	if (!cli_parse(argc, argv, known, &words, 0, 0))
		return CLI_BAD_INPUT;
	puts("Behaviours that a trace can switch ('behaviours' of its machine). A * marks those\n"
	     "in which profile tf-rmm differs from the specification.");
	for (size_t b = 0; b < RMM_BEHAVIOUR_COUNT; b++) {
		const struct rmm_abi_behaviour *row = &rmm_abi_behaviours[b];

		printf("\n%c %s\n", row->spec != row->tf_rmm ? '*' : ' ', row->name);
		cli_print_wrapped(4, row->doc);
		print_versions("spec:", row->spec);
		print_versions("tf-rmm:", row->tf_rmm);
		printf("    %-8s%s\n", "source:", row->source);
		if (!row->modelled)
			puts("    not modelled yet: it cannot be switched");
	}
	return CLI_OK;
}
