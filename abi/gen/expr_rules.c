/* SPDX-License-Identifier: BSD-3-Clause */
#include "expr_rules.h"

bool expr_is_integer(const struct abi_type *type)
{
	return type->kind == ABI_TYPE_INT || type->kind == ABI_TYPE_UINT ||
	       type->kind == ABI_TYPE_SINT;
}

static bool is_word(const struct abi_type *type)
{
	return type->kind == ABI_TYPE_ADDRESS || (type->kind == ABI_TYPE_BITS && type->width == 64);
}

/* A number may be compared with a word of any kind. */
static bool int_fits(const struct abi_type *a, const struct abi_type *b)
{
	return expr_is_integer(a) && (b->kind == ABI_TYPE_ADDRESS || b->kind == ABI_TYPE_BITS);
}

bool expr_types_compare(const struct abi_type *a, const struct abi_type *b, bool loosely)
{
	if (a == b || a->kind == ABI_TYPE_ERROR || b->kind == ABI_TYPE_ERROR)
		return true;
	if (expr_is_integer(a) && expr_is_integer(b))
		return true;
	if (int_fits(a, b) || int_fits(b, a) || (is_word(a) && is_word(b)))
		return true;
	if (a->kind == ABI_TYPE_ARRAY && b->kind == ABI_TYPE_ARRAY)
		return a->count == b->count && expr_types_compare(a->element, b->element, false);
	if (loosely && a->kind == ABI_TYPE_ARRAY)
		return expr_types_compare(a->element, b, false);
	if (loosely && b->kind == ABI_TYPE_ARRAY)
		return expr_types_compare(b->element, a, false);
	return false;
}

static bool power(uint64_t base, uint64_t exponent, uint64_t *value)
{
	*value = 1;
	for (; exponent > 0; exponent--) {
		if (base <= 1) {
			*value = base;
			return true;
		}
		if (*value > UINT64_MAX / base)
			return false;
		*value *= base;
	}
	return true;
}

static bool constant_operation(enum abi_op op, uint64_t a, uint64_t b, uint64_t *value)
{
	switch (op) {
	case ABI_OP_ADD:
		*value = a + b;
		return *value >= a;
	case ABI_OP_SUB:
		*value = a - b;
		return a >= b;
	case ABI_OP_MUL:
		*value = a * b;
		return b == 0 || *value / b == a;
	case ABI_OP_POW:
		return power(a, b, value);
	default:
		return false;
	}
}

bool expr_constant(const struct abi_expr *e, uint64_t *value)
{
	uint64_t a;
	uint64_t b;

	if (e->kind == ABI_EXPR_INT) {
		*value = e->number;
		return true;
	}
	if (e->kind == ABI_EXPR_NAME && e->name_kind == ABI_NAME_CONSTANT) {
		*value = e->ref.constant->value;
		return true;
	}
	return e->kind == ABI_EXPR_BINARY && expr_constant(e->args[0], &a) &&
	       expr_constant(e->args[1], &b) && constant_operation(e->op, a, b, value);
}

const struct abi_type *expr_report(struct expr_scope *scope, struct abi_loc loc, const char *what,
				   const char *remedy)
{
	abi_error(scope->diag, loc, "%s", what);
	abi_remedy(scope->diag, "%s", remedy);
	return scope->abi->names->error_type;
}

const struct abi_type *expr_report_change(struct expr_scope *scope, struct abi_loc loc,
					  const char *name)
{
	abi_error(scope->diag, loc, "'%s' has different types in the versions of this item", name);
	abi_remedy(scope->diag, "split the item into one for each group of versions");
	return scope->abi->names->error_type;
}
