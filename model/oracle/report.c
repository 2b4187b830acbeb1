/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/log.h"
#include "oracle/view.h"

static void print_param(struct oracle_text *text, const struct oracle_env *env,
			const struct rmm_abi_param *p, const struct smc_regs *regs)
{
	char value[256];

	rmm_abi_format(value, sizeof(value), env->version, p->type, p->type_name,
		       oracle_bits(regs->x[p->reg], p->lsb, p->width));
	oracle_print(text, "  x%u %s = %s\n", p->reg, p->name, value);
}

static void print_call(struct oracle_text *text, const struct oracle_env *env)
{
	const struct rmm_abi_command *form = env->form;

	if (!form) {
		oracle_print(text, "  x0 = 0x%" PRIx64 " -> 0x%" PRIx64 "\n", env->in.x[0],
			     env->out.x[0]);
		return;
	}
	oracle_print(text, "inputs of %s:\n", form->name);
	for (size_t i = 0; i < form->num_inputs; i++)
		print_param(text, env, &form->inputs[i], &env->in);
	oracle_print(text, "outputs:\n");
	for (size_t i = 0; i < form->num_outputs; i++)
		print_param(text, env, &form->outputs[i], &env->out);
}

static const char *truth_name(enum oracle_truth truth)
{
	static const char *const names[] = {"false", "held", "had no meaning", "unknown"};

	return names[truth];
}

static void print_conditions(struct oracle_text *text, const struct oracle_env *env,
			     const struct oracle_command *command)
{
	for (unsigned int i = 0; i < command->num_failures; i++) {
		const struct oracle_failure *f = &command->failures[i];

		if (!(f->versions >> env->version & 1) || env->truth[i] == ORACLE_FALSE ||
		    env->truth[i] == ORACLE_NOT_OBSERVED)
			continue;
		const struct rmm_abi_condition *c = rmm_abi_condition(env->version, f->condition);
		oracle_print(text, "  %s %s: %s\n", rmm_abi_condition_name(f->condition),
			     truth_name(env->truth[i]), c ? c->says : "");
	}
}

/* Granules and objects that the inputs name, as they are now. */
static void print_state(struct oracle_text *text, const struct oracle_env *env)
{
	for (size_t i = 0; env->form && i < env->form->num_inputs; i++) {
		const struct rmm_abi_param *p = &env->form->inputs[i];
		const uint64_t pa = env->in.x[p->reg];
		enum rmm_granule_state state;
		const struct rmm_realm *realm = view_realm(env->sys, pa);
		const struct rmm_rec *rec = view_rec(env->sys, pa);

		if (strcmp(p->type_name, "Address") != 0 ||
		    !rmm_granule_state_at(env->sys, pa, &state))
			continue;
		oracle_print(text, "  0x%" PRIx64 " (%s): %s", pa, p->name,
			     rmm_granule_state_name(state));
		if (realm)
			oracle_print(text, ", realm %s, %" PRIu64 " RECs, IPA width %u",
				     rmm_realm_state_name(realm->state), realm->num_recs,
				     realm->ipa_width);
		if (rec)
			oracle_print(text, ", owner 0x%" PRIx64 "%s", rec->owner,
				     rec->running ? ", running" : "");
		oracle_print(text, "\n");
	}
}

static void complete(struct oracle_text *text, const struct rmm_oracle *oracle,
		     const struct oracle_verdict *v)
{
	oracle_print(text, "\ncall %" PRIu64 " of the oracle\n", oracle->calls);
	print_call(text, v->env);
	if (v->reported != RMM_CONDITION_NONE)
		oracle_print(text, "reported: %s\n", rmm_abi_condition_name(v->reported));
	if (v->command) {
		oracle_print(text, "conditions before the call:\n");
		print_conditions(text, v->env, v->command);
	}
	if (v->resumed) {
		oracle_print(text, "conditions of %s, which it continues:\n",
			     v->resumed->form->name);
		print_conditions(text, v->resumed, v->resumed_command);
	}
	oracle_print(text, "state after the call:\n");
	print_state(text, v->env);
}

void oracle_report(struct rmm_oracle *oracle, struct oracle_verdict *v)
{
	const char *path = oracle->options.log_path;

	oracle->counts.mismatches++;
	oracle->failed = true;
	complete(&v->why, oracle, v);
	if (path && oracle_log_save(oracle->log, path))
		oracle_print(&v->why, "the calls so far are in %s\n", path);
	if (oracle->options.mismatch)
		oracle->options.mismatch(oracle->options.ctx, oracle->text);
}
