/* SPDX-License-Identifier: BSD-3-Clause */
/* LDTR, STTR and their kin at EL1: accesses with the rights of EL0. */
#ifndef RMM_A64_UNPRIVILEGED_H
#define RMM_A64_UNPRIVILEGED_H

#include "guest.h"

/*
 * Carries out guest->word at vcpu->pc, which decode_is_unprivileged. False: it
 * is done, or the guest took an abort. True: *event asks the RMM first.
 */
bool unprivileged_access(struct a64_guest *guest, struct rmm_vcpu *vcpu,
			 struct rmm_guest_event *event);

#endif
