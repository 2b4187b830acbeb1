/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An RMM of 1.0-rel0 under a library that speaks 2.0. Most calls are the same.
 * Where 2.0 has ranges, 1.0 has pages: this link of the chain makes one page of
 * a range, and answers how far it came. What else differs is who brings what:
 * the host names VMIDs and the memory of RECs.
 */
#ifndef RMMHOST_RMI_1_0_H
#define RMMHOST_RMI_1_0_H

#include "host_state.h"
#include "rmmsim/smc.h"

/* Answers the calls of 2.0 that this library makes by calls of 1.0 to `machine`. */
struct smc_conduit rmi_1_0_conduit(struct smc_conduit *machine);

/* RMI_FEATURES of 1.0: one register says everything. */
enum host_status rmi_1_0_read_features(struct host *host, struct host_error *error);

/* Gives the parameters the lowest VMID that no realm of this host has. */
void rmi_1_0_choose_vmid(struct host_realm *realm, struct rmm2_0b1_rmi_realm_params *page);

/* Takes the auxiliary granules that a REC of the realm needs; all or none. */
enum host_status rmi_1_0_take_aux(const struct host_realm *realm, struct rec *rec,
				  struct host_error *error);
void rmi_1_0_name_aux(const struct rec *rec, struct rmm2_0b1_rmi_rec_params *page);

#endif
