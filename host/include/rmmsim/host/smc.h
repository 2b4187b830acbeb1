/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Links of a conduit chain. A link is a structure owned by the caller with the
 * conduit that it forwards to, and a function that returns the conduit to give
 * to whoever comes before it:
 *
 *	struct host_smc_stats stats = {.next = &machine};
 *	struct smc_conduit counted = host_smc_stats_conduit(&stats);
 *
 * The structures must outlive every use of the conduit. A chain belongs to one
 * PE, as every conduit does.
 */
#ifndef RMMSIM_HOST_SMC_H
#define RMMSIM_HOST_SMC_H

#include <stdint.h>

#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- retry ---------------------------------------------------------------- */

/*
 * Repeats a command that answers RMI_BUSY or RMI_BLOCKED, with its original
 * inputs, at most `bound` times; then the answer goes to the caller as it is.
 * Both promise that nothing has changed (DEN0137 2.0 B4, RmiStatusCode). All
 * other answers pass at once.
 */
struct host_smc_retry {
	struct smc_conduit *next;
	uint32_t bound; /* repetitions of one command; 0: none */

	/*
	 * Called before repetition `attempt` (from 1), to let somebody else run.
	 * Returns 0 to go on; anything else gives up at once. May be NULL.
	 */
	int (*wait)(void *ctx, uint32_t attempt);
	void *wait_ctx;

	uint64_t retries;   /* repetitions so far */
	uint64_t exhausted; /* commands that were given up */
};
struct smc_conduit host_smc_retry_conduit(struct host_smc_retry *retry);

/* ---- statistics ------------------------------------------------------------- */

/* Function numbers reserved for CCA, bits [15:0] of the function identifier. */
#define HOST_SMC_FNUM_FIRST   0x150u
#define HOST_SMC_FNUM_LAST    0x2cfu
#define HOST_SMC_NUM_FNUMS    (HOST_SMC_FNUM_LAST - HOST_SMC_FNUM_FIRST + 1u)

/* Status codes told apart; larger ones are counted in the last place. */
#define HOST_SMC_NUM_STATUSES 32u

/* Counts what passes and changes nothing. Zero it, set `next`. */
struct host_smc_stats {
	struct smc_conduit *next;
	uint64_t calls;         /* everything that passed */
	uint64_t not_supported; /* answered SMCCC_NOT_SUPPORTED */
	uint64_t by_function[HOST_SMC_NUM_FNUMS];
	uint64_t by_status[HOST_SMC_NUM_STATUSES]; /* bits [7:0] of X0; CCA calls only */
};
struct smc_conduit host_smc_stats_conduit(struct host_smc_stats *stats);

/* Calls of one function identifier (the SVE hint is ignored); 0 outside the CCA range. */
uint64_t host_smc_stats_calls(const struct host_smc_stats *stats, uint64_t fid);

#ifdef __cplusplus
}
#endif

#endif
