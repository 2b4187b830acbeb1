/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RMM_CLI_RUN_TIMED_H
#define RMM_CLI_RUN_TIMED_H

#include "rmmsim/trace.h"

/*
 * Plays a trace with every actor on a simulated PE and prints where the cycles
 * went. `profile` names a file of costs; NULL: the built-in ones. Returns an
 * enum rmm_trace_status.
 */
int run_timed(const struct rmm_trace *trace, const struct rmm_trace_options *options,
	      const char *profile, struct rmm_trace_summary *summary);

#endif
