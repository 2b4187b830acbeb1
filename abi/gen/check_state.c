/* SPDX-License-Identifier: BSD-3-Clause */
/* Constants and functions of the abstract state. */
#include "check.h"
#include "names.h"
#include "versions.h"

static void check_constant(struct abi *abi, struct abi_diag *diag, struct abi_constant *constant)
{
	constant->type = abi_type_resolve(abi, diag, constant->type_name);
	switch (constant->type->kind) {
	case ABI_TYPE_INT:
	case ABI_TYPE_UINT:
	case ABI_TYPE_SINT:
	case ABI_TYPE_BITS:
	case ABI_TYPE_ADDRESS:
	case ABI_TYPE_ERROR:
		break;
	default:
		abi_error(diag, constant->type_name.loc, "a constant cannot be of type '%s'",
			  constant->type_name.s);
		abi_remedy(diag, "use Int, UIntN, IntN, BitsN or Address");
		return;
	}
	if (constant->type->width == 0 || constant->type->width >= 64 ||
	    constant->value >> constant->type->width == 0)
		return;
	abi_error(diag, constant->name.loc, "the value of '%s' does not fit in %u bits",
		  constant->name.s, constant->type->width);
	abi_remedy(diag, "correct the value or the type");
}

static void resolve_function(struct abi *abi, struct abi_diag *diag, struct abi_function *f)
{
	for (size_t i = 0; i < f->params.n; i++) {
		struct abi_param *p = &f->params.v[i];

		p->type = abi_type_resolve(abi, diag, p->type_name);
		if (p->type_name.s != NULL)
			check_reference_versions(abi, diag, p->type_name.loc, p->type_name.s,
						 p->type->versions, f->versions);
	}
	f->result = abi_type_resolve(abi, diag, f->result_name);
	if (f->result_name.s != NULL)
		check_reference_versions(abi, diag, f->result_name.loc, f->result_name.s,
					 f->result->versions, f->versions);
	if (f->result->kind == ABI_TYPE_ANY) {
		abi_error(diag, f->result_name.loc, "the result of '%s' cannot be Any", f->name.s);
		abi_remedy(diag, "name the type of the result");
	}
}

static bool same_parameters(const struct abi_function *a, const struct abi_function *b)
{
	if (a->params.n != b->params.n)
		return false;
	for (size_t i = 0; i < a->params.n; i++)
		if (a->params.v[i].type != b->params.v[i].type ||
		    a->params.v[i].type->kind == ABI_TYPE_ERROR)
			return false;
	return true;
}

/* Overloads differ in their parameters wherever their versions meet. */
static void check_overloads(struct abi *abi, struct abi_diag *diag, const struct abi_function *f)
{
	const struct name_entry *e = name_map_entries(abi->names->functions, f->name.s);

	for (; e != NULL && e->thing != f; e = e->next) {
		const struct abi_function *other = e->thing;

		if ((f->versions & other->versions) == 0 || !same_parameters(f, other))
			continue;
		abi_error(diag, f->name.loc,
			  "'%s' is declared twice with the same parameters (first in %s line %u), "
			  "in %s",
			  f->name.s, other->name.loc.file, other->name.loc.line,
			  versions_text(abi->arena, abi, f->versions & other->versions));
		abi_remedy(diag, "remove one, or limit the two to different versions");
		return;
	}
}

void check_state(struct abi *abi, struct abi_diag *diag)
{
	for (size_t i = 0; i < abi->constants.n; i++)
		check_constant(abi, diag, &abi->constants.v[i]);
	for (size_t i = 0; i < abi->functions.n; i++)
		resolve_function(abi, diag, &abi->functions.v[i]);
	for (size_t i = 0; i < abi->functions.n; i++)
		check_overloads(abi, diag, &abi->functions.v[i]);
}
