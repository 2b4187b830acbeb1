/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The names that the Linux kernel's headers use for parts of the ABI. They are
 * read from linux.yaml beside the description (schema.md, section 8), so that a
 * new kernel series needs no new generator.
 */
#ifndef RMM_ABI_GEN_LINUX_NAMES_H
#define RMM_ABI_GEN_LINUX_NAMES_H

#include "abi.h"

struct abi_diag;

/* One label or field, and what Linux calls it in some versions. */
struct linux_part {
	struct abi_text part;   /* label or field of the description */
	struct abi_text name;   /* label, mask or member; s NULL: none */
	struct abi_text get;    /* macro that extracts the field */
	struct abi_text select; /* macro that masks the field, in place */
	struct abi_text msb;    /* expressions instead of the positions of the */
	struct abi_text lsb;    /* description: they depend on PAGE_SHIFT */
	struct abi_text count;  /* constant for the number of elements */
	abi_versions versions;
};

/* One type. */
struct linux_item {
	const struct abi_type *type;
	struct abi_text name;   /* tag of an enum or struct; s NULL: macros */
	struct abi_text prefix; /* bit fields: for all fields without a part */
	uint32_t at;            /* bit fields: position in the word around it */
	struct abi_text make;   /* macro that builds the word from all fields */
	ABI_LIST(struct linux_part) parts;
	abi_versions versions;
};

struct linux_macro {
	struct abi_text name;
	struct abi_text value;
	abi_versions versions;
};

struct linux_items {
	struct linux_item *v;
	size_t n;
};

struct linux_names {
	struct abi_text interface; /* whose commands */
	struct abi_text prefix;    /* "SMC_" */
	struct abi_text major;     /* constants for the interface revision */
	struct abi_text minor;
	struct linux_items enums;
	struct linux_items bits;
	struct linux_items structs;
	ABI_LIST(struct linux_macro) macros;
	abi_versions versions;
};

/*
 * Reads linux.yaml from the directory of the description's first file; *out is
 * NULL when there is none. Returns 0, or -1 when diag got an error. Lives in
 * the description's arena.
 */
int linux_names_load(const struct abi *abi, struct abi_diag *diag, struct linux_names **out);

/* Whether Linux has names for this version. */
bool linux_names_cover(const struct linux_names *names, size_t version);

/* The part for a label or field in a version, or NULL. */
const struct linux_part *linux_part_find(const struct linux_item *item, size_t version,
					 const char *part);

#endif
