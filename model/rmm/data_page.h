/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pages of data enter and leave a realm one by one: what all versions do alike
 * (1.0-rel0 B4.3.1 to B4.3.3, 2.0-bet0 B4.5.66).
 */
#ifndef RMM_RMM_DATA_PAGE_H
#define RMM_RMM_DATA_PAGE_H

#include <stdint.h>

#include "rmm/rtt.h"

/* The delegated granule at `pa` becomes data at the entry of the walk, which is void. */
void data_page_enter(struct rmm_call *call, const struct rmm_realm *realm,
		     const struct rtt_walk *walk, uint64_t pa, enum ripas ripas);

/* As data_page_enter, with content of the host's that may be measured. */
void data_page_enter_init(struct rmm_call *call, struct rmm_realm *realm,
			  const struct rtt_walk *walk, uint64_t pa, uint64_t ipa, uint64_t flags,
			  const uint8_t content[RMM_GRANULE_SIZE]);

/* The entry that takes the place of data: what was RAM shows as DESTROYED. */
uint64_t data_entry_after(uint64_t old);

/* `count` granules of data from pa on return from their realm. */
void data_granules_leave(struct rmm_call *call, uint64_t pa, uint64_t count);

#endif
