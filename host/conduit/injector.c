/* SPDX-License-Identifier: BSD-3-Clause */
/* The link: which of the means is used on a call. */
#include <stdlib.h>

#include "../arguments.h"
#include "../grave.h"
#include "injector_state.h"

#define LEVEL_SHIFT 8 /* of RmiResultDataLevel in the result word */

/* ---- life -------------------------------------------------------------------------- */

int host_injector_create(const struct host_injector_config *config, struct host_injector **out)
{
	if (!(host_is_argument(config) && host_is_argument(out)) ||
	    !observed_version_exists(config->version))
		return -1;

	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return -1;
	(*out)->config = *config;
	(*out)->random = config->seed;
	return 0;
}

void host_injector_destroy(struct host_injector *injector)
{
	if (!host_is_argument(injector))
		return;
	free(injector->rules);
	free(injector->refused);
	free(injector->gpts);
	free(injector->feigned);
	free(injector->genuine);
	grave_bury(injector);
}

bool injector_grow(void **array, size_t num, size_t element)
{
	void *more;

	/* Full at every power of two. */
	if (num & (num - 1))
		return true;
	more = realloc(*array, (num ? 2 * num : 1) * element);
	if (more != NULL)
		*array = more;
	return more != NULL;
}

void host_injector_limit_contexts(struct host_injector *injector, uint32_t contexts)
{
	if (!host_is_argument(injector))
		return;

	injector->contexts = contexts;
}

void host_injector_poison(struct host_injector *injector, bool on)
{
	if (!host_is_argument(injector))
		return;

	injector->poison = on;
}

uint64_t host_injector_calls(const struct host_injector *injector)
{
	if (!host_is_argument(injector))
		return 0;

	return injector->calls;
}

uint64_t host_injector_injected(const struct host_injector *injector)
{
	if (!host_is_argument(injector))
		return 0;

	return injector->injected;
}

uint64_t host_injector_calls_of(const struct host_injector *injector, enum rmm_command command)
{
	if (!host_is_argument(injector))
		return 0;

	return (unsigned int)command < RMM_CMD_COUNT ? injector->calls_of[command] : 0;
}

bool host_injector_last(const struct host_injector *injector, enum rmm_command *command,
			enum rmm_condition *condition)
{
	if (!host_is_argument(injector) || !command || !condition)
		return false;

	*command = injector->last_command;
	*condition = injector->last_condition;
	return injector->any;
}

/* ---- answers ------------------------------------------------------------------------- */

void injector_forward(struct injection *i, struct smc_regs *regs)
{
	const struct smc_regs in = *regs;

	smc_call(i->next, regs);
	injector_follow(i, &in, regs);
}

void injector_answer(struct smc_regs *regs, uint64_t x0)
{
	regs->x[0] = x0;
	regs->x[1] = 0;
	regs->x[2] = 0;
	regs->x[3] = 0;
}

static bool has_level(uint64_t status)
{
	return status == RMI_ERROR_RTT || status == RMI_ERROR_RTT_AUX;
}

void injector_answer_condition(const struct injection *i, struct smc_regs *regs,
			       enum rmm_condition condition, int8_t level)
{
	uint64_t x0 = rmm_condition_status_word(i->o.version, condition);

	i->injector->last_condition = condition;
	if (has_level(observed_status(x0)))
		x0 |= (uint64_t)(uint8_t)level << LEVEL_SHIFT;
	injector_answer(regs, x0);
}

/* ---- means --------------------------------------------------------------------------- */

/* Queries that succeed tell about one granule at least. */
static bool may_stand_still(const struct injection *i)
{
	return i->o.id != RMM_CMD_RMI_GRANULE_TRACKING_GET && i->o.id != RMM_CMD_RMI_GPT_INFO;
}

static void short_progress(struct injection *i, struct smc_regs *regs, uint64_t granules)
{
	const uint64_t base = observed_in(&i->o, "base");
	const uint64_t top = observed_in(&i->o, "top");

	if (granules == 0 && may_stand_still(i)) {
		injector_answer(regs, RMI_SUCCESS);
		regs->x[observed_output(&i->o, "out_top")->reg] = base;
	} else if (granules > 0 && top > base && granules < (top - base) / HOST_PAGE_SIZE) {
		injector_shorten(i, regs, base + granules * HOST_PAGE_SIZE);
	} else {
		injector_forward(i, regs);
	}
}

/* A failure that the command has, or the answer that any may get; never a success. */
static bool is_failure_of(const struct observed *o, uint64_t status)
{
	if (status == OBSERVED_NOT_SUPPORTED || status == RMI_BUSY || status == RMI_BLOCKED)
		return true;
	for (size_t f = 0; f < o->command->num_fail; f++)
		if (o->command->fail[f].versions >> o->version & 1 &&
		    o->command->fail[f].status_value == status)
			return true;
	return false;
}

bool injector_allows(const struct observed *o, const struct host_injection_rule *rule)
{
	switch (rule->action) {
	case HOST_INJECT_CONDITION:
		return rule->condition == RMM_CONDITION_NONE ||
		       rmm_abi_condition(o->version, rule->condition) != NULL;
	case HOST_INJECT_STATUS:
		return is_failure_of(o, rule->value);
	case HOST_INJECT_PROGRESS:
		return observed_is_range(o);
	case HOST_INJECT_YIELD:
		return o->command->sro_may && rule->value > 0;
	case HOST_INJECT_ASK:
		return o->command->sro_may && o->command->transfers_memory && rule->value > 0 &&
		       rule->value <= FEIGNED_MAX_GRANULES;
	case HOST_INJECT_CONSUME:
		return o->id == RMM_CMD_RMI_OP_MEM_DONATE;
	}
	return false;
}

static void act(struct injection *i, struct smc_regs *regs, const struct host_injection_rule *rule)
{
	struct host_injector *injector = i->injector;
	enum rmm_condition condition = rule->condition;

	injector->injected++;
	injector->any = true;
	injector->last_command = i->o.id;
	injector->last_condition = RMM_CONDITION_NONE;
	switch (rule->action) {
	case HOST_INJECT_CONDITION:
		if (condition == RMM_CONDITION_NONE)
			condition = injector_choice(i->o.command, i->o.version, rule->value);
		injector_answer_condition(i, regs, condition, rule->level);
		break;
	case HOST_INJECT_STATUS:
		injector_answer(regs, rule->value);
		break;
	case HOST_INJECT_PROGRESS:
		short_progress(i, regs, rule->value);
		break;
	case HOST_INJECT_YIELD:
		injector_begin_yield(i, regs, rule->value);
		break;
	case HOST_INJECT_ASK:
		injector_begin_ask(i, regs, rule->value);
		break;
	case HOST_INJECT_CONSUME:
		injector_consume(i, regs, rule->value);
		break;
	}
}

static void decide(struct injection *i, struct smc_regs *regs)
{
	const struct host_injection_rule *rule = injector_match(i);

	if (rule != NULL && injector_allows(&i->o, rule) &&
	    !(observed_is_step(&i->o) && rule->action >= HOST_INJECT_YIELD &&
	      rule->action != HOST_INJECT_CONSUME))
		act(i, regs, rule);
	else if (!injector_platform(i, regs) && !injector_feigned_step(i, regs))
		injector_forward(i, regs);
}

static void injector_call(void *ctx, struct smc_regs *regs)
{
	const struct host_injector_link *link = ctx;
	struct host_injector *injector = link->injector;
	struct injection i = {.injector = injector, .next = link->next, .pe = link->pe};

	if (!host_is_argument(injector)) {
		regs->x[0] = SMC_NOT_SUPPORTED;
		return;
	}
	i.o = observed_call(injector->config.version, ++injector->calls, regs);
	if (i.o.command == NULL) {
		smc_call(link->next, regs);
		return;
	}
	injector->calls_of[i.o.id]++;
	decide(&i, regs);
	i.o.out = *regs;
	if (injector->poison)
		injector_poison(&i, regs);
}

struct smc_conduit host_injector_conduit(struct host_injector_link *link)
{
	if (!(link && link->injector))
		return host_nowhere();
	return (struct smc_conduit){.call = injector_call, .ctx = link};
}
