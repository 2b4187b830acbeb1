/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/granule.h"

#include <string.h>

#include "platform/spin.h"

static uint64_t num_chunks(const struct granule_table *table)
{
	return table->num_granules / GRANULES_PER_CHUNK;
}

static int create_locks(struct granule_table *table)
{
	table->locks = memory_reserve(table->num_granules / 8);
	table->chunk_guards = memory_reserve(num_chunks(table) * sizeof(*table->chunk_guards));
	return table->locks && table->chunk_guards ? 0 : -1;
}

int granule_table_create(struct granule_table *table, uint64_t num_granules, bool threads)
{
	table->num_granules = num_granules;
	table->chunk = memory_reserve(num_chunks(table));
	table->state = memory_reserve(num_granules);
	table->live = memory_reserve(num_granules * sizeof(*table->live));
	if (table->chunk && table->state && table->live && (!threads || !create_locks(table)))
		return 0;
	granule_table_destroy(table);
	return -1;
}

void granule_table_destroy(struct granule_table *table)
{
	memory_release(table->chunk, num_chunks(table));
	memory_release(table->state, table->num_granules);
	memory_release(table->live, table->num_granules * sizeof(*table->live));
	memory_release(table->locks, table->num_granules / 8);
	memory_release(table->chunk_guards, num_chunks(table) * sizeof(*table->chunk_guards));
	memset(table, 0, sizeof(*table));
}

static uint8_t chunk_state(const struct granule_table *table, uint64_t chunk)
{
	return __atomic_load_n(&table->chunk[chunk], __ATOMIC_ACQUIRE);
}

/* Other threads may be looking: byte by byte then. */
static void fill(const struct granule_table *table, uint64_t index, uint64_t count, uint8_t state)
{
	if (!table->locks) {
		memset(&table->state[index], state, count);
		return;
	}
	for (uint64_t i = index; i < index + count; i++)
		__atomic_store_n(&table->state[i], state, __ATOMIC_RELEASE);
}

static void split(const struct granule_table *table, uint64_t chunk)
{
	const uint8_t state = chunk_state(table, chunk);

	if (state == GRANULE_CHUNK_MIXED)
		return;
	fill(table, chunk * GRANULES_PER_CHUNK, GRANULES_PER_CHUNK, state);
	__atomic_store_n(&table->chunk[chunk], GRANULE_CHUNK_MIXED, __ATOMIC_RELEASE);
}

/* From here on the granules of the chunk speak for themselves. */
static void chunk_split(const struct granule_table *table, uint64_t index)
{
	const uint64_t chunk = index / GRANULES_PER_CHUNK;

	if (chunk_state(table, chunk) == GRANULE_CHUNK_MIXED)
		return;
	bool *const guard = table->chunk_guards ? &table->chunk_guards[chunk] : NULL;
	guard_enter(guard);
	split(table, chunk);
	guard_leave(guard);
}

void granule_set_state(struct granule_table *table, uint64_t index, enum rmm_granule_state state)
{
	chunk_split(table, index);
	__atomic_store_n(&table->state[index], (uint8_t)state, __ATOMIC_RELEASE);
}

uint64_t granule_run(const struct granule_table *table, uint64_t index, uint64_t count,
		     enum rmm_granule_state state)
{
	const uint64_t chunk = index / GRANULES_PER_CHUNK;
	const uint64_t left = (chunk + 1) * GRANULES_PER_CHUNK - index;
	uint64_t n = 0;

	if (count > left)
		count = left;
	const uint8_t all = chunk_state(table, chunk);
	if (all != GRANULE_CHUNK_MIXED)
		return all == state ? count : 0;
	while (n < count && __atomic_load_n(&table->state[index + n], __ATOMIC_ACQUIRE) == state)
		n++;
	return n;
}

void granule_set_run(struct granule_table *table, uint64_t index, uint64_t count,
		     enum rmm_granule_state state)
{
	if (count == GRANULES_PER_CHUNK) {
		__atomic_store_n(&table->chunk[index / GRANULES_PER_CHUNK], (uint8_t)state,
				 __ATOMIC_RELEASE);
		return;
	}
	chunk_split(table, index);
	fill(table, index, count, (uint8_t)state);
}

static uint64_t chunk_count_delegated(const struct granule_table *table, uint64_t chunk)
{
	const uint8_t *state = &table->state[chunk * GRANULES_PER_CHUNK];
	const uint8_t all = chunk_state(table, chunk);
	uint64_t n = 0;

	if (all != GRANULE_CHUNK_MIXED)
		return all == RMM_GRANULE_UNDELEGATED ? 0 : GRANULES_PER_CHUNK;
	for (unsigned int i = 0; i < GRANULES_PER_CHUNK; i++)
		n += __atomic_load_n(&state[i], __ATOMIC_RELAXED) != RMM_GRANULE_UNDELEGATED;
	return n;
}

uint64_t granule_count_delegated(const struct granule_table *table)
{
	uint64_t n = 0;

	for (uint64_t chunk = 0; chunk < num_chunks(table); chunk++)
		n += chunk_count_delegated(table, chunk);
	return n;
}
