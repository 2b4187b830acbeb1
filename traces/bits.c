/* SPDX-License-Identifier: BSD-3-Clause */
#include "bits.h"

uint64_t trace_bits_get(const uint8_t *image, uint32_t bit, unsigned int width)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < width;) {
		unsigned int at = (bit + i) % 8;
		unsigned int n = 8 - at < width - i ? 8 - at : width - i;
		uint64_t part = (uint64_t)image[(bit + i) / 8] >> at & trace_bits_mask(n);

		value |= part << i;
		i += n;
	}
	return value;
}

void trace_bits_set(uint8_t *image, uint32_t bit, unsigned int width, uint64_t value)
{
	for (unsigned int i = 0; i < width;) {
		unsigned int at = (bit + i) % 8;
		unsigned int n = 8 - at < width - i ? 8 - at : width - i;
		unsigned int mask = (unsigned int)trace_bits_mask(n) << at;
		unsigned int part = (unsigned int)(value >> i << at) & mask;
		uint8_t *byte = &image[(bit + i) / 8];

		*byte = (uint8_t)((*byte & ~mask) | part);
		i += n;
	}
}
