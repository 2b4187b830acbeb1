/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that appears complete or not at all: it is written under a temporary
 * name beside its place and renamed when everything is on disk.
 */
#ifndef RMM_ABI_GEN_OUT_FILE_H
#define RMM_ABI_GEN_OUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "diag.h"

struct abi_out_file {
	FILE *stream; /* write here; NULL when open failed */
	const char *path;
	char *temporary;
};

/* Makes a directory and its parents. False (and reported) when it cannot. */
bool abi_make_directories(const char *path, struct abi_diag *diag);

/*
 * Begins a file. False (and reported) when the place cannot be written.
 * `path` must stay until the file is closed.
 */
bool abi_out_open(struct abi_out_file *file, const char *path, struct abi_diag *diag);

/*
 * Puts the file in its place; an existing file of the same content is left
 * untouched, so that build tools see no change. False (and reported) when
 * something could not be written.
 */
bool abi_out_commit(struct abi_out_file *file, struct abi_diag *diag);

/* Forgets the file. Harmless after commit. */
void abi_out_abandon(struct abi_out_file *file);

#endif
