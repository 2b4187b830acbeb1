/* SPDX-License-Identifier: BSD-3-Clause */
/* The result of a replay, for people and for programs. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rmmsim/replay.h"
#include "rmmsim/trace.h"

#define TEXT_MAX 512

static const char *profile_name(enum rmm_profile profile)
{
	return profile == RMM_PROFILE_SPEC ? "spec" : "tf-rmm";
}

static double percent(const struct rmm_replay_counts *c)
{
	return c->calls == 0 ? 100.0 : 100.0 * (double)c->agree / (double)c->calls;
}

static void row_name(const struct rmm_replay_row *row, char *buf, size_t len)
{
	if (row->command != NULL)
		snprintf(buf, len, "%s", row->command->name);
	else
		snprintf(buf, len, "no command (%#" PRIx64 ")", row->fid);
}

static int compare_rows(const void *a, const void *b)
{
	char x[64];
	char y[64];

	row_name(a, x, sizeof(x));
	row_name(b, y, sizeof(y));
	return strcmp(x, y);
}

static void sort_rows(struct rmm_replay_result *r)
{
	if (r->num_rows > 1)
		qsort(r->rows, r->num_rows, sizeof(r->rows[0]), compare_rows);
}

static void print_counts(FILE *out, const char *name, const struct rmm_replay_counts *c)
{
	fprintf(out, "%-32s %7" PRIu64 " %7" PRIu64 " %10" PRIu64 " %12" PRIu64 " %7.1f%%\n", name,
		c->calls, c->agree, c->explained, c->unexplained, percent(c));
}

static void print_table(FILE *out, const struct rmm_replay_result *r)
{
	fprintf(out, "%-32s %7s %7s %10s %12s %8s\n", "command", "calls", "agree", "explained",
		"unexplained", "agree");
	for (size_t i = 0; i < r->num_rows; i++) {
		char name[64];

		row_name(&r->rows[i], name, sizeof(name));
		print_counts(out, name, &r->rows[i].counts);
	}
	print_counts(out, "all calls", &r->total);
	if (r->reads.calls > 0)
		print_counts(out, "words read by the host", &r->reads);
}

static void print_behaviours(FILE *out, const struct rmm_replay_result *r)
{
	if (r->total.explained == 0)
		return;
	fputs("\nexplained by behaviours in which tf-rmm differs from the specification\n"
	      "(a call may depend on several):\n",
	      out);
	for (size_t b = 0; b < RMM_BEHAVIOUR_COUNT; b++)
		if (r->by_behaviour[b] > 0)
			fprintf(out, "  %7" PRIu64 "  %s: %s\n", r->by_behaviour[b],
				rmm_abi_behaviours[b].name, rmm_abi_behaviours[b].doc);
	if (r->by_several > 0)
		fprintf(out, "  %7" PRIu64 "  several of them together\n", r->by_several);
}

static void print_difference(FILE *out, const struct rmm_replay_log *log, enum rmm_version version,
			     const char *what, const struct rmm_replay_difference *d)
{
	const struct rmm_abi_condition *condition = rmm_abi_condition(version, d->condition);
	char text[TEXT_MAX];

	if (d->line == 0)
		return;
	rmm_trace_format_inputs(text, sizeof(text), version, d->command, &d->in);
	fprintf(out, "\n%s, after %" PRIu64 " calls:\n%s:%" PRIu32 ": ", what, d->calls_before,
		log->file, d->line);
	if (d->command != NULL)
		fprintf(out, "%s %s\n", d->command->name, text);
	else
		fprintf(out, "SMC %#" PRIx64 " %s\n", d->in.x[0], text);
	rmm_trace_format_answer(text, sizeof(text), version, d->command, &d->logged);
	fprintf(out, "  logged: %s\n", text);
	rmm_trace_format_answer(text, sizeof(text), version, d->command, &d->ours);
	fprintf(out, "  here:   %s\n", text);
	if (condition != NULL)
		fprintf(out, "  because %s: %s\n", condition->constant, condition->says);
	fputs("  x0..x4  logged", out);
	for (unsigned int i = 0; i < RMM_REPLAY_OUTPUTS; i++)
		fprintf(out, " %" PRIx64, d->logged.x[i]);
	fputs("; here", out);
	for (unsigned int i = 0; i < RMM_REPLAY_OUTPUTS; i++)
		fprintf(out, " %" PRIx64, d->ours.x[i]);
	fputc('\n', out);
}

void rmm_replay_print(FILE *out, const struct rmm_replay_log *log,
		      const struct rmm_replay_options *options,
		      const struct rmm_replay_result *result)
{
	if (out == NULL || log == NULL || options == NULL || result == NULL)
		return;

	struct rmm_replay_result sorted = *result;

	sort_rows(&sorted);
	fprintf(out, "%s against rmmsim %s, profile %s\n\n", log->file,
		rmm_abi_versions[options->version].name, profile_name(options->profile));
	print_table(out, &sorted);
	print_behaviours(out, &sorted);
	print_difference(out, log, options->version, "the first explained difference",
			 &sorted.first_explained);
	print_difference(out, log, options->version, "the first unexplained difference",
			 &sorted.first_unexplained);
	if (sorted.interrupted)
		fputs("\ninterrupted: the counts are of the calls so far\n", out);
}

/* ---- JSON ------------------------------------------------------------------------ */

static void json_text(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			fprintf(out, "\\u%04x", (unsigned int)*s);
		else
			fputc(*s, out);
	}
	fputc('"', out);
}

static void json_counts(FILE *out, const struct rmm_replay_counts *c)
{
	fprintf(out,
		"\"calls\": %" PRIu64 ", \"agree\": %" PRIu64 ", \"explained\": %" PRIu64
		", \"unexplained\": %" PRIu64,
		c->calls, c->agree, c->explained, c->unexplained);
}

static void json_difference(FILE *out, enum rmm_version version, const char *key,
			    const struct rmm_replay_difference *d)
{
	char text[TEXT_MAX];

	fprintf(out, ",\n  \"%s\": ", key);
	if (d->line == 0) {
		fputs("null", out);
		return;
	}
	fprintf(out, "{\"line\": %" PRIu32 ", \"command\": ", d->line);
	json_text(out, d->command != NULL ? d->command->name : "");
	rmm_trace_format_inputs(text, sizeof(text), version, d->command, &d->in);
	fputs(", \"inputs\": ", out);
	json_text(out, text);
	rmm_trace_format_answer(text, sizeof(text), version, d->command, &d->logged);
	fputs(", \"logged\": ", out);
	json_text(out, text);
	rmm_trace_format_answer(text, sizeof(text), version, d->command, &d->ours);
	fputs(", \"here\": ", out);
	json_text(out, text);
	fputs(", \"condition\": ", out);
	json_text(out,
		  d->condition == RMM_CONDITION_NONE ? "" : rmm_abi_condition_name(d->condition));
	fputc('}', out);
}

static void json_behaviours(FILE *out, const struct rmm_replay_result *r)
{
	const char *comma = "";

	fputs(",\n  \"behaviours\": {", out);
	for (size_t b = 0; b < RMM_BEHAVIOUR_COUNT; b++) {
		if (r->by_behaviour[b] == 0)
			continue;
		fprintf(out, "%s\"%s\": %" PRIu64, comma, rmm_abi_behaviours[b].name,
			r->by_behaviour[b]);
		comma = ", ";
	}
	fputc('}', out);
}

static void json_commands(FILE *out, const struct rmm_replay_result *r)
{
	fputs(",\n  \"commands\": {", out);
	for (size_t i = 0; i < r->num_rows; i++) {
		char name[64];

		row_name(&r->rows[i], name, sizeof(name));
		fputs(i == 0 ? "\n    " : ",\n    ", out);
		json_text(out, name);
		fputs(": {", out);
		json_counts(out, &r->rows[i].counts);
		fputc('}', out);
	}
	fputs("\n  }", out);
}

void rmm_replay_print_json(FILE *out, const struct rmm_replay_log *log,
			   const struct rmm_replay_options *options,
			   const struct rmm_replay_result *result)
{
	if (out == NULL || log == NULL || options == NULL || result == NULL)
		return;

	struct rmm_replay_result sorted = *result;

	sort_rows(&sorted);
	fputs("{\n  \"log\": ", out);
	json_text(out, log->file);
	fprintf(out, ",\n  \"version\": \"%s\",\n  \"profile\": \"%s\",\n  ",
		rmm_abi_versions[options->version].name, profile_name(options->profile));
	json_counts(out, &sorted.total);
	fputs(",\n  \"reads\": {", out);
	json_counts(out, &sorted.reads);
	fputc('}', out);
	json_commands(out, &sorted);
	json_behaviours(out, &sorted);
	json_difference(out, options->version, "first_explained", &sorted.first_explained);
	json_difference(out, options->version, "first_unexplained", &sorted.first_unexplained);
	fprintf(out, ",\n  \"interrupted\": %s\n}\n", sorted.interrupted ? "true" : "false");
}
