/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traces: a machine, what a host and its realms do on it, and what is expected
 * to come of it, written in YAML (docs/traces.md). Without a trace there are no
 * steps and no words; what cannot be made without an argument fails.
 */
#ifndef RMMSIM_TRACE_H
#define RMMSIM_TRACE_H

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

/* Exit statuses of everything that plays something. */
enum rmm_trace_status {
	RMM_TRACE_OK = 0,        /* every expectation holds */
	RMM_TRACE_FAILED = 1,    /* some do not, or the run was interrupted */
	RMM_TRACE_BAD_INPUT = 2, /* there was nothing to play */
};

/* ---- loading ------------------------------------------------------------ */

struct rmm_trace;

/* What is taken instead of the trace's own words; NULL members change nothing. */
struct rmm_trace_overrides {
	const char *version; /* "2.0-bet1" */
	const char *profile; /* "spec" or "tf-rmm" */
};

/*
 * Reads and checks a trace: names, types and numbers are resolved here, so
 * that a trace which loads does not stop half-way over its own text. Every
 * error is printed to `errors` with file, line, column and a remedy. Returns
 * the trace, which the caller frees, or NULL.
 */
struct rmm_trace *rmm_trace_load(const char *path, const struct rmm_trace_overrides *overrides,
				 FILE *errors);
struct rmm_trace *rmm_trace_parse(const char *name, const char *text, size_t len,
				  const struct rmm_trace_overrides *overrides, FILE *errors);
void rmm_trace_free(struct rmm_trace *trace);

const char *rmm_trace_name(const struct rmm_trace *trace);
const char *rmm_trace_file(const struct rmm_trace *trace);
const char *rmm_trace_about(const struct rmm_trace *trace); /* "" when it says nothing */
const struct rmm_config *rmm_trace_config(const struct rmm_trace *trace);
unsigned int rmm_trace_num_actors(const struct rmm_trace *trace); /* at least 1 */
unsigned int rmm_trace_actor_pe(const struct rmm_trace *trace, unsigned int actor);

/* ---- what playing reports ------------------------------------------------ */

struct rmm_trace_mismatch {
	char what[64]; /* "status", "exit.imm" ... */
	char expected[128];
	char came[128];
};

#define RMM_TRACE_MAX_MISMATCHES 16

enum rmm_trace_event_kind {
	RMM_TRACE_SAY,    /* narration: text */
	RMM_TRACE_CALL,   /* an SMC */
	RMM_TRACE_ACCESS, /* the host reads or writes memory: text */
	RMM_TRACE_ACTION, /* anything else: text */
};

/* Valid during the callback only. */
struct rmm_trace_event {
	enum rmm_trace_event_kind kind;
	unsigned int actor;
	unsigned int pe;
	uint32_t line;  /* of the step in the trace */
	bool inner;     /* one of the calls that a single step stands for */
	bool completes; /* the final answer of an operation whose calls came before */
	const char *text;

	/* CALL */
	const struct rmm_abi_command *command; /* NULL: the version has no such command */
	struct smc_regs in;
	struct smc_regs out;
	enum rmm_condition condition; /* why it failed */
	bool rec_exited;              /* REC_ENTER ran the REC: the next members hold */
	char exit[96];                /* the exit in words */
	enum rmm_command guest_command;
	enum rmm_condition guest_condition;

	const struct rmm_trace_mismatch *mismatches; /* expectations that do not hold */
	size_t num_mismatches;
};

/* ---- playing -------------------------------------------------------------- */

struct rmm_trace_options {
	void (*event)(void *ctx, const struct rmm_trace_event *event); /* may be NULL */
	void *ctx;
	bool stop_at_failure;
	const volatile sig_atomic_t *interrupt; /* non-zero ends the run; may be NULL */

	/* For timed runs; all may be NULL. call_begin and call_end stand around every SMC. */
	const struct rmm_port *port;
	void (*call_begin)(void *call_ctx, unsigned int pe, enum rmm_command command);
	void (*call_end)(void *call_ctx, unsigned int pe, enum rmm_command command);
	void *call_ctx;

	/* Carries calls out in place of rmm_smc(), one that judges them, say. NULL: rmm_smc(). */
	void (*smc)(void *smc_ctx, struct rmm_system *sys, unsigned int pe, struct smc_regs *regs);
	void *smc_ctx;
};

struct rmm_trace_summary {
	uint64_t steps;
	uint64_t calls;
	uint64_t expectations;
	uint64_t failures;
	bool interrupted;
};

struct rmm_trace_session;

/*
 * A machine set up as the trace says, at its first step. The trace must
 * outlive the session. Returns 0, or -1 with a sentence.
 */
int rmm_trace_session_create(const struct rmm_trace *trace, const struct rmm_trace_options *options,
			     struct rmm_trace_session **out, struct rmm_error *error);
void rmm_trace_session_destroy(struct rmm_trace_session *session);

struct rmm_system *rmm_trace_session_system(struct rmm_trace_session *session);

/* Plays the next step of an actor; false when it has none left. */
bool rmm_trace_session_step(struct rmm_trace_session *session, unsigned int actor);

/* What has happened so far. */
struct rmm_trace_summary rmm_trace_session_summary(const struct rmm_trace_session *session);

/*
 * Plays the whole trace, the actors taking turns step by step. Returns an enum
 * rmm_trace_status; the machine's set-up error goes into `error`.
 */
int rmm_trace_play(const struct rmm_trace *trace, const struct rmm_trace_options *options,
		   struct rmm_trace_summary *summary, struct rmm_error *error);

/* ---- the log -------------------------------------------------------------- */

struct rmm_trace_log {
	FILE *out;
	const char *file; /* of the trace, for places */
	enum rmm_version version;
	bool colour;
	bool quiet;  /* failures only */
	bool actors; /* name the PE on every line */
};

/* An event callback; `ctx` is a struct rmm_trace_log. */
void rmm_trace_log_event(void *ctx, const struct rmm_trace_event *event);

void rmm_trace_log_heading(const struct rmm_trace_log *log, const struct rmm_trace *trace);
void rmm_trace_log_summary(const struct rmm_trace_log *log, const struct rmm_trace *trace,
			   const struct rmm_trace_summary *summary);

/*
 * The inputs or the answer of a call as one line: "rd=0x88000000 level=2" and
 * "RMI_ERROR_RTT level=1". Always terminated.
 */
void rmm_trace_format_inputs(char *buf, size_t len, enum rmm_version version,
			     const struct rmm_abi_command *command, const struct smc_regs *in);
/* A value of a type, or a plain number of `width` bits when type is NULL. */
void rmm_trace_format_value(char *buf, size_t len, enum rmm_version version,
			    const struct rmm_abi_type *type, unsigned int width, uint64_t value);
void rmm_trace_format_answer(char *buf, size_t len, enum rmm_version version,
			     const struct rmm_abi_command *command, const struct smc_regs *out);

#ifdef __cplusplus
}
#endif

#endif
