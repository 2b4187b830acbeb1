/* SPDX-License-Identifier: BSD-3-Clause */
/* Which functions and pairs of enumerations the conditions need. */
#include <string.h>

#include "arena.h"
#include "emit_oracle.h"

/* Visits an expression and the context values that it names. */
struct visit {
	const struct abi *abi;
	void (*call)(struct visit *visit, const struct abi_expr *expr);
	struct oracle_functions *functions;
	struct oracle_pairs *pairs;
};

static void visit_expr(struct visit *visit, const struct abi_expr *e)
{
	if (!e)
		return;
	if (e->kind == ABI_EXPR_NAME && e->name_kind == ABI_NAME_CONTEXT)
		visit_expr(visit, e->ref.context->value);
	if (e->kind == ABI_EXPR_CALL)
		visit->call(visit, e);
	for (size_t i = 0; i < e->num_args; i++)
		visit_expr(visit, e->args[i]);
}

static void visit_command(struct visit *visit, const struct abi_command *c)
{
	for (size_t i = 0; i < c->fail.n; i++) {
		visit_expr(visit, c->fail.v[i].when_expr);
		for (size_t k = 0; k < c->fail.v[i].data.n; k++)
			visit_expr(visit, c->fail.v[i].data.v[k].value);
	}
	for (size_t i = 0; i < c->ok.n; i++) {
		visit_expr(visit, c->ok.v[i].when_expr);
		visit_expr(visit, c->ok.v[i].then_expr);
	}
	for (size_t i = 0; i < c->context.n; i++)
		visit_expr(visit, c->context.v[i].value);
	for (size_t i = 0; i < c->footprint.n; i++) {
		const struct abi_expr *e = c->footprint.v[i].expr;

		for (size_t k = 0; e && k < e->num_args; k++)
			visit_expr(visit, e->args[k]);
	}
}

static void visit_all(struct visit *visit)
{
	for (size_t i = 0; i < visit->abi->commands.n; i++)
		if (oracle_judges(&visit->abi->commands.v[i]))
			visit_command(visit, &visit->abi->commands.v[i]);
}

static void add_function(struct visit *visit, const struct abi_expr *e)
{
	struct oracle_functions *list = visit->functions;
	const struct abi_function *f = e->ref.function;

	if (!f || strcmp(f->name.s, "Equal") == 0 || strcmp(f->name.s, "UInt") == 0)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == f)
			return;
	*ABI_LIST_ADD(visit->abi->arena, list) = f;
}

struct oracle_functions oracle_functions_collect(const struct abi *abi)
{
	struct oracle_functions list = {0};
	struct visit visit = {.abi = abi, .call = add_function, .functions = &list};

	visit_all(&visit);
	return list;
}

void oracle_functions_add(const struct abi *abi, struct oracle_functions *list,
			  const struct abi_expr *expr)
{
	struct visit visit = {.abi = abi, .call = add_function, .functions = list};

	visit_expr(&visit, expr);
}

static void add_pair(struct visit *visit, const struct abi_expr *e)
{
	struct oracle_pairs *pairs = visit->pairs;
	struct oracle_pair pair;

	if (strcmp(e->text, "Equal") != 0 || e->num_args != 2)
		return;
	pair.abstract = e->args[0]->type->abstract ? e->args[0]->type : e->args[1]->type;
	pair.concrete = e->args[0]->type->abstract ? e->args[1]->type : e->args[0]->type;
	if (pair.abstract->kind != ABI_TYPE_ENUM || pair.concrete->kind != ABI_TYPE_ENUM)
		return;
	for (size_t i = 0; i < pairs->n; i++)
		if (pairs->v[i].abstract == pair.abstract && pairs->v[i].concrete == pair.concrete)
			return;
	*ABI_LIST_ADD(visit->abi->arena, pairs) = pair;
}

struct oracle_pairs oracle_pairs_collect(const struct abi *abi)
{
	struct oracle_pairs list = {0};
	struct visit visit = {.abi = abi, .call = add_pair, .pairs = &list};

	visit_all(&visit);
	return list;
}
