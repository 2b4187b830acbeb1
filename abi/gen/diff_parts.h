/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of the version diff. */
#ifndef RMM_ABI_GEN_DIFF_PARTS_H
#define RMM_ABI_GEN_DIFF_PARTS_H

#include "abi.h"
#include "writer.h"

struct diff {
	const struct abi *abi;
	size_t from;
	size_t to;
	struct writer *w;
};

/* Is the item in the old version, in the new one? */
static inline bool diff_in_from(const struct diff *d, abi_versions set)
{
	return (set >> d->from & 1) != 0;
}

static inline bool diff_in_to(const struct diff *d, abi_versions set)
{
	return (set >> d->to & 1) != 0;
}

/* Names and texts may be absent: both, or equal. */
bool diff_same_text(const char *a, const char *b);

void diff_commands(const struct diff *d);
void diff_types(const struct diff *d);
void diff_behaviours(const struct diff *d);

/* The changes of one form's conditions; prints nothing when there is none. */
void diff_conditions(const struct diff *d, const struct abi_command *a, const struct abi_command *b,
		     struct writer *out);

#endif
