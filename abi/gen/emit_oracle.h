/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The conditions as C, for the oracle (model/oracle): expressions over an
 * abstract state that has one C type for each type of the description.
 *
 *   Bool                        bool
 *   Int, UIntN, IntN            oracle_int, uint64_t, int64_t
 *   Address, BitsN, enums,
 *   bit fields                  uint64_t; BitsN wider than 64: struct oracle_wide
 *   abstract structures         const struct oracle_<Name> *
 *   concrete structures         const uint8_t *: their image
 *   arrays                      const uint64_t *
 */
#ifndef RMM_ABI_GEN_EMIT_ORACLE_H
#define RMM_ABI_GEN_EMIT_ORACLE_H

#include "abi.h"
#include "writer.h"

/* What a function's arguments and results look like. */
const char *oracle_c_type(const struct abi *abi, const struct abi_type *type);

/* "oracle_fn_RttWalk"; overloads carry their parameter types. */
const char *oracle_function_name(const struct abi *abi, const struct abi_function *f);

/* Functions that conditions of implemented commands use, each once. */
struct oracle_functions {
	const struct abi_function **v;
	size_t n;
};
struct oracle_functions oracle_functions_collect(const struct abi *abi);

/* Adds those that an expression uses, through context values too. */
void oracle_functions_add(const struct abi *abi, struct oracle_functions *list,
			  const struct abi_expr *expr);

/* Commands that the oracle can judge: those that the model implements. */
static inline bool oracle_judges(const struct abi_command *c)
{
	return c->handler && c->has_fid;
}

/* The C expression that `expr` is in one version. `form` numbers the command's form. */
const char *oracle_expr(const struct abi *abi, size_t form, const struct abi_expr *expr,
			size_t version);

/* The value of a pair of enumerations that mean the same: see Equal(). */
struct oracle_pair {
	const struct abi_type *abstract;
	const struct abi_type *concrete;
};
struct oracle_pairs {
	struct oracle_pair *v;
	size_t n;
};
struct oracle_pairs oracle_pairs_collect(const struct abi *abi);

void emit_oracle_types(const struct abi *abi, struct writer *w);
void emit_oracle_functions(const struct abi *abi, struct writer *w);
void emit_oracle_unknown(const struct abi *abi, struct writer *w);
void emit_oracle_conditions(const struct abi *abi, struct writer *w);

#endif
