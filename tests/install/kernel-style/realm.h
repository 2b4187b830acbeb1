/* SPDX-License-Identifier: BSD-3-Clause */
/* A realm with one vCPU, as a hypervisor in a kernel keeps it. */
#ifndef REALM_H
#define REALM_H

#include "rmi_cmds.h"

struct realm {
	phys_addr_t rd;
	phys_addr_t root; /* table of level 1 */
	phys_addr_t rec;
	struct rec_run *run;
	unsigned long ram; /* IPA */
	unsigned long ram_size;
};

/* Once, before any realm: 0 or a negative error number, as everywhere here. */
int rmi_init(phys_addr_t dram_base, unsigned long dram_size);

int realm_create(struct realm *realm, unsigned long ram, unsigned long ram_size);
int realm_add_vcpu(struct realm *realm);
int realm_activate(struct realm *realm);

/* Until the realm switches itself off. Returns the number of exits. */
int realm_run(struct realm *realm);

/* Whatever there is; nothing is left if it returns 0. */
int realm_destroy(struct realm *realm);

int realm_map_page(struct realm *realm, unsigned long ipa);
int realm_init_ram(struct realm *realm);
void realm_unmap(struct realm *realm);

#endif
