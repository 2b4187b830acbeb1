/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The protocol checker: a link of the conduit chain, and a wrapper of the
 * memory window, that knows what a host must not do and says so. It changes
 * neither calls nor answers, except to end a livelock.
 *
 * It stands directly before a ledger, which it asks what is held:
 *
 *	host ── checker ── ledger ── fault injector ── machine
 */
#ifndef RMMSIM_HOST_CHECKER_H
#define RMMSIM_HOST_CHECKER_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/host/finding.h"
#include "rmmsim/host/ledger.h"
#include "rmmsim/host/memory.h"
#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

struct host_checker_config {
	enum rmm_version version;
	struct host_memory_ops memory; /* of the machine; must outlive the checker */
	struct host_ledger *ledger;    /* likewise */
	struct host_findings *findings;

	/*
	 * The same call with the same answer so often, without any other call
	 * having changed the state of the RMM, is a livelock; 0: 1000. Answers
	 * RMI_BUSY and RMI_BLOCKED have a limit of their own; 0: 2,000,000.
	 */
	uint32_t repeat_limit;
	uint32_t busy_limit;

	/*
	 * From a livelock on every call answers SMCCC_NOT_SUPPORTED, which ends
	 * most loops. A host that goes on for repeat_limit calls more is handed
	 * to `stuck`, which need not return (longjmp, _exit). May be NULL.
	 */
	void (*stuck)(void *ctx);
	void *stuck_ctx;
};

struct host_checker;

/* The checker is the caller's. Returns 0, or -1 when out of memory. */
int host_checker_create(const struct host_checker_config *config, struct host_checker **out);
void host_checker_destroy(struct host_checker *checker);

/* The link of one PE; `next` must lead to the checker's ledger. */
struct host_checker_link {
	struct host_checker *checker;
	struct smc_conduit *next;
};
struct smc_conduit host_checker_conduit(struct host_checker_link *link);

/* The memory window to give to the host: accesses are judged, then performed. */
struct host_memory_ops host_checker_memory(struct host_checker *checker);

/*
 * For hosts that touch memory by pointer: tells of an access that the host
 * made or tried to make, with a granule protection fault as its result or not.
 */
void host_checker_touch(struct host_checker *checker, uint64_t pa, uint64_t len, bool write);

/* A livelock was found, and calls do not get through any more. */
bool host_checker_gave_up(const struct host_checker *checker);

/* The end of a test: what only the end shows, leaks included. Returns all findings so far. */
uint64_t host_checker_finish(struct host_checker *checker);

#ifdef __cplusplus
}
#endif

#endif
