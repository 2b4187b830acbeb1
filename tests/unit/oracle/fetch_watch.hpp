// SPDX-License-Identifier: BSD-3-Clause
// A host that changes its memory behind every read of the RMM: whoever reads a byte twice in one
// call is noticed, and would read something else.
#ifndef RMM_TESTS_ORACLE_FETCH_WATCH_HPP
#define RMM_TESTS_ORACLE_FETCH_WATCH_HPP

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "rmmsim/system.h"

class FetchWatch
{
public:
	/* Listens to the machine that will be made with this configuration. */
	void join(rmm_config *config);
	/* That machine. Until then nothing is changed. */
	void watch(rmm_system *system)
	{
		sys = system;
	}

	/* Empty: no byte was read twice. */
	const std::string &text() const
	{
		return wrong;
	}
	/* Commands that have read memory of the host. */
	const std::set<rmm_command> &readers() const
	{
		return commands;
	}

private:
	struct Fetch {
		uint64_t pa;
		std::vector<uint8_t> bytes;
	};

	static void on_charge(void *ctx, unsigned pe, rmm_cost cost, uint64_t count, uint64_t pa);
	void fetched(uint64_t pa, uint64_t size);
	void stored(uint64_t pa, uint64_t size);
	void restore();

	rmm_system *sys = nullptr;
	std::vector<Fetch> fetches; /* of this call */
	std::set<rmm_command> commands;
	std::string wrong;
};

#endif
