/* SPDX-License-Identifier: BSD-3-Clause */
/* A report as one JSON object. */
#include <inttypes.h>

#include "report.h"

static void print_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20)
			fprintf(out, "\\u%04x", (unsigned int)*text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

/* Costs that did not occur are left out. */
static void print_share(FILE *out, const struct rmm_timing_share *share)
{
	const char *separator = "";

	fprintf(out,
		"\"cycles\": %" PRIu64 ", \"lock_wait\": %" PRIu64 ", \"resource_wait\": %" PRIu64,
		share->total, share->lock_wait, share->resource_wait);
	fputs(", \"by_cost\": {", out);
	for (unsigned int c = 0; c < RMM_COST_COUNT; c++) {
		if (share->by_cost[c] == 0)
			continue;
		fprintf(out, "%s\"%s\": %" PRIu64, separator, rmm_cost_name((enum rmm_cost)c),
			share->by_cost[c]);
		separator = ", ";
	}
	fputc('}', out);
}

static void print_profile(FILE *out, const struct rmm_timing_profile *profile)
{
	fputs("  \"profile\": ", out);
	print_string(out, profile->name);
	fprintf(out, ",\n  \"clock_mhz\": %" PRIu32 ",\n", profile->clock_mhz);
}

static void print_commands(FILE *out, const struct rmm_timing_report *r)
{
	fputs("  \"commands\": [", out);
	for (size_t i = 0; i < r->num_commands; i++) {
		const struct rmm_timing_command *c = &r->commands[i];

		fprintf(out, "%s\n    {\"command\": ", i == 0 ? "" : ",");
		print_string(out, rmm_timing_command_name(c->command));
		fprintf(out,
			", \"calls\": %" PRIu64 ", \"min\": %" PRIu64 ", \"mean\": %" PRIu64
			", \"max\": %" PRIu64 ", ",
			c->calls, c->min, c->share.total / c->calls, c->max);
		print_share(out, &c->share);
		fputc('}', out);
	}
	fputs("\n  ],\n", out);
}

static void print_pes(FILE *out, const struct rmm_timing_report *r)
{
	fputs("  \"pes\": [", out);
	for (size_t i = 0; i < r->num_pes; i++) {
		const struct rmm_timing_pe *p = &r->pes[i];

		fprintf(out,
			"%s\n    {\"pe\": %zu, \"end\": %" PRIu64 ", \"calls\": %" PRIu64
			", \"yields\": %" PRIu64 ", ",
			i == 0 ? "" : ",", i, p->cycles, p->calls, p->yields);
		print_share(out, &p->share);
		fputc('}', out);
	}
	fputs("\n  ],\n", out);
}

static void print_costs(FILE *out, const struct rmm_timing_report *r)
{
	const char *separator = "";

	fputs("  \"costs\": [", out);
	for (unsigned int c = 0; c < RMM_COST_COUNT; c++) {
		if (r->events[c] == 0)
			continue;
		fprintf(out,
			"%s\n    {\"cost\": \"%s\", \"events\": %" PRIu64 ", \"units\": %" PRIu64
			", \"known_by\": \"%s\", \"source\": ",
			separator, rmm_cost_name((enum rmm_cost)c), r->events[c], r->units[c],
			rmm_timing_kind_name(r->profile->costs[c].kind));
		print_string(out, r->profile->costs[c].source);
		fputc('}', out);
		separator = ",";
	}
	fputs("\n  ],\n", out);
}

static void print_known_by(FILE *out, const struct rmm_timing_report *r)
{
	fputs("  \"cycles_known_by\": {", out);
	for (unsigned int k = 0; k < RMM_TIMING_KIND_COUNT; k++)
		fprintf(out, "%s\"%s\": %" PRIu64, k == 0 ? "" : ", ",
			rmm_timing_kind_name((enum rmm_timing_kind)k),
			rmm_timing_cycles_of_kind(r, (enum rmm_timing_kind)k));
	fputs("}\n", out);
}

void rmm_timing_print_json(FILE *out, const struct rmm_timing_report *report)
{
	fputs("{\n", out);
	print_profile(out, report->profile);
	fprintf(out,
		"  \"quantum_ns\": %" PRIu64 ",\n  \"seed\": %" PRIu64 ",\n  \"end\": %" PRIu64
		",\n",
		report->quantum_ns, report->seed, report->cycles);
	print_commands(out, report);
	print_pes(out, report);
	print_costs(out, report);
	print_known_by(out, report);
	fputs("}\n", out);
}
