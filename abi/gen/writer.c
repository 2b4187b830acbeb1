/* SPDX-License-Identifier: BSD-3-Clause */
#include "writer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void writer_init(struct writer *w)
{
	*w = (struct writer){0};
}

void writer_free(struct writer *w)
{
	free(w->data);
	writer_init(w);
}

static bool reserve(struct writer *w, size_t more)
{
	size_t capacity = w->capacity ? w->capacity : 4096;
	char *data;

	if (w->failed || more > SIZE_MAX / 4 - w->len) {
		w->failed = true;
		return false;
	}
	if (w->len + more <= w->capacity)
		return true;
	while (capacity < w->len + more)
		capacity *= 2;
	data = realloc(w->data, capacity);
	if (!data) {
		w->failed = true;
		return false;
	}
	w->data = data;
	w->capacity = capacity;
	return true;
}

void w_bytes(struct writer *w, const char *s, size_t len)
{
	if (len == 0 || !reserve(w, len))
		return;
	memcpy(w->data + w->len, s, len);
	w->len += len;
}

void w_char(struct writer *w, char c)
{
	w_bytes(w, &c, 1);
}

void w_text(struct writer *w, const char *s)
{
	w_bytes(w, s, strlen(s));
}

/* Formats straight into the buffer; a second pass only when it was too small. */
void w_printf(struct writer *w, const char *fmt, ...)
{
	va_list args;
	int len;

	if (!reserve(w, 256))
		return;
	va_start(args, fmt);
	len = vsnprintf(w->data + w->len, w->capacity - w->len, fmt, args);
	va_end(args);
	if (len < 0) {
		w->failed = true;
		return;
	}
	if ((size_t)len >= w->capacity - w->len) {
		if (!reserve(w, (size_t)len + 1))
			return;
		va_start(args, fmt);
		(void)vsnprintf(w->data + w->len, w->capacity - w->len, fmt, args);
		va_end(args);
	}
	w->len += (size_t)len;
}

static bool escape_common(struct writer *w, char c)
{
	switch (c) {
	case '"':
		w_text(w, "\\\"");
		return true;
	case '\\':
		w_text(w, "\\\\");
		return true;
	case '\n':
		w_text(w, "\\n");
		return true;
	case '\t':
		w_text(w, "\\t");
		return true;
	default:
		return false;
	}
}

/* The second of two "?" is escaped: they could begin a trigraph of C11. */
void w_c_string(struct writer *w, const char *s)
{
	const char *p;

	w_char(w, '"');
	for (p = s ? s : ""; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (escape_common(w, *p))
			continue;
		if (c < 0x20 || c == 0x7f)
			w_printf(w, "\\%03o", c);
		else if (c == '?' && p > s && p[-1] == '?')
			w_text(w, "\\?");
		else
			w_char(w, *p);
	}
	w_char(w, '"');
}

void w_json_string(struct writer *w, const char *s)
{
	const char *p;

	w_char(w, '"');
	for (p = s ? s : ""; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (escape_common(w, *p))
			continue;
		if (c < 0x20)
			w_printf(w, "\\u%04x", c);
		else
			w_char(w, *p);
	}
	w_char(w, '"');
}

void w_markdown_cell(struct writer *w, const char *s)
{
	const char *p;

	for (p = s ? s : ""; *p; p++) {
		if (*p == '|')
			w_text(w, "\\|");
		else if (*p == '<')
			w_text(w, "&lt;");
		else
			w_char(w, *p == '\n' ? ' ' : *p);
	}
}

void w_comment(struct writer *w, const char *s)
{
	const char *p;

	for (p = s ? s : ""; *p; p++) {
		if (*p == '*' && p[1] == '/')
			w_text(w, "* ");
		else
			w_char(w, *p == '\n' ? ' ' : *p);
	}
}
