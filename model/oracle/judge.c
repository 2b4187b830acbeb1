/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/judge.h"

#include <inttypes.h>

#include "rmmsim/abi/encoding.h"

#define STATUS_MASK UINT64_C(0xff)

static bool in_version(const struct oracle_env *env, rmm_versions versions)
{
	return versions >> env->version & 1;
}

/* ---- failures ------------------------------------------------------------------ */

/* A failure that the specification makes the command report when it holds. */
static bool is_binding(const struct oracle_env *env, const struct oracle_failure *f)
{
	return in_version(env, f->versions) && !f->quirk &&
	       !oracle_is_exempt(env->sys, f->condition);
}

static int find_failure(const struct oracle_env *env, const struct oracle_command *command,
			enum rmm_condition condition)
{
	for (unsigned int i = 0; i < command->num_failures; i++)
		if (command->failures[i].condition == condition &&
		    in_version(env, command->failures[i].versions))
			return (int)i;
	return -1;
}

static void judge_data(struct oracle_verdict *v, struct oracle_env *env,
		       const struct oracle_failure *f, uint64_t status)
{
	uint64_t x0 = status;

	env->phase = ORACLE_BEFORE;
	for (unsigned int i = 0; i < f->num_data; i++) {
		const struct oracle_datum *d = &f->data[i];

		env->fault = ORACLE_NO_FAULT;
		const uint64_t want = oracle_bits(d->value(env), 0, d->width);
		if (env->fault != ORACLE_NO_FAULT) {
			if (d->reg == 0)
				return;
			continue;
		}
		if (d->reg == 0)
			x0 |= want << d->lsb;
		else if (oracle_bits(v->env->out.x[d->reg], d->lsb, d->width) != want)
			oracle_print(&v->why,
				     "%s is 0x%" PRIx64 ", the description says 0x%" PRIx64,
				     d->name, oracle_bits(v->env->out.x[d->reg], d->lsb, d->width),
				     want);
	}
	env->phase = ORACLE_AFTER;
	if (!oracle_is_wrong(v) && v->env->out.x[0] != x0)
		oracle_print(&v->why, "X0 is 0x%" PRIx64 ", the condition gives 0x%" PRIx64,
			     v->env->out.x[0], x0);
}

static void judge_order(struct oracle_verdict *v, const struct oracle_env *env,
			const struct oracle_command *command, const struct oracle_failure *f)
{
	for (unsigned int i = 0; i < command->num_failures; i++) {
		const struct oracle_failure *other = &command->failures[i];

		if (!(f->before >> i & 1) || env->truth[i] != ORACLE_TRUE ||
		    !is_binding(env, other))
			continue;
		oracle_print(&v->why, "%s was reported although %s held, which comes before it",
			     rmm_abi_condition_name(f->condition),
			     rmm_abi_condition_name(other->condition));
		return;
	}
}

static const char *truth_text(enum oracle_truth truth)
{
	return truth == ORACLE_FALSE ? "did not hold" : "had no meaning";
}

/* Failures of the command itself. */
static void judge_own_failure(struct oracle_verdict *v, struct oracle_env *env,
			      const struct oracle_command *command)
{
	const int i = find_failure(env, command, v->reported);

	if (i < 0) {
		oracle_print(&v->why, "%s is no condition of this command",
			     rmm_abi_condition_name(v->reported));
		return;
	}
	const struct oracle_failure *f = &command->failures[i];
	if (env->truth[i] == ORACLE_FALSE || env->truth[i] == ORACLE_NOT_OBSERVED) {
		oracle_print(&v->why, "%s was reported and %s",
			     rmm_abi_condition_name(f->condition), truth_text(env->truth[i]));
		return;
	}
	judge_order(v, env, command, f);
	if (!oracle_is_wrong(v))
		judge_data(v, env, f, rmm_condition_status_word(env->version, f->condition));
}

/* Conditions that any command may report. */
static void judge_any_failure(struct oracle_verdict *v)
{
	const struct rmm_system *sys = v->env->sys;
	bool possible = true;

	switch (v->reported) {
	case RMI_ANY_NOT_IMPLEMENTED:
		possible = !v->command;
		break;
	case RMI_ANY_RMM_STATE:
		possible = sys->state != RMM_STATE_ACTIVE;
		break;
	case RMI_ANY_BUSY:
	case RMI_ANY_BLOCKED:
		possible = rmm_num_operations(sys) != 0;
		break;
	default:
		break;
	}
	if (!possible)
		oracle_print(&v->why, "%s was reported without reason",
			     rmm_abi_condition_name(v->reported));
	else if (v->env->out.x[0] != rmm_condition_status_word(v->env->version, v->reported))
		oracle_print(&v->why, "X0 is 0x%" PRIx64 ", which is not the status of %s",
			     v->env->out.x[0], rmm_abi_condition_name(v->reported));
}

/* The command behind an operation failed: for what held in one of its calls. */
static void judge_resumed_failure(struct oracle_verdict *v)
{
	const int i = find_failure(v->env, v->operation->command, v->reported);

	if (i < 0)
		oracle_print(&v->why, "%s is no condition of the command that the operation began",
			     rmm_abi_condition_name(v->reported));
	else if (!(v->operation->held >> i & 1))
		oracle_print(&v->why, "%s ended the operation and held in none of its calls",
			     rmm_abi_condition_name(v->reported));
}

static void judge_failure(struct oracle_verdict *v)
{
	v->oracle->counts.failures_judged++;
	if (rmm_abi_condition_command(v->reported) == RMM_CMD_RMI_ANY)
		judge_any_failure(v);
	else if (v->command && rmm_abi_condition_command(v->reported) == v->command->command)
		judge_own_failure(v, v->env, v->command);
	else if (v->operation)
		judge_resumed_failure(v);
	else
		oracle_print(&v->why, "%s belongs to another command",
			     rmm_abi_condition_name(v->reported));
}

/* ---- successes -------------------------------------------------------------------- */

static void judge_no_failure_held(struct oracle_verdict *v, const struct oracle_env *env,
				  const struct oracle_command *command)
{
	const bool begins = oracle_status(v->env) == RMI_INCOMPLETE;

	for (unsigned int i = 0; i < command->num_failures; i++) {
		const struct oracle_failure *f = &command->failures[i];

		if (env->truth[i] != ORACLE_TRUE || !is_binding(env, f) ||
		    (begins && oracle_is_deferred(env->sys, f->condition)))
			continue;
		oracle_print(&v->why, "it succeeded although %s held",
			     rmm_abi_condition_name(f->condition));
		return;
	}
}

/* In an operation: what held when it began and holds still, or is looked at last. */
static void judge_no_failure_lasted(struct oracle_verdict *v, const struct oracle_env *first,
				    const struct oracle_env *last,
				    const struct oracle_command *command)
{
	for (unsigned int i = 0; i < command->num_failures; i++) {
		const struct oracle_failure *f = &command->failures[i];

		if (last->truth[i] != ORACLE_TRUE || !is_binding(last, f) ||
		    (first->truth[i] != ORACLE_TRUE &&
		     !oracle_is_deferred(last->sys, f->condition)))
			continue;
		oracle_print(&v->why, "the operation succeeded although %s held",
			     rmm_abi_condition_name(f->condition));
		return;
	}
}

static enum oracle_truth success_truth(struct oracle_env *env, enum rmm_command command,
				       const struct oracle_success *s)
{
	enum oracle_truth when = ORACLE_TRUE;

	if (s->when)
		when = oracle_truth(env, s->when);
	if (when == ORACLE_FALSE || when == ORACLE_NOT_OBSERVED)
		return ORACLE_TRUE;
	if (when != ORACLE_TRUE)
		return ORACLE_ANYTHING;
	const enum oracle_truth then = oracle_truth(env, s->then);
	const oracle_condition reading = oracle_reading(command, s);
	if ((then == ORACLE_FALSE || then == ORACLE_NOT_OBSERVED) && reading)
		return oracle_truth(env, reading);
	return then;
}

/* What two environments say together: one that is content is enough. */
static enum oracle_truth either(enum oracle_truth a, enum oracle_truth b)
{
	if (a == ORACLE_TRUE || b == ORACLE_TRUE)
		return ORACLE_TRUE;
	return a == ORACLE_ANYTHING ? a : b;
}

uint64_t oracle_established(struct oracle_env *env, const struct oracle_command *command)
{
	uint64_t set = 0;

	for (unsigned int i = 0; i < command->num_successes && i < 64; i++)
		if (in_version(env, command->successes[i].versions) &&
		    success_truth(env, command->command, &command->successes[i]) == ORACLE_TRUE)
			set |= UINT64_C(1) << i;
	return set;
}

/* `settled`: conditions that an earlier call of the operation has made true. */
static void judge_successes(struct oracle_verdict *v, struct oracle_env *env,
			    struct oracle_env *earlier, uint64_t settled,
			    const struct oracle_command *command)
{
	for (unsigned int i = 0; i < command->num_successes && !oracle_is_wrong(v); i++) {
		const struct oracle_success *s = &command->successes[i];

		if (!in_version(env, s->versions) || (i < 64 && settled >> i & 1) ||
		    oracle_is_blind(env->sys, command->command, s->name))
			continue;
		enum oracle_truth truth = success_truth(env, command->command, s);
		if (earlier && truth != ORACLE_TRUE)
			truth = either(truth, success_truth(earlier, command->command, s));
		v->oracle->counts.successes_judged++;
		if (truth == ORACLE_ANYTHING)
			v->oracle->counts.unknown++;
		else if (truth != ORACLE_TRUE)
			oracle_print(&v->why, "it succeeded and %s %s afterwards: %s", s->name,
				     truth_text(truth), s->text);
	}
}

static bool is_transfer(const struct oracle_command *command)
{
	return command->command == RMM_CMD_RMI_OP_MEM_DONATE ||
	       command->command == RMM_CMD_RMI_OP_MEM_RECLAIM ||
	       command->command == RMM_CMD_RMI_OP_CANCEL ||
	       command->command == RMM_CMD_RMI_OP_CONTINUE;
}

/* RMI_INCOMPLETE: an answer of operations, and of commands that may become one. */
static void judge_incomplete(struct oracle_verdict *v)
{
	const uint64_t mem = v->env->out.x[0] >> 8 & 3;

	if (mem > RMI_OP_MEM_REQ_RECLAIM || v->env->out.x[0] >> 11) {
		oracle_print(&v->why, "X0 is 0x%" PRIx64 ", which is no encoding of RMI_INCOMPLETE",
			     v->env->out.x[0]);
		return;
	}
	if (!v->env->form->sro_may && !v->operation) {
		oracle_print(&v->why, "this command is never incomplete");
		return;
	}
	judge_no_failure_held(v, v->env, v->command);
	if (!oracle_is_wrong(v) && is_transfer(v->command))
		judge_successes(v, v->env, NULL, 0, v->command);
}

/* The operation is over, and its command has succeeded. */
static void judge_completed(struct oracle_verdict *v)
{
	struct oracle_operation *op = v->operation;

	if (op->cancelled || v->command->command == RMM_CMD_RMI_OP_CANCEL)
		return;
	if (!v->resumed)
		return;
	judge_no_failure_lasted(v, op->first, v->resumed, op->command);
	if (oracle_is_wrong(v))
		return;
	op->first->out = v->env->out;
	op->first->phase = ORACLE_AFTER;
	judge_successes(v, v->resumed, op->first, op->established, op->command);
}

static void judge_success(struct oracle_verdict *v)
{
	judge_no_failure_held(v, v->env, v->command);
	if (oracle_is_wrong(v))
		return;
	if (v->operation && is_transfer(v->command))
		judge_completed(v);
	else
		judge_successes(v, v->env, NULL, 0, v->command);
}

/* ---- the answer --------------------------------------------------------------------- */

void oracle_judge(struct oracle_verdict *v)
{
	const uint64_t status = oracle_status(v->env);

	if (v->reported != RMM_CONDITION_NONE)
		judge_failure(v);
	else if (!v->command)
		oracle_print(&v->why, "a command that is not implemented gave no reason");
	else if (status == RMI_INCOMPLETE)
		judge_incomplete(v);
	else if (v->env->out.x[0] != RMI_SUCCESS)
		oracle_print(&v->why, "status 0x%" PRIx64 " came without a condition",
			     v->env->out.x[0]);
	else
		judge_success(v);
	if (!oracle_is_wrong(v))
		oracle_judge_registers(v);
}
