/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LINUX_SHIM_PAGE_H
#define LINUX_SHIM_PAGE_H

#ifndef PAGE_SHIFT
#define PAGE_SHIFT 12
#endif

#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))

#endif
