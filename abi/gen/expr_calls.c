/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls: which overload is meant, in each version of the scope. */
#include <string.h>

#include "expr_rules.h"
#include "near.h"

/* How well an argument fits a parameter; the sum over all decides. */
enum fit { FIT_EXACT = 0, FIT_INTEGER = 1, FIT_LITERAL = 2, FIT_ANY = 8, FIT_NOT = 1000 };

static enum fit argument_fit(const struct abi_type *wanted, const struct abi_expr *arg)
{
	const struct abi_type *type = arg->type;
	uint64_t value;

	if (wanted == type || type->kind == ABI_TYPE_ERROR || wanted->kind == ABI_TYPE_ERROR)
		return FIT_EXACT;
	if (wanted->kind == ABI_TYPE_ANY)
		return FIT_ANY;
	if (expr_is_integer(wanted) && expr_is_integer(type))
		return FIT_INTEGER;
	if ((wanted->kind == ABI_TYPE_ADDRESS || wanted->kind == ABI_TYPE_BITS) &&
	    type->kind == ABI_TYPE_INT && expr_constant(arg, &value))
		return FIT_LITERAL;
	return FIT_NOT;
}

/* A parameter whose type is unknown was reported where it is declared. */
static bool is_broken(const struct abi_function *f)
{
	for (size_t i = 0; i < f->params.n; i++)
		if (f->params.v[i].type->kind == ABI_TYPE_ERROR)
			return true;
	return false;
}

static int call_fit(const struct abi_function *f, const struct abi_expr *e)
{
	int sum = 0;

	if (f->params.n != e->num_args)
		return FIT_NOT;
	for (size_t i = 0; i < e->num_args; i++)
		sum += (int)argument_fit(f->params.v[i].type, e->args[i]);
	return sum < FIT_NOT ? sum : FIT_NOT;
}

/* The best overload of one version. */
struct choice {
	const struct abi_function *best;
	const struct abi_function *rival; /* fits as well */
	bool any;                         /* some function of that name exists */
	bool broken;                      /* one of them has an error of its own */
};

static struct choice choose(const struct expr_scope *scope, const struct abi_expr *e,
			    abi_versions version)
{
	const struct name_entry *entry = name_map_entries(scope->abi->names->functions, e->text);
	struct choice choice = {.best = NULL};
	int best_fit = FIT_NOT;

	for (; entry != NULL; entry = entry->next) {
		const struct abi_function *f = entry->thing;
		int fit;

		if ((f->versions & version) == 0)
			continue;
		choice.any = true;
		choice.broken = choice.broken || is_broken(f);
		fit = call_fit(f, e);
		if (fit > best_fit || fit == FIT_NOT)
			continue;
		choice.rival = fit == best_fit ? choice.best : NULL;
		choice.best = f;
		best_fit = fit;
	}
	return choice;
}

static const char *argument_types(const struct expr_scope *scope, const struct abi_expr *e)
{
	const char *text = "";

	for (size_t i = 0; i < e->num_args; i++)
		text = abi_arena_printf(scope->abi->arena, "%s%s%s", text, i == 0 ? "" : ", ",
					abi_type_text(e->args[i]->type));
	return text;
}

static const char *declaration(const struct expr_scope *scope, const struct abi_function *f)
{
	const char *text = "";

	for (size_t i = 0; i < f->params.n; i++)
		text = abi_arena_printf(scope->abi->arena, "%s%s%s", text, i == 0 ? "" : ", ",
					abi_type_text(f->params.v[i].type));
	return abi_arena_printf(scope->abi->arena, "%s(%s)", f->name.s, text);
}

/* Up to three declarations that the call could have meant. */
static const char *declarations(const struct expr_scope *scope, const char *name)
{
	const struct name_entry *entry = name_map_entries(scope->abi->names->functions, name);
	const char *text = "";

	for (int i = 0; entry != NULL && i < 3; entry = entry->next, i++)
		text = abi_arena_printf(scope->abi->arena, "%s%s%s", text, i == 0 ? "" : ", ",
					declaration(scope, entry->thing));
	return text;
}

static const struct abi_type *report_unknown(struct expr_scope *scope, const struct abi_expr *e)
{
	struct abi_near near;

	abi_error(scope->diag, e->loc, "unknown function '%s'", e->text);
	abi_near_begin_for(&near, scope->diag, e->text);
	abi_near_try(&near, "UInt");
	for (size_t i = 0; i < scope->abi->functions.n; i++)
		abi_near_try(&near, scope->abi->functions.v[i].name.s);
	if (near.best != NULL)
		abi_remedy(scope->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(scope->diag, "declare it in 'functions'");
	return scope->abi->names->error_type;
}

static const struct abi_type *report_choice(struct expr_scope *scope, const struct abi_expr *e,
					    struct choice choice)
{
	if (choice.broken)
		return scope->abi->names->error_type;
	if (choice.rival != NULL) {
		abi_error(scope->diag, e->loc, "the call of '%s' is ambiguous", e->text);
		abi_remedy(scope->diag, "it fits %s and %s: make an argument's type plain",
			   declaration(scope, choice.best), declaration(scope, choice.rival));
	} else {
		abi_error(scope->diag, e->loc, "no '%s' takes (%s)", e->text,
			  argument_types(scope, e));
		abi_remedy(scope->diag, "declared: %s", declarations(scope, e->text));
	}
	return scope->abi->names->error_type;
}

/* Each version of the scope has exactly one best overload; their results agree. */
static const struct abi_type *choose_everywhere(struct expr_scope *scope, struct abi_expr *e)
{
	const struct abi_type *result = NULL;
	abi_versions found = 0;

	for (unsigned int v = 0; v < scope->abi->versions.n; v++) {
		abi_versions version = 1u << v;
		struct choice choice;

		if ((scope->versions & version) == 0)
			continue;
		choice = choose(scope, e, version);
		if (!choice.any)
			continue;
		if (choice.best == NULL || choice.rival != NULL)
			return report_choice(scope, e, choice);
		if (result == NULL)
			e->ref.function = choice.best;
		else if (result != choice.best->result)
			return expr_report_change(scope, e->loc, e->text);
		result = choice.best->result;
		found |= version;
	}
	return check_reference_versions(scope->abi, scope->diag, e->loc, e->text, found,
					scope->versions)
		       ? result
		       : scope->abi->names->error_type;
}

/*
 * UInt(x): the number that an Address or BitsN holds. It needs no declaration,
 * and a description may have one for its reference manual.
 */
static const struct abi_type *resolve_uint(struct expr_scope *scope, struct abi_expr *e)
{
	const struct abi_type *type = e->num_args == 1 ? e->args[0]->type : NULL;

	if (type == NULL)
		return expr_report(scope, e->loc, "UInt takes one argument", "write UInt(x)");
	if (type->kind != ABI_TYPE_ADDRESS && type->kind != ABI_TYPE_BITS &&
	    type->kind != ABI_TYPE_ERROR && !expr_is_integer(type))
		return expr_report(scope, e->args[0]->loc, "UInt takes an Address or BitsN",
				   "remove UInt, or correct its argument");
	e->ref.function = choose(scope, e, scope->versions).best;
	return abi_type_builtin(scope->abi, ABI_TYPE_INT, 0);
}

const struct abi_type *expr_resolve_call(struct expr_scope *scope, struct abi_expr *e)
{
	bool bad = false;

	for (size_t i = 0; i < e->num_args; i++)
		bad = expr_check(scope, e->args[i])->kind == ABI_TYPE_ERROR || bad;
	if (strcmp(e->text, "UInt") == 0)
		return resolve_uint(scope, e);
	if (name_map_entries(scope->abi->names->functions, e->text) == NULL)
		return report_unknown(scope, e);
	/* A bad argument hides which overload was meant: no complaint about that. */
	if (bad) {
		struct choice choice = choose(scope, e, scope->versions);

		return choice.best != NULL && choice.rival == NULL ? choice.best->result
								   : scope->abi->names->error_type;
	}
	return choose_everywhere(scope, e);
}
