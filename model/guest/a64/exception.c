/* SPDX-License-Identifier: BSD-3-Clause */
#include "exception.h"

#include "register.h"

#define VECTOR_CURRENT_SP0 0x000u
#define VECTOR_CURRENT_SPX 0x200u
#define VECTOR_LOWER_64    0x400u

#define SPSR_IMPLEMENTED   UINT64_C(0xf1f003df) /* with M[4] = 0 */

static uint64_t vector_of(uint64_t pstate)
{
	switch (pstate & PSTATE_MODE) {
	case PSTATE_EL1H:
		return VECTOR_CURRENT_SPX;
	case PSTATE_EL1T:
		return VECTOR_CURRENT_SP0;
	default:
		return VECTOR_LOWER_64;
	}
}

void exception_take(struct rmm_vcpu *vcpu, uint64_t esr)
{
	const uint64_t from = vcpu->pstate;

	vcpu->esr_el1 = esr;
	vcpu->elr_el1 = vcpu->pc;
	vcpu->spsr_el1 = from;
	vcpu->pc = (vcpu->vbar_el1 & ~UINT64_C(0x7ff)) + vector_of(from);
	vcpu->pstate = (from & (PSTATE_KEPT | PSTATE_PAN)) | PSTATE_DAIF | PSTATE_EL1H;
	if (!(vcpu->sctlr_el1 & SCTLR_SPAN))
		vcpu->pstate |= PSTATE_PAN;
}

void exception_take_abort(struct rmm_vcpu *vcpu, unsigned int ec, uint64_t iss, uint64_t far)
{
	vcpu->far_el1 = far;
	exception_take(vcpu, ESR_EC(ec + (a64_el(vcpu) ? EC_SAME_EL : 0)) | ESR_IL | iss);
}

void exception_take_undefined(struct rmm_vcpu *vcpu)
{
	exception_take(vcpu, ESR_EC(EC_UNKNOWN) | ESR_IL);
}

void exception_return(struct rmm_vcpu *vcpu)
{
	const uint64_t mode = vcpu->spsr_el1 & PSTATE_MODE;
	const bool legal = mode == PSTATE_EL0T || mode == PSTATE_EL1T || mode == PSTATE_EL1H;

	vcpu->pc = vcpu->elr_el1;
	if (legal)
		vcpu->pstate = vcpu->spsr_el1 & SPSR_IMPLEMENTED;
	else
		vcpu->pstate = (vcpu->spsr_el1 & (PSTATE_NZCV | PSTATE_DAIF)) |
			       (vcpu->pstate & (PSTATE_MODE | PSTATE_PAN)) | PSTATE_IL;
}
