/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Guests of the model in a recording: with what they do beside the calls, entries
 * of RECs replay whatever ends them. Built as part of the target that knows the
 * model (rmmconduit_model).
 */
#ifndef RMMSIM_HOST_RECORDER_GUESTS_H
#define RMMSIM_HOST_RECORDER_GUESTS_H

#include "rmmsim/guest_record.h"
#include "rmmsim/host/recorder.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * From now on `recorder` writes what `guests` hears, and what happens to the PE
 * of `pe` beside calls: its interrupt lines, and what the host writes to its
 * list registers. All must outlive the recorder, or the guests be silenced
 * (rmm_guest_recorder_listen) before it goes. Returns 0, or -1 when an argument
 * is missing.
 */
int host_recorder_listen(struct host_recorder *recorder, struct rmm_guest_recorder *guests,
			 struct rmm_conduit_ctx *pe);

#ifdef __cplusplus
}
#endif

#endif
