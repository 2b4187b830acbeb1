/* SPDX-License-Identifier: BSD-3-Clause */
/* PSCI for realms (2.0-bet0 B6, Arm DEN0022). */
#ifndef RMM_RMM_PSCI_H
#define RMM_RMM_PSCI_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/call.h"

/* Reset values of AArch64 EL1: EL1h with all exceptions masked. */
#define PSCI_RESET_PSTATE UINT64_C(0x3c5)
#define PSCI_RESET_SCTLR  UINT64_C(0x00c50878)
#define PSCI_SCTLR_EE     (UINT64_C(1) << 25)

/* Does the realm mean this REC by the MPIDR that it passes, in the layout of MPIDR_EL1? */
bool psci_names(const struct rmm_call *call, uint64_t mpidr, const struct rmm_rec *rec);

/* PA of the REC of the locked realm with that MPIDR, or 0. */
uint64_t psci_find_rec(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t mpidr);

/* Is it on? One that is about to leave its PE is still. The REC must be locked. */
static inline bool psci_is_on(const struct rmm_rec *rec)
{
	return rec->running || rec->runnable;
}

/* Bits of function identifiers (Arm DEN0028). */
#define SMCCC_SVE_HINT UINT64_C(0x10000)
#define SMCCC_SMC64    UINT32_C(0x40000000)

/* The function identifier in X0, without the SVE hint and in its 64-bit form if it has one. */
uint32_t psci_plain_fid(uint64_t x0);

/* X0 of a pending call: CPU_ON, or else AFFINITY_INFO. */
bool psci_is_cpu_on(uint64_t x0);

/* ... or neither: TF-RMM looks at all of X0 when it completes the call. */
bool psci_is_lost(const struct rmm_call *call, uint64_t x0);

#endif
