/* SPDX-License-Identifier: BSD-3-Clause */
/* The text form of recordings: one event a line, all numbers hexadecimal. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "rmmsim/config_text.h"
#include "rmmsim/guest_record.h"
#include "rmmsim/replay.h"

#define MAX_BYTES  (256u << 20)
#define MAX_EVENTS (8u << 20)
#define MAX_ERRORS 20
#define MAX_WORDS  (2 + RMM_REPLAY_INPUTS + 1 + RMM_REPLAY_OUTPUTS)

struct word {
	const char *s;
	size_t len;
};

struct log_parser {
	struct rmm_replay_log *log;
	size_t room;
	FILE *errors;
	unsigned int num_errors;
	uint32_t line;
	const char *line_start;
	struct word words[MAX_WORDS + 1];
	size_t num_words;
};

static void report(struct log_parser *p, const struct word *at, const char *remedy,
		   const char *format, ...) __attribute__((format(printf, 4, 5)));

static void report(struct log_parser *p, const struct word *at, const char *remedy,
		   const char *format, ...)
{
	va_list args;

	if (++p->num_errors > MAX_ERRORS)
		return;
	fprintf(p->errors, "%s:%u:%zu: error: ", p->log->file, p->line,
		(size_t)(at->s - p->line_start) + 1);
	va_start(args, format);
	vfprintf(p->errors, format, args);
	va_end(args);
	fprintf(p->errors, "\nremedy: %s\n", remedy);
	if (p->num_errors == MAX_ERRORS)
		fputs("further errors are not shown\n", p->errors);
}

/* ---- words -------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Splits a line; words beyond the most that any line has are counted as one. */
static void split(struct log_parser *p, const char *s, size_t len)
{
	const char *end = s + len;

	p->line_start = s;
	p->num_words = 0;
	while (s < end && p->num_words <= MAX_WORDS) {
		const char *start;

		while (s < end && is_blank(*s))
			s++;
		start = s;
		while (s < end && !is_blank(*s))
			s++;
		if (s > start)
			p->words[p->num_words++] =
				(struct word){.s = start, .len = (size_t)(s - start)};
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool number(struct log_parser *p, size_t index, uint64_t *out)
{
	const struct word *w = &p->words[index];
	uint64_t value = 0;
	bool ok = w->len <= 16;

	for (size_t i = 0; ok && i < w->len; i++) {
		int digit = hex_digit(w->s[i]);

		ok = digit >= 0;
		value = value << 4 | (uint64_t)(unsigned int)digit;
	}
	if (!ok)
		report(p, w, "write at most 16 hexadecimal digits without 0x",
		       "'%.*s' is no number", (int)(w->len < 40 ? w->len : 40), w->s);
	*out = value;
	return ok;
}

static bool word_is(const struct word *w, const char *s)
{
	return w->len == strlen(s) && memcmp(w->s, s, w->len) == 0;
}

/* ---- lines --------------------------------------------------------------------- */

static bool parse_memory(struct log_parser *p, struct rmm_replay_event *e)
{
	e->kind = word_is(&p->words[0], "W") ? RMM_REPLAY_WRITE : RMM_REPLAY_READ;
	if (p->num_words != 3) {
		report(p, &p->words[0], "write an address and a value", "a line of 3 words has %zu",
		       p->num_words);
		return false;
	}
	return number(p, 1, &e->pa) && number(p, 2, &e->value);
}

static bool parse_mode(struct log_parser *p, struct rmm_replay_event *e)
{
	e->kind = RMM_REPLAY_MODE;
	if (p->num_words == 2 && number(p, 1, &e->value) && e->value <= 2)
		return true;
	report(p, &p->words[0], "write M 0 (FIQ), M 1 (IRQ) or M 2 (neither)",
	       "a mode is 0, 1 or 2");
	return false;
}

static bool parse_serror(struct log_parser *p, struct rmm_replay_event *e)
{
	e->kind = RMM_REPLAY_SERROR;
	if (p->num_words == 2)
		return number(p, 1, &e->value);
	report(p, &p->words[0], "write E and the syndrome", "a line of 2 words has %zu",
	       p->num_words);
	return false;
}

static bool parse_ich(struct log_parser *p, struct rmm_replay_event *e)
{
	e->kind = RMM_REPLAY_ICH;
	if (p->num_words == 3 && number(p, 1, &e->pa) && number(p, 2, &e->value) &&
	    e->pa < RMM_ICH_MISR)
		return true;
	report(p, &p->words[0], "write H, the number of a register and a value",
	       "the registers are 0 to %x", RMM_ICH_MISR - 1);
	return false;
}

/* A letter and the words of an action, of which those at the end may be left out. */
static bool parse_guest(struct log_parser *p, struct rmm_replay_event *e,
			enum rmm_guest_action_kind kind)
{
	bool ok = true;

	e->kind = RMM_REPLAY_GUEST;
	e->value = kind;
	p->log->has_guests = true;
	if (p->num_words < 2 || p->num_words > 1 + RMM_REPLAY_INPUTS) {
		report(p, &p->words[0], "write the words of the action",
		       "an action has 1 to %d words, not %zu", RMM_REPLAY_INPUTS, p->num_words - 1);
		return false;
	}
	for (size_t i = 1; i < p->num_words; i++)
		ok &= number(p, i, &e->in[i - 1]);
	return ok;
}

/* P IPA: the guest may use a page directly, which the machine knows by itself. */
static void parse_page(struct log_parser *p)
{
	uint64_t ipa;

	p->log->guests_take_pages = true;
	if (p->num_words != 2)
		report(p, &p->words[0], "write P and an address", "a line of 2 words has %zu",
		       p->num_words);
	else
		(void)number(p, 1, &ipa);
}

/* C WORDS...: the machine; begins with one that has no memory. */
static bool parse_machine(struct log_parser *p, const char *s, size_t len)
{
	struct rmm_replay_log *log = p->log;
	char line[128];
	struct rmm_error error;
	const size_t skip = (size_t)(p->words[0].s - s) + p->words[0].len;
	const size_t n = len - skip;

	if (log->num_events > 0) {
		report(p, &p->words[0], "put these lines first",
		       "the machine has been used already");
		return false;
	}
	if (!log->has_machine) {
		log->machine = rmm_config_default();
		log->machine.num_banks = 0;
		log->has_machine = true;
	}
	(void)snprintf(line, sizeof(line), "%.*s", (int)(n < 127 ? n : 127), s + skip);
	if (n < sizeof(line) && rmm_config_apply(&log->machine, line, &error) == 0)
		return true;
	report(p, &p->words[0], "docs/traces.md lists what may stand here", "%s",
	       n < sizeof(line) ? error.text : "the line is too long");
	return false;
}

static size_t find_arrow(const struct log_parser *p)
{
	for (size_t i = 0; i < p->num_words; i++)
		if (word_is(&p->words[i], "->"))
			return i;
	return p->num_words;
}

static bool parse_call(struct log_parser *p, struct rmm_replay_event *e)
{
	size_t arrow = find_arrow(p);
	bool ok = true;

	e->kind = RMM_REPLAY_CALL;
	if (arrow < 2 || arrow > 2 + RMM_REPLAY_INPUTS ||
	    p->num_words != arrow + 1 + RMM_REPLAY_OUTPUTS) {
		report(p, &p->words[0], "write: S fid x1 ... -> x0 x1 x2 x3 x4",
		       "a call needs a function identifier, at most %d inputs, an arrow and %d "
		       "outputs",
		       RMM_REPLAY_INPUTS, RMM_REPLAY_OUTPUTS);
		return false;
	}
	ok = number(p, 1, &e->fid);
	for (size_t i = 2; i < arrow; i++)
		ok &= number(p, i, &e->in[i - 2]);
	for (size_t i = 0; i < RMM_REPLAY_OUTPUTS; i++)
		ok &= number(p, arrow + 1 + i, &e->out[i]);
	return ok;
}

static bool parse_event(struct log_parser *p, struct rmm_replay_event *e)
{
	const struct word *kind = &p->words[0];

	if (word_is(kind, "W") || word_is(kind, "R"))
		return parse_memory(p, e);
	if (word_is(kind, "M"))
		return parse_mode(p, e);
	if (word_is(kind, "S"))
		return parse_call(p, e);
	if (word_is(kind, "E"))
		return parse_serror(p, e);
	if (word_is(kind, "H"))
		return parse_ich(p, e);
	if (word_is(kind, "D"))
		return parse_guest(p, e, RMM_GUEST_STORES);
	if (word_is(kind, "V"))
		return parse_guest(p, e, RMM_GUEST_SETS_REGISTER);
	if (word_is(kind, "G"))
		return parse_guest(p, e, RMM_GUEST_ACTS);
	report(p, kind, "a line begins with C, D, E, G, H, M, P, R, S, V, W or #",
	       "unknown event '%.*s'", (int)(kind->len < 40 ? kind->len : 40), kind->s);
	return false;
}

static struct rmm_replay_event *add_event(struct log_parser *p)
{
	struct rmm_replay_log *log = p->log;

	if (log->num_events == p->room) {
		size_t room = p->room == 0 ? 1024 : p->room * 2;
		void *larger = room <= MAX_EVENTS
				       ? realloc(log->events, room * sizeof(*log->events))
				       : NULL;

		if (larger == NULL) {
			report(p, &p->words[0], "split the recording", "too many events");
			return NULL;
		}
		log->events = larger;
		p->room = room;
	}
	return memset(&log->events[log->num_events++], 0, sizeof(*log->events));
}

static bool parse_line(struct log_parser *p, const char *s, size_t len)
{
	struct rmm_replay_event *e;

	split(p, s, len);
	if (p->num_words == 0 || p->words[0].s[0] == '#')
		return true;
	if (word_is(&p->words[0], "C"))
		return parse_machine(p, s, len) || p->num_errors < MAX_ERRORS;
	if (word_is(&p->words[0], "P")) {
		parse_page(p);
		return p->num_errors < MAX_ERRORS;
	}
	e = add_event(p);
	if (e == NULL)
		return false;
	e->line = p->line;
	parse_event(p, e);
	return true;
}

struct rmm_replay_log *rmm_replay_parse(const char *name, const char *text, size_t len,
					FILE *errors)
{
	if (name == NULL || text == NULL || errors == NULL)
		return NULL;

	struct rmm_replay_log *log = calloc(1, sizeof(*log));
	struct log_parser p = {.log = log, .errors = errors};
	const char *end = text + len;

	if (log == NULL || (log->file = strdup(name)) == NULL) {
		fputs("rmmsim: error: out of memory\n", errors);
		free(log);
		return NULL;
	}
	for (p.line = 1; text < end; p.line++) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((eol != NULL ? eol : end) - text);

		if (!parse_line(&p, text, n))
			break;
		text += n + (eol != NULL);
	}
	if (p.num_errors == 0 && log->num_events > 0)
		return log;
	if (p.num_errors == 0)
		fprintf(errors,
			"%s: error: the file holds no events\n"
			"remedy: name a recording; docs/traces.md describes its lines\n",
			name);
	rmm_replay_free(log);
	return NULL;
}

/* ---- files --------------------------------------------------------------------- */

static char *read_all(FILE *in, size_t *len, const char **why)
{
	size_t room = 1u << 16;
	char *text = malloc(room);

	*len = 0;
	while (text != NULL) {
		char *larger;

		*len += fread(text + *len, 1, room - *len, in);
		if (*len < room)
			break;
		larger = room < MAX_BYTES ? realloc(text, room * 2) : NULL;
		if (larger == NULL) {
			*why = "it is too large";
			free(text);
			return NULL;
		}
		text = larger;
		room *= 2;
	}
	if (text == NULL)
		*why = "out of memory";
	else if (ferror(in))
		*why = strerror(errno);
	return text;
}

struct rmm_replay_log *rmm_replay_load(const char *path, FILE *errors)
{
	if (path == NULL || errors == NULL)
		return NULL;

	struct rmm_replay_log *log = NULL;
	FILE *in = fopen(path, "rb");
	const char *why = NULL;
	char *text = NULL;
	size_t len = 0;

	if (in == NULL)
		why = strerror(errno);
	else
		text = read_all(in, &len, &why);
	if (why == NULL)
		log = rmm_replay_parse(path, text, len, errors);
	else
		fprintf(errors, "%s: error: cannot read it: %s\nremedy: name a recording\n", path,
			why);
	free(text);
	if (in != NULL)
		fclose(in);
	return log;
}

void rmm_replay_free(struct rmm_replay_log *log)
{
	if (log == NULL)
		return;
	free(log->events);
	free(log->file);
	free(log);
}
