/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SHIM_LINUX_BITFIELD_H
#define SHIM_LINUX_BITFIELD_H

#define FIELD_PREP(mask, value) (((u64)(value) << __builtin_ctzll(mask)) & (mask))
#define FIELD_GET(mask, word)   (((word) & (mask)) >> __builtin_ctzll(mask))

#endif
