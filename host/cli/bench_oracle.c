/* SPDX-License-Identifier: BSD-3-Clause */
/* The oracle between a host and the machine, for what it costs to judge each call. */
#include <stdlib.h>

#include "bench.h"
#include "oracle/rmm_oracle.h"

struct bench_oracle {
	struct rmm_oracle_conduit_ctx pe;
	struct smc_conduit conduit;
};

void bench_oracle_begin(struct bench_machine *m, uint64_t ops)
{
	/* Each answer is judged; the whole machine is not looked at, which is a matter of its size.
	 */
	const struct rmm_oracle_options options = {0};
	struct bench_oracle *oracle = calloc(1, sizeof(*oracle));

	(void)ops;
	if (!oracle)
		return;
	m->oracle = oracle;
	oracle->pe.oracle = rmm_oracle_create(m->sys, &options);
	if (!oracle->pe.oracle) {
		bench_oracle_end(m, 0);
		return;
	}
	oracle->conduit = rmm_oracle_conduit(&oracle->pe);
	m->through = &oracle->conduit;
}

void bench_oracle_end(struct bench_machine *m, uint64_t ops)
{
	(void)ops;
	m->through = NULL;
	if (!m->oracle)
		return;
	if (m->oracle->pe.oracle)
		rmm_oracle_destroy(m->oracle->pe.oracle);
	free(m->oracle);
	m->oracle = NULL;
}
