/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim abi: the generator's commands, with the descriptions inside the program. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cli_args.h"
#include "commands.h"
#include "embedded.h"
#include "near.h"
#include "unpack.h"

#define MAX_ARGS (CLI_MAX_WORDS + 16)

/* What the generator is called with. */
struct generator_call {
	const char *args[MAX_ARGS];
	int num_args;
	char paths[CLI_MAX_WORDS][PATH_MAX + 256];
	size_t num_paths;
};

static void add_arg(struct generator_call *call, const char *arg)
{
	if (call->num_args < MAX_ARGS)
		call->args[call->num_args++] = arg;
}

static void add_option(struct generator_call *call, const char *name, const char *value)
{
	if (value == NULL)
		return;
	add_arg(call, name);
	add_arg(call, value);
}

static void add_file(struct generator_call *call, const char *dir, const char *file)
{
	char *path = call->paths[call->num_paths];

	if (call->num_paths == CLI_MAX_WORDS)
		return;
	snprintf(path, sizeof(call->paths[0]), "%s/%s", dir, file);
	call->num_paths++;
	add_arg(call, path);
}

/* linux.yaml stands beside the descriptions, but holds the kernel's names for them. */
static bool is_description(const char *file)
{
	size_t len = strlen(file);

	if (strcmp(file, "linux.yaml") == 0)
		return false;
	return strchr(file, '/') == NULL && len > 5 && strcmp(file + len - 5, ".yaml") == 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool add_directory(struct generator_call *call, const char *dir)
{
	static const char *const remedy = "name a directory of descriptions, such as abi";
	struct dirent *entry;
	DIR *d = opendir(dir);

	if (d == NULL) {
		cli_error("abi", remedy, "cannot read '%s': %s", dir, strerror(errno));
		return false;
	}
	while ((entry = readdir(d)) != NULL)
		if (is_description(entry->d_name))
			add_file(call, dir, entry->d_name);
	closedir(d);
	if (call->num_paths == 0) {
		cli_error("abi", remedy, "there is no description in '%s'", dir);
		return false;
	}
	qsort(call->paths, call->num_paths, sizeof(call->paths[0]), compare_names);
	return true;
}

static int generate(struct generator_call *call)
{
	return abi_cli(call->num_args, call->args, stdout, stderr);
}

static int generate_embedded(struct generator_call *call)
{
	struct unpacked unpacked;
	int status;

	if (!unpack_descriptions("abi", &unpacked))
		return CLI_FAILED;
	for (size_t i = 0; i < num_embedded_files; i++)
		if (is_description(embedded_files[i].path))
			add_file(call, unpacked.dir, embedded_files[i].path);
	status = generate(call);
	remove_unpacked(&unpacked);
	return status;
}

/* header, json, diff */
static int run_generator(int argc, char **argv, size_t num_words)
{
	struct generator_call *call = calloc(1, sizeof(*call));
	const char *from = NULL;
	const char *out = NULL;
	const char *style = NULL;
	const char *version = NULL;
	bool is_header = strcmp(argv[0], "header") == 0;
	const struct cli_option known[] = {
		{"--from", NULL, &from, NULL},
		{"--out", "-o", &out, NULL},
		/* The list ends here for all but headers. */
		{is_header ? "--style" : NULL, NULL, &style, NULL},
		{"--version", NULL, &version, NULL},
		{0},
	};
	struct cli_words words;
	int status = CLI_BAD_INPUT;

	if (call == NULL)
		return cli_error("abi", "free some memory", "out of memory");
	if (cli_parse(argc, argv, known, &words, num_words, num_words)) {
		add_arg(call, argv[0]);
		add_option(call, "--style", style);
		add_option(call, "--version", version);
		add_option(call, "-o", out);
		for (size_t i = 0; i < words.n; i++)
			add_arg(call, words.v[i]);
		if (from == NULL)
			status = generate_embedded(call);
		else if (add_directory(call, from))
			status = generate(call);
	}
	free(call);
	return status;
}

static int run_header(int argc, char **argv)
{
	return run_generator(argc, argv, 0);
}

static int run_json(int argc, char **argv)
{
	return run_generator(argc, argv, 0);
}

static int run_diff(int argc, char **argv)
{
	return run_generator(argc, argv, 2);
}

static int run_check(int argc, char **argv)
{
	const struct cli_option known[] = {{0}};
	const char *args[CLI_MAX_WORDS + 1] = {"check"};
	struct cli_words words;

	if (!cli_parse(argc, argv, known, &words, 1, CLI_MAX_WORDS))
		return CLI_BAD_INPUT;
	for (size_t i = 0; i < words.n; i++)
		args[i + 1] = words.v[i];
	return abi_cli((int)words.n + 1, args, stdout, stderr);
}

static const struct abi_part {
	const char *name;
	int (*run)(int argc, char **argv);
} parts[] = {
	{"check", run_check}, {"header", run_header},     {"json", run_json},
	{"diff", run_diff},   {"status", cmd_abi_status}, {"quirks", cmd_abi_quirks},
};

#define NUM_PARTS (sizeof(parts) / sizeof(parts[0]))

int cmd_abi(int argc, char **argv)
{
	struct abi_near near;
	char remedy[96] = "write one of: check, header, json, diff, status, quirks";

	if (argc < 2)
		return cli_error(argv[0], remedy, "what about the ABI?");
	abi_near_begin(&near, argv[1]);
	for (size_t i = 0; i < NUM_PARTS; i++) {
		if (strcmp(parts[i].name, argv[1]) == 0)
			return parts[i].run(argc - 1, argv + 1);
		abi_near_try(&near, parts[i].name);
	}
	if (near.best != NULL)
		snprintf(remedy, sizeof(remedy), "did you mean '%s'?", near.best);
	return cli_error(argv[0], remedy, "unknown command 'abi %s'", argv[1]);
}
