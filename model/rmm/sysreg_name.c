/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of system registers. */
#include <string.h>

#include "rmm/sysreg.h"

static const struct {
	const char *name;
	uint32_t sysreg;
} names[] = {
	{"CNTFRQ_EL0", SYSREG_CNTFRQ},
	{"CNTPCT_EL0", SYSREG_CNTPCT},
	{"CNTVCT_EL0", SYSREG_CNTVCT},
	{"CNTP_TVAL_EL0", SYSREG_CNTP_TVAL},
	{"CNTP_CTL_EL0", SYSREG_CNTP_CTL},
	{"CNTP_CVAL_EL0", SYSREG_CNTP_CVAL},
	{"CNTV_TVAL_EL0", SYSREG_CNTV_TVAL},
	{"CNTV_CTL_EL0", SYSREG_CNTV_CTL},
	{"CNTV_CVAL_EL0", SYSREG_CNTV_CVAL},
	{"DAIF", SYSREG_DAIF},
	{"ELR_EL1", SYSREG_ELR_EL1},
	{"ESR_EL1", SYSREG_ESR_EL1},
	{"FAR_EL1", SYSREG_FAR_EL1},
	{"SCTLR_EL1", SYSREG_SCTLR_EL1},
	{"SPSR_EL1", SYSREG_SPSR_EL1},
	{"VBAR_EL1", SYSREG_VBAR_EL1},
	{"MIDR_EL1", SYSREG_MIDR_EL1},
	{"MPIDR_EL1", SYSREG_MPIDR_EL1},
	{"ICC_PMR_EL1", SYSREG_ICC_PMR},
	{"ICC_IAR0_EL1", SYSREG_ICC_IAR0},
	{"ICC_EOIR0_EL1", SYSREG_ICC_EOIR0},
	{"ICC_HPPIR0_EL1", SYSREG_ICC_HPPIR0},
	{"ICC_BPR0_EL1", SYSREG_ICC_BPR0},
	{"ICC_AP0R0_EL1", SYSREG_ICC_AP0R0},
	{"ICC_AP1R0_EL1", SYSREG_ICC_AP1R0},
	{"ICC_DIR_EL1", SYSREG_ICC_DIR},
	{"ICC_RPR_EL1", SYSREG_ICC_RPR},
	{"ICC_SGI1R_EL1", SYSREG_ICC_SGI1R},
	{"ICC_ASGI1R_EL1", SYSREG_ICC_ASGI1R},
	{"ICC_SGI0R_EL1", SYSREG_ICC_SGI0R},
	{"ICC_IAR1_EL1", SYSREG_ICC_IAR1},
	{"ICC_EOIR1_EL1", SYSREG_ICC_EOIR1},
	{"ICC_HPPIR1_EL1", SYSREG_ICC_HPPIR1},
	{"ICC_BPR1_EL1", SYSREG_ICC_BPR1},
	{"ICC_CTLR_EL1", SYSREG_ICC_CTLR},
	{"ICC_SRE_EL1", SYSREG_ICC_SRE},
	{"ICC_IGRPEN0_EL1", SYSREG_ICC_IGRPEN0},
	{"ICC_IGRPEN1_EL1", SYSREG_ICC_IGRPEN1},
	{"ID_AA64PFR0_EL1", SYSREG_ID_AA64PFR0},
	{"ID_AA64PFR1_EL1", SYSREG_ID_AA64PFR1},
	{"ID_AA64ZFR0_EL1", SYSREG_ID_AA64ZFR0},
	{"ID_AA64SMFR0_EL1", SYSREG_ID_AA64SMFR0},
	{"ID_AA64DFR0_EL1", SYSREG_ID_AA64DFR0},
	{"ID_AA64DFR1_EL1", SYSREG_ID_AA64DFR1},
	{"ID_AA64ISAR0_EL1", SYSREG_ID_AA64ISAR0},
	{"ID_AA64ISAR1_EL1", SYSREG_ID_AA64ISAR1},
	{"ID_AA64ISAR2_EL1", SYSREG_ID_AA64ISAR2},
	{"ID_AA64ISAR3_EL1", SYSREG_ID_AA64ISAR3},
	{"ID_AA64MMFR0_EL1", SYSREG_ID_AA64MMFR0},
	{"ID_AA64MMFR1_EL1", SYSREG_ID_AA64MMFR1},
	{"ID_AA64MMFR2_EL1", SYSREG_ID_AA64MMFR2},
	{"ID_AA64MMFR3_EL1", SYSREG_ID_AA64MMFR3},
	{"MPAM0_EL1", SYSREG_MPAM0_EL1},
	{"MPAM1_EL1", SYSREG_MPAM1_EL1},
	{"MPAMIDR_EL1", SYSREG_MPAMIDR_EL1},
	{"S2POR_EL1", SYSREG_S2POR_EL1},
	{"BRBCR_EL1", SYSREG_BRBCR_EL1},
};

#define NUM_NAMES (sizeof(names) / sizeof(names[0]))

/* A prefix and one or two digits, at most `max`. */
static bool take_number(const char **text, const char *prefix, uint32_t max, uint32_t *number)
{
	const char *at = *text;

	if (strncmp(at, prefix, strlen(prefix)) != 0)
		return false;
	at += strlen(prefix);
	if (*at < '0' || *at > '9')
		return false;
	*number = (uint32_t)(*at++ - '0');
	if (*at >= '0' && *at <= '9')
		*number = *number * 10 + (uint32_t)(*at++ - '0');
	*text = at;
	return *number <= max;
}

/* "S3_0_C12_C11_5" */
static bool from_numbers(const char *name, uint32_t *sysreg)
{
	uint32_t op0, op1, crn, crm, op2;

	if (!take_number(&name, "S", 3, &op0) || !take_number(&name, "_", 7, &op1) ||
	    !take_number(&name, "_C", 15, &crn) || !take_number(&name, "_C", 15, &crm) ||
	    !take_number(&name, "_", 7, &op2) || *name != '\0')
		return false;
	*sysreg = RMM_SYSREG(op0, op1, crn, crm, op2);
	return true;
}

bool rmm_sysreg_find(const char *name, uint32_t *sysreg)
{
	if (!name || !sysreg)
		return false;
	for (unsigned int i = 0; i < NUM_NAMES; i++) {
		if (strcmp(names[i].name, name) != 0)
			continue;
		*sysreg = names[i].sysreg;
		return true;
	}
	return from_numbers(name, sysreg);
}

const char *rmm_sysreg_name(unsigned int n)
{
	return n < NUM_NAMES ? names[n].name : NULL;
}
