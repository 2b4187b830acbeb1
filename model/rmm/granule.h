/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The granule table: one small state per 4 KiB granule of the banks. 2 MiB of
 * granules (a chunk) that share one state are described by the chunk alone, so
 * that range operations and terabytes of memory stay cheap; their bytes in the
 * table below are stale.
 *
 * Rarer facts live beside it: the live entries of an RTT, for one.
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
};

int granule_table_create(struct granule_table *table, uint64_t num_granules);
void granule_table_destroy(struct granule_table *table);

static inline enum rmm_granule_state granule_state(const struct granule_table *table,
						   uint64_t index)
{
	const uint8_t chunk = table->chunk[index / GRANULES_PER_CHUNK];

	return chunk != GRANULE_CHUNK_MIXED ? (enum rmm_granule_state)chunk
					    : (enum rmm_granule_state)table->state[index];
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
