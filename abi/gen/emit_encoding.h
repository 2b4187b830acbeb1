/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of encoding.h and encoding.c. */
#ifndef RMM_ABI_GEN_EMIT_ENCODING_H
#define RMM_ABI_GEN_EMIT_ENCODING_H

#include "abi.h"
#include "writer.h"

/* Masks, shifts and version-aware accessors of one bit field type. */
void emit_encoding_bitfield(const struct abi_type *type, struct writer *w);

/* The canonical structure: every member any version has, and its codec. */
void emit_encoding_struct(const struct abi_type *type, struct writer *w);

/* The bodies of that structure's codec. */
void emit_encoding_codec(const struct abi *abi, const struct abi_type *type, struct writer *w);

/*
 * Concrete structures with those they contain before them; restricted to one
 * version, or all when version is the number of versions. Lives in the arena.
 */
struct struct_order {
	const struct abi_type **v;
	size_t n;
};
struct struct_order structs_in_order(const struct abi *abi, size_t version);

/* What the entries of one field name have in common over the versions. */
struct member {
	const char *name;
	const struct abi_type *nested; /* structure, or NULL */
	bool is_signed;
	bool bytes;            /* uint8_t[count] */
	uint64_t count;        /* the most any version has */
	abi_versions versions; /* with that many elements */
};
struct member member_of(const struct abi_type *type, const char *name);

#endif
