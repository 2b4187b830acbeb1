/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "session.h"

/* ---- turns --------------------------------------------------------------------- */

void trace_turn_begin(struct trace_turn *turn, struct rmm_trace_session *session,
		      unsigned int actor, const struct trace_step *step)
{
	*turn = (struct trace_turn){.session = session, .actor = actor, .step = step};
	turn->event = (struct rmm_trace_event){
		.kind = RMM_TRACE_ACTION,
		.actor = actor,
		.pe = step->pe,
		.line = step->loc.line,
		.text = turn->text,
		.condition = RMM_CONDITION_NONE,
		.guest_command = RMM_CMD_COUNT,
		.guest_condition = RMM_CONDITION_NONE,
		.mismatches = turn->mismatches,
	};
}

void trace_turn_end(struct trace_turn *turn)
{
	struct rmm_trace_session *s = turn->session;

	if (turn->event.num_mismatches > 0 && s->options.stop_at_failure)
		s->stopped = true;
	if (s->options.event != NULL)
		s->options.event(s->options.ctx, &turn->event);
}

uint64_t *trace_turn_slots(const struct trace_turn *turn)
{
	return turn->session->actors[turn->actor].slots;
}

bool trace_turn_eval(struct trace_turn *turn, const struct trace_expr *expr, uint64_t *out)
{
	struct rmm_trace_mismatch *m;
	trace_wide value;

	if (trace_expr_eval(expr, trace_turn_slots(turn), &value)) {
		*out = (uint64_t)value;
		return true;
	}
	*out = 0;
	m = trace_turn_mismatch(turn, expr->text.s);
	snprintf(m->expected, sizeof(m->expected), "a number");
	snprintf(m->came, sizeof(m->came), "more than 64 bits");
	return false;
}

void trace_turn_expect(struct trace_turn *turn)
{
	turn->session->summary.expectations++;
}

struct rmm_trace_mismatch *trace_turn_mismatch(struct trace_turn *turn, const char *what)
{
	struct rmm_trace_event *event = &turn->event;
	struct rmm_trace_mismatch *m;

	turn->session->summary.failures++;
	if (event->num_mismatches < RMM_TRACE_MAX_MISMATCHES)
		event->num_mismatches++;
	m = &turn->mismatches[event->num_mismatches - 1];
	snprintf(m->what, sizeof(m->what), "%s", what);
	return m;
}

/* The bits that a term stands for; false when its value does not fit them. */
static bool term_bits(struct trace_turn *turn, const struct trace_term *term, uint64_t *out)
{
	struct rmm_trace_mismatch *m;
	trace_wide value;
	bool ok = trace_expr_eval(term->expr, trace_turn_slots(turn), &value);

	if (ok)
		ok = (value & (((trace_wide)1 << term->shift) - 1)) == 0 &&
		     trace_wide_fits(value >> term->shift, term->width, term->is_signed);
	if (ok) {
		*out = (uint64_t)(value >> term->shift) & trace_bits_mask(term->width);
		return true;
	}
	m = trace_turn_mismatch(turn, term->path);
	snprintf(m->expected, sizeof(m->expected), "a value of %u bits", term->width);
	snprintf(m->came, sizeof(m->came), "%s, which does not fit", term->expr->text.s);
	return false;
}

bool trace_turn_store(struct trace_turn *turn, const struct trace_terms *terms, uint8_t *image)
{
	bool ok = true;

	for (size_t i = 0; i < terms->terms.n; i++) {
		const struct trace_term *term = &terms->terms.v[i];
		uint64_t value;

		if (term_bits(turn, term, &value))
			trace_bits_set(image, term->bit, term->width, value);
		else
			ok = false;
	}
	return ok;
}

static void format_term(char *buf, size_t len, const struct rmm_trace_session *s,
			const struct trace_term *term, uint64_t value)
{
	bool whole = term->type != NULL && term->width >= term->type->width;

	if (term->is_signed && term->width < 64 && value >> (term->width - 1) != 0)
		snprintf(buf, len, "%" PRId64, (int64_t)(value | ~trace_bits_mask(term->width)));
	else
		rmm_trace_format_value(buf, len, s->trace->config.version,
				       whole ? term->type : NULL, term->width,
				       value << term->shift);
}

void trace_turn_compare_term(struct trace_turn *turn, const struct trace_term *term,
			     const uint8_t *image)
{
	uint64_t came = trace_bits_get(image, term->bit, term->width);
	struct rmm_trace_mismatch *m;
	uint64_t expected;

	trace_turn_expect(turn);
	if (!term_bits(turn, term, &expected) || came == expected)
		return;
	m = trace_turn_mismatch(turn, term->path);
	format_term(m->expected, sizeof(m->expected), turn->session, term, expected);
	format_term(m->came, sizeof(m->came), turn->session, term, came);
}

void trace_turn_compare(struct trace_turn *turn, const struct trace_terms *terms,
			const uint8_t *image)
{
	for (size_t i = 0; i < terms->terms.n; i++)
		trace_turn_compare_term(turn, &terms->terms.v[i], image);
}

static void describe_term(struct trace_turn *turn, const struct trace_term *term,
			  const uint8_t *image, const char *separator)
{
	size_t len = strlen(turn->text);
	size_t room = sizeof(turn->text) - len;
	char value[128];

	if (term->bytes != NULL) {
		snprintf(turn->text + len, room, "%s %.*s='%s'", separator,
			 (int)strcspn(term->path, "["), term->path, term->bytes);
		return;
	}
	format_term(value, sizeof(value), turn->session, term,
		    trace_bits_get(image, term->bit, term->width));
	snprintf(turn->text + len, room, "%s %s=%s", separator, term->path, value);
}

void trace_turn_describe(struct trace_turn *turn, const struct trace_terms *terms,
			 const uint8_t *image)
{
	const char *separator = ":";

	for (size_t i = 0; i < terms->terms.n; i++) {
		const struct trace_term *term = &terms->terms.v[i];

		if (term->bytes != NULL && term->bytes[0] == '\0')
			continue;
		describe_term(turn, term, image, separator);
		separator = "";
	}
}

/* ---- small steps ------------------------------------------------------------------ */

/* The entry of a REC, or a new one; NULL when there is no room. */
static struct trace_bound_guest *bound_guest(struct rmm_trace_session *s, uint64_t rd,
					     uint64_t mpidr)
{
	for (size_t i = 0; i < s->num_bound; i++)
		if (s->bound[i].rd == rd && s->bound[i].mpidr == mpidr)
			return &s->bound[i];
	return s->num_bound < TRACE_MAX_BOUND ? &s->bound[s->num_bound++] : NULL;
}

static void play_bind(struct trace_turn *turn)
{
	struct rmm_trace_session *s = turn->session;
	const struct trace_bind *bind = &turn->step->u.bind;
	const struct trace_guest *guest = &s->trace->guests.v[bind->guest];
	struct trace_bound_guest *bound;
	struct rmm_trace_mismatch *m;
	uint64_t rd;
	uint64_t mpidr;

	if (!trace_turn_eval(turn, bind->rd, &rd) || !trace_turn_eval(turn, bind->mpidr, &mpidr))
		return;
	snprintf(turn->text, sizeof(turn->text), "REC %#" PRIx64 " of realm %#" PRIx64 " runs '%s'",
		 mpidr, rd, guest->name);
	bound = bound_guest(s, rd, mpidr);
	if (bound != NULL && rmm_scripts_bind(s->scripts, rd, mpidr, &guest->script) == 0) {
		*bound = (struct trace_bound_guest){.rd = rd, .mpidr = mpidr, .guest = bind->guest};
		return;
	}
	m = trace_turn_mismatch(turn, "bind");
	snprintf(m->expected, sizeof(m->expected), "a guest");
	snprintf(m->came, sizeof(m->came), "no room for more guests");
}

static void play_line(struct trace_turn *turn)
{
	const struct trace_step *step = turn->step;

	snprintf(turn->text, sizeof(turn->text), "%s of PE %u is %s",
		 step->u.line.fiq ? "FIQ" : "IRQ", step->pe,
		 step->u.line.level ? "raised" : "lowered");
	if (step->u.line.fiq)
		rmm_set_fiq(turn->session->sys, step->pe, step->u.line.level);
	else
		rmm_set_irq(turn->session->sys, step->pe, step->u.line.level);
}

const char *trace_gpi_name(enum rmm_gpi gpi)
{
	switch (gpi) {
	case RMM_GPI_NO_ACCESS:
		return "NO_ACCESS";
	case RMM_GPI_SECURE:
		return "SECURE";
	case RMM_GPI_NS:
		return "NS";
	case RMM_GPI_ROOT:
		return "ROOT";
	case RMM_GPI_REALM:
		return "REALM";
	case RMM_GPI_ANY:
		return "ANY";
	}
	return "?";
}

static void play_assign(struct trace_turn *turn)
{
	const struct trace_step *step = turn->step;
	struct rmm_error error = {{0}};
	uint64_t base;
	uint64_t size;
	struct rmm_trace_mismatch *m;

	if (!trace_turn_eval(turn, step->u.assign.base, &base) ||
	    !trace_turn_eval(turn, step->u.assign.size, &size))
		return;
	snprintf(turn->text, sizeof(turn->text), "EL3 makes %#" PRIx64 "..%#" PRIx64 " %s", base,
		 base + size, trace_gpi_name(step->u.assign.gpi));
	if (rmm_platform_assign(turn->session->sys, base, size, step->u.assign.gpi, &error) == 0)
		return;
	m = trace_turn_mismatch(turn, "assign");
	snprintf(m->expected, sizeof(m->expected), "success");
	snprintf(m->came, sizeof(m->came), "%.127s", error.text);
}

/* ---- guests -------------------------------------------------------------------------- */

static void report_guest(struct trace_turn *outer, struct trace_bound_guest *bound,
			 const struct rmm_script_status *status)
{
	const struct rmm_trace_session *s = outer->session;
	const struct trace_guest *guest = &s->trace->guests.v[bound->guest];
	const struct rmm_script_step *step = &guest->script.steps[status->failed_step];
	struct rmm_trace_mismatch *m;
	struct trace_turn turn;

	trace_turn_begin(&turn, outer->session, outer->actor, outer->step);
	turn.event.line = step->line;
	snprintf(turn.text, sizeof(turn.text), "guest '%s' did not see what it expected",
		 guest->name);
	m = trace_turn_mismatch(&turn, "");
	if (step->op == RMM_SCRIPT_EXPECT_VIRQ)
		snprintf(m->what, sizeof(m->what), "virtual IRQ");
	else
		snprintf(m->what, sizeof(m->what), "x%u", step->reg);
	snprintf(m->expected, sizeof(m->expected), "%#" PRIx64, step->value);
	snprintf(m->came, sizeof(m->came), "%#" PRIx64, status->failed_value);
	trace_turn_end(&turn);
}

void trace_report_guests(struct trace_turn *turn)
{
	struct rmm_trace_session *s = turn->session;

	for (size_t i = 0; i < s->num_bound; i++) {
		struct trace_bound_guest *bound = &s->bound[i];
		struct rmm_script_status status;

		if (bound->reported ||
		    !rmm_scripts_status(s->scripts, bound->rd, bound->mpidr, &status) ||
		    !status.failed)
			continue;
		bound->reported = true;
		report_guest(turn, bound, &status);
	}
}

/* ---- sessions ---------------------------------------------------------------------------- */

bool trace_session_interrupted(struct rmm_trace_session *s)
{
	if (s->options.interrupt != NULL && *s->options.interrupt != 0)
		s->summary.interrupted = true;
	return s->summary.interrupted;
}

static int fail(struct rmm_trace_session *s, struct rmm_error *error, const char *text)
{
	if (error != NULL && text != NULL)
		snprintf(error->text, sizeof(error->text), "%s", text);
	rmm_trace_session_destroy(s);
	return -1;
}

int rmm_trace_session_create(const struct rmm_trace *trace, const struct rmm_trace_options *options,
			     struct rmm_trace_session **out, struct rmm_error *error)
{
	if (trace == NULL || out == NULL)
		return fail(NULL, error, "rmm_trace_session_create: trace or out is NULL");

	struct rmm_config config = trace->config;
	struct rmm_trace_session *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return fail(s, error, "out of memory");
	s->trace = trace;
	if (options != NULL)
		s->options = *options;
	s->actors = calloc(trace->actors.n, sizeof(*s->actors));
	if (s->actors == NULL || rmm_scripts_create(&s->scripts) != 0)
		return fail(s, error, "out of memory");
	if (s->options.port != NULL)
		config.port = *s->options.port;
	config.guest = rmm_scripts_ops();
	config.guest_machine = s->scripts;
	if (rmm_system_create(&config, &s->sys, error) != 0)
		return fail(s, error, NULL);
	*out = s;
	return 0;
}

void rmm_trace_session_destroy(struct rmm_trace_session *s)
{
	if (s == NULL)
		return;
	if (s->sys != NULL)
		rmm_system_destroy(s->sys);
	if (s->scripts != NULL)
		rmm_scripts_destroy(s->scripts);
	free(s->actors);
	free(s);
}

struct rmm_system *rmm_trace_session_system(struct rmm_trace_session *s)
{
	return s ? s->sys : NULL;
}

struct rmm_trace_summary rmm_trace_session_summary(const struct rmm_trace_session *s)
{
	return s ? s->summary : (struct rmm_trace_summary){0};
}

static void play_step(struct trace_turn *turn)
{
	switch (turn->step->kind) {
	case TRACE_STEP_SAY:
		turn->event.kind = RMM_TRACE_SAY;
		turn->event.text = turn->step->u.say;
		break;
	case TRACE_STEP_CALL:
		if (turn->step->u.call->operation)
			trace_play_operation(turn);
		else
			trace_play_call(turn);
		break;
	case TRACE_STEP_WRITE:
		trace_play_write(turn);
		break;
	case TRACE_STEP_READ:
		trace_play_read(turn);
		break;
	case TRACE_STEP_BIND:
		play_bind(turn);
		break;
	case TRACE_STEP_CHECK:
		trace_play_check(turn);
		break;
	case TRACE_STEP_LINE:
		play_line(turn);
		break;
	case TRACE_STEP_ASSIGN:
		play_assign(turn);
		break;
	case TRACE_STEP_ICH:
		trace_play_ich(turn);
		break;
	case TRACE_STEP_SERROR:
		trace_play_serror(turn);
		break;
	}
}

bool rmm_trace_session_step(struct rmm_trace_session *s, unsigned int actor)
{
	if (s == NULL || actor >= s->trace->actors.n)
		return false;

	const struct trace_actor *program = &s->trace->actors.v[actor];
	struct trace_actor_state *state = &s->actors[actor];
	struct trace_turn turn;

	if (state->next_step == program->steps.n || s->stopped || trace_session_interrupted(s))
		return false;
	trace_turn_begin(&turn, s, actor, &program->steps.v[state->next_step++]);
	s->summary.steps++;
	play_step(&turn);
	trace_turn_end(&turn);
	if (turn.step->kind == TRACE_STEP_CALL)
		trace_report_guests(&turn);
	return true;
}

static int play_all(struct rmm_trace_session *s)
{
	bool more = true;

	while (more) {
		more = false;
		for (unsigned int i = 0; i < s->trace->actors.n; i++)
			more |= rmm_trace_session_step(s, i);
	}
	return s->summary.failures > 0 || s->summary.interrupted ? RMM_TRACE_FAILED : RMM_TRACE_OK;
}

int rmm_trace_play(const struct rmm_trace *trace, const struct rmm_trace_options *options,
		   struct rmm_trace_summary *summary, struct rmm_error *error)
{
	struct rmm_trace_session *s;
	int status;

	if (rmm_trace_session_create(trace, options, &s, error) != 0)
		return RMM_TRACE_BAD_INPUT;
	status = play_all(s);
	if (summary != NULL)
		*summary = s->summary;
	rmm_trace_session_destroy(s);
	return status;
}
