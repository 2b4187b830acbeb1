/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SHIM_LINUX_SIZES_H
#define SHIM_LINUX_SIZES_H

#define SZ_2K 0x00000800
#define SZ_4K 0x00001000
#define SZ_1G 0x40000000

#endif
