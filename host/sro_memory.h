/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory side of a stateful operation: what is set aside to be donated, and
 * address lists in both directions.
 */
#ifndef RMMHOST_SRO_MEMORY_H
#define RMMHOST_SRO_MEMORY_H

#include <stdint.h>

#include "rmmsim/host/sro.h"

/* Runs set aside at a time: a fragmented pool donates in several rounds. */
#define SRO_MAX_RUNS     64u

/* Entries of an address list that fits into one page. */
#define SRO_LIST_ENTRIES 512u

struct sro_run {
	uint64_t pa;
	uint64_t pages;
};

/* Runs in the order in which the RMM is offered them. */
struct sro_memory {
	struct host_sro *sro;
	struct smc_conduit conduit; /* finishes nested operations */
	struct sro_run runs[SRO_MAX_RUNS];
	uint32_t num_runs;
	uint64_t state; /* RmiOpMemState that the runs are in */
};

void sro_memory_init(struct sro_memory *memory, struct host_sro *sro);

/*
 * Sets aside what an RmiOpMemDonateReq asks for, or less, and writes the list
 * page. *offered is in pages, *entries in list entries; both > 0 on HOST_OK.
 */
enum host_status sro_memory_offer(struct sro_memory *memory, uint64_t donate_req, uint64_t *offered,
				  uint64_t *entries, struct host_error *error);

/* The RMM has taken the first `pages` pages of the offer. */
void sro_memory_consume(struct sro_memory *memory, uint64_t pages);

/*
 * Reads `written` entries from the list page and gives the pages back to the
 * pool. *pages counts them. A page that the RMM cannot have is an error.
 */
enum host_status sro_memory_take_back(struct sro_memory *memory, uint64_t written,
				      uint32_t capacity, uint64_t *pages, struct host_error *error);

/* Entries that a reclaim offers. */
uint32_t sro_reclaim_capacity(const struct host_sro *sro);

/* What is still set aside goes back to the pool. */
void sro_memory_release(struct sro_memory *memory);

#endif
