/* SPDX-License-Identifier: BSD-3-Clause */
/* Timed runs in child processes: SystemC simulates once in a process, tests compare several. */
#ifndef RMM_TEST_TIMED_PROCESS_HPP
#define RMM_TEST_TIMED_PROCESS_HPP

#include <cstdint>

#include "rmm_timing.h"
#include "rmmsim/system.h"

constexpr unsigned int max_pes = 16;
constexpr unsigned int max_notes = 256;

/* What comes back from the child. */
struct outcome {
	int result; /* of rmm_timed_run */
	rmm_error error;
	bool silent; /* nothing was written to stdout or stderr */
	std::uint64_t cycles;
	std::uint64_t num_pes;
	rmm_timing_pe pes[max_pes];
	std::uint64_t num_commands;
	rmm_timing_command commands[8];
	std::uint64_t num_notes;
	std::uint64_t notes[max_notes]; /* left by actors, in order of execution */
};

/* What an actor works with. */
struct bench {
	rmm_timed *timed;
	rmm_port port;
	outcome *out;
	std::uint64_t parameter;
	rmm_system *sys; /* with run_options::with_core */

	void note(std::uint64_t value)
	{
		if (out->num_notes < max_notes)
			out->notes[out->num_notes++] = value;
	}

	void charge(unsigned int pe, rmm_cost cost, std::uint64_t count, std::uint64_t pa = 0)
	{
		port.charge(port.ctx, pe, cost, count, pa);
	}

	void lock(unsigned int pe, std::uint64_t pa)
	{
		port.lock(port.ctx, pe, pa);
	}

	void unlock(unsigned int pe, std::uint64_t pa)
	{
		port.unlock(port.ctx, pe, pa);
	}
};

using bench_actor = void (*)(bench &bench, unsigned int pe);

struct run_options {
	unsigned int pes = 1;
	std::uint64_t quantum_ns = 0;
	std::uint64_t seed = 0;
	std::uint64_t start_skew = 0;
	std::uint64_t parameter = 0;
	unsigned int runs = 1;  /* how often rmm_timed_run is called */
	bool with_core = false; /* a system stands behind the port */
};

/* Runs `actor` on the built-in profile. A child that dies gives result -2. */
outcome run_timed(const run_options &options, bench_actor actor);

#endif
