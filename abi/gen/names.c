/* SPDX-License-Identifier: BSD-3-Clause */
#include "names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "near.h"

#define MAX_BUILTIN_WIDTH 4096u
#define MAX_ARRAY_COUNT   65536u

struct builtin {
	const char *name;
	enum abi_type_kind kind;
	uint32_t width; /* 0 with has_width: written behind the name */
	bool has_width;
};

static const struct builtin builtins[] = {
	{"Bool", ABI_TYPE_BOOL, 0, false}, {"Int", ABI_TYPE_INT, 0, false},
	{"Any", ABI_TYPE_ANY, 0, false},   {"Address", ABI_TYPE_ADDRESS, 64, false},
	{"UInt", ABI_TYPE_UINT, 0, true},  {"Int", ABI_TYPE_SINT, 0, true},
	{"Bits", ABI_TYPE_BITS, 0, true},
};

#define NUM_BUILTINS (sizeof(builtins) / sizeof(builtins[0]))

static void add_labels(struct abi *abi, const struct abi_type *type)
{
	for (size_t i = 0; i < type->values.n; i++) {
		struct abi_label *label = abi_arena_alloc(abi->arena, 1, sizeof(*label));

		label->type = type;
		label->value = &type->values.v[i];
		name_map_add(abi->names->labels, label->value->name.s, label);
	}
}

static void add_type(struct abi *abi, const struct abi_type *type)
{
	name_map_add(abi->names->types, type->name.s, type);
	if (type->kind == ABI_TYPE_ENUM)
		add_labels(abi, type);
}

void abi_names_build(struct abi *abi)
{
	struct abi_names *names = abi_arena_alloc(abi->arena, 1, sizeof(*names));
	struct abi_type *error_type = abi_arena_alloc(abi->arena, 1, sizeof(*error_type));

	error_type->kind = ABI_TYPE_ERROR;
	error_type->name.s = "an unknown type";
	error_type->versions = abi_all_versions(abi);
	names->error_type = error_type;
	names->types = name_map_new(abi->arena);
	names->labels = name_map_new(abi->arena);
	names->functions = name_map_new(abi->arena);
	names->constants = name_map_new(abi->arena);
	names->derived = name_map_new(abi->arena);
	abi->names = names;
	for (size_t i = 0; i < abi->types.n; i++)
		add_type(abi, abi->types.v[i]);
	for (size_t i = 0; i < abi->state_types.n; i++)
		add_type(abi, abi->state_types.v[i]);
	for (size_t i = 0; i < abi->constants.n; i++)
		name_map_add(names->constants, abi->constants.v[i].name.s, &abi->constants.v[i]);
	for (size_t i = 0; i < abi->functions.n; i++)
		name_map_add(names->functions, abi->functions.v[i].name.s, &abi->functions.v[i]);
}

const struct abi_type *abi_type_find(const struct abi *abi, const char *name)
{
	return name_map_find(abi->names->types, name);
}

/* ---- derived types ------------------------------------------------------ */

static struct abi_type *add_derived(struct abi *abi, const char *name, enum abi_type_kind kind)
{
	struct abi_type *type = abi_arena_alloc(abi->arena, 1, sizeof(*type));

	type->kind = kind;
	type->name.s = name;
	type->versions = abi_all_versions(abi);
	name_map_add(abi->names->derived, name, type);
	return type;
}

const struct abi_type *abi_type_builtin(struct abi *abi, enum abi_type_kind kind, uint32_t width)
{
	const struct builtin *b = builtins;
	const struct abi_type *known;
	struct abi_type *type;
	const char *name;

	while (b->kind != kind)
		b++;
	name = b->has_width ? abi_arena_printf(abi->arena, "%s%u", b->name, width) : b->name;
	known = name_map_find(abi->names->derived, name);
	if (known != NULL)
		return known;
	type = add_derived(abi, name, kind);
	type->width = b->has_width ? width : b->width;
	return type;
}

const struct abi_type *abi_type_array(struct abi *abi, const struct abi_type *element,
				      uint64_t count)
{
	const char *name = abi_arena_printf(abi->arena, "%s[%llu]", abi_type_text(element),
					    (unsigned long long)count);
	const struct abi_type *known = name_map_find(abi->names->derived, name);
	struct abi_type *type;

	if (known != NULL)
		return known;
	type = add_derived(abi, name, ABI_TYPE_ARRAY);
	type->element = element;
	type->count = count;
	type->versions = element->versions;
	return type;
}

const char *abi_type_text(const struct abi_type *type)
{
	return type != NULL && type->name.s != NULL ? type->name.s : "an unknown type";
}

/* ---- resolution --------------------------------------------------------- */

/* A number at the end of a name, or in brackets; 0 when it is none or too large. */
static uint32_t small_number(const char *s, size_t len, uint32_t max)
{
	uint32_t value = 0;

	if (len == 0 || s[0] == '0')
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)s[i]))
			return 0;
		value = value * 10 + (uint32_t)(s[i] - '0');
		if (value > max)
			return 0;
	}
	return value;
}

static const struct abi_type *find_builtin(struct abi *abi, const char *name)
{
	for (size_t i = 0; i < NUM_BUILTINS; i++) {
		const struct builtin *b = &builtins[i];
		size_t len = strlen(b->name);
		uint32_t width;

		if (strncmp(name, b->name, len) != 0)
			continue;
		if (!b->has_width && name[len] == '\0')
			return abi_type_builtin(abi, b->kind, 0);
		width = small_number(name + len, strlen(name + len), MAX_BUILTIN_WIDTH);
		if (b->has_width && width != 0)
			return abi_type_builtin(abi, b->kind, width);
	}
	return NULL;
}

static const struct abi_type *find_type(struct abi *abi, const char *name);

/* "T[n]" */
static const struct abi_type *find_array(struct abi *abi, const char *name, const char *bracket)
{
	size_t len = strlen(bracket);
	const struct abi_type *element;
	uint32_t count;

	if (len < 3 || bracket[len - 1] != ']')
		return NULL;
	count = small_number(bracket + 1, len - 2, MAX_ARRAY_COUNT);
	element = find_type(abi, abi_arena_strndup(abi->arena, name, (size_t)(bracket - name)));
	return count != 0 && element != NULL ? abi_type_array(abi, element, count) : NULL;
}

static const struct abi_type *find_type(struct abi *abi, const char *name)
{
	const char *bracket = strchr(name, '[');
	const struct abi_type *type;

	if (bracket != NULL)
		return find_array(abi, name, bracket);
	type = abi_type_find(abi, name);
	return type != NULL ? type : find_builtin(abi, name);
}

const struct abi_type *abi_type_resolve(struct abi *abi, struct abi_diag *diag,
					struct abi_text name)
{
	const struct abi_type *type = name.s != NULL ? find_type(abi, name.s) : NULL;
	struct abi_near near;

	if (type != NULL)
		return type;
	if (name.s == NULL)
		return abi->names->error_type; /* the missing key was reported */
	abi_error(diag, name.loc, "unknown type '%s'", name.s);
	abi_near_begin_for(&near, diag, name.s);
	for (size_t i = 0; i < abi->types.n; i++)
		abi_near_try(&near, abi->types.v[i]->name.s);
	for (size_t i = 0; i < abi->state_types.n; i++)
		abi_near_try(&near, abi->state_types.v[i]->name.s);
	for (size_t i = 0; i < NUM_BUILTINS; i++)
		abi_near_try(&near, builtins[i].name);
	if (near.best != NULL)
		abi_remedy(diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(diag, "declare it, name the file that does in 'uses', or use a built-in "
				 "type: Address, UIntN, IntN, BitsN; Bool and Int in conditions");
	return abi->names->error_type;
}
