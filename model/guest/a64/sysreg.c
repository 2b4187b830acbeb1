/* SPDX-License-Identifier: BSD-3-Clause */
#include "sysreg.h"

#include "engine.h"
#include "register.h"
#include "view.h"

#define SYSREG_CNTKCTL_EL1 RMM_SYSREG(3, 0, 14, 1, 0)

/* CNTKCTL_EL1: what EL0 may reach. */
#define EL0PCTEN           0
#define EL0VCTEN           1
#define EL0VTEN            8
#define EL0PTEN            9

static uint32_t op1_of(uint32_t sysreg)
{
	return sysreg >> 14 & 7;
}

static uint32_t op2_of(uint32_t sysreg)
{
	return sysreg >> 17 & 7;
}

static uint32_t crn_of(uint32_t sysreg)
{
	return sysreg >> 10 & 15;
}

static uint32_t crm_of(uint32_t sysreg)
{
	return sysreg >> 1 & 15;
}

/* ---- whose a register is ------------------------------------------------------------ */

static bool is_timer(uint32_t sysreg)
{
	return op1_of(sysreg) == 3 && crn_of(sysreg) == 14 && crm_of(sysreg) <= 3;
}

static bool is_gic(uint32_t sysreg)
{
	return op1_of(sysreg) == 0 && ((crn_of(sysreg) == 12 && crm_of(sysreg) >= 8) ||
				       (crn_of(sysreg) == 4 && crm_of(sysreg) == 6));
}

static bool is_identification(uint32_t sysreg)
{
	return op1_of(sysreg) == 0 && crn_of(sysreg) == 0;
}

bool sysreg_is_for_rmm(uint32_t sysreg)
{
	return sysreg >> 20 == 3 &&
	       (is_timer(sysreg) || is_gic(sysreg) || is_identification(sysreg));
}

bool sysreg_is_translation(uint32_t sysreg)
{
	switch (sysreg) {
	case SYSREG_SCTLR_EL1:
	case SYSREG_TTBR0_EL1:
	case SYSREG_TTBR1_EL1:
	case SYSREG_TCR_EL1:
	case SYSREG_PAR_EL1:
	case SYSREG_PAN:
		return true;
	default:
		return false;
	}
}

bool sysreg_el0_may_use(const struct a64_guest *guest, uint32_t sysreg)
{
	const uint64_t control = engine_read_sysreg(guest, SYSREG_CNTKCTL_EL1);

	if (!is_timer(sysreg))
		return false;
	if (crm_of(sysreg) == 2)
		return control >> EL0PTEN & 1;
	if (crm_of(sysreg) == 3)
		return control >> EL0VTEN & 1;
	switch (op2_of(sysreg)) {
	case 0: /* CNTFRQ_EL0 */
		return control >> EL0PCTEN & 3;
	case 1: /* CNTPCT_EL0 */
		return control >> EL0PCTEN & 1;
	default:
		return control >> EL0VCTEN & 1;
	}
}

/* ---- stage 1 ---------------------------------------------------------------------------- */

static void set(struct a64_guest *guest, uint64_t *field, uint64_t value)
{
	if (*field == value)
		return;
	*field = value;
	a64_forget_views(guest);
}

uint64_t sysreg_read_translation(const struct a64_guest *guest, const struct rmm_vcpu *vcpu,
				 uint32_t sysreg)
{
	switch (sysreg) {
	case SYSREG_SCTLR_EL1:
		return vcpu->sctlr_el1;
	case SYSREG_TTBR0_EL1:
		return guest->ttbr[0];
	case SYSREG_TTBR1_EL1:
		return guest->ttbr[1];
	case SYSREG_TCR_EL1:
		return guest->tcr;
	case SYSREG_PAR_EL1:
		return guest->par;
	default:
		return vcpu->pstate & PSTATE_PAN;
	}
}

void sysreg_write_translation(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint32_t sysreg,
			      uint64_t value)
{
	switch (sysreg) {
	case SYSREG_SCTLR_EL1:
		set(guest, &vcpu->sctlr_el1, value);
		break;
	case SYSREG_TTBR0_EL1:
		set(guest, &guest->ttbr[0], value);
		break;
	case SYSREG_TTBR1_EL1:
		set(guest, &guest->ttbr[1], value);
		break;
	case SYSREG_TCR_EL1:
		set(guest, &guest->tcr, value);
		break;
	case SYSREG_PAR_EL1:
		guest->par = value;
		break;
	default:
		set(guest, &vcpu->pstate, (vcpu->pstate & ~PSTATE_PAN) | (value & PSTATE_PAN));
		break;
	}
}
