/* SPDX-License-Identifier: BSD-3-Clause */
/* Is the answer one that the description allows? */
#ifndef RMM_ORACLE_JUDGE_H
#define RMM_ORACLE_JUDGE_H

#include "oracle/oracle.h"
#include "oracle/text.h"

/* A call that has been made: what was asked, what came back. */
struct oracle_verdict {
	struct rmm_oracle *oracle;
	struct oracle_env *env; /* of the call itself */
	const struct oracle_command *command;
	struct oracle_operation *operation; /* that it continues or ends, or NULL */
	struct oracle_env *resumed;         /* that operation's command, before this call */
	const struct oracle_command *resumed_command;
	enum rmm_condition reported;
	struct oracle_text why; /* empty: nothing is wrong */
};

static inline bool oracle_is_wrong(const struct oracle_verdict *v)
{
	return v->why.len != 0;
}

/* The answer as a whole; env has been told the outputs. */
void oracle_judge(struct oracle_verdict *verdict);

/* The success conditions that hold after a call that is not complete. */
uint64_t oracle_established(struct oracle_env *env, const struct oracle_command *command);

/* X1 and up: outputs, zeros, or what was there before. */
void oracle_judge_registers(struct oracle_verdict *verdict);

/* Whether a condition may hold without being reported, by a behaviour of this machine. */
bool oracle_is_exempt(const struct rmm_system *sys, enum rmm_condition condition);

/* Whether a stateful command looks at it only in the call that completes it. */
bool oracle_is_deferred(const struct rmm_system *sys, enum rmm_condition condition);

/* What a success condition means where its text does not hold; NULL: nothing else. */
typedef bool (*oracle_condition)(struct oracle_env *env);
oracle_condition oracle_reading(enum rmm_command command, const struct oracle_success *success);

/* Keeps what readings of this command need of the state before the call. */
void oracle_reading_prepare(struct oracle_env *env, enum rmm_command command);

/* Whether the oracle has no way to see what a success condition speaks of. */
bool oracle_is_blind(const struct rmm_system *sys, enum rmm_command command, const char *success);

#endif
