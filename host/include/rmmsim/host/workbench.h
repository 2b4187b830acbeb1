/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The whole chain in one piece, between a host under test and its machine:
 *
 *	host ── checker ── ledger ── fault injector ── recorder ── machine
 *
 * Any back end will do: the machine is a conduit, and its memory two functions.
 */
#ifndef RMMSIM_HOST_WORKBENCH_H
#define RMMSIM_HOST_WORKBENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "rmmsim/host/checker.h"
#include "rmmsim/host/error.h"
#include "rmmsim/host/fault_injection.h"
#include "rmmsim/host/finding.h"
#include "rmmsim/host/ledger.h"
#include "rmmsim/host/memory.h"
#include "rmmsim/host/recorder.h"
#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

struct host_workbench_config {
	enum rmm_version version;
	struct smc_conduit machine;    /* copied; what its ctx points to must outlive the bench */
	struct host_memory_ops memory; /* likewise */

	/* Fault injection as text; NULL: none. `environment`: $RMMSIM_INJECT comes after it. */
	const char *inject;
	bool environment;
	uint64_t seed;

	FILE *record;            /* a recording of what the machine sees; NULL: none */
	const char *record_head; /* as `head` of host_recorder_create() */
	bool backtrace;          /* in the ledger */

	/* As in struct host_checker_config. */
	uint32_t repeat_limit;
	uint32_t busy_limit;
	void (*stuck)(void *ctx);
	void *stuck_ctx;
};

struct host_workbench;

/*
 * The bench is the caller's. HOST_ERROR_CONFIG when the text of the fault
 * injection is wrong, HOST_ERROR_NO_MEMORY when there is no heap memory.
 */
enum host_status host_workbench_create(const struct host_workbench_config *config,
				       struct host_workbench **out, struct host_error *error);
void host_workbench_destroy(struct host_workbench *bench);

/* What the host under test gets. */
struct smc_conduit host_workbench_conduit(struct host_workbench *bench);
struct host_memory_ops host_workbench_memory(struct host_workbench *bench);

/* The links; they belong to the bench. */
struct host_checker *host_workbench_checker(struct host_workbench *bench);
struct host_ledger *host_workbench_ledger(struct host_workbench *bench);
struct host_injector *host_workbench_injector(struct host_workbench *bench);
struct host_recorder *host_workbench_recorder(struct host_workbench *bench); /* NULL: none */
struct host_findings *host_workbench_findings(struct host_workbench *bench);

/* The end of the test: host_checker_finish. Returns the number of findings. */
uint64_t host_workbench_finish(struct host_workbench *bench);

#ifdef __cplusplus
}
#endif

#endif
