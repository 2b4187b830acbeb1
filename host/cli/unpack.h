/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The embedded descriptions as files: the generator reads files, so they are
 * put into a temporary directory of their own for as long as it runs.
 */
#ifndef RMM_CLI_UNPACK_H
#define RMM_CLI_UNPACK_H

#include <limits.h>
#include <stdbool.h>

struct unpacked {
	char dir[PATH_MAX];
};

/* False (and reported) when the temporary directory cannot be written. */
bool unpack_descriptions(const char *command, struct unpacked *unpacked);
void remove_unpacked(const struct unpacked *unpacked);

#endif
