/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "load.h"
#include "source.h"

#define MAX_FILES 256

/* The path of `name` as seen from the directory of `from`. */
static const char *relative_to(struct abi_arena *arena, const char *from, const char *name)
{
	const char *slash = strrchr(from, '/');

	if (slash == NULL || name[0] == '/')
		return abi_arena_strndup(arena, name, strlen(name));
	return abi_arena_printf(arena, "%.*s/%s", (int)(slash - from), from, name);
}

/* One file may be named in several ways; it is loaded once. */
static const char *identity(struct abi_arena *arena, const char *path)
{
	char *real = realpath(path, NULL);
	const char *copy;

	if (real == NULL)
		return path;
	copy = abi_arena_strndup(arena, real, strlen(real));
	free(real);
	return copy;
}

static bool is_loaded(const struct abi_loader *ld, const char *real)
{
	for (size_t i = 0; i < ld->files.n; i++)
		if (strcmp(ld->files.v[i].real, real) == 0)
			return true;
	return false;
}

static void report_unreadable(struct abi_loader *ld, const char *path, const char *why,
			      const struct abi_text *use)
{
	if (use != NULL) {
		abi_error(ld->diag, use->loc, "cannot read '%s': %s", path, why);
		abi_remedy(ld->diag, "correct the name; it is relative to this file's directory");
		return;
	}
	abi_io_error(ld->diag, path, "cannot read the file: %s", why);
	abi_remedy(ld->diag, "name a description file that exists and is readable");
}

/* Adds a file to the set, unless it is there. `use` is the entry that named it. */
static void add_file(struct abi_loader *ld, const char *path, const struct abi_text *use)
{
	const char *real = identity(ld->arena, path);
	struct abi_source source = {.text = NULL};
	struct yaml_node *root = NULL;

	if (is_loaded(ld, real))
		return;
	if (ld->files.n == MAX_FILES) {
		report_unreadable(ld, path, "too many files", use);
		return;
	}
	switch (abi_source_read(path, ld->arena, ld->diag, &source)) {
	case ABI_SOURCE_OK:
		root = yaml_node_parse(path, source, ld->arena, ld->diag);
		break;
	case ABI_SOURCE_UNREADABLE:
		report_unreadable(ld, path, source.why, use);
		break;
	case ABI_SOURCE_BAD:
		break;
	}
	*ABI_LIST_ADD(ld->arena, &ld->files) =
		(struct load_file){.path = path, .real = real, .root = root};
}

static void add_uses(struct abi_loader *ld, const struct load_file *file)
{
	struct key_reader r;
	const struct yaml_node *list;

	if (!keys_begin(&r, ld->arena, ld->diag, file->root, "a description"))
		return;
	list = keys_list(&r, "uses", KEY_OPTIONAL);
	for (size_t i = 0; list != NULL && i < list->items.n; i++) {
		const struct yaml_node *item = list->items.v[i];

		if (!node_is(ld->diag, item, YAML_KIND_SCALAR, "a file name"))
			continue;
		add_file(ld, relative_to(ld->arena, file->path, item->text.s), &item->text);
	}
}

void load_files(struct abi_loader *ld, const char *const *files, size_t num_files)
{
	for (size_t i = 0; i < num_files; i++)
		add_file(ld, abi_arena_strndup(ld->arena, files[i], strlen(files[i])), NULL);
	for (size_t i = 0; i < ld->files.n; i++) {
		struct load_file file = ld->files.v[i];

		if (file.root != NULL)
			add_uses(ld, &file);
		*ABI_LIST_ADD(ld->arena, &ld->abi->files) = file.path;
	}
}
