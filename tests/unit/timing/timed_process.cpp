/* SPDX-License-Identifier: BSD-3-Clause */
#include "timed_process.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace
{

struct trampoline {
	bench *target;
	bench_actor actor;
};

void call_actor(void *ctx, unsigned int pe)
{
	const auto *t = static_cast<trampoline *>(ctx);

	t->actor(*t->target, pe);
}

void copy_report(const rmm_timing_report &report, outcome &out)
{
	out.cycles = report.cycles;
	out.num_pes = report.num_pes;
	std::copy_n(report.pes, report.num_pes, out.pes);
	out.num_commands = std::min<std::size_t>(report.num_commands, 8);
	std::copy_n(report.commands, out.num_commands, out.commands);
}

int create_system(const run_options &options, bench &b)
{
	rmm_config config = rmm_config_default();

	config.num_pes = options.pes;
	config.active_at_boot = true;
	config.gpt_prebuilt = true;
	/* PEs whose memory is apart share no descriptor either. */
	config.gpt_max_block = 2;
	config.port = b.port;
	return rmm_system_create(&config, &b.sys, &b.out->error);
}

void run_here(const run_options &options, bench_actor actor, outcome &out)
{
	rmm_timing_profile *profile = nullptr;
	rmm_timing_options timing = {};
	bench b = {};
	trampoline t = {&b, actor};

	if (rmm_profile_load(nullptr, &profile, &out.error) != 0)
		return;
	timing.profile = profile;
	timing.quantum_ns = options.quantum_ns;
	timing.seed = options.seed;
	timing.start_skew = options.start_skew;
	if (rmm_timed_create(&timing, &b.timed, &out.error) != 0)
		return;
	b.port = rmm_timed_port(b.timed);
	b.out = &out;
	b.parameter = options.parameter;
	if (options.with_core && create_system(options, b) != 0)
		return;
	for (unsigned int i = 0; i < options.runs; i++)
		out.result = rmm_timed_run(b.timed, options.pes, call_actor, &t, &out.error);
	copy_report(*rmm_timed_report(b.timed), out);
	rmm_system_destroy(b.sys);
	rmm_timed_destroy(b.timed);
	rmm_profile_free(profile);
}

/* Whatever the library prints ends in this file. */
bool silent_in_child(const run_options &options, bench_actor actor, outcome &out)
{
	std::FILE *const sink = std::tmpfile();

	if (sink == nullptr)
		return false;
	(void)std::fflush(nullptr);
	(void)dup2(fileno(sink), STDOUT_FILENO);
	(void)dup2(fileno(sink), STDERR_FILENO);
	run_here(options, actor, out);
	(void)std::fflush(nullptr);
	return lseek(fileno(sink), 0, SEEK_END) == 0;
}

} /* namespace */

#ifdef RMMSIM_COVERAGE
extern "C" void __gcov_dump(void);
#endif

/* _exit does not write what gcov has counted. */
static void leave_counters()
{
#ifdef RMMSIM_COVERAGE
	__gcov_dump();
#endif
}

outcome run_timed(const run_options &options, bench_actor actor)
{
	auto *const shared =
		static_cast<outcome *>(mmap(nullptr, sizeof(outcome), PROT_READ | PROT_WRITE,
					    MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	outcome copy = {};
	int status = 0;

	copy.result = -2;
	if (shared == MAP_FAILED)
		return copy;
	*shared = outcome{};
	shared->result = -2;
	const pid_t child = fork();
	if (child == 0) {
		shared->silent = silent_in_child(options, actor, *shared);
		leave_counters();
		_exit(EXIT_SUCCESS);
	}
	if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status))
		copy = *shared;
	(void)munmap(shared, sizeof(outcome));
	return copy;
}
