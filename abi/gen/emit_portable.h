/* SPDX-License-Identifier: BSD-3-Clause */
/* What the emitters of per-version headers share. */
#ifndef RMM_ABI_GEN_EMIT_PORTABLE_H
#define RMM_ABI_GEN_EMIT_PORTABLE_H

#include "abi.h"
#include "writer.h"

/* Fields and reserved ranges of a structure in a version, by offset. */
struct layout {
	const struct abi_field **v;
	size_t n;
};

/* Lives in the description's arena. */
struct layout layout_of(const struct abi *abi, const struct abi_type *type, size_t version);

/* Opens a header whose guard is RMMSIM_ABI_<NS><suffix>_H. */
void w_version_guard(struct writer *w, const struct abi *abi, size_t version, const char *suffix,
		     const char *about);

#endif
