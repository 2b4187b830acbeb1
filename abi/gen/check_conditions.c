/* SPDX-License-Identifier: BSD-3-Clause */
/* Conditions of commands: ids, statuses, payloads, expressions. */
#include <string.h>

#include "arena.h"
#include "check.h"
#include "expr.h"
#include "expr_rules.h"
#include "names.h"
#include "near.h"
#include "unique.h"
#include "versions.h"

struct conditions_check {
	struct abi *abi;
	struct abi_diag *diag;
	struct unique_names constants; /* generated, over the whole set */
	struct abi_command *cmd;
	const struct abi_type *result; /* type of the output in X0, or NULL */
	const struct abi_type *status; /* enumeration of the result's status, or NULL */
};

/* ---- expressions ---------------------------------------------------------- */

static struct abi_expr *check_text(struct conditions_check *c, struct abi_text text,
				   size_t num_context, abi_versions versions)
{
	struct expr_scope scope = {
		.abi = c->abi,
		.diag = c->diag,
		.command = c->cmd,
		.num_context = num_context,
		.versions = versions,
		.text = text,
	};
	struct abi_expr *e = text.s != NULL ? expr_parse(text, c->abi->arena, c->diag) : NULL;

	if (e != NULL)
		expr_check(&scope, e);
	return e;
}

/* An expression that is true or false. */
static struct abi_expr *check_truth(struct conditions_check *c, struct abi_text text,
				    abi_versions versions)
{
	struct abi_expr *e = check_text(c, text, c->cmd->context.n, versions);

	if (e == NULL || e->type->kind == ABI_TYPE_BOOL || e->type->kind == ABI_TYPE_ERROR)
		return e;
	abi_error(c->diag, text.loc, "a condition must be true or false, not %s",
		  abi_type_text(e->type));
	abi_remedy(c->diag, "compare the value with something");
	return e;
}

/* ---- statuses --------------------------------------------------------------- */

static const struct abi_type *status_of(const struct abi_type *result)
{
	if (result == NULL || result->kind == ABI_TYPE_ENUM)
		return result;
	for (size_t i = 0; i < result->fields.n; i++) {
		const struct abi_field *f = &result->fields.v[i];

		if (f->name.s != NULL && strcmp(f->name.s, "status") == 0 &&
		    f->type->kind == ABI_TYPE_ENUM)
			return f->type;
	}
	return NULL;
}

static void report_status(struct conditions_check *c, struct abi_text name)
{
	const char *type = c->status != NULL ? c->status->name.s : "a status enumeration";
	struct abi_near near;

	abi_error(c->diag, name.loc, "'%s' is no value of '%s'", name.s, type);
	abi_near_begin_for(&near, c->diag, name.s);
	for (size_t i = 0; c->status != NULL && i < c->status->values.n; i++)
		abi_near_try(&near, c->status->values.v[i].name.s);
	if (near.best != NULL)
		abi_remedy(c->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(c->diag, "name a value of '%s'", type);
}

static void report_status_change(struct conditions_check *c, const struct abi_condition *cond)
{
	abi_error(c->diag, cond->then.loc, "'%s' has different values in the versions of '%s'",
		  cond->then.s, cond->id.s);
	abi_remedy(c->diag, "split the condition into one for each group of versions");
}

/*
 * `then` in the status enumeration, in all versions of the condition. What any
 * command may report has no result to go by: any label will do.
 */
static void check_status(struct conditions_check *c, struct abi_condition *cond)
{
	const struct name_entry *entry = name_map_entries(c->abi->names->labels, cond->then.s);
	abi_versions found = 0;
	bool any = false;

	for (; entry != NULL; entry = entry->next) {
		const struct abi_label *label = entry->thing;

		if (c->status != NULL && label->type != c->status)
			continue;
		any = true;
		if ((label->value->versions & cond->versions) == 0)
			continue;
		if (found != 0 && cond->status != label->value->value)
			report_status_change(c, cond);
		cond->status = label->value->value;
		found |= label->value->versions;
	}
	if (!any)
		report_status(c, cond->then);
	else
		check_reference_versions(c->abi, c->diag, cond->then.loc, cond->then.s, found,
					 cond->versions);
}

/* ---- payload ---------------------------------------------------------------- */

static const struct abi_type *field_type(const struct abi_type *type, const char *name)
{
	for (size_t i = 0; type != NULL && i < type->fields.n; i++)
		if (type->fields.v[i].name.s != NULL && strcmp(type->fields.v[i].name.s, name) == 0)
			return type->fields.v[i].type;
	return NULL;
}

/*
 * The type of a field of the result's payload: of the result itself, or of a
 * payload type, whose name begins with the result's ("RmiResultDataLevel").
 */
static const struct abi_type *payload_type(const struct conditions_check *c, const char *name)
{
	const struct abi_type *type = field_type(c->result, name);

	for (size_t i = 0; type == NULL && c->result != NULL && i < c->abi->types.n; i++) {
		const struct abi_type *t = c->abi->types.v[i];

		if (strncmp(t->name.s, c->result->name.s, strlen(c->result->name.s)) == 0)
			type = field_type(t, name);
	}
	return type;
}

static const struct abi_type *output_type(const struct conditions_check *c, const char *name)
{
	for (size_t i = 0; i < c->cmd->outputs.n; i++)
		if (c->cmd->outputs.v[i].name.s != NULL &&
		    strcmp(c->cmd->outputs.v[i].name.s, name) == 0)
			return c->cmd->outputs.v[i].type;
	return NULL;
}

static void check_datum(struct conditions_check *c, const struct abi_condition *cond,
			struct abi_datum *datum)
{
	const struct abi_type *type = output_type(c, datum->name.s);

	if (type == NULL)
		type = payload_type(c, datum->name.s);
	datum->value = check_text(c, datum->text, c->cmd->context.n, cond->versions);
	if (type == NULL) {
		abi_error(c->diag, datum->name.loc,
			  "'%s' is neither an output nor a field of the result", datum->name.s);
		abi_remedy(c->diag, "name an output, or a field such as 'level' or 'index'");
	} else if (datum->value != NULL && !expr_types_compare(type, datum->value->type, false)) {
		abi_error(c->diag, datum->text.loc, "'%s' holds %s, not %s", datum->name.s,
			  abi_type_text(type), abi_type_text(datum->value->type));
		abi_remedy(c->diag, "give a value of the right type");
	}
}

/* ---- conditions ------------------------------------------------------------- */

static void check_ids(struct conditions_check *c, const struct abi_condition *v, size_t n)
{
	struct unique_names ids;

	unique_begin(&ids, c->abi->arena);
	for (size_t i = 0; i < n; i++) {
		const struct unique_name *other = unique_add(&ids, v[i].id, v[i].versions, NULL);

		if (other == NULL)
			continue;
		abi_error(c->diag, v[i].id.loc,
			  "the condition '%s' occurs twice (first in line %u)", v[i].id.s,
			  other->name.loc.line);
		abi_remedy(c->diag, "give each condition an id of its own");
	}
}

/* Conditions of two commands may not get one constant; nor may a label be one. */
static void check_constant(struct conditions_check *c, const struct abi_condition *cond)
{
	struct abi_text text = {.s = cond->constant, .loc = cond->id.loc};
	const struct unique_name *other;

	if (cond->constant == NULL)
		return;
	other = unique_add(&c->constants, text, abi_all_versions(c->abi), c->cmd->name.s);
	if (other != NULL && strcmp(other->owner, c->cmd->name.s) != 0) {
		abi_error(c->diag, cond->id.loc,
			  "'%s' and a condition of '%s' (%s line %u) both generate %s", cond->id.s,
			  (const char *)other->owner, other->name.loc.file, other->name.loc.line,
			  cond->constant);
		abi_remedy(c->diag, "rename one of the conditions");
	}
	if (name_map_find(c->abi->names->labels, cond->constant) != NULL) {
		abi_error(c->diag, cond->id.loc, "'%s' generates %s, which is an enumeration label",
			  cond->id.s, cond->constant);
		abi_remedy(c->diag, "rename the condition");
	}
}

static void check_failure(struct conditions_check *c, struct abi_condition *cond)
{
	cond->when_expr = check_truth(c, cond->when, cond->versions);
	if (cond->then.s != NULL && (c->result == NULL || c->status != NULL))
		check_status(c, cond);
	for (size_t i = 0; i < cond->data.n; i++)
		check_datum(c, cond, &cond->data.v[i]);
	check_constant(c, cond);
}

static void check_success(struct conditions_check *c, struct abi_condition *cond)
{
	cond->when_expr = check_truth(c, cond->when, cond->versions);
	cond->then_expr = check_truth(c, cond->then, cond->versions);
}

static void check_context(struct conditions_check *c)
{
	struct abi_command *cmd = c->cmd;
	struct unique_names names;

	unique_begin(&names, c->abi->arena);
	for (size_t i = 0; i < cmd->context.n; i++) {
		struct abi_context *context = &cmd->context.v[i];

		if (unique_add(&names, context->name, cmd->versions, NULL) != NULL) {
			abi_error(c->diag, context->name.loc, "two context values are called '%s'",
				  context->name.s);
			abi_remedy(c->diag, "rename one of the two");
		}
		context->value = check_text(c, context->text, i, cmd->versions);
	}
}

/* Failures need a status to report. */
static void check_has_status(struct conditions_check *c)
{
	if (c->cmd->fail.n == 0 || c->status != NULL || c->result == NULL ||
	    c->result->kind == ABI_TYPE_ERROR)
		return;
	abi_error(c->diag, c->cmd->fail.v[0].loc, "'%s' has no status: its result is '%s'",
		  c->cmd->name.s, abi_type_text(c->result));
	abi_remedy(c->diag, "use a result type that is an enumeration or has a field 'status'");
}

static void check_command(struct conditions_check *c)
{
	struct abi_command *cmd = c->cmd;

	c->result = output_type(c, "result");
	c->status = status_of(c->result);
	check_has_status(c);
	check_context(c);
	check_ids(c, cmd->fail.v, cmd->fail.n);
	check_ids(c, cmd->ok.v, cmd->ok.n);
	for (size_t i = 0; i < cmd->fail.n; i++)
		check_failure(c, &cmd->fail.v[i]);
	for (size_t i = 0; i < cmd->ok.n; i++)
		check_success(c, &cmd->ok.v[i]);
	for (size_t i = 0; i < cmd->footprint.n; i++)
		cmd->footprint.v[i].expr =
			check_text(c, cmd->footprint.v[i].text, cmd->context.n, cmd->versions);
}

void check_conditions(struct abi *abi, struct abi_diag *diag)
{
	struct conditions_check c = {.abi = abi, .diag = diag};

	unique_begin(&c.constants, abi->arena);
	for (size_t i = 0; i < abi->commands.n; i++) {
		c.cmd = &abi->commands.v[i];
		check_command(&c);
	}
}
