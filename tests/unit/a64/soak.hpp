/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Four A64 vCPUs that never stand still (traces/guests/soak.S) on a host that
 * takes memory away and gives it back, interrupts, and enters other RECs on
 * other PEs, all of it while they run. Who does what and when follows from one
 * seed, and so does every exit.
 */
#ifndef TESTS_UNIT_A64_SOAK_HPP
#define TESTS_UNIT_A64_SOAK_HPP

#include <array>
#include <cstdint>
#include <string>

namespace soak
{

constexpr unsigned kRecs = 4;

struct Options {
	uint64_t exits = 20000; /* after so many the guests are asked to stop */
	uint64_t seed = 1;
	std::string image;
};

struct Report {
	std::string error;   /* empty: everything held */
	uint64_t digest = 0; /* of every exit, in their order */
	uint64_t exits = 0;
	std::array<uint64_t, 8> by_reason{}; /* RmiRecExitReason */
	uint64_t nested = 0;                 /* entries while another REC was running */
	uint64_t refused = 0;                /* entries of a REC that was running */
	uint64_t interrupts = 0;             /* raised while a REC was running */
	uint64_t mapped = 0, unmapped = 0;   /* pages, by the host, while it ran or stood */
	uint64_t instructions = 0;
	uint64_t delegated = 0;              /* granules that did not come back */
	uint64_t half_rss = 0, full_rss = 0; /* bytes, after half of the exits and all */
	double seconds = 0;                  /* of the exits */
};

Report run(const Options &options);

} // namespace soak

#endif
