/* SPDX-License-Identifier: BSD-3-Clause */
/* Types of fields exist, in all versions of the field, and fit; enumeration values. */
#include <stdlib.h>

#include "arena.h"
#include "check.h"
#include "names.h"
#include "versions.h"

static bool is_countable(enum abi_type_kind kind)
{
	return kind == ABI_TYPE_UINT || kind == ABI_TYPE_SINT || kind == ABI_TYPE_BITS;
}

/* ---- enumeration values ------------------------------------------------- */

static int compare_values(const void *a, const void *b)
{
	const struct abi_enum_value *x = *(const struct abi_enum_value *const *)a;
	const struct abi_enum_value *y = *(const struct abi_enum_value *const *)b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void check_same_value(struct abi *abi, struct abi_diag *diag, const struct abi_enum_value *a,
			     const struct abi_enum_value *b)
{
	if (a->value != b->value || (a->versions & b->versions) == 0)
		return;
	abi_error(diag, b->name.loc, "'%s' and '%s' (line %u) both have the value %llu in %s",
		  b->name.s, a->name.s, a->name.loc.line, (unsigned long long)b->value,
		  versions_text(abi->arena, abi, a->versions & b->versions));
	abi_remedy(diag, "correct one of the values, or the versions of one label");
}

/* Values sorted, equal ones are neighbours: at most one per version is good. */
static void check_enum(struct abi *abi, struct abi_diag *diag, const struct abi_type *type)
{
	const struct abi_enum_value **sorted =
		abi_arena_alloc(abi->arena, type->values.n, sizeof(struct abi_enum_value *));
	size_t n = 0;

	for (size_t i = 0; i < type->values.n; i++)
		if (!type->values.v[i].unknown)
			sorted[n++] = &type->values.v[i];
	qsort(sorted, n, sizeof(struct abi_enum_value *), compare_values);
	for (size_t i = 1; i < n; i++)
		for (size_t back = 1; back <= i && back <= ABI_MAX_VERSIONS; back++) {
			if (sorted[i - back]->value != sorted[i]->value)
				break;
			check_same_value(abi, diag, sorted[i - back], sorted[i]);
		}
	if (type->values.n == 0 && !type->broken) {
		abi_error(diag, type->name.loc, "the enumeration '%s' has no values", type->name.s);
		abi_remedy(diag, "list its values, or use an unsigned integer instead");
	}
}

/* ---- types of fields ------------------------------------------------------ */

static void report_width(struct abi_diag *diag, const struct abi_field *field, const char *what,
			 uint32_t width)
{
	abi_error(diag, field->type_name.loc, "'%s' is %u bits wide, but %s '%s' has %u",
		  field->name.s, field->width, what, field->type_name.s, width);
	abi_remedy(diag, "correct the width or the type");
}

/* All labels that exist in the field's versions can be stored in it. */
static void check_labels_fit(struct abi *abi, struct abi_diag *diag, const struct abi_field *field)
{
	const struct abi_type *type = field->type;

	for (size_t i = 0; i < type->values.n && field->width < type->width; i++) {
		const struct abi_enum_value *v = &type->values.v[i];

		if ((v->versions & field->versions) == 0 || v->value >> field->width == 0)
			continue;
		abi_error(diag, field->type_name.loc,
			  "'%s' has %u bits: too few for %s (%llu) in %s", field->name.s,
			  field->width, v->name.s, (unsigned long long)v->value,
			  versions_text(abi->arena, abi, v->versions & field->versions));
		abi_remedy(diag, "correct the width, or the versions of the label");
	}
}

static void check_field_type(struct abi *abi, struct abi_diag *diag, const struct abi_field *field,
			     bool in_bitfield)
{
	const struct abi_type *type = field->type;

	if (type->kind == ABI_TYPE_BOOL || type->kind == ABI_TYPE_INT ||
	    type->kind == ABI_TYPE_ANY || type->kind == ABI_TYPE_ARRAY || type->abstract ||
	    (in_bitfield && type->kind == ABI_TYPE_STRUCT)) {
		abi_error(diag, field->type_name.loc, "a field cannot be of type '%s'",
			  field->type_name.s);
		abi_remedy(diag,
			   "use a type with an encoding: an enumeration, a bit field, "
			   "Address, UIntN, IntN, BitsN%s",
			   in_bitfield ? "" : " or a structure, and 'count' for arrays");
		return;
	}
	if (type->kind == ABI_TYPE_ENUM)
		check_labels_fit(abi, diag, field);
	if (is_countable(type->kind) && field->width != 0 && type->width != field->width)
		report_width(diag, field, "the type", type->width);
	if (type->kind == ABI_TYPE_BITFIELD && field->width != 0 && type->width > field->width)
		report_width(diag, field, "the bit field", type->width);
	if (is_countable(type->kind) && field->is_signed) {
		abi_error(diag, field->loc, "'signed' beside the type '%s'", field->type_name.s);
		abi_remedy(diag, "leave one of the two out");
	}
}

/* Structures bring their size; everything else says its width. */
static void check_field_width(struct abi_diag *diag, struct abi_type *owner,
			      const struct abi_field *field)
{
	bool is_struct = field->type->kind == ABI_TYPE_STRUCT;

	if (field->type->kind == ABI_TYPE_ERROR) {
		owner->broken = owner->broken || field->width == 0;
	} else if (is_struct && field->width != 0) {
		abi_error(diag, field->loc, "the structure '%s' has a size of its own",
			  field->type_name.s);
		abi_remedy(diag, "remove 'width'");
		owner->broken = true;
	} else if (!is_struct && field->width == 0 && !owner->broken) {
		abi_error(diag, field->loc, "the field '%s' has no 'width'", field->name.s);
		abi_remedy(diag, "add 'width:' in bits");
		owner->broken = true;
	} else if (!is_struct && field->width % 8 != 0) {
		abi_error(diag, field->loc, "the field '%s' has %u bits: not whole bytes",
			  field->name.s, field->width);
		abi_remedy(diag, "describe single bits in a bit field and use its type here");
		owner->broken = true;
	}
}

static void resolve_field(struct abi *abi, struct abi_diag *diag, struct abi_type *owner,
			  struct abi_field *field)
{
	if (field->type_name.s == NULL) {
		field->type =
			abi_type_builtin(abi, field->is_signed ? ABI_TYPE_SINT : ABI_TYPE_UINT,
					 field->width != 0 ? field->width : 64);
	} else {
		field->type = abi_type_resolve(abi, diag, field->type_name);
		check_reference_versions(abi, diag, field->type_name.loc, field->type_name.s,
					 field->type->versions, field->versions);
		if (!owner->abstract && field->type->kind != ABI_TYPE_ERROR &&
		    field->name.s != NULL)
			check_field_type(abi, diag, field, owner->kind == ABI_TYPE_BITFIELD);
	}
	if (!owner->abstract && owner->kind == ABI_TYPE_STRUCT && field->name.s != NULL)
		check_field_width(diag, owner, field);
	if (owner->abstract && field->type->kind == ABI_TYPE_ANY) {
		abi_error(diag, field->type_name.loc, "'Any' is for parameters of functions");
		abi_remedy(diag, "name the type of the field");
	}
}

static void check_fields(struct abi *abi, struct abi_diag *diag, struct abi_type *type)
{
	for (size_t i = 0; i < type->fields.n; i++)
		resolve_field(abi, diag, type, &type->fields.v[i]);
}

/* ---- structures that contain themselves ----------------------------------- */

enum visit { VISIT_NOT_YET, VISIT_ACTIVE, VISIT_DONE };

struct nesting {
	struct abi *abi;
	struct abi_diag *diag;
	struct name_map *visited; /* name to its enum visit */
	unsigned int depth;
};

static void visit_struct(struct nesting *n, const struct abi_type *type);

static void visit_member(struct nesting *n, const struct abi_field *field)
{
	const enum visit *seen;

	if (field->type->kind != ABI_TYPE_STRUCT || field->type->abstract)
		return;
	seen = name_map_find(n->visited, field->type->name.s);
	if (seen == NULL) {
		visit_struct(n, field->type);
	} else if (*seen == VISIT_ACTIVE) {
		abi_error(n->diag, field->type_name.loc, "the structure '%s' contains itself",
			  field->type_name.s);
		abi_remedy(n->diag, "use an Address where a pointer is meant");
	}
}

static void visit_struct(struct nesting *n, const struct abi_type *type)
{
	enum visit *state = abi_arena_alloc(n->abi->arena, 1, sizeof(*state));

	*state = VISIT_ACTIVE;
	name_map_add(n->visited, type->name.s, state);
	if (++n->depth > 32) {
		abi_error(n->diag, type->name.loc, "structures are nested more than 32 deep");
		abi_remedy(n->diag, "flatten the innermost ones");
	} else {
		for (size_t i = 0; i < type->fields.n; i++)
			visit_member(n, &type->fields.v[i]);
	}
	n->depth--;
	*state = VISIT_DONE;
}

static void check_nesting(struct abi *abi, struct abi_diag *diag)
{
	struct nesting n = {.abi = abi, .diag = diag, .visited = name_map_new(abi->arena)};

	for (size_t i = 0; i < abi->types.n; i++) {
		const struct abi_type *type = abi->types.v[i];

		if (type->kind == ABI_TYPE_STRUCT && name_map_find(n.visited, type->name.s) == NULL)
			visit_struct(&n, type);
	}
}

void check_types(struct abi *abi, struct abi_diag *diag)
{
	for (size_t i = 0; i < abi->types.n; i++) {
		check_fields(abi, diag, abi->types.v[i]);
		if (abi->types.v[i]->kind == ABI_TYPE_ENUM)
			check_enum(abi, diag, abi->types.v[i]);
	}
	for (size_t i = 0; i < abi->state_types.n; i++)
		check_fields(abi, diag, abi->state_types.v[i]);
	check_nesting(abi, diag);
}
