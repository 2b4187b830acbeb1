/* SPDX-License-Identifier: BSD-3-Clause */
#include "load.h"

#include "check.h"
#include "keys.h"
#include "names.h"

typedef void load_list_fn(struct abi_loader *ld, const struct yaml_node *list);

struct section {
	const char *key;
	load_list_fn *load;
};

static const struct section sections[] = {
	{"enums", load_enums},
	{"bitfields", load_bitfields},
	{"structs", load_structs},
	{"constants", load_constants},
	{"state_enums", load_state_enums},
	{"state_structs", load_state_structs},
	{"functions", load_functions},
	{"commands", load_commands},
	{"behaviours", load_behaviours},
	{"state_machines", load_machines},
};

static const char *const interfaces[] = {"RMI", "RSI", "PSCI", "SMCCC", NULL};

/* Reads the one list of versions of the set, which everything else refers to. */
static void load_set_versions(struct abi_loader *ld)
{
	for (size_t i = 0; i < ld->files.n; i++) {
		struct key_reader r;
		const struct yaml_node *list;
		struct yaml_node *root = ld->files.v[i].root;

		if (root == NULL || root->kind != YAML_KIND_MAPPING)
			continue;
		keys_begin(&r, ld->arena, ld->diag, root, "a description");
		list = keys_list(&r, "versions", KEY_OPTIONAL);
		if (list == NULL)
			continue;
		if (ld->abi->versions.n == 0) {
			load_versions(ld, list);
			continue;
		}
		abi_error(ld->diag, list->loc, "a second list of versions in this set");
		abi_remedy(ld->diag, "keep one list and name its file in 'uses'");
	}
}

static void load_interface(struct abi_loader *ld, struct key_reader *r)
{
	int i = keys_word(r, "interface", interfaces, -1);

	ld->interface = (struct abi_text){.s = i >= 0 ? interfaces[i] : NULL, .loc = r->map->loc};
}

static void load_file_content(struct abi_loader *ld, struct yaml_node *root)
{
	struct key_reader r;

	if (root == NULL || root->kind != YAML_KIND_MAPPING)
		return;
	keys_begin(&r, ld->arena, ld->diag, root, "a description");
	keys_node(&r, "uses", KEY_OPTIONAL);
	keys_node(&r, "versions", KEY_OPTIONAL);
	load_interface(ld, &r);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct yaml_node *list = keys_list(&r, sections[i].key, KEY_OPTIONAL);

		if (list != NULL)
			sections[i].load(ld, list);
	}
	keys_end(&r);
}

static bool all_parsed(const struct abi_loader *ld)
{
	for (size_t i = 0; i < ld->files.n; i++)
		if (ld->files.v[i].root == NULL)
			return false;
	return ld->files.n > 0;
}

static void load_set(struct abi_loader *ld, const char *const *files, size_t num_files)
{
	load_files(ld, files, num_files);
	load_set_versions(ld);
	if (ld->abi->versions.n == 0) {
		/* Without versions nothing has a meaning; a broken file may hold them. */
		if (all_parsed(ld) && abi_diag_errors(ld->diag) == 0) {
			abi_error(ld->diag,
				  (struct abi_loc){
					  .file = ld->files.v[0].path, .line = 1, .column = 1},
				  "no file of this set has the key 'versions'");
			abi_remedy(ld->diag, "add 'uses:' with the file that lists the versions");
		}
		return;
	}
	for (size_t i = 0; i < ld->files.n; i++)
		load_file_content(ld, ld->files.v[i].root);
	/* A file that is missing would be followed by an error at each use of it. */
	if (all_parsed(ld))
		abi_check(ld->abi, ld->diag);
}

struct abi *abi_load(const char *const *files, size_t num_files, struct abi_diag *diag)
{
	struct abi_arena *arena = abi_arena_new();
	struct abi *abi = abi_arena_alloc(arena, 1, sizeof(*abi));
	struct abi_loader ld = {.abi = abi, .arena = arena, .diag = diag};
	size_t errors_before = abi_diag_errors(diag);

	abi->arena = arena;
	load_set(&ld, files, num_files);
	if (abi_diag_errors(diag) == errors_before)
		return abi;
	abi_diag_forget_sources(diag);
	abi_free(abi);
	return NULL;
}

void abi_free(struct abi *abi)
{
	if (abi != NULL)
		abi_arena_free(abi->arena);
}
