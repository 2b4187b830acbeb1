/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From YAML trees to `struct abi`: each load_*() reads one kind of list. Items
 * with errors are reported and still added, as far as they could be read, so
 * that references to them hold.
 */
#ifndef RMM_ABI_GEN_LOAD_H
#define RMM_ABI_GEN_LOAD_H

#include "abi.h"
#include "arena.h"
#include "diag.h"
#include "yaml_node.h"

struct load_file {
	const char *path; /* as shown in messages */
	const char *real; /* identity */
	struct yaml_node *root;
};

struct abi_loader {
	struct abi *abi;
	struct abi_arena *arena;
	struct abi_diag *diag;
	ABI_LIST(struct load_file) files;
	struct abi_text interface; /* of the file that is being read */
};

/* load_files.c: reads the files and everything they use into ld->files. */
void load_files(struct abi_loader *ld, const char *const *files, size_t num_files);

/* load_versions.c */
void load_versions(struct abi_loader *ld, const struct yaml_node *list);

/* load_types.c */
void load_enums(struct abi_loader *ld, const struct yaml_node *list);
void load_bitfields(struct abi_loader *ld, const struct yaml_node *list);
void load_structs(struct abi_loader *ld, const struct yaml_node *list);

/* load_state.c */
void load_constants(struct abi_loader *ld, const struct yaml_node *list);
void load_state_enums(struct abi_loader *ld, const struct yaml_node *list);
void load_state_structs(struct abi_loader *ld, const struct yaml_node *list);
void load_functions(struct abi_loader *ld, const struct yaml_node *list);
void load_behaviours(struct abi_loader *ld, const struct yaml_node *list);

/* load_machines.c */
void load_machines(struct abi_loader *ld, const struct yaml_node *list);

/* load_commands.c */
void load_commands(struct abi_loader *ld, const struct yaml_node *list);

#endif
