/* SPDX-License-Identifier: BSD-3-Clause */
/* Expressions: the typed language of conditions (abi/schema.md, section 4). */
#ifndef RMM_ABI_GEN_EXPR_H
#define RMM_ABI_GEN_EXPR_H

#include "abi.h"
#include "arena.h"
#include "diag.h"

/* The tree of an expression, or NULL when the text is none (reported). */
struct abi_expr *expr_parse(struct abi_text text, struct abi_arena *arena, struct abi_diag *diag);

/* What the names of an expression may refer to. */
struct expr_scope {
	struct abi *abi;
	struct abi_diag *diag;
	const struct abi_command *command;
	size_t num_context; /* how many context values are visible */
	abi_versions versions;
	struct abi_text text; /* the whole expression: where errors stand */
};

/*
 * Resolves names and overloads and sets the type of every node. Returns the
 * type of the whole: ABI_TYPE_ERROR after an error (reported).
 */
const struct abi_type *expr_check(struct expr_scope *scope, struct abi_expr *expr);

/* "==", "&&" ... */
const char *expr_op_text(enum abi_op op);

#endif
