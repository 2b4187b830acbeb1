/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the two printed forms of a report. */
#ifndef RMM_TIMING_REPORT_H
#define RMM_TIMING_REPORT_H

#include "rmm_timing.h"
#include "rmmsim/abi/introspect.h"

/* "RMI_VERSION" ... Never NULL. */
const char *rmm_timing_command_name(enum rmm_command command);

/* Over all PEs. */
void rmm_timing_sum(const struct rmm_timing_report *report, struct rmm_timing_share *sum);

#endif
