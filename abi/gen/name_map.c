/* SPDX-License-Identifier: BSD-3-Clause */
#include "name_map.h"

#include <stdint.h>
#include <string.h>

struct name_map {
	struct abi_arena *arena;
	struct name_entry **chains;
	size_t num_chains; /* power of two */
	size_t num_names;
};

static size_t chain_of(const struct name_map *map, const char *name)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32) & (map->num_chains - 1);
}

struct name_map *name_map_new(struct abi_arena *arena)
{
	struct name_map *map = abi_arena_alloc(arena, 1, sizeof(*map));

	map->arena = arena;
	map->num_chains = 8;
	map->chains = abi_arena_alloc(arena, map->num_chains, sizeof(struct name_entry *));
	return map;
}

static struct name_entry *find_first(const struct name_map *map, const char *name)
{
	struct name_entry *e = map->chains[chain_of(map, name)];

	while (e != NULL && strcmp(e->name, name) != 0)
		e = e->next_chain;
	return e;
}

static void enlarge(struct name_map *map)
{
	struct name_entry **old = map->chains;
	size_t num_old = map->num_chains;

	map->num_chains *= 4;
	map->chains = abi_arena_alloc(map->arena, map->num_chains, sizeof(struct name_entry *));
	for (size_t i = 0; i < num_old; i++) {
		for (struct name_entry *e = old[i]; e != NULL;) {
			struct name_entry *next = e->next_chain;
			size_t chain = chain_of(map, e->name);

			e->next_chain = map->chains[chain];
			map->chains[chain] = e;
			e = next;
		}
	}
}

static void add_name(struct name_map *map, struct name_entry *e)
{
	size_t chain;

	if (++map->num_names > map->num_chains)
		enlarge(map);
	chain = chain_of(map, e->name);
	e->last = e;
	e->next_chain = map->chains[chain];
	map->chains[chain] = e;
}

void name_map_add(struct name_map *map, const char *name, const void *thing)
{
	struct name_entry *first = find_first(map, name);
	struct name_entry *e = abi_arena_alloc(map->arena, 1, sizeof(*e));

	e->name = name;
	e->thing = thing;
	if (first == NULL) {
		add_name(map, e);
		return;
	}
	first->last->next = e;
	first->last = e;
}

const struct name_entry *name_map_entries(const struct name_map *map, const char *name)
{
	return find_first(map, name);
}

const void *name_map_find(const struct name_map *map, const char *name)
{
	const struct name_entry *e = find_first(map, name);

	return e != NULL ? e->thing : NULL;
}
