/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim run: plays traces. */
#include <stdio.h>

#include "cli_args.h"
#include "commands.h"
#include "oracle_watch.h"
#include "rmmsim/trace.h"
#include "run_timed.h"

struct run_options {
	struct rmm_trace_overrides overrides;
	const char *timing;
	bool timed;
	bool quiet;
	bool no_colour;
	bool stop;
	bool oracle;
};

static int play(const struct rmm_trace *trace, const struct run_options *o)
{
	struct rmm_trace_log log = {
		.out = stdout,
		.file = rmm_trace_file(trace),
		.version = rmm_trace_config(trace)->version,
		.colour = cli_colour(o->no_colour),
		.quiet = o->quiet,
		.actors = rmm_trace_num_actors(trace) > 1,
	};
	struct oracle_watch watch = {0};
	const struct rmm_trace_options options = {
		.event = rmm_trace_log_event,
		.ctx = &log,
		.stop_at_failure = o->stop,
		.interrupt = cli_catch_interrupt(),
		.smc = o->oracle ? oracle_watch_smc : NULL,
		.smc_ctx = &watch,
	};
	struct rmm_trace_summary summary = {0};
	struct rmm_error error = {{0}};
	int status;

	rmm_trace_log_heading(&log, trace);
	if (o->timed)
		status = run_timed(trace, &options, o->timing, &summary);
	else
		status = rmm_trace_play(trace, &options, &summary, &error);
	if (error.text[0] != '\0')
		cli_error("run", "correct 'machine' in the trace", "%s: %s", log.file, error.text);
	if (status != RMM_TRACE_BAD_INPUT)
		rmm_trace_log_summary(&log, trace, &summary);
	const int judged = oracle_watch_end(&watch);
	return judged > status ? judged : status;
}

static int run_file(const char *path, const struct run_options *o)
{
	struct rmm_trace *trace = rmm_trace_load(path, &o->overrides, stderr);
	int status;

	if (trace == NULL)
		return CLI_BAD_INPUT;
	status = play(trace, o);
	rmm_trace_free(trace);
	return status;
}

static bool overrides_are_known(const char *command, const struct rmm_trace_overrides *overrides)
{
	enum rmm_version version;
	enum rmm_profile profile;

	return cli_version(command, overrides->version, &version) &&
	       cli_profile(command, overrides->profile, &profile);
}

int cmd_run(int argc, char **argv)
{
	struct run_options o = {0};
	const struct cli_option known[] = {
		{"--version", NULL, &o.overrides.version, NULL},
		{"--profile", NULL, &o.overrides.profile, NULL},
		{"--timing", NULL, &o.timing, NULL},
		{"--timed", NULL, NULL, &o.timed},
		{"--oracle", NULL, NULL, &o.oracle},
		{"--stop", NULL, NULL, &o.stop},
		{"--quiet", "-q", NULL, &o.quiet},
		{"--no-color", NULL, NULL, &o.no_colour},
		{0},
	};
	struct cli_words words;
	int worst = CLI_OK;

	if (!cli_parse(argc, argv, known, &words, 1, CLI_MAX_WORDS) ||
	    !overrides_are_known(argv[0], &o.overrides))
		return CLI_BAD_INPUT;
	if (o.timed && words.n > 1)
		return cli_error(argv[0], "play them one by one",
				 "a program can time a single trace, not %zu", words.n);
	if (o.oracle && o.timed)
		return cli_error(
			argv[0], "leave --timed out: the answers are the same",
			"the oracle judges one call at a time, PEs side by side make several");
	if (o.timing != NULL && !o.timed)
		return cli_error(argv[0], "add --timed", "--timing needs --timed");
	for (size_t i = 0; i < words.n; i++) {
		int status = run_file(words.v[i], &o);

		worst = status > worst ? status : worst;
	}
	return worst;
}
