/* SPDX-License-Identifier: BSD-3-Clause */
/* The host's own reads and writes. */
#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "parse.h"

static const struct rmm_abi_type *find_struct(struct trace_parser *p, const struct yaml_node *node)
{
	const struct rmm_abi_type *type;
	struct abi_near near;

	if (!trace_node_is(p, node, YAML_KIND_SCALAR, "'struct'"))
		return NULL;
	type = rmm_abi_type_find(node->text.s);
	if (type != NULL && type->kind == RMM_ABI_STRUCT && type->size <= TRACE_MAX_BYTES &&
	    (type->versions >> p->version & 1) != 0)
		return type;
	abi_near_begin(&near, node->text.s);
	for (size_t i = 0; i < rmm_abi_num_types; i++)
		if (rmm_abi_types[i]->kind == RMM_ABI_STRUCT)
			abi_near_try(&near, rmm_abi_types[i]->name);
	abi_error(p->diag, node->loc, "%s has no structure '%s'", rmm_abi_versions[p->version].name,
		  node->text.s);
	if (near.best != NULL)
		abi_remedy(p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(p->diag, "write words with 'u64: [..]' instead");
	return NULL;
}

static bool parse_struct(struct trace_parser *p, const struct yaml_node *name,
			 struct yaml_node *fields, struct trace_access *access)
{
	struct trace_place place = {.path = ""};

	access->type = find_struct(p, name);
	if (access->type == NULL)
		return false;
	access->size = access->type->size;
	place.type = access->type;
	if (fields == NULL)
		return true;
	return trace_node_is(p, fields, YAML_KIND_MAPPING, "the list of fields") &&
	       trace_parse_value(p, fields, place, &access->terms);
}

static bool parse_words(struct trace_parser *p, const struct yaml_node *list,
			struct trace_access *access)
{
	bool ok = true;

	if (!trace_node_is(p, list, YAML_KIND_SEQUENCE, "'u64'"))
		return false;
	if (list->items.n == 0 || list->items.n > TRACE_MAX_BYTES / 8) {
		abi_error(p->diag, list->loc, "the list has %zu words", list->items.n);
		abi_remedy(p->diag, "write 1 to %u words", TRACE_MAX_BYTES / 8);
		return false;
	}
	access->size = (uint32_t)list->items.n * 8;
	for (size_t i = 0; i < list->items.n; i++) {
		struct trace_place place = {
			.bit = (uint32_t)i * 64,
			.width = 64,
			.is_signed = true,
			.path = abi_arena_printf(p->arena, "u64[%zu]", i),
		};

		ok &= trace_parse_value(p, list->items.v[i], place, &access->terms);
	}
	return ok;
}

static bool parse_text(struct trace_parser *p, const struct yaml_node *node,
		       struct trace_access *access)
{
	size_t len;

	if (!trace_node_is(p, node, YAML_KIND_SCALAR, "'text'"))
		return false;
	len = strlen(node->text.s);
	if (len == 0 || len > TRACE_MAX_BYTES) {
		abi_error(p->diag, node->loc, "the text has %zu bytes", len);
		abi_remedy(p->diag, "write 1 to %u bytes", TRACE_MAX_BYTES);
		return false;
	}
	access->text = node->text.s;
	access->size = (uint32_t)len;
	return true;
}

static bool parse_fault(struct trace_parser *p, const struct yaml_node *node,
			struct trace_access *access)
{
	static const struct {
		const char *name;
		enum rmm_fault_kind kind;
	} faults[] = {
		{"GPF", RMM_FAULT_GPF},
		{"EXTERNAL", RMM_FAULT_EXTERNAL},
		{"GPT_WALK", RMM_FAULT_GPT_WALK},
		{"GPT_ADDRESS_SIZE", RMM_FAULT_GPT_ADDRESS_SIZE},
	};

	if (node == NULL)
		return true;
	if (!trace_node_is(p, node, YAML_KIND_SCALAR, "'fault'"))
		return false;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (strcmp(node->text.s, faults[i].name) != 0)
			continue;
		access->fault = true;
		access->fault_kind = faults[i].kind;
		return true;
	}
	abi_error(p->diag, node->loc, "unknown fault '%s'", node->text.s);
	abi_remedy(p->diag, "write GPF, EXTERNAL, GPT_WALK or GPT_ADDRESS_SIZE");
	return false;
}

/* Exactly one way to say what stands in memory. */
static bool one_content(struct trace_parser *p, const struct key_reader *keys,
			const struct yaml_node *const *nodes, size_t n, const char *names)
{
	size_t given = 0;

	for (size_t i = 0; i < n; i++)
		given += nodes[i] != NULL;
	if (given == 1)
		return true;
	abi_error(p->diag, keys->map->loc, "%s %s", keys->what,
		  given == 0 ? "does not say what" : "says what in several ways");
	abi_remedy(p->diag, "write one of %s", names);
	return false;
}

static struct trace_access *begin_access(struct trace_parser *p, struct key_reader *keys)
{
	struct trace_access *access = abi_arena_alloc(p->arena, 1, sizeof(*access));
	const struct yaml_node *fault = keys_node(keys, "fault", KEY_OPTIONAL);

	access->pa = trace_parse_key(p, keys, "pa", KEY_REQUIRED);
	return access->pa != NULL && parse_fault(p, fault, access) ? access : NULL;
}

struct content {
	struct yaml_node *type;
	struct yaml_node *fields; /* of write, or what a read expects */
	struct yaml_node *words;
	struct yaml_node *text;
};

static bool parse_content(struct trace_parser *p, const struct key_reader *keys,
			  const struct content *c, struct trace_access *access)
{
	const struct yaml_node *ways[] = {c->type, c->words, c->text};

	if (!one_content(p, keys, ways, 3, "'struct', 'u64', 'text'"))
		return false;
	if (c->type != NULL)
		return parse_struct(p, c->type, c->fields, access);
	if (c->fields != NULL) {
		abi_error(p->diag, c->fields->loc, "only a structure has fields");
		abi_remedy(p->diag, "remove them or name the 'struct'");
		return false;
	}
	return c->words != NULL ? parse_words(p, c->words, access) : parse_text(p, c->text, access);
}

static bool begin_body(struct trace_parser *p, struct key_reader *step_keys, const char *key,
		       const char *what, struct key_reader *keys)
{
	struct yaml_node *body = trace_required(p, step_keys, key);

	return body != NULL && trace_keys_begin(p, keys, body, what);
}

bool trace_parse_write_step(struct trace_parser *p, struct key_reader *step_keys,
			    struct trace_step *step)
{
	struct key_reader keys;
	struct content content;

	step->kind = TRACE_STEP_WRITE;
	if (!begin_body(p, step_keys, "write", "a 'write' step", &keys))
		return false;
	step->u.access = begin_access(p, &keys);
	content = (struct content){
		.type = keys_node(&keys, "struct", KEY_OPTIONAL),
		.fields = keys_node(&keys, "fields", KEY_OPTIONAL),
		.words = keys_node(&keys, "u64", KEY_OPTIONAL),
		.text = keys_node(&keys, "text", KEY_OPTIONAL),
	};
	keys_end(&keys);
	return step->u.access != NULL && parse_content(p, &keys, &content, step->u.access);
}

/* Reads "[n]" at *at; 0 when there is none. False when it is malformed. */
static bool read_index(const char **at, uint32_t *index)
{
	char *end;
	unsigned long n;

	*index = 0;
	if (**at != '[')
		return true;
	n = strtoul(*at + 1, &end, 10);
	if (end == *at + 1 || *end != ']' || n > TRACE_MAX_BYTES)
		return false;
	*index = (uint32_t)n;
	*at = end + 1;
	return true;
}

static bool find_word(const char *path, uint32_t words, struct trace_bits *bits)
{
	uint32_t index;

	if (strncmp(path, "u64", 3) != 0)
		return false;
	path += 3;
	if (!read_index(&path, &index) || *path != '\0' || index >= words)
		return false;
	bits->bit = index * 64;
	bits->width = 64;
	return true;
}

/* One step down a path: "exit" of "exit.gprs[1]". */
static bool find_member(const struct trace_parser *p, const struct rmm_abi_type **type,
			const char **at, struct trace_bits *bits)
{
	size_t len = strcspn(*at, ".[");
	const struct rmm_abi_field *field =
		rmm_abi_field_find(*type, p->version, abi_arena_strndup(p->arena, *at, len));
	uint32_t index;
	bool is_struct;

	*at += len;
	if (field == NULL || !read_index(at, &index) || index >= field->count)
		return false;
	is_struct = field->type != NULL && field->type->kind == RMM_ABI_STRUCT;
	if ((*type)->kind == RMM_ABI_STRUCT)
		bits->bit += field->offset * 8 +
			     index * (is_struct ? field->type->size * 8 : field->width);
	else
		bits->bit += field->lsb;
	bits->width = field->width;
	*type = field->type;
	if (**at == '.')
		(*at)++;
	else if (is_struct)
		return false;
	return true;
}

/* The bits of a field by its path: "exit.gprs[1]", or of a word: "u64[2]". */
static bool find_bits(struct trace_parser *p, struct abi_text path,
		      const struct trace_access *access, struct trace_bits *bits)
{
	const struct rmm_abi_type *type = access->type;
	const char *at = path.s;

	*bits = (struct trace_bits){.width = 64};
	if (type == NULL)
		return find_word(path.s, access->size / 8, bits);
	while (type != NULL && find_member(p, &type, &at, bits))
		if (*at == '\0')
			return true;
	return false;
}

static bool parse_saved_field(struct trace_parser *p, const struct yaml_pair *pair,
			      struct trace_access *access)
{
	struct trace_save save;

	if (!trace_node_is(p, pair->value, YAML_KIND_SCALAR, "a saved field"))
		return false;
	if (!find_bits(p, pair->value->text, access, &save.bits)) {
		abi_error(p->diag, pair->value->loc, "there is no field '%s' to save",
			  pair->value->text.s);
		abi_remedy(p->diag, "write its path, such as exit.gprs[1]; in raw words, u64[1]");
		return false;
	}
	if (!trace_parse_slot(p, pair->key, &save.slot))
		return false;
	*ABI_LIST_ADD(p->arena, &access->saves) = save;
	return true;
}

static bool parse_saved_fields(struct trace_parser *p, struct yaml_node *node,
			       struct trace_access *access)
{
	bool ok = true;

	if (node == NULL)
		return true;
	if (!trace_node_is(p, node, YAML_KIND_MAPPING, "'save'"))
		return false;
	for (size_t i = 0; i < node->pairs.n; i++) {
		node->pairs.v[i].asked = true;
		ok &= parse_saved_field(p, &node->pairs.v[i], access);
	}
	return ok;
}

bool trace_parse_read_step(struct trace_parser *p, struct key_reader *step_keys,
			   struct trace_step *step)
{
	struct key_reader keys;
	struct content content;
	struct yaml_node *save;

	step->kind = TRACE_STEP_READ;
	if (!begin_body(p, step_keys, "read", "a 'read' step", &keys))
		return false;
	step->u.access = begin_access(p, &keys);
	content = (struct content){
		.type = keys_node(&keys, "struct", KEY_OPTIONAL),
		.fields = keys_node(&keys, "expect", KEY_OPTIONAL),
		.words = keys_node(&keys, "u64", KEY_OPTIONAL),
		.text = keys_node(&keys, "text", KEY_OPTIONAL),
	};
	save = keys_node(&keys, "save", KEY_OPTIONAL);
	keys_end(&keys);
	return step->u.access != NULL && parse_content(p, &keys, &content, step->u.access) &&
	       parse_saved_fields(p, save, step->u.access);
}
