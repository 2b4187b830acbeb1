/* SPDX-License-Identifier: BSD-3-Clause */
#include "run_timed.h"

#include <stdio.h>

#include "cli_args.h"

#ifdef RMMSIM_HAS_TIMING

#include "rmm_timing.h"

struct timed_run {
	struct rmm_timed *timed;
	struct rmm_trace_session *session;
};

static void call_begin(void *ctx, unsigned int pe, enum rmm_command command)
{
	const struct timed_run *run = ctx;

	rmm_timed_call_begin(run->timed, pe, command);
}

static void call_end(void *ctx, unsigned int pe, enum rmm_command command)
{
	const struct timed_run *run = ctx;

	rmm_timed_call_end(run->timed, pe, command);
}

static void play_actor(void *ctx, unsigned int actor)
{
	const struct timed_run *run = ctx;

	while (rmm_trace_session_step(run->session, actor))
		;
}

static int fail(const struct rmm_error *error)
{
	return cli_error("run", "play it without --timed to see whether the trace is at fault",
			 "%s", error->text);
}

static int play(struct timed_run *run, const struct rmm_trace *trace,
		const struct rmm_trace_options *options, struct rmm_trace_summary *summary)
{
	struct rmm_trace_options timed_options = *options;
	const struct rmm_port port = rmm_timed_port(run->timed);
	struct rmm_error error = {{0}};
	int status;

	timed_options.port = &port;
	timed_options.call_begin = call_begin;
	timed_options.call_end = call_end;
	timed_options.call_ctx = run;
	if (rmm_trace_session_create(trace, &timed_options, &run->session, &error) != 0)
		return fail(&error);
	status = rmm_timed_run(run->timed, rmm_trace_num_actors(trace), play_actor, run, &error);
	*summary = rmm_trace_session_summary(run->session);
	rmm_trace_session_destroy(run->session);
	if (status != 0)
		return fail(&error);
	fputc('\n', stdout);
	rmm_timing_print(stdout, rmm_timed_report(run->timed));
	return summary->failures > 0 || summary->interrupted ? RMM_TRACE_FAILED : RMM_TRACE_OK;
}

/* Simulated time belongs to PEs in order: actor n has to be on PE n. */
static bool actors_are_in_order(const struct rmm_trace *trace)
{
	for (unsigned int i = 0; i < rmm_trace_num_actors(trace); i++)
		if (rmm_trace_actor_pe(trace, i) != i)
			return false;
	return true;
}

int run_timed(const struct rmm_trace *trace, const struct rmm_trace_options *options,
	      const char *profile_path, struct rmm_trace_summary *summary)
{
	struct rmm_timing_profile *profile;
	struct timed_run run = {0};
	struct rmm_error error = {{0}};
	int status;

	if (!actors_are_in_order(trace))
		return cli_error("run", "give the first actor PE 0, the second PE 1 ...",
				 "%s: a timed run needs actor n on PE n", rmm_trace_file(trace));
	if (rmm_profile_load(profile_path, &profile, &error) != 0)
		return fail(&error);
	if (rmm_timed_create(&(struct rmm_timing_options){.profile = profile}, &run.timed,
			     &error) != 0) {
		rmm_profile_free(profile);
		return fail(&error);
	}
	status = play(&run, trace, options, summary);
	rmm_timed_destroy(run.timed);
	rmm_profile_free(profile);
	return status;
}

#else

int run_timed(const struct rmm_trace *trace, const struct rmm_trace_options *options,
	      const char *profile, struct rmm_trace_summary *summary)
{
	(void)options;
	(void)profile;
	(void)summary;
	return cli_error("run", "build with -DRMMSIM_TIMING=ON, which needs SystemC",
			 "%s: this program was built without the timing model",
			 rmm_trace_file(trace));
}

#endif
