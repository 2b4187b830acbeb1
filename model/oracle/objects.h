/* SPDX-License-Identifier: BSD-3-Clause */
/* Realms, RECs and the global state as the conditions see them. */
#ifndef RMM_ORACLE_OBJECTS_H
#define RMM_ORACLE_OBJECTS_H

#include "oracle/generated/types.h"
#include "rmm/rmm.h"

/* The objects must be zero before. */
void oracle_realm(const struct rmm_system *sys, uint64_t pa, const struct rmm_realm *from,
		  struct oracle_RmmRealm *to);
void oracle_rec(uint64_t pa, const struct rmm_rec *from, struct oracle_RmmRec *to);
void oracle_global(const struct rmm_system *sys, struct oracle_RmmGlobal *to);

#endif
