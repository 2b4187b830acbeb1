/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One fixed workload on several PEs, its report on stdout: the determinism
 * test compares what two processes print. Usage: timing-driver [json]
 */
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "rmm_timing.h"

namespace
{

struct workload {
	rmm_timed *timed;
	rmm_port port;
};

void work(void *ctx, unsigned int pe)
{
	const auto &w = *static_cast<const workload *>(ctx);
	const rmm_port &p = w.port;

	for (unsigned int i = 0; i < 200; i++) {
		const auto command = static_cast<rmm_command>(i % 2);
		const std::uint64_t pa = ((i * 7 + pe * 3) % 11) * 4096;

		rmm_timed_call_begin(w.timed, pe, command);
		p.charge(p.ctx, pe, RMM_COST_SMC, 1, 0);
		p.charge(p.ctx, pe, RMM_COST_NS_READ, 64 * (1 + i % 3), pa);
		p.lock(p.ctx, pe, pa);
		p.charge(p.ctx, pe, RMM_COST_WIPE, 4096 * (1 + pe), pa);
		p.charge(p.ctx, pe, RMM_COST_TLBI_STAGE2, 1, 0);
		p.unlock(p.ctx, pe, pa);
		p.charge(p.ctx, pe, RMM_COST_SMC_RETURN, 1, 0);
		rmm_timed_call_end(w.timed, pe, command);
	}
}

int complain(const rmm_error &error)
{
	(void)std::fprintf(stderr, "timing-driver: %s\n", error.text);
	return EXIT_FAILURE;
}

} /* namespace */

int main(int argc, char **argv)
{
	rmm_timing_profile *profile = nullptr;
	rmm_timing_options options = {};
	rmm_error error = {};
	workload w = {};

	if (rmm_profile_load(nullptr, &profile, &error) != 0)
		return complain(error);
	options.profile = profile;
	options.seed = 42;
	options.start_skew = 5000;
	if (rmm_timed_create(&options, &w.timed, &error) != 0)
		return complain(error);
	w.port = rmm_timed_port(w.timed);
	if (rmm_timed_run(w.timed, 6, work, &w, &error) != 0)
		return complain(error);
	if (argc > 1 && std::strcmp(argv[1], "json") == 0)
		rmm_timing_print_json(stdout, rmm_timed_report(w.timed));
	else
		rmm_timing_print(stdout, rmm_timed_report(w.timed));
	rmm_timed_destroy(w.timed);
	rmm_profile_free(profile);
	return EXIT_SUCCESS;
}
