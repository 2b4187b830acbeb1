/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finds the name somebody probably meant: the candidate with the fewest typing
 * errors, if there are few enough.
 */
#ifndef RMM_ABI_GEN_NEAR_H
#define RMM_ABI_GEN_NEAR_H

#include <stddef.h>

struct abi_near {
	const char *wanted;
	const char *best; /* NULL: nothing is near */
	size_t distance;
};

void abi_near_begin(struct abi_near *near, const char *wanted);

/*
 * The same for an error in a description. Behind the first hundred errors
 * nothing is near any more: looking takes time, and by then nobody reads it.
 */
struct abi_diag;
void abi_near_begin_for(struct abi_near *near, const struct abi_diag *diag, const char *wanted);

void abi_near_try(struct abi_near *near, const char *candidate);

#endif
