/* SPDX-License-Identifier: BSD-3-Clause */
/* Bit fields in encoding.h: one pair of accessors for all versions. */
#include "emit_encoding.h"

#include <inttypes.h>
#include <string.h>

#include "ident.h"
#include "index.h"

static void emit_masks(const struct abi_type *type, const struct abi_field *f, struct writer *w)
{
	struct ident prefix = ident_upper_snake(type->name.s);
	struct ident field = ident_upper(f->name.s);

	w_printf(w, "#define %s_%s_MASK  UINT64_C(0x%" PRIX64 ")\n", prefix.s, field.s,
		 bit_mask(f->width) << f->lsb);
	w_printf(w, "#define %s_%s_SHIFT %u\n", prefix.s, field.s, f->lsb);
}

/* Whether the accessor may ignore the version. */
static bool is_unconditional(const struct abi_type *type, const char *name)
{
	return field_never_moves(type, name) &&
	       (field_versions(type, name) & type->versions) == type->versions;
}

/* Prints `statement` for each entry, guarded by the versions it is for. */
static void emit_entries(const struct abi_type *type, const char *name, struct writer *w,
			 void (*statement)(const struct abi_field *f, struct writer *w))
{
	bool unconditional = is_unconditional(type, name);

	if (unconditional)
		w_text(w, "\t(void)v;\n");
	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];

		if (!field_is_named(f, name))
			continue;
		if (!unconditional)
			w_printf(w, "\tif ((UINT32_C(0x%X) >> v) & 1u)\n\t",
				 f->versions & type->versions);
		statement(f, w);
		if (unconditional)
			return;
	}
}

static void get_statement(const struct abi_field *f, struct writer *w)
{
	w_printf(w, "\treturn (word >> %u) & UINT64_C(0x%" PRIX64 ");\n", f->lsb,
		 bit_mask(f->width));
}

static void set_statement(const struct abi_field *f, struct writer *w)
{
	uint64_t mask = bit_mask(f->width);

	w_printf(w,
		 "\treturn (word & ~UINT64_C(0x%" PRIX64 ")) | (value & UINT64_C(0x%" PRIX64
		 ")) << %u;\n",
		 mask << f->lsb, mask, f->lsb);
}

static void emit_getter(const struct abi_type *type, const char *name, struct writer *w)
{
	w_printf(w, "static inline uint64_t %s_%s(enum rmm_version v, uint64_t word)\n{\n",
		 ident_snake(type->name.s).s, ident_lower(name).s);
	emit_entries(type, name, w, get_statement);
	if (!is_unconditional(type, name))
		w_text(w, "\treturn 0;\n");
	w_text(w, "}\n\n");
}

static void emit_setter(const struct abi_type *type, const char *name, struct writer *w)
{
	w_printf(w,
		 "static inline uint64_t %s_with_%s(enum rmm_version v, uint64_t word, "
		 "uint64_t value)\n{\n",
		 ident_snake(type->name.s).s, ident_lower(name).s);
	emit_entries(type, name, w, set_statement);
	if (!is_unconditional(type, name))
		w_text(w, "\treturn word;\n");
	w_text(w, "}\n\n");
}

void emit_encoding_bitfield(const struct abi_type *type, struct writer *w)
{
	w_printf(w, "\n/* %s */\n", type->name.s);
	for (size_t i = 0; i < type->fields.n; i++) {
		if (field_is_first(type, i) && field_never_moves(type, type->fields.v[i].name.s))
			emit_masks(type, &type->fields.v[i], w);
	}
	w_char(w, '\n');
	for (size_t i = 0; i < type->fields.n; i++) {
		if (!field_is_first(type, i))
			continue;
		emit_getter(type, type->fields.v[i].name.s, w);
		emit_setter(type, type->fields.v[i].name.s, w);
	}
}
