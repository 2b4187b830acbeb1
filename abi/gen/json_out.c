/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_out.h"

#include <inttypes.h>

static bool on_one_line(const struct json *j)
{
	return j->compact && j->depth >= j->compact;
}

static void new_line(struct json *j)
{
	if (on_one_line(j))
		return;
	w_char(j->w, '\n');
	for (unsigned i = 0; i < j->depth; i++)
		w_char(j->w, '\t');
}

static void begin_item(struct json *j, const char *key)
{
	if (j->has_items)
		w_text(j->w, on_one_line(j) ? ", " : ",");
	if (j->depth)
		new_line(j);
	j->has_items = true;
	if (key) {
		w_json_string(j->w, key);
		w_text(j->w, ": ");
	}
}

static void open(struct json *j, const char *key, char bracket)
{
	begin_item(j, key);
	w_char(j->w, bracket);
	j->depth++;
	j->has_items = false;
}

static void close(struct json *j, char bracket)
{
	bool compact = on_one_line(j);

	j->depth--;
	if (compact && !on_one_line(j))
		j->compact = 0;
	else if (!compact && j->has_items)
		new_line(j);
	w_char(j->w, bracket);
	j->has_items = true;
}

void json_object(struct json *j, const char *key)
{
	open(j, key, '{');
}

void json_end_object(struct json *j)
{
	close(j, '}');
}

void json_array(struct json *j, const char *key)
{
	open(j, key, '[');
}

void json_end_array(struct json *j)
{
	close(j, ']');
}

void json_one_line(struct json *j)
{
	if (!j->compact)
		j->compact = j->depth + 1;
}

void json_string(struct json *j, const char *key, const char *s)
{
	begin_item(j, key);
	w_json_string(j->w, s);
}

void json_number(struct json *j, const char *key, uint64_t number)
{
	begin_item(j, key);
	w_printf(j->w, "%" PRIu64, number);
}

void json_bool(struct json *j, const char *key, bool value)
{
	begin_item(j, key);
	w_text(j->w, value ? "true" : "false");
}

void json_text(struct json *j, const char *key, struct abi_text text)
{
	if (text.s)
		json_string(j, key, text.s);
}
