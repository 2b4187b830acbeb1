/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/rec_exit.h"

#include "rmm/rec_exception.h"

/* What the host may see of a syndrome. */
#define MASK_ABORT       UINT64_C(0xfc001e3f) /* EC, SET, FnV, EA, FSC */
#define MASK_INSTRUCTION UINT64_C(0xfc001a3f) /* EC, SET, EA, IFSC */
#define MASK_EMULATABLE  UINT64_C(0xfdc09e7f) /* MASK_ABORT and ISV, SAS, SF, WnR */
#define MASK_SERROR      UINT64_C(0xfd001e3f) /* EC, IDS, AET, EA, DFSC */

#define FAR_OFFSET       GRANULE_MASK

/* ISS of aborts: how much of the PE's state is still good. */
#define SET_SHIFT        11
#define SET_RECOVERABLE  0 /* UER */

/* ISS of an SError. */
#define SERROR_IDS       (UINT64_C(1) << 24)
#define SERROR_AET(esr)  ((esr) >> 10 & 7)
#define AET_UNRECOVER    1 /* UEU */
#define AET_RESTARTABLE  2 /* UEO */
#define AET_RECOVERABLE  3 /* UER */
#define AET_CORRECTED    6 /* CE */
#define DFSC_SERROR      0x11

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

static uint64_t reg_value(const struct rmm_vcpu *vcpu, uint8_t reg)
{
	return reg < RMM_NUM_GPRS ? vcpu->x[reg] : 0;
}

void exit_wfx(const struct rmm_call *call, struct rmi_rec_exit *exit, const struct rmm_rec *rec,
	      const struct rmm_guest_event *event)
{
	const bool timeout =
		event->timed && call_behaves(call, RMM_BEHAVIOUR_WFXT_TIMEOUT_REPORTED);

	exit->exit_reason = RMI_EXIT_SYNC;
	exit->esr = ESR_EC_WFX | (event->kind == RMM_GUEST_WFE ? ESR_WFX_TI_WFE : 0);
	if (timeout) {
		exit->esr |= ESR_WFX_TI_TIMED;
		exit->gprs[0] = reg_value(&rec->vcpu, event->reg);
	}
	if (event->timed && call_behaves(call, RMM_BEHAVIOUR_WFXT_EXIT_SHOWS_RV))
		exit->esr |= ESR_WFX_RV;
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

static uint64_t translation_fsc(int level)
{
	return level < 0 ? FSC_TRANSLATION_M1 : FSC_TRANSLATION + (uint64_t)level;
}

static uint64_t fault_fsc(const struct ipa_result *at)
{
	return at->outcome == IPA_PERMISSION ? FSC_PERMISSION + (uint64_t)at->level
					     : translation_fsc(at->level);
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

void exit_data_abort(const struct rmm_call *call, struct rmi_rec_exit *exit, struct rmm_rec *rec,
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
		const bool il = call_behaves(call, RMM_BEHAVIOUR_UNPROTECTED_ABORT_SHOWS_IL);

		rec->abort = REC_ABORT_UNPROTECTED;
		exit->esr = esr & (MASK_ABORT | (il ? ESR_IL : 0));
	} else {
		rec->abort = REC_ABORT_EMULATABLE;
		exit->esr = esr & MASK_EMULATABLE;
		exit->far = event->va & FAR_OFFSET;
		if (event->write)
			exit->gprs[0] = reg_value(&rec->vcpu, event->reg) & size_mask(event->size);
	}
}

static uint64_t instruction_mask(const struct rmm_call *call)
{
	return call_behaves(call, RMM_BEHAVIOUR_INSTRUCTION_ABORT_SHOWS_FNV) ? MASK_ABORT
									     : MASK_INSTRUCTION;
}

void exit_instruction_abort(const struct rmm_call *call, struct rmi_rec_exit *exit,
			    struct rmm_rec *rec, const struct rmm_guest_event *event,
			    const struct ipa_result *at)
{
	const uint64_t esr = ESR_EC_IABT_LOW | ESR_IL | fault_fsc(at);

	remember_abort(rec, event, esr);
	rec->abort = REC_ABORT_OTHER;
	exit->exit_reason = RMI_EXIT_SYNC;
	exit->esr = esr & instruction_mask(call);
	exit->hpfar = hpfar_of(event->ipa);
}

void exit_external_abort(const struct rmm_call *call, struct rmi_rec_exit *exit,
			 struct rmm_rec *rec, const struct rmm_guest_event *event)
{
	const bool fetch = (event->esr & ESR_EC) == ESR_EC_IABT_LOW;
	const uint64_t ec = fetch ? ESR_EC_IABT_LOW : ESR_EC_DABT_LOW;
	const uint64_t esr = (event->esr & ~ESR_EC) | ec;

	rec->abort = REC_ABORT_OTHER;
	exit->exit_reason = RMI_EXIT_SYNC;
	exit->esr = esr & (fetch ? instruction_mask(call) : MASK_ABORT);
	if ((esr >> SET_SHIFT & 3) == SET_RECOVERABLE)
		inject_sea(&rec->vcpu, esr, event->va);
}

void exit_buffer_fault(const struct rmm_call *call, struct rmi_rec_exit *exit, uint64_t ipa,
		       int level)
{
	const bool low_bits = call_behaves(call, RMM_BEHAVIOUR_HOST_CALL_HPFAR_LOW_BITS);

	exit->exit_reason = RMI_EXIT_SYNC;
	exit->esr = ESR_EC_DABT_LOW | translation_fsc(level);
	exit->hpfar = low_bits ? ipa >> 8 : hpfar_of(ipa);
}

/* ---- system registers ------------------------------------------------------------- */

void exit_sysreg(const struct rmm_call *call, struct rmi_rec_exit *exit, struct rmm_rec *rec,
		 const struct rmm_guest_event *event)
{
	exit->exit_reason = RMI_EXIT_SYNC;
	exit->esr = ESR_EC_SYSREG | ESR_IL | event->sysreg;
	if (call_behaves(call, RMM_BEHAVIOUR_SYSREG_EXIT_SHOWS_RT))
		exit->esr |= (uint64_t)event->reg << ESR_SYSREG_RT_SHIFT;
	if (event->write) {
		exit->gprs[0] = reg_value(&rec->vcpu, event->reg);
		return;
	}
	exit->esr |= ESR_SYSREG_READ;
	rec->sysreg_read = true;
	rec->sysreg_reg = event->reg;
}

/* ---- SErrors ---------------------------------------------------------------------- */

bool serror_is_contained(uint64_t esr)
{
	const uint64_t aet = SERROR_AET(esr);

	return !(esr & SERROR_IDS) && (esr & ESR_FSC) == DFSC_SERROR &&
	       (aet == AET_UNRECOVER || aet == AET_RESTARTABLE || aet == AET_RECOVERABLE ||
		aet == AET_CORRECTED);
}

void exit_serror(struct rmi_rec_exit *exit, struct rmm_rec *rec, uint64_t esr)
{
	const uint64_t aet = SERROR_AET(esr);

	exit->exit_reason = RMI_EXIT_SERROR;
	exit->esr = (ESR_EC_SERROR | esr) & MASK_SERROR;
	if (aet == AET_UNRECOVER || aet == AET_RECOVERABLE) {
		rec->vserror = true;
		rec->vserror_esr = esr;
	}
}
