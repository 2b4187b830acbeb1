/* SPDX-License-Identifier: BSD-3-Clause */
/* Stage 1 of the EL1&0 regime (Arm ARM D8), 48-bit addresses. */
#ifndef RMM_A64_STAGE1_H
#define RMM_A64_STAGE1_H

#include "guest.h"

enum stage1_outcome {
	STAGE1_OK,    /* `ipa` and `rights` */
	STAGE1_FAULT, /* for the guest itself: `fsc` */
	STAGE1_TABLE, /* a descriptor at `ipa` is in memory that was not handed out yet */
};

struct stage1 {
	enum stage1_outcome outcome;
	uint64_t ipa;
	uint32_t rights; /* at the exception level of the vCPU */
	uint8_t fsc;     /* fault status code */
	uint8_t level;   /* where the walk ended */
	uint8_t attr;    /* index into MAIR_EL1 */
};

/* Translates va. STAGE1_OK does not say that the access is permitted: see `rights`. */
void stage1_walk(const struct a64_guest *guest, const struct rmm_vcpu *vcpu, uint64_t va,
		 struct stage1 *result);

/* Whether the guest has switched its MMU on. */
bool stage1_is_on(const struct rmm_vcpu *vcpu);

#endif
