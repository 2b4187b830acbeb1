/* SPDX-License-Identifier: BSD-3-Clause */
/* What changed between two versions, as text for people. */
#ifndef RMM_ABI_GEN_DIFF_H
#define RMM_ABI_GEN_DIFF_H

#include "abi.h"
#include "writer.h"

/* Prints what version `to` has that `from` has not, and the other way round. */
void abi_diff(const struct abi *abi, size_t from, size_t to, struct writer *w);

#endif
