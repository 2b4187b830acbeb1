/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command line of rmm-abi, for rmm-abi and for `rmmsim abi`.
 */
#ifndef RMM_ABI_GEN_CLI_H
#define RMM_ABI_GEN_CLI_H

#include <stdio.h>

/*
 * Runs one command: args[0] is its name ("check"). Results go to `out` unless
 * an option names a file, errors to `err`. Returns the exit status: 0 done,
 * 1 a file could not be read or written, 2 bad input or usage.
 */
int abi_cli(int num_args, const char *const *args, FILE *out, FILE *err);

#endif
