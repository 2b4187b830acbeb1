/* SPDX-License-Identifier: BSD-3-Clause */
/* <ns>.h: one version in plain C11 and C++17, every name with its prefix. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit.h"
#include "emit_encoding.h"
#include "emit_portable.h"
#include "ident.h"
#include "index.h"
#include "labels.h"

static void emit_fids(const struct abi *abi, size_t version, const char *prefix, struct writer *w)
{
	struct form_list forms = abi_forms_by_fid(abi, version);

	w_text(w, "\n/* ---- function identifiers ---- */\n\n");
	for (size_t i = 0; i < forms.n; i++)
		w_printf(w, "#define %s_FID_%s UINT32_C(0x%08X)\n", prefix,
			 ident_upper(forms.v[i]->name.s).s, forms.v[i]->fid);
}

static void emit_enum(const struct abi_type *type, size_t version, const char *prefix,
		      struct writer *w)
{
	w_printf(w, "\n/* %s */\n", type->name.s);
	for (size_t i = 0; i < type->values.n; i++) {
		const struct abi_enum_value *v = &type->values.v[i];

		if (!in_version(v->versions, version))
			continue;
		w_printf(w, "#define %s_%s ", prefix, v->name.s);
		w_label_constant(w, type, v->value);
		w_char(w, '\n');
	}
}

static void emit_bits(const char *ns, const struct abi_type *type, const struct abi_field *f,
		      struct writer *w)
{
	struct ident type_name = ident_snake(type->name.s);
	struct ident field = ident_lower(f->name.s);
	struct ident macro = ident_upper(type_name.s);
	struct ident prefix = ident_upper(ns);
	uint64_t mask = bit_mask(f->width);

	w_printf(w, "#define %s_%s_%s_MASK  UINT64_C(0x%" PRIX64 ")\n", prefix.s, macro.s,
		 ident_upper(field.s).s, mask << f->lsb);
	w_printf(w, "#define %s_%s_%s_SHIFT %u\n\n", prefix.s, macro.s, ident_upper(field.s).s,
		 f->lsb);
	w_printf(w,
		 "static inline uint64_t %s_%s_get_%s(uint64_t v)\n{\n"
		 "\treturn (v >> %u) & UINT64_C(0x%" PRIX64 ");\n}\n\n",
		 ns, type_name.s, field.s, f->lsb, mask);
	w_printf(w,
		 "static inline uint64_t %s_%s_set_%s(uint64_t v, uint64_t x)\n{\n"
		 "\treturn (v & ~UINT64_C(0x%" PRIX64 ")) | (x & UINT64_C(0x%" PRIX64
		 ")) << %u;\n}\n\n",
		 ns, type_name.s, field.s, mask << f->lsb, mask, f->lsb);
}

static void emit_bitfield(const struct abi_type *type, size_t version, const char *ns,
			  struct writer *w)
{
	w_printf(w, "\n/* %s: %u bits. ", type->name.s, type->width);
	w_comment(w, text_or_empty(type->doc));
	w_text(w, " */\n\n");
	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];

		if (f->reserved == ABI_NOT_RESERVED && in_version(f->versions, version))
			emit_bits(ns, type, f, w);
	}
}

static int compare_places(const void *a, const void *b)
{
	const struct abi_field *const *x = a;
	const struct abi_field *const *y = b;

	return ((*x)->offset > (*y)->offset) - ((*x)->offset < (*y)->offset);
}

struct layout layout_of(const struct abi *abi, const struct abi_type *type, size_t version)
{
	struct layout layout = {
		abi_arena_alloc(abi->arena, type->fields.n + 1, sizeof(struct abi_field *)), 0};

	for (size_t i = 0; i < type->fields.n; i++) {
		if (in_version(type->fields.v[i].versions, version))
			layout.v[layout.n++] = &type->fields.v[i];
	}
	qsort(layout.v, layout.n, sizeof(*layout.v), compare_places);
	return layout;
}

static void emit_member(const char *ns, const struct abi_field *f, struct writer *w)
{
	if (f->reserved != ABI_NOT_RESERVED) {
		w_printf(w, "\tuint8_t reserved_%" PRIx64 "[0x%" PRIX64 "];\n", f->offset,
			 f->count);
		return;
	}
	if (f->type->kind == ABI_TYPE_STRUCT)
		w_printf(w, "\tstruct %s_%s ", ns, ident_snake(f->type->name.s).s);
	else
		w_printf(w, "\t%sint%u_t ", field_is_signed(f) ? "" : "u", f->width);
	w_text(w, ident_lower(f->name.s).s);
	if (f->count > 1)
		w_printf(w, "[%" PRIu64 "]", f->count);
	w_char(w, ';');
	if (f->type->kind == ABI_TYPE_ENUM || f->type->kind == ABI_TYPE_BITFIELD)
		w_printf(w, " /* %s */", f->type->name.s);
	w_char(w, '\n');
}

static void emit_assertions(const char *tag, const struct abi_type *type,
			    const struct layout *layout, struct writer *w)
{
	for (size_t i = 0; i < layout->n; i++) {
		const struct abi_field *f = layout->v[i];

		if (f->reserved != ABI_NOT_RESERVED)
			continue;
		w_printf(w,
			 "RMM_ABI_STATIC_ASSERT(offsetof(struct %s, %s) == 0x%" PRIX64
			 ", \"%s.%s\");\n",
			 tag, ident_lower(f->name.s).s, f->offset, tag, f->name.s);
	}
	w_printf(w, "RMM_ABI_STATIC_ASSERT(sizeof(struct %s) == 0x%" PRIX64 ", \"sizeof %s\");\n",
		 tag, type->size, tag);
}

static void emit_struct(const struct abi *abi, const struct abi_type *type, size_t version,
			struct writer *w)
{
	const char *ns = abi->versions.v[version].ns.s;
	struct layout layout = layout_of(abi, type, version);
	char tag[2 * IDENT_MAX];

	(void)snprintf(tag, sizeof(tag), "%s_%s", ns, ident_snake(type->name.s).s);
	w_printf(w, "\n/* %s. ", type->name.s);
	w_comment(w, text_or_empty(type->doc));
	w_printf(w, " */\n#define %s_SIZE UINT32_C(0x%" PRIX64 ")\n\nstruct %s {\n",
		 ident_upper(tag).s, type->size, tag);
	for (size_t i = 0; i < layout.n; i++)
		emit_member(ns, layout.v[i], w);
	w_text(w, "};\n\n");
	emit_assertions(tag, type, &layout, w);
}

static const char static_assert_macro[] =
	"#include <stddef.h>\n#include <stdint.h>\n\n"
	"#ifndef RMM_ABI_STATIC_ASSERT\n"
	"#ifdef __cplusplus\n"
	"#define RMM_ABI_STATIC_ASSERT(condition, text) static_assert(condition, text)\n"
	"#else\n"
	"#define RMM_ABI_STATIC_ASSERT(condition, text) _Static_assert(condition, text)\n"
	"#endif\n"
	"#endif\n";

static void emit_of_kind(const struct abi *abi, size_t version, enum abi_type_kind kind,
			 struct writer *w)
{
	const char *ns = abi->versions.v[version].ns.s;

	for (size_t i = 0; i < abi->types.n; i++) {
		const struct abi_type *type = abi->types.v[i];

		if (type->kind != kind || !in_version(type->versions, version))
			continue;
		if (kind == ABI_TYPE_ENUM)
			emit_enum(type, version, ident_upper(ns).s, w);
		else
			emit_bitfield(type, version, ns, w);
	}
}

void w_version_guard(struct writer *w, const struct abi *abi, size_t version, const char *suffix,
		     const char *about)
{
	char guard[2 * IDENT_MAX];

	(void)snprintf(guard, sizeof(guard), "RMMSIM_ABI_%s%s_H",
		       ident_upper(abi->versions.v[version].ns.s).s, suffix);
	w_open_header(w, guard, about);
}

void emit_portable_header(const struct abi *abi, size_t version, struct writer *w)
{
	struct struct_order structs = structs_in_order(abi, version);

	w_version_guard(w, abi, version, "",
			"One version of the ABI: numbers, bit fields and layouts.");
	w_text(w, static_assert_macro);
	emit_fids(abi, version, ident_upper(abi->versions.v[version].ns.s).s, w);
	w_text(w, "\n/* ---- enumerations ---- */\n");
	emit_of_kind(abi, version, ABI_TYPE_ENUM, w);
	w_text(w, "\n/* ---- bit fields: _MASK covers the field in its place ---- */\n");
	emit_of_kind(abi, version, ABI_TYPE_BITFIELD, w);
	w_text(w, "\n/* ---- structures: integers are little-endian ---- */\n");
	for (size_t i = 0; i < structs.n; i++)
		emit_struct(abi, structs.v[i], version, w);
	w_close_header(w);
}
