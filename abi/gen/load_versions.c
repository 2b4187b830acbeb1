/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "load.h"

/* "2.0": two small numbers. */
static void check_revision(struct abi_loader *ld, struct abi_text text)
{
	const char *dot = text.s != NULL ? strchr(text.s, '.') : NULL;
	size_t digits = text.s != NULL ? strspn(text.s, "0123456789.") : 0;

	if (text.s == NULL)
		return;
	if (dot != NULL && dot != text.s && dot[1] != '\0' && strchr(dot + 1, '.') == NULL &&
	    text.s[digits] == '\0' && strlen(text.s) <= 9)
		return;
	abi_error(ld->diag, text.loc, "'%s' is no interface revision", text.s);
	abi_remedy(ld->diag, "write it as \"major.minor\"");
}

static void report_same(struct abi_loader *ld, struct abi_text text, struct abi_text other)
{
	if (text.s == NULL || other.s == NULL || strcmp(text.s, other.s) != 0)
		return;
	abi_error(ld->diag, text.loc, "two versions are called '%s' (first in line %u)", text.s,
		  other.loc.line);
	abi_remedy(ld->diag, "give each version a name and an ns of its own");
}

static void load_version(struct abi_loader *ld, struct yaml_node *node)
{
	struct abi_version version = {.name.s = NULL};
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a version"))
		return;
	version.name = keys_text(&r, "name", KEY_REQUIRED);
	version.ns = keys_name(&r, "ns", KEY_REQUIRED);
	version.rmi = keys_text(&r, "rmi", KEY_REQUIRED);
	version.rsi = keys_text(&r, "rsi", KEY_REQUIRED);
	version.doc = keys_text(&r, "doc", KEY_OPTIONAL);
	version.source = keys_text(&r, "source", KEY_OPTIONAL);
	keys_end(&r);
	check_revision(ld, version.rmi);
	check_revision(ld, version.rsi);
	if (version.name.s == NULL)
		return;
	for (size_t i = 0; i < ld->abi->versions.n; i++) {
		report_same(ld, version.name, ld->abi->versions.v[i].name);
		report_same(ld, version.ns, ld->abi->versions.v[i].ns);
	}
	*ABI_LIST_ADD(ld->arena, &ld->abi->versions) = version;
}

void load_versions(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++) {
		if (ld->abi->versions.n == ABI_MAX_VERSIONS) {
			abi_error(ld->diag, list->items.v[i]->loc, "more than %d versions",
				  ABI_MAX_VERSIONS);
			abi_remedy(ld->diag, "remove versions that nobody needs any more");
			return;
		}
		load_version(ld, list->items.v[i]);
	}
	if (list->items.n == 0) {
		abi_error(ld->diag, list->loc, "'versions' is empty");
		abi_remedy(ld->diag, "list at least one version");
	}
}
