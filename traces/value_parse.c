/* SPDX-License-Identifier: BSD-3-Clause */
/* Typed values: numbers, bit fields as mappings, arrays as lists, text as bytes. */
#include <string.h>

#include "near.h"
#include "parse.h"

bool trace_node_is(struct trace_parser *p, const struct yaml_node *node, enum yaml_kind kind,
		   const char *what)
{
	if (node->kind == kind)
		return true;
	abi_error(p->diag, node->loc, "%s must be %s, not %s", what, yaml_kind_name(kind),
		  yaml_kind_name(node->kind));
	abi_remedy(p->diag, "docs/traces.md shows how it is written");
	return false;
}

bool trace_keys_begin(struct trace_parser *p, struct key_reader *keys, struct yaml_node *node,
		      const char *what)
{
	return trace_node_is(p, node, YAML_KIND_MAPPING, what) &&
	       keys_begin(keys, p->arena, p->diag, node, what);
}

struct yaml_node *trace_required(struct trace_parser *p, struct key_reader *keys, const char *key)
{
	struct yaml_node *node = keys_node(keys, key, KEY_OPTIONAL);

	if (node == NULL) {
		abi_error(p->diag, keys->map->loc, "%s has no '%s'", keys->what, key);
		abi_remedy(p->diag, "add '%s:'; docs/traces.md says what it holds", key);
	}
	return node;
}

struct trace_expr_context trace_parser_context(const struct trace_parser *p)
{
	return (struct trace_expr_context){
		.arena = p->arena,
		.diag = p->diag,
		.scope = p->scope,
		.version = p->version,
	};
}

const struct trace_expr *trace_parse_expr(struct trace_parser *p, const struct yaml_node *node,
					  const struct rmm_abi_type *type)
{
	struct trace_expr_context context = trace_parser_context(p);

	if (!trace_node_is(p, node, YAML_KIND_SCALAR, "a number"))
		return NULL;
	return trace_expr_parse(&context, node->text, type);
}

const struct trace_expr *trace_parse_key(struct trace_parser *p, struct key_reader *keys,
					 const char *key, enum key_need need)
{
	const struct yaml_node *node = need == KEY_REQUIRED ? trace_required(p, keys, key)
							    : keys_node(keys, key, KEY_OPTIONAL);

	return node != NULL ? trace_parse_expr(p, node, NULL) : NULL;
}

bool trace_parse_constant(struct trace_parser *p, const struct yaml_node *node, uint64_t max,
			  uint64_t *out)
{
	const struct trace_expr *expr = trace_parse_expr(p, node, NULL);

	if (expr == NULL)
		return false;
	if (!expr->constant) {
		abi_error(p->diag, node->loc, "'%s' is known only while the trace plays",
			  node->text.s);
		abi_remedy(p->diag, "use numbers and names of 'let' here");
		return false;
	}
	if (expr->value < 0 || expr->value > (trace_wide)max) {
		abi_error(p->diag, node->loc, "'%s' is out of range", node->text.s);
		abi_remedy(p->diag, "write a number from 0 to %llu", (unsigned long long)max);
		return false;
	}
	*out = (uint64_t)expr->value;
	return true;
}

void trace_parse_let(struct trace_parser *p, struct yaml_node *node)
{
	if (!trace_node_is(p, node, YAML_KIND_MAPPING, "'let'"))
		return;
	for (size_t i = 0; i < node->pairs.n; i++) {
		struct yaml_pair *pair = &node->pairs.v[i];
		const struct trace_expr *expr;
		struct trace_name *name;
		uint64_t label;

		pair->asked = true;
		if (!text_is_name(p->diag, pair->key, "name"))
			continue;
		if (rmm_abi_label_find(p->version, pair->key.s, &label)) {
			abi_error(p->diag, pair->key.loc, "'%s' is a label of the specification",
				  pair->key.s);
			abi_remedy(p->diag, "choose another name");
			continue;
		}
		expr = trace_parse_expr(p, pair->value, NULL);
		if (expr == NULL)
			continue;
		name = trace_scope_add(p->scope, pair->key);
		name->constant = true;
		name->value = expr->value;
	}
}

bool trace_parse_slot(struct trace_parser *p, struct abi_text text, size_t *slot)
{
	struct trace_name *name;

	if (!text_is_name(p->diag, text, "name"))
		return false;
	name = trace_scope_add(p->scope, text);
	if (name->constant || p->scope->num_slots == TRACE_MAX_SLOTS) {
		abi_error(p->diag, text.loc,
			  name->constant ? "'%s' already stands for a number of 'let'"
					 : "'%s' is one saved name too many",
			  text.s);
		abi_remedy(p->diag, "choose another name");
		return false;
	}
	if (name->loc.line == text.loc.line && name->loc.column == text.loc.column)
		name->slot = p->scope->num_slots++;
	*slot = name->slot;
	return true;
}

/* ---- typed values ----------------------------------------------------------- */

/* Checks a number that is already known against its place. */
static bool check_range(struct trace_parser *p, const struct trace_expr *expr,
			const struct trace_term *term)
{
	trace_wide value = expr->value;

	if (!expr->constant)
		return true;
	if ((value & (((trace_wide)1 << term->shift) - 1)) != 0) {
		abi_error(p->diag, expr->text.loc, "%s is not aligned to %u bytes", term->path,
			  1u << term->shift);
		abi_remedy(p->diag, "write the address of a granule");
		return false;
	}
	if (trace_wide_fits(value >> term->shift, term->width, term->is_signed))
		return true;
	abi_error(p->diag, expr->text.loc, "'%s' does not fit %s, which has %u bits", expr->text.s,
		  term->path, term->width);
	abi_remedy(p->diag, "write a smaller number, or the bits of the whole register or field");
	return false;
}

static bool parse_scalar(struct trace_parser *p, const struct yaml_node *node,
			 struct trace_place place, uint8_t shift, struct trace_terms *terms)
{
	struct trace_term term = {
		.expr = trace_parse_expr(p, node, place.type),
		.bit = place.bit,
		.width = place.width,
		.shift = shift,
		.is_signed = place.is_signed,
		.type = place.type,
		.type_name = place.type_name,
		.path = place.path,
	};

	if (term.expr == NULL || !check_range(p, term.expr, &term))
		return false;
	*ABI_LIST_ADD(p->arena, &terms->terms) = term;
	return true;
}

static void report_no_field(struct trace_parser *p, struct abi_text name,
			    const struct rmm_abi_type *type)
{
	struct abi_near near;

	abi_near_begin(&near, name.s);
	for (size_t i = 0; i < type->num_fields; i++)
		if ((type->fields[i].versions >> p->version & 1) != 0)
			abi_near_try(&near, type->fields[i].name);
	abi_error(p->diag, name.loc, "%s has no field '%s' in %s", type->name, name.s,
		  rmm_abi_versions[p->version].name);
	if (near.best != NULL)
		abi_remedy(p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(p->diag, "'rmmsim explain %s' lists its fields", type->name);
}

/* Descriptors hold addresses shifted; a trace writes them as they are. */
static bool holds_address(const struct rmm_abi_type *type, const struct rmm_abi_field *field)
{
	return strncmp(type->name, "RmiAddrRangeDesc", strlen("RmiAddrRangeDesc")) == 0 &&
	       strcmp(field->name, "addr") == 0;
}

static uint32_t element_bits(const struct rmm_abi_field *field)
{
	if (field->type != NULL && field->type->kind == RMM_ABI_STRUCT)
		return field->type->size * 8;
	return field->width;
}

static struct trace_place element_place(struct trace_parser *p, const struct trace_place *outer,
					const struct rmm_abi_field *field, uint32_t index)
{
	const char *prefix = outer->path;
	const char *dot = prefix[0] != '\0' ? "." : "";
	bool is_struct = outer->type->kind == RMM_ABI_STRUCT;
	struct trace_place place = {
		.type = field->type,
		.bit = outer->bit +
		       (is_struct ? field->offset * 8 + index * element_bits(field) : field->lsb),
		.width = field->width,
		.is_signed = field->is_signed,
	};

	if (field->count > 1)
		place.path =
			abi_arena_printf(p->arena, "%s%s%s[%u]", prefix, dot, field->name, index);
	else
		place.path = abi_arena_printf(p->arena, "%s%s%s", prefix, dot, field->name);
	return place;
}

/* Quoted text in an array of bytes; the rest of the array is zero. */
static bool parse_bytes(struct trace_parser *p, const struct yaml_node *node,
			const struct trace_place *outer, const struct rmm_abi_field *field,
			struct trace_terms *terms)
{
	size_t len = strlen(node->text.s);

	if (len > field->count) {
		abi_error(p->diag, node->loc, "the text has %zu bytes, '%s' has room for %u", len,
			  field->name, field->count);
		abi_remedy(p->diag, "shorten it");
		return false;
	}
	for (uint32_t i = 0; i < field->count; i++) {
		struct trace_place place = element_place(p, outer, field, i);
		struct trace_expr *expr = abi_arena_alloc(p->arena, 1, sizeof(*expr));

		expr->text = node->text;
		expr->constant = true;
		expr->value = i < len ? (unsigned char)node->text.s[i] : 0;
		*ABI_LIST_ADD(p->arena, &expr->tokens) =
			(struct trace_expr_token){.number = expr->value};
		*ABI_LIST_ADD(p->arena, &terms->terms) = (struct trace_term){
			.expr = expr,
			.bit = place.bit,
			.width = place.width,
			.path = place.path,
			.bytes = i == 0 ? node->text.s : "",
		};
	}
	return true;
}

static bool parse_array(struct trace_parser *p, const struct yaml_node *node,
			const struct trace_place *outer, const struct rmm_abi_field *field,
			struct trace_terms *terms)
{
	bool ok = true;

	if (node->kind == YAML_KIND_SCALAR && !node->plain && field->width == 8)
		return parse_bytes(p, node, outer, field, terms);
	if (node->kind != YAML_KIND_SEQUENCE) {
		abi_error(p->diag, node->loc, "'%s' is an array of %u", field->name, field->count);
		abi_remedy(p->diag, field->width == 8 ? "write a list or a text in quotes"
						      : "write a list: [first, second]");
		return false;
	}
	if (node->items.n > field->count) {
		abi_error(p->diag, node->loc, "'%s' has %u elements, the list has %zu", field->name,
			  field->count, node->items.n);
		abi_remedy(p->diag, "shorten the list");
		return false;
	}
	for (size_t i = 0; i < node->items.n; i++)
		ok &= trace_parse_value(p, node->items.v[i],
					element_place(p, outer, field, (uint32_t)i), terms);
	return ok;
}

static bool parse_field(struct trace_parser *p, const struct yaml_pair *pair,
			const struct trace_place *outer, struct trace_terms *terms)
{
	const struct rmm_abi_field *field =
		rmm_abi_field_find(outer->type, p->version, pair->key.s);

	if (field == NULL) {
		report_no_field(p, pair->key, outer->type);
		return false;
	}
	if (field->count > 1)
		return parse_array(p, pair->value, outer, field, terms);
	if (holds_address(outer->type, field) && pair->value->kind == YAML_KIND_SCALAR)
		return parse_scalar(p, pair->value, element_place(p, outer, field, 0), field->lsb,
				    terms);
	return trace_parse_value(p, pair->value, element_place(p, outer, field, 0), terms);
}

static bool parse_fields(struct trace_parser *p, const struct yaml_node *node,
			 const struct trace_place *place, struct trace_terms *terms)
{
	bool ok = true;

	for (size_t i = 0; i < node->pairs.n; i++) {
		node->pairs.v[i].asked = true;
		ok &= parse_field(p, &node->pairs.v[i], place, terms);
	}
	return ok;
}

/* An address set written as a mapping is one address range descriptor. */
static const struct rmm_abi_type *fields_type(const struct trace_place *place)
{
	if (place->type != NULL && strcmp(place->type->name, "RmiAddrSetDesc") == 0)
		return rmm_abi_type_find("RmiAddrRangeDesc");
	return place->type;
}

bool trace_parse_value(struct trace_parser *p, const struct yaml_node *node,
		       struct trace_place place, struct trace_terms *terms)
{
	bool is_struct = place.type != NULL && place.type->kind == RMM_ABI_STRUCT;

	if (node->kind == YAML_KIND_SCALAR && !is_struct)
		return parse_scalar(p, node, place, 0, terms);
	if (node->kind == YAML_KIND_MAPPING && place.type != NULL) {
		place.type = fields_type(&place);
		if (place.type != NULL && place.type->num_fields > 0)
			return parse_fields(p, node, &place, terms);
	}
	abi_error(p->diag, node->loc, "'%s' is %s here", place.path, yaml_kind_name(node->kind));
	abi_remedy(p->diag, is_struct ? "write a mapping of its fields" : "write a number");
	return false;
}
