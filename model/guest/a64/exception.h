/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions taken to EL1. */
#ifndef RMM_A64_EXCEPTION_H
#define RMM_A64_EXCEPTION_H

#include "guest.h"

/* From vcpu->pc, which becomes ELR_EL1. */
void exception_take(struct rmm_vcpu *vcpu, uint64_t esr);

/* With FAR_EL1. `ec` is the one from a lower level: same-level aborts have one more. */
void exception_take_abort(struct rmm_vcpu *vcpu, unsigned int ec, uint64_t iss, uint64_t far);

void exception_take_undefined(struct rmm_vcpu *vcpu);

/* ERET. An illegal one sets PSTATE.IL. */
void exception_return(struct rmm_vcpu *vcpu);

#endif
