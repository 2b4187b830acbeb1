/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The recorder: a link that writes every call and its answer, and what the host
 * wrote into the pages that it names, as a recording for `rmmsim replay`
 * (docs/traces.md, Recordings). Put it last in the chain to record what the
 * machine saw, first to record what the host saw.
 */
#ifndef RMMSIM_HOST_RECORDER_H
#define RMMSIM_HOST_RECORDER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "rmmsim/abi/ids.h"
#include "rmmsim/host/memory.h"
#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

struct host_recorder;

/*
 * `out` stays the caller's and is written only while a call passes; `memory`
 * must outlive the recorder. `head` stands before the first call: whole lines,
 * such as comments and those of host_model_recording(); may be NULL. Returns 0,
 * or -1 when out of memory or an argument is missing.
 */
int host_recorder_create(enum rmm_version version, const struct host_memory_ops *memory, FILE *out,
			 const char *head, struct host_recorder **recorder);
void host_recorder_destroy(struct host_recorder *recorder);

/*
 * What the host does to its PE beside calls: interrupt lines, and registers of the
 * virtual GIC (by number, of an implementation's choice). Each may be NULL.
 */
#define HOST_RECORDER_ICH 18u
struct host_recorder_platform {
	void *ctx;
	bool (*irq_is_up)(void *ctx);
	bool (*fiq_is_up)(void *ctx);
	bool (*read_ich)(void *ctx, unsigned int reg,
			 uint64_t *value); /* reg < HOST_RECORDER_ICH */
};

/*
 * Copied; what its ctx points to must outlive the recorder. Without one an entry
 * that ended with an interrupt is taken to have met one of the host's.
 */
void host_recorder_watch(struct host_recorder *recorder,
			 const struct host_recorder_platform *platform);

/* The link of one PE. */
struct host_recorder_link {
	struct host_recorder *recorder;
	struct smc_conduit *next;
};
struct smc_conduit host_recorder_conduit(struct host_recorder_link *link);

/* The line of the last call; 0 before the first one. */
uint64_t host_recorder_line(const struct host_recorder *recorder);

/* A line of somebody else, without its end, before that of the call that is on its way. */
void host_recorder_add(struct host_recorder *recorder, const char *line);

#ifdef __cplusplus
}
#endif

#endif
