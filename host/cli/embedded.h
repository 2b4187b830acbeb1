/* SPDX-License-Identifier: BSD-3-Clause */
/* The descriptions of the ABI that were there when the program was built. */
#ifndef RMM_CLI_EMBEDDED_H
#define RMM_CLI_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *path; /* below abi/, "linux/names.yaml" */
	const unsigned char *bytes;
	size_t len;
};

extern const struct embedded_file embedded_files[];
extern const size_t num_embedded_files;

#endif
