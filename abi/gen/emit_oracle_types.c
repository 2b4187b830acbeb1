/* SPDX-License-Identifier: BSD-3-Clause */
/* The abstract state as C types. */
#include <ctype.h>
#include <string.h>

#include "arena.h"
#include "emit_oracle.h"
#include "ident.h"

static bool is_wide(const struct abi_type *type)
{
	return type->kind == ABI_TYPE_BITS && type->width > 64;
}

const char *oracle_c_type(const struct abi *abi, const struct abi_type *type)
{
	switch (type->kind) {
	case ABI_TYPE_BOOL:
		return "bool ";
	case ABI_TYPE_INT:
		return "oracle_int ";
	case ABI_TYPE_SINT:
		return "int64_t ";
	case ABI_TYPE_BITS:
		return is_wide(type) ? "struct oracle_wide " : "uint64_t ";
	case ABI_TYPE_STRUCT:
		return type->abstract ? abi_arena_printf(abi->arena, "const struct oracle_%s *",
							 type->name.s)
				      : "const uint8_t *";
	case ABI_TYPE_ARRAY:
		return "const uint64_t *";
	default:
		return "uint64_t ";
	}
}

static void emit_enum(const struct abi_type *type, struct writer *w)
{
	w_printf(w, "enum oracle_%s {\n", type->name.s);
	for (size_t i = 0; i < type->values.n; i++)
		w_printf(w, "\tORACLE_%s,\n", type->values.v[i].name.s);
	w_text(w, "};\n\n");
}

/* Elements of a field, in C. */
static const char *member_type(const struct abi *abi, const struct abi_type *type)
{
	const char *text = oracle_c_type(abi, type);

	if (type->kind == ABI_TYPE_STRUCT && type->abstract)
		return abi_arena_printf(abi->arena, "struct oracle_%s ", type->name.s);
	return text;
}

static void emit_member(const struct abi *abi, const struct abi_field *f, struct writer *w)
{
	const struct abi_type *type = f->type->kind == ABI_TYPE_ARRAY ? f->type->element : f->type;
	const uint64_t count = f->type->kind == ABI_TYPE_ARRAY ? f->type->count : f->count;

	w_printf(w, "\t%s%s", member_type(abi, type), ident_local(f->name.s).s);
	if (count > 1)
		w_printf(w, "[%llu]", (unsigned long long)count);
	w_text(w, ";\n");
}

static bool is_repeated(const struct abi_type *type, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (type->fields.v[k].name.s && type->fields.v[i].name.s &&
		    strcmp(type->fields.v[k].name.s, type->fields.v[i].name.s) == 0)
			return true;
	return false;
}

/* A structure after those that it contains. */
static void emit_struct(const struct abi *abi, const struct abi_type *type, bool *done,
			struct writer *w)
{
	for (size_t i = 0; i < abi->state_types.n; i++) {
		if (abi->state_types.v[i] != type)
			continue;
		if (done[i])
			return;
		done[i] = true;
	}
	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_type *part = type->fields.v[i].type;

		if (part->kind == ABI_TYPE_ARRAY)
			part = part->element;
		if (part->kind == ABI_TYPE_STRUCT && part->abstract)
			emit_struct(abi, part, done, w);
	}
	w_printf(w, "struct oracle_%s {\n\tuint64_t pa; /* where the object is, if anywhere */\n",
		 type->name.s);
	for (size_t i = 0; i < type->fields.n; i++)
		if (type->fields.v[i].name.s && !is_repeated(type, i))
			emit_member(abi, &type->fields.v[i], w);
	w_text(w, "};\n\n");
}

void emit_oracle_types(const struct abi *abi, struct writer *w)
{
	bool *done = abi_arena_alloc(abi->arena, abi->state_types.n + 1, sizeof(*done));

	w_open_header(w, "ORACLE_GENERATED_TYPES_H", "The abstract state of the machine.");
	w_text(w, "#include <stdbool.h>\n#include <stdint.h>\n\n#include \"oracle/value.h\"\n\n");
	for (size_t i = 0; i < abi->state_types.n; i++)
		if (abi->state_types.v[i]->kind == ABI_TYPE_ENUM)
			emit_enum(abi->state_types.v[i], w);
	for (size_t i = 0; i < abi->state_types.n; i++)
		if (abi->state_types.v[i]->kind == ABI_TYPE_STRUCT)
			emit_struct(abi, abi->state_types.v[i], done, w);
	w_close_header(w);
}

/* ---- functions ----------------------------------------------------------------- */

static bool is_overloaded(const struct abi *abi, const struct abi_function *f)
{
	for (size_t i = 0; i < abi->functions.n; i++)
		if (&abi->functions.v[i] != f && strcmp(abi->functions.v[i].name.s, f->name.s) == 0)
			return true;
	return false;
}

const char *oracle_function_name(const struct abi *abi, const struct abi_function *f)
{
	char *text = abi_arena_printf(abi->arena, "oracle_fn_%s", f->name.s);

	for (size_t i = 0; is_overloaded(abi, f) && i < f->params.n; i++)
		text = abi_arena_printf(abi->arena, "%s_%s", text, f->params.v[i].type_name.s);
	for (char *p = text; *p; p++)
		if (!isalnum((unsigned char)*p))
			*p = '_';
	return text;
}

static void emit_prototype(const struct abi *abi, const struct abi_function *f, struct writer *w)
{
	w_printf(w, "%s%s(struct oracle_env *env", oracle_c_type(abi, f->result),
		 oracle_function_name(abi, f));
	for (size_t i = 0; i < f->params.n; i++)
		w_printf(w, ", %s%s_", oracle_c_type(abi, f->params.v[i].type),
			 ident_lower(f->params.v[i].name.s).s);
	w_char(w, ')');
}

/* Functions of any type, and those that are operators in C. */
static bool has_prototype(const struct abi_function *f)
{
	for (size_t i = 0; i < f->params.n; i++)
		if (f->params.v[i].type->kind == ABI_TYPE_ANY)
			return false;
	return strcmp(f->name.s, "UInt") != 0;
}

void emit_oracle_functions(const struct abi *abi, struct writer *w)
{
	w_open_header(w, "ORACLE_GENERATED_FUNCTIONS_H", "The functions that conditions use.");
	w_text(w, "#include \"oracle/generated/types.h\"\n\nstruct oracle_env;\n\n");
	for (size_t i = 0; i < abi->functions.n; i++) {
		if (!has_prototype(&abi->functions.v[i]))
			continue;
		w_text(w, "/* ");
		w_comment(w, text_or_empty(abi->functions.v[i].doc));
		w_text(w, " */\n");
		emit_prototype(abi, &abi->functions.v[i], w);
		w_text(w, ";\n\n");
	}
	w_text(w, "/* Those that commands of this model use. */\n");
	w_printf(w, "#define ORACLE_NUM_FUNCTIONS %zu\n", oracle_functions_collect(abi).n);
	w_close_header(w);
}

static void emit_unknown(const struct abi *abi, const struct abi_function *f, struct writer *w)
{
	const char *name = oracle_function_name(abi, f);

	w_printf(w, "#ifndef HAS_%s\n", name);
	emit_prototype(abi, f, w);
	w_text(w, "\n{\n");
	for (size_t i = 0; i < f->params.n; i++)
		w_printf(w, "\t(void)%s_;\n", ident_lower(f->params.v[i].name.s).s);
	w_text(w, "\toracle_unknown(env);\n");
	if (f->result->kind == ABI_TYPE_STRUCT && f->result->abstract)
		w_printf(w, "\tstatic const struct oracle_%s nothing;\n\treturn &nothing;\n",
			 f->result->name.s);
	else if (f->result->kind == ABI_TYPE_STRUCT || f->result->kind == ABI_TYPE_ARRAY)
		w_text(w, "\treturn oracle_nothing;\n");
	else if (is_wide(f->result))
		w_text(w, "\treturn (struct oracle_wide){{0}};\n");
	else
		w_text(w, "\treturn 0;\n");
	w_text(w, "}\n#endif\n\n");
}

void emit_oracle_unknown(const struct abi *abi, struct writer *w)
{
	const struct oracle_functions list = oracle_functions_collect(abi);

	w_notice(w);
	w_text(w, "/* What stands in for functions that oracle/functions.h does not list. */\n"
		  "#include \"oracle/env.h\"\n#include \"oracle/functions.h\"\n\n");
	for (size_t i = 0; i < list.n; i++)
		emit_unknown(abi, list.v[i], w);
	w_text(w, "const struct oracle_function oracle_functions[ORACLE_NUM_FUNCTIONS + 1] = {\n");
	for (size_t i = 0; i < list.n; i++) {
		const char *name = oracle_function_name(abi, list.v[i]);

		w_printf(w, "#ifdef HAS_%s\n\t{\"%s\", true},\n#else\n\t{\"%s\", false},\n#endif\n",
			 name, name + strlen("oracle_fn_"), name + strlen("oracle_fn_"));
	}
	w_text(w, "\t{0, false},\n};\n");
}
