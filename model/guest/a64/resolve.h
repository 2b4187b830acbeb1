/* SPDX-License-Identifier: BSD-3-Clause */
/* What becomes of an access that the engine could not make. */
#ifndef RMM_A64_RESOLVE_H
#define RMM_A64_RESOLVE_H

#include "guest.h"
#include "stage1.h"

/*
 * guest->fault at vcpu->pc. False: the vCPU goes on (a page was mapped, or the
 * guest took an abort). True: *event asks the RMM.
 */
bool resolve_fault(struct a64_guest *guest, struct rmm_vcpu *vcpu, struct rmm_guest_event *event);

/* A walk that needs a descriptor: always true, *event asks for it. */
bool resolve_table(const struct stage1 *s1, struct rmm_guest_event *event);

#endif
