/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RmiAddrRangeDesc and RmiOpMemDonateReq for granules of 4 KiB (DEN0137 2.0 B4.6),
 * as the version encodes them: the state has one bit until 2.0-bet2, then two.
 */
#ifndef RMMHOST_ADDR_RANGE_H
#define RMMHOST_ADDR_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/abi/ids.h"

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

uint64_t addr_range_encode(enum rmm_version v, uint64_t pa, uint64_t pages, uint64_t size,
			   uint64_t state);
struct addr_range addr_range_decode(enum rmm_version v, uint64_t entry);

/* What an operation asks for. */
struct addr_request {
	uint64_t size;  /* RmiAddrBlockSize */
	uint64_t block; /* pages of one block */
	uint64_t pages; /* in total */
	uint64_t state; /* RmiOpMemState */
	bool contig;
};
struct addr_request addr_request_decode(enum rmm_version v, uint64_t donate_req);

#endif
