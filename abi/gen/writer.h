/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A growing text buffer that ends up in a file. Running out of memory sets
 * `failed`, which whoever saves the text looks at: emitters need no error paths
 * of their own.
 */
#ifndef RMM_ABI_GEN_WRITER_H
#define RMM_ABI_GEN_WRITER_H

#include <stdbool.h>
#include <stddef.h>

struct writer {
	char *data; /* not terminated */
	size_t len;
	size_t capacity;
	bool failed;
};

void writer_init(struct writer *w);
void writer_free(struct writer *w);

void w_char(struct writer *w, char c);
void w_text(struct writer *w, const char *s);
void w_bytes(struct writer *w, const char *s, size_t len);
void w_printf(struct writer *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A quoted string literal of C or JSON; s may be NULL (the empty string). */
void w_c_string(struct writer *w, const char *s);
void w_json_string(struct writer *w, const char *s);

/* The text as one cell of a Markdown table: no line break, no bare bar. */
void w_markdown_cell(struct writer *w, const char *s);

/* The text as the inside of a C block comment, on one line. */
void w_comment(struct writer *w, const char *s);

#endif
