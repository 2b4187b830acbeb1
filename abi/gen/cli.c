/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "abi.h"
#include "cli_output.h"
#include "diag.h"
#include "diff.h"
#include "emit.h"
#include "linux_names.h"
#include "near.h"

#define MAX_FILES 256

struct options {
	const char *out;     /* -o, --out */
	const char *style;   /* --style */
	const char *version; /* --version */
	const char *words[MAX_FILES + 2];
	size_t num_words;
};

struct invocation {
	struct options options;
	struct abi *abi;
	struct abi_diag *diag;
	FILE *out;
	FILE *err;
};

struct cli_command {
	const char *name;
	const char *usage;
	size_t num_words;    /* in front of the files */
	const char *allowed; /* letters of options: o, s(tyle), v(ersion) */
	void (*run)(struct invocation *inv);
};

/* ---- commands ------------------------------------------------------------- */

static void count_text(const struct abi *abi, FILE *out)
{
	size_t conditions = 0;

	for (size_t i = 0; i < abi->commands.n; i++)
		conditions += abi->commands.v[i].fail.n + abi->commands.v[i].ok.n;
	fprintf(out, "%zu files, %zu versions: %zu forms of commands, %zu conditions, %zu types\n",
		abi->files.n, abi->versions.n, abi->commands.n, conditions,
		abi->types.n + abi->state_types.n);
}

static void run_check(struct invocation *inv)
{
	struct linux_names *names;
	const int bad_names = linux_names_load(inv->abi, inv->diag, &names);

	if (emit_check(inv->abi, inv->diag) == 0 && !bad_names)
		count_text(inv->abi, inv->out);
}

static void run_generate(struct invocation *inv)
{
	if (inv->options.out == NULL) {
		abi_error(inv->diag, (struct abi_loc){.file = NULL}, "generate needs a directory");
		abi_remedy(inv->diag, "add --out DIR");
		return;
	}
	emit_all(inv->abi, inv->options.out, inv->diag);
}

/* The index of a version given on the command line; false when it is unknown. */
static bool find_version(struct invocation *inv, const char *name, size_t *version)
{
	int index = name != NULL ? abi_version_index(inv->abi, name) : -1;
	const struct abi_loc nowhere = {.file = NULL};

	if (index >= 0) {
		*version = (size_t)index;
		return true;
	}
	if (name == NULL)
		abi_error(inv->diag, nowhere, "no version given");
	else
		abi_error(inv->diag, nowhere, "unknown version '%s'", name);
	abi_remedy(inv->diag, "use one of: %s", cli_version_names(inv->abi));
	return false;
}

static void emit_linux(struct invocation *inv, size_t version, struct writer *w)
{
	struct linux_names *names = NULL;

	if (linux_names_load(inv->abi, inv->diag, &names) != 0)
		return;
	if (names != NULL && linux_names_cover(names, version)) {
		emit_linux_header(inv->abi, names, version, w);
		return;
	}
	abi_error(inv->diag, (struct abi_loc){.file = NULL}, "no Linux names are known for %s",
		  inv->options.version);
	abi_remedy(inv->diag, "add them to linux.yaml, or use another style");
}

struct style {
	const char *name;
	void (*emit)(const struct abi *abi, size_t version, struct writer *w);
};

static const struct style styles[] = {
	{"portable", emit_portable_header},
	{"plain", emit_plain_header},
	{"calls", emit_calls_header},
};

static bool emit_style(struct invocation *inv, size_t version, struct writer *w)
{
	const char *name = inv->options.style != NULL ? inv->options.style : "portable";

	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (strcmp(styles[i].name, name) == 0) {
			styles[i].emit(inv->abi, version, w);
			return true;
		}
	}
	if (strcmp(name, "linux") == 0) {
		emit_linux(inv, version, w);
		return true;
	}
	abi_error(inv->diag, (struct abi_loc){.file = NULL}, "unknown style '%s'", name);
	abi_remedy(inv->diag, "use one of: portable, plain, calls, linux");
	return false;
}

static void run_header(struct invocation *inv)
{
	struct writer w;
	size_t version;

	if (!find_version(inv, inv->options.version, &version))
		return;
	writer_init(&w);
	if (emit_style(inv, version, &w) && abi_diag_errors(inv->diag) == 0)
		cli_put(&w, inv->options.out, inv->out, inv->diag);
	writer_free(&w);
}

static void run_json(struct invocation *inv)
{
	struct writer w;

	writer_init(&w);
	emit_json(inv->abi, &w);
	cli_put(&w, inv->options.out, inv->out, inv->diag);
	writer_free(&w);
}

static void run_markdown(struct invocation *inv)
{
	struct writer w;

	writer_init(&w);
	emit_markdown(inv->abi, &w);
	cli_put(&w, inv->options.out, inv->out, inv->diag);
	writer_free(&w);
}

static void run_diff(struct invocation *inv)
{
	struct writer w;
	size_t from;
	size_t to;

	if (!find_version(inv, inv->options.words[0], &from) ||
	    !find_version(inv, inv->options.words[1], &to))
		return;
	writer_init(&w);
	abi_diff(inv->abi, from, to, &w);
	cli_put(&w, inv->options.out, inv->out, inv->diag);
	writer_free(&w);
}

static const struct cli_command commands[] = {
	{"check", "check FILE...", 0, "", run_check},
	{"generate", "generate --out DIR FILE...", 0, "o", run_generate},
	{"header", "header --style portable|plain|calls|linux --version V [-o FILE] FILE...", 0,
	 "osv", run_header},
	{"json", "json [-o FILE] FILE...", 0, "o", run_json},
	{"markdown", "markdown [-o FILE] FILE...", 0, "o", run_markdown},
	{"diff", "diff V1 V2 [-o FILE] FILE...", 2, "o", run_diff},
};

#define NUM_COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* ---- arguments ------------------------------------------------------------ */

static void print_usage(FILE *f)
{
	fputs("usage:\n", f);
	for (size_t i = 0; i < NUM_COMMANDS; i++)
		fprintf(f, "  rmm-abi %s\n", commands[i].usage);
	fputs("FILE is a description (abi/schema.md); files that it uses are read too.\n", f);
}

static int usage_error(FILE *err, const char *what, const char *word)
{
	fprintf(err, "rmm-abi: error: %s '%s'\n", what, word);
	print_usage(err);
	return 2;
}

static const struct cli_command *find_command(const char *name)
{
	for (size_t i = 0; i < NUM_COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* Where the value of an option goes, or NULL when this command has no such option. */
static const char **option_slot(struct options *o, const struct cli_command *command,
				const char *word)
{
	const bool is_out = strcmp(word, "-o") == 0 || strcmp(word, "--out") == 0;

	if (is_out && strchr(command->allowed, 'o') != NULL)
		return &o->out;
	if (strcmp(word, "--style") == 0 && strchr(command->allowed, 's') != NULL)
		return &o->style;
	if (strcmp(word, "--version") == 0 && strchr(command->allowed, 'v') != NULL)
		return &o->version;
	return NULL;
}

/*
 * The names for Linux headers stand beside a description and are read with it,
 * so that a pattern of a shell may name them, too.
 */
static bool is_linux_names(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash != NULL ? slash + 1 : path, "linux.yaml") == 0;
}

static int parse_options(struct options *o, const struct cli_command *command, int num_args,
			 const char *const *args, FILE *err)
{
	bool only_files = false;

	for (int i = 1; i < num_args; i++) {
		const char *word = args[i];

		if (!only_files && strcmp(word, "--") == 0) {
			only_files = true;
		} else if (!only_files && word[0] == '-' && word[1] != '\0') {
			const char **slot = option_slot(o, command, word);

			if (slot == NULL)
				return usage_error(err, "unknown option", word);
			if (++i == num_args)
				return usage_error(err, "no value behind", word);
			*slot = args[i];
		} else if (is_linux_names(word)) {
			continue;
		} else if (o->num_words == sizeof(o->words) / sizeof(o->words[0])) {
			return usage_error(err, "too many files: no room for", word);
		} else {
			o->words[o->num_words++] = word;
		}
	}
	if (o->num_words <= command->num_words)
		return usage_error(err, "no description given to", command->name);
	return 0;
}

static int run_command(const struct cli_command *command, struct invocation *inv)
{
	size_t skip = command->num_words;
	int status;

	inv->diag = abi_diag_new();
	inv->abi = abi_load(inv->options.words + skip, inv->options.num_words - skip, inv->diag);
	if (inv->abi != NULL)
		command->run(inv);
	if (fflush(inv->out) != 0) {
		abi_io_error(inv->diag, "standard output", "cannot write: %s", strerror(errno));
		abi_remedy(inv->diag, "use -o FILE with a place that has room");
	}
	status = abi_diag_exit_status(inv->diag);
	abi_diag_print(inv->diag, inv->err);
	abi_free(inv->abi);
	abi_diag_free(inv->diag);
	return status;
}

static const char *near_command(const char *name)
{
	struct abi_near near;

	abi_near_begin(&near, name);
	for (size_t i = 0; i < NUM_COMMANDS; i++)
		abi_near_try(&near, commands[i].name);
	return near.best;
}

int abi_cli(int num_args, const char *const *args, FILE *out, FILE *err)
{
	struct invocation inv = {.out = out, .err = err};
	const struct cli_command *command;
	int status;

	if (num_args < 1) {
		print_usage(err);
		return 2;
	}
	if (strcmp(args[0], "--help") == 0 || strcmp(args[0], "help") == 0) {
		print_usage(out);
		return 0;
	}
	command = find_command(args[0]);
	if (command == NULL) {
		const char *best = near_command(args[0]);

		if (best != NULL)
			fprintf(err, "rmm-abi: did you mean '%s'?\n", best);
		return usage_error(err, "unknown command", args[0]);
	}
	status = parse_options(&inv.options, command, num_args, args, err);
	return status != 0 ? status : run_command(command, &inv);
}
