/* SPDX-License-Identifier: BSD-3-Clause */
/* One run of a REC while it lasts, and the handlers of its exits. */
#ifndef RMMHOST_RUNNER_H
#define RMMHOST_RUNNER_H

#include "host_state.h"
#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/host/run.h"

enum run_next {
	RUN_ENTER,
	RUN_END, /* result->end says why, or status that the host failed */
};

#define RUN_NO_FAULT UINT64_MAX

struct runner {
	struct host_realm *realm;
	size_t index;
	const struct host_run_ops *ops;
	struct host_run_result *result;
	struct host_error *error;
	enum host_status status;
	struct rmi_rec_enter enter; /* of the next entry */
	struct rmi_rec_exit exit;   /* of the last one */
	uint64_t last_fault;        /* IPA of the page fault that was handled last */
	bool stop;                  /* asked for by ops->exit */
};

enum run_next run_end(struct runner *r, enum host_run_end end);
enum run_next run_verdict(struct runner *r, enum host_verdict verdict);

enum run_next run_on_sync(struct runner *r);
enum run_next run_on_psci(struct runner *r);
enum run_next run_on_ripas_change(struct runner *r);
enum run_next run_on_other(struct runner *r);

#endif
