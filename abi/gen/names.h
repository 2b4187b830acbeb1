/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the names of a description mean. Things of one name are told apart by
 * their versions, functions by their parameters too.
 */
#ifndef RMM_ABI_GEN_NAMES_H
#define RMM_ABI_GEN_NAMES_H

#include "abi.h"
#include "diag.h"
#include "name_map.h"

struct abi_label {
	const struct abi_type *type;
	const struct abi_enum_value *value;
};

struct abi_names {
	struct name_map *types;     /* struct abi_type: declared ones */
	struct name_map *labels;    /* struct abi_label */
	struct name_map *functions; /* struct abi_function */
	struct name_map *constants; /* struct abi_constant */
	struct name_map *derived;   /* struct abi_type: built-in ones and arrays, when used */
	const struct abi_type *error_type;
};

/* Fills in abi->names. */
void abi_names_build(struct abi *abi);

/*
 * The type that a text names: declared, built in ("UInt32", "Address") or an
 * array ("Address[4]"). ABI_TYPE_ERROR when there is none (reported). Never NULL.
 */
const struct abi_type *abi_type_resolve(struct abi *abi, struct abi_diag *diag,
					struct abi_text name);

/* Built-in types by kind and width ("UInt8"), arrays by element and length. */
const struct abi_type *abi_type_builtin(struct abi *abi, enum abi_type_kind kind, uint32_t width);
const struct abi_type *abi_type_array(struct abi *abi, const struct abi_type *element,
				      uint64_t count);

/* The type as people write it: "UInt8", "RmiRipas", "Address[4]". */
const char *abi_type_text(const struct abi_type *type);

#endif
