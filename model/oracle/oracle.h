/* SPDX-License-Identifier: BSD-3-Clause */
/* What an oracle remembers between calls. */
#ifndef RMM_ORACLE_ORACLE_H
#define RMM_ORACLE_ORACLE_H

#include "oracle/env.h"
#include "oracle/rmm_oracle.h"
#include "oracle/snapshot.h"
#include "rmm/rmm.h"

/* Granules that an operation can have taken: no command asks for more. */
#define ORACLE_MAX_DONATED 512u

/* A stateful operation that the host has to finish, as the host knows it. */
struct oracle_operation {
	bool open;
	bool cancelled;
	bool refused; /* the last transfer of memory was not accepted */
	bool can_cancel;
	uint64_t handle;
	uint64_t mem;     /* RmiOpMemReq of the last answer */
	uint64_t request; /* RmiOpMemDonateReq of the last answer */
	uint64_t pe;
	const struct oracle_command *command;
	struct oracle_env *first; /* the call that began it, as it was before */
	uint64_t held;            /* set of failures that held in one of its calls */
	uint64_t established;     /* set of success conditions that this call made true */
	unsigned int num_donated;
	uint64_t donated[ORACLE_MAX_DONATED]; /* granules that the command has taken */
};

struct oracle_log;

struct rmm_oracle {
	struct rmm_system *sys;
	struct rmm_oracle_options options;
	const struct oracle_command *commands[RMM_CMD_COUNT]; /* of this version */

	uint64_t stamp;
	uint64_t calls;
	struct oracle_env *env;   /* of the present call */
	struct oracle_env *spare; /* for the operation that it continues */
	struct oracle_env *unused;

	struct oracle_operation *operations;
	unsigned int num_operations;
	bool begun_late; /* operations were open before: handles may be unknown */

	struct oracle_change_set change;
	struct rmm_transitions *transitions;
	struct oracle_log *log;
	struct rmm_oracle_counts counts;
	bool failed;
	char *text; /* of the last mismatch */
};

static inline uint64_t oracle_status(const struct oracle_env *env)
{
	return env->out.x[0] & 0xff;
}

/* The open operation of a handle, or NULL. */
struct oracle_operation *oracle_operation_find(const struct rmm_oracle *oracle, uint64_t handle);

/* Makes the environment ready for a call with these inputs. */
void oracle_env_begin(struct rmm_oracle *oracle, struct oracle_env *env,
		      const struct oracle_command *command, const struct smc_regs *in);
void oracle_env_after(struct rmm_oracle *oracle, struct oracle_env *env,
		      const struct smc_regs *out);

/* Conditions before the call, and what success conditions need of that state. */
void oracle_evaluate(struct oracle_env *env, const struct oracle_command *command);

/* The truth of one expression of the environment's phase. */
enum oracle_truth oracle_truth(struct oracle_env *env, bool (*when)(struct oracle_env *env));

#endif
