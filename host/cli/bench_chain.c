/* SPDX-License-Identifier: BSD-3-Clause */
/* The chain of conduits between a host under test and the machine, for what it costs. */
#include <stdlib.h>

#include "bench.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/workbench.h"

struct bench_chain {
	struct rmm_conduit_ctx pe;
	struct host_workbench *workbench;
	struct smc_conduit conduit;
};

void bench_chain_begin(struct bench_machine *m, uint64_t ops)
{
	struct bench_chain *chain = calloc(1, sizeof(*chain));
	struct host_workbench_config config = {
		.version = m->config.version,
		.memory = host_model_memory(m->sys),
		/* The same question is asked more often than a host ever would. */
		.repeat_limit = UINT32_MAX,
	};

	(void)ops;
	if (!chain)
		return;
	chain->pe = (struct rmm_conduit_ctx){.sys = m->sys, .pe = 0};
	config.machine = rmm_conduit(&chain->pe);
	m->chain = chain;
	if (host_workbench_create(&config, &chain->workbench, NULL) != HOST_OK) {
		bench_chain_end(m, 0);
		return;
	}
	chain->conduit = host_workbench_conduit(chain->workbench);
	m->through = &chain->conduit;
}

void bench_chain_end(struct bench_machine *m, uint64_t ops)
{
	(void)ops;
	m->through = NULL;
	if (!m->chain)
		return;
	host_workbench_destroy(m->chain->workbench);
	free(m->chain);
	m->chain = NULL;
}
