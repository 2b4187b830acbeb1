/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the generated C needs beyond a well-formed description: names that are
 * unique over all versions, members that a compiler can lay out.
 */
#include <inttypes.h>
#include <string.h>

#include "diag.h"
#include "emit.h"
#include "emit_encoding.h"
#include "ident.h"
#include "labels.h"

static void check_type_name(const struct abi *abi, size_t i, struct abi_diag *diag)
{
	const struct abi_type *type = abi->types.v[i];

	for (size_t k = 0; k < i; k++) {
		if (strcmp(ident_snake(abi->types.v[k]->name.s).s, ident_snake(type->name.s).s) !=
		    0)
			continue;
		abi_error(diag, type->name.loc, "'%s' and '%s' have one name in C", type->name.s,
			  abi->types.v[k]->name.s);
		abi_remedy(diag, "write one type and give versions to its fields or values");
		return;
	}
	if (strlen(type->name.s) > IDENT_MAX / 2) {
		abi_error(diag, type->name.loc, "the name is longer than %d characters",
			  IDENT_MAX / 2);
		abi_remedy(diag, "shorten it");
	}
}

static bool width_is_natural(uint32_t width)
{
	return width == 8 || width == 16 || width == 32 || width == 64;
}

static void check_scalar(const struct abi_field *f, struct abi_diag *diag)
{
	if (!width_is_natural(f->width)) {
		abi_error(diag, f->loc, "field '%s' has %u bits: C has no such integer", f->name.s,
			  f->width);
		abi_remedy(diag, "use 8, 16, 32 or 64 bits, or an array of bytes");
	} else if (f->offset % (f->width / 8) != 0) {
		abi_error(diag, f->loc, "field '%s' of %u bits is not aligned at 0x%" PRIx64,
			  f->name.s, f->width, f->offset);
		abi_remedy(diag, "describe it as an array of bytes");
	}
}

/* All entries of one name must fit the one member of the structure in encoding.h. */
static void check_member(const struct abi_type *type, const struct abi_field *f,
			 struct abi_diag *diag)
{
	struct member m = member_of(type, f->name.s);
	const struct abi_type *nested = f->type->kind == ABI_TYPE_STRUCT ? f->type : NULL;

	if (m.nested == nested && m.bytes == field_is_byte_array(f))
		return;
	abi_error(diag, f->loc, "field '%s' is of another kind in another version", f->name.s);
	abi_remedy(diag, "give it a name of its own");
}

static void check_struct(const struct abi_type *type, struct abi_diag *diag)
{
	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];

		if (f->reserved != ABI_NOT_RESERVED)
			continue;
		if (f->type->kind != ABI_TYPE_STRUCT)
			check_scalar(f, diag);
		check_member(type, f, diag);
	}
}

/* One header has all labels of a version as macros. */
static void check_label(const struct abi *abi, const struct abi_type *type,
			const struct abi_enum_value *value, struct abi_diag *diag)
{
	uint64_t other;

	for (size_t v = 0; v < abi->versions.n; v++) {
		if (!in_version(value->versions & type->versions, v) ||
		    !label_value(abi, v, value->name.s, &other) || other == value->value)
			continue;
		abi_error(diag, value->name.loc,
			  "label '%s' has another value in another enumeration of %s",
			  value->name.s, abi->versions.v[v].name.s);
		abi_remedy(diag, "rename one of them");
		return;
	}
}

static bool status_fits(uint64_t status)
{
	return status < 0x80 || status >= UINT64_C(0xFFFFFFFFFFFFFF80);
}

static void check_command(const struct abi_command *c, struct abi_diag *diag)
{
	for (size_t i = 0; i < c->fail.n; i++) {
		if (status_fits(c->fail.v[i].status))
			continue;
		abi_error(diag, c->fail.v[i].then.loc, "status '%s' does not fit one signed byte",
			  c->fail.v[i].then.s);
		abi_remedy(diag, "statuses lie between -128 and 127");
	}
}

int emit_check(const struct abi *abi, struct abi_diag *diag)
{
	size_t before = abi_diag_errors(diag);

	for (size_t i = 0; i < abi->types.n; i++) {
		const struct abi_type *type = abi->types.v[i];

		check_type_name(abi, i, diag);
		if (type->kind == ABI_TYPE_STRUCT)
			check_struct(type, diag);
		for (size_t k = 0; k < type->values.n; k++)
			check_label(abi, type, &type->values.v[k], diag);
	}
	for (size_t i = 0; i < abi->commands.n; i++)
		check_command(&abi->commands.v[i], diag);
	return abi_diag_errors(diag) == before ? 0 : -1;
}
