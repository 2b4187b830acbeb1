/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The commands of rmmsim. Each gets its own name in argv[0] and returns the
 * exit status of the program.
 */
#ifndef RMM_CLI_COMMANDS_H
#define RMM_CLI_COMMANDS_H

#include <signal.h>
#include <stdbool.h>

#include "cmd_bench.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/system.h"

int cmd_run(int argc, char **argv);
int cmd_run_guest(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_abi(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_decode(int argc, char **argv);
int cmd_rim(int argc, char **argv);
int cmd_token(int argc, char **argv);

/* Parts of `rmmsim abi`: argv[0] is "abi", the words behind it are the rest. */
int cmd_abi_status(int argc, char **argv);
int cmd_abi_quirks(int argc, char **argv);

/* Options that several commands have; false (and reported) when unknown. NULL: the default. */
bool cli_version(const char *command, const char *name, enum rmm_version *version);
bool cli_profile(const char *command, const char *name, enum rmm_profile *profile);

/* Set by Ctrl-C once cli_catch_interrupt() was called. A second one ends the program. */
const volatile sig_atomic_t *cli_catch_interrupt(void);

/* Text on stdout, broken at spaces; every line begins with `indent` spaces. */
void cli_print_wrapped(unsigned int indent, const char *text);

/* Whether stdout shows colours: a terminal, and nobody asked for none. */
bool cli_colour(bool no_colour);

#endif
