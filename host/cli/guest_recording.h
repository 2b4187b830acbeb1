/* SPDX-License-Identifier: BSD-3-Clause */
/* A run of a guest as a recording: its host's calls, and what it does beside them. */
#ifndef RMM_CLI_GUEST_RECORDING_H
#define RMM_CLI_GUEST_RECORDING_H

#include <stdio.h>

#include "rmmsim/guest_record.h"
#include "rmmsim/host/host.h"
#include "rmmsim/host/recorder.h"
#include "rmmsim/system.h"

/* Zero: nothing is recorded. Must not move between begin and end. */
struct guest_recording {
	struct rmm_guest_recorder *guests;
	struct host_recorder *recorder;
	struct host_recorder_link link;
	struct smc_conduit machine;
	char *head;
};

/* Stands before the guests of a machine that is about to be made; false: out of memory. */
bool guest_recording_prepare(struct guest_recording *r, struct rmm_config *config);

/* Stands in the chain of a host that is about to be made on the PE; false: out of memory. */
bool guest_recording_begin(struct guest_recording *r, FILE *out, struct rmm_conduit_ctx *pe,
			   struct host_config *config);

/* After host and machine. */
void guest_recording_end(struct guest_recording *r);

#endif
