/* SPDX-License-Identifier: BSD-3-Clause */
#include "versions.h"

#include <string.h>

#include "arena.h"

abi_versions abi_all_versions(const struct abi *abi)
{
	return abi->versions.n >= ABI_MAX_VERSIONS ? UINT32_MAX : (1u << abi->versions.n) - 1;
}

int abi_version_index(const struct abi *abi, const char *name)
{
	for (size_t i = 0; i < abi->versions.n; i++)
		if (strcmp(abi->versions.v[i].name.s, name) == 0)
			return (int)i;
	return -1;
}

const char *versions_text(struct abi_arena *arena, const struct abi *abi, abi_versions set)
{
	const char *text = "";

	for (size_t i = 0; i < abi->versions.n; i++)
		if ((set >> i & 1) != 0)
			text = abi_arena_printf(arena, "%s%s%s", text, text[0] != '\0' ? ", " : "",
						abi->versions.v[i].name.s);
	return text;
}

const char *versions_first(const struct abi *abi, abi_versions set)
{
	for (size_t i = 0; i < abi->versions.n; i++)
		if ((set >> i & 1) != 0)
			return abi->versions.v[i].name.s;
	return "no version";
}

bool versions_parse_name(const struct abi *abi, struct abi_diag *diag, struct abi_text name,
			 int *index)
{
	*index = abi_version_index(abi, name.s);
	if (*index >= 0)
		return true;
	abi_error(diag, name.loc, "unknown version '%s'", name.s);
	abi_remedy(diag, "use one of: %s", versions_text(abi->arena, abi, abi_all_versions(abi)));
	return false;
}

/* The bound named by a key; absent or unknown: `otherwise`. */
static int read_bound(struct key_reader *r, const struct abi *abi, const char *key, int otherwise,
		      struct abi_loc *loc)
{
	struct abi_text text = keys_text(r, key, KEY_OPTIONAL);
	int index;

	if (text.s == NULL)
		return otherwise;
	*loc = text.loc;
	return versions_parse_name(abi, r->diag, text, &index) ? index : otherwise;
}

static abi_versions read_range(struct key_reader *r, const struct abi *abi)
{
	struct abi_loc loc = r->map->loc;
	int last = (int)abi->versions.n - 1;
	int since = read_bound(r, abi, "since", 0, &loc);
	int until = read_bound(r, abi, "until", last, &loc);
	abi_versions set = 0;

	if (since > until) {
		abi_error(r->diag, loc, "'since' %s is later than 'until' %s",
			  abi->versions.v[since].name.s, abi->versions.v[until].name.s);
		abi_remedy(r->diag, "swap the two (both are included)");
		return abi_all_versions(abi);
	}
	for (int i = since; i <= until; i++)
		set |= 1u << i;
	return set;
}

static abi_versions read_list(struct key_reader *r, const struct abi *abi,
			      const struct yaml_node *list)
{
	abi_versions set = 0;

	for (size_t i = 0; i < list->items.n; i++) {
		const struct yaml_node *item = list->items.v[i];
		int index;

		if (node_is(r->diag, item, YAML_KIND_SCALAR, "a version") &&
		    versions_parse_name(abi, r->diag, item->text, &index))
			set |= 1u << index;
	}
	if (list->items.n == 0) {
		abi_error(r->diag, list->loc, "'versions' is empty");
		abi_remedy(r->diag, "name the versions, or leave the key out for all of them");
	}
	return set != 0 ? set : abi_all_versions(abi);
}

static bool has_key(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; i < map->pairs.n; i++)
		if (strcmp(map->pairs.v[i].key.s, key) == 0)
			return true;
	return false;
}

abi_versions versions_read(struct key_reader *r, const struct abi *abi, abi_versions outer)
{
	abi_versions set = read_range(r, abi);
	const struct yaml_node *list = keys_list(r, "versions", KEY_OPTIONAL);

	if (list != NULL) {
		set = read_list(r, abi, list);
		if (has_key(r->map, "since") || has_key(r->map, "until")) {
			abi_error(r->diag, list->loc, "'versions' beside 'since' or 'until'");
			abi_remedy(r->diag, "keep one of the two ways to name the versions");
		}
	}
	if ((set & outer) == 0) {
		abi_error(r->diag, r->map->loc,
			  "%s exists in no version: what contains it exists in %s", r->what,
			  versions_text(r->arena, abi, outer));
		abi_remedy(r->diag, "correct the versions of one of the two, or remove it");
		return outer;
	}
	return set & outer;
}
