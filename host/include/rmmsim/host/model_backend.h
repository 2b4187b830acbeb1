/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The model as a machine for the host library: the only place where the two
 * meet. Built as a target of its own (rmmhost_model).
 */
#ifndef RMMSIM_HOST_MODEL_BACKEND_H
#define RMMSIM_HOST_MODEL_BACKEND_H

#include "rmmsim/host/host.h"
#include "rmmsim/host/memory.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The Non-secure window of a system, which must outlive its use. */
struct host_memory_ops host_model_memory(struct rmm_system *sys);

/*
 * A host configuration for one PE of a system: conduit, memory window, the
 * first `pool_size` bytes (granule multiple; 0: 16 MiB or the bank, whichever
 * is less) of the first DRAM bank as the pool, every DRAM byte of that bank as
 * RAM, and attachment when the system is active at boot. `ctx` is the caller's
 * and must outlive the host.
 */
struct host_config host_model_config(struct rmm_system *sys, unsigned int pe, uint64_t pool_size,
				     struct rmm_conduit_ctx *ctx);

/*
 * The lines with which a recording says what machine it is made on, so that
 * `rmmsim replay` builds the same one. The text is the caller's, who frees it;
 * NULL when there is no heap memory.
 */
char *host_model_recording(const struct rmm_system *sys);

#ifdef __cplusplus
}
#endif

#endif
