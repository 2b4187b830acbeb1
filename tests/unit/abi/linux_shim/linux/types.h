/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the generated kernel-style headers need of the kernel, for hosts in
 * user space. The system's own file of this name comes first: the C library
 * uses its types.
 */
#ifndef LINUX_SHIM_TYPES_H
#define LINUX_SHIM_TYPES_H

#pragma GCC system_header
#include_next <linux/types.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#endif
