/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SMC as a value: what a caller puts into registers and where it sends
 * them. The generated call wrappers and every host library are written against
 * this file alone.
 */
#ifndef RMMSIM_SMC_H
#define RMMSIM_SMC_H

#include <stdbool.h>
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

/* X0 after a call that nobody answers: NOT_SUPPORTED of SMCCC, -1 in all bits. */
#define SMC_NOT_SUPPORTED UINT64_MAX

/* Not NULL, and aligned as both structures above are. */
static inline bool smc_is_argument(const void *pointer)
{
	return pointer && (uintptr_t)pointer % sizeof(uint64_t) == 0;
}

/* Whether somebody answers calls through this conduit. */
static inline bool smc_leads(const struct smc_conduit *conduit)
{
	return smc_is_argument(conduit) && conduit->call;
}

/*
 * Makes the call. Where the conduit is NULL, misaligned or has no `call`, the
 * answer is SMC_NOT_SUPPORTED, as that of a machine without RMM; smc_leads()
 * tells the two apart. Without registers nothing happens.
 */
static inline void smc_call(struct smc_conduit *conduit, struct smc_regs *regs)
{
	if (!smc_is_argument(regs))
		return;
	if (smc_leads(conduit))
		conduit->call(conduit->ctx, regs);
	else
		regs->x[0] = SMC_NOT_SUPPORTED;
}

#ifdef __cplusplus
}
#endif

#endif
