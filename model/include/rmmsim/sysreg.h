/* SPDX-License-Identifier: BSD-3-Clause */
/* AArch64 system registers by encoding and by name. */
#ifndef RMMSIM_SYSREG_H
#define RMMSIM_SYSREG_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A register, as the ISS of a trapped MSR or MRS names it (Arm ARM, EC 0x18). */
#define RMM_SYSREG(op0, op1, crn, crm, op2)                                      \
	((uint32_t)(op0) << 20 | (uint32_t)(op2) << 17 | (uint32_t)(op1) << 14 | \
	 (uint32_t)(crn) << 10 | (uint32_t)(crm) << 1)

/*
 * "ICC_SGI1R_EL1" and others that realms meet, or any register in the form of
 * the assembler, "S3_0_C12_C11_5". False: no such name.
 */
bool rmm_sysreg_find(const char *name, uint32_t *sysreg);

/* The n-th register that has a name; NULL behind the last. */
const char *rmm_sysreg_name(unsigned int n);

#ifdef __cplusplus
}
#endif

#endif
