/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A test of a host under the workbench: five lines around it, and it can be run
 * with anything failing. With LEAK the host forgets its page where it should
 * not; the exhaustive mode finds out.
 */
#include <rmmsim/abi/rmm2_0b1_plain_calls.h>
#include <rmmsim/host/workbench_main.h>

#define DRAM    UINT64_C(0x80000000)
#define PAGE    UINT64_C(4096)

#define RD      DRAM
#define ROOT    (DRAM + PAGE)
#define PARAMS  (DRAM + 2 * PAGE)

#define PATIENT 100 /* repetitions of a command that answers RMI_BUSY */

struct toy {
	struct smc_conduit *smc;
	const struct host_memory_ops *memory;
};

static uint64_t status_of(uint64_t x0)
{
	return rmi_result_get_status(x0);
}

/* Progress may be partial, and a page that is refused is tried again. */
static bool move(struct toy *toy, bool delegate, uint64_t base, uint64_t top)
{
	for (int tries = 0; base < top && tries < PATIENT; tries++) {
		const struct smc_regs in = {{delegate ? FID_RMI_GRANULE_RANGE_DELEGATE
						      : FID_RMI_GRANULE_RANGE_UNDELEGATE,
					     base, top}};
		struct smc_regs out = in;

		smc_call(toy->smc, &out);
		if (status_of(out.x[0]) == RMI_SUCCESS)
			base = out.x[1];
	}
	return base == top;
}

static bool create(struct toy *toy)
{
	struct rmi_realm_params params = {
		.s2sz = 39,
		.num_bps = 1,
		.num_wps = 1,
		.hash_algo = RMI_HASH_SHA_256,
		.rtt_base = ROOT,
		.rtt_level_start = 1,
		.rtt_num_start = 1,
	};
	const struct host_memory_ops *memory = toy->memory;
	uint64_t status = RMI_BUSY;

	if (!memory->write(memory->ctx, PARAMS, &params, sizeof(params)))
		return false;
	for (int tries = 0; tries < PATIENT && status == RMI_BUSY; tries++)
		status = status_of(rmi_realm_create(toy->smc, RD, PARAMS).result);
	return status == RMI_SUCCESS;
}

static void destroy(struct toy *toy)
{
	for (int tries = 0; tries < PATIENT; tries++)
		if (status_of(rmi_realm_terminate(toy->smc, RD).result) == RMI_SUCCESS)
			break;
	for (int tries = 0; tries < PATIENT; tries++)
		if (status_of(rmi_realm_destroy(toy->smc, RD).result) == RMI_SUCCESS)
			break;
}

static bool test(void *ctx, struct smc_conduit *smc, const struct host_memory_ops *memory)
{
	struct toy toy = {.smc = smc, .memory = memory};
	bool ok;

	(void)ctx;
	if (!move(&toy, true, RD, ROOT + PAGE))
		return false;
	ok = create(&toy);
	if (ok)
		destroy(&toy);
#ifdef LEAK
	else
		return false;
#endif
	return move(&toy, false, RD, ROOT + PAGE) && ok;
}

int main(int argc, char **argv)
{
	struct rmm_config machine = rmm_config_default();
	const struct host_test realm = {.run = test, .machine = &machine};

	machine.active_at_boot = true;
	return host_workbench_main(argc, argv, &realm);
}
