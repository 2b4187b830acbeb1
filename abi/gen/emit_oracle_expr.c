/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Expressions of conditions as expressions of C, one version at a time. What
 * has no value leaves a mark in the environment (oracle/env.h) and yields zero,
 * so that the text needs no error paths.
 */
#include <inttypes.h>
#include <string.h>

#include "arena.h"
#include "emit_oracle.h"
#include "ident.h"
#include "labels.h"

struct scope {
	const struct abi *abi;
	size_t form;
	size_t version;
};

static const char *text_of(const struct scope *s, const struct abi_expr *e);

static bool is_wide(const struct abi_type *type)
{
	return type->kind == ABI_TYPE_BITS && type->width > 64;
}

static bool is_integer(const struct abi_type *type)
{
	return type->kind == ABI_TYPE_INT || type->kind == ABI_TYPE_UINT ||
	       type->kind == ABI_TYPE_SINT;
}

static const char *cast_to(const struct scope *s, const struct abi_type *type,
			   const struct abi_expr *e)
{
	const char *text = text_of(s, e);

	if (type->kind == ABI_TYPE_INT)
		return abi_arena_printf(s->abi->arena, "(oracle_int)(%s)", text);
	if (type->kind == ABI_TYPE_STRUCT || type->kind == ABI_TYPE_ARRAY ||
	    type->kind == ABI_TYPE_BOOL || is_wide(type))
		return text;
	if (type->kind == ABI_TYPE_SINT)
		return abi_arena_printf(s->abi->arena, "(int64_t)(%s)", text);
	return abi_arena_printf(s->abi->arena, "(uint64_t)(%s)", text);
}

static const char *as_int(const struct scope *s, const struct abi_expr *e)
{
	return abi_arena_printf(s->abi->arena, "(oracle_int)(%s)", text_of(s, e));
}

/* ---- names ------------------------------------------------------------------ */

static const char *constant_text(const struct scope *s, const struct abi_expr *e)
{
	uint64_t value = e->ref.constant->value;

	for (size_t i = 0; i < s->abi->constants.n; i++) {
		const struct abi_constant *c = &s->abi->constants.v[i];

		if (strcmp(c->name.s, e->text) == 0 && in_version(c->versions, s->version))
			value = c->value;
	}
	return abi_arena_printf(s->abi->arena, "UINT64_C(%llu)", (unsigned long long)value);
}

static const char *label_text(const struct scope *s, const struct abi_expr *e)
{
	uint64_t value = e->ref.value->value;

	if (e->type->abstract)
		return abi_arena_printf(s->abi->arena, "(uint64_t)ORACLE_%s", e->text);
	label_value(s->abi, s->version, e->text, &value);
	return abi_arena_printf(s->abi->arena, "UINT64_C(%llu)", (unsigned long long)value);
}

static const char *param_text(const struct scope *s, const struct abi_expr *e, const char *how)
{
	const struct abi_param *p = e->ref.param;
	const char *text = abi_arena_printf(s->abi->arena, "%s(env, %uU, %uU, %uU)", how, p->reg,
					    p->lsb, p->width);

	if (p->type->kind == ABI_TYPE_SINT)
		return abi_arena_printf(s->abi->arena, "oracle_signed(%s, %uU)", text,
					p->type->width);
	return text;
}

static const char *name_text(const struct scope *s, const struct abi_expr *e)
{
	switch (e->name_kind) {
	case ABI_NAME_CONTEXT:
		return abi_arena_printf(s->abi->arena, "ctx_%zu_%s(env)", s->form,
					ident_lower(e->text).s);
	case ABI_NAME_INPUT:
		return param_text(s, e, "oracle_in");
	case ABI_NAME_OUTPUT:
		return param_text(s, e, "oracle_out");
	case ABI_NAME_CONSTANT:
		return constant_text(s, e);
	default:
		return label_text(s, e);
	}
}

/* ---- members, elements ------------------------------------------------------- */

static const struct abi_field *field_of(const struct scope *s, const struct abi_expr *e)
{
	const struct abi_type *type = e->args[0]->type;

	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];

		if (f->name.s && strcmp(f->name.s, e->text) == 0 &&
		    in_version(f->versions, s->version))
			return f;
	}
	return e->ref.field;
}

static const char *image_element(const struct scope *s, const struct abi_expr *array,
				 const struct abi_field *f, const char *index)
{
	const char *image = text_of(s, array->args[0]);
	const char *text;

	if (f->type->kind == ABI_TYPE_STRUCT)
		return abi_arena_printf(s->abi->arena, "(%s + %lluU)", image,
					(unsigned long long)f->offset);
	text = abi_arena_printf(s->abi->arena, "oracle_load(%s + %lluU + (%s) * %lluU, %lluU)",
				image, (unsigned long long)f->offset, index,
				(unsigned long long)field_element_bytes(f),
				(unsigned long long)field_element_bytes(f));
	if (field_is_signed(f))
		return abi_arena_printf(s->abi->arena, "oracle_signed(%s, %uU)", text, f->width);
	return text;
}

static const char *bits_text(const struct scope *s, const struct abi_expr *e,
			     const struct abi_field *f)
{
	const char *text = abi_arena_printf(s->abi->arena, "oracle_bits(%s, %uU, %uU)",
					    text_of(s, e->args[0]), f->lsb, f->width);

	if (field_is_signed(f))
		return abi_arena_printf(s->abi->arena, "oracle_signed(%s, %uU)", text, f->width);
	return text;
}

static const char *member_text(const struct scope *s, const struct abi_expr *e)
{
	const struct abi_field *f = field_of(s, e);
	const struct abi_type *object = e->args[0]->type;
	const char *text;

	if (object->kind == ABI_TYPE_BITFIELD)
		return bits_text(s, e, f);
	if (object->kind != ABI_TYPE_STRUCT)
		return "oracle_unknown(env)";
	if (!object->abstract && (f->count > 1 || e->type->kind == ABI_TYPE_ARRAY))
		return abi_arena_printf(s->abi->arena, "oracle_words(%s + %lluU)",
					text_of(s, e->args[0]), (unsigned long long)f->offset);
	if (!object->abstract)
		return image_element(s, e, f, "0U");
	text = abi_arena_printf(s->abi->arena, "(%s)->%s", text_of(s, e->args[0]),
				ident_local(f->name.s).s);
	if (e->type->kind == ABI_TYPE_STRUCT && e->type->abstract)
		return abi_arena_printf(s->abi->arena, "&%s", text);
	return text;
}

/* Element `index` of the array expression. */
static const char *element_text(const struct scope *s, const struct abi_expr *array,
				const char *index)
{
	const bool member = array->kind == ABI_EXPR_MEMBER;
	const bool image = member && array->args[0]->type->kind == ABI_TYPE_STRUCT &&
			   !array->args[0]->type->abstract;

	if (image)
		return image_element(s, array, field_of(s, array), index);
	return abi_arena_printf(s->abi->arena, "(%s)[%s]", text_of(s, array), index);
}

static const char *index_text(const struct scope *s, const struct abi_expr *e)
{
	const char *index = abi_arena_printf(s->abi->arena, "oracle_index(env, %s, %lluU)",
					     as_int(s, e->args[1]),
					     (unsigned long long)e->args[0]->type->count);
	const char *text = element_text(s, e->args[0], index);

	if (e->type->kind == ABI_TYPE_STRUCT && e->type->abstract)
		return abi_arena_printf(s->abi->arena, "&%s", text);
	return text;
}

/* ---- calls --------------------------------------------------------------------- */

static const char *equal_text(const struct scope *s, const struct abi_expr *e)
{
	const bool first = e->args[0]->type->abstract;
	const struct abi_expr *abstract = e->args[first ? 0 : 1];
	const struct abi_expr *concrete = e->args[first ? 1 : 0];

	if (abstract->type->kind != ABI_TYPE_ENUM || concrete->type->kind != ABI_TYPE_ENUM)
		return "oracle_unknown(env)";
	return abi_arena_printf(s->abi->arena, "equal_%s_%s(env, %s, %s)", abstract->type->name.s,
				concrete->type->name.s, text_of(s, abstract), text_of(s, concrete));
}

static const char *call_text(const struct scope *s, const struct abi_expr *e)
{
	const struct abi_function *f = e->ref.function;
	const char *text;

	if (strcmp(e->text, "UInt") == 0)
		return as_int(s, e->args[0]);
	if (strcmp(e->text, "Equal") == 0)
		return equal_text(s, e);
	text = abi_arena_printf(s->abi->arena, "%s(env", oracle_function_name(s->abi, f));
	for (size_t i = 0; i < e->num_args; i++)
		text = abi_arena_printf(s->abi->arena, "%s, %s", text,
					cast_to(s, f->params.v[i].type, e->args[i]));
	return abi_arena_printf(s->abi->arena, "%s)", text);
}

/* ---- operators ------------------------------------------------------------------ */

static const char *op_text(enum abi_op op)
{
	switch (op) {
	case ABI_OP_OR:
		return "||";
	case ABI_OP_AND:
		return "&&";
	case ABI_OP_EQ:
		return "==";
	case ABI_OP_NE:
		return "!=";
	case ABI_OP_LT:
		return "<";
	case ABI_OP_LE:
		return "<=";
	case ABI_OP_GT:
		return ">";
	case ABI_OP_GE:
		return ">=";
	case ABI_OP_ADD:
		return "+";
	case ABI_OP_SUB:
		return "-";
	default:
		return "*";
	}
}

static const char *wide_equality(const struct scope *s, const struct abi_expr *a,
				 const struct abi_type *other, const char *left, const char *right)
{
	if (is_wide(a->type) && is_wide(other))
		return abi_arena_printf(s->abi->arena, "oracle_wide_equal(%s, %s)", left, right);
	if (is_wide(a->type))
		return abi_arena_printf(s->abi->arena, "oracle_wide_is(%s, (uint64_t)(%s))", left,
					right);
	return abi_arena_printf(s->abi->arena, "((oracle_int)(%s) == (oracle_int)(%s))", left,
				right);
}

/* Slices are equal element by element; a scalar stands for each of them. */
static const char *slice_equality(const struct scope *s, const struct abi_expr *a,
				  const struct abi_expr *b)
{
	const uint64_t from = a->args[1]->number;
	const uint64_t count = a->type->count;
	const bool both = b->kind == ABI_EXPR_SLICE;
	const struct abi_expr element = {.type = a->type->element};
	const char *text = "";

	for (uint64_t i = 0; i < count; i++) {
		const char *left = element_text(
			s, a->args[0], abi_arena_printf(s->abi->arena, "%" PRIu64 "U", from + i));
		const char *right =
			both ? element_text(s, b->args[0],
					    abi_arena_printf(s->abi->arena, "%" PRIu64 "U",
							     b->args[1]->number + i))
			     : text_of(s, b);

		text = abi_arena_printf(
			s->abi->arena, "%s%s%s", text, i ? " &&\n\t\t" : "",
			wide_equality(s, &element, both ? b->type->element : b->type, left, right));
	}
	return abi_arena_printf(s->abi->arena, "(%s)", text);
}

static const char *equality_text(const struct scope *s, const struct abi_expr *e)
{
	const struct abi_expr *a = e->args[0];
	const struct abi_expr *b = e->args[1];
	const char *text;

	if (a->kind == ABI_EXPR_SLICE)
		text = slice_equality(s, a, b);
	else if (b->kind == ABI_EXPR_SLICE)
		text = slice_equality(s, b, a);
	else if (is_wide(a->type) || is_wide(b->type))
		text = is_wide(a->type)
			       ? wide_equality(s, a, b->type, text_of(s, a), text_of(s, b))
			       : wide_equality(s, b, a->type, text_of(s, b), text_of(s, a));
	else if (is_integer(a->type) || is_integer(b->type))
		text = wide_equality(s, a, b->type, text_of(s, a), text_of(s, b));
	else
		text = abi_arena_printf(s->abi->arena, "((%s) == (%s))", text_of(s, a),
					text_of(s, b));
	return e->op == ABI_OP_NE ? abi_arena_printf(s->abi->arena, "!%s", text) : text;
}

static const char *binary_text(const struct scope *s, const struct abi_expr *e)
{
	switch (e->op) {
	case ABI_OP_EQ:
	case ABI_OP_NE:
		return equality_text(s, e);
	case ABI_OP_POW:
		return abi_arena_printf(s->abi->arena, "oracle_power(%s, %s)",
					as_int(s, e->args[0]), as_int(s, e->args[1]));
	case ABI_OP_OR:
	case ABI_OP_AND:
		return abi_arena_printf(s->abi->arena, "((%s) %s (%s))", text_of(s, e->args[0]),
					op_text(e->op), text_of(s, e->args[1]));
	default:
		return abi_arena_printf(s->abi->arena, "(%s %s %s)", as_int(s, e->args[0]),
					op_text(e->op), as_int(s, e->args[1]));
	}
}

static const char *text_of(const struct scope *s, const struct abi_expr *e)
{
	switch (e->kind) {
	case ABI_EXPR_INT:
		return abi_arena_printf(s->abi->arena, "UINT64_C(%llu)",
					(unsigned long long)e->number);
	case ABI_EXPR_NAME:
		return name_text(s, e);
	case ABI_EXPR_CALL:
		return call_text(s, e);
	case ABI_EXPR_MEMBER:
		return member_text(s, e);
	case ABI_EXPR_INDEX:
		return index_text(s, e);
	case ABI_EXPR_UNARY:
		if (e->op == ABI_OP_NOT)
			return abi_arena_printf(s->abi->arena, "!(%s)", text_of(s, e->args[0]));
		return abi_arena_printf(s->abi->arena, "(-%s)", as_int(s, e->args[0]));
	case ABI_EXPR_BINARY:
		return binary_text(s, e);
	default:
		return "oracle_unknown(env)";
	}
}

const char *oracle_expr(const struct abi *abi, size_t form, const struct abi_expr *expr,
			size_t version)
{
	const struct scope s = {abi, form, version};

	return text_of(&s, expr);
}
