/* SPDX-License-Identifier: BSD-3-Clause */
/* Bits of little-endian images: registers and structures alike. */
#ifndef RMM_TRACES_BITS_H
#define RMM_TRACES_BITS_H

#include <stdint.h>

/* `width` is 1..64; the bits must lie inside the image. */
uint64_t trace_bits_get(const uint8_t *image, uint32_t bit, unsigned int width);
void trace_bits_set(uint8_t *image, uint32_t bit, unsigned int width, uint64_t value);

/* All ones in the low `width` bits. */
static inline uint64_t trace_bits_mask(unsigned int width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

#endif
