/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers of a trace: literals with sizes (4K, 1G), names and + - * | << ( ).
 * Values are exact; one that does not fit where it is used is an error.
 */
#ifndef RMM_TRACES_EXPR_H
#define RMM_TRACES_EXPR_H

#include "arena.h"
#include "diag.h"
#include "name_map.h"
#include "rmmsim/abi/introspect.h"

/* Wide enough for every 64-bit number, signed or not. */
__extension__ typedef __int128 trace_wide;

enum trace_expr_op {
	TRACE_EXPR_NUMBER,
	TRACE_EXPR_SLOT, /* a name that a step gives a value */
	TRACE_EXPR_NEG,
	TRACE_EXPR_ADD,
	TRACE_EXPR_SUB,
	TRACE_EXPR_MUL,
	TRACE_EXPR_OR,
	TRACE_EXPR_SHL,
};

/* Reverse Polish, at most TRACE_EXPR_DEPTH numbers deep. */
struct trace_expr_token {
	enum trace_expr_op op;
	size_t slot;
	trace_wide number;
};

#define TRACE_EXPR_DEPTH 24

struct trace_expr {
	ABI_LIST(struct trace_expr_token) tokens;
	struct abi_text text;
	bool constant;
	trace_wide value; /* of a constant */
};

/* A name of the trace: a number, or a slot that gets one while playing. */
struct trace_name {
	const char *name;
	bool constant;
	trace_wide value;
	size_t slot;
	struct abi_loc loc;
};

/* Names in force; inner scopes go first. */
struct trace_scope {
	const struct trace_scope *outer;
	struct name_map *names;
	ABI_LIST(const char *) order;
	struct abi_arena *arena;
	size_t num_slots; /* of the innermost scope */
};

void trace_scope_init(struct trace_scope *scope, const struct trace_scope *outer,
		      struct abi_arena *arena);
const struct trace_name *trace_scope_find(const struct trace_scope *scope, const char *name);

/* Adds a name; an existing one of this very scope is replaced. */
struct trace_name *trace_scope_add(struct trace_scope *scope, struct abi_text name);

/* What an expression may refer to. */
struct trace_expr_context {
	struct abi_arena *arena;
	struct abi_diag *diag;
	const struct trace_scope *scope;
	enum rmm_version version;
};

/*
 * Reads an expression. `type` helps to find labels and may be NULL. Returns
 * NULL when it is malformed or names something unknown (reported).
 */
const struct trace_expr *trace_expr_parse(const struct trace_expr_context *context,
					  struct abi_text text, const struct rmm_abi_type *type);

/* Evaluates; false when the result leaves [-2^63, 2^64). */
bool trace_expr_eval(const struct trace_expr *expr, const uint64_t *slots, trace_wide *out);

/* Whether a value can stand in `width` bits. */
bool trace_wide_fits(trace_wide value, unsigned int width, bool is_signed);

#endif
