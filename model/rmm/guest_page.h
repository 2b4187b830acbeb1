/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages that guests use directly, rather than access by access. */
#ifndef RMM_RMM_GUEST_PAGE_H
#define RMM_RMM_GUEST_PAGE_H

#include "rmm/realm_memory.h"
#include "rmm/rec_run.h"

/*
 * The event's translation *at has succeeded. True: the guest has got the page
 * and repeats the access by itself. False: it is one for which the RMM accesses
 * memory.
 */
bool guest_page_hand_out(struct rec_run *run, const struct rmm_guest_event *event,
			 const struct ipa_result *at);

/* [pa, pa + size), in banks, is Non-secure no more: no realm may keep it. */
void guest_pages_revoke(struct rmm_system *sys, uint64_t pa, uint64_t size);

#endif
