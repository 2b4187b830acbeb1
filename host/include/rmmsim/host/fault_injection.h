/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fault injection: a link of the conduit chain that makes an RMM answer what it
 * may answer but rarely does. Every answer is one that the specification
 * allows, so a host that suffers from it has a bug.
 *
 * Rules are matched in the order in which they were added; the first that
 * matches a call decides. Random choices come from the seed alone.
 */
#ifndef RMMSIM_HOST_FAULT_INJECTION_H
#define RMMSIM_HOST_FAULT_INJECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/abi/ids.h"
#include "rmmsim/host/error.h"
#include "rmmsim/host/memory.h"
#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

enum host_injection {
	/*
	 * Fails with `condition`; the call does not reach the RMM. With
	 * RMM_CONDITION_NONE: choice number `value` of host_injection_choices.
	 */
	HOST_INJECT_CONDITION,
	HOST_INJECT_STATUS, /* answers X0 = `value`, everything else 0; likewise */

	/* Range commands: at most `value` granules a call; 0: success without progress. */
	HOST_INJECT_PROGRESS,

	/*
	 * The command becomes a stateful operation that has to be continued
	 * `value` times before it is executed.
	 */
	HOST_INJECT_YIELD,

	/*
	 * The command becomes a stateful operation that asks for `value`
	 * granules more than it needs, and gives them back before it is executed.
	 */
	HOST_INJECT_ASK,

	/* RMI_OP_MEM_DONATE: the RMM takes at most `value` granules of what is offered. */
	HOST_INJECT_CONSUME,
};

/* `every` == 0: calls nth .. nth + count - 1; else every so-manieth from nth on. */
struct host_injection_rule {
	enum host_injection action;
	enum rmm_command command;     /* RMM_CMD_COUNT: any */
	int pe;                       /* -1: any */
	uint64_t nth;                 /* from 1, of the calls of `command`; 0: the same as 1 */
	uint64_t count;               /* 0: all from nth on */
	uint64_t every;               /* 0 or 1: each */
	uint16_t per_mille;           /* probability; 0: always */
	enum rmm_condition condition; /* CONDITION */
	int8_t level;                 /* CONDITION with RMI_ERROR_RTT: where the walk ended */
	uint64_t value;               /* the others */
};

/*
 * How many ways there are for a command to fail: one for each status of its
 * conditions, without those that carry an RTT level. Steps of stateful operations
 * have one, RMI_BUSY.
 */
uint64_t host_injection_choices(enum rmm_version version, enum rmm_command command);

/* Any command, any PE, each call, always. */
struct host_injection_rule host_injection_rule_default(void);

struct host_injector_config {
	enum rmm_version version;
	struct host_memory_ops memory; /* must outlive the injector */
	uint64_t seed;
};

struct host_injector;

/* The injector is the caller's. Returns 0, or -1 when out of memory. */
int host_injector_create(const struct host_injector_config *config, struct host_injector **out);
void host_injector_destroy(struct host_injector *injector);

/* The link of one PE. */
struct host_injector_link {
	struct host_injector *injector;
	struct smc_conduit *next;
	int pe;
};
struct smc_conduit host_injector_conduit(struct host_injector_link *link);

/* Returns 0, or -1 when out of memory. */
int host_injector_add(struct host_injector *injector, const struct host_injection_rule *rule);

/* Stateful operations that may be open at a time; one more is BLOCKED. 0: no limit. */
void host_injector_limit_contexts(struct host_injector *injector, uint32_t contexts);

/* EL3 does not give up [base, base + size): delegation stops before it. Returns 0 or -1. */
int host_injector_refuse(struct host_injector *injector, uint64_t base, uint64_t size);

/*
 * The region of a level 0 GPT entry at `base` has no level 1 GPT: delegation
 * fails until RMI_GPT_L1_CREATE has been called for it. Returns 0 or -1.
 */
int host_injector_miss_gpt(struct host_injector *injector, uint64_t base, uint64_t size);

/*
 * Outputs that an answer does not define, padding of exit records, and the exit
 * record of an entry that failed, hold page-aligned words that name the call
 * they come from. The checker recognises them when the host passes them on.
 */
void host_injector_poison(struct host_injector *injector, bool on);

/* Of a poison word, the number of the call; false: this is no poison. */
bool host_poison_call(uint64_t value, uint64_t *call);

/*
 * Adds what a text says: items separated by `;` or newlines,
 *
 *	COMMAND[@N[+|xCOUNT]][/EVERY][%PERMILLE][!PE]=ACTION
 *
 * where COMMAND may be `*`, `@3` is the third call, `@3+` all from it on, `@3x5`
 * five from it on, and ACTION is a condition (RMI_RTT_CREATE_RTT_WALK, with
 * `:LEVEL` for where the walk ended), a status (RMI_BUSY), NOT_SUPPORTED,
 * progress:N, yield:N, ask:N or consume:N. Further items: contexts=N,
 * refuse=BASE+SIZE, no-gpt=BASE+SIZE, second-boot, poison, seed=N. On failure
 * the rules before the error are in force, and the sentence names the item.
 */
enum host_status host_injector_parse(struct host_injector *injector, const char *text,
				     struct host_error *error);

/* Calls that have passed, and answers that were made up or changed. */
uint64_t host_injector_calls(const struct host_injector *injector);
uint64_t host_injector_injected(const struct host_injector *injector);

/* The last answer that was made up: command, and why; false when there was none. */
bool host_injector_last(const struct host_injector *injector, enum rmm_command *command,
			enum rmm_condition *condition);

/* Calls of one command so far. */
uint64_t host_injector_calls_of(const struct host_injector *injector, enum rmm_command command);

#ifdef __cplusplus
}
#endif

#endif
