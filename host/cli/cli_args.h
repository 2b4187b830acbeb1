/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Command lines: options in any place, words in order. Errors are one sentence
 * and say what to do; the caller returns CLI_BAD_INPUT then.
 */
#ifndef RMM_CLI_ARGS_H
#define RMM_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

enum cli_status {
	CLI_OK = 0,
	CLI_FAILED = 1,
	CLI_BAD_INPUT = 2,
};

#define CLI_MAX_WORDS 256

/* One option: `value` takes a word, `flag` does not. */
struct cli_option {
	const char *name;       /* "--version"; a NULL name ends the list */
	const char *short_name; /* "-o" or NULL */
	const char **value;
	bool *flag;
};

struct cli_words {
	const char *v[CLI_MAX_WORDS];
	size_t n;
};

/*
 * Sorts argv[1..] into options and words; argv[0] is the command's name. False
 * (and reported) when an option is unknown, lacks its value or comes twice, or
 * when there are fewer than min or more than max words.
 */
bool cli_parse(int argc, char **argv, const struct cli_option *options, struct cli_words *words,
	       size_t min, size_t max);

/* "rmmsim COMMAND: error: ..." and "remedy: ..." on stderr; returns CLI_BAD_INPUT. */
int cli_error(const char *command, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A number in C notation; false when it is none. */
bool cli_number(const char *text, unsigned long long *out);

#endif
