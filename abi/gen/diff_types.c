/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of enumerations and fields of layouts that came, went or changed. */
#include <inttypes.h>
#include <string.h>

#include "diff_parts.h"
#include "ident.h"
#include "names.h"

/* ---- enumerations ----------------------------------------------------------- */

static const struct abi_enum_value *find_value(const struct abi_type *type, size_t version,
					       const char *name)
{
	for (size_t i = 0; i < type->values.n; i++)
		if (in_version(type->values.v[i].versions, version) &&
		    strcmp(type->values.v[i].name.s, name) == 0)
			return &type->values.v[i];
	return NULL;
}

static void w_value(struct writer *out, const struct abi_type *type, const char *change,
		    const struct abi_enum_value *v)
{
	w_printf(out, "      %s %s", change, v->name.s);
	if (!type->abstract)
		w_printf(out, " = %" PRIu64, v->value);
	w_char(out, '\n');
}

static void diff_values(const struct diff *d, const struct abi_type *type, struct writer *out)
{
	for (size_t i = 0; i < type->values.n; i++) {
		const struct abi_enum_value *v = &type->values.v[i];
		const bool was = diff_in_from(d, v->versions);
		const struct abi_enum_value *other;

		if (was == diff_in_to(d, v->versions))
			continue;
		other = find_value(type, was ? d->to : d->from, v->name.s);
		if (other == NULL)
			w_value(out, type, was ? "removed" : "added  ", v);
		else if (was)
			w_printf(out, "      changed %s: %" PRIu64 " -> %" PRIu64 "\n", v->name.s,
				 v->value, other->value);
	}
}

/* ---- fields ----------------------------------------------------------------- */

static const struct abi_field *find_field(const struct abi_type *type, size_t version,
					  const char *name)
{
	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];

		if (f->name.s != NULL && in_version(f->versions, version) &&
		    strcmp(f->name.s, name) == 0)
			return f;
	}
	return NULL;
}

/* "bits 17:16 RmiOpMemState", "0x300 UInt64[8]" */
static void w_field_place(struct writer *out, const struct abi_type *type,
			  const struct abi_field *f)
{
	if (type->kind == ABI_TYPE_BITFIELD)
		w_printf(out, "bits %u:%u ", f->lsb + f->width - 1, f->lsb);
	else if (!type->abstract)
		w_printf(out, "0x%" PRIx64 " ", f->offset);
	w_text(out, abi_type_text(f->type));
	if (f->count > 1)
		w_printf(out, "[%" PRIu64 "]", f->count);
}

static bool same_place(const struct abi_field *a, const struct abi_field *b)
{
	return a->lsb == b->lsb && a->offset == b->offset && a->width == b->width &&
	       a->count == b->count && a->type == b->type;
}

/* What kind of change it is; the places behind it say the rest. */
static const char *change_text(const struct abi_field *a, const struct abi_field *b)
{
	if (a->width != b->width || a->count != b->count)
		return "resized";
	if (a->lsb != b->lsb || a->offset != b->offset)
		return "moved  ";
	return "retyped";
}

static void diff_field(const struct diff *d, const struct abi_type *type, const struct abi_field *f,
		       struct writer *out)
{
	const bool was = diff_in_from(d, f->versions);
	const struct abi_field *other;

	if (f->name.s == NULL || was == diff_in_to(d, f->versions))
		return;
	other = find_field(type, was ? d->to : d->from, f->name.s);
	if (other != NULL && (!was || same_place(f, other)))
		return;
	w_printf(out, "      %s %s: ",
		 other != NULL ? change_text(f, other)
		 : was         ? "removed"
			       : "added  ",
		 f->name.s);
	w_field_place(out, type, f);
	if (other != NULL) {
		w_text(out, " -> ");
		w_field_place(out, type, other);
	}
	w_char(out, '\n');
}

/* ---- types ------------------------------------------------------------------ */

static const char *kind_text(const struct abi_type *type)
{
	switch (type->kind) {
	case ABI_TYPE_ENUM:
		return "enumeration";
	case ABI_TYPE_BITFIELD:
		return "bit field";
	default:
		return "structure";
	}
}

static void diff_type(const struct diff *d, const struct abi_type *type)
{
	const bool was = diff_in_from(d, type->versions);
	const bool is = diff_in_to(d, type->versions);
	struct writer changes;

	if (was != is)
		w_printf(d->w, "  %s %s %s\n", is ? "added  " : "removed", kind_text(type),
			 type->name.s);
	if (!was || !is)
		return;
	writer_init(&changes);
	diff_values(d, type, &changes);
	for (size_t i = 0; i < type->fields.n; i++)
		diff_field(d, type, &type->fields.v[i], &changes);
	if (changes.len > 0) {
		w_printf(d->w, "  changed %s %s\n", kind_text(type), type->name.s);
		w_bytes(d->w, changes.data, changes.len);
	}
	d->w->failed = d->w->failed || changes.failed;
	writer_free(&changes);
}

static void diff_type_list(const struct diff *d, const char *heading, struct abi_type *const *types,
			   size_t n)
{
	const size_t start = d->w->len;

	w_text(d->w, heading);
	for (size_t i = 0; i < n; i++)
		diff_type(d, types[i]);
	if (d->w->len == start + strlen(heading))
		d->w->len = start;
}

void diff_types(const struct diff *d)
{
	diff_type_list(d, "\nTypes\n", d->abi->types.v, d->abi->types.n);
	diff_type_list(d, "\nAbstract state\n", d->abi->state_types.v, d->abi->state_types.n);
}
