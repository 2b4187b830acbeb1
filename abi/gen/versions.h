/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Version sets: which versions an item of the description exists in.
 */
#ifndef RMM_ABI_GEN_VERSIONS_H
#define RMM_ABI_GEN_VERSIONS_H

#include "keys.h"

/*
 * Reads `since`, `until` and `versions` of the mapping. `outer` is the set of
 * the item around it, which limits the result and is the default. Errors give
 * `outer`, so that nothing else complains about them.
 */
abi_versions versions_read(struct key_reader *r, const struct abi *abi, abi_versions outer);

/* The same when the keys are those of a node of their own (`spec: {since: V}`). */
bool versions_parse_name(const struct abi *abi, struct abi_diag *diag, struct abi_text name,
			 int *index);

/* "1.0-rel0, 2.0-bet1" */
const char *versions_text(struct abi_arena *arena, const struct abi *abi, abi_versions set);

/* The name of the first version in a set. */
const char *versions_first(const struct abi *abi, abi_versions set);

#endif
