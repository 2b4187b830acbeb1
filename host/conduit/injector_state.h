/* SPDX-License-Identifier: BSD-3-Clause */
/* What a fault injector is made of; shared by its files. */
#ifndef RMMCONDUIT_INJECTOR_STATE_H
#define RMMCONDUIT_INJECTOR_STATE_H

#include "observed.h"
#include "rmmsim/host/fault_injection.h"

struct active_rule {
	struct host_injection_rule rule;
	uint64_t seen; /* calls that it is about */
	uint64_t hits;
};

struct region {
	uint64_t base, size;
	bool created; /* GPTs: the host has made the table */
};

enum feigned_stage {
	FEIGNED_YIELDS,  /* wants to be continued `left` times, then executes */
	FEIGNED_ASKS,    /* wants `left` granules */
	FEIGNED_RETURNS, /* gives granules back */
	FEIGNED_REAL,    /* stands for an operation of the RMM */
};

#define FEIGNED_MAX_GRANULES 512u

/* An operation that the injector made up around a command. */
struct feigned {
	uint64_t handle;
	enum feigned_stage stage;
	uint64_t left;
	struct smc_regs start;
	uint64_t real; /* handle of the RMM */
	uint64_t granules[FEIGNED_MAX_GRANULES];
	uint64_t num_granules;
};

/* An operation of the RMM that has not ended. */
struct genuine {
	uint64_t handle;
	uint64_t x0;
	uint64_t request;
};

struct host_injector {
	struct host_injector_config config;
	uint64_t random;
	uint64_t calls;
	uint64_t injected;
	uint64_t calls_of[RMM_CMD_COUNT];
	struct active_rule *rules;
	size_t num_rules;
	struct region *refused;
	size_t num_refused;
	struct region *gpts;
	size_t num_gpts;
	uint32_t contexts; /* 0: no limit */
	bool poison;
	struct feigned *feigned;
	size_t num_feigned;
	uint64_t handles; /* of feigned operations so far */
	bool any;         /* the next two hold */
	enum rmm_command last_command;
	enum rmm_condition last_condition;
	struct genuine *genuine;
	size_t num_genuine;
};

/* One call on its way. */
struct injection {
	struct host_injector *injector;
	struct smc_conduit *next;
	int pe;
	struct observed o; /* as the host made it; o.out is filled in at the end */
	const struct rmm_abi_command
		*ended; /* what a step was the end of, if it was made up; NULL: o.command */
};

/* ---- injector.c ---- */

/* Room for one more element; false when out of memory. */
bool injector_grow(void **array, size_t num, size_t element);

/* The call as it is, or with other inputs: answers in regs. */
void injector_forward(struct injection *i, struct smc_regs *regs);

void injector_answer(struct smc_regs *regs, uint64_t x0);
void injector_answer_condition(const struct injection *i, struct smc_regs *regs,
			       enum rmm_condition condition, int8_t level);

/* Whether the specification lets the command be treated like that. */
bool injector_allows(const struct observed *o, const struct host_injection_rule *rule);

/* ---- injector_choice.c ---- */

/* The condition behind a choice; RMI_ANY_BUSY when the command has no such choice. */
enum rmm_condition injector_choice(const struct rmm_abi_command *of, enum rmm_version version,
				   uint64_t choice);

/* ---- injector_rules.c ---- */

/* The rule that decides this call, or NULL; counts for all. */
const struct host_injection_rule *injector_match(struct injection *i);

/* ---- injector_operation.c ---- */

/* The call is a step of an operation that was made up: answered. */
bool injector_feigned_step(struct injection *i, struct smc_regs *regs);
void injector_begin_yield(struct injection *i, struct smc_regs *regs, uint64_t times);
void injector_begin_ask(struct injection *i, struct smc_regs *regs, uint64_t granules);
void injector_consume(struct injection *i, struct smc_regs *regs, uint64_t granules);

/* Keeps account of the RMM's own operations. */
void injector_follow(struct injection *i, const struct smc_regs *in, const struct smc_regs *out);

/* ---- injector_platform.c ---- */

/* What a limit on contexts, EL3 or missing GPTs make of the call: answered. */
bool injector_platform(struct injection *i, struct smc_regs *regs);

/* [base, top) with another end; the host sees its own inputs again afterwards. */
void injector_shorten(struct injection *i, struct smc_regs *regs, uint64_t top);

/* ---- injector_poison.c ---- */

void injector_poison(const struct injection *i, struct smc_regs *regs);

#endif
