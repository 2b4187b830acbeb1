/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SMC as a value: what a caller puts into registers and where it sends
 * them. The generated call wrappers and every host library are written against
 * this file alone.
 */
#ifndef RMMSIM_SMC_H
#define RMMSIM_SMC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X0..X17, as SMCCC 1.2 and later pass them. */
#define SMC_NUM_REGS 18

struct smc_regs {
	uint64_t x[SMC_NUM_REGS];
};

/*
 * One end of a chain: whoever holds a conduit can make calls, whoever fills
 * one in can answer or forward them. The caller owns the structure; `ctx` is
 * passed back as it is. `call` replaces the inputs by the outputs in place.
 * A conduit belongs to one PE: two threads must not call through one conduit
 * at the same time.
 */
struct smc_conduit {
	void (*call)(void *ctx, struct smc_regs *regs);
	void *ctx;
};

static inline void smc_call(struct smc_conduit *conduit, struct smc_regs *regs)
{
	conduit->call(conduit->ctx, regs);
}

#ifdef __cplusplus
}
#endif

#endif
