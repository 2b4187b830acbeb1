/* SPDX-License-Identifier: BSD-3-Clause */
/* Types of expressions. */
#include <string.h>

#include "expr.h"
#include "expr_rules.h"
#include "near.h"

static bool is_error(const struct abi_type *type)
{
	return type->kind == ABI_TYPE_ERROR;
}

static const struct abi_type *error_type(const struct expr_scope *scope)
{
	return scope->abi->names->error_type;
}

/* ---- members, elements, slices -------------------------------------------- */

static const struct abi_type *field_value_type(struct abi *abi, const struct abi_field *f)
{
	return f->count > 1 ? abi_type_array(abi, f->type, f->count) : f->type;
}

static void report_no_field(struct expr_scope *scope, const struct abi_expr *e,
			    const struct abi_type *type)
{
	struct abi_near near;

	abi_error(scope->diag, e->loc, "'%s' has no field '%s'", abi_type_text(type), e->text);
	abi_near_begin_for(&near, scope->diag, e->text);
	for (size_t i = 0; i < type->fields.n; i++)
		if (type->fields.v[i].name.s != NULL)
			abi_near_try(&near, type->fields.v[i].name.s);
	if (near.best != NULL)
		abi_remedy(scope->diag, "did you mean '%s'?", near.best);
	else if (type->fields.n == 0)
		abi_remedy(scope->diag, "only bit fields and structures have fields");
	else
		abi_remedy(scope->diag, "add the field to '%s', or correct the name",
			   abi_type_text(type));
}

/* The fields of that name, one a version: all are of one type. */
static const struct abi_type *find_field(struct expr_scope *scope, struct abi_expr *e,
					 const struct abi_type *object)
{
	const struct abi_type *type = NULL;
	abi_versions found = 0;
	bool any = false;

	for (size_t i = 0; i < object->fields.n; i++) {
		const struct abi_field *f = &object->fields.v[i];
		const struct abi_type *this_type;

		if (f->name.s == NULL || strcmp(f->name.s, e->text) != 0)
			continue;
		any = true;
		if ((f->versions & scope->versions) == 0)
			continue;
		this_type = field_value_type(scope->abi, f);
		if (type != NULL && !expr_types_compare(type, this_type, false))
			return expr_report_change(scope, e->loc, e->text);
		if (type == NULL) {
			type = this_type;
			e->ref.field = f;
		}
		found |= f->versions;
	}
	if (!any) {
		report_no_field(scope, e, object);
		return error_type(scope);
	}
	if (!check_reference_versions(scope->abi, scope->diag, e->loc, e->text, found,
				      scope->versions))
		return error_type(scope);
	return type;
}

static const struct abi_type *check_member(struct expr_scope *scope, struct abi_expr *e)
{
	const struct abi_type *object = expr_check(scope, e->args[0]);

	if (is_error(object))
		return object;
	return find_field(scope, e, object);
}

static const struct abi_type *check_index(struct expr_scope *scope, struct abi_expr *e)
{
	const struct abi_type *array = expr_check(scope, e->args[0]);
	const struct abi_type *index = expr_check(scope, e->args[1]);
	uint64_t number;

	if (is_error(array) || is_error(index))
		return error_type(scope);
	if (array->kind != ABI_TYPE_ARRAY)
		return expr_report(scope, e->loc, "only arrays have elements",
				   "correct what stands before '['");
	if (!expr_is_integer(index))
		return expr_report(scope, e->args[1]->loc, "an index must be an integer",
				   "use Int, or UInt() of an Address or BitsN");
	if (expr_constant(e->args[1], &number) && number >= array->count)
		return expr_report(scope, e->args[1]->loc,
				   "the index is behind the end of the array",
				   "indices begin at 0");
	return array->element;
}

static const struct abi_type *check_slice(struct expr_scope *scope, struct abi_expr *e)
{
	const struct abi_type *array = expr_check(scope, e->args[0]);
	const struct abi_type *from = expr_check(scope, e->args[1]);
	const struct abi_type *to = expr_check(scope, e->args[2]);
	uint64_t first;
	uint64_t last;

	if (is_error(array) || is_error(from) || is_error(to))
		return error_type(scope);
	if (array->kind != ABI_TYPE_ARRAY)
		return expr_report(scope, e->loc, "only arrays have slices",
				   "correct what stands before '['");
	if (!expr_constant(e->args[1], &first) || !expr_constant(e->args[2], &last))
		return expr_report(scope, e->loc, "the bounds of a slice must be numbers",
				   "write numbers, or declare a function for the comparison");
	if (first > last || last >= array->count)
		return expr_report(scope, e->loc, "the slice is not within the array",
				   "both bounds are included and begin at 0");
	return abi_type_array(scope->abi, array->element, last - first + 1);
}

/* ---- operators ------------------------------------------------------------ */

static const struct abi_type *report_operand(struct expr_scope *scope, const struct abi_expr *e,
					     const struct abi_expr *operand, const char *wanted)
{
	const struct abi_type *type = operand->type;
	bool is_word = type->kind == ABI_TYPE_ADDRESS || type->kind == ABI_TYPE_BITS;

	abi_error(scope->diag, operand->loc, "'%s' works on %s, not on %s", expr_op_text(e->op),
		  wanted, abi_type_text(type));
	if (is_word)
		abi_remedy(scope->diag, "UInt(...) makes it an Int");
	else
		abi_remedy(scope->diag, "compare the value, or correct the operator");
	return error_type(scope);
}

static const struct abi_type *check_unary(struct expr_scope *scope, struct abi_expr *e)
{
	const struct abi_type *operand = expr_check(scope, e->args[0]);

	if (is_error(operand))
		return operand;
	if (e->op == ABI_OP_NOT && operand->kind != ABI_TYPE_BOOL)
		return report_operand(scope, e, e->args[0], "Bool");
	if (e->op == ABI_OP_NEG && !expr_is_integer(operand))
		return report_operand(scope, e, e->args[0], "Int");
	return abi_type_builtin(scope->abi, e->op == ABI_OP_NOT ? ABI_TYPE_BOOL : ABI_TYPE_INT, 0);
}

static const struct abi_type *check_logic(struct expr_scope *scope, const struct abi_expr *e)
{
	for (size_t i = 0; i < 2; i++)
		if (e->args[i]->type->kind != ABI_TYPE_BOOL)
			return report_operand(scope, e, e->args[i], "Bool");
	return e->args[0]->type;
}

static const struct abi_type *check_arithmetic(struct expr_scope *scope, const struct abi_expr *e)
{
	for (size_t i = 0; i < 2; i++)
		if (!expr_is_integer(e->args[i]->type))
			return report_operand(scope, e, e->args[i], "Int");
	return abi_type_builtin(scope->abi, ABI_TYPE_INT, 0);
}

static const struct abi_type *check_equality(struct expr_scope *scope, const struct abi_expr *e)
{
	const struct abi_type *a = e->args[0]->type;
	const struct abi_type *b = e->args[1]->type;

	if (expr_types_compare(a, b, true))
		return abi_type_builtin(scope->abi, ABI_TYPE_BOOL, 0);
	abi_error(scope->diag, e->loc, "'%s' compares %s with %s", expr_op_text(e->op),
		  abi_type_text(a), abi_type_text(b));
	if (a->kind == ABI_TYPE_ENUM && b->kind == ABI_TYPE_ENUM && a->abstract != b->abstract)
		abi_remedy(scope->diag,
			   "use Equal(a, b) for an abstract label and its concrete one");
	else
		abi_remedy(scope->diag, "both sides must be of one type; UInt(...) makes an Int of "
					"an Address or BitsN");
	return error_type(scope);
}

static const struct abi_type *check_relation(struct expr_scope *scope, const struct abi_expr *e)
{
	const struct abi_type *a = e->args[0]->type;
	const struct abi_type *b = e->args[1]->type;

	if ((expr_is_integer(a) && expr_is_integer(b)) ||
	    (a->kind == ABI_TYPE_ADDRESS && b->kind == ABI_TYPE_ADDRESS))
		return abi_type_builtin(scope->abi, ABI_TYPE_BOOL, 0);
	abi_error(scope->diag, e->loc, "'%s' compares %s with %s", expr_op_text(e->op),
		  abi_type_text(a), abi_type_text(b));
	abi_remedy(scope->diag,
		   "both sides must be Int, or both Address; UInt(...) makes an Int of "
		   "an Address or BitsN");
	return error_type(scope);
}

static const struct abi_type *check_binary(struct expr_scope *scope, struct abi_expr *e)
{
	const struct abi_type *a = expr_check(scope, e->args[0]);
	const struct abi_type *b = expr_check(scope, e->args[1]);

	if (is_error(a) || is_error(b))
		return error_type(scope);
	switch (e->op) {
	case ABI_OP_OR:
	case ABI_OP_AND:
		return check_logic(scope, e);
	case ABI_OP_EQ:
	case ABI_OP_NE:
		return check_equality(scope, e);
	case ABI_OP_LT:
	case ABI_OP_LE:
	case ABI_OP_GT:
	case ABI_OP_GE:
		return check_relation(scope, e);
	default:
		return check_arithmetic(scope, e);
	}
}

/* ---- the whole ------------------------------------------------------------ */

static const struct abi_type *check_node(struct expr_scope *scope, struct abi_expr *e)
{
	switch (e->kind) {
	case ABI_EXPR_INT:
		return abi_type_builtin(scope->abi, ABI_TYPE_INT, 0);
	case ABI_EXPR_NAME:
		return expr_resolve_name(scope, e);
	case ABI_EXPR_CALL:
		return expr_resolve_call(scope, e);
	case ABI_EXPR_MEMBER:
		return check_member(scope, e);
	case ABI_EXPR_INDEX:
		return check_index(scope, e);
	case ABI_EXPR_SLICE:
		return check_slice(scope, e);
	case ABI_EXPR_UNARY:
		return check_unary(scope, e);
	case ABI_EXPR_BINARY:
		return check_binary(scope, e);
	}
	return error_type(scope);
}

const struct abi_type *expr_check(struct expr_scope *scope, struct abi_expr *e)
{
	e->type = check_node(scope, e);
	return e->type;
}
