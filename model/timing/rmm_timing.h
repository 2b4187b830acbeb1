/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timed runs: the functional core on simulated PEs, with costs from a profile.
 *
 *	rmm_profile_load(NULL, &profile, &error);
 *	rmm_timed_create(&(struct rmm_timing_options){.profile = profile}, &timed, &error);
 *	config.port = rmm_timed_port(timed);
 *	rmm_system_create(&config, &sys, &error);
 *	rmm_timed_run(timed, 4, actor, ctx, &error);      actor(ctx, 0..3), one a PE
 *	rmm_timing_print(stdout, rmm_timed_report(timed));
 *
 * docs/timing-model.md says what is modelled and how to read the numbers.
 *
 * Functions return 0, or -1 with a sentence in `error` (which may be NULL). No
 * C++ exception leaves this interface and nothing is printed by itself. The
 * simulation kernel exists once in a process: rmm_timed_run works once.
 */
#ifndef RMM_TIMING_H
#define RMM_TIMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rmmsim/abi/ids.h"
#include "rmmsim/error.h"
#include "rmmsim/port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- profiles ------------------------------------------------------------- */

/* Where a number comes from. */
enum rmm_timing_kind {
	RMM_TIMING_ASSUMPTION, /* nobody measured it */
	RMM_TIMING_LITERATURE, /* published, or derived from published figures as the source says */
	RMM_TIMING_MEASURED,   /* measured on the machine that the profile describes */
	RMM_TIMING_KIND_COUNT,
};

/* "assumption", "literature", "measured". */
const char *rmm_timing_kind_name(enum rmm_timing_kind kind);

/* What several PEs share and can wait for. */
enum rmm_resource {
	RMM_RESOURCE_INTERCONNECT,  /* per byte of memory traffic */
	RMM_RESOURCE_DRAM,          /* per byte of memory traffic */
	RMM_RESOURCE_DVM,           /* per broadcast TLB invalidation */
	RMM_RESOURCE_LOCK_TRANSFER, /* per lock that another PE held last */
	RMM_RESOURCE_COUNT,
};

/* "interconnect", "dram", "dvm", "lock-transfer". */
const char *rmm_resource_name(enum rmm_resource resource);

/* `once` cycles for every event, and `cycles` for every `per` units of it, rounded up. */
struct rmm_rate {
	uint64_t once;
	uint64_t cycles;
	uint64_t per;
	enum rmm_timing_kind kind;
	const char *source;
};

/* A machine's costs. Read-only once loaded. */
struct rmm_timing_profile {
	const char *name;
	const char *about;
	uint32_t clock_mhz;
	enum rmm_timing_kind clock_kind;
	const char *clock_source;
	struct rmm_rate costs[RMM_COST_COUNT];
	struct rmm_rate resources[RMM_RESOURCE_COUNT];
	void *memory; /* owns the strings */
};

/*
 * Reads a profile (YAML). path NULL: the built-in profile "generic-server".
 * Errors name file, line and column and say what to do. The caller frees it.
 */
int rmm_profile_load(const char *path, struct rmm_timing_profile **out, struct rmm_error *error);
void rmm_profile_free(struct rmm_timing_profile *profile);

/* ---- reports -------------------------------------------------------------- */

/* Where the cycles of something went. total = sum of by_cost + lock_wait + resource_wait. */
struct rmm_timing_share {
	uint64_t total;
	uint64_t by_cost[RMM_COST_COUNT];
	uint64_t lock_wait;     /* for a lock, its transfer between PEs included */
	uint64_t resource_wait; /* for interconnect, DRAM or DVM */
};

struct rmm_timing_command {
	enum rmm_command command; /* RMM_CMD_COUNT: calls that are no command */
	uint64_t calls;           /* > 0 */
	uint64_t min, max;        /* cycles of one call */
	struct rmm_timing_share share;
};

struct rmm_timing_pe {
	uint64_t cycles; /* when its actor returned */
	uint64_t calls;
	uint64_t yields; /* times that other PEs could run */
	struct rmm_timing_share share;
};

struct rmm_timing_report {
	const struct rmm_timing_profile *profile;
	uint64_t quantum_ns;
	uint64_t seed;
	uint64_t cycles;                 /* of the PE that was last */
	uint64_t units[RMM_COST_COUNT];  /* what was charged: events, bytes, registers ... */
	uint64_t events[RMM_COST_COUNT]; /* and in how many charges */
	const struct rmm_timing_pe *pes;
	size_t num_pes;
	const struct rmm_timing_command *commands; /* in order of enum rmm_command */
	size_t num_commands;
};

/* Cycles at the profile's clock, in nanoseconds. */
double rmm_timing_ns(const struct rmm_timing_report *report, uint64_t cycles);

/* Cycles of all PEs that come from numbers of this kind; waiting counts as its resource. */
uint64_t rmm_timing_cycles_of_kind(const struct rmm_timing_report *report,
				   enum rmm_timing_kind kind);

/* Aligned tables for people; one JSON object for programs. Both are deterministic. */
void rmm_timing_print(FILE *out, const struct rmm_timing_report *report);
void rmm_timing_print_json(FILE *out, const struct rmm_timing_report *report);

/* ---- runs ----------------------------------------------------------------- */

struct rmm_timing_options {
	const struct rmm_timing_profile *profile; /* must outlive the run; not NULL */
	uint64_t quantum_ns;                      /* how far a PE may run ahead; 0: 1000 */
	size_t stack_bytes;                       /* of an actor; 0: 512 KiB; at least 64 KiB */
	/*
	 * With a start_skew, PE i starts at a pseudo-random cycle below it that
	 * depends on seed: another seed is another interleaving, the same seed
	 * the same one.
	 */
	uint64_t seed;
	uint64_t start_skew;
};

struct rmm_timed;

int rmm_timed_create(const struct rmm_timing_options *options, struct rmm_timed **out,
		     struct rmm_error *error);

/* After the systems that use its port are destroyed. NULL is allowed. */
void rmm_timed_destroy(struct rmm_timed *timed);

/*
 * The port for struct rmm_config. What happens outside rmm_timed_run (the
 * creation of the system, say) costs nothing and never waits.
 */
struct rmm_port rmm_timed_port(struct rmm_timed *timed);

/*
 * Runs actor(ctx, i) for i in 0..num_actors-1, each on its own PE, until all
 * have returned. Time is charged to the PE whose actor made the call. Fails
 * when a simulation has already run in this process, and when PEs wait for
 * each other's locks for ever: the sentence then says who waits for what.
 */
int rmm_timed_run(struct rmm_timed *timed, unsigned int num_actors,
		  void (*actor)(void *ctx, unsigned int actor_index), void *ctx,
		  struct rmm_error *error);

/*
 * Around each SMC, on the actor's own thread: what happens between them is
 * accounted to `command`. A pair inside a pair counts for the outer one.
 */
void rmm_timed_call_begin(struct rmm_timed *timed, unsigned int pe, enum rmm_command command);
void rmm_timed_call_end(struct rmm_timed *timed, unsigned int pe, enum rmm_command command);

/* The calling actor's time in cycles; outside a run, the end of the last one. */
uint64_t rmm_timed_cycles(const struct rmm_timed *timed);

/* Lets other PEs catch up, and this one wait for `cycles` cycles (host work). */
void rmm_timed_wait(struct rmm_timed *timed, uint64_t cycles);

/* What the run found. Valid until the struct rmm_timed is destroyed; empty before the run. */
const struct rmm_timing_report *rmm_timed_report(const struct rmm_timed *timed);

#ifdef __cplusplus
}
#endif

#endif
