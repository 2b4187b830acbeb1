/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/granule.h"

#include <string.h>

static uint64_t num_chunks(const struct granule_table *table)
{
	return table->num_granules / GRANULES_PER_CHUNK;
}

int granule_table_create(struct granule_table *table, uint64_t num_granules)
{
	table->num_granules = num_granules;
	table->chunk = memory_reserve(num_chunks(table));
	table->state = memory_reserve(num_granules);
	table->live = memory_reserve(num_granules * sizeof(*table->live));
	if (table->chunk && table->state && table->live)
		return 0;
	granule_table_destroy(table);
	return -1;
}

void granule_table_destroy(struct granule_table *table)
{
	memory_release(table->chunk, num_chunks(table));
	memory_release(table->state, table->num_granules);
	memory_release(table->live, table->num_granules * sizeof(*table->live));
	memset(table, 0, sizeof(*table));
}

/* From here on the granules of the chunk speak for themselves. */
static void chunk_split(struct granule_table *table, uint64_t index)
{
	const uint64_t chunk = index / GRANULES_PER_CHUNK;

	if (table->chunk[chunk] == GRANULE_CHUNK_MIXED)
		return;
	memset(&table->state[chunk * GRANULES_PER_CHUNK], table->chunk[chunk], GRANULES_PER_CHUNK);
	table->chunk[chunk] = GRANULE_CHUNK_MIXED;
}

void granule_set_state(struct granule_table *table, uint64_t index, enum rmm_granule_state state)
{
	chunk_split(table, index);
	table->state[index] = (uint8_t)state;
}

uint64_t granule_run(const struct granule_table *table, uint64_t index, uint64_t count,
		     enum rmm_granule_state state)
{
	const uint64_t chunk = index / GRANULES_PER_CHUNK;
	const uint64_t left = (chunk + 1) * GRANULES_PER_CHUNK - index;
	uint64_t n = 0;

	if (count > left)
		count = left;
	if (table->chunk[chunk] != GRANULE_CHUNK_MIXED)
		return table->chunk[chunk] == state ? count : 0;
	while (n < count && table->state[index + n] == state)
		n++;
	return n;
}

void granule_set_run(struct granule_table *table, uint64_t index, uint64_t count,
		     enum rmm_granule_state state)
{
	if (count == GRANULES_PER_CHUNK) {
		table->chunk[index / GRANULES_PER_CHUNK] = (uint8_t)state;
		return;
	}
	chunk_split(table, index);
	memset(&table->state[index], (int)state, count);
}

static uint64_t chunk_count_delegated(const struct granule_table *table, uint64_t chunk)
{
	const uint8_t *state = &table->state[chunk * GRANULES_PER_CHUNK];
	uint64_t n = 0;

	if (table->chunk[chunk] != GRANULE_CHUNK_MIXED)
		return table->chunk[chunk] == RMM_GRANULE_UNDELEGATED ? 0 : GRANULES_PER_CHUNK;
	for (unsigned int i = 0; i < GRANULES_PER_CHUNK; i++)
		n += state[i] != RMM_GRANULE_UNDELEGATED;
	return n;
}

uint64_t granule_count_delegated(const struct granule_table *table)
{
	uint64_t n = 0;

	for (uint64_t chunk = 0; chunk < num_chunks(table); chunk++)
		n += chunk_count_delegated(table, chunk);
	return n;
}
