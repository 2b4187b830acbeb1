/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RMI commands as functions. They have the names that a kernel gives them,
 * which are also the names of the model's handlers: the library keeps those to
 * itself.
 */
#ifndef RMI_CMDS_H
#define RMI_CMDS_H

#include <rmmsim/linux/rmm2_0b1_rmi.h>

#include <linux/arm-smccc.h>

/* Result words come back as they are: RMI_RETURN_STATUS() and RMI_RETURN_INDEX() read them. */
unsigned long rmi_version(unsigned long wanted);
unsigned long rmi_features(unsigned long index, unsigned long *value);
unsigned long rmi_rmm_config_set(phys_addr_t config);
unsigned long rmi_rmm_activate(void);
unsigned long rmi_gpt_l1_create(phys_addr_t region);
unsigned long rmi_granule_range_delegate(phys_addr_t base, phys_addr_t top, phys_addr_t *out_top);
unsigned long rmi_granule_range_undelegate(phys_addr_t base, phys_addr_t top, phys_addr_t *out_top);
unsigned long rmi_realm_create(phys_addr_t rd, phys_addr_t params);
unsigned long rmi_realm_activate(phys_addr_t rd);
unsigned long rmi_realm_terminate(phys_addr_t rd);
unsigned long rmi_realm_destroy(phys_addr_t rd);
unsigned long rmi_rec_create(phys_addr_t rd, phys_addr_t rec, phys_addr_t params);
unsigned long rmi_rec_destroy(phys_addr_t rec);
unsigned long rmi_rec_enter(phys_addr_t rec, phys_addr_t run);
unsigned long rmi_rtt_create(phys_addr_t rd, phys_addr_t rtt, unsigned long ipa, long level);
unsigned long rmi_rtt_destroy(phys_addr_t rd, unsigned long ipa, long level, phys_addr_t *rtt);
unsigned long rmi_rtt_init_ripas(phys_addr_t rd, unsigned long base, unsigned long top,
				 unsigned long *out_top);
unsigned long rmi_rtt_data_map(phys_addr_t rd, unsigned long ipa, phys_addr_t page);
unsigned long rmi_rtt_data_unmap(phys_addr_t rd, unsigned long ipa, phys_addr_t *page);

/* Calls, and drives a stateful operation to its end: the result is never RMI_INCOMPLETE. */
unsigned long rmi_sro_call(struct arm_smccc_1_2_regs *regs);

/* A page that the RMM may use; 0 when there is none. */
phys_addr_t alloc_delegated_page(void);
void free_delegated_page(phys_addr_t phys);

int delegate_range(phys_addr_t base, phys_addr_t top);
int undelegate_range(phys_addr_t base, phys_addr_t top);

#endif
