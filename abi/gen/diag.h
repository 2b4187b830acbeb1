/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is wrong, where, and what to do about it. Diagnostics are collected,
 * then printed together in the order of files, lines and columns:
 *
 *	abi/rmi.yaml:12:9: error: unknown type 'Adress'
 *	  type: Adress
 *	        ^
 *	remedy: did you mean 'Address'?
 */
#ifndef RMM_ABI_GEN_DIAG_H
#define RMM_ABI_GEN_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "abi.h"

struct abi_diag;

struct abi_diag *abi_diag_new(void);
void abi_diag_free(struct abi_diag *diag);

/*
 * The text of a file, for the offending line below an error. It must stay
 * until abi_diag_forget_sources() or the last error at it. Sources are printed
 * in the order in which they were added.
 */
void abi_diag_add_source(struct abi_diag *diag, const char *file, const char *text, size_t len);
void abi_diag_forget_sources(struct abi_diag *diag);

/* An error in the description at `loc`. Follow it with abi_remedy(). */
void abi_error(struct abi_diag *diag, struct abi_loc loc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A file or directory that cannot be read or written. */
void abi_io_error(struct abi_diag *diag, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What to do about the error reported last. */
void abi_remedy(struct abi_diag *diag, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

size_t abi_diag_errors(const struct abi_diag *diag);
bool abi_diag_has_io_error(const struct abi_diag *diag);

/* Prints and forgets all errors. */
void abi_diag_print(struct abi_diag *diag, FILE *out);

/* 0: no error. 1: a file could not be read or written. 2: bad input. */
int abi_diag_exit_status(const struct abi_diag *diag);

#endif
