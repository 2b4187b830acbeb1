/* SPDX-License-Identifier: BSD-3-Clause */
/* Loads and stores, as far as the syndrome of a data abort describes them. */
#ifndef RMM_A64_DECODE_H
#define RMM_A64_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/guest.h"

/*
 * An access that the syndrome describes (ISV = 1): one general-purpose
 * register, no write-back, not exclusive (Arm ARM, ISS encoding for a Data
 * Abort).
 */
struct plain_access {
	uint64_t va;
	uint8_t size; /* bytes */
	uint8_t reg;
	bool write;
	bool sign_extend;
	bool sixty_four;
};

/* False: the word is no such access. sp is the current stack pointer. */
bool decode_plain_access(uint32_t word, const struct rmm_vcpu *vcpu, uint64_t sp,
			 struct plain_access *access);

/* LDTR, STTR and their kin: with the rights of EL0. */
static inline bool decode_is_unprivileged(uint32_t word)
{
	return (word & 0x3f200c00) == 0x38000800;
}

/* Whether CPACR_EL1.FPEN decides if this instruction is trapped. */
static inline bool decode_is_fp_or_simd(uint32_t word)
{
	const uint32_t op0 = word >> 25 & 0xf;

	return (op0 & 7) == 7 || ((op0 & 5) == 4 && (word >> 26 & 1));
}

#endif
