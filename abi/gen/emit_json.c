/* SPDX-License-Identifier: BSD-3-Clause */
/* rmm-abi.json: the whole description for other tools. Commands: emit_json_commands.c. */
#include "emit_json.h"

#include "emit.h"
#include "ident.h"

static const char *kind_name(enum abi_type_kind kind)
{
	static const char *const names[] = {
		[ABI_TYPE_BOOL] = "bool",       [ABI_TYPE_INT] = "int",
		[ABI_TYPE_UINT] = "uint",       [ABI_TYPE_SINT] = "sint",
		[ABI_TYPE_ADDRESS] = "address", [ABI_TYPE_BITS] = "bits",
		[ABI_TYPE_ENUM] = "enum",       [ABI_TYPE_BITFIELD] = "bitfield",
		[ABI_TYPE_STRUCT] = "struct",   [ABI_TYPE_ARRAY] = "array",
		[ABI_TYPE_ANY] = "any",         [ABI_TYPE_ERROR] = "error",
	};

	return names[kind];
}

void json_versions(struct json *j, const struct abi *abi, const char *key, abi_versions versions)
{
	json_one_line(j);
	json_array(j, key);
	for (size_t v = 0; v < abi->versions.n; v++) {
		if (in_version(versions, v))
			json_string(j, NULL, abi->versions.v[v].name.s);
	}
	json_end_array(j);
}

static void emit_versions(struct json *j, const struct abi *abi)
{
	json_array(j, "versions");
	for (size_t i = 0; i < abi->versions.n; i++) {
		const struct abi_version *v = &abi->versions.v[i];

		json_object(j, NULL);
		json_text(j, "name", v->name);
		json_text(j, "ns", v->ns);
		json_text(j, "rmi", v->rmi);
		json_text(j, "rsi", v->rsi);
		json_text(j, "doc", v->doc);
		json_text(j, "source", v->source);
		json_end_object(j);
	}
	json_end_array(j);
}

static void emit_values(struct json *j, const struct abi *abi, const struct abi_type *type)
{
	json_array(j, "values");
	for (size_t i = 0; i < type->values.n; i++) {
		const struct abi_enum_value *v = &type->values.v[i];

		json_one_line(j);
		json_object(j, NULL);
		json_text(j, "name", v->name);
		if (!type->abstract)
			json_number(j, "value", v->value);
		json_versions(j, abi, "versions", v->versions & type->versions);
		json_text(j, "doc", v->doc);
		json_end_object(j);
	}
	json_end_array(j);
}

static void emit_field_type(struct json *j, const struct abi_field *f)
{
	if (f->type_name.s)
		json_text(j, "type", f->type_name);
	else if (f->type && f->type->name.s)
		json_text(j, "type", f->type->name);
}

static void emit_place(struct json *j, const struct abi_type *type, const struct abi_field *f)
{
	if (type->abstract)
		return;
	if (type->kind == ABI_TYPE_BITFIELD) {
		json_number(j, "lsb", f->lsb);
		json_number(j, "width", f->width);
		return;
	}
	json_number(j, "offset", f->offset);
	json_number(j, "size", field_bytes(f));
	if (f->reserved == ABI_NOT_RESERVED) {
		json_number(j, "width", field_element_bytes(f) * 8);
		json_number(j, "count", f->count);
	}
}

static void emit_field(struct json *j, const struct abi *abi, const struct abi_type *type,
		       const struct abi_field *f)
{
	json_one_line(j);
	json_object(j, NULL);
	if (f->reserved != ABI_NOT_RESERVED) {
		json_string(j, "reserved", f->reserved == ABI_SBZ ? "sbz" : "mbz");
	} else {
		json_text(j, "name", f->name);
		emit_field_type(j, f);
		if (field_is_signed(f))
			json_bool(j, "signed", true);
	}
	emit_place(j, type, f);
	json_versions(j, abi, "versions", f->versions & type->versions);
	json_text(j, "doc", f->doc);
	json_end_object(j);
}

static void emit_type(struct json *j, const struct abi *abi, const struct abi_type *type)
{
	json_object(j, NULL);
	json_text(j, "name", type->name);
	json_string(j, "kind", kind_name(type->kind));
	if (type->kind == ABI_TYPE_STRUCT && !type->abstract)
		json_number(j, "size", type->size);
	else if (!type->abstract)
		json_number(j, "width", type->width);
	json_text(j, "direction", type->direction);
	json_versions(j, abi, "versions", type->versions);
	json_text(j, "doc", type->doc);
	json_text(j, "source", type->source);
	if (type->kind == ABI_TYPE_ENUM) {
		emit_values(j, abi, type);
	} else {
		json_array(j, "fields");
		for (size_t i = 0; i < type->fields.n; i++)
			emit_field(j, abi, type, &type->fields.v[i]);
		json_end_array(j);
	}
	json_end_object(j);
}

static void emit_constants(struct json *j, const struct abi *abi)
{
	json_array(j, "constants");
	for (size_t i = 0; i < abi->constants.n; i++) {
		const struct abi_constant *c = &abi->constants.v[i];

		json_object(j, NULL);
		json_text(j, "name", c->name);
		json_text(j, "type", c->type_name);
		json_number(j, "value", c->value);
		json_versions(j, abi, "versions", c->versions);
		json_text(j, "doc", c->doc);
		json_text(j, "source", c->source);
		json_end_object(j);
	}
	json_end_array(j);
}

static void emit_function(struct json *j, const struct abi *abi, const struct abi_function *f)
{
	static const char *const kinds[] = {
		[ABI_FN_PURE] = "pure", [ABI_FN_STATE] = "state", [ABI_FN_CHOICE] = "choice"};

	json_object(j, NULL);
	json_text(j, "name", f->name);
	json_string(j, "kind", kinds[f->kind]);
	json_array(j, "params");
	for (size_t i = 0; i < f->params.n; i++) {
		json_one_line(j);
		json_object(j, NULL);
		json_text(j, "name", f->params.v[i].name);
		json_text(j, "type", f->params.v[i].type_name);
		json_end_object(j);
	}
	json_end_array(j);
	json_text(j, "result", f->result_name);
	json_versions(j, abi, "versions", f->versions);
	json_text(j, "doc", f->doc);
	json_text(j, "source", f->source);
	json_end_object(j);
}

static void emit_functions(struct json *j, const struct abi *abi)
{
	json_array(j, "functions");
	for (size_t i = 0; i < abi->functions.n; i++)
		emit_function(j, abi, &abi->functions.v[i]);
	json_end_array(j);
}

static void emit_behaviours(struct json *j, const struct abi *abi)
{
	json_array(j, "behaviours");
	for (size_t i = 0; i < abi->behaviours.n; i++) {
		const struct abi_behaviour *b = &abi->behaviours.v[i];

		json_object(j, NULL);
		json_text(j, "name", b->name);
		json_text(j, "doc", b->doc);
		json_versions(j, abi, "spec", b->spec);
		json_versions(j, abi, "tf_rmm", b->tf_rmm);
		json_text(j, "source", b->source);
		json_end_object(j);
	}
	json_end_array(j);
}

static void emit_name_list(struct json *j, const char *key, const struct abi_text_list *list)
{
	json_array(j, key);
	for (size_t i = 0; i < list->n; i++)
		json_string(j, NULL, list->v[i].s);
	json_end_array(j);
}

static void emit_machine(struct json *j, const struct abi *abi, const struct abi_machine *m)
{
	json_object(j, NULL);
	json_text(j, "name", m->name);
	json_text(j, "doc", m->doc);
	json_text(j, "source", m->source);
	emit_name_list(j, "states", &m->states);
	json_array(j, "transitions");
	for (size_t i = 0; i < m->transitions.n; i++) {
		const struct abi_transition *t = &m->transitions.v[i];

		json_object(j, NULL);
		json_text(j, "from", m->states.v[t->from]);
		json_text(j, "to", m->states.v[t->to]);
		emit_name_list(j, "by", &t->by);
		json_versions(j, abi, "versions", t->versions);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void emit_machines(struct json *j, const struct abi *abi)
{
	json_array(j, "state_machines");
	for (size_t i = 0; i < abi->machines.n; i++)
		emit_machine(j, abi, &abi->machines.v[i]);
	json_end_array(j);
}

static void emit_types(struct json *j, const struct abi *abi)
{
	json_array(j, "types");
	for (size_t i = 0; i < abi->types.n; i++)
		emit_type(j, abi, abi->types.v[i]);
	json_end_array(j);
	json_array(j, "state_types");
	for (size_t i = 0; i < abi->state_types.n; i++)
		emit_type(j, abi, abi->state_types.v[i]);
	json_end_array(j);
}

void emit_json(const struct abi *abi, struct writer *w)
{
	struct json j = {.w = w};

	json_object(&j, NULL);
	json_string(&j, "notice", "generated by rmm-abi from abi/*.yaml; do not edit");
	json_string(&j, "license", "SPDX-License-Identifier: BSD-3-Clause");
	emit_versions(&j, abi);
	emit_types(&j, abi);
	emit_constants(&j, abi);
	emit_functions(&j, abi);
	json_commands(&j, abi);
	emit_behaviours(&j, abi);
	emit_machines(&j, abi);
	json_end_object(&j);
	w_char(w, '\n');
}
