/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace while it plays. Actors may run on coroutines of their own, which
 * change places only inside rmm_smc(): nothing here needs a lock, and an event
 * under construction belongs to its actor.
 */
#ifndef RMM_TRACES_SESSION_H
#define RMM_TRACES_SESSION_H

#include "program.h"
#include "rmmsim/memory.h"

struct trace_actor_state {
	size_t next_step;
	uint64_t slots[TRACE_MAX_SLOTS];
};

/* A REC whose guest the trace provides. */
struct trace_bound_guest {
	uint64_t rd;
	uint64_t mpidr;
	size_t guest;
	bool reported; /* its failure */
};

#define TRACE_MAX_BOUND 256

struct rmm_trace_session {
	const struct rmm_trace *trace;
	struct rmm_trace_options options;
	struct rmm_system *sys;
	struct rmm_scripts *scripts;
	struct trace_actor_state *actors;
	struct trace_bound_guest bound[TRACE_MAX_BOUND];
	size_t num_bound;
	struct rmm_trace_summary summary;
	bool stopped;
};

/* What a step does and finds: one event, with room for its mismatches. */
struct trace_turn {
	struct rmm_trace_session *session;
	unsigned int actor;
	const struct trace_step *step;
	struct rmm_trace_event event;
	struct rmm_trace_mismatch mismatches[RMM_TRACE_MAX_MISMATCHES];
	char text[512];
};

/* Begins and publishes an event of a step. */
void trace_turn_begin(struct trace_turn *turn, struct rmm_trace_session *session,
		      unsigned int actor, const struct trace_step *step);
void trace_turn_end(struct trace_turn *turn);

uint64_t *trace_turn_slots(const struct trace_turn *turn);

/* The value of an expression as 64 bits; false when it has none (noted as a mismatch). */
bool trace_turn_eval(struct trace_turn *turn, const struct trace_expr *expr, uint64_t *out);

/* Counts an expectation. */
void trace_turn_expect(struct trace_turn *turn);

/* Notes that an expectation does not hold. */
struct rmm_trace_mismatch *trace_turn_mismatch(struct trace_turn *turn, const char *what);

/* Stores terms into an image, or compares them with it. */
bool trace_turn_store(struct trace_turn *turn, const struct trace_terms *terms, uint8_t *image);
void trace_turn_compare(struct trace_turn *turn, const struct trace_terms *terms,
			const uint8_t *image);
void trace_turn_compare_term(struct trace_turn *turn, const struct trace_term *term,
			     const uint8_t *image);

/* Appends " path=value" for every term to the event's text. */
void trace_turn_describe(struct trace_turn *turn, const struct trace_terms *terms,
			 const uint8_t *image);

/* True when the run is to end now. */
bool trace_session_interrupted(struct rmm_trace_session *session);

/* Steps. */
void trace_play_call(struct trace_turn *turn);
void trace_play_operation(struct trace_turn *turn);
void trace_play_write(struct trace_turn *turn);
void trace_play_read(struct trace_turn *turn);
void trace_play_check(struct trace_turn *turn);
void trace_play_ich(struct trace_turn *turn);
void trace_play_serror(struct trace_turn *turn);

/* Issues an SMC from the event's `in` into its `out` and fills in what it did. */
void trace_issue(struct trace_turn *turn);

/* Inputs into the event; then, once it is answered, expectations and saved names. */
bool trace_prepare_call(struct trace_turn *turn, const struct trace_call *call);
void trace_finish_call(struct trace_turn *turn, const struct trace_call *call);

/* "NS" ... for messages and checks. */
const char *trace_gpi_name(enum rmm_gpi gpi);

/* Reports guests whose expectations failed since the last look. */
void trace_report_guests(struct trace_turn *turn);

#endif
