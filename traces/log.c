/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The log of a run, for people: narration, one line a call, and under a call
 * why it failed and which expectation does not hold.
 */
#include <inttypes.h>
#include <string.h>

#include "rmmsim/trace.h"

#define WIDTH    100
#define TEXT_MAX 512
#define INDENT   "        "

enum style { STYLE_PLAIN, STYLE_SAY, STYLE_DIM, STYLE_GOOD, STYLE_REFUSED, STYLE_BAD };

static const char *const style_codes[] = {
	[STYLE_PLAIN] = "",        [STYLE_SAY] = "\033[1;36m",   [STYLE_DIM] = "\033[2m",
	[STYLE_GOOD] = "\033[32m", [STYLE_REFUSED] = "\033[33m", [STYLE_BAD] = "\033[1;31m",
};

static void put(const struct rmm_trace_log *log, enum style style, const char *text)
{
	if (log->colour && style != STYLE_PLAIN)
		fprintf(log->out, "%s%s\033[0m", style_codes[style], text);
	else
		fputs(text, log->out);
}

/* "  12  " or "  12 pe1  ": where the line comes from. */
static int put_margin(const struct rmm_trace_log *log, const struct rmm_trace_event *e)
{
	char margin[32];

	if (log->actors)
		snprintf(margin, sizeof(margin), "%5" PRIu32 " pe%-2u ", e->line, e->pe);
	else
		snprintf(margin, sizeof(margin), "%5" PRIu32 "   ", e->line);
	put(log, STYLE_DIM, margin);
	return (int)strlen(margin);
}

/*
 * Text broken at spaces. The first line begins at column `used`, where the
 * cursor already stands; the others are indented.
 */
static void put_wrapped(const struct rmm_trace_log *log, enum style style, size_t used,
			const char *indent, const char *text)
{
	while (*text != '\0') {
		size_t room = WIDTH > used + 8 ? WIDTH - used : 8;
		size_t n = strcspn(text, "\n");
		char line[WIDTH + 1];

		if (n > room)
			for (n = room; n > 0 && text[n] != ' '; n--)
				;
		if (n == 0)
			n = strcspn(text, " \n");
		if (n > WIDTH)
			n = WIDTH;
		memcpy(line, text, n);
		line[n] = '\0';
		put(log, style, line);
		fputc('\n', log->out);
		text += n;
		text += strspn(text, " \n");
		if (*text != '\0')
			fputs(indent, log->out);
		used = strlen(indent);
	}
}

static void put_indented(const struct rmm_trace_log *log, enum style style, const char *indent,
			 const char *text)
{
	fputs(indent, log->out);
	put_wrapped(log, style, strlen(indent), indent, text);
}

static void put_say(const struct rmm_trace_log *log, const struct rmm_trace_event *e)
{
	fputc('\n', log->out);
	put_wrapped(log, STYLE_SAY, 0, "", e->text);
}

/* ---- calls ----------------------------------------------------------------------- */

static enum style answer_style(const struct rmm_trace_event *e)
{
	if (e->num_mismatches > 0)
		return STYLE_BAD;
	if (e->out.x[0] == 0)
		return STYLE_GOOD;
	return STYLE_REFUSED;
}

static void describe_call(const struct rmm_trace_log *log, const struct rmm_trace_event *e,
			  char *text, size_t len)
{
	char inputs[TEXT_MAX];
	const char *mark = e->inner ? "  . " : "";

	const char *gap;

	rmm_trace_format_inputs(inputs, sizeof(inputs), log->version, e->command, &e->in);
	gap = inputs[0] != '\0' ? " " : "";
	if (e->completes)
		snprintf(text, len, "%s is complete", e->command->name);
	else if (e->command != NULL)
		snprintf(text, len, "%s%s%s%s", mark, e->command->name, gap, inputs);
	else
		snprintf(text, len, "%sSMC %#" PRIx64 "%s%s", mark, e->in.x[0], gap, inputs);
}

static void put_condition(const struct rmm_trace_log *log, const char *who,
			  enum rmm_condition condition)
{
	const struct rmm_abi_condition *c = rmm_abi_condition(log->version, condition);
	char text[TEXT_MAX];

	if (c == NULL)
		return;
	snprintf(text, sizeof(text), "%s%s: %s", who, c->constant, c->says);
	put_indented(log, STYLE_DIM, INDENT "  ", text);
}

static void put_guest(const struct rmm_trace_log *log, const struct rmm_trace_event *e)
{
	const struct rmm_abi_command *command = NULL;

	if (e->guest_command != RMM_CMD_COUNT)
		command = rmm_abi_command_by_id(log->version, e->guest_command);
	put(log, STYLE_DIM, INDENT "  exit ");
	fputs(e->exit, log->out);
	if (command != NULL) {
		put(log, STYLE_DIM, "   last call of the realm ");
		fputs(command->name, log->out);
	}
	fputc('\n', log->out);
	if (e->guest_condition != RMM_CONDITION_NONE)
		put_condition(log, "to the realm: ", e->guest_condition);
}

/* The call and, when both fit, its answer on the same line. */
static void put_exchange(const struct rmm_trace_log *log, const struct rmm_trace_event *e,
			 const char *call, const char *answer)
{
	enum style style = e->inner ? STYLE_DIM : STYLE_PLAIN;
	size_t used = (size_t)put_margin(log, e);

	if (used + strlen(call) + 4 + strlen(answer) <= WIDTH) {
		put(log, style, call);
		put(log, STYLE_DIM, " -> ");
		put(log, answer_style(e), answer);
		fputc('\n', log->out);
		return;
	}
	put_wrapped(log, style, used, INDENT INDENT, call);
	put(log, STYLE_DIM, INDENT "  -> ");
	put_wrapped(log, answer_style(e), strlen(INDENT) + 5, INDENT INDENT, answer);
}

static void put_call(const struct rmm_trace_log *log, const struct rmm_trace_event *e)
{
	char call[TEXT_MAX + 64];
	char answer[TEXT_MAX];

	describe_call(log, e, call, sizeof(call));
	rmm_trace_format_answer(answer, sizeof(answer), log->version, e->command, &e->out);
	put_exchange(log, e, call, answer);
	if (e->condition != RMM_CONDITION_NONE)
		put_condition(log, "", e->condition);
	if (e->rec_exited)
		put_guest(log, e);
}

static void put_action(const struct rmm_trace_log *log, const struct rmm_trace_event *e)
{
	size_t used = (size_t)put_margin(log, e);

	put_wrapped(log, STYLE_PLAIN, used, INDENT "  ", e->text);
}

/* ---- failures ---------------------------------------------------------------------- */

static void put_mismatches(const struct rmm_trace_log *log, const struct rmm_trace_event *e)
{
	char text[TEXT_MAX];

	for (size_t i = 0; i < e->num_mismatches; i++) {
		const struct rmm_trace_mismatch *m = &e->mismatches[i];

		put(log, STYLE_BAD, i == 0 ? "  FAILED" : INDENT);
		snprintf(text, sizeof(text), "  %s: expected %s, came %s\n", m->what, m->expected,
			 m->came);
		put(log, STYLE_BAD, text);
	}
	if (e->num_mismatches > 0) {
		snprintf(text, sizeof(text), INDENT "  at %s:%" PRIu32 "\n", log->file, e->line);
		put(log, STYLE_DIM, text);
	}
}

void rmm_trace_log_event(void *ctx, const struct rmm_trace_event *e)
{
	const struct rmm_trace_log *log = ctx;

	if (log == NULL || log->out == NULL || e == NULL)
		return;
	if (log->quiet && e->num_mismatches == 0)
		return;
	switch (e->kind) {
	case RMM_TRACE_SAY:
		put_say(log, e);
		break;
	case RMM_TRACE_CALL:
		put_call(log, e);
		break;
	case RMM_TRACE_ACCESS:
	case RMM_TRACE_ACTION:
		put_action(log, e);
		break;
	}
	put_mismatches(log, e);
}

/* ---- beginning and end ----------------------------------------------------------------- */

void rmm_trace_log_heading(const struct rmm_trace_log *log, const struct rmm_trace *trace)
{
	const struct rmm_config *config = rmm_trace_config(trace);

	if (log == NULL || log->out == NULL || config == NULL || log->quiet)
		return;
	fprintf(log->out, "%s (%s, profile %s)\n", rmm_trace_name(trace),
		rmm_abi_versions[config->version].name,
		config->profile == RMM_PROFILE_SPEC ? "spec" : "tf-rmm");
	put_wrapped(log, STYLE_PLAIN, 0, "", rmm_trace_about(trace));
}

void rmm_trace_log_summary(const struct rmm_trace_log *log, const struct rmm_trace *trace,
			   const struct rmm_trace_summary *s)
{
	if (log == NULL || log->out == NULL || s == NULL)
		return;

	bool bad = s->failures > 0 || s->interrupted;
	char verdict[64];

	if (s->failures > 0)
		snprintf(verdict, sizeof(verdict), "%" PRIu64 " FAILED", s->failures);
	else
		snprintf(verdict, sizeof(verdict), "all hold");
	fprintf(log->out, "%s%s: %" PRIu64 " steps, %" PRIu64 " calls, %" PRIu64 " expectations, ",
		log->quiet && !bad ? "" : "\n", rmm_trace_name(trace), s->steps, s->calls,
		s->expectations);
	put(log, bad ? STYLE_BAD : STYLE_GOOD, verdict);
	fputs(s->interrupted ? ", interrupted\n" : "\n", log->out);
}
