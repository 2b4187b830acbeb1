/* SPDX-License-Identifier: BSD-3-Clause */
/* Mapping runs of pages, and the private memory of a realm. */
#include "mapping.h"
#include "addr_range.h"
#include "arguments.h"
#include "fail.h"
#include "host_state.h"
#include "ipa_range.h"
#include "progress.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rtt.h"

/* A block of level 2: the only size that is mapped beside pages. */
#define BLOCK_LEVEL   2
#define BLOCK_PAGES   512u

/*
 * Pages given to one command: less than a block, as an RMM may otherwise try to
 * map a block with memory that is not aligned for it.
 */
#define MAX_RUN_PAGES (BLOCK_PAGES - 1)

static uint64_t at_most(uint64_t pages, uint64_t limit)
{
	return pages < limit ? pages : limit;
}

/* One descriptor for as much of a run from `done` pages on as it can hold. */
static uint64_t describe(const struct host *host, const struct map_run *run, uint64_t done,
			 uint64_t state, uint64_t *pages)
{
	*pages = run->size == RMI_PAGE_L3 ? at_most(run->pages - done, MAX_RUN_PAGES)
					  : run->pages - done;
	return addr_range_encode(host->sro.version, run->pa + done * HOST_PAGE_SIZE, *pages,
				 run->size, state);
}

/* The entry is a table already, or its parts differ: pages will do. */
static bool is_no_place_for_a_block(const struct map_run *run, uint64_t x0)
{
	return run->size != RMI_PAGE_L3 && rmi_answer_is(x0, RMI_ERROR_RTT) &&
	       rmi_answer_level(x0) >= BLOCK_LEVEL;
}

enum host_status map_run(struct host_realm *realm, const struct map_command *map,
			 struct map_run run, uint64_t *done, struct host_error *error)
{
	struct rtt_growth growth = RTT_GROWTH_NONE;
	struct progress progress = {0};
	enum host_status status = HOST_OK;

	*done = 0;
	while (status == HOST_OK && *done < run.pages) {
		uint64_t pages;
		const uint64_t desc = describe(realm->host, &run, *done, map->state, &pages);
		const uint64_t base = run.ipa + *done * HOST_PAGE_SIZE;
		const uint64_t top = base + pages * HOST_PAGE_SIZE;
		uint64_t out_top;
		const uint64_t x0 = map->call(realm, base, top, desc, &out_top);

		if (rmi_answer_is(x0, RMI_SUCCESS)) {
			status = progress_check(&progress, map->name, base, top, out_top, error);
			if (status == HOST_OK)
				*done += (out_top - base) / HOST_PAGE_SIZE;
			/* An RMM may map a part of a block into a table that it found. */
			if (*done % BLOCK_PAGES)
				run.size = RMI_PAGE_L3;
			growth = RTT_GROWTH_NONE;
		} else if (is_no_place_for_a_block(&run, x0)) {
			run.size = RMI_PAGE_L3;
		} else if (rtt_may_grow(&growth, x0)) {
			status = rtt_grow(realm, base, x0, &growth, error);
		} else {
			status = host_fail_call(error, map->name, x0, "IPA 0x%llx",
						(unsigned long long)base);
		}
	}
	return status;
}

/* ---- private ---------------------------------------------------------------------- */

static uint64_t call_data_map(struct host_realm *realm, uint64_t base, uint64_t top, uint64_t desc,
			      uint64_t *out_top)
{
	uint64_t flags = rmi_rtt_prot_map_flags_set_oaddr_type(0, RMI_ADDR_TYPE_SINGLE);
	struct rmi_rtt_data_map_result r =
		rmi_rtt_data_map(&realm->host->top, realm->rd, base, top, flags, desc);

	*out_top = r.out_top;
	return r.result;
}

static const struct map_command data_map = {
	.name = "RMI_RTT_DATA_MAP",
	.call = call_data_map,
	.state = RMI_OP_MEM_DELEGATED,
};

static bool fits_a_block(uint64_t ipa, uint64_t pages)
{
	return ipa % HOST_BLOCK_SIZE == 0 && pages >= BLOCK_PAGES;
}

/* Runs of pages end where a block may begin. */
static uint64_t pages_before_block(uint64_t ipa, uint64_t pages)
{
	return at_most(at_most(pages, MAX_RUN_PAGES),
		       (HOST_BLOCK_SIZE - ipa % HOST_BLOCK_SIZE) / HOST_PAGE_SIZE);
}

/* A block where IPA and pool allow one, else as many pages as the pool can give at once. */
static enum host_status take_run(struct host *host, uint64_t ipa, uint64_t pages,
				 struct map_run *run, struct host_error *error)
{
	enum host_status status;

	*run = (struct map_run){.ipa = ipa, .pages = BLOCK_PAGES, .size = RMI_BLOCK_L2};
	if (fits_a_block(ipa, pages)) {
		status = host_take(host, BLOCK_PAGES, BLOCK_PAGES, "realm data", &run->pa, error);
		if (status != HOST_ERROR_NO_MEMORY)
			return status;
	}
	run->size = RMI_PAGE_L3;
	run->pages = pages_before_block(ipa, pages);
	while ((status = host_take(host, run->pages, 1, "realm data", &run->pa, error)) ==
		       HOST_ERROR_NO_MEMORY &&
	       run->pages > 1)
		run->pages /= 2;
	return status;
}

/* What is not mapped goes back to the pool. */
static enum host_status map_private(struct host_realm *realm, const struct map_run *run,
				    uint64_t *mapped, struct host_error *error)
{
	struct host *host = realm->host;
	enum host_status status = map_run(realm, &data_map, *run, mapped, error);

	host_pages_mark(host->pages, run->pa, *mapped, HOST_PAGE_HELD);
	if (*mapped < run->pages)
		(void)host_give(host, run->pa + *mapped * HOST_PAGE_SIZE, run->pages - *mapped,
				NULL);
	return status;
}

enum host_status host_realm_map(struct host_realm *realm, uint64_t ipa, uint64_t size,
				struct host_error *error)
{
	HOST_REQUIRE_REALM(realm, error);

	enum host_status status = ipa_range_check(realm, ipa, size, IPA_PROTECTED, error);
	uint64_t left = size / HOST_PAGE_SIZE;

	while (status == HOST_OK && left > 0) {
		struct map_run run;
		uint64_t mapped;

		status = take_run(realm->host, ipa, left, &run, error);
		if (status == HOST_OK)
			status = map_private(realm, &run, &mapped, error);
		ipa += run.pages * HOST_PAGE_SIZE;
		left -= run.pages;
	}
	return status;
}

/* ---- on demand ------------------------------------------------------------------------ */

/* Nothing in the block is mapped, and its RIPAS is one: no table stands there. */
static bool may_be_block(struct host_realm *realm, uint64_t ipa)
{
	const struct rmi_rtt_read_entry_result entry =
		rmi_rtt_read_entry(&realm->host->top, realm->rd, ipa, BLOCK_LEVEL);

	return rmi_answer_is(entry.result, RMI_SUCCESS) && entry.state == RMI_RTTE_VOID;
}

/* The block around a page; *mapped is 0 where pool or tables allow no block. */
static enum host_status fault_block(struct host_realm *realm, uint64_t ipa, uint64_t *mapped,
				    struct host_error *error)
{
	struct map_run run = {
		.ipa = ipa & ~(HOST_BLOCK_SIZE - 1),
		.pages = BLOCK_PAGES,
		.size = RMI_BLOCK_L2,
	};
	enum host_status status;

	*mapped = 0;
	if (!may_be_block(realm, run.ipa))
		return HOST_OK;
	status = host_take(realm->host, BLOCK_PAGES, BLOCK_PAGES, "realm data", &run.pa, error);
	if (status == HOST_OK)
		status = map_private(realm, &run, mapped, error);
	return status == HOST_ERROR_NO_MEMORY ? HOST_OK : status;
}

enum host_status host_realm_fault(struct host_realm *realm, uint64_t ipa, bool block,
				  uint64_t *pages, struct host_error *error)
{
	HOST_REQUIRE_REALM(realm, error);

	const uint64_t page = ipa & ~(HOST_PAGE_SIZE - 1);
	enum host_status status =
		ipa_range_check(realm, page, HOST_PAGE_SIZE, IPA_PROTECTED, error);
	uint64_t mapped = 0;

	if (status == HOST_OK && block)
		status = fault_block(realm, page, &mapped, error);
	if (status == HOST_OK && mapped == 0) {
		status = host_realm_map(realm, page, HOST_PAGE_SIZE, error);
		mapped = 1;
	}
	if (status == HOST_OK && pages)
		*pages = mapped;
	return status;
}

/* ---- unmapping ------------------------------------------------------------------------ */

static enum host_status unmapped(struct host_realm *realm, uint64_t out_range,
				 struct host_error *error)
{
	struct host *host = realm->host;
	struct addr_range range = addr_range_decode(host->sro.version, out_range);

	if (range.pages == 0)
		return HOST_OK;
	if (!host_pages_contain(host->pages, range.pa, range.pages) ||
	    host_pages_state(host->pages, range.pa) != HOST_PAGE_HELD)
		return host_fail(
			error, HOST_ERROR_PROTOCOL,
			"RMI_RTT_DATA_UNMAP returned %llu pages at 0x%llx that are not the "
			"host's",
			(unsigned long long)range.pages, (unsigned long long)range.pa);
	host_pages_mark(host->pages, range.pa, range.pages, HOST_PAGE_DELEGATED);
	/* A refusal is in the ledger; the rest must still be unmapped. */
	(void)host_give(host, range.pa, range.pages, NULL);
	return HOST_OK;
}

/*
 * The command could not take the entry at *ipa as a whole. If there is memory
 * behind it, a table below lets it be taken in parts; else it is skipped.
 */
static enum host_status unmap_obstacle(struct host_realm *realm, uint64_t x0, uint64_t *ipa,
				       struct rtt_growth *growth, struct host_error *error)
{
	int level = rmi_answer_level(x0);
	uint64_t base = *ipa & ~(rtt_entry_span(level) - 1);
	struct rmi_rtt_read_entry_result entry =
		rmi_rtt_read_entry(&realm->host->top, realm->rd, base, level);

	if (rmi_answer_is(entry.result, RMI_SUCCESS) && entry.state != RMI_RTTE_DATA) {
		*ipa = rtt_entry_end(*ipa, level);
		return HOST_OK;
	}
	if (rtt_may_grow(growth, x0))
		return rtt_grow(realm, *ipa, x0, growth, error);
	return host_fail_call(error, "RMI_RTT_DATA_UNMAP", x0, "IPA 0x%llx",
			      (unsigned long long)*ipa);
}

enum host_status host_realm_unmap(struct host_realm *realm, uint64_t ipa, uint64_t size,
				  struct host_error *error)
{
	HOST_REQUIRE_REALM(realm, error);

	const uint64_t top = ipa + size;
	const uint64_t flags = rmi_rtt_unmap_flags_set_oaddr_type(0, RMI_ADDR_TYPE_SINGLE);
	struct rtt_growth growth = RTT_GROWTH_NONE;
	struct progress progress = {0};
	enum host_status status = ipa_range_check(realm, ipa, size, IPA_PROTECTED, error);

	while (status == HOST_OK && ipa < top) {
		struct rmi_rtt_data_unmap_result r =
			rmi_rtt_data_unmap(&realm->host->top, realm->rd, ipa, top, flags, 0);

		if (rmi_answer_is(r.result, RMI_SUCCESS)) {
			status = progress_check(&progress, "RMI_RTT_DATA_UNMAP", ipa, top,
						r.out_top, error);
			if (status == HOST_OK)
				status = unmapped(realm, r.out_range, error);
			ipa = r.out_top;
			growth = RTT_GROWTH_NONE;
		} else if (rmi_answer_is(r.result, RMI_ERROR_RTT)) {
			status = unmap_obstacle(realm, r.result, &ipa, &growth, error);
		} else {
			status = host_fail_call(error, "RMI_RTT_DATA_UNMAP", r.result, "IPA 0x%llx",
						(unsigned long long)ipa);
		}
	}
	return status;
}

/* ---- folding --------------------------------------------------------------------------- */

enum host_status host_realm_fold(struct host_realm *realm, uint64_t ipa, uint64_t size,
				 uint64_t *folded, struct host_error *error)
{
	HOST_REQUIRE_REALM(realm, error);

	const enum ipa_half half =
		ipa < host_realm_shared_base(realm) ? IPA_PROTECTED : IPA_UNPROTECTED;
	enum host_status status = ipa_range_check(realm, ipa, size, half, error);
	uint64_t count = 0;

	for (int level = RTT_PAGE_LEVEL; status == HOST_OK && level > realm->level_start; level--)
		status = rtt_fold_level(realm, ipa, ipa + size, level, &count, error);
	if (folded)
		*folded = count;
	return status;
}
