/* SPDX-License-Identifier: BSD-3-Clause */
/* Types in abi-reference.md, with their layouts. */
#include <inttypes.h>
#include <stdlib.h>

#include "arena.h"
#include "emit_markdown.h"
#include "ident.h"

static void md_version_cell(struct writer *w, const struct abi *abi, abi_versions versions)
{
	w_char(w, ' ');
	md_versions(w, abi, versions);
	w_text(w, " |");
}

static void emit_values(struct writer *w, const struct abi *abi, const struct abi_type *type)
{
	w_text(w, "| value | label | meaning | versions |\n|---|---|---|---|\n");
	for (size_t i = 0; i < type->values.n; i++) {
		const struct abi_enum_value *v = &type->values.v[i];

		if (v->value >> 63)
			w_printf(w, "| %" PRId64 " |", (int64_t)v->value);
		else
			w_printf(w, "| %" PRIu64 " |", v->value);
		md_code_cell(w, v->name.s);
		md_cell(w, v->doc.s);
		md_version_cell(w, abi, v->versions & type->versions);
		w_char(w, '\n');
	}
}

static uint64_t place(const struct abi_field *f)
{
	return f->offset ? f->offset : f->lsb;
}

/* By place, then in the order of the file. */
static int compare_fields(const void *a, const void *b)
{
	const struct abi_field *const *x = a;
	const struct abi_field *const *y = b;

	if (place(*x) != place(*y))
		return place(*x) < place(*y) ? -1 : 1;
	return (*x > *y) - (*x < *y);
}

static const struct abi_field **sorted_fields(const struct abi *abi, const struct abi_type *type)
{
	const struct abi_field **v = abi_arena_alloc(abi->arena, type->fields.n + 1, sizeof(*v));

	for (size_t i = 0; i < type->fields.n; i++)
		v[i] = &type->fields.v[i];
	qsort(v, type->fields.n, sizeof(*v), compare_fields);
	return v;
}

static void emit_name(struct writer *w, const struct abi_field *f)
{
	if (f->reserved == ABI_NOT_RESERVED)
		md_code_cell(w, f->name.s);
	else
		w_text(w, f->reserved == ABI_SBZ ? " *should be zero* |" : " *must be zero* |");
}

static void emit_type_cell(struct writer *w, const struct abi_field *f)
{
	w_char(w, ' ');
	if (f->reserved == ABI_NOT_RESERVED)
		md_type(w, f->type, f->type_name);
	w_text(w, " |");
}

static void emit_bits(struct writer *w, const struct abi *abi, const struct abi_type *type)
{
	const struct abi_field **fields = sorted_fields(abi, type);

	w_text(w, "| bits | field | type | meaning | versions |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = fields[i];

		if (f->width > 1)
			w_printf(w, "| %u:%u |", f->lsb + f->width - 1, f->lsb);
		else
			w_printf(w, "| %u |", f->lsb);
		emit_name(w, f);
		emit_type_cell(w, f);
		md_cell(w, f->doc.s);
		md_version_cell(w, abi, f->versions & type->versions);
		w_char(w, '\n');
	}
}

static void emit_size(struct writer *w, const struct abi_field *f)
{
	if (f->reserved == ABI_NOT_RESERVED && f->count > 1)
		w_printf(w, " %" PRIu64 " x %" PRIu64 " |", f->count, field_element_bytes(f));
	else
		w_printf(w, " %" PRIu64 " |", field_bytes(f));
}

static void emit_layout(struct writer *w, const struct abi *abi, const struct abi_type *type)
{
	const struct abi_field **fields = sorted_fields(abi, type);

	w_text(w, "| offset | bytes | field | type | meaning | versions |\n"
		  "|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = fields[i];

		w_printf(w, "| 0x%" PRIX64 " |", f->offset);
		emit_size(w, f);
		emit_name(w, f);
		emit_type_cell(w, f);
		md_cell(w, f->doc.s);
		md_version_cell(w, abi, f->versions & type->versions);
		w_char(w, '\n');
	}
}

static void emit_type(struct writer *w, const struct abi *abi, const struct abi_type *type)
{
	w_printf(w, "\n### %s\n\n%s. ", type->name.s, text_or_empty(type->doc));
	if (type->kind == ABI_TYPE_STRUCT)
		w_printf(w, "Size 0x%" PRIX64 " bytes", type->size);
	else
		w_printf(w, "%u bits", type->width);
	if (type->direction.s)
		w_printf(w, ", %s", type->direction.s);
	w_text(w, ". Versions: ");
	md_versions(w, abi, type->versions);
	w_printf(w, ". Source: %s.\n\n", text_or_empty(type->source));
	if (type->kind == ABI_TYPE_ENUM)
		emit_values(w, abi, type);
	else if (type->kind == ABI_TYPE_BITFIELD)
		emit_bits(w, abi, type);
	else
		emit_layout(w, abi, type);
}

void md_types(struct writer *w, const struct abi *abi)
{
	w_text(w, "\n## Types\n");
	for (size_t i = 0; i < abi->types.n; i++)
		emit_type(w, abi, abi->types.v[i]);
}
