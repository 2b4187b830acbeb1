/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page pool: every page of host memory that may go to the RMM, who has it
 * and in which state the host believes it to be. It is the host's ledger: a
 * page is given back only when it is UNDELEGATED, so a page that is lost stays
 * visible in the report.
 *
 * The pool makes no SMC and touches no memory. Not thread-safe.
 */
#ifndef RMMSIM_HOST_PAGES_H
#define RMMSIM_HOST_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/host/error.h"
#include "rmmsim/host/memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The host's view of a page. */
enum host_page_state {
	HOST_PAGE_FREE,        /* nobody has it */
	HOST_PAGE_UNDELEGATED, /* allocated; the host may access it */
	HOST_PAGE_DELEGATED,   /* allocated; the host owns it but may not access it */
	HOST_PAGE_HELD,        /* allocated; the RMM uses it: RD, REC, RTT, data, donated */
	HOST_PAGE_LOST,        /* undelegation was refused: kept out of circulation */
	HOST_PAGE_STATE_COUNT,
};

/* "DELEGATED" ... Never NULL. */
const char *host_page_state_name(enum host_page_state state);

struct host_pages;

/*
 * A pool over the PA range [base, base + size): both multiples of
 * HOST_PAGE_SIZE, size > 0, no wrap-around. The pool is the caller's, who
 * destroys it; destroying forgets the pages, whatever their state.
 */
enum host_status host_pages_create(uint64_t base, uint64_t size, struct host_pages **out,
				   struct host_error *error);
void host_pages_destroy(struct host_pages *pages);

/*
 * Takes `count` (> 0) adjacent pages, the first one aligned to `align` pages (a
 * power of two), as UNDELEGATED. `owner` says for what, in a few words; the
 * string is kept by reference and must outlive the pool. *pa is the address of
 * the first page. HOST_ERROR_NO_MEMORY when there is no such run.
 */
enum host_status host_pages_alloc(struct host_pages *pages, uint64_t count, uint64_t align,
				  const char *owner, uint64_t *pa);

/*
 * Gives back pages of the run [pa, pa + count pages) that are UNDELEGATED.
 * Returns how many pages were *not* given back because they are in another
 * state, or are free already, or do not belong to the pool: 0 is success.
 */
uint64_t host_pages_free(struct host_pages *pages, uint64_t pa, uint64_t count);

/* Whether the whole run lies in the pool. */
bool host_pages_contain(const struct host_pages *pages, uint64_t pa, uint64_t count);

/* State and owner of the page at pa; FREE and "" outside the pool. */
enum host_page_state host_pages_state(const struct host_pages *pages, uint64_t pa);
const char *host_pages_owner(const struct host_pages *pages, uint64_t pa);

/*
 * Records what became of a run of allocated pages. Pages that are free or
 * outside the pool are left alone; `state` must not be FREE. Returns the
 * number of pages recorded.
 */
uint64_t host_pages_mark(struct host_pages *pages, uint64_t pa, uint64_t count,
			 enum host_page_state state);

/* Renames the owner of allocated pages, as they change hands. */
void host_pages_set_owner(struct host_pages *pages, uint64_t pa, uint64_t count, const char *owner);

/*
 * The first run of pages in `state` at or above `from`: *pa and its length in
 * pages, or false when there is none.
 */
bool host_pages_find(const struct host_pages *pages, enum host_page_state state, uint64_t from,
		     uint64_t *pa, uint64_t *count);

/* How many pages are in each state. */
struct host_pages_counts {
	uint64_t total;
	uint64_t in[HOST_PAGE_STATE_COUNT];
};
struct host_pages_counts host_pages_usage(const struct host_pages *pages);

/*
 * The leak report: calls `line` once for each (owner, state) of pages that are
 * not free, in order of first appearance by address.
 */
struct host_pages_line {
	const char *owner;
	enum host_page_state state;
	uint64_t count;
	uint64_t first_pa;
};
void host_pages_report(const struct host_pages *pages,
		       void (*line)(void *ctx, const struct host_pages_line *entry), void *ctx);

#ifdef __cplusplus
}
#endif

#endif
