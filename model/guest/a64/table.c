/* SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"

#include <stdlib.h>

#define FIRST_CAPACITY 64u

static size_t place_of(const struct a64_table *table, uint64_t key)
{
	const uint64_t hash = (key >> 12) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(hash >> 32) & (table->capacity - 1);
}

/* Where key is, or the free place where it would be. */
static size_t probe(const struct a64_table *table, uint64_t key)
{
	size_t at = place_of(table, key);

	while (table->pages[at].bytes && table->pages[at].key != key)
		at = (at + 1) & (table->capacity - 1);
	return at;
}

void a64_table_free(struct a64_table *table)
{
	free(table->pages);
	*table = (struct a64_table){0};
}

struct a64_page *a64_table_find(const struct a64_table *table, uint64_t address)
{
	if (!table->count)
		return NULL;
	struct a64_page *page = &table->pages[probe(table, address & ~A64_PAGE_MASK)];

	return page->bytes ? page : NULL;
}

/* Moves everything into a new array of `capacity` places. */
static bool rehash(struct a64_table *table, size_t capacity)
{
	const struct a64_table old = *table;
	struct a64_page *pages = calloc(capacity, sizeof(*pages));

	if (!pages)
		return false;
	table->pages = pages;
	table->capacity = capacity;
	for (size_t i = 0; i < old.capacity; i++)
		if (old.pages[i].bytes)
			pages[probe(table, old.pages[i].key)] = old.pages[i];
	free(old.pages);
	return true;
}

bool a64_table_put(struct a64_table *table, const struct a64_page *page)
{
	/* At most three quarters full. */
	if ((table->count + 1) * 4 > table->capacity * 3 &&
	    !rehash(table, table->capacity ? table->capacity * 2 : FIRST_CAPACITY))
		return false;
	struct a64_page *place = &table->pages[probe(table, page->key)];

	table->count += !place->bytes;
	*place = *page;
	return true;
}

/* Closes the hole at `at`: pages behind it may have been displaced over it. */
static void close_hole(struct a64_table *table, size_t at)
{
	const size_t mask = table->capacity - 1;

	table->pages[at].bytes = NULL;
	for (size_t next = (at + 1) & mask; table->pages[next].bytes; next = (next + 1) & mask) {
		const size_t wanted = place_of(table, table->pages[next].key);

		/* Stays when its own place lies cyclically in (at, next]. */
		if (((next - wanted) & mask) < ((next - at) & mask))
			continue;
		table->pages[at] = table->pages[next];
		table->pages[next].bytes = NULL;
		at = next;
	}
	table->count--;
}

size_t a64_table_remove(struct a64_table *table,
			bool (*gone)(void *ctx, const struct a64_page *page), void *ctx)
{
	size_t removed = 0;

	for (size_t i = 0; i < table->capacity;) {
		if (!table->pages[i].bytes || !gone(ctx, &table->pages[i])) {
			i++;
			continue;
		}
		/* Another page may take this place: look at it again. */
		close_hole(table, i);
		removed++;
	}
	return removed;
}
