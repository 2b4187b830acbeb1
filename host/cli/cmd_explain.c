/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim explain: conditions, commands and types in words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli_args.h"
#include "commands.h"
#include "near.h"

static bool in_version(rmm_versions set, enum rmm_version version)
{
	return (set >> version & 1) != 0;
}

static void print_versions(rmm_versions set)
{
	const char *comma = "";

	for (size_t v = 0; v < RMM_VERSION_COUNT; v++) {
		if (!in_version(set, (enum rmm_version)v))
			continue;
		printf("%s%s", comma, rmm_abi_versions[v].name);
		comma = ", ";
	}
}

/* ---- conditions ---------------------------------------------------------------- */

static size_t fail_index(const struct rmm_abi_command *c, enum rmm_condition id)
{
	size_t i = 0;

	while (i < c->num_fail && c->fail[i].id != id)
		i++;
	return i;
}

static void print_order(const struct rmm_abi_command *c, size_t index)
{
	for (size_t i = 0; i < c->num_order; i++) {
		if (c->order[i].after == index)
			printf("  %s is reported rather than it\n",
			       c->fail[c->order[i].before].constant);
		if (c->order[i].before == index)
			printf("  it is reported rather than %s\n",
			       c->fail[c->order[i].after].constant);
	}
}

static int explain_condition(enum rmm_condition id, enum rmm_version version)
{
	const struct rmm_abi_condition *condition = rmm_abi_condition(version, id);
	const struct rmm_abi_command *command =
		rmm_abi_command_by_id(version, rmm_abi_condition_command(id));

	if (condition == NULL || command == NULL)
		return cli_error("explain", "name another version with --version",
				 "%s has no condition %s", rmm_abi_versions[version].name,
				 rmm_abi_condition_name(id));
	printf("%s\n  %s fails with %s because\n  %s.\n\n  when     %s\n  versions ",
	       condition->constant, command->name, condition->status, condition->says,
	       condition->when);
	print_versions(condition->versions);
	printf("\n  section  %s\n\n", command->section);
	print_order(command, fail_index(command, id));
	return CLI_OK;
}

/* ---- commands ------------------------------------------------------------------- */

static void print_params(const char *heading, const struct rmm_abi_param *params, size_t n)
{
	if (n == 0)
		return;
	printf("\n%s\n", heading);
	for (size_t i = 0; i < n; i++) {
		const struct rmm_abi_param *p = &params[i];
		char place[32];

		if (p->lsb == 0 && p->width == 64)
			snprintf(place, sizeof(place), "x%u", p->reg);
		else
			snprintf(place, sizeof(place), "x%u[%u:%u]", p->reg, p->lsb + p->width - 1u,
				 p->lsb);
		printf("  %-10s %-14s %-22s %s\n", place, p->name, p->type_name, p->doc);
	}
}

static void print_failures(const struct rmm_abi_command *c, enum rmm_version version)
{
	if (c->num_fail == 0) {
		puts("\nfails never");
		return;
	}
	puts("\nfails, in this order of evaluation, because");
	for (size_t i = 0; i < c->num_fail; i++)
		if (in_version(c->fail[i].versions, version))
			printf("  %-24s %-26s %s\n", c->fail[i].name, c->fail[i].status,
			       c->fail[i].says);
}

static void print_success(const struct rmm_abi_command *c)
{
	if (c->num_ok > 0)
		puts("\nafter success");
	for (size_t i = 0; i < c->num_ok; i++) {
		printf("  %-24s %s", c->ok[i].name, c->ok[i].then);
		if (c->ok[i].when[0] != '\0')
			printf("   if %s", c->ok[i].when);
		putchar('\n');
	}
	if (c->num_footprint > 0)
		puts("\nchanges nothing but");
	for (size_t i = 0; i < c->num_footprint; i++)
		printf("  %s\n", c->footprint[i]);
}

static int explain_command(const struct rmm_abi_command *c, enum rmm_version version)
{
	printf("%s: %s\n  FID 0x%08X, %s\n  versions ", c->name, c->doc, c->fid, c->section);
	print_versions(c->versions);
	printf("\n  the model %s%s%s\n", c->handler ? "implements it" : "answers NOT_SUPPORTED",
	       c->sro_may ? "; it may be stateful (RMI_INCOMPLETE)" : "",
	       c->transfers_memory ? " and transfer memory" : "");
	print_params("inputs", c->inputs, c->num_inputs);
	print_params("outputs", c->outputs, c->num_outputs);
	print_failures(c, version);
	print_success(c);
	return CLI_OK;
}

/* ---- types -------------------------------------------------------------------------- */

static void print_field(const struct rmm_abi_type *type, const struct rmm_abi_field *f)
{
	char place[32];
	char count[32] = "";

	if (type->kind == RMM_ABI_STRUCT)
		snprintf(place, sizeof(place), "0x%03" PRIX32, f->offset);
	else
		snprintf(place, sizeof(place), "[%u:%u]", f->lsb + f->width - 1u, f->lsb);
	if (f->count > 1)
		snprintf(count, sizeof(count), "[%" PRIu32 "]", f->count);
	printf("  %-9s %s%-*s %-24s %s\n", place, f->name,
	       (int)(strlen(f->name) < 22 ? 22 - strlen(f->name) : 0), count,
	       f->type != NULL ? f->type->name : "", f->doc);
}

static int explain_type(const struct rmm_abi_type *type, enum rmm_version version)
{
	printf("%s\n", type->name);
	cli_print_wrapped(2, type->doc);
	printf("  source   %s\n  versions ", type->source);
	print_versions(type->versions);
	puts("\n");
	for (size_t i = 0; i < type->num_fields; i++)
		if (in_version(type->fields[i].versions, version))
			print_field(type, &type->fields[i]);
	for (size_t i = 0; i < type->num_values; i++)
		if (in_version(type->values[i].versions, version))
			printf("  %4" PRId64 "  %-32s %s\n", (int64_t)type->values[i].value,
			       type->values[i].name, type->values[i].doc);
	return CLI_OK;
}

/* ---- anything ------------------------------------------------------------------------ */

static int report_unknown(const char *name)
{
	struct abi_near near;
	char remedy[160] = "'rmmsim abi status' lists the commands";

	abi_near_begin(&near, name);
	for (size_t i = 0; i < rmm_abi_num_commands; i++)
		abi_near_try(&near, rmm_abi_commands[i].name);
	for (size_t i = 1; i < RMM_CONDITION_COUNT; i++)
		abi_near_try(&near, rmm_abi_condition_name((enum rmm_condition)i));
	for (size_t i = 0; i < rmm_abi_num_types; i++)
		abi_near_try(&near, rmm_abi_types[i]->name);
	if (near.best != NULL)
		snprintf(remedy, sizeof(remedy), "did you mean '%s'?", near.best);
	return cli_error("explain", remedy, "unknown condition, command or type '%s'", name);
}

/* A command that another version has, when this one does not. */
static const struct rmm_abi_command *find_elsewhere(const char *name)
{
	for (size_t i = rmm_abi_num_commands; i-- > 0;)
		if (strcmp(rmm_abi_commands[i].name, name) == 0)
			return &rmm_abi_commands[i];
	return NULL;
}

static int explain(const char *name, enum rmm_version version)
{
	const struct rmm_abi_command *command = rmm_abi_command_find(version, name);
	const struct rmm_abi_type *type;
	enum rmm_condition condition;

	if (command != NULL)
		return explain_command(command, version);
	if (rmm_abi_condition_find(name, &condition))
		return explain_condition(condition, version);
	type = rmm_abi_type_find(name);
	if (type != NULL)
		return explain_type(type, version);
	command = find_elsewhere(name);
	if (command == NULL)
		return report_unknown(name);
	printf("%s does not have it.\n\n", rmm_abi_versions[version].name);
	return explain_command(command, version);
}

int cmd_explain(int argc, char **argv)
{
	enum rmm_version version = rmm_config_default().version;
	const char *name = NULL;
	const struct cli_option known[] = {{"--version", NULL, &name, NULL}, {0}};
	struct cli_words words;

	if (!cli_parse(argc, argv, known, &words, 1, 1) || !cli_version(argv[0], name, &version))
		return CLI_BAD_INPUT;
	return explain(words.v[0], version);
}
