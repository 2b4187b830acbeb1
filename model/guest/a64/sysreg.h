/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System registers that the engine must not keep: those that control stage 1
 * are the guest's (struct a64_guest), the others the RMM's.
 */
#ifndef RMM_A64_SYSREG_H
#define RMM_A64_SYSREG_H

#include "guest.h"
#include "rmmsim/sysreg.h"

#define SYSREG_SCTLR_EL1 RMM_SYSREG(3, 0, 1, 0, 0)
#define SYSREG_CPACR_EL1 RMM_SYSREG(3, 0, 1, 0, 2)
#define SYSREG_TTBR0_EL1 RMM_SYSREG(3, 0, 2, 0, 0)
#define SYSREG_TTBR1_EL1 RMM_SYSREG(3, 0, 2, 0, 1)
#define SYSREG_TCR_EL1   RMM_SYSREG(3, 0, 2, 0, 2)
#define SYSREG_SPSR_EL1  RMM_SYSREG(3, 0, 4, 0, 0)
#define SYSREG_ELR_EL1   RMM_SYSREG(3, 0, 4, 0, 1)
#define SYSREG_PAN       RMM_SYSREG(3, 0, 4, 2, 3)
#define SYSREG_ESR_EL1   RMM_SYSREG(3, 0, 5, 2, 0)
#define SYSREG_FAR_EL1   RMM_SYSREG(3, 0, 6, 0, 0)
#define SYSREG_PAR_EL1   RMM_SYSREG(3, 0, 7, 4, 0)
#define SYSREG_MAIR_EL1  RMM_SYSREG(3, 0, 10, 2, 0)
#define SYSREG_VBAR_EL1  RMM_SYSREG(3, 0, 12, 0, 0)
#define SYSREG_DAIF      RMM_SYSREG(3, 3, 4, 2, 1)

/* MSR and MRS: the encoding of the register, the direction. */
static inline uint32_t sysreg_of(uint32_t word)
{
	return RMM_SYSREG(2 | (word >> 19 & 1), word >> 16 & 7, word >> 12 & 15, word >> 8 & 15,
			  word >> 5 & 7);
}

static inline bool sysreg_is_read(uint32_t word)
{
	return word >> 21 & 1;
}

/* Registers of stage 1, PSTATE.PAN included. */
bool sysreg_is_translation(uint32_t sysreg);
uint64_t sysreg_read_translation(const struct a64_guest *guest, const struct rmm_vcpu *vcpu,
				 uint32_t sysreg);
void sysreg_write_translation(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint32_t sysreg,
			      uint64_t value);

/* Identification, timers and counters, the interrupt controller: for the RMM. */
bool sysreg_is_for_rmm(uint32_t sysreg);

/* Whether CNTKCTL_EL1 lets EL0 use this timer or counter; false for all else. */
bool sysreg_el0_may_use(const struct a64_guest *guest, uint32_t sysreg);

#endif
