/* SPDX-License-Identifier: BSD-3-Clause */
/* Function identifiers of the SMC Calling Convention (DEN0028 2.5). */
#ifndef LINUX_SHIM_ARM_SMCCC_H
#define LINUX_SHIM_ARM_SMCCC_H

#define ARM_SMCCC_FAST_CALL      1UL
#define ARM_SMCCC_SMC_64         1UL
#define ARM_SMCCC_OWNER_STANDARD 4UL

#define ARM_SMCCC_CALL_VAL(type, convention, owner, function) \
	(((type) << 31) | ((convention) << 30) | ((owner) << 24) | ((function)&0xFFFFUL))

#endif
