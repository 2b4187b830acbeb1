/* SPDX-License-Identifier: BSD-3-Clause */
/* The linear map. */
#ifndef SHIM_ASM_MEMORY_H
#define SHIM_ASM_MEMORY_H

#include <linux/types.h>

phys_addr_t virt_to_phys(const volatile void *virt);
void *phys_to_virt(phys_addr_t phys);

#endif
