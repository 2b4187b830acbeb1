/* SPDX-License-Identifier: BSD-3-Clause */
#include "yaml_node.h"

#include <string.h>
#include <yaml.h>

#include "name_map.h"

#define MAX_DEPTH 32
#define MAX_NODES 400000u

struct tree_parser {
	yaml_parser_t yaml;
	const char *file;
	struct abi_arena *arena;
	struct abi_diag *diag;
	unsigned int depth;
	unsigned int nodes;
};

static struct yaml_node *parse_node(struct tree_parser *p, const yaml_event_t *event);

const char *yaml_kind_name(enum yaml_kind kind)
{
	switch (kind) {
	case YAML_KIND_SCALAR:
		return "a value";
	case YAML_KIND_SEQUENCE:
		return "a list";
	case YAML_KIND_MAPPING:
		return "a mapping";
	}
	return "nothing";
}

static struct abi_loc mark_loc(const struct tree_parser *p, yaml_mark_t mark)
{
	return (struct abi_loc){
		.file = p->file,
		.line = (uint32_t)mark.line + 1,
		.column = (uint32_t)mark.column + 1,
	};
}

static void report_parser_error(struct tree_parser *p)
{
	yaml_mark_t mark = p->yaml.problem_mark;
	const char *problem = p->yaml.problem != NULL ? p->yaml.problem : "malformed text";

	if (p->yaml.context != NULL)
		abi_error(p->diag, mark_loc(p, mark), "not YAML: %s %s", problem, p->yaml.context);
	else
		abi_error(p->diag, mark_loc(p, mark), "not YAML: %s", problem);
	abi_remedy(p->diag, "check indentation, quotes and brackets at and before this place");
}

static bool next_event(struct tree_parser *p, yaml_event_t *event)
{
	if (yaml_parser_parse(&p->yaml, event))
		return true;
	report_parser_error(p);
	return false;
}

static void refuse(struct tree_parser *p, const yaml_event_t *event, const char *what)
{
	abi_error(p->diag, mark_loc(p, event->start_mark), "%s are not used in descriptions", what);
	abi_remedy(p->diag, "write the content out");
}

/* Anchors and explicit tags on any node. */
static bool has_decoration(struct tree_parser *p, const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL;
	const yaml_char_t *tag = NULL;

	if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
	}
	if (anchor != NULL)
		refuse(p, event, "anchors");
	else if (tag != NULL)
		refuse(p, event, "tags");
	return anchor != NULL || tag != NULL;
}

static struct yaml_node *new_node(struct tree_parser *p, enum yaml_kind kind, yaml_mark_t mark)
{
	struct yaml_node *node;

	if (++p->nodes > MAX_NODES) {
		abi_error(p->diag, mark_loc(p, mark), "the file has more than %u parts", MAX_NODES);
		abi_remedy(p->diag, "split the description into files joined by 'uses'");
		return NULL;
	}
	node = abi_arena_alloc(p->arena, 1, sizeof(*node));
	node->kind = kind;
	node->loc = mark_loc(p, mark);
	return node;
}

static bool is_quoted(yaml_scalar_style_t style)
{
	return style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

/*
 * Marks a scalar whose characters stand one by one in the file, so that a place
 * inside it can be named: one line, no escapes, no non-ASCII character.
 */
static bool is_verbatim(const yaml_event_t *event, bool quoted)
{
	size_t columns = event->end_mark.column - event->start_mark.column;

	return event->start_mark.line == event->end_mark.line &&
	       columns == event->data.scalar.length + (quoted ? 2u : 0u);
}

static struct yaml_node *parse_scalar(struct tree_parser *p, const yaml_event_t *event)
{
	struct yaml_node *node = new_node(p, YAML_KIND_SCALAR, event->start_mark);
	const char *value = (const char *)event->data.scalar.value;
	bool quoted = is_quoted(event->data.scalar.style);

	if (node == NULL)
		return NULL;
	if (memchr(value, '\0', event->data.scalar.length) != NULL) {
		abi_error(p->diag, node->loc, "the text contains a NUL character");
		abi_remedy(p->diag, "remove the \\0 escape");
		return NULL;
	}
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->text.s = abi_arena_strndup(p->arena, value, event->data.scalar.length);
	node->text.loc = node->loc;
	node->text.verbatim = is_verbatim(event, quoted);
	if (quoted && node->text.verbatim)
		node->text.loc.column++;
	return node;
}

static struct yaml_node *parse_sequence(struct tree_parser *p, const yaml_event_t *start)
{
	struct yaml_node *node = new_node(p, YAML_KIND_SEQUENCE, start->start_mark);

	while (node != NULL) {
		yaml_event_t event;
		struct yaml_node *item;
		bool end;

		if (!next_event(p, &event))
			return NULL;
		end = event.type == YAML_SEQUENCE_END_EVENT;
		item = end ? NULL : parse_node(p, &event);
		yaml_event_delete(&event);
		if (end)
			break;
		if (item == NULL)
			return NULL;
		*ABI_LIST_ADD(p->arena, &node->items) = item;
	}
	return node;
}

/* Adds a pair unless its key is there already, which is reported. */
static void add_pair(struct tree_parser *p, struct yaml_node *map, struct name_map *seen,
		     const struct yaml_node *key, struct yaml_node *value)
{
	const struct abi_text *first = name_map_find(seen, key->text.s);

	if (first != NULL) {
		abi_error(p->diag, key->loc, "the key '%s' occurs twice (first in line %u)",
			  key->text.s, first->loc.line);
		abi_remedy(p->diag, "remove or rename one of the two");
		return;
	}
	name_map_add(seen, key->text.s, &key->text);
	*ABI_LIST_ADD(p->arena, &map->pairs) = (struct yaml_pair){.key = key->text, .value = value};
}

static bool parse_pair(struct tree_parser *p, const yaml_event_t *key_event, struct yaml_node *map,
		       struct name_map *seen)
{
	struct yaml_node *key = parse_node(p, key_event);
	struct yaml_node *value;
	yaml_event_t event;

	if (key == NULL)
		return false;
	if (key->kind != YAML_KIND_SCALAR) {
		abi_error(p->diag, key->loc, "a key must be a word, not %s",
			  yaml_kind_name(key->kind));
		abi_remedy(p->diag, "quote text that begins with '[' or '{'");
		return false;
	}
	if (!next_event(p, &event))
		return false;
	value = parse_node(p, &event);
	yaml_event_delete(&event);
	if (value != NULL)
		add_pair(p, map, seen, key, value);
	return value != NULL;
}

static struct yaml_node *parse_mapping(struct tree_parser *p, const yaml_event_t *start)
{
	struct yaml_node *node = new_node(p, YAML_KIND_MAPPING, start->start_mark);
	struct name_map *seen = name_map_new(p->arena);

	while (node != NULL) {
		yaml_event_t event;
		bool end;
		bool ok;

		if (!next_event(p, &event))
			return NULL;
		end = event.type == YAML_MAPPING_END_EVENT;
		ok = end || parse_pair(p, &event, node, seen);
		yaml_event_delete(&event);
		if (!ok)
			return NULL;
		if (end)
			break;
	}
	return node;
}

static struct yaml_node *parse_deeper(struct tree_parser *p, const yaml_event_t *event)
{
	struct yaml_node *node;

	if (p->depth == MAX_DEPTH) {
		abi_error(p->diag, mark_loc(p, event->start_mark),
			  "nested more than %d levels deep", MAX_DEPTH);
		abi_remedy(p->diag, "quote text that begins with '[' or '{'");
		return NULL;
	}
	p->depth++;
	node = event->type == YAML_SEQUENCE_START_EVENT ? parse_sequence(p, event)
							: parse_mapping(p, event);
	p->depth--;
	return node;
}

static struct yaml_node *parse_node(struct tree_parser *p, const yaml_event_t *event)
{
	if (has_decoration(p, event))
		return NULL;
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return parse_scalar(p, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return parse_deeper(p, event);
	case YAML_ALIAS_EVENT:
		refuse(p, event, "aliases");
		return NULL;
	default:
		abi_error(p->diag, mark_loc(p, event->start_mark), "the document ends here");
		abi_remedy(p->diag, "complete the mapping or list that begins before this place");
		return NULL;
	}
}

/* Skips one event that must be of the given type. */
static bool expect_event(struct tree_parser *p, yaml_event_type_t type)
{
	yaml_event_t event;
	bool ok;

	if (!next_event(p, &event))
		return false;
	ok = event.type == type;
	if (!ok) {
		abi_error(p->diag, mark_loc(p, event.start_mark), "%s",
			  event.type == YAML_STREAM_END_EVENT
				  ? "the file is empty"
				  : "a second document begins in this file");
		abi_remedy(p->diag, "write exactly one mapping into the file");
	}
	yaml_event_delete(&event);
	return ok;
}

static struct yaml_node *parse_document(struct tree_parser *p)
{
	struct yaml_node *root;
	yaml_event_t event;

	if (!expect_event(p, YAML_STREAM_START_EVENT) ||
	    !expect_event(p, YAML_DOCUMENT_START_EVENT) || !next_event(p, &event))
		return NULL;
	root = parse_node(p, &event);
	yaml_event_delete(&event);
	if (root == NULL || !expect_event(p, YAML_DOCUMENT_END_EVENT) ||
	    !expect_event(p, YAML_STREAM_END_EVENT))
		return NULL;
	return root;
}

struct yaml_node *yaml_node_parse(const char *file, struct abi_source source,
				  struct abi_arena *arena, struct abi_diag *diag)
{
	struct tree_parser p = {.file = file, .arena = arena, .diag = diag};
	struct yaml_node *root;

	if (!yaml_parser_initialize(&p.yaml)) {
		abi_io_error(diag, file, "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&p.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p.yaml, (const unsigned char *)source.text, source.len);
	root = parse_document(&p);
	yaml_parser_delete(&p.yaml);
	return root;
}
