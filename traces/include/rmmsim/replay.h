/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recorded calls and answers of another implementation, played against this
 * one: how far do the two agree, and where not, why. Arguments that are NULL
 * make no recording and no text; rmm_replay_run() says so.
 */
#ifndef RMMSIM_REPLAY_H
#define RMMSIM_REPLAY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rmmsim/abi/introspect.h"
#include "rmmsim/error.h"
#include "rmmsim/smc.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- recordings --------------------------------------------------------- */

#define RMM_REPLAY_INPUTS  7 /* X1..X7 */
#define RMM_REPLAY_OUTPUTS 5 /* X0..X4 */

enum rmm_replay_kind {
	RMM_REPLAY_WRITE, /* the host writes `value` at `pa` */
	RMM_REPLAY_READ,  /* the host reads 8 bytes at `pa` and saw `value` */
	RMM_REPLAY_MODE,  /* value 0: a realm that is entered meets an FIQ, 1: an IRQ, 2: neither */
	RMM_REPLAY_SERROR, /* the next realm that is entered meets an SError with ISS `value` */
	RMM_REPLAY_ICH,    /* the host writes `value` to register `pa` (enum rmm_ich_register) */
	RMM_REPLAY_GUEST,  /* action `value` (enum rmm_guest_action_kind) of the next that is
			      entered, in[] */
	RMM_REPLAY_CALL,
};

struct rmm_replay_event {
	enum rmm_replay_kind kind;
	uint32_t line;
	uint64_t pa;
	uint64_t value;
	uint64_t fid;
	uint64_t in[RMM_REPLAY_INPUTS];
	uint64_t out[RMM_REPLAY_OUTPUTS];
};

struct rmm_replay_log {
	char *file;

	/* The machine it was made on, where the recording says so; else that of docs/traces.md. */
	bool has_machine;
	struct rmm_config machine;

	/* Realms do what the recording says, and take pages for direct use; else they do nothing.
	 */
	bool has_guests;
	bool guests_take_pages;

	struct rmm_replay_event *events;
	size_t num_events;
};

/*
 * Reads a recording. Malformed lines are printed to `errors` with their place;
 * then, and when the file cannot be read, the result is NULL.
 */
struct rmm_replay_log *rmm_replay_load(const char *path, FILE *errors);
struct rmm_replay_log *rmm_replay_parse(const char *name, const char *text, size_t len,
					FILE *errors);
void rmm_replay_free(struct rmm_replay_log *log);

/* ---- agreement ------------------------------------------------------------ */

struct rmm_replay_counts {
	uint64_t calls;
	uint64_t agree;
	uint64_t explained; /* different, as a named behaviour has it */
	uint64_t unexplained;
};

struct rmm_replay_row {
	const struct rmm_abi_command *command; /* NULL: not a command of the version */
	uint64_t fid;
	struct rmm_replay_counts counts;
};

#define RMM_REPLAY_MAX_ROWS 128

/* A call on which the two differ. */
struct rmm_replay_difference {
	uint32_t line; /* 0: there is none */
	const struct rmm_abi_command *command;
	struct smc_regs in;
	struct smc_regs logged;
	struct smc_regs ours;
	enum rmm_condition condition; /* why ours failed */
	uint64_t calls_before;
};

struct rmm_replay_result {
	struct rmm_replay_row rows[RMM_REPLAY_MAX_ROWS];
	size_t num_rows;
	struct rmm_replay_counts total;
	struct rmm_replay_counts reads; /* memory the host read */
	struct rmm_replay_difference first_unexplained;
	struct rmm_replay_difference first_explained;
	/* Differing calls that each behaviour, taken alone, accounts for. */
	uint64_t by_behaviour[RMM_BEHAVIOUR_COUNT];
	uint64_t by_several; /* explained, but by no single behaviour */
	bool interrupted;
};

struct rmm_replay_options {
	enum rmm_version version;
	enum rmm_profile profile;
	const volatile sig_atomic_t *interrupt; /* may be NULL */

	/* Carries calls of the machine under test out in place of rmm_smc(), one that judges them,
	 * say. NULL: rmm_smc(). */
	void (*smc)(void *smc_ctx, struct rmm_system *sys, unsigned int pe, struct smc_regs *regs);
	void *smc_ctx;
};

/*
 * Plays a recording against a fresh machine: the one that it was made on, as
 * docs/traces.md describes it. Differences under profile spec are explained
 * when the same machine with profile tf-rmm answers as logged. Returns 0, or
 * -1 with a sentence.
 */
int rmm_replay_run(const struct rmm_replay_log *log, const struct rmm_replay_options *options,
		   struct rmm_replay_result *result, struct rmm_error *error);

void rmm_replay_print(FILE *out, const struct rmm_replay_log *log,
		      const struct rmm_replay_options *options,
		      const struct rmm_replay_result *result);
void rmm_replay_print_json(FILE *out, const struct rmm_replay_log *log,
			   const struct rmm_replay_options *options,
			   const struct rmm_replay_result *result);

#ifdef __cplusplus
}
#endif

#endif
