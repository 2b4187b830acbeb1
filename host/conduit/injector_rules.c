/* SPDX-License-Identifier: BSD-3-Clause */
/* Which rule decides a call. */
#include "../arguments.h"
#include "injector_state.h"

#define PER_MILLE 1000u

struct host_injection_rule host_injection_rule_default(void)
{
	return (struct host_injection_rule){
		.command = RMM_CMD_COUNT,
		.pe = -1,
		.nth = 1,
		.condition = RMM_CONDITION_NONE,
	};
}

int host_injector_add(struct host_injector *injector, const struct host_injection_rule *rule)
{
	if (!(host_is_argument(injector) && host_is_argument(rule)))
		return -1;

	void *array = injector->rules;

	if (!injector_grow(&array, injector->num_rules, sizeof(injector->rules[0])))
		return -1;
	injector->rules = array;
	injector->rules[injector->num_rules++] = (struct active_rule){.rule = *rule};
	return 0;
}

/* splitmix64: any seed will do, 0 included. */
static uint64_t next_random(struct host_injector *injector)
{
	uint64_t z = injector->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static bool is_about(const struct host_injection_rule *rule, const struct injection *i)
{
	return (rule->command == RMM_CMD_COUNT || rule->command == i->o.id) &&
	       (rule->pe < 0 || rule->pe == i->pe);
}

/* Counts the call for a rule that is about it, and says whether it applies. */
static bool applies(struct host_injector *injector, struct active_rule *active)
{
	const struct host_injection_rule *rule = &active->rule;
	const uint64_t first = rule->nth ? rule->nth : 1;
	const uint64_t seen = ++active->seen;

	if (seen < first || (rule->count != 0 && active->hits >= rule->count))
		return false;
	if (rule->every > 1 && (seen - first) % rule->every != 0)
		return false;
	if (rule->per_mille != 0 && next_random(injector) % PER_MILLE >= rule->per_mille)
		return false;
	active->hits++;
	return true;
}

const struct host_injection_rule *injector_match(struct injection *i)
{
	struct host_injector *injector = i->injector;
	const struct host_injection_rule *found = NULL;

	for (size_t n = 0; n < injector->num_rules; n++) {
		struct active_rule *active = &injector->rules[n];

		if (is_about(&active->rule, i) && applies(injector, active) && found == NULL)
			found = &active->rule;
	}
	return found;
}
