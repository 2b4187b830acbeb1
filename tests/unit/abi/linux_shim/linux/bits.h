/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LINUX_SHIM_BITS_H
#define LINUX_SHIM_BITS_H

#define BIT(n)                 (1UL << (n))
#define BIT_ULL(n)             (1ULL << (n))

/* Bits high..low, both included. */
#define GENMASK(high, low)     ((~0UL >> (63 - (high))) & (~0UL << (low)))
#define GENMASK_ULL(high, low) ((~0ULL >> (63 - (high))) & (~0ULL << (low)))

#endif
