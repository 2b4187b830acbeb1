/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The oracle: judges every call of a machine by the conditions of the ABI
 * description, and the whole machine by invariants. It shares no code with the
 * command handlers. One oracle belongs to one machine and is used by one thread
 * at a time.
 */
#ifndef RMM_ORACLE_RMM_ORACLE_H
#define RMM_ORACLE_RMM_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rmmsim/smc.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rmm_oracle;

struct rmm_oracle_options {
	/*
	 * Every n-th call compares the whole machine before and after, so that a
	 * change outside the footprint of a command is seen wherever it is.
	 * 0: never, 1: each call.
	 */
	unsigned int deep_every;

	/* Every n-th call checks the invariants afterwards. 0: never. */
	unsigned int invariants_every;

	/*
	 * Where to write the calls so far when one is judged wrong, in the form
	 * that `rmmsim replay` reads. NULL: nowhere. The log holds the host's
	 * writes that went through rmm_oracle_note_write().
	 */
	const char *log_path;

	/* Keep the calls in memory; without it there is no log. */
	bool keep_log;

	/* Called with the text of each mismatch. NULL: none. */
	void (*mismatch)(void *ctx, const char *text);
	void *ctx;
};

struct rmm_oracle_counts {
	uint64_t calls;
	uint64_t mismatches;
	uint64_t failures_judged;  /* calls that named a condition */
	uint64_t successes_judged; /* conditions of successes that were evaluated */
	uint64_t unknown;          /* of these: the oracle had no opinion */
	uint64_t deep;             /* calls compared as a whole */
};

/* deep_every 64, invariants_every 0, a log, no file. */
struct rmm_oracle_options rmm_oracle_options_default(void);

/* Options are copied; the machine must outlive the oracle. NULL: out of memory. */
struct rmm_oracle *rmm_oracle_create(struct rmm_system *sys,
				     const struct rmm_oracle_options *options);
void rmm_oracle_destroy(struct rmm_oracle *oracle);

/*
 * rmm_smc(), judged. Returns true when the answer is one that the description
 * allows.
 */
bool rmm_oracle_smc(struct rmm_oracle *oracle, unsigned int pe, struct smc_regs *regs);

/* A conduit whose calls are judged. The caller owns both structures. */
struct rmm_oracle_conduit_ctx {
	struct rmm_oracle *oracle;
	unsigned int pe;
};
struct smc_conduit rmm_oracle_conduit(struct rmm_oracle_conduit_ctx *ctx);

/* For the log: the host wrote 8 bytes. */
void rmm_oracle_note_write(struct rmm_oracle *oracle, uint64_t pa, uint64_t value);

/* The last mismatch, or NULL. */
const char *rmm_oracle_text(const struct rmm_oracle *oracle);
const struct rmm_oracle_counts *rmm_oracle_tally(const struct rmm_oracle *oracle);

/* How many conditions of a version are checked fully, partly, and by which functions not. */
void rmm_oracle_coverage(enum rmm_version version, FILE *out);

/* ---- transitions ---------------------------------------------------------------- */

/*
 * Follows the objects of a machine from state to state and compares with the
 * state machines of the ABI description (rmm_abi_state_machines). It sees the
 * machine as it is when it looks.
 */
struct rmm_transitions;

/* Looks for the first time. The machine must outlive it. NULL: out of memory. */
struct rmm_transitions *rmm_transitions_create(const struct rmm_system *sys);
void rmm_transitions_destroy(struct rmm_transitions *transitions);

/* Looks again, and does not mind what has changed: too much may have happened. */
void rmm_transitions_skip(struct rmm_transitions *transitions);

/*
 * Looks again, and counts what has changed. `command` made the changes;
 * RMM_CMD_COUNT: it does not matter who. Returns false when a transition does
 * not exist, or is none of that command: `text` says which, if it is not NULL.
 */
bool rmm_transitions_look(struct rmm_transitions *transitions, enum rmm_command command, char *text,
			  size_t len);

/* How often a transition of a state machine has been seen; indices into its tables. */
uint64_t rmm_transitions_count(const struct rmm_transitions *transitions, size_t machine,
			       size_t transition);

/* What an oracle has seen, on the calls that it compared as a whole. */
const struct rmm_transitions *rmm_oracle_transitions(const struct rmm_oracle *oracle);

/* ---- invariants ----------------------------------------------------------------- */

struct rmm_invariant {
	const char *name;
	const char *source; /* section of the facts that it comes from */
	const char *says;
};

/* All of them, in the order in which they are checked. */
extern const struct rmm_invariant rmm_invariants[];
extern const size_t rmm_num_invariants;

struct rmm_violation {
	const struct rmm_invariant *invariant;
	char text[256];
};

/*
 * Checks the machine between two calls. Returns how many violations there are;
 * the first `max` of them are described.
 */
size_t rmm_check_invariants(const struct rmm_system *sys, struct rmm_violation *violations,
			    size_t max);

#ifdef __cplusplus
}
#endif

#endif
