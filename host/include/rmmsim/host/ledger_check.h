/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ledger against the model: what a host holds as its calls tell it, and as
 * the granules themselves do. Built as a target of its own (rmmconduit_model).
 */
#ifndef RMMSIM_HOST_LEDGER_CHECK_H
#define RMMSIM_HOST_LEDGER_CHECK_H

#include "rmmsim/host/error.h"
#include "rmmsim/host/ledger.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Compares the state of every granule that the ledger knows, the number of
 * granules that are not UNDELEGATED and that of open operations. HOST_OK, or
 * HOST_ERROR_STATE with the first difference. Not for a machine that other hosts
 * use as well, nor while an operation is open that the fault injector made up.
 */
enum host_status host_ledger_compare(const struct host_ledger *ledger, const struct rmm_system *sys,
				     struct host_error *error);

#ifdef __cplusplus
}
#endif

#endif
