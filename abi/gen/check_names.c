/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of types, labels, constants, fields and behaviours are unique per version. */
#include <string.h>

#include "arena.h"
#include "check.h"
#include "unique.h"
#include "versions.h"

struct names_check {
	struct abi *abi;
	struct abi_diag *diag;
	struct unique_names names; /* of the group that is being checked */
};

static void add_name(struct names_check *c, const char *what, struct abi_text name,
		     abi_versions versions)
{
	const struct unique_name *other = unique_add(&c->names, name, versions, NULL);

	if (other == NULL)
		return;
	abi_error(c->diag, name.loc, "%s '%s' is declared twice (first in %s line %u), in %s", what,
		  name.s, other->name.loc.file, other->name.loc.line,
		  versions_text(c->abi->arena, c->abi, other->versions & versions));
	abi_remedy(c->diag, "rename or remove one, or limit the two to different versions");
}

/* One record a type at run time: its fields and values have versions, it has not. */
static void add_types(struct names_check *c, struct abi_type *const *types, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct abi_type *type = types[i];
		const struct unique_name *other =
			unique_add(&c->names, type->name, abi_all_versions(c->abi), NULL);

		if (other == NULL)
			continue;
		abi_error(c->diag, type->name.loc,
			  "the type '%s' is declared twice (first in %s line %u)", type->name.s,
			  other->name.loc.file, other->name.loc.line);
		abi_remedy(c->diag, "keep one and limit its fields or values to versions");
	}
}

static void add_labels(struct names_check *c, struct abi_type *const *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < types[i]->values.n; k++)
			add_name(c, "the label", types[i]->values.v[k].name,
				 types[i]->values.v[k].versions);
}

static void check_field_names(struct names_check *c, const struct abi_type *type)
{
	unique_begin(&c->names, c->abi->arena);
	for (size_t i = 0; i < type->fields.n; i++)
		if (type->fields.v[i].name.s != NULL)
			add_name(c, "the field", type->fields.v[i].name,
				 type->fields.v[i].versions);
}

void check_names(struct abi *abi, struct abi_diag *diag)
{
	struct names_check c = {.abi = abi, .diag = diag};

	unique_begin(&c.names, abi->arena);
	add_types(&c, abi->types.v, abi->types.n);
	add_types(&c, abi->state_types.v, abi->state_types.n);
	unique_begin(&c.names, abi->arena);
	add_labels(&c, abi->types.v, abi->types.n);
	add_labels(&c, abi->state_types.v, abi->state_types.n);
	for (size_t i = 0; i < abi->constants.n; i++)
		add_name(&c, "the constant", abi->constants.v[i].name,
			 abi->constants.v[i].versions);
	unique_begin(&c.names, abi->arena);
	for (size_t i = 0; i < abi->behaviours.n; i++)
		add_name(&c, "the behaviour", abi->behaviours.v[i].name, abi_all_versions(abi));
	for (size_t i = 0; i < abi->types.n; i++)
		check_field_names(&c, abi->types.v[i]);
	for (size_t i = 0; i < abi->state_types.n; i++)
		check_field_names(&c, abi->state_types.v[i]);
}
