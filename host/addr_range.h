/* SPDX-License-Identifier: BSD-3-Clause */
/* RmiAddrRangeDesc for granules of 4 KiB (DEN0137 2.0 B4.6.3). */
#ifndef RMMHOST_ADDR_RANGE_H
#define RMMHOST_ADDR_RANGE_H

#include <stdint.h>

struct addr_range {
	uint64_t pa;
	uint64_t pages;
	uint64_t state; /* RmiOpMemState */
};

/* Pages of one block of an RmiAddrBlockSize: 1, 512, 512^2, 512^3. */
uint64_t addr_range_block_pages(uint64_t size);

/* The smallest block size from `size` on with which one entry describes the run. */
uint64_t addr_range_fitting_size(uint64_t pages, uint64_t size);

/* Most of `pages` that one entry describes in blocks of `size`. */
uint64_t addr_range_most_pages(uint64_t pages, uint64_t size);

uint64_t addr_range_encode(uint64_t pa, uint64_t pages, uint64_t size, uint64_t state);
struct addr_range addr_range_decode(uint64_t entry);

#endif
