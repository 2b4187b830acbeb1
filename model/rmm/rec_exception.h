/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions that a realm takes to EL1. */
#ifndef RMM_RMM_REC_EXCEPTION_H
#define RMM_RMM_REC_EXCEPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/guest.h"

#define PSTATE_F UINT64_C(0x40)
#define PSTATE_I UINT64_C(0x80)
#define PSTATE_A UINT64_C(0x100)

/* An abort with this syndrome; EC is that of a lower level and corrected here. */
void inject_abort(struct rmm_vcpu *vcpu, uint64_t esr, uint64_t far);

/* A synchronous external abort in place of what trapped with syndrome `esr`. */
void inject_sea(struct rmm_vcpu *vcpu, uint64_t esr, uint64_t far);

void inject_undefined(struct rmm_vcpu *vcpu);

/* Asynchronous exceptions; the caller has looked at the mask bits. */
void inject_irq(struct rmm_vcpu *vcpu);
void inject_fiq(struct rmm_vcpu *vcpu);
void inject_serror(struct rmm_vcpu *vcpu, uint64_t esr);

#endif
