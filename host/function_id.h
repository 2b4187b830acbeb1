/* SPDX-License-Identifier: BSD-3-Clause */
/* Function identifiers: SMCCC (DEN0028 2.5) and the range reserved for CCA. */
#ifndef RMMHOST_FUNCTION_ID_H
#define RMMHOST_FUNCTION_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/host/smc.h"

/* Fast SMC64 call to the standard secure service; bit 16 is the SVE hint. */
#define FID_STANDARD_FAST_64 UINT64_C(0xc4000000)
#define FID_SVE_HINT         UINT64_C(0x10000)
#define FID_NUMBER           UINT64_C(0xffff)

static inline uint32_t fid_number(uint64_t fid)
{
	return (uint32_t)(fid & FID_NUMBER);
}

/* X0 as a caller may write it, without what does not identify the function. */
static inline uint64_t fid_plain(uint64_t x0)
{
	return x0 & UINT32_MAX & ~FID_SVE_HINT;
}

static inline bool fid_is_cca(uint64_t x0)
{
	uint64_t fid = fid_plain(x0);

	return (fid & ~FID_NUMBER) == FID_STANDARD_FAST_64 &&
	       fid_number(fid) >= HOST_SMC_FNUM_FIRST && fid_number(fid) <= HOST_SMC_FNUM_LAST;
}

#endif
