/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints JSON: commas, line breaks and indentation look after themselves. In
 * an array, keys are NULL.
 */
#ifndef RMM_ABI_GEN_JSON_OUT_H
#define RMM_ABI_GEN_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "abi.h"
#include "writer.h"

struct json {
	struct writer *w;
	unsigned depth;
	unsigned compact; /* depth from which everything stands on one line; 0: none */
	bool has_items;   /* the open object or array has one already */
};

void json_object(struct json *j, const char *key);
void json_end_object(struct json *j);
void json_array(struct json *j, const char *key);
void json_end_array(struct json *j);

/* The next object or array stands on one line. */
void json_one_line(struct json *j);

void json_string(struct json *j, const char *key, const char *s);
void json_number(struct json *j, const char *key, uint64_t number);
void json_bool(struct json *j, const char *key, bool value);

/* Leaves the key out when the text is absent. */
void json_text(struct json *j, const char *key, struct abi_text text);

#endif
