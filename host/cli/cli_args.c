/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli_args.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "near.h"

int cli_error(const char *command, const char *remedy, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "rmmsim%s%s: error: ", command[0] != '\0' ? " " : "", command);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nremedy: %s\n", remedy);
	return CLI_BAD_INPUT;
}

bool cli_number(const char *text, unsigned long long *out)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*out = strtoull(text, &end, 0);
	return errno == 0 && *end == '\0';
}

static const struct cli_option *find(const struct cli_option *options, const char *word)
{
	for (; options->name != NULL; options++)
		if (strcmp(options->name, word) == 0 ||
		    (options->short_name != NULL && strcmp(options->short_name, word) == 0))
			return options;
	return NULL;
}

static bool report_unknown(const char *command, const struct cli_option *options, const char *word)
{
	struct abi_near near;
	char remedy[160];

	abi_near_begin(&near, word);
	for (; options->name != NULL; options++)
		abi_near_try(&near, options->name);
	if (near.best != NULL)
		snprintf(remedy, sizeof(remedy), "did you mean '%s'?", near.best);
	else
		snprintf(remedy, sizeof(remedy), "'rmmsim help %s' lists the options", command);
	cli_error(command, remedy, "unknown option '%s'", word);
	return false;
}

/* Takes an option and, if it has one, its value; returns the words used, 0 on error. */
static int take_option(const char *command, const struct cli_option *options, int argc, char **argv,
		       int i)
{
	const struct cli_option *option = find(options, argv[i]);

	if (option == NULL)
		return report_unknown(command, options, argv[i]) ? 1 : 0;
	if (option->flag != NULL) {
		*option->flag = true;
		return 1;
	}
	if (i + 1 == argc) {
		cli_error(command, "write its value behind it", "'%s' lacks its value", argv[i]);
		return 0;
	}
	if (*option->value != NULL) {
		cli_error(command, "keep one of the two", "'%s' is there twice", argv[i]);
		return 0;
	}
	*option->value = argv[i + 1];
	return 2;
}

static bool check_words(const char *command, const struct cli_words *words, size_t min, size_t max)
{
	char remedy[96];

	if (words->n >= min && words->n <= max)
		return true;
	snprintf(remedy, sizeof(remedy), "'rmmsim help %s' shows how it is used", command);
	if (words->n < min)
		cli_error(command, remedy, "something is missing: %zu of %zu words given", words->n,
			  min);
	else
		cli_error(command, remedy, "one word too many: '%s'", words->v[max]);
	return false;
}

bool cli_parse(int argc, char **argv, const struct cli_option *options, struct cli_words *words,
	       size_t min, size_t max)
{
	bool only_words = false;

	words->n = 0;
	for (int i = 1; i < argc;) {
		if (!only_words && strcmp(argv[i], "--") == 0) {
			only_words = true;
			i++;
		} else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
			int used = take_option(argv[0], options, argc, argv, i);

			if (used == 0)
				return false;
			i += used;
		} else if (words->n == CLI_MAX_WORDS) {
			cli_error(argv[0], "name fewer files", "more than %d words", CLI_MAX_WORDS);
			return false;
		} else {
			words->v[words->n++] = argv[i++];
		}
	}
	return check_words(argv[0], words, min, max);
}
