/* SPDX-License-Identifier: BSD-3-Clause */
#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* Enough to see everything wrong with a real description, and bounded. */
#define MAX_ERRORS  2000
#define MAX_LINE    160
#define MAX_MESSAGE 512

struct diag_source {
	const char *file;
	const char *text;
	size_t len;
	size_t line_start; /* where line `line` begins: lines are mostly asked in order */
	uint32_t line;
	size_t order;
};

struct diag_error {
	size_t order; /* of the file */
	size_t number;
	struct abi_loc loc;
	const char *what;
	const char *excerpt; /* offending line and caret, or "" */
	const char *remedy;
};

struct abi_diag {
	struct abi_arena *arena;
	ABI_LIST(struct diag_source) sources;
	ABI_LIST(struct diag_error) errors;
	size_t suppressed;
	size_t total;
	size_t next_order;
	bool dropped; /* the error reported last was not recorded */
	bool io_error;
	bool input_error;
};

struct abi_diag *abi_diag_new(void)
{
	struct abi_arena *arena = abi_arena_new();
	struct abi_diag *diag = abi_arena_alloc(arena, 1, sizeof(*diag));

	diag->arena = arena;
	return diag;
}

void abi_diag_free(struct abi_diag *diag)
{
	if (diag != NULL)
		abi_arena_free(diag->arena);
}

void abi_diag_add_source(struct abi_diag *diag, const char *file, const char *text, size_t len)
{
	*ABI_LIST_ADD(diag->arena, &diag->sources) = (struct diag_source){
		.file = file,
		.text = text,
		.len = len,
		.line = 1,
		.order = diag->next_order++,
	};
}

void abi_diag_forget_sources(struct abi_diag *diag)
{
	diag->sources.v = NULL;
	diag->sources.n = 0;
}

static struct diag_source *find_source(struct abi_diag *diag, const char *file)
{
	for (size_t i = 0; file != NULL && i < diag->sources.n; i++)
		if (strcmp(diag->sources.v[i].file, file) == 0)
			return &diag->sources.v[i];
	return NULL;
}

static size_t line_length(const struct diag_source *s, size_t start)
{
	const char *end = memchr(s->text + start, '\n', s->len - start);
	size_t len = end != NULL ? (size_t)(end - s->text) - start : s->len - start;

	return len > 0 && s->text[start + len - 1] == '\r' ? len - 1 : len;
}

/* Moves the source's cursor to a line; false when there is no such line. */
static bool seek_line(struct diag_source *s, uint32_t line)
{
	if (line < s->line) {
		s->line = 1;
		s->line_start = 0;
	}
	while (s->line < line) {
		const char *from = s->text + s->line_start;
		const char *end = memchr(from, '\n', s->len - s->line_start);

		if (end == NULL)
			return false;
		s->line_start = (size_t)(end - s->text) + 1;
		s->line++;
	}
	return s->line_start < s->len;
}

/* Bytes of the first `columns` characters of UTF-8 text. */
static size_t column_bytes(const char *text, size_t len, size_t columns)
{
	size_t i = 0;

	while (i < len && columns > 0) {
		i++;
		while (i < len && ((unsigned char)text[i] & 0xc0) == 0x80)
			i++;
		columns--;
	}
	return i;
}

/* Keeps the screen safe from whatever stands in the file. */
static void replace_controls(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
}

static const char *excerpt(struct abi_diag *diag, struct abi_loc loc)
{
	struct diag_source *s = find_source(diag, loc.file);
	size_t len;
	char *line;

	if (s == NULL || loc.line == 0 || !seek_line(s, loc.line))
		return "";
	len = line_length(s, s->line_start);
	if (len > MAX_LINE)
		len = column_bytes(s->text + s->line_start, len, MAX_LINE);
	line = abi_arena_strndup(diag->arena, s->text + s->line_start, len);
	replace_controls(line);
	if (loc.column == 0 || loc.column > len + 1)
		return abi_arena_printf(diag->arena, "  %s\n", line);
	return abi_arena_printf(diag->arena, "  %s\n  %*s\n", line, (int)loc.column, "^");
}

/* A message of bounded length, whatever the file puts into it. */
static const char *message(struct abi_diag *diag, const char *format, va_list args)
{
	char text[MAX_MESSAGE];
	int len = vsnprintf(text, sizeof(text), format, args);
	size_t n = strlen(text);

	if (len >= (int)sizeof(text)) {
		n -= 4;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
		memcpy(text + n, "...", 4);
	}
	replace_controls(text);
	return abi_arena_strndup(diag->arena, text, strlen(text));
}

static void add_error(struct abi_diag *diag, struct abi_loc loc, const char *what)
{
	const struct diag_source *s = find_source(diag, loc.file);

	*ABI_LIST_ADD(diag->arena, &diag->errors) = (struct diag_error){
		.order = s != NULL ? s->order : SIZE_MAX,
		.number = diag->total,
		.loc = loc,
		.what = what,
		.excerpt = excerpt(diag, loc),
		.remedy = "",
	};
	if (loc.file != NULL)
		diag->errors.v[diag->errors.n - 1].loc.file =
			abi_arena_strndup(diag->arena, loc.file, strlen(loc.file));
}

/* Counts an error and says whether there is room to keep it. */
static bool admit(struct abi_diag *diag)
{
	diag->total++;
	diag->dropped = diag->errors.n >= MAX_ERRORS;
	if (diag->dropped)
		diag->suppressed++;
	return !diag->dropped;
}

void abi_error(struct abi_diag *diag, struct abi_loc loc, const char *format, ...)
{
	va_list args;

	diag->input_error = true;
	if (!admit(diag))
		return;
	va_start(args, format);
	add_error(diag, loc, message(diag, format, args));
	va_end(args);
}

void abi_io_error(struct abi_diag *diag, const char *path, const char *format, ...)
{
	va_list args;

	diag->io_error = true;
	if (!admit(diag))
		return;
	va_start(args, format);
	add_error(diag, (struct abi_loc){.file = path}, message(diag, format, args));
	va_end(args);
}

void abi_remedy(struct abi_diag *diag, const char *format, ...)
{
	va_list args;

	if (diag->dropped || diag->errors.n == 0)
		return;
	va_start(args, format);
	diag->errors.v[diag->errors.n - 1].remedy = message(diag, format, args);
	va_end(args);
}

size_t abi_diag_errors(const struct abi_diag *diag)
{
	return diag->total;
}

bool abi_diag_has_io_error(const struct abi_diag *diag)
{
	return diag->io_error;
}

static int compare_size(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_errors(const void *a, const void *b)
{
	const struct diag_error *x = a;
	const struct diag_error *y = b;
	int c = compare_size(x->order, y->order);

	if (c == 0)
		c = compare_size(x->loc.line, y->loc.line);
	if (c == 0)
		c = compare_size(x->loc.column, y->loc.column);
	return c != 0 ? c : compare_size(x->number, y->number);
}

static void print_error(const struct diag_error *e, FILE *out)
{
	if (e->loc.file == NULL)
		fprintf(out, "rmm-abi: error: %s\n", e->what);
	else if (e->loc.line == 0)
		fprintf(out, "%s: error: %s\n", e->loc.file, e->what);
	else
		fprintf(out, "%s:%u:%u: error: %s\n", e->loc.file, e->loc.line, e->loc.column,
			e->what);
	fputs(e->excerpt, out);
	if (e->remedy[0] != '\0')
		fprintf(out, "remedy: %s\n", e->remedy);
}

void abi_diag_print(struct abi_diag *diag, FILE *out)
{
	if (diag->errors.n > 1)
		qsort(diag->errors.v, diag->errors.n, sizeof(diag->errors.v[0]), compare_errors);
	for (size_t i = 0; i < diag->errors.n; i++)
		print_error(&diag->errors.v[i], out);
	if (diag->suppressed > 0)
		fprintf(out, "%zu further errors are not shown\n", diag->suppressed);
	diag->errors.n = 0;
	diag->errors.v = NULL;
	diag->suppressed = 0;
}

int abi_diag_exit_status(const struct abi_diag *diag)
{
	if (diag->input_error)
		return 2;
	return diag->io_error ? 1 : 0;
}
