/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/exhaustive.h"

#include <inttypes.h>
#include <string.h>

#include "../arguments.h"
#include "attempt.h"
#include "rmmsim/abi/introspect.h"

const char *host_outcome_name(enum host_outcome outcome)
{
	static const char *const names[HOST_OUTCOME_COUNT] = {"clean", "findings", "hang", "crash"};

	return (unsigned int)outcome < HOST_OUTCOME_COUNT ? names[outcome] : "unknown";
}

/* ---- one attempt ------------------------------------------------------------------------ */

static void name_failure(const struct host_injector *injector, enum rmm_version version,
			 struct attempt_result *result)
{
	struct host_attempt *a = &result->attempt;
	const struct rmm_abi_command *of;
	enum rmm_condition condition;
	enum rmm_command command;

	if (!host_injector_last(injector, &command, &condition))
		return;
	of = rmm_abi_command_by_id(version, command);
	(void)snprintf(a->command, sizeof(a->command), "%s", of ? of->name : "");
	(void)snprintf(a->failure, sizeof(a->failure), "%s", rmm_abi_condition_name(condition));
	result->choices = host_injection_choices(version, command);
}

void attempt_collect(struct host_workbench *bench, const struct attempt_plan *plan,
		     enum rmm_version version, struct attempt_result *result)
{
	const struct host_findings *findings = host_workbench_findings(bench);
	struct host_attempt *a = &result->attempt;

	memset(result, 0, sizeof(*result));
	result->made = true;
	a->call = plan->call;
	a->calls = host_injector_calls(host_workbench_injector(bench));
	a->num_findings = host_findings_count(findings);
	for (size_t i = 0; i < HOST_ATTEMPT_FINDINGS; i++) {
		const struct host_finding *f = host_findings_get(findings, i);

		if (f != NULL)
			a->findings[i] = *f;
	}
	a->outcome = a->num_findings ? HOST_OUTCOME_FINDINGS : HOST_OUTCOME_CLEAN;
	if (host_findings_count_of(findings, HOST_FINDING_LIVELOCK) > 0)
		a->outcome = HOST_OUTCOME_HANG;
	name_failure(host_workbench_injector(bench), version, result);
}

/* The rules of the test itself come first: this one is about calls, not about commands. */
static int add_failure(struct host_workbench *bench, const struct attempt_plan *plan)
{
	struct host_injection_rule rule = host_injection_rule_default();

	if (plan->call == 0)
		return 0;
	rule.action = HOST_INJECT_CONDITION;
	rule.nth = plan->call;
	rule.count = 1;
	rule.value = plan->choice;
	return host_injector_add(host_workbench_injector(bench), &rule);
}

void attempt_run(const struct host_exhaustive_config *config, const struct attempt_plan *plan,
		 void (*stuck)(void *ctx), struct attempt_result *result)
{
	struct host_workbench_config setup = {.stuck = stuck, .stuck_ctx = result};
	struct host_workbench *bench = NULL;

	memset(result, 0, sizeof(*result));
	if (config->setup(config->ctx, &setup) != 0)
		return;
	if (host_workbench_create(&setup, &bench, NULL) == HOST_OK &&
	    add_failure(bench, plan) == 0) {
		config->run(config->ctx, bench);
		(void)host_workbench_finish(bench);
		attempt_collect(bench, plan, setup.version, result);
	}
	host_workbench_destroy(bench);
	if (config->teardown != NULL)
		config->teardown(config->ctx);
}

/* ---- all of them --------------------------------------------------------------------------- */

static bool attempt(const struct host_exhaustive_config *config, const struct attempt_plan *plan,
		    struct attempt_result *one, struct host_exhaustive_result *all)
{
	bool made = true;

	if (config->timeout_ms != 0)
		made = attempt_run_isolated(config, plan, one);
	else
		attempt_run(config, plan, NULL, one);
	if (!made || !one->made)
		return false;
	one->attempt.call = plan->call;
	all->attempts++;
	all->outcomes[one->attempt.outcome]++;
	if (config->report != NULL)
		config->report(config->ctx, &one->attempt);
	return true;
}

static bool fail_call(const struct host_exhaustive_config *config, uint64_t call,
		      struct host_exhaustive_result *all)
{
	struct attempt_plan plan = {.call = call};
	struct attempt_result one;

	do {
		if (!attempt(config, &plan, &one, all))
			return false;
		plan.choice++;
	} while (config->every_status && plan.choice < one.choices);
	return true;
}

static bool is_complete(const struct host_exhaustive_config *config)
{
	return host_is_argument(config) && config->setup && config->run;
}

int host_exhaustive(const struct host_exhaustive_config *config,
		    struct host_exhaustive_result *result)
{
	const struct attempt_plan none = {.call = 0};
	struct attempt_result first;

	if (!is_complete(config) || !host_is_argument(result))
		return -1;
	memset(result, 0, sizeof(*result));
	if (!attempt(config, &none, &first, result))
		return -1;
	result->calls = first.attempt.calls;
	for (uint64_t call = 1; call <= result->calls; call++)
		if (!fail_call(config, call, result))
			return -1;
	return 0;
}

/* ---- words ----------------------------------------------------------------------------------- */

void host_attempt_print(const struct host_attempt *attempt, FILE *out)
{
	if (!(host_is_argument(attempt) && host_is_argument(out)))
		return;

	const uint64_t kept = attempt->num_findings < HOST_ATTEMPT_FINDINGS ? attempt->num_findings
									    : HOST_ATTEMPT_FINDINGS;

	if (attempt->call == 0)
		(void)fprintf(out, "no failure: %s\n", host_outcome_name(attempt->outcome));
	else
		(void)fprintf(out, "call %" PRIu64 " (%s) fails with %s: %s\n", attempt->call,
			      attempt->command, attempt->failure,
			      host_outcome_name(attempt->outcome));
	for (uint64_t i = 0; i < kept; i++)
		host_finding_print(&attempt->findings[i], out);
}
