/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/vgic.h"

#include "rmm/sysreg.h"

/* ICH_LR<n>_EL2 */
#define LR_PENDING       (UINT64_C(1) << 62)
#define LR_ACTIVE        (UINT64_C(1) << 63)
#define LR_STATE         (LR_PENDING | LR_ACTIVE)
#define LR_HW            (UINT64_C(1) << 61)
#define LR_GROUP         (UINT64_C(1) << 60)
#define LR_EOI           (UINT64_C(1) << 41)
#define LR_PINTID        (UINT64_C(0x1fff) << 32)
#define LR_RES0          UINT64_C(0x0f00e00000000000)
#define LR_PRIORITY_RES0 (UINT64_C(7) << 48) /* five priority bits are implemented */

/* ICH_VMCR_EL2 */
#define VMCR_VENG0       UINT64_C(1)
#define VMCR_VENG1       UINT64_C(2)
#define VMCR_VCBPR       (UINT64_C(1) << 4)
#define VMCR_VEOIM       (UINT64_C(1) << 9)
#define VMCR_VBPR1_SHIFT 18
#define VMCR_VBPR0_SHIFT 21
#define VMCR_VPMR_SHIFT  24
#define VMCR_PRIORITY    UINT64_C(0xf8)

/* ICH_MISR_EL2 */
#define MISR_EOI         UINT64_C(1)
#define MISR_U           UINT64_C(2)
#define MISR_LRENP       UINT64_C(4)
#define MISR_NP          UINT64_C(8)

#define INTID_NONE       UINT64_C(1023)
#define IDLE_PRIORITY    UINT64_C(0xff)
#define EOI_COUNT_SHIFT  27

static uint64_t intid_of(uint64_t lr)
{
	return lr & UINT32_MAX;
}

static uint64_t priority_of(uint64_t lr)
{
	return lr >> 48 & 0xff;
}

/* ---- checks on entry ------------------------------------------------------------------ */

bool vgic_has_hw(const struct vgic *vgic)
{
	for (unsigned int i = 0; i < RMM_NUM_LRS; i++)
		if (vgic->lr[i] & LR_STATE && vgic->lr[i] & LR_HW)
			return true;
	return false;
}

static bool has_duplicates(const uint64_t lrs[RMM_NUM_LRS])
{
	for (unsigned int i = 0; i < RMM_NUM_LRS; i++) {
		if (!(lrs[i] & LR_STATE))
			continue;
		for (unsigned int k = i + 1; k < RMM_NUM_LRS; k++)
			if (lrs[k] & LR_STATE && intid_of(lrs[i]) == intid_of(lrs[k]))
				return true;
	}
	return false;
}

bool vgic_has_duplicates(const struct vgic *vgic)
{
	return has_duplicates(vgic->lr);
}

/* SGIs, PPIs, SPIs, their extended ranges, and LPIs (IHI 0069, INTIDs). */
static bool intid_exists(uint64_t intid)
{
	return intid < 1020 || (intid >= 1056 && intid < 1120) || (intid >= 4096 && intid < 5120) ||
	       (intid >= 8192 && intid < 65536);
}

static bool lr_is_valid(uint64_t lr)
{
	if (!(lr & LR_STATE))
		return true;
	return !(lr & (LR_HW | LR_RES0 | LR_PRIORITY_RES0)) && !(lr & LR_PINTID & ~LR_EOI) &&
	       intid_exists(intid_of(lr));
}

bool vgic_config_is_valid(uint64_t hcr, const uint64_t lrs[RMM_NUM_LRS])
{
	if (hcr & ~ICH_HCR_FOR_HOST)
		return false;
	for (unsigned int i = 0; i < RMM_NUM_LRS; i++)
		if (!lr_is_valid(lrs[i]))
			return false;
	return !has_duplicates(lrs);
}

/* ---- what is pending ------------------------------------------------------------------ */

static bool group_is_enabled(const struct vgic *vgic, bool group_1)
{
	return vgic->vmcr & (group_1 ? VMCR_VENG1 : VMCR_VENG0);
}

/* The pending interrupt of a group with the highest priority; -1: none. */
static int highest_pending(const struct vgic *vgic, bool group_1)
{
	int best = -1;

	if (!(vgic->hcr & ICH_HCR_EN) || !group_is_enabled(vgic, group_1))
		return -1;
	for (int i = 0; i < RMM_NUM_LRS; i++) {
		const uint64_t lr = vgic->lr[i];

		if ((lr & LR_STATE) != LR_PENDING || !(lr & LR_GROUP) == group_1)
			continue;
		if (best < 0 || priority_of(lr) < priority_of(vgic->lr[best]))
			best = i;
	}
	return best;
}

/* The priority of what the realm is handling. */
static uint64_t running_priority(const struct vgic *vgic)
{
	uint64_t running = IDLE_PRIORITY;

	for (unsigned int i = 0; i < RMM_NUM_LRS; i++)
		if (vgic->lr[i] & LR_ACTIVE && priority_of(vgic->lr[i]) < running)
			running = priority_of(vgic->lr[i]);
	return running;
}

/* As highest_pending, if it may be signalled now. */
static int signalled(const struct vgic *vgic, bool group_1)
{
	const int best = highest_pending(vgic, group_1);

	if (best < 0)
		return -1;
	const uint64_t priority = priority_of(vgic->lr[best]);
	const uint64_t mask = vgic->vmcr >> VMCR_VPMR_SHIFT & 0xff;
	return priority < mask && priority < running_priority(vgic) ? best : -1;
}

bool vgic_irq(const struct vgic *vgic)
{
	return signalled(vgic, true) >= 0;
}

bool vgic_fiq(const struct vgic *vgic)
{
	return signalled(vgic, false) >= 0;
}

static uint64_t misr_of_lists(const struct vgic *vgic)
{
	unsigned int valid = 0;
	bool pending = false;
	bool ended = false;

	for (unsigned int i = 0; i < RMM_NUM_LRS; i++) {
		const uint64_t lr = vgic->lr[i];

		valid += (lr & LR_STATE) != 0;
		pending |= (lr & LR_STATE) == LR_PENDING;
		ended |= !(lr & (LR_STATE | LR_HW)) && lr & LR_EOI;
	}
	return (ended ? MISR_EOI : 0) | (vgic->hcr & ICH_HCR_UIE && valid < 2 ? MISR_U : 0) |
	       (vgic->hcr & ICH_HCR_NPIE && !pending ? MISR_NP : 0);
}

/* VGrp0E, VGrp0D, VGrp1E, VGrp1D stand where ICH_HCR_EL2 asks for them. */
static uint64_t misr_of_groups(const struct vgic *vgic)
{
	const uint64_t group_0 = vgic->vmcr & VMCR_VENG0 ? ICH_HCR_VGRP0EIE : ICH_HCR_VGRP0DIE;
	const uint64_t group_1 = vgic->vmcr & VMCR_VENG1 ? ICH_HCR_VGRP1EIE : ICH_HCR_VGRP1DIE;

	return vgic->hcr & (group_0 | group_1);
}

uint64_t vgic_misr(const struct vgic *vgic)
{
	if (!(vgic->hcr & ICH_HCR_EN))
		return 0;
	return misr_of_lists(vgic) | misr_of_groups(vgic) |
	       (vgic->hcr & ICH_HCR_LRENPIE && vgic->hcr & ICH_HCR_EOI_COUNT ? MISR_LRENP : 0);
}

/* ---- the realm's registers -------------------------------------------------------------- */

static uint64_t acknowledge(struct vgic *vgic, bool group_1)
{
	const int n = signalled(vgic, group_1);

	if (n < 0)
		return INTID_NONE;
	vgic->lr[n] = (vgic->lr[n] & ~LR_PENDING) | LR_ACTIVE;
	return intid_of(vgic->lr[n]);
}

/* An end of interrupt that no list register knows is the host's business. */
static void count_end(struct vgic *vgic)
{
	const uint64_t count = ((vgic->hcr & ICH_HCR_EOI_COUNT) >> EOI_COUNT_SHIFT) + 1;

	vgic->hcr &= ~ICH_HCR_EOI_COUNT;
	vgic->hcr |= count << EOI_COUNT_SHIFT & ICH_HCR_EOI_COUNT;
}

static void deactivate(struct vgic *vgic, uint64_t intid)
{
	for (unsigned int i = 0; i < RMM_NUM_LRS; i++) {
		if (!(vgic->lr[i] & LR_ACTIVE) || intid_of(vgic->lr[i]) != intid)
			continue;
		vgic->lr[i] &= ~LR_ACTIVE;
		return;
	}
	/* LPIs have no active state. */
	if (intid < 8192)
		count_end(vgic);
}

static void end_of_interrupt(struct vgic *vgic, uint64_t intid)
{
	if (intid < INTID_NONE - 3 || intid > INTID_NONE)
		if (!(vgic->vmcr & VMCR_VEOIM))
			deactivate(vgic, intid);
}

static uint64_t pending_intid(const struct vgic *vgic, bool group_1)
{
	const int n = highest_pending(vgic, group_1);

	return n < 0 ? INTID_NONE : intid_of(vgic->lr[n]);
}

/* A field of ICH_VMCR_EL2 that the realm reads and writes under another name. */
static void access_field(struct vgic *vgic, unsigned int shift, uint64_t mask, bool write,
			 uint64_t *value)
{
	if (!write)
		*value = vgic->vmcr >> shift & mask;
	else
		vgic->vmcr = (vgic->vmcr & ~(mask << shift)) | (*value & mask) << shift;
}

/* ICC_CTLR_EL1: CBPR and EOImode; five priority bits, 16 bits of INTID. */
static void access_ctlr(struct vgic *vgic, bool write, uint64_t *value)
{
	if (!write) {
		*value = UINT64_C(4) << 8 | (vgic->vmcr & VMCR_VCBPR ? 1 : 0) |
			 (vgic->vmcr & VMCR_VEOIM ? 2 : 0);
		return;
	}
	vgic->vmcr &= ~(VMCR_VCBPR | VMCR_VEOIM);
	vgic->vmcr |= (*value & 1 ? VMCR_VCBPR : 0) | (*value & 2 ? VMCR_VEOIM : 0);
}

static enum vgic_access access_read_only(const struct vgic *vgic, uint32_t sysreg, uint64_t *value)
{
	switch (sysreg) {
	case SYSREG_ICC_HPPIR0:
		*value = pending_intid(vgic, false);
		return VGIC_DONE;
	case SYSREG_ICC_HPPIR1:
		*value = pending_intid(vgic, true);
		return VGIC_DONE;
	case SYSREG_ICC_RPR:
		*value = running_priority(vgic);
		return VGIC_DONE;
	default:
		return VGIC_UNDEFINED;
	}
}

static enum vgic_access read_effect(struct vgic *vgic, uint32_t sysreg, uint64_t *value)
{
	switch (sysreg) {
	case SYSREG_ICC_IAR0:
		*value = acknowledge(vgic, false);
		return VGIC_DONE;
	case SYSREG_ICC_IAR1:
		*value = acknowledge(vgic, true);
		return VGIC_DONE;
	default:
		return access_read_only(vgic, sysreg, value);
	}
}

static enum vgic_access write_effect(struct vgic *vgic, uint32_t sysreg, uint64_t value)
{
	const uint64_t intid = value & 0xffffff;

	switch (sysreg) {
	case SYSREG_ICC_EOIR0:
	case SYSREG_ICC_EOIR1:
		end_of_interrupt(vgic, intid);
		return VGIC_DONE;
	case SYSREG_ICC_DIR:
		deactivate(vgic, intid);
		return VGIC_DONE;
	case SYSREG_ICC_SRE:
		return VGIC_DONE;
	default:
		return VGIC_UNDEFINED;
	}
}

static enum vgic_access access_control(struct vgic *vgic, uint32_t sysreg, bool write,
				       uint64_t *value)
{
	switch (sysreg) {
	case SYSREG_ICC_PMR:
		access_field(vgic, VMCR_VPMR_SHIFT, VMCR_PRIORITY, write, value);
		return VGIC_DONE;
	case SYSREG_ICC_BPR0:
		access_field(vgic, VMCR_VBPR0_SHIFT, 7, write, value);
		return VGIC_DONE;
	case SYSREG_ICC_BPR1:
		access_field(vgic, VMCR_VBPR1_SHIFT, 7, write, value);
		return VGIC_DONE;
	case SYSREG_ICC_IGRPEN0:
		access_field(vgic, 0, 1, write, value);
		return VGIC_DONE;
	case SYSREG_ICC_IGRPEN1:
		access_field(vgic, 1, 1, write, value);
		return VGIC_DONE;
	case SYSREG_ICC_CTLR:
		access_ctlr(vgic, write, value);
		return VGIC_DONE;
	case SYSREG_ICC_AP0R0:
	case SYSREG_ICC_AP1R0:
		/* Active priorities follow from the list registers. */
		*value = write ? *value : 0;
		return VGIC_DONE;
	default:
		return write ? write_effect(vgic, sysreg, *value)
			     : read_effect(vgic, sysreg, value);
	}
}

/* ---- traps ------------------------------------------------------------------------------ */

static bool is_cpu_interface(uint32_t sysreg)
{
	const bool icc = SYSREG_OP0(sysreg) == 3 && SYSREG_OP1(sysreg) == 0 &&
			 SYSREG_CRN(sysreg) == 12 && SYSREG_CRM(sysreg) >= 8;

	return icc || sysreg == SYSREG_ICC_PMR;
}

static bool generates_sgi(uint32_t sysreg)
{
	return sysreg == SYSREG_ICC_SGI0R || sysreg == SYSREG_ICC_SGI1R ||
	       sysreg == SYSREG_ICC_ASGI1R;
}

/* The bits of ICH_HCR_EL2 that trap the register. */
static uint64_t traps_of(uint32_t sysreg)
{
	switch (sysreg) {
	case SYSREG_ICC_DIR:
		return ICH_HCR_TC | ICH_HCR_TDIR;
	case SYSREG_ICC_PMR:
	case SYSREG_ICC_RPR:
	case SYSREG_ICC_CTLR:
		return ICH_HCR_TC;
	case SYSREG_ICC_SRE:
		return 0;
	case SYSREG_ICC_IGRPEN0:
		return ICH_HCR_TALL0;
	default:
		/* CRm 8 holds group 0, 9 and 12 group 1. */
		return SYSREG_CRM(sysreg) == 8 ? ICH_HCR_TALL0 : ICH_HCR_TALL1;
	}
}

enum vgic_access vgic_access(struct vgic *vgic, uint64_t traps, uint32_t sysreg, bool write,
			     uint64_t *value)
{
	if (!is_cpu_interface(sysreg))
		return VGIC_NOT_MINE;
	if (generates_sgi(sysreg))
		return write ? VGIC_EXITS : VGIC_UNDEFINED;
	if (vgic->hcr & traps & traps_of(sysreg))
		return VGIC_EXITS;
	if (sysreg == SYSREG_ICC_SRE && !write) {
		*value = 7; /* system registers only: SRE, DFB, DIB */
		return VGIC_DONE;
	}
	return access_control(vgic, sysreg, write, value);
}
