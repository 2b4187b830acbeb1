/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line around a test: one run, or one for every call that can fail. */
#include "rmmsim/host/workbench_main.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rmmsim/abi/introspect.h"
#include "rmmsim/guest_record.h"
#include "rmmsim/host/exhaustive.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/recorder_guests.h"
#include "rmmsim/host/workbench.h"

#define STATUS_CLEAN       0
#define STATUS_FINDINGS    1
#define STATUS_USAGE       2

#define DEFAULT_ATTEMPT_MS 10000u

static const char usage_text[] =
	"  --inject TEXT    what goes wrong: RMI_RTT_CREATE@3=RMI_BUSY; poison; ...\n"
	"  --seed N         of random choices\n"
	"  --exhaustive     once as it is, then with each call failing once\n"
	"  --every-status   ... with each status that its command can have\n"
	"  --timeout MS     of an attempt, in a process of its own; 0: in this one\n"
	"  --version V      of the specification: 2.0-bet1, ...\n"
	"  --profile P      spec or tf-rmm\n"
	"  --host-gpt       firmware has left all level 1 GPTs to the host\n"
	"  --record FILE    a recording of what the machine sees\n"
	"  --ledger         what is held at the end, as a table\n"
	"  --backtrace      ... with the stacks that took it\n"
	"  --quiet          findings only\n";

struct options {
	const char *inject;
	uint64_t seed;
	uint64_t timeout_ms;
	const char *version;
	const char *profile;
	const char *record;
	bool exhaustive, every_status, host_gpt, ledger, backtrace, quiet, help;
};

/* One test while it lasts; what the callbacks of the exhaustive mode get. */
struct session {
	const struct host_test *test;
	struct options options;
	struct rmm_config config;
	struct rmm_guest_recorder *guests; /* NULL: there are none, or no recording */
	struct rmm_system *sys;
	struct rmm_conduit_ctx pe;
	bool passed; /* what the test said last */
};

/* ---- the command line ------------------------------------------------------------------ */

static bool parse_number(const char *text, uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 0);
	return *text >= '0' && *text <= '9' && *end == '\0';
}

static bool *switch_of(struct options *o, const char *word)
{
	const struct {
		const char *name;
		bool *at;
	} switches[] = {
		{"--exhaustive", &o->exhaustive}, {"--every-status", &o->every_status},
		{"--ledger", &o->ledger},         {"--backtrace", &o->backtrace},
		{"--quiet", &o->quiet},           {"--help", &o->help},
		{"--host-gpt", &o->host_gpt},
	};

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (strcmp(word, switches[i].name) == 0)
			return switches[i].at;
	return NULL;
}

static bool take_value(struct options *o, const char *word, const char *value)
{
	const struct {
		const char *name;
		const char **text;
		uint64_t *number;
	} values[] = {
		{"--inject", &o->inject, NULL},   {"--record", &o->record, NULL},
		{"--version", &o->version, NULL}, {"--profile", &o->profile, NULL},
		{"--seed", NULL, &o->seed},       {"--timeout", NULL, &o->timeout_ms},
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (strcmp(word, values[i].name) != 0)
			continue;
		if (values[i].number)
			return value && parse_number(value, values[i].number);
		*values[i].text = value;
		return value != NULL;
	}
	return false;
}

static bool parse(int argc, char **argv, struct options *o)
{
	*o = (struct options){.timeout_ms = DEFAULT_ATTEMPT_MS};
	for (int i = 1; i < argc; i++) {
		bool *const is_set = switch_of(o, argv[i]);

		if (is_set) {
			*is_set = true;
			continue;
		}
		if (!take_value(o, argv[i], i + 1 < argc ? argv[i + 1] : NULL)) {
			(void)fprintf(stderr,
				      "%s: '%s' is no option, or its value is wrong: see --help\n",
				      argv[0], argv[i]);
			return false;
		}
		i++;
	}
	return true;
}

/* An attempt is a process: there is no one ledger, and no one recording. */
static bool fit_together(const struct options *o, const char *program)
{
	const bool once = o->record || o->ledger;

	if (o->exhaustive && once)
		(void)fprintf(stderr,
			      "%s: --record and --ledger are for one run, not for "
			      "--exhaustive\n",
			      program);
	else if (o->every_status && !o->exhaustive)
		(void)fprintf(stderr, "%s: --every-status belongs to --exhaustive\n", program);
	else
		return true;
	return false;
}

/* ---- the machine -------------------------------------------------------------------------- */

static void refuse_version(const char *program, const char *name)
{
	(void)fprintf(stderr, "%s: there is no version '%s', but", program, name);
	for (unsigned int v = 0; v < RMM_VERSION_COUNT; v++)
		(void)fprintf(stderr, "%s %s", v ? "," : "", rmm_abi_versions[v].name);
	(void)fputc('\n', stderr);
}

static bool configure(struct session *s, const char *program)
{
	const struct options *o = &s->options;

	s->config = s->test->machine ? *s->test->machine : rmm_config_default();
	if (o->version && !rmm_abi_version_find(o->version, &s->config.version)) {
		refuse_version(program, o->version);
		return false;
	}
	if (o->profile && strcmp(o->profile, "spec") != 0 && strcmp(o->profile, "tf-rmm") != 0) {
		(void)fprintf(stderr, "%s: the profile is spec or tf-rmm, not '%s'\n", program,
			      o->profile);
		return false;
	}
	if (o->host_gpt)
		s->config.gpt_prebuilt = false;
	if (o->profile)
		s->config.profile =
			strcmp(o->profile, "spec") == 0 ? RMM_PROFILE_SPEC : RMM_PROFILE_TF_RMM;
	return true;
}

/* Stands before the guests of the machine, so that a recording has what they do. */
static bool record_guests(struct session *s)
{
	if (!s->options.record || !s->config.guest)
		return true;
	if (rmm_guest_recorder_create(s->config.guest, s->config.guest_machine, &s->guests) != 0)
		return false;
	s->config.guest = rmm_guest_recorder_ops(s->guests);
	s->config.guest_machine = s->guests;
	return true;
}

static int start(void *ctx, struct host_workbench_config *bench)
{
	struct session *s = ctx;
	struct rmm_error error;

	if (rmm_system_create(&s->config, &s->sys, &error) != 0) {
		(void)fprintf(stderr, "%s\n", error.text);
		return -1;
	}
	s->pe = (struct rmm_conduit_ctx){.sys = s->sys, .pe = 0};
	bench->version = s->config.version;
	bench->machine = rmm_conduit(&s->pe);
	bench->memory = host_model_memory(s->sys);
	bench->inject = s->options.inject;
	bench->environment = true;
	bench->seed = s->options.seed;
	bench->backtrace = s->options.backtrace;
	return 0;
}

static void stop(void *ctx)
{
	struct session *s = ctx;

	rmm_system_destroy(s->sys);
	s->sys = NULL;
}

static void run(void *ctx, struct host_workbench *bench)
{
	struct session *s = ctx;
	struct smc_conduit smc = host_workbench_conduit(bench);
	const struct host_memory_ops memory = host_workbench_memory(bench);

	s->passed = s->test->run(s->test->ctx, &smc, &memory);
	if (s->options.ledger)
		host_ledger_print(host_workbench_ledger(bench), stdout);
}

/* ---- once ------------------------------------------------------------------------------------ */

static int judge(struct session *s, struct host_workbench *bench)
{
	const uint64_t found = host_workbench_finish(bench);
	const struct host_injector *injector = host_workbench_injector(bench);
	const uint64_t injected = host_injector_injected(injector);

	host_findings_print(host_workbench_findings(bench), stdout);
	if (!s->options.quiet)
		printf("%" PRIu64 " calls, %" PRIu64 " answers made up, %" PRIu64
		       " findings; the test %s\n",
		       host_injector_calls(injector), injected, found,
		       s->passed ? "passed" : "failed");
	return found > 0 || (!s->passed && injected == 0) ? STATUS_FINDINGS : STATUS_CLEAN;
}

static int run_once(struct session *s, FILE *record)
{
	struct host_workbench_config config = {.record = record};
	struct host_workbench *bench = NULL;
	struct host_error error;
	int status = STATUS_USAGE;
	char *head;

	if (start(s, &config) != 0)
		return STATUS_USAGE;
	head = host_model_recording(s->sys);
	config.record_head = head;
	if (host_workbench_create(&config, &bench, &error) == HOST_OK) {
		(void)host_recorder_listen(host_workbench_recorder(bench), s->guests, &s->pe);
		run(s, bench);
		status = judge(s, bench);
	} else {
		(void)fprintf(stderr, "%s\n", error.text);
	}
	rmm_guest_recorder_listen(s->guests, NULL, NULL);
	host_workbench_destroy(bench);
	free(head);
	stop(s);
	return status;
}

static bool close_whole(FILE *file)
{
	const bool failed = ferror(file) != 0;

	return fclose(file) == 0 && !failed;
}

static int run_recorded(struct session *s, const char *program)
{
	FILE *record = NULL;
	int status;

	if (s->options.record && (record = fopen(s->options.record, "w")) == NULL) {
		(void)fprintf(stderr, "%s: cannot write '%s'\n", program, s->options.record);
		return STATUS_USAGE;
	}
	status = record_guests(s) ? run_once(s, record) : STATUS_USAGE;
	rmm_guest_recorder_destroy(s->guests);
	if (record && !close_whole(record)) {
		(void)fprintf(stderr, "%s: the recording '%s' could not be written to its end\n",
			      program, s->options.record);
		return STATUS_USAGE;
	}
	return status;
}

/* ---- with every call failing --------------------------------------------------------------------
 */

static void report(void *ctx, const struct host_attempt *attempt)
{
	(void)ctx;
	if (attempt->outcome != HOST_OUTCOME_CLEAN)
		host_attempt_print(attempt, stdout);
}

static int run_exhaustive(struct session *s, const char *program)
{
	const struct host_exhaustive_config config = {
		.ctx = s,
		.setup = start,
		.run = run,
		.teardown = stop,
		.report = report,
		.every_status = s->options.every_status,
		.timeout_ms = (uint32_t)s->options.timeout_ms,
	};
	struct host_exhaustive_result result;

	if (host_exhaustive(&config, &result) != 0) {
		(void)fprintf(stderr, "%s: an attempt could not be made\n", program);
		return STATUS_USAGE;
	}
	if (!s->options.quiet) {
		printf("%" PRIu64 " calls, %" PRIu64 " attempts:", result.calls, result.attempts);
		for (unsigned int i = 0; i < HOST_OUTCOME_COUNT; i++)
			printf("%s %" PRIu64 " %s", i ? "," : "", result.outcomes[i],
			       host_outcome_name((enum host_outcome)i));
		putchar('\n');
	}
	return result.attempts == result.outcomes[HOST_OUTCOME_CLEAN] ? STATUS_CLEAN
								      : STATUS_FINDINGS;
}

int host_workbench_main(int argc, char **argv, const struct host_test *test)
{
	struct session s = {.test = test};
	const char *const program = argc > 0 && argv ? argv[0] : "workbench";

	if (!test || !test->run || !argv) {
		(void)fprintf(stderr, "%s: there is no test to run\n", program);
		return STATUS_USAGE;
	}
	if (!parse(argc, argv, &s.options))
		return STATUS_USAGE;
	if (s.options.help) {
		printf("usage: %s [options]\n%s", program, usage_text);
		return STATUS_CLEAN;
	}
	if (!fit_together(&s.options, program) || !configure(&s, program))
		return STATUS_USAGE;
	(void)fflush(stdout); /* attempts are forked: what is in the buffer would come twice */
	return s.options.exhaustive ? run_exhaustive(&s, program) : run_recorded(&s, program);
}
