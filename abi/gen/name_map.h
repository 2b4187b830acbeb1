/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names to things; several things may have one name (in different versions, or
 * as overloads). Entries of a name come in the order in which they were added.
 */
#ifndef RMM_ABI_GEN_NAME_MAP_H
#define RMM_ABI_GEN_NAME_MAP_H

#include "arena.h"

struct name_map;

struct name_entry {
	const char *name;
	const void *thing;
	struct name_entry *next;       /* of the same name */
	struct name_entry *last;       /* of the same name; kept in the first entry */
	struct name_entry *next_chain; /* other names of the same hash */
};

struct name_map *name_map_new(struct abi_arena *arena);

/* The name must live as long as the map. */
void name_map_add(struct name_map *map, const char *name, const void *thing);

/* The first entry of a name and from there its others, or NULL. */
const struct name_entry *name_map_entries(const struct name_map *map, const char *name);

/* The first thing of a name, or NULL. */
const void *name_map_find(const struct name_map *map, const char *name);

#endif
