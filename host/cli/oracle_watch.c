/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle_watch.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli_args.h"
#include "oracle/rmm_oracle.h"
#include "rmmsim/tlb_lint.h"

/* What it costs does not matter here: the whole machine is looked at after every call. */
#define DEEP_EVERY       1
#define INVARIANTS_EVERY 1

/* Behind what is told of the run. */
static void tell(const char *who, const char *text)
{
	(void)fflush(stdout);
	fprintf(stderr, "%s: %s\n", who, text);
}

static void print_mismatch(void *ctx, const char *text)
{
	struct oracle_watch *watch = ctx;

	watch->mismatches++;
	tell("oracle", text);
}

static void print_finding(void *ctx, const struct rmm_tlb_finding *finding)
{
	struct oracle_watch *watch = ctx;
	char text[512];

	watch->findings++;
	rmm_tlb_finding_text(finding, text, sizeof(text));
	tell("lint", text);
}

static void begin(struct oracle_watch *watch, struct rmm_system *sys)
{
	struct rmm_oracle_options options = rmm_oracle_options_default();

	options.deep_every = DEEP_EVERY;
	options.invariants_every = INVARIANTS_EVERY;
	options.mismatch = print_mismatch;
	options.ctx = watch;
	watch->oracle = rmm_oracle_create(sys, &options);
	watch->failed = watch->oracle == NULL || rmm_tlb_lint_begin(sys, print_finding, watch) != 0;
}

void oracle_watch_smc(void *ctx, struct rmm_system *sys, unsigned int pe, struct smc_regs *regs)
{
	struct oracle_watch *watch = ctx;

	if (watch->oracle == NULL && !watch->failed)
		begin(watch, sys);
	if (watch->oracle != NULL)
		(void)rmm_oracle_smc(watch->oracle, pe, regs);
	else
		rmm_smc(sys, pe, regs);
}

int oracle_watch_end(struct oracle_watch *watch)
{
	if (watch->failed)
		return cli_error("oracle", "free some memory", "out of memory");
	if (watch->oracle == NULL)
		return CLI_OK;
	(void)fflush(stdout);
	fprintf(stderr,
		"oracle: %" PRIu64 " calls judged, %" PRIu64 " mismatches, %" PRIu64
		" stale translations\n",
		rmm_oracle_tally(watch->oracle)->calls, watch->mismatches, watch->findings);
	rmm_oracle_destroy(watch->oracle);
	watch->oracle = NULL;
	return watch->mismatches != 0 || watch->findings != 0 ? CLI_FAILED : CLI_OK;
}
