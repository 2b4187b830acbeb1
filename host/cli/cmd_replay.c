/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim replay: how far the model agrees with a recording. */
#include <stdio.h>
#include <stdlib.h>

#include "cli_args.h"
#include "commands.h"
#include "oracle_watch.h"
#include "rmmsim/replay.h"

static int replay(const struct rmm_replay_log *log, const struct rmm_replay_options *options,
		  bool json)
{
	struct rmm_replay_result *result = calloc(1, sizeof(*result));
	struct rmm_error error = {{0}};
	int status = CLI_BAD_INPUT;

	if (result == NULL)
		return cli_error("replay", "free some memory", "out of memory");
	if (rmm_replay_run(log, options, result, &error) != 0) {
		cli_error("replay", "see the sentence above", "%s", error.text);
	} else {
		(json ? rmm_replay_print_json : rmm_replay_print)(stdout, log, options, result);
		status = result->total.unexplained + result->reads.unexplained > 0 ||
					 result->interrupted
				 ? CLI_FAILED
				 : CLI_OK;
	}
	free(result);
	return status;
}

int cmd_replay(int argc, char **argv)
{
	struct rmm_replay_options options = {.version = rmm_config_default().version};
	const char *version = NULL;
	const char *profile = NULL;
	bool json = false;
	bool oracle = false;
	struct oracle_watch watch = {0};
	const struct cli_option known[] = {
		{"--version", NULL, &version, NULL},
		{"--profile", NULL, &profile, NULL},
		{"--oracle", NULL, NULL, &oracle},
		{"--json", NULL, NULL, &json},
		{0},
	};
	struct rmm_replay_log *log;
	struct cli_words words;
	int status;

	if (!cli_parse(argc, argv, known, &words, 1, 1) ||
	    !cli_version(argv[0], version, &options.version) ||
	    !cli_profile(argv[0], profile, &options.profile))
		return CLI_BAD_INPUT;
	log = rmm_replay_load(words.v[0], stderr);
	if (log == NULL)
		return CLI_BAD_INPUT;
	if (log->has_machine && version == NULL)
		options.version = log->machine.version;
	if (log->has_machine && profile == NULL)
		options.profile = log->machine.profile;
	options.interrupt = cli_catch_interrupt();
	if (oracle) {
		options.smc = oracle_watch_smc;
		options.smc_ctx = &watch;
	}
	status = replay(log, &options, json);
	rmm_replay_free(log);
	const int judged = oracle_watch_end(&watch);
	return judged > status ? judged : status;
}
