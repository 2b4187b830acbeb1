/* SPDX-License-Identifier: BSD-3-Clause */
/* Cycles from the rates of a profile. */
#ifndef RMM_TIMING_RATE_HPP
#define RMM_TIMING_RATE_HPP

#include <algorithm>
#include <cstdint>

#include "rmm_timing.h"

namespace timing
{

__extension__ typedef unsigned __int128 wide;

/* Longest single event: 2^48 cycles are more than a day. Keeps sums in 64 bits. */
constexpr std::uint64_t max_event_cycles = std::uint64_t{1} << 48;

/* The part of a rate that depends on the amount; rounded up, so never free. */
inline std::uint64_t variable_cycles(const rmm_rate &rate, std::uint64_t units)
{
	const wide cycles = (wide{rate.cycles} * units + (rate.per - 1)) / rate.per;

	return static_cast<std::uint64_t>(std::min(cycles, wide{max_event_cycles}));
}

} /* namespace timing */

#endif
