/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Labels of concrete enumerations by name. A label may have another value in
 * another version, and may stand in several enumerations.
 */
#ifndef RMM_ABI_GEN_LABELS_H
#define RMM_ABI_GEN_LABELS_H

#include "abi.h"
#include "writer.h"

struct label {
	const char *name;
	const struct abi_type *type; /* where it was seen first */
	const struct abi_enum_value *value;
	bool varies; /* some version gives it another value */
};

struct label_list {
	struct label *v;
	size_t n;
};

/* Every label once, in file order. Lives in the description's arena. */
struct label_list labels_collect(const struct abi *abi);

/* The value of a label in a version; false when the version lacks it. */
bool label_value(const struct abi *abi, size_t version, const char *name, uint64_t *value);

/* A constant of the width of its enumeration: 5U, UINT64_C(0xFFFFFFFFFFFFFFFE). */
void w_label_constant(struct writer *w, const struct abi_type *type, uint64_t value);

#endif
