/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stateful RMI operations (DEN0137 2.0 B4.3). The runner is a link of the
 * conduit chain: a command that answers RMI_INCOMPLETE is driven to its end
 * (donate, reclaim, continue), and the caller sees only the terminal result and
 * the outputs of its command. Calls of RMI_OP_* pass untouched, so an operation
 * can also be driven by hand.
 *
 * Memory that is wanted in the state that its place demands (2.0-bet3,
 * CONDITIONAL) is donated DELEGATED where the RMM delegates it, else as it is.
 *
 * An operation that cannot be driven to its end (the pool is empty and the
 * operation cannot be cancelled, say) is kept as *suspended*: the caller sees
 * RMI_INCOMPLETE, and the operation can be resumed when memory is there again.
 */
#ifndef RMMSIM_HOST_SRO_H
#define RMMSIM_HOST_SRO_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/abi/ids.h"
#include "rmmsim/host/error.h"
#include "rmmsim/host/memory.h"
#include "rmmsim/host/pages.h"
#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Operations that can be suspended at a time; more are forgotten and counted. */
#define HOST_SRO_MAX_SUSPENDED 32u

/* One operation, as the host knows it. */
struct host_sro_operation {
	uint64_t fid;        /* function identifier of the command that started it */
	uint64_t handle;     /* opaque: any value, 0 included */
	uint64_t x0;         /* the last RMI_INCOMPLETE: what the RMM waits for */
	uint64_t donate_req; /* RmiOpMemDonateReq, while it waits for memory */
	uint64_t donated;    /* pages that the RMM consumed */
	uint64_t reclaimed;  /* pages that it gave back */
	bool cancelled;      /* RMI_OP_CANCEL was accepted */
};

struct host_sro {
	struct smc_conduit *next;
	struct host_memory_ops memory;
	struct host_pages *pages;
	uint64_t list_pa; /* an UNDELEGATED page, for address lists */
	/* Whose encoding requests and lists have; 1.0-rel0, which has neither, stands for 2.0-bet1.
	 */
	enum rmm_version version;

	/*
	 * Calls of one operation before it is suspended, and entries that a
	 * reclaim offers: 1..512. Zero means the default (65536, 512).
	 */
	uint32_t max_steps;
	uint32_t reclaim_entries;

	/* How the last operation ended: HOST_OK, or why the caller got what it got. */
	struct host_error last;

	struct host_sro_operation suspended[HOST_SRO_MAX_SUSPENDED];
	uint32_t num_suspended;

	uint64_t operations; /* driven so far */
	uint64_t cancelled;
	uint64_t forgotten; /* suspended beyond HOST_SRO_MAX_SUSPENDED */
};

struct smc_conduit host_sro_conduit(struct host_sro *sro);

/*
 * Drives every suspended operation on. Those that end, whatever their status,
 * leave the list. Returns HOST_OK when none is left, else HOST_ERROR_SUSPENDED
 * with the reason of the last one.
 */
enum host_status host_sro_resume(struct host_sro *sro, struct host_error *error);

#ifdef __cplusplus
}
#endif

#endif
