/* SPDX-License-Identifier: BSD-3-Clause */
/* Small pieces that the table emitters share. */
#ifndef RMM_ABI_GEN_EMIT_TABLES_H
#define RMM_ABI_GEN_EMIT_TABLES_H

#include "abi.h"
#include "writer.h"

/* A string literal and a comma; the empty string when the key is absent. */
void w_table_string(struct writer *w, struct abi_text text);

/* "&rmm_abi_type_..." of a type, or "NULL" for unsigned integers. */
void w_type_reference(struct writer *w, const struct abi_type *type);

/* "extern" declarations of all type objects. */
void w_type_declarations(struct writer *w, const struct abi *abi);

/* "name_7" or "NULL" when the array has no element. */
void w_array_reference(struct writer *w, const char *name, size_t id, size_t elements);

/* Where the failure conditions of commands.v[form] begin in rmm_abi_conditions[]. */
size_t first_condition(const struct abi *abi, size_t form);

#endif
