/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RMMHOST_REC_H
#define RMMHOST_REC_H

#include "host_state.h"

/* The REC that a realm names by MPIDR_EL1; false when this realm has none. */
bool rec_by_mpidr_el1(const struct host_realm *realm, uint64_t mpidr_el1, size_t *index);

/* The pages of a REC change hands. */
void rec_mark(struct host *host, const struct rec *rec, enum host_page_state state);

#endif
