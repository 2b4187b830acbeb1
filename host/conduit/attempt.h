/* SPDX-License-Identifier: BSD-3-Clause */
/* One run of an exhaustive test, here or in a process of its own. */
#ifndef RMMCONDUIT_ATTEMPT_H
#define RMMCONDUIT_ATTEMPT_H

#include "rmmsim/host/exhaustive.h"

/* What fails: call 0 is none. */
struct attempt_plan {
	uint64_t call;
	uint64_t choice;
};

/* Besides the outcome: in how many ways the call can fail. */
struct attempt_result {
	struct host_attempt attempt;
	uint64_t choices;
	bool made; /* false: there was no machine */
};

/* Runs in this process. `stuck` (may be NULL) is told of a host that does not end. */
void attempt_run(const struct host_exhaustive_config *config, const struct attempt_plan *plan,
		 void (*stuck)(void *ctx), struct attempt_result *result);

/* Runs in a child; false when there is none to be had. */
bool attempt_run_isolated(const struct host_exhaustive_config *config,
			  const struct attempt_plan *plan, struct attempt_result *result);

/* What is known so far: for a host that does not end. */
void attempt_collect(struct host_workbench *bench, const struct attempt_plan *plan,
		     enum rmm_version version, struct attempt_result *result);

#endif
