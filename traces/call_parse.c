/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls by name: inputs, expectations and saved outputs. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "parse.h"

static const char *version_name(const struct trace_parser *p)
{
	return rmm_abi_versions[p->version].name;
}

static void report_no_command(struct trace_parser *p, const struct abi_text name)
{
	struct abi_near near;
	const char *elsewhere = NULL;

	abi_near_begin(&near, name.s);
	for (size_t i = 0; i < rmm_abi_num_commands; i++) {
		const struct rmm_abi_command *c = &rmm_abi_commands[i];

		if ((c->versions >> p->version & 1) != 0)
			abi_near_try(&near, c->name);
		for (size_t v = 0; v < RMM_VERSION_COUNT && strcmp(c->name, name.s) == 0; v++)
			if ((c->versions >> v & 1) != 0)
				elsewhere = rmm_abi_versions[v].name;
	}
	abi_error(p->diag, name.loc, "%s has no command '%s'", version_name(p), name.s);
	if (elsewhere != NULL)
		abi_remedy(p->diag, "%s has it: play the trace with 'version: %s'", elsewhere,
			   elsewhere);
	else if (near.best != NULL)
		abi_remedy(p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(p->diag, "'rmmsim abi status' lists the commands; a FID is fine too");
}

bool trace_parse_command(struct trace_parser *p, const struct yaml_node *node,
			 const struct rmm_abi_command **command, uint64_t *fid)
{
	*command = NULL;
	if (!trace_node_is(p, node, YAML_KIND_SCALAR, "a command"))
		return false;
	if (isdigit((unsigned char)node->text.s[0])) {
		if (!trace_parse_constant(p, node, UINT64_MAX, fid))
			return false;
		if (*fid <= UINT32_MAX)
			*command = rmm_abi_command_by_fid(p->version, (uint32_t)*fid & ~(1u << 16));
		return true;
	}
	*command = rmm_abi_command_find(p->version, node->text.s);
	if (*command == NULL || (*command)->fid == 0) {
		report_no_command(p, node->text);
		return false;
	}
	*fid = (*command)->fid;
	return true;
}

/* "x4": 4; -1 when it is no register that a call passes. */
static int register_number(const char *name)
{
	char *end;
	unsigned long n;

	if ((name[0] != 'x' && name[0] != 'X') || !isdigit((unsigned char)name[1]))
		return -1;
	n = strtoul(name + 1, &end, 10);
	return *end == '\0' && n < SMC_NUM_REGS ? (int)n : -1;
}

static bool is_signed_name(const char *type_name)
{
	return type_name != NULL && strncmp(type_name, "Int", 3) == 0;
}

static struct trace_place param_place(const struct rmm_abi_param *param)
{
	return (struct trace_place){
		.type = param->type,
		.type_name = param->type_name,
		.bit = param->reg * 64u + param->lsb,
		.width = param->width,
		.is_signed = is_signed_name(param->type_name) ||
			     (param->type != NULL && param->type->kind == RMM_ABI_SINT),
		.path = param->name,
	};
}

static struct trace_place register_place(int number, const char *name)
{
	return (struct trace_place){
		.bit = (uint32_t)number * 64, .width = 64, .is_signed = true, .path = name};
}

static const struct rmm_abi_param *find_param(const struct rmm_abi_param *params, size_t n,
					      const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(params[i].name, name) == 0)
			return &params[i];
	return NULL;
}

static const char *list_params(struct trace_parser *p, const struct rmm_abi_param *params, size_t n)
{
	const char *list = n == 0 ? "none" : "";

	for (size_t i = 0; i < n; i++)
		list = abi_arena_printf(p->arena, "%s%s%s", list, i == 0 ? "" : ", ",
					params[i].name);
	return list;
}

static bool input_place(struct trace_parser *p, const struct abi_text name,
			const struct rmm_abi_command *command, struct trace_place *place)
{
	int number = register_number(name.s);
	const struct rmm_abi_param *param =
		command != NULL ? find_param(command->inputs, command->num_inputs, name.s) : NULL;

	if (param != NULL) {
		*place = param_place(param);
		return true;
	}
	if (number > 0) {
		*place = register_place(number, name.s);
		return true;
	}
	abi_error(p->diag, name.loc, "%s has no input '%s'",
		  command != NULL ? command->name : "a call by number", name.s);
	if (command != NULL)
		abi_remedy(p->diag, "its inputs are: %s; registers x1 to x17 are fine too",
			   list_params(p, command->inputs, command->num_inputs));
	else
		abi_remedy(p->diag, "name registers: x1 to x17");
	return false;
}

bool trace_parse_inputs(struct trace_parser *p, struct yaml_node *node,
			const struct rmm_abi_command *command, struct trace_terms *terms)
{
	bool ok = true;

	if (node == NULL)
		return true;
	if (!trace_node_is(p, node, YAML_KIND_MAPPING, "'with'"))
		return false;
	for (size_t i = 0; i < node->pairs.n; i++) {
		struct yaml_pair *pair = &node->pairs.v[i];
		struct trace_place place;

		pair->asked = true;
		ok &= input_place(p, pair->key, command, &place) &&
		      trace_parse_value(p, pair->value, place, terms);
	}
	return ok;
}

/* ---- expectations ------------------------------------------------------------ */

/* Fields behind RmiResult.data: which of them hold depends on the status. */
static const struct rmm_abi_field *find_payload(const struct trace_parser *p, const char *name)
{
	static const char *const types[] = {"RmiResultDataLevel", "RmiResultDataIncomplete"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const struct rmm_abi_type *type = rmm_abi_type_find(types[i]);
		const struct rmm_abi_field *field =
			type != NULL ? rmm_abi_field_find(type, p->version, name) : NULL;

		if (field != NULL)
			return field;
	}
	return NULL;
}

/* Parts of the result word: "status", "level", "mem", "index" ... */
static bool result_part(const struct trace_parser *p, const struct rmm_abi_command *command,
			const char *name, struct trace_place *place)
{
	const struct rmm_abi_type *type =
		command->num_outputs > 0 ? command->outputs[0].type : NULL;
	const struct rmm_abi_field *field;
	uint32_t base = 0;

	if (type == NULL || type->kind != RMM_ABI_BITFIELD)
		return false;
	field = rmm_abi_field_find(type, p->version, name);
	if (field == NULL && strcmp(type->name, "RmiResult") == 0) {
		field = find_payload(p, name);
		base = 8;
	}
	if (field == NULL)
		return false;
	*place = (struct trace_place){
		.type = field->type,
		.bit = base + field->lsb,
		.width = field->width,
		.is_signed = strcmp(name, "level") == 0,
		.path = field->name,
	};
	return true;
}

bool trace_find_output(struct trace_parser *p, const struct abi_text name,
		       const struct rmm_abi_command *command, struct trace_place *place)
{
	int number = register_number(name.s);
	const struct rmm_abi_param *param =
		command != NULL ? find_param(command->outputs, command->num_outputs, name.s) : NULL;

	if (param != NULL) {
		*place = param_place(param);
		return true;
	}
	if (command != NULL && result_part(p, command, name.s, place))
		return true;
	if (number >= 0) {
		*place = register_place(number, name.s);
		return true;
	}
	abi_error(p->diag, name.loc, "%s has no output '%s'",
		  command != NULL ? command->name : "a call by number", name.s);
	if (command != NULL)
		abi_remedy(p->diag, "its outputs are: %s; registers x0 to x17 are fine too",
			   list_params(p, command->outputs, command->num_outputs));
	else
		abi_remedy(p->diag, "name registers: x0 to x17");
	return false;
}

/* The status: the enumeration in X0, or the whole of X0 for wider codes. */
static bool parse_status(struct trace_parser *p, const struct yaml_node *node,
			 const struct rmm_abi_command *command, struct trace_term *term)
{
	struct trace_place place = {.width = 64, .is_signed = true, .path = "status"};

	if (command != NULL && command->num_outputs > 0) {
		const struct rmm_abi_param *result = &command->outputs[0];

		if (!result_part(p, command, "status", &place)) {
			place = param_place(result);
			place.path = "status";
		}
	}
	*term = (struct trace_term){
		.expr = trace_parse_expr(p, node, place.type),
		.bit = place.bit,
		.width = place.width,
		.type = place.type,
		.path = "status",
	};
	if (term->expr == NULL)
		return false;
	if (term->expr->constant && !trace_wide_fits(term->expr->value, term->width, false))
		term->width = 64;
	return true;
}

static bool parse_condition(struct trace_parser *p, const struct yaml_node *node,
			    struct trace_expectation *expect)
{
	struct abi_near near;

	if (!trace_node_is(p, node, YAML_KIND_SCALAR, "'condition'"))
		return false;
	expect->has_condition = true;
	if (strcmp(node->text.s, "none") == 0) {
		expect->condition = RMM_CONDITION_NONE;
		return true;
	}
	if (rmm_abi_condition_find(node->text.s, &expect->condition)) {
		expect->any = true;
		if (rmm_abi_condition(p->version, expect->condition) != NULL)
			return true;
		abi_error(p->diag, node->loc, "%s has no condition '%s'", version_name(p),
			  node->text.s);
		abi_remedy(p->diag, "'rmmsim explain' shows the conditions of a command");
		return false;
	}
	abi_near_begin(&near, node->text.s);
	for (size_t i = 0; i < RMM_CONDITION_COUNT; i++)
		abi_near_try(&near, rmm_abi_condition_name((enum rmm_condition)i));
	abi_error(p->diag, node->loc, "unknown condition '%s'", node->text.s);
	if (near.best != NULL)
		abi_remedy(p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(p->diag, "'rmmsim explain COMMAND' lists the conditions of a command");
	return false;
}

static bool parse_expected(struct trace_parser *p, struct yaml_pair *pair,
			   const struct rmm_abi_command *command, struct trace_expectation *expect)
{
	struct trace_place place;

	pair->asked = true;
	if (strcmp(pair->key.s, "status") == 0) {
		if (trace_node_is(p, pair->value, YAML_KIND_SCALAR, "'status'") &&
		    strcmp(pair->value->text.s, "any") == 0) {
			expect->any = true;
			return true;
		}
		expect->has_status = true;
		return parse_status(p, pair->value, command, &expect->status);
	}
	if (strcmp(pair->key.s, "condition") == 0)
		return parse_condition(p, pair->value, expect);
	/* Whoever looks at the whole of X0 does not expect success as well. */
	if (strcmp(pair->key.s, "x0") == 0 || strcmp(pair->key.s, "result") == 0)
		expect->any = true;
	return trace_find_output(p, pair->key, command, &place) &&
	       trace_parse_value(p, pair->value, place, &expect->terms);
}

bool trace_parse_expectation(struct trace_parser *p, struct yaml_node *node,
			     const struct rmm_abi_command *command,
			     struct trace_expectation *expect)
{
	bool ok = true;

	if (node == NULL)
		return true;
	expect->line = node->loc.line;
	if (node->kind == YAML_KIND_SCALAR && strcmp(node->text.s, "any") == 0) {
		expect->any = true;
		return true;
	}
	if (node->kind == YAML_KIND_SCALAR) {
		expect->has_status = true;
		return parse_status(p, node, command, &expect->status);
	}
	if (!trace_node_is(p, node, YAML_KIND_MAPPING, "'expect'"))
		return false;
	for (size_t i = 0; i < node->pairs.n; i++)
		ok &= parse_expected(p, &node->pairs.v[i], command, expect);
	return ok;
}

/* ---- steps --------------------------------------------------------------------- */

static bool parse_save(struct trace_parser *p, const struct yaml_pair *pair,
		       struct trace_call *call)
{
	struct trace_place place;
	struct trace_save save;

	if (!trace_node_is(p, pair->value, YAML_KIND_SCALAR, "a saved output") ||
	    !trace_find_output(p, pair->value->text, call->command, &place) ||
	    !trace_parse_slot(p, pair->key, &save.slot))
		return false;
	save.bits = (struct trace_bits){.bit = place.bit, .width = place.width};
	*ABI_LIST_ADD(p->arena, &call->saves) = save;
	return true;
}

static bool parse_saves(struct trace_parser *p, struct yaml_node *node, struct trace_call *call)
{
	bool ok = true;

	if (node == NULL)
		return true;
	if (!trace_node_is(p, node, YAML_KIND_MAPPING, "'save'"))
		return false;
	for (size_t i = 0; i < node->pairs.n; i++) {
		node->pairs.v[i].asked = true;
		ok &= parse_save(p, &node->pairs.v[i], call);
	}
	return ok;
}

static struct trace_call *begin_call(struct trace_parser *p, struct key_reader *keys,
				     const char *key)
{
	struct trace_call *call = abi_arena_alloc(p->arena, 1, sizeof(*call));
	struct yaml_node *with = keys_node(keys, "with", KEY_OPTIONAL);
	struct yaml_node *expect = keys_node(keys, "expect", KEY_OPTIONAL);
	struct yaml_node *save = keys_node(keys, "save", KEY_OPTIONAL);
	struct yaml_node *name = trace_required(p, keys, key);
	bool ok;

	if (name == NULL || !trace_parse_command(p, name, &call->command, &call->fid))
		return NULL;
	ok = trace_parse_inputs(p, with, call->command, &call->inputs);
	ok &= trace_parse_expectation(p, expect, call->command, &call->expect);
	ok &= parse_saves(p, save, call);
	return ok ? call : NULL;
}

/* Whether the command works on [base, top) and says how far it got. */
static bool is_range_command(const struct rmm_abi_command *c)
{
	return c != NULL && find_param(c->inputs, c->num_inputs, "base") != NULL &&
	       find_param(c->inputs, c->num_inputs, "top") != NULL &&
	       find_param(c->outputs, c->num_outputs, "out_top") != NULL;
}

bool trace_parse_call_step(struct trace_parser *p, struct key_reader *keys, struct trace_step *step)
{
	struct yaml_node *range = keys_node(keys, "range", KEY_OPTIONAL);
	uint64_t on = 0;

	step->kind = TRACE_STEP_CALL;
	step->u.call = begin_call(p, keys, "call");
	if (range != NULL && !trace_parse_constant(p, range, 1, &on))
		return false;
	if (step->u.call == NULL)
		return false;
	step->u.call->range = on != 0;
	if (on == 0 || is_range_command(step->u.call->command))
		return true;
	abi_error(p->diag, range->loc, "the call does not work on a range");
	abi_remedy(p->diag, "remove 'range': it is for commands with base, top and out_top");
	return false;
}

bool trace_parse_operation_step(struct trace_parser *p, struct key_reader *keys,
				struct trace_step *step)
{
	struct yaml_node *pool = keys_node(keys, "pool", KEY_OPTIONAL);
	struct key_reader pool_keys;
	struct trace_call *call;

	step->kind = TRACE_STEP_CALL;
	call = step->u.call = begin_call(p, keys, "sro");
	if (call == NULL)
		return false;
	call->operation = true;
	call->list = trace_parse_key(p, keys, "list", KEY_REQUIRED);
	if (call->list == NULL)
		return false;
	if (pool == NULL)
		return true;
	if (!trace_keys_begin(p, &pool_keys, pool, "a pool"))
		return false;
	call->pool_base = trace_parse_key(p, &pool_keys, "base", KEY_REQUIRED);
	call->pool_count = trace_parse_key(p, &pool_keys, "count", KEY_REQUIRED);
	keys_end(&pool_keys);
	return call->pool_base != NULL && call->pool_count != NULL;
}
