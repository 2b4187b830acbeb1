/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Error paths without exception: a test is run once as it is, then again with
 * its first call failing, then with its second, until each has failed once. A
 * host that gets all of them right leaks nothing, hangs nowhere and crashes on
 * no path.
 */
#ifndef RMMSIM_HOST_EXHAUSTIVE_H
#define RMMSIM_HOST_EXHAUSTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rmmsim/host/workbench.h"

#ifdef __cplusplus
extern "C" {
#endif

enum host_outcome {
	HOST_OUTCOME_CLEAN,    /* no findings */
	HOST_OUTCOME_FINDINGS, /* leaks and mistakes */
	HOST_OUTCOME_HANG,     /* a livelock, or no end within the time */
	HOST_OUTCOME_CRASH,    /* the process of the attempt died; isolated attempts only */
	HOST_OUTCOME_COUNT,
};

/* "clean" ... Never NULL. */
const char *host_outcome_name(enum host_outcome outcome);

#define HOST_ATTEMPT_FINDINGS 16u

struct host_attempt {
	uint64_t call;    /* the one that failed; 0: none, the first run */
	char command[40]; /* its command */
	char failure[64]; /* the condition or status that it failed with */
	enum host_outcome outcome;
	int signal;            /* that killed it; 0: none */
	uint64_t calls;        /* of the whole attempt; 0 when not known */
	uint64_t num_findings; /* in all */
	struct host_finding findings[HOST_ATTEMPT_FINDINGS]; /* the first ones */
};

struct host_exhaustive_config {
	void *ctx; /* passed to all */

	/*
	 * A fresh machine: sets version, machine and memory of the bench, and
	 * whatever else it wants there. Returns 0, or -1 to give up.
	 */
	int (*setup)(void *ctx, struct host_workbench_config *bench);

	/* The test. It has to clean up after itself whatever fails. */
	void (*run)(void *ctx, struct host_workbench *bench);

	void (*teardown)(void *ctx); /* of the machine; may be NULL */

	/* Told of every attempt. May be NULL. */
	void (*report)(void *ctx, const struct host_attempt *attempt);

	/*
	 * Fails each call with each status that its command can have (except
	 * those with an RTT level, which depends on the tables), not only with
	 * the one of its first condition. Steps of stateful operations answer
	 * RMI_BUSY in any case, since an error would end the operation in the eyes
	 * of the host and not in those of the RMM.
	 */
	bool every_status;

	/* Each attempt in a process of its own, which may last so long. 0: in this process. */
	uint32_t timeout_ms;
};

struct host_exhaustive_result {
	uint64_t calls;    /* of the first run */
	uint64_t attempts; /* the first run included */
	uint64_t outcomes[HOST_OUTCOME_COUNT];
};

/* Returns 0, or -1 when an attempt could not be made. */
int host_exhaustive(const struct host_exhaustive_config *config,
		    struct host_exhaustive_result *result);

void host_attempt_print(const struct host_attempt *attempt, FILE *out);

#ifdef __cplusplus
}
#endif

#endif
