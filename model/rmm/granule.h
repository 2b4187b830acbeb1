/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The granule table: one small state per 4 KiB granule of the banks. 2 MiB of
 * granules (a chunk) that share one state are described by the chunk alone, so
 * that range operations and terabytes of memory stay cheap; their bytes in the
 * table below are stale.
 *
 * Rarer facts live beside it: the live entries of an RTT, for one.
 *
 * Among threads a state is changed by whoever holds the lock of the granule, or
 * by the operation or table that owns it; anybody may look at it.
 */
#ifndef RMM_RMM_GRANULE_H
#define RMM_RMM_GRANULE_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/memory.h"
#include "rmmsim/system.h"

#define GRANULE_CHUNK_MIXED 0xff

struct granule_table {
	uint8_t *chunk; /* one state, or GRANULE_CHUNK_MIXED, per chunk */
	uint8_t *state; /* per granule */
	uint16_t *live; /* RTT: DATA and TABLE entries in it */
	uint64_t num_granules;
	uint64_t *locks;    /* a bit a granule (granule_lock.h); NULL: one thread only */
	bool *chunk_guards; /* of splitting a chunk; NULL likewise */
};

int granule_table_create(struct granule_table *table, uint64_t num_granules, bool threads);
void granule_table_destroy(struct granule_table *table);

static inline enum rmm_granule_state granule_state(const struct granule_table *table,
						   uint64_t index)
{
	const uint8_t chunk =
		__atomic_load_n(&table->chunk[index / GRANULES_PER_CHUNK], __ATOMIC_ACQUIRE);

	if (chunk != GRANULE_CHUNK_MIXED)
		return (enum rmm_granule_state)chunk;
	return (enum rmm_granule_state)__atomic_load_n(&table->state[index], __ATOMIC_ACQUIRE);
}

void granule_set_state(struct granule_table *table, uint64_t index, enum rmm_granule_state state);

/*
 * How many granules from `index` on, at most `count`, have this state. One
 * chunk is looked at, at most.
 */
uint64_t granule_run(const struct granule_table *table, uint64_t index, uint64_t count,
		     enum rmm_granule_state state);

/* Gives `count` granules inside one chunk another state. */
void granule_set_run(struct granule_table *table, uint64_t index, uint64_t count,
		     enum rmm_granule_state state);

/* Granules that are not UNDELEGATED. */
uint64_t granule_count_delegated(const struct granule_table *table);

#endif
