/* SPDX-License-Identifier: BSD-3-Clause */
#include "sro_memory.h"

#include <string.h>

#include "addr_range.h"
#include "fail.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b3.h"
#include "rmmsim/host/delegate.h"

void sro_memory_init(struct sro_memory *memory, struct host_sro *sro)
{
	memory->sro = sro;
	memory->conduit = host_sro_conduit(sro);
	memory->num_runs = 0;
	memory->state = RMI_OP_MEM_DELEGATED;
}

/* ---- setting memory aside -------------------------------------------------------- */

static uint64_t set_aside(const struct sro_memory *memory)
{
	uint64_t pages = 0;

	for (uint32_t i = 0; i < memory->num_runs; i++)
		pages += memory->runs[i].pages;
	return pages;
}

static void give_back_run(struct sro_memory *memory, uint64_t pa, uint64_t pages)
{
	/* A refused page stays in the ledger as LOST and is tried again later. */
	(void)host_give_back(&memory->conduit, memory->sro->pages, pa, pages, NULL);
}

void sro_memory_release(struct sro_memory *memory)
{
	while (memory->num_runs > 0) {
		struct sro_run *run = &memory->runs[--memory->num_runs];

		give_back_run(memory, run->pa, run->pages);
	}
}

/* Gives back from the end until no more than `pages` are set aside. */
static void trim(struct sro_memory *memory, uint64_t pages)
{
	uint64_t have = set_aside(memory);

	while (have > pages) {
		struct sro_run *run = &memory->runs[memory->num_runs - 1];
		uint64_t excess = have - pages < run->pages ? have - pages : run->pages;

		run->pages -= excess;
		have -= excess;
		give_back_run(memory, run->pa + run->pages * HOST_PAGE_SIZE, excess);
		if (run->pages == 0)
			memory->num_runs--;
	}
}

/*
 * CONDITIONAL: an RMM that keeps the states of the pages delegates them; where it
 * is only about to, they stay as they are, like all that lies around them.
 */
static void delegate_if_tracked(struct sro_memory *memory, uint64_t pa, uint64_t pages)
{
	(void)host_delegate(&memory->conduit, memory->sro->pages, pa, pages, NULL);
}

static enum host_status take(struct sro_memory *memory, uint64_t pages, uint64_t align,
			     struct host_error *error)
{
	static const char owner[] = "stateful operation";
	struct host_pages *pool = memory->sro->pages;
	enum host_status status;
	uint64_t pa;

	if (memory->state == RMI_OP_MEM_DELEGATED)
		status = host_take_delegated(&memory->conduit, pool, pages, align, owner, &pa,
					     error);
	else if ((status = host_pages_alloc(pool, pages, align, owner, &pa)) != HOST_OK)
		status = host_fail(error, status, "the page pool has no %llu adjacent pages for %s",
				   (unsigned long long)pages, owner);
	if (status == HOST_OK)
		memory->runs[memory->num_runs++] = (struct sro_run){.pa = pa, .pages = pages};
	if (status == HOST_OK && memory->state == RMM2_0B3_RMI_OP_MEM_CONDITIONAL)
		delegate_if_tracked(memory, pa, pages);
	return status;
}

static uint64_t power_of_two_from(uint64_t n)
{
	uint64_t power = 1;

	while (power < n)
		power *= 2;
	return power;
}

/* As few runs as the pool allows: halves what does not fit. */
static enum host_status take_scattered(struct sro_memory *memory, const struct addr_request *wanted,
				       struct host_error *error)
{
	uint64_t left = wanted->pages - set_aside(memory);
	uint64_t chunk = left;
	enum host_status status = HOST_OK;

	while (left > 0 && chunk > 0 && memory->num_runs < SRO_MAX_RUNS) {
		status = take(memory, chunk, wanted->block, error);
		if (status == HOST_ERROR_NO_MEMORY) {
			chunk = chunk / 2 / wanted->block * wanted->block;
			continue;
		}
		if (status != HOST_OK)
			break;
		left -= chunk;
		chunk = left < chunk ? left : chunk;
	}
	return memory->num_runs > 0 ? HOST_OK : status;
}

static enum host_status gather(struct sro_memory *memory, const struct addr_request *wanted,
			       struct host_error *error)
{
	/* What is left of an earlier round serves again if any page will do. */
	if (wanted->contig || wanted->block > 1 || wanted->state != memory->state)
		sro_memory_release(memory);
	memory->state = wanted->state;
	trim(memory, wanted->pages);
	if (wanted->contig)
		return take(memory, wanted->pages, power_of_two_from(wanted->pages), error);
	return take_scattered(memory, wanted, error);
}

/* ---- address lists ------------------------------------------------------------------ */

/* Describes the runs; stops when the list is full. *offered in pages. */
static uint64_t describe(const struct sro_memory *memory, const struct addr_request *wanted,
			 uint64_t list[SRO_LIST_ENTRIES], uint64_t *offered)
{
	uint64_t n = 0;

	*offered = 0;
	for (uint32_t i = 0; i < memory->num_runs; i++) {
		struct sro_run rest = memory->runs[i];

		while (rest.pages > 0 && n < SRO_LIST_ENTRIES) {
			uint64_t size = wanted->contig
						? addr_range_fitting_size(rest.pages, wanted->size)
						: wanted->size;
			uint64_t pages = addr_range_most_pages(rest.pages, size);

			list[n++] = addr_range_encode(memory->sro->version, rest.pa, pages, size,
						      memory->state);
			rest.pa += pages * HOST_PAGE_SIZE;
			rest.pages -= pages;
			*offered += pages;
		}
	}
	return n;
}

enum host_status sro_memory_offer(struct sro_memory *memory, uint64_t donate_req, uint64_t *offered,
				  uint64_t *entries, struct host_error *error)
{
	const struct host_sro *sro = memory->sro;
	const struct addr_request wanted = addr_request_decode(sro->version, donate_req);
	uint64_t list[SRO_LIST_ENTRIES];
	enum host_status status;

	if (wanted.pages == 0 || wanted.state > RMM2_0B3_RMI_OP_MEM_CONDITIONAL)
		return host_fail(error, HOST_ERROR_PROTOCOL,
				 "the RMM asks for memory that cannot be given: request 0x%llx",
				 (unsigned long long)donate_req);
	status = gather(memory, &wanted, error);
	if (status != HOST_OK)
		return status;
	*entries = describe(memory, &wanted, list, offered);
	if (!sro->memory.write(sro->memory.ctx, sro->list_pa, list, *entries * sizeof(list[0])))
		return host_fail(error, HOST_ERROR_FAULT, "cannot write the address list at 0x%llx",
				 (unsigned long long)sro->list_pa);
	return HOST_OK;
}

void sro_memory_consume(struct sro_memory *memory, uint64_t pages)
{
	uint32_t done = 0;

	while (pages > 0 && done < memory->num_runs) {
		struct sro_run *run = &memory->runs[done];
		uint64_t part = pages < run->pages ? pages : run->pages;

		host_pages_mark(memory->sro->pages, run->pa, part, HOST_PAGE_HELD);
		host_pages_set_owner(memory->sro->pages, run->pa, part, "donated to the RMM");
		run->pa += part * HOST_PAGE_SIZE;
		run->pages -= part;
		pages -= part;
		if (run->pages == 0)
			done++;
	}
	memory->num_runs -= done;
	memmove(memory->runs, memory->runs + done, memory->num_runs * sizeof(memory->runs[0]));
}

uint32_t sro_reclaim_capacity(const struct host_sro *sro)
{
	if (sro->reclaim_entries == 0 || sro->reclaim_entries > SRO_LIST_ENTRIES)
		return SRO_LIST_ENTRIES;
	return sro->reclaim_entries;
}

static bool all_held(const struct host_pages *pool, const struct addr_range *range)
{
	for (uint64_t i = 0; i < range->pages; i++) {
		if (host_pages_state(pool, range->pa + i * HOST_PAGE_SIZE) != HOST_PAGE_HELD)
			return false;
	}
	return true;
}

static enum host_status take_back_range(struct sro_memory *memory, uint64_t entry, uint64_t *pages,
					struct host_error *error)
{
	struct host_pages *pool = memory->sro->pages;
	struct addr_range range = addr_range_decode(memory->sro->version, entry);

	if (range.pages == 0)
		return HOST_OK;
	if (!host_pages_contain(pool, range.pa, range.pages) || !all_held(pool, &range))
		return host_fail(
			error, HOST_ERROR_PROTOCOL,
			"RMI_OP_MEM_RECLAIM returned %llu pages at 0x%llx that it does not "
			"hold",
			(unsigned long long)range.pages, (unsigned long long)range.pa);
	host_pages_mark(pool, range.pa, range.pages,
			range.state == RMI_OP_MEM_UNDELEGATED ? HOST_PAGE_UNDELEGATED
							      : HOST_PAGE_DELEGATED);
	give_back_run(memory, range.pa, range.pages);
	*pages += range.pages;
	return HOST_OK;
}

enum host_status sro_memory_take_back(struct sro_memory *memory, uint64_t written,
				      uint32_t capacity, uint64_t *pages, struct host_error *error)
{
	const struct host_sro *sro = memory->sro;
	uint64_t list[SRO_LIST_ENTRIES];
	enum host_status first = HOST_OK;

	if (written > capacity)
		return host_fail(error, HOST_ERROR_PROTOCOL,
				 "RMI_OP_MEM_RECLAIM wrote %llu entries into a list of %u",
				 (unsigned long long)written, capacity);
	if (!sro->memory.read(sro->memory.ctx, sro->list_pa, list, written * sizeof(list[0])))
		return host_fail(error, HOST_ERROR_FAULT, "cannot read the address list at 0x%llx",
				 (unsigned long long)sro->list_pa);
	for (uint64_t i = 0; i < written; i++) {
		enum host_status status =
			take_back_range(memory, list[i], pages, first == HOST_OK ? error : NULL);

		if (first == HOST_OK)
			first = status;
	}
	return first;
}
