/* SPDX-License-Identifier: BSD-3-Clause */
/* Address sets: which bytes of memory they name. */
#ifndef RMM_ORACLE_SET_H
#define RMM_ORACLE_SET_H

#include "oracle/env.h"

/* The set that a command's registers name; the mark says when there is none. */
const struct oracle_set *oracle_set_named(struct oracle_env *env, uint64_t oaddr, uint64_t type);

/* The list of `count` descriptors at a PA. set->fault: it cannot be read. */
void oracle_list_read(struct oracle_env *env, uint64_t list, uint64_t count,
		      struct oracle_set *set);

/* PA of byte `offset`, and how many follow it in the same range; false: behind the end. */
bool oracle_set_byte(const struct oracle_env *env, const struct oracle_set *set, oracle_int offset,
		     uint64_t *pa, uint64_t *left);

/* Calls `visit` for each granule of the first `size` bytes until it returns false. */
bool oracle_set_visit(const struct oracle_env *env, const struct oracle_set *set, oracle_int size,
		      bool (*visit)(void *ctx, uint64_t pa), void *ctx);

/*
 * The level that walks to page level mean: that of the first descriptor in
 * commands that map at its level (map_level_from_descriptor).
 */
oracle_int oracle_map_level(struct oracle_env *env);

/* Nothing of the former contents is left in [base, base + size). */
bool oracle_range_is_wiped(const struct oracle_env *env, uint64_t base, uint64_t size);

#endif
