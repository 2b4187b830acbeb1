/* SPDX-License-Identifier: BSD-3-Clause */
/* What the PEs of a timed run share. */
#ifndef RMM_TIMING_MACHINE_HPP
#define RMM_TIMING_MACHINE_HPP

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "lock_table.hpp"
#include "memory_path.hpp"
#include "pe.hpp"
#include "rmm_timing.h"
#include "server.hpp"

namespace timing
{

using actor_function = void (*)(void *ctx, unsigned int index);

class machine
{
public:
	explicit machine(const rmm_timing_options &options);

	/* Elaborates and simulates; throws std::runtime_error with a sentence. */
	void run(unsigned int num_actors, actor_function actor, void *ctx);

	const rmm_timing_report &report() const;

	/* The PE whose actor executes now; nullptr outside a run. */
	pe *current() const;

	/* An error that its cause cannot be told: kept for the end of the run. */
	void remember(const char *sentence) noexcept;

	/* Used by PEs. */
	void enter(pe *pe);
	void execute_actor(unsigned int index);
	void count(rmm_cost cost, std::uint64_t units);
	void record_call(rmm_command command, const rmm_timing_share &call);
	const rmm_timing_profile &profile() const;
	std::size_t stack_bytes() const;
	sc_core::sc_time time_of(std::uint64_t cycles) const;
	std::uint64_t cycles_of(const sc_core::sc_time &time) const;

	lock_table locks;
	server dvm;

private:
	void build(unsigned int num_actors);
	std::uint64_t start_cycle(unsigned int index) const;
	void check_outcome() const;
	void fill_report();

	const rmm_timing_options m_options;
	sc_core::sc_time m_period;
	std::unique_ptr<interconnect> m_interconnect;
	std::unique_ptr<dram> m_dram;
	std::vector<std::unique_ptr<pe>> m_pes;
	pe *m_current = nullptr;
	actor_function m_actor = nullptr;
	void *m_actor_ctx = nullptr;
	std::string m_remembered;

	std::array<rmm_timing_command, RMM_CMD_COUNT + 1> m_calls = {};
	std::vector<rmm_timing_command> m_commands;
	std::vector<rmm_timing_pe> m_pe_accounts;
	rmm_timing_report m_report = {};
};

} /* namespace timing */

#endif
