/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields of PSTATE, SCTLR_EL1 and ESR_EL1, as the Arm ARM numbers them. */
#ifndef RMM_A64_REGISTER_H
#define RMM_A64_REGISTER_H

#include <stdint.h>

#define PSTATE_MODE           UINT64_C(0x1f) /* M[4:0] */
#define PSTATE_EL0T           UINT64_C(0)
#define PSTATE_EL1T           UINT64_C(4)
#define PSTATE_EL1H           UINT64_C(5)
#define PSTATE_SP             UINT64_C(1)
#define PSTATE_DAIF           UINT64_C(0x3c0)
#define PSTATE_DAIF_SHIFT     6
#define PSTATE_IL             (UINT64_C(1) << 20)
#define PSTATE_PAN            (UINT64_C(1) << 22)
#define PSTATE_UAO            (UINT64_C(1) << 23)
#define PSTATE_KEPT           UINT64_C(0xf1000000) /* NZCV, DIT: over an exception */
#define PSTATE_NZCV           UINT64_C(0xf0000000)

#define SCTLR_M               (UINT64_C(1) << 0)
#define SCTLR_A               (UINT64_C(1) << 1)
#define SCTLR_DZE             (UINT64_C(1) << 14)
#define SCTLR_NTWI            (UINT64_C(1) << 16)
#define SCTLR_NTWE            (UINT64_C(1) << 18)
#define SCTLR_WXN             (UINT64_C(1) << 19)
#define SCTLR_SPAN            (UINT64_C(1) << 23)
#define SCTLR_UCI             (UINT64_C(1) << 26)

#define ESR_EC(ec)            ((uint64_t)(ec) << 26)
#define ESR_IL                (UINT64_C(1) << 25)
#define ESR_WNR               (UINT64_C(1) << 6)
#define EC_UNKNOWN            0x00u
#define EC_WFX                0x01u
#define EC_FP                 0x07u
#define EC_ILLEGAL            0x0eu
#define EC_SVC64              0x15u
#define EC_SYSREG             0x18u
#define EC_IABT_LOWER         0x20u
#define EC_PC_ALIGN           0x22u
#define EC_DABT_LOWER         0x24u
#define EC_SAME_EL            0x01u /* added to IABT and DABT */
#define EC_BRK64              0x3cu

#define FSC_PERMISSION        0x0cu
#define FSC_ALIGNMENT         0x21u

#define A64_INSTRUCTION_BYTES 4u

#endif
