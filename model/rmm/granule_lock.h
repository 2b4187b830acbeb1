/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The locks of granules among threads: one bit a granule, so that a run of
 * granules is locked by the word. Indices are those of the granule table.
 *
 * A lock is waited for only while its granule has the state that the waiter
 * came for, and locks are taken by the state of their granules: RD, REC, RTT
 * (from the root to the leaf), DELEGATED, UNDELEGATED and DATA; of one state by
 * ascending PA. Nobody waits in a circle then, whatever addresses hosts name.
 * What does not fit that order is tried, not waited for.
 */
#ifndef RMM_RMM_GRANULE_LOCK_H
#define RMM_RMM_GRANULE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/granule.h"

static inline bool granule_lock_try(const struct granule_table *table, uint64_t index)
{
	const uint64_t bit = UINT64_C(1) << (index % 64);

	return !(__atomic_fetch_or(&table->locks[index / 64], bit, __ATOMIC_ACQUIRE) & bit);
}

static inline void granule_lock_release(const struct granule_table *table, uint64_t index)
{
	__atomic_fetch_and(&table->locks[index / 64], ~(UINT64_C(1) << (index % 64)),
			   __ATOMIC_RELEASE);
}

/* Waits without a condition: for a granule whose state cannot change meanwhile. */
void granule_lock_wait(const struct granule_table *table, uint64_t index);

/* Waits as long as the granule has `state`; false: it has another one, and no lock is held. */
bool granule_lock_wait_in(const struct granule_table *table, uint64_t index,
			  enum rmm_granule_state state);

/* Locks granules from `index` on, up to the first whose lock is taken. Returns how many. */
uint64_t granule_lock_try_run(const struct granule_table *table, uint64_t index, uint64_t count);

/* Waits for all locks of the run as long as all have `state`; false: none is held. */
bool granule_lock_wait_run(const struct granule_table *table, uint64_t index, uint64_t count,
			   enum rmm_granule_state state);

void granule_lock_release_run(const struct granule_table *table, uint64_t index, uint64_t count);

#endif
