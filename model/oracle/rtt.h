/* SPDX-License-Identifier: BSD-3-Clause */
/* What the functions over tables and those over trees share. */
#ifndef RMM_ORACLE_RTT_H
#define RMM_ORACLE_RTT_H

#include "oracle/env.h"
#include "oracle/view.h"

void oracle_entry(const struct view_entry *from, uint64_t pa, struct oracle_RmmRttEntry *to);
struct view_tree oracle_tree(const struct oracle_RmmRealm *realm, unsigned int tree);
bool oracle_s2ap_matches(const struct oracle_RmmRttEntry *rtte, uint64_t s2ap);

#endif
