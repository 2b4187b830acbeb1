/* SPDX-License-Identifier: BSD-3-Clause */
/* A call as cheap as a host can make it. */
#ifndef RMMSIM_BENCH_CALL_H
#define RMMSIM_BENCH_CALL_H

#include <stdint.h>

#include "bench.h"

/* PE 0 makes all calls. Remembers the first one that did not succeed. */
static inline void bench_call(struct bench_machine *m, uint32_t fid, uint64_t x1, uint64_t x2,
			      uint64_t x3, uint64_t x4, uint64_t x5)
{
	m->regs.x[0] = fid;
	m->regs.x[1] = x1;
	m->regs.x[2] = x2;
	m->regs.x[3] = x3;
	m->regs.x[4] = x4;
	m->regs.x[5] = x5;
	if (m->through)
		smc_call(m->through, &m->regs);
	else
		rmm_smc(m->sys, 0, &m->regs);
	if (m->regs.x[0] != 0 && m->failed_fid == 0) {
		m->failed_fid = fid;
		m->failed_result = m->regs.x[0];
	}
}

/* "RMI_RTT_CREATE" */
const char *bench_fid_name(const struct bench_machine *m, uint32_t fid);

#endif
