/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REC_ENTER. */
#include <string.h>

#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/realm_memory.h"
#include "rmm/rec_exception.h"
#include "rmm/rec_exit.h"
#include "rmm/rec_run.h"
#include "rmm/rtte.h"

#define INSTRUCTION_BYTES 4
#define EXIT_OFFSET       RMI_REC_ENTER_SIZE
#define IMM_HIGH_OFFSET   0x602 /* of RmiRecExit */

struct entry {
	struct rec_run run;
	uint64_t run_ptr;
	struct rmi_rec_enter enter;
	bool emul_mmio;
	bool inject_sea;
	bool ripas_reject;
	bool s2ap_reject;
};

/* ---- checks --------------------------------------------------------------------- */

static void decode_enter(enum rmm_version v, const void *image, struct entry *e)
{
	rmi_rec_enter_decode(v, image, &e->enter);
	e->emul_mmio = rmi_rec_enter_flags_emul_mmio(v, e->enter.flags);
	e->inject_sea = rmi_rec_enter_flags_inject_sea(v, e->enter.flags);
	e->ripas_reject = rmi_rec_enter_flags_ripas_response(v, e->enter.flags);
	e->s2ap_reject = rmi_rec_enter_flags_s2ap_response(v, e->enter.flags);
	e->run.trap_wfi = rmi_rec_enter_flags_trap_wfi(v, e->enter.flags);
	e->run.trap_wfe = rmi_rec_enter_flags_trap_wfe(v, e->enter.flags);
}

static enum rmm_condition read_enter(struct rmm_call *call, struct entry *e)
{
	uint8_t image[RMI_REC_ENTER_SIZE];

	if (!is_granule_aligned(e->run_ptr))
		return RMI_REC_ENTER_RUN_ALIGN;
	if (ns_out_of_bounds(call, e->run_ptr))
		return RMI_REC_ENTER_RUN_BOUND;
	if (!ns_read(call, e->run_ptr, image, sizeof(image)))
		return RMI_REC_ENTER_RUN_PAS;
	decode_enter(call_version(call), image, e);
	return RMM_CONDITION_NONE;
}

static bool at_unprotected_ipa(const struct rmm_rec *rec)
{
	return rec->abort == REC_ABORT_EMULATABLE || rec->abort == REC_ABORT_UNPROTECTED;
}

/* 1.0-rel0 tells a new realm from one that is off. */
static enum rmm_condition realm_condition(const struct entry *e)
{
	if (!e->run.vgic_in_run)
		return RMI_REC_ENTER_REALM_STATE;
	return realm_state(e->run.realm) == RMM_REALM_NEW ? RMI_REC_ENTER_REALM_NEW
							  : RMI_REC_ENTER_SYSTEM_OFF;
}

static enum rmm_condition check_vgic(const struct rmm_call *call, const struct entry *e)
{
	const struct vgic *vgic = &call->sys->pes[call->pe].vgic;

	if (e->run.vgic_in_run)
		return vgic_config_is_valid(e->enter.gicv3_hcr, e->enter.gicv3_lrs)
			       ? RMM_CONDITION_NONE
			       : RMI_REC_ENTER_REC_GICV3;
	if (vgic_has_hw(vgic))
		return RMI_REC_ENTER_REC_GICV3;
	if (call_behaves(call, RMM_BEHAVIOUR_GIC_DUPLICATES_REFUSED) && vgic_has_duplicates(vgic))
		return RMI_REC_ENTER_REC_GICV3_DUP_TF;
	return RMM_CONDITION_NONE;
}

/* What the host says about the last exit must fit to it. */
static enum rmm_condition check_completion(const struct rmm_call *call, const struct entry *e)
{
	const struct rmm_rec *rec = e->run.rec;
	const bool looks_at_mmio =
		!e->inject_sea || !call_behaves(call, RMM_BEHAVIOUR_INJECT_SEA_OVER_EMUL_MMIO);

	if (e->inject_sea && !at_unprotected_ipa(rec) &&
	    call_behaves(call, RMM_BEHAVIOUR_INJECT_SEA_REFUSED))
		return RMI_REC_ENTER_INJECT_SEA_TF;
	if (e->emul_mmio && looks_at_mmio && rec->abort != REC_ABORT_EMULATABLE)
		return RMI_REC_ENTER_REC_MMIO;
	return RMM_CONDITION_NONE;
}

/* Conditions on the REC and its realm, in the order of evaluation. */
static enum rmm_condition check_rec(const struct rmm_call *call, const struct entry *e)
{
	const struct rmm_rec *rec = e->run.rec;
	enum rmm_condition failed;

	if (rec->running)
		return RMI_REC_ENTER_REC_STATE;
	if (realm_state(e->run.realm) != RMM_REALM_ACTIVE)
		return realm_condition(e);
	if (!rec->runnable)
		return RMI_REC_ENTER_REC_RUNNABLE;
	if (rec->pending == REC_PENDING_PSCI)
		return e->run.vgic_in_run ? RMI_REC_ENTER_REC_PSCI : RMI_REC_ENTER_REC_PENDING;
	failed = check_vgic(call, e);
	return failed == RMM_CONDITION_NONE ? check_completion(call, e) : failed;
}

/* ---- completing the previous exit ---------------------------------------------------- */

static void complete_mmio(struct entry *e)
{
	struct rmm_rec *rec = e->run.rec;
	const unsigned int bits = 8u * rec->abort_size;
	uint64_t value = e->enter.gprs[0];

	rec->vcpu.pc += INSTRUCTION_BYTES;
	if (rec->abort_write || rec->abort_reg >= RMM_NUM_GPRS)
		return;
	if (bits < 64)
		value &= (UINT64_C(1) << bits) - 1;
	if (rec->abort_sign_extend && bits < 64 && value >> (bits - 1))
		value |= UINT64_MAX << bits;
	if (!rec->abort_sixty_four)
		value &= UINT32_MAX;
	rec->vcpu.x[rec->abort_reg] = value;
}

static void complete_abort(struct entry *e)
{
	struct rmm_rec *rec = e->run.rec;

	if (e->inject_sea && at_unprotected_ipa(rec)) {
		inject_sea(&rec->vcpu, rec->abort_esr, rec->abort_far);
	} else if (e->emul_mmio && rec->abort == REC_ABORT_EMULATABLE) {
		complete_mmio(e);
	}
	rec->abort = REC_ABORT_NONE;
}

/*
 * Writes the host's answer into the realm's buffer. False: the buffer is gone,
 * and the host is told before the realm runs.
 */
static bool complete_host_call(struct rmm_call *call, struct entry *e)
{
	const enum rmm_version v = call_version(call);
	struct rmm_rec *rec = e->run.rec;
	uint8_t image[RSI_HOST_CALL_SIZE];
	struct rsi_host_call host_call;
	struct ipa_result at;

	ipa_translate(call, e->run.realm, rec->host_call_ipa, IPA_WRITE, &at);
	if (at.outcome == IPA_FAULT) {
		exit_buffer_fault(call, &e->run.exit, rec->host_call_ipa, at.level);
		return false;
	}
	if (at.outcome == IPA_OK) {
		ipa_read(call, &at, image, sizeof(image));
		rsi_host_call_decode(v, image, &host_call);
		memcpy(host_call.gprs, e->enter.gprs, sizeof(host_call.gprs));
		rsi_host_call_encode(v, &host_call, image);
		ipa_write(call, &at, image, sizeof(image));
		ipa_release(call, &at);
	}
	if (at.outcome == IPA_OK || !call_behaves(call, RMM_BEHAVIOUR_HOST_CALL_EMPTY_KEEPS_X0))
		rec->vcpu.x[0] = RSI_SUCCESS;
	if (call_behaves(call, RMM_BEHAVIOUR_UNUSED_OUTPUTS_ZERO))
		memset(&rec->vcpu.x[1], 0, rmm_last_cleared_x(call->sys) * sizeof(uint64_t));
	rec->pending = REC_PENDING_NONE;
	return true;
}

static void complete_ripas(struct entry *e)
{
	struct rmm_rec *rec = e->run.rec;
	const bool rejected = rec->ripas_value == RIPAS_RAM && rec->ripas_addr != rec->ripas_top &&
			      e->ripas_reject;

	rec->vcpu.x[0] = RSI_SUCCESS;
	rec->vcpu.x[1] = rec->ripas_addr;
	rec->vcpu.x[2] = rejected ? RSI_RESPONSE_REJECT : RSI_RESPONSE_ACCEPT;
	rec->ripas_pending = false;
	rec->ripas_addr = 0;
	rec->ripas_top = 0;
}

/* No handle: there is one RTT tree, so that no change goes on in another. */
static void complete_s2ap(struct entry *e)
{
	struct rmm_rec *rec = e->run.rec;
	const bool rejected = rec->s2ap_addr != rec->s2ap_top && e->s2ap_reject;

	rec->vcpu.x[0] = RSI_SUCCESS;
	rec->vcpu.x[1] = rec->s2ap_addr;
	rec->vcpu.x[2] = rejected ? RSI_RESPONSE_REJECT : RSI_RESPONSE_ACCEPT;
	rec->vcpu.x[3] = 0;
	rec->s2ap_pending = false;
	rec->s2ap_addr = 0;
	rec->s2ap_top = 0;
}

/* A trapped MRS: its PC has been advanced already. */
static void complete_sysreg(struct entry *e)
{
	struct rmm_rec *rec = e->run.rec;

	if (rec->sysreg_read && rec->sysreg_reg < RMM_NUM_GPRS)
		rec->vcpu.x[rec->sysreg_reg] = e->enter.gprs[0];
	rec->sysreg_read = false;
}

static bool complete_previous(struct rmm_call *call, struct entry *e)
{
	complete_abort(e);
	complete_sysreg(e);
	if (e->run.rec->pending == REC_PENDING_HOST_CALL && !complete_host_call(call, e))
		return false;
	if (e->run.rec->ripas_pending)
		complete_ripas(e);
	if (e->run.rec->s2ap_pending)
		complete_s2ap(e);
	return true;
}

/* ---- the command ------------------------------------------------------------------------ */

/* ---- virtual GIC ------------------------------------------------------------------- */

/* 1.0-rel0: the registers of the PE are the RMM's, and loaded on entry. */
static void load_vgic(const struct rmm_call *call, const struct entry *e)
{
	struct vgic *vgic = &call->sys->pes[call->pe].vgic;

	if (!e->run.vgic_in_run)
		return;
	vgic->hcr = e->enter.gicv3_hcr | ICH_HCR_EN | ICH_HCR_DVIM | ICH_HCR_VSGI_EOI_COUNT;
	vgic->vmcr = e->run.rec->ich_vmcr;
	memcpy(vgic->lr, e->enter.gicv3_lrs, sizeof(vgic->lr));
}

/* The interface is off while the host runs. */
static void save_vgic(const struct rmm_call *call, struct entry *e)
{
	struct vgic *vgic = &call->sys->pes[call->pe].vgic;
	struct rmi_rec_exit *exit = &e->run.exit;

	if (e->run.vgic_in_run) {
		exit->gicv3_hcr = vgic->hcr & (ICH_HCR_FOR_HOST | ICH_HCR_EOI_COUNT);
		exit->gicv3_misr = vgic_misr(vgic);
		exit->gicv3_vmcr = vgic->vmcr;
		memcpy(exit->gicv3_lrs, vgic->lr, sizeof(vgic->lr));
		e->run.rec->ich_vmcr = vgic->vmcr;
	}
	vgic->hcr &= ~ICH_HCR_EN;
}

/* ---- the command ------------------------------------------------------------------------ */

static bool write_exit(struct rmm_call *call, const struct entry *e)
{
	uint8_t image[RMI_REC_EXIT_SIZE] = {0};

	rmi_rec_exit_encode(call_version(call), &e->run.exit, image);
	memcpy(&image[IMM_HIGH_OFFSET], &e->run.imm_high, sizeof(e->run.imm_high));
	return ns_write(call, e->run_ptr + EXIT_OFFSET, image, sizeof(image));
}

static uint64_t enter(struct rmm_call *call, struct entry *e)
{
	e->run.rec->running = true;
	/* The REC is this PE's now; its granule is free for others to look at. */
	call_release_locks(call);
	if (complete_previous(call, e)) {
		load_vgic(call, e);
		rec_run(&e->run);
		save_vgic(call, e);
	}
	realm_leave(e->run.realm);
	granule_lock(call, e->run.rec_pa);
	e->run.rec->running = false;
	granule_unlock(call, e->run.rec_pa);
	return write_exit(call, e) ? RMI_SUCCESS : rmm_fail(call, RMI_REC_ENTER_RUN_PAS);
}

uint64_t rmi_rec_enter(struct rmm_call *call)
{
	static const struct granule_conditions conditions = {
		RMI_REC_ENTER_REC_ALIGN,
		RMI_REC_ENTER_REC_BOUND,
		RMI_REC_ENTER_REC_GRAN_STATE,
	};
	struct entry e = {
		.run = {.call = call, .rec_pa = call->in[1], .vgic_in_run = call_is_rmi_1(call)},
		.run_ptr = call->in[2],
	};

	enum rmm_condition failed = read_enter(call, &e);
	if (failed == RMM_CONDITION_NONE)
		failed = rec_take(call, e.run.rec_pa, &conditions, &e.run.rec);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	e.run.realm = realm_at(call, e.run.rec->owner);
	failed = check_rec(call, &e);
	if (failed == RMM_CONDITION_NONE && !realm_enter(e.run.realm))
		failed = realm_condition(&e);
	/* The index that goes with a status tells the two states of a realm apart. */
	if (failed == RMI_REC_ENTER_SYSTEM_OFF)
		return rmm_fail_level(call, failed, 1);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	return enter(call, &e);
}
