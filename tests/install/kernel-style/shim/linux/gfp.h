/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages of the machine's DRAM. */
#ifndef SHIM_LINUX_GFP_H
#define SHIM_LINUX_GFP_H

#define GFP_KERNEL 0

unsigned long get_zeroed_page(unsigned int gfp);
void free_page(unsigned long addr);

#endif
