/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers for things that have one name over several versions: commands (all
 * forms of a name) and failure conditions (all records of a constant). The
 * order is that of the files, and gives the values of the generated
 * enumerations.
 */
#ifndef RMM_ABI_GEN_INDEX_H
#define RMM_ABI_GEN_INDEX_H

#include "abi.h"

#define INDEX_NONE SIZE_MAX

struct indexed_condition {
	const struct abi_condition *first; /* the first record of the constant */
	size_t command;                    /* its command's number */
};

struct abi_index {
	const struct abi_command **commands; /* the first form of each name */
	size_t num_commands;
	struct indexed_condition *conditions;
	size_t num_conditions;
};

/* Lives in the description's arena. */
struct abi_index abi_index_build(const struct abi *abi);

/* INDEX_NONE when there is none. */
size_t abi_index_command(const struct abi_index *index, const char *name);
size_t abi_index_condition(const struct abi_index *index, const char *constant);

/* The form of a command in a version, or NULL. */
const struct abi_command *abi_form(const struct abi *abi, size_t version, const char *name);

/* The forms of a version that have a FID, by FID. Lives in the arena. */
struct form_list {
	const struct abi_command **v;
	size_t n;
};
struct form_list abi_forms_by_fid(const struct abi *abi, size_t version);

/* The record of a condition in a version, or NULL. */
const struct abi_condition *abi_condition_record(const struct abi *abi, size_t version,
						 const char *constant);

/* A field, not a reserved range, of that name. */
bool field_is_named(const struct abi_field *field, const char *name);

/* Whether type->fields.v[i] is the first entry with its name (not reserved). */
bool field_is_first(const struct abi_type *type, size_t i);

/* The union of the versions in which a field of that name exists. */
abi_versions field_versions(const struct abi_type *type, const char *name);

/* All entries of the name lie at one place (bit field: lsb and width). */
bool field_never_moves(const struct abi_type *type, const char *name);

#endif
