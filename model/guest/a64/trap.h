/* SPDX-License-Identifier: BSD-3-Clause */
/* Instructions that the engine must not execute by itself. */
#ifndef RMM_A64_TRAP_H
#define RMM_A64_TRAP_H

#include "decode.h"
#include "guest.h"

/* Branches, exception generation, system instructions, LDTR and STTR: the rest never traps. */
static inline bool trap_may_take(uint32_t word)
{
	return word >> 26 == 0x35 || decode_is_unprivileged(word);
}

/* Whether trap_execute has to carry out this one, for which trap_may_take holds. */
bool trap_takes(struct a64_guest *guest, uint32_t word);

/*
 * Carries out guest->word at vcpu->pc. False: the vCPU goes on, event->kind is
 * untouched. True: *event is for the RMM. `event->instructions` is counted up.
 */
bool trap_execute(struct a64_guest *guest, struct rmm_vcpu *vcpu, struct rmm_guest_event *event);

#endif
