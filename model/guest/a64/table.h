/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages by address: an open-addressed table. */
#ifndef RMM_A64_TABLE_H
#define RMM_A64_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define A64_PAGE_SIZE UINT64_C(4096)
#define A64_PAGE_MASK (A64_PAGE_SIZE - 1)

/* Rights; the engine's encoding. */
#define A64_READ      1u
#define A64_WRITE     2u
#define A64_EXEC      4u

struct a64_page {
	uint64_t key; /* page address: of a table by IPA the IPA, of a view the VA */
	uint64_t ipa;
	uint8_t *bytes; /* A64_PAGE_SIZE of them; NULL: a free place */
	uint32_t rights;
};

struct a64_table {
	struct a64_page *pages;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

void a64_table_free(struct a64_table *table);

/* The page that holds `address`, or NULL. Valid until the table changes. */
struct a64_page *a64_table_find(const struct a64_table *table, uint64_t address);

/* Adds or replaces. False when out of memory: nothing has changed then. */
bool a64_table_put(struct a64_table *table, const struct a64_page *page);

/*
 * Removes every page for which `gone` holds; it may look at the page only.
 * Returns how many went.
 */
size_t a64_table_remove(struct a64_table *table,
			bool (*gone)(void *ctx, const struct a64_page *page), void *ctx);

#endif
