/* SPDX-License-Identifier: BSD-3-Clause */
/* Text of bounded length; what does not fit is dropped. */
#ifndef RMM_ORACLE_TEXT_H
#define RMM_ORACLE_TEXT_H

#include <stddef.h>

struct oracle_text {
	char *s;
	size_t len;
	size_t size;
};

void oracle_print(struct oracle_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
