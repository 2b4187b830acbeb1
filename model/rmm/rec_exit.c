/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/rec_exit.h"

/* What the host may see of an abort's syndrome. */
#define MASK_ABORT       UINT64_C(0xfc001e3f) /* EC, SET, FnV, EA, FSC */
#define MASK_UNPROTECTED (MASK_ABORT | ESR_IL)
#define MASK_EMULATABLE  UINT64_C(0xfdc09e7f) /* and ISV, SAS, SF, WnR */

#define FAR_OFFSET       GRANULE_MASK

/* PSTATE and vectors (Arm ARM, exception entry to EL1). */
#define PSTATE_MODE      UINT64_C(0xf)
#define PSTATE_EL1H      UINT64_C(0x5)
#define PSTATE_EL1T      UINT64_C(0x4)
#define PSTATE_DAIF      UINT64_C(0x3c0)
#define PSTATE_KEPT      UINT64_C(0xf1000000) /* NZCV, DIT */
#define PSTATE_PAN       (UINT64_C(1) << 22)
#define SCTLR_SPAN       (UINT64_C(1) << 23)
#define VECTOR_CURRENT_0 0x000
#define VECTOR_CURRENT_X 0x200
#define VECTOR_LOWER_64  0x400

static uint64_t hpfar_of(uint64_t ipa)
{
	return ipa >> 8 & ~UINT64_C(0xf);
}

void exit_irq(struct rmi_rec_exit *exit)
{
	exit->exit_reason = RMI_EXIT_IRQ;
}

void exit_fiq(struct rmi_rec_exit *exit)
{
	exit->exit_reason = RMI_EXIT_FIQ;
}

void exit_wfx(struct rmi_rec_exit *exit, bool wfe)
{
	exit->exit_reason = RMI_EXIT_SYNC;
	exit->esr = ESR_EC_WFX | (wfe ? ESR_WFX_TI_WFE : 0);
}

static uint64_t size_mask(unsigned int bytes)
{
	return bytes == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * bytes)) - 1;
}

uint64_t data_abort_esr(const struct rmm_guest_event *event, uint64_t fsc)
{
	uint64_t esr = ESR_EC_DABT_LOW | ESR_IL | fsc | (event->write ? ESR_WNR : 0);

	if (!event->syndrome)
		return esr;
	esr |= ESR_ISV | (uint64_t)__builtin_ctz(event->size) << ESR_SAS_SHIFT;
	esr |= (uint64_t)event->reg << ESR_SRT_SHIFT;
	return esr | (event->sign_extend ? ESR_SSE : 0) | (event->sixty_four ? ESR_SF : 0);
}

static uint64_t fault_fsc(const struct ipa_result *at)
{
	const uint64_t level = (uint64_t)(at->level < 0 ? 0 : at->level);

	return (at->outcome == IPA_PERMISSION ? FSC_PERMISSION : FSC_TRANSLATION) + level;
}

static void remember_abort(struct rmm_rec *rec, const struct rmm_guest_event *event, uint64_t esr)
{
	rec->abort_esr = esr;
	rec->abort_far = event->va;
	rec->abort_write = event->write;
	rec->abort_sign_extend = event->sign_extend;
	rec->abort_sixty_four = event->sixty_four;
	rec->abort_size = event->size;
	rec->abort_reg = event->reg;
}

void exit_data_abort(struct rmi_rec_exit *exit, struct rmm_rec *rec,
		     const struct rmm_guest_event *event, const struct ipa_result *at)
{
	const uint64_t esr = data_abort_esr(event, fault_fsc(at));

	remember_abort(rec, event, esr);
	exit->exit_reason = RMI_EXIT_SYNC;
	exit->hpfar = hpfar_of(event->ipa);
	if (at->is_protected) {
		rec->abort = REC_ABORT_OTHER;
		exit->esr = esr & MASK_ABORT;
	} else if (!event->syndrome) {
		rec->abort = REC_ABORT_UNPROTECTED;
		exit->esr = esr & MASK_UNPROTECTED;
	} else {
		rec->abort = REC_ABORT_EMULATABLE;
		exit->esr = esr & MASK_EMULATABLE;
		exit->far = event->va & FAR_OFFSET;
		if (event->write && event->reg < RMM_NUM_GPRS)
			exit->gprs[0] = rec->vcpu.x[event->reg] & size_mask(event->size);
	}
}

void exit_instruction_abort(struct rmi_rec_exit *exit, struct rmm_rec *rec,
			    const struct rmm_guest_event *event, const struct ipa_result *at)
{
	const uint64_t esr = ESR_EC_IABT_LOW | ESR_IL | fault_fsc(at);

	remember_abort(rec, event, esr);
	rec->abort = REC_ABORT_OTHER;
	exit->exit_reason = RMI_EXIT_SYNC;
	exit->esr = esr & MASK_ABORT;
	exit->hpfar = hpfar_of(event->ipa);
}

void exit_buffer_fault(struct rmi_rec_exit *exit, uint64_t ipa, int level)
{
	exit->exit_reason = RMI_EXIT_SYNC;
	exit->esr = ESR_EC_DABT_LOW | (FSC_TRANSLATION + (uint64_t)(level < 0 ? 0 : level));
	exit->hpfar = hpfar_of(ipa);
}

/* ---- exceptions for the realm ------------------------------------------------- */

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

static void take_exception(struct rmm_vcpu *vcpu, uint64_t esr)
{
	vcpu->elr_el1 = vcpu->pc;
	vcpu->spsr_el1 = vcpu->pstate;
	vcpu->esr_el1 = esr;
	vcpu->pc = vcpu->vbar_el1 + vector_of(vcpu->pstate);
	vcpu->pstate = (vcpu->pstate & PSTATE_KEPT) | PSTATE_DAIF | PSTATE_EL1H;
	if (!(vcpu->sctlr_el1 & SCTLR_SPAN))
		vcpu->pstate |= PSTATE_PAN;
}

void inject_abort(struct rmm_vcpu *vcpu, uint64_t esr, uint64_t far)
{
	vcpu->far_el1 = far;
	take_exception(vcpu, esr | (from_el1(vcpu) ? ESR_EC_SAME_EL : 0));
}

void inject_undefined(struct rmm_vcpu *vcpu)
{
	take_exception(vcpu, ESR_EC_UNKNOWN | ESR_IL);
}
