/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How names of the description become names of C, and which parts of it exist
 * in a version.
 */
#ifndef RMM_ABI_GEN_IDENT_H
#define RMM_ABI_GEN_IDENT_H

#include "abi.h"
#include "writer.h"

/* Long enough for every name; longer ones are cut, which emit_check() reports. */
#define IDENT_MAX 160

/* By value, so that it can stand in an argument list: ident_lower(name).s */
struct ident {
	char s[IDENT_MAX];
};

struct ident ident_lower(const char *name);
struct ident ident_upper(const char *name);       /* "rmm2_0b1" -> "RMM2_0B1" */
struct ident ident_snake(const char *name);       /* "RmiRealmParams" -> "rmi_realm_params" */
struct ident ident_upper_snake(const char *name); /* "RMI_REALM_PARAMS" */
struct ident ident_version(const char *name);     /* "2.0-bet1" -> "2_0_BET1" */

/* A name that may be a keyword of C or C++ or one of our own locals: "class_". */
struct ident ident_local(const char *name);

static inline bool in_version(abi_versions set, size_t version)
{
	return (set >> version) & 1u;
}

/* The text of a key, "" when it is absent. */
static inline const char *text_or_empty(struct abi_text text)
{
	return text.s ? text.s : "";
}

/* All ones in the low `width` bits. */
static inline uint64_t bit_mask(uint32_t width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

/* Bytes of one element of a structure's field. */
uint64_t field_element_bytes(const struct abi_field *field);

/* Bytes the whole field or reserved range covers. */
uint64_t field_bytes(const struct abi_field *field);

static inline bool field_is_byte_array(const struct abi_field *field)
{
	return field->count > 1 && field->width == 8 && field->type->kind != ABI_TYPE_STRUCT;
}

static inline bool field_is_signed(const struct abi_field *field)
{
	return field->is_signed || field->type->kind == ABI_TYPE_SINT;
}

/* A concrete type that is declared in the description (not built in). */
static inline bool type_is_declared(const struct abi_type *type)
{
	return type && (type->kind == ABI_TYPE_ENUM || type->kind == ABI_TYPE_BITFIELD ||
			type->kind == ABI_TYPE_STRUCT);
}

/* Whether any form of the command has a handler. */
bool command_has_handler(const struct abi *abi, const char *name);

/* Whether commands.v[i] is the first form with its name. */
bool command_is_first_form(const struct abi *abi, size_t i);

/* "#ifndef" guard, licence and the do-not-edit notice of a generated file. */
void w_notice(struct writer *w);
void w_open_header(struct writer *w, const char *guard, const char *about);
void w_close_header(struct writer *w);

/*
 * A command and the structure it takes may share a name (RMI_REC_ENTER), as
 * function and struct tag: legal, but -Wshadow of g++ minds.
 */
#define W_ALLOW_SHADOW                                                                 \
	"#if defined(__cplusplus) && defined(__GNUC__)\n#pragma GCC diagnostic push\n" \
	"#pragma GCC diagnostic ignored \"-Wshadow\"\n#endif\n\n"
#define W_END_ALLOW_SHADOW \
	"\n#if defined(__cplusplus) && defined(__GNUC__)\n#pragma GCC diagnostic pop\n#endif\n"

#define W_EXTERN_C_OPEN  "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
#define W_EXTERN_C_CLOSE "\n#ifdef __cplusplus\n}\n#endif\n"

#endif
