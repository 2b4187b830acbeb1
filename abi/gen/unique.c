/* SPDX-License-Identifier: BSD-3-Clause */
#include "unique.h"

void unique_begin(struct unique_names *names, struct abi_arena *arena)
{
	names->arena = arena;
	names->map = name_map_new(arena);
}

const struct unique_name *unique_add(struct unique_names *names, struct abi_text name,
				     abi_versions versions, const void *owner)
{
	const struct name_entry *e = name_map_entries(names->map, name.s);
	struct unique_name *added;

	/* Only names that do not meet are in the map: at most one a version. */
	for (; e != NULL; e = e->next) {
		const struct unique_name *other = e->thing;

		if ((other->versions & versions) != 0)
			return other;
	}
	added = abi_arena_alloc(names->arena, 1, sizeof(*added));
	*added = (struct unique_name){.name = name, .versions = versions, .owner = owner};
	name_map_add(names->map, name.s, added);
	return NULL;
}
