/* SPDX-License-Identifier: BSD-3-Clause */
/* Arm ARM C4.1, Loads and Stores. */
#include "decode.h"

static uint32_t bits(uint32_t word, unsigned int low, unsigned int count)
{
	return word >> low & ((1u << count) - 1);
}

static uint64_t sign_extended(uint32_t value, unsigned int count)
{
	const unsigned int shift = 64 - count;

	return (uint64_t)((int64_t)((uint64_t)value << shift) >> shift);
}

static uint64_t read_x(const struct rmm_vcpu *vcpu, uint32_t reg)
{
	return reg < RMM_NUM_GPRS ? vcpu->x[reg] : 0;
}

static uint64_t read_base(const struct rmm_vcpu *vcpu, uint64_t sp, uint32_t word)
{
	const uint32_t reg = bits(word, 5, 5);

	return reg < RMM_NUM_GPRS ? vcpu->x[reg] : sp;
}

/* The index register of a register offset, extended and scaled. */
static uint64_t read_index(const struct rmm_vcpu *vcpu, uint32_t word)
{
	const unsigned int shift = bits(word, 12, 1) ? bits(word, 30, 2) : 0;
	uint64_t index = read_x(vcpu, bits(word, 16, 5));

	switch (bits(word, 13, 3)) {
	case 2: /* UXTW */
		index = (uint32_t)index;
		break;
	case 6: /* SXTW */
		index = sign_extended((uint32_t)index, 32);
		break;
	default:
		break;
	}
	return index << shift;
}

/* Size and opc of "Load/store register"; false: a prefetch, or unallocated. */
static bool decode_register_form(uint32_t word, struct plain_access *access)
{
	const uint32_t size = bits(word, 30, 2);
	const uint32_t opc = bits(word, 22, 2);

	if ((opc == 2 && size == 3) || (opc == 3 && size >= 2))
		return false;
	access->size = (uint8_t)(1u << size);
	access->write = opc == 0;
	access->sign_extend = opc >= 2;
	access->sixty_four = opc == 2 || (opc < 2 && size == 3);
	return true;
}

/* 0b__111_0_00: unscaled, unprivileged and register offsets. */
static bool decode_offset(uint32_t word, const struct rmm_vcpu *vcpu, uint64_t sp,
			  struct plain_access *access)
{
	const uint32_t kind = bits(word, 10, 2);

	if (bits(word, 21, 1)) {
		if (kind != 2)
			return false; /* atomics, authenticated loads */
		access->va = read_base(vcpu, sp, word) + read_index(vcpu, word);
		return decode_register_form(word, access);
	}
	if (kind == 1 || kind == 3)
		return false; /* write-back */
	access->va = read_base(vcpu, sp, word) + sign_extended(bits(word, 12, 9), 9);
	return decode_register_form(word, access);
}

/* 0b__111_0_01: unsigned immediates. */
static bool decode_immediate(uint32_t word, const struct rmm_vcpu *vcpu, uint64_t sp,
			     struct plain_access *access)
{
	const uint64_t offset = (uint64_t)bits(word, 10, 12) << bits(word, 30, 2);

	access->va = read_base(vcpu, sp, word) + offset;
	return decode_register_form(word, access);
}

/* LDR and LDRSW (literal). */
static bool decode_literal(uint32_t word, const struct rmm_vcpu *vcpu, struct plain_access *access)
{
	const uint32_t opc = bits(word, 30, 2);

	if (opc == 3)
		return false; /* PRFM */
	access->va = vcpu->pc + (sign_extended(bits(word, 5, 19), 19) << 2);
	access->size = opc == 1 ? 8 : 4;
	access->write = false;
	access->sign_extend = opc == 2;
	access->sixty_four = opc != 0;
	return true;
}

/* LDAR, LDLAR, STLR, STLLR. */
static bool decode_ordered(uint32_t word, const struct rmm_vcpu *vcpu, uint64_t sp,
			   struct plain_access *access)
{
	const uint32_t size = bits(word, 30, 2);

	access->va = read_base(vcpu, sp, word);
	access->size = (uint8_t)(1u << size);
	access->write = !bits(word, 22, 1);
	access->sign_extend = false;
	access->sixty_four = size == 3;
	return true;
}

bool decode_plain_access(uint32_t word, const struct rmm_vcpu *vcpu, uint64_t sp,
			 struct plain_access *access)
{
	access->reg = (uint8_t)bits(word, 0, 5);
	if ((word & 0x3f000000) == 0x39000000)
		return decode_immediate(word, vcpu, sp, access);
	if ((word & 0x3f000000) == 0x38000000)
		return decode_offset(word, vcpu, sp, access);
	if ((word & 0x3f000000) == 0x18000000)
		return decode_literal(word, vcpu, access);
	if ((word & 0x3fa00000) == 0x08800000)
		return decode_ordered(word, vcpu, sp, access);
	return false;
}
