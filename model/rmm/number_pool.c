/* SPDX-License-Identifier: BSD-3-Clause */
/* Pools of small numbers (VMIDs, MECIDs). */
#include "platform/spin.h"
#include "rmm/rmm.h"

static bool *guard_of(struct number_pool *pool)
{
	return pool->threads ? &pool->guard : NULL;
}

static bool take(struct number_pool *pool, uint32_t *number)
{
	for (uint32_t word = 0; word * 64 < pool->count; word++) {
		const uint64_t free = ~pool->bits[word];

		if (!free)
			continue;
		const uint32_t n = word * 64 + (uint32_t)__builtin_ctzll(free);
		if (n >= pool->count)
			return false;
		pool->bits[word] |= free & -free;
		*number = n;
		return true;
	}
	return false;
}

bool number_pool_take(struct number_pool *pool, uint32_t *number)
{
	guard_enter(guard_of(pool));
	const bool taken = take(pool, number);
	guard_leave(guard_of(pool));
	return taken;
}

static bool take_this(struct number_pool *pool, uint32_t number)
{
	const uint64_t bit = UINT64_C(1) << (number % 64);

	if (number >= pool->count || pool->bits[number / 64] & bit)
		return false;
	pool->bits[number / 64] |= bit;
	return true;
}

bool number_pool_take_this(struct number_pool *pool, uint32_t number)
{
	guard_enter(guard_of(pool));
	const bool taken = take_this(pool, number);
	guard_leave(guard_of(pool));
	return taken;
}

void number_pool_give(struct number_pool *pool, uint32_t number)
{
	guard_enter(guard_of(pool));
	pool->bits[number / 64] &= ~(UINT64_C(1) << (number % 64));
	guard_leave(guard_of(pool));
}
