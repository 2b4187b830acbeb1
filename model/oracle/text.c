/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/text.h"

#include <stdarg.h>
#include <stdio.h>

void oracle_print(struct oracle_text *text, const char *format, ...)
{
	const size_t left = text->size - text->len;
	va_list args;

	va_start(args, format);
	const int n = vsnprintf(text->s + text->len, left, format, args);
	va_end(args);
	if (n > 0)
		text->len += (size_t)n < left ? (size_t)n : left - 1;
}
