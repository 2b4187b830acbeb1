/* SPDX-License-Identifier: BSD-3-Clause */
/* Function identifiers and calls of the SMC Calling Convention (DEN0028). */
#ifndef SHIM_LINUX_ARM_SMCCC_H
#define SHIM_LINUX_ARM_SMCCC_H

#define ARM_SMCCC_FAST_CALL      1UL
#define ARM_SMCCC_SMC_64         1UL
#define ARM_SMCCC_OWNER_STANDARD 4UL

#define ARM_SMCCC_CALL_VAL(type, convention, owner, func) \
	(((type) << 31) | ((convention) << 30) | ((owner) << 24) | (func))

struct arm_smccc_1_2_regs {
	unsigned long a0, a1, a2, a3, a4, a5, a6, a7, a8;
	unsigned long a9, a10, a11, a12, a13, a14, a15, a16, a17;
};

void arm_smccc_1_2_invoke(const struct arm_smccc_1_2_regs *args, struct arm_smccc_1_2_regs *res);

#endif
