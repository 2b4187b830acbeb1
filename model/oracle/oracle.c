/* SPDX-License-Identifier: BSD-3-Clause */
/* One call: the state before, the call, the verdict. */
#include "oracle/oracle.h"

#include <stdlib.h>
#include <string.h>

#include "oracle/image.h"
#include "oracle/judge.h"
#include "oracle/log.h"
#include "oracle/report.h"
#include "oracle/set.h"
#include "platform/monitor.h"
#include "rmmsim/abi/encoding.h"

#define SVE_HINT   UINT32_C(0x10000)
#define TEXT_BYTES 32768u

/* ---- evaluation ------------------------------------------------------------------- */

enum oracle_truth oracle_truth(struct oracle_env *env, bool (*when)(struct oracle_env *env))
{
	env->fault = ORACLE_NO_FAULT;
	const bool holds = when(env);
	const enum oracle_fault fault = env->fault;
	env->fault = ORACLE_NO_FAULT;
	if (fault == ORACLE_ILL_FORMED)
		return ORACLE_NOT_OBSERVED;
	if (fault == ORACLE_UNKNOWN)
		return ORACLE_ANYTHING;
	return holds ? ORACLE_TRUE : ORACLE_FALSE;
}

void oracle_env_begin(struct rmm_oracle *oracle, struct oracle_env *env,
		      const struct oracle_command *command, const struct smc_regs *in)
{
	env->oracle = oracle;
	env->operation = NULL;
	env->sys = oracle->sys;
	env->version = oracle->sys->config.version;
	env->form = command ? rmm_abi_command_by_id(env->version, command->command) : NULL;
	env->in = *in;
	env->phase = ORACLE_BEFORE;
	env->fault = ORACLE_NO_FAULT;
	env->stamp[ORACLE_BEFORE] = ++oracle->stamp;
	env->stamp[ORACLE_AFTER] = ++oracle->stamp;
	env->num_images = 0;
	env->images_kept = false;
	env->num_tables = 0;
	env->kept.pa = 0;
	env->allowed = NULL;
	env->used = 0;
}

void oracle_env_after(struct rmm_oracle *oracle, struct oracle_env *env, const struct smc_regs *out)
{
	env->out = *out;
	env->phase = ORACLE_AFTER;
	env->stamp[ORACLE_AFTER] = ++oracle->stamp;
}

void oracle_evaluate(struct oracle_env *env, const struct oracle_command *command)
{
	for (unsigned int i = 0; i < command->num_failures; i++)
		env->truth[i] = command->failures[i].versions >> env->version & 1
					? oracle_truth(env, command->failures[i].when)
					: ORACLE_FALSE;
	command->capture(env);
	oracle_reading_prepare(env, command->command);
	env->fault = ORACLE_NO_FAULT;
}

/* ---- operations ----------------------------------------------------------------------- */

struct oracle_operation *oracle_operation_find(const struct rmm_oracle *oracle, uint64_t handle)
{
	for (unsigned int i = 0; i < oracle->num_operations; i++)
		if (oracle->operations[i].open && oracle->operations[i].handle == handle)
			return &oracle->operations[i];
	return NULL;
}

static void note_answer(struct oracle_operation *op, const struct oracle_env *env)
{
	op->mem = env->out.x[0] >> 8 & 3;
	op->can_cancel = env->out.x[0] >> 10 & 1;
	op->request = env->out.x[2];
	op->refused = false;
}

/* Failures that held, or may have. */
static uint64_t held_failures(const struct oracle_env *env, const struct oracle_command *command)
{
	uint64_t set = 0;

	for (unsigned int i = 0; i < command->num_failures; i++)
		if (env->truth[i] == ORACLE_TRUE || env->truth[i] == ORACLE_ANYTHING)
			set |= UINT64_C(1) << i;
	return set;
}

static struct oracle_env *env_take(struct rmm_oracle *oracle)
{
	struct oracle_env *env = oracle->unused;

	if (!env)
		return calloc(1, sizeof(*env));
	oracle->unused = env->next;
	return env;
}

static void env_give(struct rmm_oracle *oracle, struct oracle_env *env)
{
	env->next = oracle->unused;
	oracle->unused = env;
}

/* The call became an operation: its environment stays until that is over. */
static void operation_open(struct rmm_oracle *oracle, const struct oracle_command *command)
{
	struct oracle_env *next = env_take(oracle);
	struct oracle_operation *op = NULL;

	for (unsigned int i = 0; i < oracle->num_operations && !op; i++)
		if (!oracle->operations[i].open)
			op = &oracle->operations[i];
	if (!next || !op) {
		if (next)
			env_give(oracle, next);
		oracle->begun_late = true;
		return;
	}
	oracle_images_keep(oracle->env);
	*op = (struct oracle_operation){
		.open = true,
		.handle = oracle->env->out.x[1],
		.command = command,
		.first = oracle->env,
		.held = held_failures(oracle->env, command),
		.established = oracle_established(oracle->env, command),
	};
	note_answer(op, oracle->env);
	oracle->env = next;
}

static void operation_close(struct rmm_oracle *oracle, struct oracle_operation *op)
{
	env_give(oracle, op->first);
	*op = (struct oracle_operation){0};
}

static bool is_operation_command(enum rmm_command command)
{
	return command == RMM_CMD_RMI_OP_CONTINUE || command == RMM_CMD_RMI_OP_CANCEL ||
	       command == RMM_CMD_RMI_OP_MEM_DONATE || command == RMM_CMD_RMI_OP_MEM_RECLAIM;
}

static bool add_donated(void *ctx, uint64_t pa)
{
	struct oracle_operation *op = ctx;

	if (op->num_donated == ORACLE_MAX_DONATED)
		return false;
	op->donated[op->num_donated++] = pa;
	return true;
}

/* What the command has taken from the list that was offered. */
static void note_donation(struct oracle_operation *op, struct oracle_env *env)
{
	struct oracle_set set;

	oracle_list_read(env, env->in.x[2], env->in.x[3], &set);
	if (set.fault == ORACLE_NO_FAULT)
		oracle_set_visit(env, &set, (oracle_int)env->out.x[1] * RMM_GRANULE_SIZE,
				 add_donated, op);
}

static void follow_operation(struct rmm_oracle *oracle, const struct oracle_verdict *v)
{
	const bool incomplete = oracle_status(v->env) == RMI_INCOMPLETE;
	const enum rmm_command id = v->command->command;

	if (!is_operation_command(id)) {
		if (incomplete)
			operation_open(oracle, v->command);
		return;
	}
	if (!v->operation)
		return;
	if (incomplete) {
		if (id == RMM_CMD_RMI_OP_MEM_DONATE)
			note_donation(v->operation, v->env);
		note_answer(v->operation, v->env);
		v->operation->cancelled |= id == RMM_CMD_RMI_OP_CANCEL;
		return;
	}
	if (v->reported != RMM_CONDITION_NONE && rmm_abi_condition_command(v->reported) == id) {
		v->operation->refused =
			id == RMM_CMD_RMI_OP_MEM_DONATE || id == RMM_CMD_RMI_OP_MEM_RECLAIM;
		return;
	}
	operation_close(oracle, v->operation);
}

/* Parameters are read when the command looks at them: when it begins, or last. */
static bool reads_parameters_last(const struct rmm_oracle *oracle, enum rmm_command command)
{
	if (command == RMM_CMD_RMI_REC_CREATE)
		return rmm_behaves(oracle->sys, RMM_BEHAVIOUR_REC_CREATE_CHECKS_DEFERRED);
	return command == RMM_CMD_RMI_REALM_CREATE;
}

/* The command that the operation began, as if it were made now. */
static void resume(struct rmm_oracle *oracle, struct oracle_verdict *v)
{
	const struct oracle_env *first = v->operation->first;

	v->resumed = oracle->spare;
	v->resumed_command = v->operation->command;
	oracle_env_begin(oracle, v->resumed, v->resumed_command, &first->in);
	v->resumed->operation = v->operation;
	if (!reads_parameters_last(oracle, v->resumed_command->command)) {
		memcpy(v->resumed->images, first->images, sizeof(first->images));
		v->resumed->num_images = first->num_images;
		v->resumed->images_kept = true;
	}
	oracle_evaluate(v->resumed, v->resumed_command);
	v->operation->held |= held_failures(v->resumed, v->resumed_command);
}

/* ---- the whole machine ------------------------------------------------------------------- */

static bool looks_deep(const struct rmm_oracle *oracle)
{
	return oracle->options.deep_every && oracle->calls % oracle->options.deep_every == 0;
}

static void footprint(struct oracle_env *env, const struct oracle_command *command,
		      struct oracle_change *allowed)
{
	env->allowed = allowed;
	env->fault = ORACLE_NO_FAULT;
	command->footprint(env);
	env->fault = ORACLE_NO_FAULT;
	env->allowed = NULL;
}

/* What the realm does to itself while it runs. */
static void allow_realm(struct rmm_oracle *oracle, uint64_t rec_pa)
{
	struct oracle_change *allowed = &oracle->change.allowed;
	struct oracle_RmmRec rec = {0};

	allowed->realm_runs = true;
	for (size_t i = 0; i < oracle->change.before.recs.n; i++)
		if (oracle->change.before.recs.v[i].pa == rec_pa)
			rec = oracle->change.before.recs.v[i];
	if (!rec.owner)
		return;
	oracle_allow(allowed, ORACLE_ITEM_RECS_OF, rec.owner, 0, 0);
	oracle_allow(allowed, ORACLE_ITEM_REALM, rec.owner, offsetof(struct oracle_RmmRealm, state),
		     sizeof(uint64_t));
	oracle_allow(allowed, ORACLE_ITEM_REALM, rec.owner, offsetof(struct oracle_RmmRealm, rem),
		     sizeof(((struct oracle_RmmRealm *)0)->rem));
}

static void deep_before(struct rmm_oracle *oracle, const struct oracle_verdict *v)
{
	struct oracle_change *allowed = &oracle->change.allowed;

	allowed->anything = false;
	allowed->realm_runs = false;
	allowed->holds_donated = false;
	allowed->num_items = 0;
	oracle_snapshot_take(&oracle->change.before, oracle->sys);
	rmm_transitions_skip(oracle->transitions);
	footprint(v->env, v->command, allowed);
	if (v->resumed)
		footprint(v->resumed, v->operation->command, allowed);
	if (v->command->command == RMM_CMD_RMI_REC_ENTER)
		allow_realm(oracle, v->env->in.x[1]);
	if (is_operation_command(v->command->command))
		allowed->holds_donated = true;
	/* An operation that ends in any way gives its object back. */
	if (v->operation) {
		footprint(v->operation->first, v->operation->command, allowed);
		for (unsigned int i = 1; i <= 3; i++)
			oracle_allow(allowed, ORACLE_ITEM_STATES, v->operation->first->in.x[i], 0,
				     RMM_GRANULE_SIZE);
	}
}

/* Quirks: a failure that does not leave everything as it was. */
static bool fails_with_effects(const struct rmm_system *sys, enum rmm_condition reported)
{
	return (reported == RMI_PSCI_COMPLETE_STATUS &&
		rmm_behaves(sys, RMM_BEHAVIOUR_PSCI_COMPLETE_DENIED_QUIRK)) ||
	       (reported == RMI_OP_MEM_RECLAIM_LIST_PAS &&
		rmm_behaves(sys, RMM_BEHAVIOUR_RECLAIM_RETURNS_MEMORY_FIRST));
}

static void deep_after(struct rmm_oracle *oracle, struct oracle_verdict *v)
{
	struct oracle_change *allowed = &oracle->change.allowed;
	char text[512];

	oracle->counts.deep++;
	if (v->reported == RMM_CONDITION_NONE && v->resumed)
		footprint(v->resumed, v->resumed_command, allowed);
	if (v->reported == RMM_CONDITION_NONE)
		footprint(v->env, v->command, allowed);
	else if (!v->operation)
		allowed->num_items = 0;
	if (fails_with_effects(oracle->sys, v->reported))
		return;
	oracle_snapshot_take(&oracle->change.after, oracle->sys);
	if (oracle_snapshot_differs(oracle->sys, &oracle->change, text, sizeof(text)))
		oracle_print(&v->why, "%s: %s",
			     v->reported == RMM_CONDITION_NONE ? "outside of the footprint"
							       : "although the command failed",
			     text);
	else if (!rmm_transitions_look(oracle->transitions, v->command->command, text,
				       sizeof(text)))
		oracle_print(&v->why, "%s", text);
}

/* ---- one call ------------------------------------------------------------------------------- */

static void before_call(struct rmm_oracle *oracle, struct oracle_verdict *v,
			const struct smc_regs *in)
{
	oracle_env_begin(oracle, v->env, v->command, in);
	if (!v->command)
		return;
	v->env->deep = looks_deep(oracle);
	oracle_evaluate(v->env, v->command);
	if (is_operation_command(v->command->command))
		v->operation = oracle_operation_find(oracle, in->x[1]);
	if (v->operation && v->command->command == RMM_CMD_RMI_OP_CONTINUE)
		resume(oracle, v);
	if (v->env->deep)
		deep_before(oracle, v);
}

static void after_call(struct rmm_oracle *oracle, struct oracle_verdict *v,
		       const struct smc_regs *out, unsigned int pe)
{
	v->reported = rmm_last_call(oracle->sys, pe)->condition;
	oracle_env_after(oracle, v->env, out);
	if (v->resumed)
		oracle_env_after(oracle, v->resumed, out);
	oracle_judge(v);
	if (v->command && v->env->deep && !oracle_is_wrong(v))
		deep_after(oracle, v);
	if (v->command)
		follow_operation(oracle, v);
}

static void check_invariants(struct rmm_oracle *oracle, struct oracle_verdict *v)
{
	struct rmm_violation violation;

	if (!oracle->options.invariants_every || oracle->calls % oracle->options.invariants_every ||
	    oracle_is_wrong(v))
		return;
	if (rmm_check_invariants(oracle->sys, &violation, 1))
		oracle_print(&v->why, "invariant %s: %s", violation.invariant->name,
			     violation.text);
}

/* An identifier that nobody knows changes nothing but X0. */
static bool is_unknown(const struct rmm_oracle *oracle, const struct rmm_abi_command *form)
{
	if (!form || strcmp(form->interface, "RMI") != 0)
		return true;
	if (monitor_hides(oracle->sys, form->id))
		return true;
	return !form->handler && rmm_behaves(oracle->sys, RMM_BEHAVIOUR_UNIMPLEMENTED_IS_UNKNOWN);
}

static void judge_unknown(struct oracle_verdict *v)
{
	if (v->env->out.x[0] != UINT64_MAX)
		oracle_print(&v->why, "the identifier is unknown and X0 is 0x%llx",
			     (unsigned long long)v->env->out.x[0]);
}

bool rmm_oracle_smc(struct rmm_oracle *oracle, unsigned int pe, struct smc_regs *regs)
{
	const uint32_t fid = (uint32_t)regs->x[0] & ~SVE_HINT;
	const struct rmm_abi_command *form =
		rmm_abi_command_by_fid(oracle->sys->config.version, fid);
	struct oracle_verdict v = {
		.oracle = oracle,
		.env = oracle->env,
		.why = {.s = oracle->text, .size = TEXT_BYTES},
	};
	struct smc_regs in = *regs;

	if (pe >= oracle->sys->config.num_pes) {
		rmm_smc(oracle->sys, pe, regs);
		return true;
	}
	oracle->calls++;
	oracle->counts.calls++;
	const bool unknown = is_unknown(oracle, form);
	if (!unknown && form->handler)
		v.command = oracle->commands[form->id];
	v.env->pe = pe;
	before_call(oracle, &v, &in);
	v.env->form = form;
	rmm_smc(oracle->sys, pe, regs);
	oracle_log_call(oracle->log, pe, &in, regs);
	if (unknown) {
		v.env->out = *regs;
		judge_unknown(&v);
	} else {
		after_call(oracle, &v, regs, pe);
	}
	check_invariants(oracle, &v);
	if (!oracle_is_wrong(&v))
		return true;
	oracle_report(oracle, &v);
	return false;
}

/* ---- life cycle
 * ---------------------------------------------------------------------------------- */

struct rmm_oracle_options rmm_oracle_options_default(void)
{
	return (struct rmm_oracle_options){.deep_every = 64, .keep_log = true};
}

static void find_commands(struct rmm_oracle *oracle)
{
	const enum rmm_version v = oracle->sys->config.version;

	for (unsigned int i = 0; i < oracle_num_commands; i++)
		if (oracle_commands[i].versions >> v & 1)
			oracle->commands[oracle_commands[i].command] = &oracle_commands[i];
}

struct rmm_oracle *rmm_oracle_create(struct rmm_system *sys,
				     const struct rmm_oracle_options *options)
{
	struct rmm_oracle *oracle = calloc(1, sizeof(*oracle));

	if (!oracle)
		return NULL;
	oracle->sys = sys;
	oracle->options = *options;
	oracle->begun_late = rmm_num_operations(sys) != 0;
	oracle->num_operations = sys->config.sro_contexts;
	oracle->operations = calloc(oracle->num_operations, sizeof(*oracle->operations));
	oracle->env = calloc(1, sizeof(*oracle->env));
	oracle->spare = calloc(1, sizeof(*oracle->spare));
	oracle->text = calloc(1, TEXT_BYTES);
	oracle->transitions = rmm_transitions_create(sys);
	oracle->log = options->keep_log ? oracle_log_create() : NULL;
	if (!oracle->operations || !oracle->env || !oracle->spare || !oracle->text ||
	    !oracle->transitions || (options->keep_log && !oracle->log)) {
		rmm_oracle_destroy(oracle);
		return NULL;
	}
	find_commands(oracle);
	return oracle;
}

void rmm_oracle_destroy(struct rmm_oracle *oracle)
{
	if (!oracle)
		return;
	for (unsigned int i = 0; oracle->operations && i < oracle->num_operations; i++)
		free(oracle->operations[i].first);
	free(oracle->operations);
	while (oracle->unused)
		free(env_take(oracle));
	free(oracle->env);
	free(oracle->spare);
	free(oracle->text);
	rmm_transitions_destroy(oracle->transitions);
	oracle_log_destroy(oracle->log);
	oracle_snapshot_free(&oracle->change.before);
	oracle_snapshot_free(&oracle->change.after);
	free(oracle);
}

static void conduit_call(void *ctx, struct smc_regs *regs)
{
	const struct rmm_oracle_conduit_ctx *to = ctx;

	(void)rmm_oracle_smc(to->oracle, to->pe, regs);
}

struct smc_conduit rmm_oracle_conduit(struct rmm_oracle_conduit_ctx *ctx)
{
	return (struct smc_conduit){.call = conduit_call, .ctx = ctx};
}

void rmm_oracle_note_write(struct rmm_oracle *oracle, uint64_t pa, uint64_t value)
{
	oracle_log_write(oracle->log, pa, value);
}

const char *rmm_oracle_text(const struct rmm_oracle *oracle)
{
	return oracle->failed ? oracle->text : NULL;
}

const struct rmm_oracle_counts *rmm_oracle_tally(const struct rmm_oracle *oracle)
{
	return &oracle->counts;
}

const struct rmm_transitions *rmm_oracle_transitions(const struct rmm_oracle *oracle)
{
	return oracle->transitions;
}
