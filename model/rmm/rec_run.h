/* SPDX-License-Identifier: BSD-3-Clause */
/* The run loop of a REC: guest events in, one exit out. */
#ifndef RMM_RMM_REC_RUN_H
#define RMM_RMM_REC_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/call.h"
#include "rmmsim/abi/encoding.h"

struct rec_run {
	struct rmm_call *call; /* the RMI_REC_ENTER */
	uint64_t rec_pa;
	struct rmm_rec *rec;
	struct rmm_realm *realm;
	bool trap_wfi;
	bool trap_wfe;
	bool vgic_in_run;  /* the list registers travel in RmiRecRun: 1.0-rel0 */
	bool trapped;      /* what the realm did last reached the RMM */
	uint16_t imm_high; /* TF-RMM: bits 31:16 of the immediate of a host call */
	struct rmi_rec_exit exit;
};

/* Runs the guest until something the host has to see. */
void rec_run(struct rec_run *run);

/* An SMC of the realm. Returns true when the host has to run. */
bool rec_smc(struct rec_run *run);

#endif
