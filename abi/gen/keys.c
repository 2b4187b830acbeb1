/* SPDX-License-Identifier: BSD-3-Clause */
#include "keys.h"

#include <ctype.h>
#include <string.h>

#include "near.h"

#define MAX_NAME 80

bool node_is(struct abi_diag *diag, const struct yaml_node *node, enum yaml_kind kind,
	     const char *what)
{
	if (node->kind == kind)
		return true;
	abi_error(diag, node->loc, "%s must be %s, not %s", what, yaml_kind_name(kind),
		  yaml_kind_name(node->kind));
	abi_remedy(diag, "see the examples in abi/schema.md");
	return false;
}

bool keys_begin(struct key_reader *r, struct abi_arena *arena, struct abi_diag *diag,
		struct yaml_node *node, const char *what)
{
	*r = (struct key_reader){.arena = arena, .diag = diag, .what = what};
	if (!node_is(diag, node, YAML_KIND_MAPPING, what))
		return false;
	r->map = node;
	return true;
}

static const char *list_known(const struct key_reader *r)
{
	const char *list = "";

	for (size_t i = 0; i < r->num_known; i++)
		list = abi_arena_printf(r->arena, "%s%s%s", list, i == 0 ? "" : ", ", r->known[i]);
	return list;
}

static void report_unknown(struct key_reader *r, const struct abi_text *key)
{
	struct abi_near near;

	abi_error(r->diag, key->loc, "%s has no key '%s'", r->what, key->s);
	abi_near_begin_for(&near, r->diag, key->s);
	for (size_t i = 0; i < r->num_known; i++)
		abi_near_try(&near, r->known[i]);
	if (near.best != NULL)
		abi_remedy(r->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(r->diag, "use one of: %s", list_known(r));
}

void keys_end(struct key_reader *r)
{
	for (size_t i = 0; i < r->map->pairs.n; i++)
		if (!r->map->pairs.v[i].asked)
			report_unknown(r, &r->map->pairs.v[i].key);
}

struct yaml_node *keys_node(struct key_reader *r, const char *key, enum key_need need)
{
	if (r->num_known < KEYS_MAX)
		r->known[r->num_known++] = key;
	for (size_t i = 0; i < r->map->pairs.n; i++) {
		struct yaml_pair *pair = &r->map->pairs.v[i];

		if (strcmp(pair->key.s, key) == 0) {
			pair->asked = true;
			return pair->value;
		}
	}
	if (need == KEY_REQUIRED) {
		abi_error(r->diag, r->map->loc, "%s has no '%s'", r->what, key);
		abi_remedy(r->diag, "add '%s:' (abi/schema.md says what it holds)", key);
	}
	return NULL;
}

struct abi_text keys_text(struct key_reader *r, const char *key, enum key_need need)
{
	const struct yaml_node *node = keys_node(r, key, need);

	if (node == NULL || !node_is(r->diag, node, YAML_KIND_SCALAR, key))
		return (struct abi_text){.s = NULL};
	if (node->text.s[0] == '\0') {
		abi_error(r->diag, node->loc, "'%s' is empty", key);
		abi_remedy(r->diag, "write the text, or leave out the key if it is optional");
		return (struct abi_text){.s = NULL};
	}
	return node->text;
}

bool text_is_name(struct abi_diag *diag, struct abi_text text, const char *what)
{
	size_t len = strlen(text.s);
	bool ok = len > 0 && len <= MAX_NAME && !isdigit((unsigned char)text.s[0]);

	for (size_t i = 0; ok && i < len; i++)
		ok = isalnum((unsigned char)text.s[i]) || text.s[i] == '_';
	if (!ok) {
		abi_error(diag, text.loc, "%s '%.*s' is not a name", what, MAX_NAME, text.s);
		abi_remedy(diag, "use at most %d letters, digits and underscores, no digit first",
			   MAX_NAME);
	}
	return ok;
}

struct abi_text keys_name(struct key_reader *r, const char *key, enum key_need need)
{
	struct abi_text text = keys_text(r, key, need);

	if (text.s != NULL && !text_is_name(r->diag, text, key))
		text.s = NULL;
	return text;
}

static const char *join_words(struct abi_arena *arena, const char *const *words)
{
	const char *list = words[0];

	for (size_t i = 1; words[i] != NULL; i++)
		list = abi_arena_printf(arena, "%s, %s", list, words[i]);
	return list;
}

int keys_word(struct key_reader *r, const char *key, const char *const *words, int otherwise)
{
	struct abi_text text = keys_text(r, key, KEY_OPTIONAL);

	if (text.s == NULL)
		return otherwise;
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(text.s, words[i]) == 0)
			return i;
	abi_error(r->diag, text.loc, "'%s' cannot be '%s'", key, text.s);
	abi_remedy(r->diag, "use one of: %s", join_words(r->arena, words));
	return otherwise;
}

/* Decimal or 0x digits; false when malformed. Saturates, and says so. */
static bool parse_digits(const char *s, uint64_t *value, bool *overflow)
{
	unsigned int base = 10;

	*value = 0;
	*overflow = false;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	} else if (s[0] == '0' && s[1] != '\0') {
		return false; /* octal for some readers, decimal for others */
	}
	for (const char *p = s; *p != '\0'; p++) {
		unsigned int digit = isdigit((unsigned char)*p) ? (unsigned int)(*p - '0')
				     : isxdigit((unsigned char)*p)
					     ? ((unsigned int)*p | 32) - 'a' + 10
					     : 99;

		if (digit >= base)
			return false;
		*overflow = *overflow || *value > (UINT64_MAX - digit) / base;
		*value = *value * base + digit;
	}
	return s[0] != '\0';
}

bool node_uint(struct abi_diag *diag, const struct yaml_node *node, const char *what, uint64_t max,
	       uint64_t *out)
{
	uint64_t value;
	bool overflow;

	if (!node_is(diag, node, YAML_KIND_SCALAR, what))
		return false;
	if (!node->plain || !parse_digits(node->text.s, &value, &overflow)) {
		abi_error(diag, node->loc, "%s must be an unsigned integer, not '%.40s'", what,
			  node->text.s);
		abi_remedy(diag,
			   "write it in decimal or with 0x, without quotes, sign or leading zero");
		return false;
	}
	if (overflow || value > max) {
		abi_error(diag, node->loc, "%s %.40s is out of range", what, node->text.s);
		abi_remedy(diag, "use a value from 0 to %llu", (unsigned long long)max);
		return false;
	}
	*out = value;
	return true;
}

static uint64_t width_mask(uint32_t width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

bool node_int(struct abi_diag *diag, const struct yaml_node *node, const char *what, uint32_t width,
	      uint64_t *out)
{
	uint64_t mask = width_mask(width);
	uint64_t magnitude;
	bool overflow;

	if (node->kind != YAML_KIND_SCALAR || !node->plain || node->text.s[0] != '-' ||
	    !parse_digits(node->text.s + 1, &magnitude, &overflow))
		return node_uint(diag, node, what, mask, out);
	if (overflow || magnitude > mask / 2 + 1) {
		abi_error(diag, node->loc, "%s %.40s does not fit in %u bits", what, node->text.s,
			  width);
		abi_remedy(diag, "correct the value or the width");
		return false;
	}
	*out = (0 - magnitude) & mask;
	return true;
}

bool keys_uint(struct key_reader *r, const char *key, enum key_need need, uint64_t max,
	       uint64_t *out)
{
	const struct yaml_node *node = keys_node(r, key, need);

	return node != NULL && node_uint(r->diag, node, key, max, out);
}

bool keys_u32(struct key_reader *r, const char *key, enum key_need need, uint32_t max,
	      uint32_t *out)
{
	uint64_t value;

	if (!keys_uint(r, key, need, max, &value))
		return false;
	*out = (uint32_t)value;
	return true;
}

bool node_bool(struct abi_diag *diag, const struct yaml_node *node, const char *what, bool *out)
{
	if (node->kind == YAML_KIND_SCALAR && node->plain) {
		*out = strcmp(node->text.s, "true") == 0;
		if (*out || strcmp(node->text.s, "false") == 0)
			return true;
	}
	abi_error(diag, node->loc, "%s must be true or false", what);
	abi_remedy(diag, "write true or false, without quotes");
	return false;
}

bool keys_bool(struct key_reader *r, const char *key, bool otherwise)
{
	const struct yaml_node *node = keys_node(r, key, KEY_OPTIONAL);
	bool value = otherwise;

	if (node != NULL && !node_bool(r->diag, node, key, &value))
		return otherwise;
	return value;
}

struct yaml_node *keys_list(struct key_reader *r, const char *key, enum key_need need)
{
	struct yaml_node *node = keys_node(r, key, need);

	if (node == NULL || !node_is(r->diag, node, YAML_KIND_SEQUENCE, key))
		return NULL;
	return node;
}
