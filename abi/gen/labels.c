/* SPDX-License-Identifier: BSD-3-Clause */
#include "labels.h"

#include <inttypes.h>
#include <string.h>

#include "arena.h"
#include "ident.h"

static bool is_concrete_enum(const struct abi_type *type)
{
	return type->kind == ABI_TYPE_ENUM && !type->abstract;
}

static size_t count_values(const struct abi *abi)
{
	size_t n = 0;

	for (size_t i = 0; i < abi->types.n; i++)
		n += abi->types.v[i]->values.n;
	return n;
}

static struct label *find(const struct label_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->v[i].name, name) == 0)
			return &list->v[i];
	}
	return NULL;
}

static void add(struct label_list *list, const struct abi_type *type,
		const struct abi_enum_value *value)
{
	struct label *known = find(list, value->name.s);

	if (!known)
		list->v[list->n++] = (struct label){value->name.s, type, value, false};
	else if (known->value->value != value->value)
		known->varies = true;
}

struct label_list labels_collect(const struct abi *abi)
{
	struct label_list list = {
		abi_arena_alloc(abi->arena, count_values(abi) + 1, sizeof(struct label)), 0};

	for (size_t i = 0; i < abi->types.n; i++) {
		const struct abi_type *type = abi->types.v[i];

		for (size_t k = 0; is_concrete_enum(type) && k < type->values.n; k++)
			add(&list, type, &type->values.v[k]);
	}
	return list;
}

bool label_value(const struct abi *abi, size_t version, const char *name, uint64_t *value)
{
	for (size_t i = 0; i < abi->types.n; i++) {
		const struct abi_type *type = abi->types.v[i];

		for (size_t k = 0; is_concrete_enum(type) && k < type->values.n; k++) {
			const struct abi_enum_value *v = &type->values.v[k];

			if (!in_version(v->versions & type->versions, version) ||
			    strcmp(v->name.s, name) != 0)
				continue;
			*value = v->value;
			return true;
		}
	}
	return false;
}

void w_label_constant(struct writer *w, const struct abi_type *type, uint64_t value)
{
	if (type->width <= 32)
		w_printf(w, "%" PRIu64 "U", value);
	else if (value < 0x10000)
		w_printf(w, "UINT64_C(%" PRIu64 ")", value);
	else
		w_printf(w, "UINT64_C(0x%" PRIX64 ")", value);
}
