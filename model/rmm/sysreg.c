/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/sysreg.h"

#include "rmm/rec_exit.h"
#include "rmm/timer.h"
#include "rmm/vgic.h"

#define PSTATE_DAIF UINT64_C(0x3c0)
#define MIDR_VALUE  UINT64_C(0x000f0000) /* no implementer, all ID registers valid */

/* ---- registers that the realm has for itself --------------------------------------- */

static uint64_t *vcpu_register(struct rmm_vcpu *vcpu, uint32_t sysreg)
{
	switch (sysreg) {
	case SYSREG_SCTLR_EL1:
		return &vcpu->sctlr_el1;
	case SYSREG_SPSR_EL1:
		return &vcpu->spsr_el1;
	case SYSREG_ELR_EL1:
		return &vcpu->elr_el1;
	case SYSREG_ESR_EL1:
		return &vcpu->esr_el1;
	case SYSREG_FAR_EL1:
		return &vcpu->far_el1;
	case SYSREG_VBAR_EL1:
		return &vcpu->vbar_el1;
	default:
		return NULL;
	}
}

static enum sysreg_outcome access_vcpu(struct rmm_vcpu *vcpu, uint32_t sysreg, bool write,
				       uint64_t *value)
{
	uint64_t *const reg = vcpu_register(vcpu, sysreg);

	if (reg && write)
		*reg = *value;
	else if (reg)
		*value = *reg;
	if (reg)
		return SYSREG_DIRECT;
	if (sysreg == SYSREG_DAIF && write)
		vcpu->pstate = (vcpu->pstate & ~PSTATE_DAIF) | (*value & PSTATE_DAIF);
	else if (sysreg == SYSREG_DAIF)
		*value = vcpu->pstate & PSTATE_DAIF;
	else if (sysreg == SYSREG_MPIDR_EL1 && !write)
		*value = vcpu->mpidr;
	else if (sysreg == SYSREG_MIDR_EL1 && !write)
		*value = MIDR_VALUE;
	else if (sysreg == SYSREG_MPIDR_EL1 || sysreg == SYSREG_MIDR_EL1)
		return SYSREG_UNDEFINED;
	else
		return SYSREG_UNKNOWN;
	return SYSREG_DIRECT;
}

/* ---- registers that trap --------------------------------------------------------------- */

/* TID3: the identification space behind the AArch32 block and MIDR. */
static bool is_id_register(uint32_t sysreg)
{
	return SYSREG_OP0(sysreg) == 3 && SYSREG_OP1(sysreg) == 0 && SYSREG_CRN(sysreg) == 0 &&
	       SYSREG_CRM(sysreg) >= 1 && SYSREG_CRM(sysreg) <= 7;
}

/* Branch records, memory partitioning and stage 2 overlays are not for realms. */
static bool is_refused(uint32_t sysreg)
{
	const bool brbe = SYSREG_OP0(sysreg) == 2 && SYSREG_OP1(sysreg) == 1 &&
			  (SYSREG_CRN(sysreg) == 8 || SYSREG_CRN(sysreg) == 9);

	return brbe || sysreg == SYSREG_MPAM0_EL1 || sysreg == SYSREG_MPAM1_EL1 ||
	       sysreg == SYSREG_MPAMIDR_EL1 || sysreg == SYSREG_S2POR_EL1;
}

static enum sysreg_outcome access_trapped(const struct rec_run *run, uint32_t sysreg, bool write,
					  uint64_t *value)
{
	if (is_id_register(sysreg) && write)
		return SYSREG_UNDEFINED;
	if (is_id_register(sysreg)) {
		*value = sysreg_id_value(run->call->sys, sysreg);
		return SYSREG_EMULATED;
	}
	if (is_refused(sysreg))
		return SYSREG_UNDEFINED;
	*value = write ? *value : 0;
	return call_behaves(run->call, RMM_BEHAVIOUR_UNKNOWN_SYSREG_UNDEFINED) ? SYSREG_UNKNOWN
									       : SYSREG_EMULATED;
}

/* ---- one access -------------------------------------------------------------------------- */

static enum sysreg_outcome access_gic(struct rec_run *run, uint32_t sysreg, bool write,
				      uint64_t *value)
{
	struct vgic *const vgic = &run->call->sys->pes[run->call->pe].vgic;
	/* Hosts of 1.0-rel0 may only ask for this trap. */
	const uint64_t traps = run->vgic_in_run ? ICH_HCR_TDIR : UINT64_MAX;

	switch (vgic_access(vgic, traps, sysreg, write, value)) {
	case VGIC_DONE:
		return SYSREG_DIRECT;
	case VGIC_EXITS:
		return SYSREG_EXITS;
	case VGIC_UNDEFINED:
		return SYSREG_UNDEFINED;
	default:
		return SYSREG_UNKNOWN;
	}
}

static enum sysreg_outcome access(struct rec_run *run, uint32_t sysreg, bool write, uint64_t *value)
{
	const uint64_t now = timer_now(run->call->sys, run->call->pe);
	enum sysreg_outcome outcome = access_gic(run, sysreg, write, value);

	if (outcome == SYSREG_UNKNOWN && timer_access(&run->rec->vcpu, sysreg, write, value, now))
		outcome = SYSREG_DIRECT;
	if (outcome == SYSREG_UNKNOWN)
		outcome = access_vcpu(&run->rec->vcpu, sysreg, write, value);
	if (outcome == SYSREG_UNKNOWN)
		outcome = access_trapped(run, sysreg, write, value);
	return outcome;
}

enum sysreg_outcome sysreg_access(struct rec_run *run, const struct rmm_guest_event *event)
{
	struct rmm_vcpu *vcpu = &run->rec->vcpu;
	uint64_t value = event->write && event->reg < RMM_NUM_GPRS ? vcpu->x[event->reg] : 0;
	const enum sysreg_outcome outcome = access(run, event->sysreg, event->write, &value);
	const bool done = outcome == SYSREG_DIRECT || outcome == SYSREG_EMULATED;

	if (done && !event->write && event->reg < RMM_NUM_GPRS)
		vcpu->x[event->reg] = value;
	return outcome;
}
