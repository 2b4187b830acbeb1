/* SPDX-License-Identifier: BSD-3-Clause */
/* Granule locks in simulated time. */
#ifndef RMM_TIMING_LOCK_TABLE_HPP
#define RMM_TIMING_LOCK_TABLE_HPP

#include <cstdint>
#include <systemc>
#include <unordered_map>

namespace timing
{

class pe;

/*
 * The holder may be ahead of simulated time when it releases a lock, so a free
 * lock has a time from which on it is free. Waiters are served in order of
 * arrival; of two that arrive at one time, the PE with the lower number.
 */
struct granule_lock {
	pe *owner = nullptr;
	pe *last_owner = nullptr;
	pe *first_waiter = nullptr;
	sc_core::sc_time free_at;

	void enqueue(pe &waiter);
	pe *dequeue();
};

class lock_table
{
public:
	/* The lock of the granule at pa; the reference stays valid. */
	granule_lock &at(std::uint64_t pa);

private:
	std::unordered_map<std::uint64_t, granule_lock> m_locks;
};

} /* namespace timing */

#endif
