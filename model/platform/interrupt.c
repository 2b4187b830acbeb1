/* SPDX-License-Identifier: BSD-3-Clause */
/* What the host's hardware does to a PE: interrupt lines, errors, list registers. */
#include "rmm/rec_exit.h"
#include "rmm/rmm.h"
#include "rmm/timer.h"
#include "rmm/vgic.h"

void rmm_set_irq(struct rmm_system *sys, unsigned int pe, bool level)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (sys && pe < sys->config.num_pes)
		__atomic_store_n(&sys->pes[pe].irq, level, __ATOMIC_RELEASE);
}

void rmm_set_fiq(struct rmm_system *sys, unsigned int pe, bool level)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (sys && pe < sys->config.num_pes)
		__atomic_store_n(&sys->pes[pe].fiq, level, __ATOMIC_RELEASE);
}

bool rmm_irq_is_up(const struct rmm_system *sys, unsigned int pe)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	return sys && pe < sys->config.num_pes && line_is_up(&sys->pes[pe].irq);
}

bool rmm_fiq_is_up(const struct rmm_system *sys, unsigned int pe)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	return sys && pe < sys->config.num_pes && line_is_up(&sys->pes[pe].fiq);
}

bool rmm_set_serror(struct rmm_system *sys, unsigned int pe, uint64_t esr)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys || pe >= sys->config.num_pes || !serror_is_contained(esr))
		return false;
	__atomic_store_n(&sys->pes[pe].serror_esr, esr, __ATOMIC_RELAXED);
	__atomic_store_n(&sys->pes[pe].serror, true, __ATOMIC_RELEASE);
	return true;
}

/* ---- virtual GIC ----------------------------------------------------------------------- */

static uint64_t *ich_register(struct vgic *vgic, enum rmm_ich_register reg)
{
	const unsigned int n = (unsigned int)reg;

	if (n < RMM_NUM_LRS)
		return &vgic->lr[n];
	if (reg == RMM_ICH_HCR)
		return &vgic->hcr;
	return reg == RMM_ICH_VMCR ? &vgic->vmcr : NULL;
}

bool rmm_write_ich(struct rmm_system *sys, unsigned int pe, enum rmm_ich_register reg,
		   uint64_t value)
{
	handle_check(sys, pe, __func__);
	uint64_t *const at =
		sys && pe < sys->config.num_pes ? ich_register(&sys->pes[pe].vgic, reg) : NULL;

	if (at)
		*at = value;
	return at != NULL;
}

bool rmm_read_ich(const struct rmm_system *sys, unsigned int pe, enum rmm_ich_register reg,
		  uint64_t *value)
{
	handle_check(sys, pe, __func__);
	if (!sys || !value || pe >= sys->config.num_pes || (unsigned int)reg >= RMM_ICH_COUNT)
		return false;
	struct vgic vgic = sys->pes[pe].vgic;
	*value = reg == RMM_ICH_MISR ? vgic_misr(&vgic) : *ich_register(&vgic, reg);
	return true;
}

const char *rmm_ich_name(enum rmm_ich_register reg)
{
	static const char *const names[RMM_ICH_COUNT] = {
		"LR0",  "LR1",  "LR2",  "LR3",  "LR4",  "LR5",  "LR6", "LR7",  "LR8",  "LR9",
		"LR10", "LR11", "LR12", "LR13", "LR14", "LR15", "HCR", "VMCR", "MISR",
	};

	return (unsigned int)reg < RMM_ICH_COUNT ? names[reg] : "unknown";
}

uint64_t rmm_counter(const struct rmm_system *sys, unsigned int pe)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	return sys && pe < sys->config.num_pes ? timer_now(sys, pe) : 0;
}
