/* SPDX-License-Identifier: BSD-3-Clause */
/* What commands print: to a file given with -o, or to the standard output. */
#ifndef RMM_ABI_GEN_CLI_OUTPUT_H
#define RMM_ABI_GEN_CLI_OUTPUT_H

#include <stdio.h>

#include "abi.h"
#include "diag.h"
#include "writer.h"

/* Saves the text under `path`, or prints it to `out` when path is NULL or "-". */
void cli_put(const struct writer *w, const char *path, FILE *out, struct abi_diag *diag);

/* "1.0-rel0, 2.0-bet0", in the description's arena. */
const char *cli_version_names(const struct abi *abi);

#endif
