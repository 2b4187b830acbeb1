/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine below the kernel: the only part that knows of the model. */
#ifndef MACHINE_H
#define MACHINE_H

#include <linux/types.h>

#define MACHINE_DRAM_BASE 0x80000000UL
#define MACHINE_DRAM_SIZE 0x40000000UL

bool machine_start(void);
void machine_stop(void);

/* What the first vCPU of a realm executes: a store, a load, then PSCI SYSTEM_OFF. */
bool machine_load_program(phys_addr_t rd, u64 store_to, u64 load_from);

/* Why the last SMC failed, in words. */
const char *machine_reason(void);

/* What was not given back. */
u64 machine_granules_out(void);
unsigned int machine_pages_out(void);

#endif
