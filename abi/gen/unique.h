/* SPDX-License-Identifier: BSD-3-Clause */
/* A set of names in which two may be equal only if their versions do not meet. */
#ifndef RMM_ABI_GEN_UNIQUE_H
#define RMM_ABI_GEN_UNIQUE_H

#include "abi.h"
#include "name_map.h"

struct unique_names {
	struct abi_arena *arena;
	struct name_map *map;
};

struct unique_name {
	struct abi_text name;
	abi_versions versions;
	const void *owner; /* what the name belongs to, for the caller */
};

void unique_begin(struct unique_names *names, struct abi_arena *arena);

/* Adds a name; returns the one it collides with, or NULL. */
const struct unique_name *unique_add(struct unique_names *names, struct abi_text name,
				     abi_versions versions, const void *owner);

#endif
