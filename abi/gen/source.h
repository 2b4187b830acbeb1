/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The text of a description file: read whole, bounded, and known to be UTF-8.
 */
#ifndef RMM_ABI_GEN_SOURCE_H
#define RMM_ABI_GEN_SOURCE_H

#include "arena.h"
#include "diag.h"

#define ABI_MAX_SOURCE_BYTES (4u << 20)

enum abi_source_status {
	ABI_SOURCE_OK,
	ABI_SOURCE_UNREADABLE, /* not reported: the caller knows who asked for it */
	ABI_SOURCE_BAD,        /* reported */
};

struct abi_source {
	const char *text;
	size_t len;
	const char *why; /* UNREADABLE: a sentence */
};

/* Reads `file` into the arena and makes it known to `diag` under that name. */
enum abi_source_status abi_source_read(const char *file, struct abi_arena *arena,
				       struct abi_diag *diag, struct abi_source *out);

/* The same checks for a text that is already in memory. */
enum abi_source_status abi_source_check(const char *file, struct abi_source source,
					struct abi_diag *diag);

#endif
