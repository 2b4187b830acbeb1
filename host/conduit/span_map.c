/* SPDX-License-Identifier: BSD-3-Clause */
#include "span_map.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64u

void span_map_free(struct span_map *map)
{
	free(map->spans);
	*map = (struct span_map){0};
}

static bool ends_before(const struct span *span, uint64_t space, uint64_t at)
{
	return span->space != space ? span->space < space : span->top <= at;
}

size_t span_index(const struct span_map *map, uint64_t space, uint64_t at)
{
	size_t low = 0;
	size_t high = map->num;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (ends_before(&map->spans[middle], space, at))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct span *span_meeting(const struct span_map *map, uint64_t space, uint64_t base,
				uint64_t top)
{
	const size_t i = span_index(map, space, base);

	if (base >= top || i == map->num || map->spans[i].space != space ||
	    map->spans[i].base >= top)
		return NULL;
	return &map->spans[i];
}

const struct span *span_at(const struct span_map *map, uint64_t space, uint64_t at)
{
	const struct span *span = span_meeting(map, space, at, at + 1);

	return span != NULL && span->base <= at ? span : NULL;
}

static bool make_room(struct span_map *map, size_t at)
{
	if (map->num == map->capacity) {
		const size_t capacity = map->capacity ? 2 * map->capacity : FIRST_CAPACITY;
		struct span *spans = realloc(map->spans, capacity * sizeof(*spans));

		if (spans == NULL) {
			map->exhausted = true;
			return false;
		}
		map->spans = spans;
		map->capacity = capacity;
	}
	memmove(&map->spans[at + 1], &map->spans[at], (map->num - at) * sizeof(map->spans[0]));
	map->num++;
	return true;
}

static void drop(struct span_map *map, size_t first, size_t count)
{
	map->num -= count;
	memmove(&map->spans[first], &map->spans[first + count],
		(map->num - first) * sizeof(map->spans[0]));
}

static void trim_front(struct span *span, uint64_t base)
{
	span->target += base - span->base;
	span->base = base;
}

/* One span covers the cut and more on both sides: it becomes two. */
static void split(struct span_map *map, size_t i, uint64_t base, uint64_t top)
{
	if (!make_room(map, i))
		return;
	map->spans[i] = map->spans[i + 1];
	map->spans[i].top = base;
	trim_front(&map->spans[i + 1], top);
}

void span_cut(struct span_map *map, uint64_t space, uint64_t base, uint64_t top)
{
	size_t i = span_index(map, space, base);
	size_t end;

	if (base >= top || i == map->num || map->spans[i].space != space)
		return;
	if (map->spans[i].base < base && map->spans[i].top > top) {
		split(map, i, base, top);
		return;
	}
	if (map->spans[i].base < base)
		map->spans[i++].top = base;
	for (end = i; end < map->num; end++)
		if (map->spans[end].space != space || map->spans[end].top > top)
			break;
	drop(map, i, end - i);
	if (i < map->num && map->spans[i].space == space && map->spans[i].base < top)
		trim_front(&map->spans[i], top);
}

static bool same_origin(const struct host_origin *a, const struct host_origin *b)
{
	return a->call == b->call && a->command == b->command;
}

/* `b` goes on where `a` ends, and all else is the same. */
static bool continues(const struct span *a, const struct span *b)
{
	return a->space == b->space && a->top == b->base && a->kind == b->kind &&
	       a->target + (a->top - a->base) == b->target && a->realm == b->realm &&
	       a->object == b->object && a->operation == b->operation &&
	       same_origin(&a->taken, &b->taken) && same_origin(&a->in_use, &b->in_use);
}

static void merge(struct span_map *map, size_t i)
{
	if (i + 1 < map->num && continues(&map->spans[i], &map->spans[i + 1])) {
		map->spans[i].top = map->spans[i + 1].top;
		drop(map, i + 1, 1);
	}
	if (i > 0 && continues(&map->spans[i - 1], &map->spans[i])) {
		map->spans[i - 1].top = map->spans[i].top;
		drop(map, i, 1);
	}
}

void span_set(struct span_map *map, const struct span *span)
{
	const struct span copy = *span;
	size_t i;

	if (copy.base >= copy.top)
		return;
	span_cut(map, copy.space, copy.base, copy.top);
	i = span_index(map, copy.space, copy.base);
	if (!make_room(map, i))
		return;
	map->spans[i] = copy;
	merge(map, i);
}
