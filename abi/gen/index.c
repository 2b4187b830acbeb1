/* SPDX-License-Identifier: BSD-3-Clause */
#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "ident.h"

static size_t count_failures(const struct abi *abi)
{
	size_t n = 0;

	for (size_t i = 0; i < abi->commands.n; i++)
		n += abi->commands.v[i].fail.n;
	return n;
}

static void index_commands(const struct abi *abi, struct abi_index *index)
{
	index->commands =
		abi_arena_alloc(abi->arena, abi->commands.n + 1, sizeof(*index->commands));
	for (size_t i = 0; i < abi->commands.n; i++) {
		if (command_is_first_form(abi, i))
			index->commands[index->num_commands++] = &abi->commands.v[i];
	}
}

static void index_conditions(const struct abi *abi, struct abi_index *index)
{
	index->conditions =
		abi_arena_alloc(abi->arena, count_failures(abi) + 1, sizeof(*index->conditions));
	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *c = &abi->commands.v[i];

		for (size_t k = 0; k < c->fail.n; k++) {
			if (abi_index_condition(index, c->fail.v[k].constant) != INDEX_NONE)
				continue;
			index->conditions[index->num_conditions++] = (struct indexed_condition){
				&c->fail.v[k], abi_index_command(index, c->name.s)};
		}
	}
}

struct abi_index abi_index_build(const struct abi *abi)
{
	struct abi_index index = {0};

	index_commands(abi, &index);
	index_conditions(abi, &index);
	return index;
}

size_t abi_index_command(const struct abi_index *index, const char *name)
{
	for (size_t i = 0; i < index->num_commands; i++) {
		if (strcmp(index->commands[i]->name.s, name) == 0)
			return i;
	}
	return INDEX_NONE;
}

size_t abi_index_condition(const struct abi_index *index, const char *constant)
{
	for (size_t i = 0; i < index->num_conditions; i++) {
		if (strcmp(index->conditions[i].first->constant, constant) == 0)
			return i;
	}
	return INDEX_NONE;
}

const struct abi_command *abi_form(const struct abi *abi, size_t version, const char *name)
{
	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *c = &abi->commands.v[i];

		if (in_version(c->versions, version) && strcmp(c->name.s, name) == 0)
			return c;
	}
	return NULL;
}

static int compare_fids(const void *a, const void *b)
{
	const struct abi_command *const *x = a;
	const struct abi_command *const *y = b;

	return ((*x)->fid > (*y)->fid) - ((*x)->fid < (*y)->fid);
}

struct form_list abi_forms_by_fid(const struct abi *abi, size_t version)
{
	struct form_list list = {abi_arena_alloc(abi->arena, abi->commands.n + 1, sizeof(*list.v)),
				 0};

	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *c = &abi->commands.v[i];

		if (in_version(c->versions, version) && c->has_fid)
			list.v[list.n++] = c;
	}
	qsort(list.v, list.n, sizeof(*list.v), compare_fids);
	return list;
}

static const struct abi_condition *find_failure(const struct abi_command *c, size_t version,
						const char *constant)
{
	for (size_t i = 0; i < c->fail.n; i++) {
		const struct abi_condition *f = &c->fail.v[i];

		if (in_version(f->versions, version) && strcmp(f->constant, constant) == 0)
			return f;
	}
	return NULL;
}

const struct abi_condition *abi_condition_record(const struct abi *abi, size_t version,
						 const char *constant)
{
	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *c = &abi->commands.v[i];
		const struct abi_condition *f = NULL;

		if (in_version(c->versions, version))
			f = find_failure(c, version, constant);
		if (f)
			return f;
	}
	return NULL;
}

bool field_is_named(const struct abi_field *field, const char *name)
{
	return field->reserved == ABI_NOT_RESERVED && strcmp(field->name.s, name) == 0;
}

bool field_is_first(const struct abi_type *type, size_t i)
{
	if (type->fields.v[i].reserved != ABI_NOT_RESERVED)
		return false;
	for (size_t k = 0; k < i; k++) {
		if (field_is_named(&type->fields.v[k], type->fields.v[i].name.s))
			return false;
	}
	return true;
}

abi_versions field_versions(const struct abi_type *type, const char *name)
{
	abi_versions versions = 0;

	for (size_t i = 0; i < type->fields.n; i++) {
		if (field_is_named(&type->fields.v[i], name))
			versions |= type->fields.v[i].versions & type->versions;
	}
	return versions;
}

bool field_never_moves(const struct abi_type *type, const char *name)
{
	const struct abi_field *first = NULL;

	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];

		if (!field_is_named(f, name))
			continue;
		if (first && (first->lsb != f->lsb || first->width != f->width))
			return false;
		first = first ? first : f;
	}
	return true;
}
