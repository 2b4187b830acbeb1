/* SPDX-License-Identifier: BSD-3-Clause */
/* A report as aligned tables. */
#include <inttypes.h>
#include <string.h>

#include "report.h"

/* How many kinds of cost a command's row names. */
#define TOP_COSTS 4

static double percent(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0.0 : 100.0 * (double)part / (double)whole;
}

static void print_head(FILE *out, const struct rmm_timing_report *r)
{
	fprintf(out, "profile %s at %" PRIu32 " MHz, quantum %" PRIu64 " ns, seed %" PRIu64 "\n",
		r->profile->name, r->profile->clock_mhz, r->quantum_ns, r->seed);
	fprintf(out, "%zu PE%s, %" PRIu64 " cycles = %.3f us\n", r->num_pes,
		r->num_pes == 1 ? "" : "s", r->cycles, rmm_timing_ns(r, r->cycles) / 1000.0);
}

/* The largest cost that is smaller than the one before it, or later among equals. */
static int next_largest(const struct rmm_timing_share *share, const bool *used)
{
	int best = -1;

	for (int c = 0; c < RMM_COST_COUNT; c++)
		if (!used[c] && share->by_cost[c] > 0 &&
		    (best < 0 || share->by_cost[c] > share->by_cost[best]))
			best = c;
	return best;
}

static void print_top_costs(FILE *out, const struct rmm_timing_share *share)
{
	bool used[RMM_COST_COUNT] = {false};

	for (int i = 0; i < TOP_COSTS; i++) {
		int c = next_largest(share, used);

		if (c < 0)
			return;
		used[c] = true;
		fprintf(out, "%s%s %.0f%%", i == 0 ? "" : ", ", rmm_cost_name((enum rmm_cost)c),
			percent(share->by_cost[c], share->total));
	}
}

static int widest_name(const struct rmm_timing_report *r)
{
	size_t width = strlen("command");

	for (size_t i = 0; i < r->num_commands; i++) {
		size_t len = strlen(rmm_timing_command_name(r->commands[i].command));

		if (len > width)
			width = len;
	}
	return (int)width;
}

static void print_commands(FILE *out, const struct rmm_timing_report *r)
{
	const int width = widest_name(r);

	if (r->num_commands == 0)
		return;
	fprintf(out, "\nCycles a call\n%-*s %9s %10s %10s %10s %13s %7s %7s  %s\n", width,
		"command", "calls", "min", "mean", "max", "total", "lock", "shared", "mostly");
	for (size_t i = 0; i < r->num_commands; i++) {
		const struct rmm_timing_command *c = &r->commands[i];

		fprintf(out,
			"%-*s %9" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %13" PRIu64
			" %6.1f%% %6.1f%%  ",
			width, rmm_timing_command_name(c->command), c->calls, c->min,
			c->share.total / c->calls, c->max, c->share.total,
			percent(c->share.lock_wait, c->share.total),
			percent(c->share.resource_wait, c->share.total));
		print_top_costs(out, &c->share);
		fputc('\n', out);
	}
}

static void print_pes(FILE *out, const struct rmm_timing_report *r)
{
	fprintf(out, "\nPEs\n%3s %9s %13s %13s %13s %13s %9s\n", "PE", "calls", "cycles", "us",
		"lock wait", "shared wait", "yields");
	for (size_t i = 0; i < r->num_pes; i++) {
		const struct rmm_timing_pe *p = &r->pes[i];

		fprintf(out,
			"%3zu %9" PRIu64 " %13" PRIu64 " %13.3f %13" PRIu64 " %13" PRIu64
			" %9" PRIu64 "\n",
			i, p->calls, p->cycles, rmm_timing_ns(r, p->cycles) / 1000.0,
			p->share.lock_wait, p->share.resource_wait, p->yields);
	}
}

static void print_costs(FILE *out, const struct rmm_timing_report *r)
{
	struct rmm_timing_share sum;

	rmm_timing_sum(r, &sum);
	fprintf(out, "\nCosts\n%-16s %12s %14s %14s %7s  %s\n", "cost", "events", "units", "cycles",
		"share", "known by");
	for (unsigned int c = 0; c < RMM_COST_COUNT; c++) {
		if (r->events[c] == 0)
			continue;
		fprintf(out, "%-16s %12" PRIu64 " %14" PRIu64 " %14" PRIu64 " %6.1f%%  %s\n",
			rmm_cost_name((enum rmm_cost)c), r->events[c], r->units[c], sum.by_cost[c],
			percent(sum.by_cost[c], sum.total),
			rmm_timing_kind_name(r->profile->costs[c].kind));
	}
	fprintf(out, "%-16s %12s %14s %14" PRIu64 " %6.1f%%\n", "(lock wait)", "", "",
		sum.lock_wait, percent(sum.lock_wait, sum.total));
	fprintf(out, "%-16s %12s %14s %14" PRIu64 " %6.1f%%\n", "(shared wait)", "", "",
		sum.resource_wait, percent(sum.resource_wait, sum.total));
	fputs("\nKnown by", out);
	for (unsigned int k = 0; k < RMM_TIMING_KIND_COUNT; k++)
		fprintf(out, "%s %s %.1f%%", k == 0 ? "" : ",",
			rmm_timing_kind_name((enum rmm_timing_kind)k),
			percent(rmm_timing_cycles_of_kind(r, (enum rmm_timing_kind)k), sum.total));
	fputs(" of all cycles\n", out);
}

void rmm_timing_print(FILE *out, const struct rmm_timing_report *report)
{
	print_head(out, report);
	print_commands(out, report);
	print_pes(out, report);
	print_costs(out, report);
}
