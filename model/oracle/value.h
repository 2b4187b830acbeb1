/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of condition expressions. Int is wide enough that nothing wraps. */
#ifndef RMM_ORACLE_VALUE_H
#define RMM_ORACLE_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Sums and products of a few 64-bit numbers. */
__extension__ typedef __int128 oracle_int;

/* BitsN with N > 64; words from the lowest on. */
struct oracle_wide {
	uint64_t w[8];
};

static inline bool oracle_wide_equal(struct oracle_wide a, struct oracle_wide b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static inline bool oracle_wide_is(struct oracle_wide a, uint64_t low)
{
	return oracle_wide_equal(a, (struct oracle_wide){{low}});
}

/* Exponents come from registers: what is out of reach is as large as can be. */
static inline oracle_int oracle_power(oracle_int base, oracle_int exponent)
{
	if (base == 2 && exponent >= 0)
		return (oracle_int)1 << (exponent < 120 ? (unsigned int)exponent : 120u);
	oracle_int value = 1;
	for (; exponent > 0 && value < (oracle_int)1 << 100; exponent--)
		value *= base;
	return value;
}

static inline uint64_t oracle_bits(uint64_t word, unsigned int lsb, unsigned int width)
{
	return width >= 64 ? word >> lsb : word >> lsb & ((UINT64_C(1) << width) - 1);
}

static inline int64_t oracle_signed(uint64_t value, unsigned int width)
{
	return width >= 64 ? (int64_t)value : (int64_t)(value << (64 - width)) >> (64 - width);
}

/* A little-endian number of `bytes` bytes in a structure's image. */
static inline uint64_t oracle_load(const uint8_t *at, uint64_t bytes)
{
	uint64_t value = 0;

	if (bytes == sizeof(value)) {
		memcpy(&value, at, sizeof(value));
		return value;
	}
	for (uint64_t i = 0; i < bytes && i < sizeof(value); i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

/* An array of doublewords in an image, which is aligned. */
static inline const uint64_t *oracle_words(const uint8_t *at)
{
	return (const uint64_t *)(const void *)at;
}

#endif
