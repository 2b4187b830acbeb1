/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads linux.yaml. */
#include "linux_names.h"

#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "ident.h"
#include "keys.h"
#include "source.h"
#include "versions.h"
#include "yaml_node.h"

struct reader {
	const struct abi *abi;
	struct abi_diag *diag;
};

static void read_part(const struct reader *in, struct yaml_node *node, const char *key,
		      struct linux_item *item)
{
	struct abi_arena *arena = in->abi->arena;
	struct linux_part *part;
	struct key_reader r;

	if (!keys_begin(&r, arena, in->diag, node, "a Linux name"))
		return;
	part = ABI_LIST_ADD(arena, &item->parts);
	part->part = keys_text(&r, key, KEY_REQUIRED);
	part->name = keys_text(&r, "name", KEY_OPTIONAL);
	part->get = keys_text(&r, "get", KEY_OPTIONAL);
	part->select = keys_text(&r, "select", KEY_OPTIONAL);
	part->msb = keys_text(&r, "msb", KEY_OPTIONAL);
	part->lsb = keys_text(&r, "lsb", KEY_OPTIONAL);
	part->count = keys_text(&r, "count", KEY_OPTIONAL);
	part->versions = versions_read(&r, in->abi, item->versions);
	keys_end(&r);
}

static const struct abi_type *find_type(const struct reader *in, struct abi_text name)
{
	const struct abi_type *type = name.s ? abi_type_find(in->abi, name.s) : NULL;

	if (name.s && !type) {
		abi_error(in->diag, name.loc, "unknown type '%s'", name.s);
		abi_remedy(in->diag, "name a type of the description");
	}
	return type;
}

static bool type_has_part(const struct abi_type *type, const char *name)
{
	for (size_t i = 0; i < type->values.n; i++) {
		if (strcmp(type->values.v[i].name.s, name) == 0)
			return true;
	}
	for (size_t i = 0; i < type->fields.n; i++) {
		if (type->fields.v[i].name.s && strcmp(type->fields.v[i].name.s, name) == 0)
			return true;
	}
	return false;
}

static void check_parts(const struct reader *in, const struct linux_item *item)
{
	for (size_t i = 0; item->type && i < item->parts.n; i++) {
		const struct abi_text *part = &item->parts.v[i].part;

		if (!part->s || type_has_part(item->type, part->s))
			continue;
		abi_error(in->diag, part->loc, "'%s' has no '%s'", item->type->name.s, part->s);
		abi_remedy(in->diag, "name a label or field of that type");
	}
}

static void read_item(const struct reader *in, struct yaml_node *node, const char *key,
		      struct linux_item *item)
{
	const struct yaml_node *parts;
	uint32_t at = 0;
	struct key_reader r;

	if (!keys_begin(&r, in->abi->arena, in->diag, node, "a type of Linux"))
		return;
	item->type = find_type(in, keys_text(&r, "type", KEY_REQUIRED));
	item->name = keys_text(&r, "name", KEY_OPTIONAL);
	item->prefix = keys_text(&r, "prefix", KEY_OPTIONAL);
	item->make = keys_text(&r, "make", KEY_OPTIONAL);
	(void)keys_u32(&r, "at", KEY_OPTIONAL, 63, &at);
	item->at = at;
	item->versions = versions_read(&r, in->abi, abi_all_versions(in->abi));
	parts = keys_list(&r, strcmp(key, "label") == 0 ? "labels" : "fields", KEY_OPTIONAL);
	for (size_t i = 0; parts && i < parts->items.n; i++)
		read_part(in, parts->items.v[i], key, item);
	keys_end(&r);
	check_parts(in, item);
}

static void read_items(const struct reader *in, const struct yaml_node *list, const char *key,
		       struct linux_items *items)
{
	for (size_t i = 0; list && i < list->items.n; i++) {
		struct linux_item item = {0};

		read_item(in, list->items.v[i], key, &item);
		if (item.type)
			*ABI_LIST_ADD(in->abi->arena, items) = item;
	}
}

static void read_macros(const struct reader *in, const struct yaml_node *list,
			struct linux_names *names)
{
	for (size_t i = 0; list && i < list->items.n; i++) {
		struct linux_macro *macro;
		struct key_reader r;

		if (!keys_begin(&r, in->abi->arena, in->diag, list->items.v[i], "a macro"))
			continue;
		macro = ABI_LIST_ADD(in->abi->arena, &names->macros);
		macro->name = keys_text(&r, "name", KEY_REQUIRED);
		macro->value = keys_text(&r, "value", KEY_REQUIRED);
		macro->versions = versions_read(&r, in->abi, names->versions);
		keys_end(&r);
	}
}

static void read_commands(const struct reader *in, struct yaml_node *node,
			  struct linux_names *names)
{
	struct key_reader r;

	if (!node || !keys_begin(&r, in->abi->arena, in->diag, node, "commands"))
		return;
	names->interface = keys_text(&r, "interface", KEY_REQUIRED);
	names->prefix = keys_text(&r, "prefix", KEY_REQUIRED);
	names->major = keys_text(&r, "major", KEY_REQUIRED);
	names->minor = keys_text(&r, "minor", KEY_REQUIRED);
	keys_end(&r);
}

static void read_names(const struct reader *in, struct yaml_node *root, struct linux_names *names)
{
	struct key_reader r;

	if (!keys_begin(&r, in->abi->arena, in->diag, root, "linux.yaml"))
		return;
	names->versions = versions_read(&r, in->abi, abi_all_versions(in->abi));
	read_commands(in, keys_node(&r, "commands", KEY_REQUIRED), names);
	read_items(in, keys_list(&r, "enums", KEY_OPTIONAL), "label", &names->enums);
	read_items(in, keys_list(&r, "bits", KEY_OPTIONAL), "field", &names->bits);
	read_items(in, keys_list(&r, "structs", KEY_OPTIONAL), "field", &names->structs);
	read_macros(in, keys_list(&r, "macros", KEY_OPTIONAL), names);
	keys_end(&r);
}

static const char *linux_path(const struct abi *abi)
{
	const char *first = abi->files.n ? abi->files.v[0] : "";
	const char *slash = strrchr(first, '/');

	if (!slash)
		return "linux.yaml";
	return abi_arena_printf(abi->arena, "%.*s/linux.yaml", (int)(slash - first), first);
}

int linux_names_load(const struct abi *abi, struct abi_diag *diag, struct linux_names **out)
{
	const struct reader in = {abi, diag};
	const char *path = linux_path(abi);
	size_t before = abi_diag_errors(diag);
	struct abi_source source = {0};
	struct yaml_node *root = NULL;

	*out = NULL;
	if (access(path, F_OK) != 0)
		return 0;
	switch (abi_source_read(path, abi->arena, diag, &source)) {
	case ABI_SOURCE_OK:
		root = yaml_node_parse(path, source, abi->arena, diag);
		break;
	case ABI_SOURCE_UNREADABLE:
		abi_io_error(diag, path, "cannot read the file: %s", source.why);
		break;
	case ABI_SOURCE_BAD:
		break;
	}
	if (root) {
		*out = abi_arena_alloc(abi->arena, 1, sizeof(**out));
		read_names(&in, root, *out);
	}
	return abi_diag_errors(diag) == before ? 0 : -1;
}

bool linux_names_cover(const struct linux_names *names, size_t version)
{
	return names && in_version(names->versions, version);
}

const struct linux_part *linux_part_find(const struct linux_item *item, size_t version,
					 const char *part)
{
	for (size_t i = 0; i < item->parts.n; i++) {
		const struct linux_part *p = &item->parts.v[i];

		if (in_version(p->versions, version) && strcmp(p->part.s, part) == 0)
			return p;
	}
	return NULL;
}
