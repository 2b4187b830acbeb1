/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/rec_exception.h"

#include "rmm/rec_exit.h"

/* PSTATE and vectors (Arm ARM, exception entry to EL1). */
#define PSTATE_MODE      UINT64_C(0xf)
#define PSTATE_EL1H      UINT64_C(0x5)
#define PSTATE_EL1T      UINT64_C(0x4)
#define PSTATE_DAIF      UINT64_C(0x3c0)
#define PSTATE_KEPT      UINT64_C(0xf1000000) /* NZCV, DIT */
#define PSTATE_SSBS      (UINT64_C(1) << 12)
#define PSTATE_PAN       (UINT64_C(1) << 22)
#define SCTLR_SPAN       (UINT64_C(1) << 23)
#define SCTLR_DSSBS      (UINT64_C(1) << 44)
#define VECTOR_CURRENT_0 0x000
#define VECTOR_CURRENT_X 0x200
#define VECTOR_LOWER_64  0x400
#define VECTOR_IRQ       0x080
#define VECTOR_FIQ       0x100
#define VECTOR_SERROR    0x180

static uint64_t vector_of(uint64_t pstate)
{
	switch (pstate & PSTATE_MODE) {
	case PSTATE_EL1H:
		return VECTOR_CURRENT_X;
	case PSTATE_EL1T:
		return VECTOR_CURRENT_0;
	default:
		return VECTOR_LOWER_64;
	}
}

static bool from_el1(const struct rmm_vcpu *vcpu)
{
	return (vcpu->pstate & PSTATE_MODE) >= PSTATE_EL1T;
}

static void take(struct rmm_vcpu *vcpu, uint64_t offset)
{
	vcpu->elr_el1 = vcpu->pc;
	vcpu->spsr_el1 = vcpu->pstate;
	vcpu->pc = vcpu->vbar_el1 + vector_of(vcpu->pstate) + offset;
	vcpu->pstate = (vcpu->pstate & PSTATE_KEPT) | PSTATE_DAIF | PSTATE_EL1H;
	if (!(vcpu->sctlr_el1 & SCTLR_SPAN))
		vcpu->pstate |= PSTATE_PAN;
	if (vcpu->sctlr_el1 & SCTLR_DSSBS)
		vcpu->pstate |= PSTATE_SSBS;
}

static void take_synchronous(struct rmm_vcpu *vcpu, uint64_t esr)
{
	vcpu->esr_el1 = esr;
	take(vcpu, 0);
}

void inject_abort(struct rmm_vcpu *vcpu, uint64_t esr, uint64_t far)
{
	vcpu->far_el1 = far;
	take_synchronous(vcpu, esr | (from_el1(vcpu) ? ESR_EC_SAME_EL : 0));
}

void inject_sea(struct rmm_vcpu *vcpu, uint64_t esr, uint64_t far)
{
	esr &= ~(ESR_FNV | ESR_S1PTW | ESR_FSC);
	inject_abort(vcpu, esr | ESR_EA | FSC_EXTERNAL, far);
}

void inject_undefined(struct rmm_vcpu *vcpu)
{
	take_synchronous(vcpu, ESR_EC_UNKNOWN | ESR_IL);
}

void inject_irq(struct rmm_vcpu *vcpu)
{
	take(vcpu, VECTOR_IRQ);
}

void inject_fiq(struct rmm_vcpu *vcpu)
{
	take(vcpu, VECTOR_FIQ);
}

void inject_serror(struct rmm_vcpu *vcpu, uint64_t esr)
{
	vcpu->esr_el1 = ESR_EC_SERROR | ESR_IL | (esr & UINT64_C(0x1ffffff));
	take(vcpu, VECTOR_SERROR);
}
