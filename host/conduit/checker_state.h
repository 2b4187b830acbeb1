/* SPDX-License-Identifier: BSD-3-Clause */
/* What a checker is made of; shared by its files. */
#ifndef RMMCONDUIT_CHECKER_STATE_H
#define RMMCONDUIT_CHECKER_STATE_H

#include "../fail.h"
#include "ledger_state.h"
#include "rmmsim/host/checker.h"

#define CHECK_MAX_PENDING 64u
#define CHECK_MAX_REPEATS 256u

/* A range command that succeeded in part: [out_top, top) is left to do. */
struct pending_range {
	enum rmm_command id;
	const char *name;
	uint64_t rd;
	uint64_t base, out_top, top;
	uint64_t call;
	uint32_t tries; /* calls from out_top on that made no progress */
};

/* What is known of a REC that was entered. */
struct entered_rec {
	uint64_t rec;
	uint64_t run; /* PA of the last run page */
	uint64_t call;
	bool failed; /* the last entry */
	bool exited; /* the next members hold: the last exit */
	uint64_t reason;
	uint64_t esr;
	bool psci_due; /* an RMI_PSCI_COMPLETE */
};

struct repeat {
	uint64_t key; /* of a call and its answer; 0: free */
	uint64_t epoch;
	uint32_t count;
	uint64_t first; /* number of the first such call */
};

struct host_checker {
	struct host_checker_config config;
	uint64_t now; /* number of the call that is being looked at */
	struct pending_range pending[CHECK_MAX_PENDING];
	size_t num_pending;
	struct entered_rec *recs;
	size_t num_recs;
	uint64_t enter_flags; /* of the entry that is on its way */
	struct repeat repeats[CHECK_MAX_REPEATS];
	uint64_t epoch; /* changes of state so far */
	bool gave_up;
	uint32_t calls_since; /* it gave up */
};

/* Where and what; the text of a finding follows as a format. */
struct note {
	enum host_finding_kind kind;
	const struct observed *o; /* NULL: no call */
	struct host_origin origin;
	uint64_t address;
	const char *remedy;
};

void checker_note(struct host_checker *c, const struct note *note, const char *format, ...)
	HOST_PRINTF(3, 4);

/* The call was refused for good: neither success nor "again" nor "not finished". */
bool checker_refused(const struct observed *o);

/* What holds pa, as it was before the call; NULL: it is the host's own. */
const struct span *checker_holder(const struct host_checker *c, uint64_t pa);

/*
 * The checks. `before` ones see the ledger as it was, and give their verdict in
 * `after`, when the answer is known.
 */

/* The first thing about the granules of a call that the RMM will not like. */
struct granule_verdict {
	bool bad;
	struct note note;
	char text[256];
};

/* ---- check_granules.c ---- */
void check_granules_before(struct host_checker *c, const struct observed *o,
			   struct granule_verdict *verdict);
void check_granules_after(struct host_checker *c, const struct observed *o,
			  const struct granule_verdict *verdict);

/* ---- check_objects.c ---- */
void check_objects_before(struct host_checker *c, const struct observed *o,
			  struct granule_verdict *verdict);

/* ---- check_operations.c ---- */
void check_operations_before(struct host_checker *c, const struct observed *o,
			     struct granule_verdict *verdict);

/* ---- check_teardown.c ---- */
void check_teardown_before(struct host_checker *c, const struct observed *o,
			   struct granule_verdict *verdict);

/* Fills in a verdict, the first one only. */
void verdict_set(struct granule_verdict *verdict, const struct note *note, const char *format, ...)
	HOST_PRINTF(3, 4);

/* ---- check_progress.c ---- */
void check_progress_before(struct host_checker *c, const struct observed *o);
void check_progress_after(struct host_checker *c, const struct observed *o);
void check_progress_finish(struct host_checker *c);

/* Whether a delegation has left pa out, and the host may not know: says so. */
bool check_progress_skipped(struct host_checker *c, const struct observed *o, uint64_t pa);

/* ---- check_entry.c ---- */
void check_entry_before(struct host_checker *c, const struct observed *o);
void check_entry_after(struct host_checker *c, const struct observed *o);
void check_entry_read(struct host_checker *c, uint64_t pa, uint64_t len);
void check_entry_write(struct host_checker *c, uint64_t pa, uint64_t len);

/* ---- check_repeat.c ---- */
void check_repeat_after(struct host_checker *c, const struct observed *o);

#endif
