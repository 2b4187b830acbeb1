/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LINUX_SHIM_SIZES_H
#define LINUX_SHIM_SIZES_H

#define SZ_2K 0x00000800
#define SZ_4K 0x00001000

#endif
