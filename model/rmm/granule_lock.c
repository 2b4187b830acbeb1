/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/granule_lock.h"

#include "platform/spin.h"

void granule_lock_wait(const struct granule_table *table, uint64_t index)
{
	unsigned int tries = 0;

	while (!granule_lock_try(table, index))
		spin_pause(&tries);
}

bool granule_lock_wait_in(const struct granule_table *table, uint64_t index,
			  enum rmm_granule_state state)
{
	unsigned int tries = 0;

	while (granule_state(table, index) == state) {
		if (!granule_lock_try(table, index)) {
			spin_pause(&tries);
			continue;
		}
		if (granule_state(table, index) == state)
			return true;
		granule_lock_release(table, index);
	}
	return false;
}

/* ---- runs ---------------------------------------------------------------------- */

/* The part of a run that lies in the word of `index`. */
static uint64_t part_of(uint64_t index, uint64_t count)
{
	const uint64_t left = 64 - index % 64;

	return count < left ? count : left;
}

static uint64_t mask_of(uint64_t index, uint64_t count)
{
	const uint64_t all = count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX;

	return all << (index % 64);
}

void granule_lock_release_run(const struct granule_table *table, uint64_t index, uint64_t count)
{
	while (count) {
		const uint64_t part = part_of(index, count);

		__atomic_fetch_and(&table->locks[index / 64], ~mask_of(index, part),
				   __ATOMIC_RELEASE);
		index += part;
		count -= part;
	}
}

/* Of one word: takes what is free before the first that is not, and returns how many. */
static uint64_t try_part(const struct granule_table *table, uint64_t index, uint64_t count)
{
	uint64_t *const word = &table->locks[index / 64];
	const uint64_t mask = mask_of(index, count);
	const uint64_t taken = __atomic_fetch_or(word, mask, __ATOMIC_ACQUIRE) & mask;

	if (!taken)
		return count;
	const uint64_t free = (uint64_t)__builtin_ctzll(taken) - index % 64;
	const uint64_t keep = free ? mask_of(index, free) : 0;
	__atomic_fetch_and(word, ~(mask & ~taken & ~keep), __ATOMIC_RELEASE);
	return free;
}

uint64_t granule_lock_try_run(const struct granule_table *table, uint64_t index, uint64_t count)
{
	uint64_t done = 0;

	while (done < count) {
		const uint64_t part = part_of(index + done, count - done);
		const uint64_t got = try_part(table, index + done, part);

		done += got;
		if (got < part)
			break;
	}
	return done;
}

static bool all_in(const struct granule_table *table, uint64_t index, uint64_t count,
		   enum rmm_granule_state state)
{
	while (count) {
		const uint64_t run = granule_run(table, index, count, state);

		if (!run)
			return false;
		index += run;
		count -= run;
	}
	return true;
}

bool granule_lock_wait_run(const struct granule_table *table, uint64_t index, uint64_t count,
			   enum rmm_granule_state state)
{
	unsigned int tries = 0;
	uint64_t done = 0;

	while (all_in(table, index + done, count - done, state)) {
		done += granule_lock_try_run(table, index + done, count - done);
		if (done < count) {
			spin_pause(&tries);
			continue;
		}
		if (all_in(table, index, count, state))
			return true;
		break;
	}
	granule_lock_release_run(table, index, done);
	return false;
}
