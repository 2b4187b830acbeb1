/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of `rmmsim bench` share: the machine under test, and its operations. */
#ifndef RMMSIM_BENCH_H
#define RMMSIM_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/guest.h"
#include "rmmsim/system.h"

#define BENCH_REPETITIONS 15

/* One step that is repeated. */
struct bench_program {
	struct rmm_script_step steps[2];
	struct rmm_script script;
};

/*
 * A machine with one active realm. Operations work on a pool of host memory
 * behind it that is UNDELEGATED between them.
 */
struct bench_machine {
	struct rmm_config config;
	struct rmm_system *sys;
	struct rmm_scripts *scripts;
	struct bench_a64 *a64;      /* NULL: not here, or not needed so far */
	struct bench_program works; /* for ever */
	struct bench_program calls; /* the host, again and again */
	struct smc_regs regs;
	uint64_t sink; /* results that the compiler must not drop */

	/* What calls go through on their way to the machine; NULL: they make none. */
	struct smc_conduit *through;
	struct bench_chain *chain;
	struct bench_oracle *oracle;

	/* The first call that did not succeed; fid 0: none. */
	uint32_t failed_fid;
	uint64_t failed_result;

	/* PAs */
	uint64_t params;
	uint64_t run;
	uint64_t rd;
	uint64_t rec;
	uint64_t spare_rd; /* DELEGATED, for realms that come and go */
	uint64_t pool;
	uint64_t data; /* RAM of the realm */

	/* For RMI_REALM_CREATE of the spare realm. */
	uint64_t spare_params;
};

/* Returns 0, or -1 with a sentence. */
int bench_machine_create(struct bench_machine *m, struct rmm_error *error);
void bench_machine_destroy(struct bench_machine *m);

/* What the realm's REC executes from now on. */
void bench_realm_works(struct bench_machine *m, uint64_t ops);
void bench_realm_calls(struct bench_machine *m, uint64_t ops);

/*
 * From here on calls go through the whole workbench: checker, ledger, fault
 * injector. And no longer. For `prepare` and `restore`: `ops` is not used.
 */
void bench_chain_begin(struct bench_machine *m, uint64_t ops);
void bench_chain_end(struct bench_machine *m, uint64_t ops);

/* Likewise: from here on the oracle judges each call. */
void bench_oracle_begin(struct bench_machine *m, uint64_t ops);
void bench_oracle_end(struct bench_machine *m, uint64_t ops);

/*
 * One thing to measure. A batch is prepared, run under the clock, and undone;
 * `run` performs `ops` operations, at most max_batch.
 */
struct bench_operation {
	const char *name;
	const char *what;
	double peer_ns;   /* TF-RMM's fake host, recorded elsewhere; 0: no figure */
	bool rate;        /* how many a second is of interest, too */
	const char *bare; /* an earlier operation: the same, with nobody between; NULL: none */
	uint64_t max_batch;
	bool (*available)(struct bench_machine *m, struct rmm_error *error); /* NULL: always */
	void (*prepare)(struct bench_machine *m, uint64_t ops);              /* may be NULL */
	void (*run)(struct bench_machine *m, uint64_t ops);
	void (*restore)(struct bench_machine *m, uint64_t ops); /* may be NULL */
};

/* The first one is the reference: it has nothing to do with the model. */
extern const struct bench_operation bench_operations[];
extern const size_t bench_num_operations;

/* Nanoseconds an operation. */
struct bench_result {
	double median, min, max;
	uint64_t ops; /* measured, over all repetitions */
};

/*
 * Warms up, then repeats for about `seconds`. False when a call failed: the
 * machine says which.
 */
bool bench_measure(const struct bench_operation *operation, struct bench_machine *m, double seconds,
		   struct bench_result *result);

#endif
