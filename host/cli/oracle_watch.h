/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --oracle: every call of a run is judged by the conditions of the ABI description, and realms'
 * use of translations by the TLB lint.
 */
#ifndef RMM_CLI_ORACLE_WATCH_H
#define RMM_CLI_ORACLE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/smc.h"
#include "rmmsim/system.h"

struct rmm_oracle;

struct oracle_watch {
	struct rmm_oracle *oracle; /* created with the first call */
	uint64_t mismatches;
	uint64_t findings; /* of the TLB lint */
	bool failed;       /* no memory for the oracle: the calls went on without */
};

/* rmm_smc(), judged; `watch` is a struct oracle_watch. Mismatches go to stderr. */
void oracle_watch_smc(void *watch, struct rmm_system *sys, unsigned int pe, struct smc_regs *regs);

/* Says what was judged, on stderr; frees. Returns a status of the command line. */
int oracle_watch_end(struct oracle_watch *watch);

#endif
