/* SPDX-License-Identifier: BSD-3-Clause */
/* Abstract state and behaviours. */
#include "keys.h"
#include "load.h"
#include "versions.h"

static const char *const function_kinds[] = {"pure", "state", "choice", NULL};

static struct abi_type *begin_type(struct abi_loader *ld, struct key_reader *r,
				   enum abi_type_kind kind)
{
	struct abi_type *type = abi_arena_alloc(ld->arena, 1, sizeof(*type));

	type->kind = kind;
	type->abstract = true;
	type->name = keys_name(r, "name", KEY_REQUIRED);
	type->doc = keys_text(r, "doc", KEY_OPTIONAL);
	type->source = keys_text(r, "source", KEY_REQUIRED);
	type->versions = versions_read(r, ld->abi, abi_all_versions(ld->abi));
	return type;
}

static void end_type(struct abi_loader *ld, struct key_reader *r, struct abi_type *type)
{
	keys_end(r);
	if (type->name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &ld->abi->state_types) = type;
}

/* A label alone, or a mapping when its versions or its meaning are to be said. */
static void load_label(struct abi_loader *ld, struct abi_type *type, struct yaml_node *node)
{
	struct abi_enum_value value = {.value = type->values.n, .versions = type->versions};
	struct key_reader r;

	if (node->kind == YAML_KIND_SCALAR) {
		value.name = node->text;
		if (!text_is_name(ld->diag, value.name, "the label"))
			return;
	} else {
		if (!keys_begin(&r, ld->arena, ld->diag, node, "a label"))
			return;
		value.name = keys_name(&r, "name", KEY_REQUIRED);
		value.doc = keys_text(&r, "doc", KEY_OPTIONAL);
		value.versions = versions_read(&r, ld->abi, type->versions);
		keys_end(&r);
	}
	if (value.name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &type->values) = value;
}

static void load_state_enum(struct abi_loader *ld, struct yaml_node *node)
{
	const struct yaml_node *values;
	struct abi_type *type;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a state enumeration"))
		return;
	type = begin_type(ld, &r, ABI_TYPE_ENUM);
	values = keys_list(&r, "values", KEY_REQUIRED);
	for (size_t i = 0; values != NULL && i < values->items.n; i++)
		load_label(ld, type, values->items.v[i]);
	end_type(ld, &r, type);
}

void load_state_enums(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		load_state_enum(ld, list->items.v[i]);
}

static void load_state_field(struct abi_loader *ld, struct abi_type *type, struct yaml_node *node)
{
	struct abi_field field = {.count = 1};
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a field"))
		return;
	field.loc = node->loc;
	field.name = keys_name(&r, "name", KEY_REQUIRED);
	field.type_name = keys_text(&r, "type", KEY_REQUIRED);
	field.doc = keys_text(&r, "doc", KEY_OPTIONAL);
	keys_text(&r, "source", KEY_OPTIONAL);
	field.versions = versions_read(&r, ld->abi, type->versions);
	keys_end(&r);
	if (field.name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &type->fields) = field;
}

static void load_state_struct(struct abi_loader *ld, struct yaml_node *node)
{
	const struct yaml_node *fields;
	struct abi_type *type;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a state structure"))
		return;
	type = begin_type(ld, &r, ABI_TYPE_STRUCT);
	fields = keys_list(&r, "fields", KEY_REQUIRED);
	for (size_t i = 0; fields != NULL && i < fields->items.n; i++)
		load_state_field(ld, type, fields->items.v[i]);
	end_type(ld, &r, type);
}

void load_state_structs(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		load_state_struct(ld, list->items.v[i]);
}

/* ---- constants and functions ------------------------------------------- */

static void load_constant(struct abi_loader *ld, struct yaml_node *node)
{
	struct abi_constant constant = {.value = 0};
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a constant"))
		return;
	constant.name = keys_name(&r, "name", KEY_REQUIRED);
	constant.type_name = keys_text(&r, "type", KEY_REQUIRED);
	constant.doc = keys_text(&r, "doc", KEY_OPTIONAL);
	constant.source = keys_text(&r, "source", KEY_REQUIRED);
	keys_uint(&r, "value", KEY_REQUIRED, UINT64_MAX, &constant.value);
	constant.versions = versions_read(&r, ld->abi, abi_all_versions(ld->abi));
	keys_end(&r);
	if (constant.name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &ld->abi->constants) = constant;
}

void load_constants(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		load_constant(ld, list->items.v[i]);
}

static void load_parameter(struct abi_loader *ld, struct abi_function *function,
			   struct yaml_node *node)
{
	struct abi_param param = {.width = 64};
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a parameter"))
		return;
	param.loc = node->loc;
	param.name = keys_name(&r, "name", KEY_REQUIRED);
	param.type_name = keys_text(&r, "type", KEY_REQUIRED);
	param.doc = keys_text(&r, "doc", KEY_OPTIONAL);
	keys_end(&r);
	*ABI_LIST_ADD(ld->arena, &function->params) = param;
}

static void load_function(struct abi_loader *ld, struct yaml_node *node)
{
	static const enum abi_function_kind kinds[] = {ABI_FN_PURE, ABI_FN_STATE, ABI_FN_CHOICE};
	struct abi_function function = {.loc = node->loc};
	const struct yaml_node *params;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a function"))
		return;
	function.name = keys_name(&r, "name", KEY_REQUIRED);
	function.doc = keys_text(&r, "doc", KEY_REQUIRED);
	function.source = keys_text(&r, "source", KEY_REQUIRED);
	function.kind = kinds[keys_word(&r, "kind", function_kinds, 0)];
	function.result_name = keys_text(&r, "result", KEY_REQUIRED);
	function.versions = versions_read(&r, ld->abi, abi_all_versions(ld->abi));
	params = keys_list(&r, "params", KEY_OPTIONAL);
	for (size_t i = 0; params != NULL && i < params->items.n; i++)
		load_parameter(ld, &function, params->items.v[i]);
	keys_end(&r);
	if (function.name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &ld->abi->functions) = function;
}

void load_functions(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		load_function(ld, list->items.v[i]);
}

/* ---- behaviours -------------------------------------------------------- */

/* true, false, or the versions in which it is so. */
static abi_versions read_switch(struct abi_loader *ld, struct yaml_node *node, const char *what)
{
	struct key_reader r;
	abi_versions set;
	bool on;

	if (node->kind != YAML_KIND_MAPPING)
		return node_bool(ld->diag, node, what, &on) && on ? abi_all_versions(ld->abi) : 0;
	keys_begin(&r, ld->arena, ld->diag, node, what);
	set = versions_read(&r, ld->abi, abi_all_versions(ld->abi));
	keys_end(&r);
	return set;
}

static void load_behaviour(struct abi_loader *ld, struct yaml_node *node)
{
	struct abi_behaviour behaviour = {.loc = node->loc};
	struct yaml_node *spec;
	struct yaml_node *tf_rmm;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a behaviour"))
		return;
	behaviour.name = keys_name(&r, "name", KEY_REQUIRED);
	behaviour.doc = keys_text(&r, "doc", KEY_REQUIRED);
	behaviour.source = keys_text(&r, "source", KEY_REQUIRED);
	spec = keys_node(&r, "spec", KEY_REQUIRED);
	tf_rmm = keys_node(&r, "tf_rmm", KEY_OPTIONAL);
	behaviour.modelled = keys_bool(&r, "modelled", true);
	keys_end(&r);
	if (spec != NULL)
		behaviour.spec = read_switch(ld, spec, "spec");
	behaviour.tf_rmm = tf_rmm != NULL ? read_switch(ld, tf_rmm, "tf_rmm") : behaviour.spec;
	if (behaviour.name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &ld->abi->behaviours) = behaviour;
}

void load_behaviours(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		load_behaviour(ld, list->items.v[i]);
}
