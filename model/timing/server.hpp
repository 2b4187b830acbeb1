/* SPDX-License-Identifier: BSD-3-Clause */
/* A shared resource that serves one request at a time. */
#ifndef RMM_TIMING_SERVER_HPP
#define RMM_TIMING_SERVER_HPP

#include <systemc>
#include <vector>

namespace timing
{

/*
 * Initiators run ahead of simulated time, so requests do not come in order of
 * their time: a PE that is ahead may have booked the future before another one
 * asks for the present. A request therefore gets the first gap, at or after
 * its own time, that it fits into, instead of the end of a queue.
 */
class server
{
public:
	/* Books `hold` for a request that arrives at `at`; returns when it is served. */
	sc_core::sc_time book(const sc_core::sc_time &at, const sc_core::sc_time &hold);

private:
	struct interval {
		sc_core::sc_time start;
		sc_core::sc_time end;
	};

	void forget_past();
	void insert(std::size_t position, const interval &fresh);

	std::vector<interval> m_busy; /* sorted, disjoint, never adjacent */
};

} /* namespace timing */

#endif
