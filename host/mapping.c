/* SPDX-License-Identifier: BSD-3-Clause */
/* Private and shared memory of a realm that exists. */
#include "addr_range.h"
#include "fail.h"
#include "host_state.h"
#include "ipa_range.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rtt.h"

/* Stage 2 MemAttr[2:0] with FWB: Normal, write-back. */
#define MEMATTR_NORMAL_WB 6u

/*
 * Pages given to one command: less than a block, as an RMM may otherwise try to
 * map a block with memory that is not aligned for it.
 */
#define MAX_RUN_PAGES     511u

/* A map command of either half; *out_top is valid on RMI_SUCCESS. */
typedef uint64_t map_fn(struct host_realm *realm, uint64_t base, uint64_t top, uint64_t pa,
			uint64_t *out_top);

/*
 * Maps adjacent pages at [ipa, top), growing the tree as needed. *reached is the
 * first IPA that is not mapped, on failure too.
 */
static enum host_status map_run(struct host_realm *realm, map_fn *map, const char *name,
				uint64_t ipa, uint64_t top, uint64_t pa, uint64_t *reached,
				struct host_error *error)
{
	struct rtt_growth growth = RTT_GROWTH_NONE;
	enum host_status status = HOST_OK;

	*reached = ipa;
	while (status == HOST_OK && *reached < top) {
		uint64_t out_top = *reached;
		uint64_t x0 = map(realm, *reached, top, pa + (*reached - ipa), &out_top);

		if (rmi_answer_is(x0, RMI_SUCCESS) && out_top > *reached && out_top <= top) {
			*reached = out_top;
			growth = RTT_GROWTH_NONE;
		} else if (rtt_may_grow(&growth, x0)) {
			status = rtt_grow(realm, *reached, x0, &growth, error);
		} else {
			status = host_fail_call(error, name, x0, "IPA 0x%llx",
						(unsigned long long)*reached);
		}
	}
	return status;
}

static uint64_t at_most(uint64_t pages)
{
	return pages < MAX_RUN_PAGES ? pages : MAX_RUN_PAGES;
}

/* One descriptor for as much of a run as it can hold. */
static uint64_t describe(uint64_t pa, uint64_t bytes, uint64_t state, uint64_t *pages)
{
	*pages = at_most(bytes / HOST_PAGE_SIZE);
	return addr_range_encode(pa, *pages, RMI_PAGE_L3, state);
}

/* ---- private ---------------------------------------------------------------------- */

static uint64_t map_private(struct host_realm *realm, uint64_t base, uint64_t top, uint64_t pa,
			    uint64_t *out_top)
{
	uint64_t flags = rmi_rtt_prot_map_flags_set_oaddr_type(0, RMI_ADDR_TYPE_SINGLE);
	uint64_t pages;
	uint64_t desc = describe(pa, top - base, RMI_OP_MEM_DELEGATED, &pages);
	struct rmi_rtt_data_map_result r = rmi_rtt_data_map(
		&realm->host->top, realm->rd, base, base + pages * HOST_PAGE_SIZE, flags, desc);

	*out_top = r.out_top;
	return r.result;
}

/* Runs are as long as the pool can give, and short enough for one command. */
static uint64_t take_run(struct host *host, uint64_t pages, uint64_t *pa, enum host_status *status,
			 struct host_error *error)
{
	uint64_t count = at_most(pages);

	for (;; count /= 2) {
		*status = host_take(host, count, 1, "realm data", pa, error);
		if (*status != HOST_ERROR_NO_MEMORY || count == 1)
			return count;
	}
}

static enum host_status map_private_run(struct host_realm *realm, uint64_t ipa, uint64_t count,
					uint64_t pa, struct host_error *error)
{
	struct host *host = realm->host;
	uint64_t reached;
	enum host_status status = map_run(realm, map_private, "RMI_RTT_DATA_MAP", ipa,
					  ipa + count * HOST_PAGE_SIZE, pa, &reached, error);
	uint64_t mapped = (reached - ipa) / HOST_PAGE_SIZE;

	host_pages_mark(host->pages, pa, mapped, HOST_PAGE_HELD);
	if (mapped < count)
		(void)host_give(host, pa + mapped * HOST_PAGE_SIZE, count - mapped, NULL);
	return status;
}

enum host_status host_realm_map(struct host_realm *realm, uint64_t ipa, uint64_t size,
				struct host_error *error)
{
	enum host_status status = ipa_range_check(realm, ipa, size, IPA_PROTECTED, error);
	uint64_t left = size / HOST_PAGE_SIZE;

	while (status == HOST_OK && left > 0) {
		uint64_t pa;
		uint64_t count = take_run(realm->host, left, &pa, &status, error);

		if (status == HOST_OK)
			status = map_private_run(realm, ipa, count, pa, error);
		ipa += count * HOST_PAGE_SIZE;
		left -= count;
	}
	return status;
}

/* ---- unmapping ------------------------------------------------------------------------ */

static enum host_status unmapped(struct host_realm *realm, uint64_t out_range,
				 struct host_error *error)
{
	struct host *host = realm->host;
	struct addr_range range = addr_range_decode(out_range);

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
	const uint64_t top = ipa + size;
	const uint64_t flags = rmi_rtt_unmap_flags_set_oaddr_type(0, RMI_ADDR_TYPE_SINGLE);
	struct rtt_growth growth = RTT_GROWTH_NONE;
	enum host_status status = ipa_range_check(realm, ipa, size, IPA_PROTECTED, error);

	while (status == HOST_OK && ipa < top) {
		struct rmi_rtt_data_unmap_result r =
			rmi_rtt_data_unmap(&realm->host->top, realm->rd, ipa, top, flags, 0);

		if (rmi_answer_is(r.result, RMI_SUCCESS) && r.out_top > ipa && r.out_top <= top) {
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

/* ---- shared ------------------------------------------------------------------------------ */

static uint64_t map_shared(struct host_realm *realm, uint64_t base, uint64_t top, uint64_t pa,
			   uint64_t *out_top)
{
	uint64_t s2ap = rmi_rtt_s2ap_direct_set_read(rmi_rtt_s2ap_direct_set_write(0, 1), 1);
	uint64_t flags = rmi_rtt_unprot_map_flags_set_oaddr_type(0, RMI_ADDR_TYPE_SINGLE);
	uint64_t pages;
	uint64_t desc = describe(pa, top - base, RMI_OP_MEM_UNDELEGATED, &pages);
	struct rmi_rtt_unprot_map_result r;

	flags = rmi_rtt_unprot_map_flags_set_memattr(flags, MEMATTR_NORMAL_WB);
	flags = rmi_rtt_unprot_map_flags_set_s2ap(flags, s2ap);
	r = rmi_rtt_unprot_map(&realm->host->top, realm->rd, base, base + pages * HOST_PAGE_SIZE,
			       flags, desc);
	*out_top = r.out_top;
	return r.result;
}

static enum host_status zero_pages(struct host *host, uint64_t pa, uint64_t count,
				   struct host_error *error)
{
	static const uint8_t zero[HOST_PAGE_SIZE];
	enum host_status status = HOST_OK;

	for (uint64_t i = 0; i < count && status == HOST_OK; i++)
		status = host_write_page(host, pa + i * HOST_PAGE_SIZE, zero, error);
	return status;
}

static struct window *add_window(struct host_realm *realm, uint64_t ipa, uint64_t count,
				 struct host_error *error)
{
	void *array = realm->windows;
	struct window window = {.ipa = ipa, .pages = count};

	if (!host_grow_array(&array, realm->num_windows, sizeof(window))) {
		(void)host_fail(error, HOST_ERROR_NO_MEMORY, "shared memory: out of memory");
		return NULL;
	}
	realm->windows = array;
	if (host_take_plain(realm->host, count, "shared with a realm", &window.pa, error) !=
	    HOST_OK)
		return NULL;
	realm->windows[realm->num_windows] = window;
	return &realm->windows[realm->num_windows++];
}

enum host_status host_realm_share(struct host_realm *realm, uint64_t ipa, uint64_t size,
				  uint64_t *pa, struct host_error *error)
{
	enum host_status status = ipa_range_check(realm, ipa, size, IPA_UNPROTECTED, error);
	struct window *window;
	uint64_t reached;

	if (status != HOST_OK)
		return status;
	window = add_window(realm, ipa, size / HOST_PAGE_SIZE, error);
	if (!window)
		return HOST_ERROR_NO_MEMORY;
	status = zero_pages(realm->host, window->pa, window->pages, error);
	if (status != HOST_OK)
		return status;
	status = map_run(realm, map_shared, "RMI_RTT_UNPROT_MAP", ipa, ipa + size, window->pa,
			 &reached, error);
	window->mapped = (reached - ipa) / HOST_PAGE_SIZE;
	if (status == HOST_OK && pa)
		*pa = window->pa;
	return status;
}
