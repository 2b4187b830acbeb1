/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/pages.h"

#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "fail.h"

struct page {
	const char *owner; /* NULL when free */
	enum host_page_state state;
};

struct host_pages {
	uint64_t base;
	uint64_t count;
	uint64_t hint; /* index where the last allocation ended */
	struct host_pages_counts usage;
	struct page page[];
};

const char *host_page_state_name(enum host_page_state state)
{
	switch (state) {
	case HOST_PAGE_FREE:
		return "FREE";
	case HOST_PAGE_UNDELEGATED:
		return "UNDELEGATED";
	case HOST_PAGE_DELEGATED:
		return "DELEGATED";
	case HOST_PAGE_HELD:
		return "HELD";
	case HOST_PAGE_LOST:
		return "LOST";
	case HOST_PAGE_STATE_COUNT:
		break;
	}
	return "unknown page state";
}

static enum host_status check_range(uint64_t base, uint64_t size, struct host_error *error)
{
	if (size == 0 || base % HOST_PAGE_SIZE || size % HOST_PAGE_SIZE)
		return host_fail(error, HOST_ERROR_CONFIG,
				 "page pool [0x%llx, +0x%llx): base and size must be multiples of "
				 "0x1000 bytes and the size not 0",
				 (unsigned long long)base, (unsigned long long)size);
	if (base + (size - 1) < base)
		return host_fail(error, HOST_ERROR_CONFIG,
				 "page pool [0x%llx, +0x%llx): the range wraps around",
				 (unsigned long long)base, (unsigned long long)size);
	return HOST_OK;
}

enum host_status host_pages_create(uint64_t base, uint64_t size, struct host_pages **out,
				   struct host_error *error)
{
	HOST_REQUIRE(out, error);

	uint64_t count = size / HOST_PAGE_SIZE;
	struct host_pages *pages = NULL;
	enum host_status status = check_range(base, size, error);

	if (status != HOST_OK)
		return status;
	if (count <= (SIZE_MAX - sizeof(*pages)) / sizeof(pages->page[0]))
		pages = calloc(1, sizeof(*pages) + (size_t)count * sizeof(pages->page[0]));
	if (!pages)
		return host_fail(error, HOST_ERROR_NO_MEMORY,
				 "page pool of %llu pages: out of memory; use a smaller pool",
				 (unsigned long long)count);
	pages->base = base;
	pages->count = count;
	pages->usage.total = count;
	pages->usage.in[HOST_PAGE_FREE] = count;
	*out = pages;
	return HOST_OK;
}

void host_pages_destroy(struct host_pages *pages)
{
	free(pages);
}

static bool index_of(const struct host_pages *pages, uint64_t pa, uint64_t *index)
{
	if (pa < pages->base || (pa - pages->base) / HOST_PAGE_SIZE >= pages->count)
		return false;
	*index = (pa - pages->base) / HOST_PAGE_SIZE;
	return true;
}

static uint64_t address_of(const struct host_pages *pages, uint64_t index)
{
	return pages->base + index * HOST_PAGE_SIZE;
}

static void set_state(struct host_pages *pages, struct page *page, enum host_page_state state)
{
	pages->usage.in[page->state]--;
	pages->usage.in[state]++;
	page->state = state;
}

/* ---- allocation -------------------------------------------------------------- */

/* Index of the first page at or above `index` whose *address* is aligned. */
static uint64_t align_index(const struct host_pages *pages, uint64_t index, uint64_t align)
{
	uint64_t number = pages->base / HOST_PAGE_SIZE + index;
	uint64_t aligned = (number + align - 1) & ~(align - 1);

	return index + (aligned - number);
}

static bool run_is_free(const struct host_pages *pages, uint64_t index, uint64_t count,
			uint64_t *taken)
{
	for (uint64_t i = 0; i < count; i++) {
		if (pages->page[index + i].state != HOST_PAGE_FREE) {
			*taken = index + i;
			return false;
		}
	}
	return true;
}

/* First free run that begins in [from, to). */
static bool find_free_run(const struct host_pages *pages, uint64_t from, uint64_t to,
			  uint64_t count, uint64_t align, uint64_t *index)
{
	uint64_t at = align_index(pages, from, align);
	uint64_t taken;

	while (at < to && count <= pages->count - at) {
		if (run_is_free(pages, at, count, &taken)) {
			*index = at;
			return true;
		}
		at = align_index(pages, taken + 1, align);
	}
	return false;
}

static void take_run(struct host_pages *pages, uint64_t index, uint64_t count, const char *owner)
{
	for (uint64_t i = 0; i < count; i++) {
		set_state(pages, &pages->page[index + i], HOST_PAGE_UNDELEGATED);
		pages->page[index + i].owner = owner ? owner : "";
	}
	pages->hint = index + count;
}

enum host_status host_pages_alloc(struct host_pages *pages, uint64_t count, uint64_t align,
				  const char *owner, uint64_t *pa)
{
	uint64_t index;

	if (!(host_is_argument(pages) && host_is_argument(pa)))
		return HOST_ERROR_CONFIG;
	if (count == 0 || align == 0 || (align & (align - 1)))
		return HOST_ERROR_CONFIG;
	if (count > pages->usage.in[HOST_PAGE_FREE] ||
	    align > pages->base / HOST_PAGE_SIZE + pages->count)
		return HOST_ERROR_NO_MEMORY;
	if (!find_free_run(pages, pages->hint, pages->count, count, align, &index) &&
	    !find_free_run(pages, 0, pages->count, count, align, &index))
		return HOST_ERROR_NO_MEMORY;
	take_run(pages, index, count, owner);
	*pa = address_of(pages, index);
	return HOST_OK;
}

uint64_t host_pages_free(struct host_pages *pages, uint64_t pa, uint64_t count)
{
	uint64_t kept = 0;
	uint64_t index;

	if (!host_is_argument(pages))
		return count;
	for (uint64_t i = 0; i < count; i++) {
		if (!index_of(pages, pa + i * HOST_PAGE_SIZE, &index) ||
		    pages->page[index].state != HOST_PAGE_UNDELEGATED) {
			kept++;
			continue;
		}
		set_state(pages, &pages->page[index], HOST_PAGE_FREE);
		pages->page[index].owner = NULL;
	}
	return kept;
}

/* ---- the ledger ---------------------------------------------------------------- */

bool host_pages_contain(const struct host_pages *pages, uint64_t pa, uint64_t count)
{
	uint64_t index;

	if (!host_is_argument(pages))
		return false;
	return index_of(pages, pa, &index) && count <= pages->count - index;
}

enum host_page_state host_pages_state(const struct host_pages *pages, uint64_t pa)
{
	uint64_t index;

	if (!host_is_argument(pages))
		return HOST_PAGE_FREE;
	return index_of(pages, pa, &index) ? pages->page[index].state : HOST_PAGE_FREE;
}

const char *host_pages_owner(const struct host_pages *pages, uint64_t pa)
{
	uint64_t index;

	if (!host_is_argument(pages))
		return "";
	if (!index_of(pages, pa, &index) || !pages->page[index].owner)
		return "";
	return pages->page[index].owner;
}

uint64_t host_pages_mark(struct host_pages *pages, uint64_t pa, uint64_t count,
			 enum host_page_state state)
{
	uint64_t marked = 0;
	uint64_t index;

	if (!host_is_argument(pages))
		return 0;
	if (state == HOST_PAGE_FREE || state >= HOST_PAGE_STATE_COUNT)
		return 0;
	for (uint64_t i = 0; i < count; i++) {
		if (!index_of(pages, pa + i * HOST_PAGE_SIZE, &index) ||
		    pages->page[index].state == HOST_PAGE_FREE)
			continue;
		set_state(pages, &pages->page[index], state);
		marked++;
	}
	return marked;
}

void host_pages_set_owner(struct host_pages *pages, uint64_t pa, uint64_t count, const char *owner)
{
	uint64_t index;

	if (!host_is_argument(pages))
		return;
	for (uint64_t i = 0; i < count; i++) {
		if (index_of(pages, pa + i * HOST_PAGE_SIZE, &index) &&
		    pages->page[index].state != HOST_PAGE_FREE)
			pages->page[index].owner = owner ? owner : "";
	}
}

bool host_pages_find(const struct host_pages *pages, enum host_page_state state, uint64_t from,
		     uint64_t *pa, uint64_t *count)
{
	uint64_t index = 0;
	uint64_t end;

	if (!(host_is_argument(pages) && host_is_argument(pa) && host_is_argument(count)))
		return false;
	if (from > pages->base && !index_of(pages, from, &index))
		return false;
	while (index < pages->count && pages->page[index].state != state)
		index++;
	if (index == pages->count)
		return false;
	end = index;
	while (end < pages->count && pages->page[end].state == state)
		end++;
	*pa = address_of(pages, index);
	*count = end - index;
	return true;
}

struct host_pages_counts host_pages_usage(const struct host_pages *pages)
{
	if (!host_is_argument(pages))
		return (struct host_pages_counts){0};

	return pages->usage;
}

/* ---- the leak report ------------------------------------------------------------- */

static bool same_line(const struct page *a, const struct page *b)
{
	return a->state == b->state && strcmp(a->owner, b->owner) == 0;
}

static bool reported_before(const struct host_pages *pages, uint64_t index)
{
	for (uint64_t i = 0; i < index; i++) {
		if (pages->page[i].state != HOST_PAGE_FREE &&
		    same_line(&pages->page[i], &pages->page[index]))
			return true;
	}
	return false;
}

static uint64_t count_line(const struct host_pages *pages, uint64_t index)
{
	uint64_t count = 0;

	for (uint64_t i = index; i < pages->count; i++)
		count += pages->page[i].state != HOST_PAGE_FREE &&
			 same_line(&pages->page[i], &pages->page[index]);
	return count;
}

void host_pages_report(const struct host_pages *pages,
		       void (*line)(void *ctx, const struct host_pages_line *entry), void *ctx)
{
	const struct page *previous = NULL;

	if (!host_is_argument(pages) || !line)
		return;
	for (uint64_t i = 0; i < pages->count; i++) {
		const struct page *page = &pages->page[i];

		if (page->state == HOST_PAGE_FREE)
			continue;
		/* Runs are long: most repetitions are decided by the page before. */
		if ((!previous || !same_line(previous, page)) && !reported_before(pages, i)) {
			struct host_pages_line entry = {
				.owner = page->owner,
				.state = page->state,
				.count = count_line(pages, i),
				.first_pa = address_of(pages, i),
			};
			line(ctx, &entry);
		}
		previous = page;
	}
}
