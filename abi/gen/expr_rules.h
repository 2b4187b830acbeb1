/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of the expression checker share. */
#ifndef RMM_ABI_GEN_EXPR_RULES_H
#define RMM_ABI_GEN_EXPR_RULES_H

#include "check.h"
#include "expr.h"
#include "names.h"

/* Int, UIntN or IntN. */
bool expr_is_integer(const struct abi_type *type);

/*
 * Whether values of two types may be compared with == and !=. `loosely` also
 * lets an array be compared with one value of its elements.
 */
bool expr_types_compare(const struct abi_type *a, const struct abi_type *b, bool loosely);

/* The value of an expression of numbers and constants alone. */
bool expr_constant(const struct abi_expr *e, uint64_t *value);

/* Reports, and returns ABI_TYPE_ERROR. */
const struct abi_type *expr_report(struct expr_scope *scope, struct abi_loc loc, const char *what,
				   const char *remedy);

/* Reports a name that means different things in the versions of the scope. */
const struct abi_type *expr_report_change(struct expr_scope *scope, struct abi_loc loc,
					  const char *name);

/* expr_names.c, expr_calls.c: the type of a name or call, and what it refers to. */
const struct abi_type *expr_resolve_name(struct expr_scope *scope, struct abi_expr *e);
const struct abi_type *expr_resolve_call(struct expr_scope *scope, struct abi_expr *e);

#endif
