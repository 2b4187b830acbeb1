/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System registers of a realm: which of them it has for itself, which the RMM
 * emulates, and which the host does (TF-RMM runtime/core/sysregs.c).
 */
#ifndef RMM_RMM_SYSREG_H
#define RMM_RMM_SYSREG_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/rec_run.h"
#include "rmmsim/sysreg.h"

#define SYSREG_MIDR_EL1     RMM_SYSREG(3, 0, 0, 0, 0)
#define SYSREG_MPIDR_EL1    RMM_SYSREG(3, 0, 0, 0, 5)
#define SYSREG_ID_AA64PFR0  RMM_SYSREG(3, 0, 0, 4, 0)
#define SYSREG_ID_AA64PFR1  RMM_SYSREG(3, 0, 0, 4, 1)
#define SYSREG_ID_AA64ZFR0  RMM_SYSREG(3, 0, 0, 4, 4)
#define SYSREG_ID_AA64SMFR0 RMM_SYSREG(3, 0, 0, 4, 5)
#define SYSREG_ID_AA64DFR0  RMM_SYSREG(3, 0, 0, 5, 0)
#define SYSREG_ID_AA64DFR1  RMM_SYSREG(3, 0, 0, 5, 1)
#define SYSREG_ID_AA64ISAR0 RMM_SYSREG(3, 0, 0, 6, 0)
#define SYSREG_ID_AA64ISAR1 RMM_SYSREG(3, 0, 0, 6, 1)
#define SYSREG_ID_AA64ISAR2 RMM_SYSREG(3, 0, 0, 6, 2)
#define SYSREG_ID_AA64ISAR3 RMM_SYSREG(3, 0, 0, 6, 3)
#define SYSREG_ID_AA64MMFR0 RMM_SYSREG(3, 0, 0, 7, 0)
#define SYSREG_ID_AA64MMFR1 RMM_SYSREG(3, 0, 0, 7, 1)
#define SYSREG_ID_AA64MMFR2 RMM_SYSREG(3, 0, 0, 7, 2)
#define SYSREG_ID_AA64MMFR3 RMM_SYSREG(3, 0, 0, 7, 3)
#define SYSREG_SCTLR_EL1    RMM_SYSREG(3, 0, 1, 0, 0)
#define SYSREG_SPSR_EL1     RMM_SYSREG(3, 0, 4, 0, 0)
#define SYSREG_ELR_EL1      RMM_SYSREG(3, 0, 4, 0, 1)
#define SYSREG_ESR_EL1      RMM_SYSREG(3, 0, 5, 2, 0)
#define SYSREG_FAR_EL1      RMM_SYSREG(3, 0, 6, 0, 0)
#define SYSREG_VBAR_EL1     RMM_SYSREG(3, 0, 12, 0, 0)
#define SYSREG_DAIF         RMM_SYSREG(3, 3, 4, 2, 1)

#define SYSREG_MPAMIDR_EL1  RMM_SYSREG(3, 0, 10, 4, 4)
#define SYSREG_MPAM1_EL1    RMM_SYSREG(3, 0, 10, 5, 0)
#define SYSREG_MPAM0_EL1    RMM_SYSREG(3, 0, 10, 5, 1)
#define SYSREG_S2POR_EL1    RMM_SYSREG(3, 0, 10, 2, 5)
#define SYSREG_BRBCR_EL1    RMM_SYSREG(2, 1, 9, 0, 0)

#define SYSREG_CNTFRQ       RMM_SYSREG(3, 3, 14, 0, 0)
#define SYSREG_CNTPCT       RMM_SYSREG(3, 3, 14, 0, 1)
#define SYSREG_CNTVCT       RMM_SYSREG(3, 3, 14, 0, 2)
#define SYSREG_CNTP_TVAL    RMM_SYSREG(3, 3, 14, 2, 0)
#define SYSREG_CNTP_CTL     RMM_SYSREG(3, 3, 14, 2, 1)
#define SYSREG_CNTP_CVAL    RMM_SYSREG(3, 3, 14, 2, 2)
#define SYSREG_CNTV_TVAL    RMM_SYSREG(3, 3, 14, 3, 0)
#define SYSREG_CNTV_CTL     RMM_SYSREG(3, 3, 14, 3, 1)
#define SYSREG_CNTV_CVAL    RMM_SYSREG(3, 3, 14, 3, 2)

#define SYSREG_ICC_PMR      RMM_SYSREG(3, 0, 4, 6, 0)
#define SYSREG_ICC_IAR0     RMM_SYSREG(3, 0, 12, 8, 0)
#define SYSREG_ICC_EOIR0    RMM_SYSREG(3, 0, 12, 8, 1)
#define SYSREG_ICC_HPPIR0   RMM_SYSREG(3, 0, 12, 8, 2)
#define SYSREG_ICC_BPR0     RMM_SYSREG(3, 0, 12, 8, 3)
#define SYSREG_ICC_AP0R0    RMM_SYSREG(3, 0, 12, 8, 4)
#define SYSREG_ICC_AP1R0    RMM_SYSREG(3, 0, 12, 9, 0)
#define SYSREG_ICC_DIR      RMM_SYSREG(3, 0, 12, 11, 1)
#define SYSREG_ICC_RPR      RMM_SYSREG(3, 0, 12, 11, 3)
#define SYSREG_ICC_SGI1R    RMM_SYSREG(3, 0, 12, 11, 5)
#define SYSREG_ICC_ASGI1R   RMM_SYSREG(3, 0, 12, 11, 6)
#define SYSREG_ICC_SGI0R    RMM_SYSREG(3, 0, 12, 11, 7)
#define SYSREG_ICC_IAR1     RMM_SYSREG(3, 0, 12, 12, 0)
#define SYSREG_ICC_EOIR1    RMM_SYSREG(3, 0, 12, 12, 1)
#define SYSREG_ICC_HPPIR1   RMM_SYSREG(3, 0, 12, 12, 2)
#define SYSREG_ICC_BPR1     RMM_SYSREG(3, 0, 12, 12, 3)
#define SYSREG_ICC_CTLR     RMM_SYSREG(3, 0, 12, 12, 4)
#define SYSREG_ICC_SRE      RMM_SYSREG(3, 0, 12, 12, 5)
#define SYSREG_ICC_IGRPEN0  RMM_SYSREG(3, 0, 12, 12, 6)
#define SYSREG_ICC_IGRPEN1  RMM_SYSREG(3, 0, 12, 12, 7)

#define SYSREG_OP0(sysreg)  ((sysreg) >> 20 & 3)
#define SYSREG_OP1(sysreg)  ((sysreg) >> 14 & 7)
#define SYSREG_CRN(sysreg)  ((sysreg) >> 10 & 15)
#define SYSREG_CRM(sysreg)  ((sysreg) >> 1 & 15)
#define SYSREG_OP2(sysreg)  ((sysreg) >> 17 & 7)

/* How an access went on. */
enum sysreg_outcome {
	SYSREG_DIRECT,    /* done, without a trap to the RMM */
	SYSREG_EMULATED,  /* done by the RMM */
	SYSREG_UNDEFINED, /* undefined in the realm */
	SYSREG_EXITS,     /* the host emulates it */
	SYSREG_UNKNOWN,   /* nobody knows the register */
};

/* Carries out an MRS or MSR of the realm. */
enum sysreg_outcome sysreg_access(struct rec_run *run, const struct rmm_guest_event *event);

/* What a realm reads from the ID register, which must be one of those that TID3 traps. */
uint64_t sysreg_id_value(const struct rmm_system *sys, uint32_t sysreg);

#endif
