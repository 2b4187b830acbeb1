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

/*
 * Whether the walk s1 of guest->fault ends in an abort, which the guest has then
 * taken: a fault of stage 1, a right that is missing, an unaligned access to
 * Device memory. s1 is no STAGE1_TABLE.
 */
bool resolve_is_refused(const struct a64_guest *guest, struct rmm_vcpu *vcpu,
			const struct stage1 *s1);

/* A data access that needs the RMM: always true, *event asks for it. */
bool resolve_access(const struct a64_guest *guest, const struct rmm_vcpu *vcpu, uint64_t ipa,
		    struct rmm_guest_event *event);

/* A walk that needs a descriptor: always true, *event asks for it. */
bool resolve_table(const struct stage1 *s1, struct rmm_guest_event *event);

#endif
