/* SPDX-License-Identifier: BSD-3-Clause */
/* What a name in an expression refers to: context, input, output, constant, label. */
#include <string.h>

#include "expr_rules.h"
#include "near.h"

static const struct abi_type *or_error(const struct expr_scope *scope, const struct abi_type *type)
{
	return type != NULL ? type : scope->abi->names->error_type;
}

static const struct abi_context *find_context(const struct expr_scope *scope, const char *name)
{
	for (size_t i = 0; i < scope->num_context; i++)
		if (strcmp(scope->command->context.v[i].name.s, name) == 0)
			return &scope->command->context.v[i];
	return NULL;
}

static const struct abi_param *find_param(const struct abi_param *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].name.s != NULL && strcmp(v[i].name.s, name) == 0)
			return &v[i];
	return NULL;
}

static bool find_local(struct expr_scope *scope, struct abi_expr *e, const struct abi_type **type)
{
	const struct abi_command *cmd = scope->command;
	const struct abi_context *context = find_context(scope, e->text);
	const struct abi_param *input = find_param(cmd->inputs.v, cmd->inputs.n, e->text);
	const struct abi_param *output = find_param(cmd->outputs.v, cmd->outputs.n, e->text);

	if (context != NULL) {
		e->name_kind = ABI_NAME_CONTEXT;
		e->ref.context = context;
		*type = or_error(scope, context->value != NULL ? context->value->type : NULL);
	} else if (input != NULL || output != NULL) {
		e->name_kind = input != NULL ? ABI_NAME_INPUT : ABI_NAME_OUTPUT;
		e->ref.param = input != NULL ? input : output;
		*type = or_error(scope, e->ref.param->type);
	} else {
		return false;
	}
	return true;
}

/* A constant may have several declarations, one a version. */
static bool find_constant(struct expr_scope *scope, struct abi_expr *e,
			  const struct abi_type **type)
{
	const struct name_entry *entry = name_map_entries(scope->abi->names->constants, e->text);
	abi_versions found = 0;

	if (entry == NULL)
		return false;
	*type = NULL;
	for (; entry != NULL; entry = entry->next) {
		const struct abi_constant *constant = entry->thing;

		if ((constant->versions & scope->versions) == 0)
			continue;
		if (*type == NULL)
			e->ref.constant = constant;
		else if (*type != constant->type)
			*type = expr_report_change(scope, e->loc, e->text);
		*type = *type == NULL ? constant->type : *type;
		found |= constant->versions;
	}
	if (!check_reference_versions(scope->abi, scope->diag, e->loc, e->text, found,
				      scope->versions))
		*type = NULL;
	else
		e->name_kind = ABI_NAME_CONSTANT;
	*type = or_error(scope, *type);
	return true;
}

static bool find_label(struct expr_scope *scope, struct abi_expr *e, const struct abi_type **type)
{
	const struct name_entry *entry = name_map_entries(scope->abi->names->labels, e->text);
	abi_versions found = 0;

	if (entry == NULL)
		return false;
	*type = NULL;
	for (; entry != NULL; entry = entry->next) {
		const struct abi_label *label = entry->thing;

		if ((label->value->versions & scope->versions) == 0)
			continue;
		if (*type == NULL)
			e->ref.value = label->value;
		else if (*type != label->type)
			*type = expr_report_change(scope, e->loc, e->text);
		*type = *type == NULL ? label->type : *type;
		found |= label->value->versions;
	}
	if (!check_reference_versions(scope->abi, scope->diag, e->loc, e->text, found,
				      scope->versions))
		*type = NULL;
	else
		e->name_kind = ABI_NAME_LABEL;
	*type = or_error(scope, *type);
	return true;
}

static void try_labels(struct abi_near *near, struct abi_type *const *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < types[i]->values.n; k++)
			abi_near_try(near, types[i]->values.v[k].name.s);
}

static void try_params(struct abi_near *near, const struct abi_param *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].name.s != NULL)
			abi_near_try(near, v[i].name.s);
}

static const char *near_name(const struct expr_scope *scope, const char *name)
{
	const struct abi_command *cmd = scope->command;
	const struct abi *abi = scope->abi;
	struct abi_near near;

	abi_near_begin_for(&near, scope->diag, name);
	for (size_t i = 0; i < scope->num_context; i++)
		abi_near_try(&near, cmd->context.v[i].name.s);
	try_params(&near, cmd->inputs.v, cmd->inputs.n);
	try_params(&near, cmd->outputs.v, cmd->outputs.n);
	for (size_t i = 0; i < abi->constants.n; i++)
		abi_near_try(&near, abi->constants.v[i].name.s);
	try_labels(&near, abi->types.v, abi->types.n);
	try_labels(&near, abi->state_types.v, abi->state_types.n);
	return near.best;
}

static bool is_later_context(const struct expr_scope *scope, const char *name)
{
	for (size_t i = scope->num_context; i < scope->command->context.n; i++)
		if (strcmp(scope->command->context.v[i].name.s, name) == 0)
			return true;
	return false;
}

static void report_unknown(struct expr_scope *scope, const struct abi_expr *e)
{
	const char *best = near_name(scope, e->text);

	abi_error(scope->diag, e->loc, "unknown name '%s'", e->text);
	if (is_later_context(scope, e->text))
		abi_remedy(scope->diag, "move the context value '%s' before its first use",
			   e->text);
	else if (name_map_entries(scope->abi->names->functions, e->text) != NULL)
		abi_remedy(scope->diag, "'%s' is a function: write '%s(...)'", e->text, e->text);
	else if (best != NULL)
		abi_remedy(scope->diag, "did you mean '%s'?", best);
	else
		abi_remedy(scope->diag, "names are context values, inputs, outputs, constants and "
					"enumeration labels");
}

const struct abi_type *expr_resolve_name(struct expr_scope *scope, struct abi_expr *e)
{
	const struct abi_type *type;

	if (find_local(scope, e, &type) || find_constant(scope, e, &type) ||
	    find_label(scope, e, &type))
		return type;
	report_unknown(scope, e);
	return scope->abi->names->error_type;
}
