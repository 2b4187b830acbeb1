/* SPDX-License-Identifier: BSD-3-Clause */
/* tables_types.c: types, fields and labels at run time. */
#include "emit_tables.h"

#include <inttypes.h>
#include <string.h>

#include "emit.h"
#include "ident.h"

struct built_in {
	const char *name;
	const char *kind;
	unsigned width;
};

static const struct built_in built_in[] = {
	{"Address", "RMM_ABI_ADDRESS", 64}, {"Int8", "RMM_ABI_SINT", 8},
	{"Int16", "RMM_ABI_SINT", 16},      {"Int32", "RMM_ABI_SINT", 32},
	{"Int64", "RMM_ABI_SINT", 64},
};

#define NUM_BUILT_IN (sizeof(built_in) / sizeof(built_in[0]))

void w_table_string(struct writer *w, struct abi_text text)
{
	w_c_string(w, text.s);
	w_text(w, ", ");
}

void w_type_reference(struct writer *w, const struct abi_type *type)
{
	if (type_is_declared(type))
		w_printf(w, "&rmm_abi_type_%s", ident_snake(type->name.s).s);
	else if (type && type->kind == ABI_TYPE_ADDRESS)
		w_text(w, "&rmm_abi_type_address");
	else if (type && type->kind == ABI_TYPE_SINT)
		w_printf(w, "&rmm_abi_type_int%u", type->width);
	else
		w_text(w, "NULL");
}

void w_array_reference(struct writer *w, const char *name, size_t id, size_t elements)
{
	if (elements)
		w_printf(w, "%s_%zu, %zu", name, id, elements);
	else
		w_text(w, "NULL, 0");
}

void w_type_declarations(struct writer *w, const struct abi *abi)
{
	for (size_t i = 0; i < abi->types.n; i++)
		w_printf(w, "extern const struct rmm_abi_type rmm_abi_type_%s;\n",
			 ident_snake(abi->types.v[i]->name.s).s);
	for (size_t i = 0; i < NUM_BUILT_IN; i++)
		w_printf(w, "extern const struct rmm_abi_type rmm_abi_type_%s;\n",
			 ident_snake(built_in[i].name).s);
	w_char(w, '\n');
}

static void emit_values(const struct abi_type *type, size_t id, struct writer *w)
{
	if (type->values.n == 0)
		return;
	w_printf(w, "static const struct rmm_abi_value values_%zu[] = {\n", id);
	for (size_t i = 0; i < type->values.n; i++) {
		const struct abi_enum_value *v = &type->values.v[i];

		w_text(w, "\t{");
		w_table_string(w, v->name);
		w_printf(w, "UINT64_C(0x%" PRIX64 "), 0x%X, ", v->value,
			 v->versions & type->versions);
		w_c_string(w, v->doc.s);
		w_text(w, "},\n");
	}
	w_text(w, "};\n\n");
}

static void emit_field(const struct abi_type *type, const struct abi_field *f, struct writer *w)
{
	bool nested = f->type->kind == ABI_TYPE_STRUCT;

	w_text(w, "\t{");
	w_table_string(w, f->name);
	w_type_reference(w, f->type);
	w_printf(w, ", 0x%" PRIX64 ", %u, %u, %s, %" PRIu64 ", 0x%X, ", f->offset, f->lsb,
		 nested ? 0 : f->width, field_is_signed(f) ? "true" : "false",
		 f->count ? f->count : 1, f->versions & type->versions);
	w_c_string(w, f->doc.s);
	w_text(w, "},\n");
}

static size_t count_fields(const struct abi_type *type)
{
	size_t n = 0;

	for (size_t i = 0; i < type->fields.n; i++)
		n += type->fields.v[i].reserved == ABI_NOT_RESERVED;
	return n;
}

static void emit_fields(const struct abi_type *type, size_t id, struct writer *w)
{
	if (count_fields(type) == 0)
		return;
	w_printf(w, "static const struct rmm_abi_field fields_%zu[] = {\n", id);
	for (size_t i = 0; i < type->fields.n; i++) {
		if (type->fields.v[i].reserved == ABI_NOT_RESERVED)
			emit_field(type, &type->fields.v[i], w);
	}
	w_text(w, "};\n\n");
}

static const char *kind_name(const struct abi_type *type)
{
	switch (type->kind) {
	case ABI_TYPE_ENUM:
		return "RMM_ABI_ENUM";
	case ABI_TYPE_BITFIELD:
		return "RMM_ABI_BITFIELD";
	case ABI_TYPE_STRUCT:
		return "RMM_ABI_STRUCT";
	default:
		return "RMM_ABI_UINT";
	}
}

static void emit_type(const struct abi_type *type, size_t id, struct writer *w)
{
	bool is_struct = type->kind == ABI_TYPE_STRUCT;

	emit_values(type, id, w);
	emit_fields(type, id, w);
	w_printf(w, "const struct rmm_abi_type rmm_abi_type_%s = {\n\t",
		 ident_snake(type->name.s).s);
	w_table_string(w, type->name);
	w_printf(w, "%s, %u, %" PRIu64 ", 0x%X,\n\t", kind_name(type), is_struct ? 0 : type->width,
		 is_struct ? type->size : 0, type->versions);
	w_array_reference(w, "values", id, type->values.n);
	w_text(w, ", ");
	w_array_reference(w, "fields", id, count_fields(type));
	w_text(w, ",\n\t");
	w_table_string(w, type->doc);
	w_c_string(w, type->source.s);
	w_text(w, ",\n};\n\n");
}

static void emit_built_in(const struct abi *abi, struct writer *w)
{
	for (size_t i = 0; i < NUM_BUILT_IN; i++)
		w_printf(w,
			 "const struct rmm_abi_type rmm_abi_type_%s = {\n"
			 "\t\"%s\", %s, %u, 0, 0x%X, NULL, 0, NULL, 0, \"built in\", \"\",\n};\n\n",
			 ident_snake(built_in[i].name).s, built_in[i].name, built_in[i].kind,
			 built_in[i].width, abi_all_versions(abi));
}

static void emit_type_list(const struct abi *abi, struct writer *w)
{
	w_text(w, "const struct rmm_abi_type *const rmm_abi_types[] = {\n");
	for (size_t i = 0; i < abi->types.n; i++)
		w_printf(w, "\t&rmm_abi_type_%s,\n", ident_snake(abi->types.v[i]->name.s).s);
	for (size_t i = 0; i < NUM_BUILT_IN; i++)
		w_printf(w, "\t&rmm_abi_type_%s,\n", ident_snake(built_in[i].name).s);
	w_printf(w, "};\n\nconst size_t rmm_abi_num_types = %zu;\n", abi->types.n + NUM_BUILT_IN);
}

void emit_tables_types(const struct abi *abi, struct writer *w)
{
	w_notice(w);
	w_text(w, "#include \"tables.h\"\n\n");
	w_type_declarations(w, abi);
	for (size_t i = 0; i < abi->types.n; i++)
		emit_type(abi->types.v[i], i, w);
	emit_built_in(abi, w);
	emit_type_list(abi, w);
}
