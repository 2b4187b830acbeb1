/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Moving runs of pages between the Non-secure and the Realm world, with the
 * pool's ledger kept true (DEN0137 2.0 A2.3, RMI_GRANULE_RANGE_DELEGATE and
 * RMI_GRANULE_RANGE_UNDELEGATE).
 *
 * `conduit` must finish stateful operations by itself (host_sro_conduit), for
 * versions in which these commands may be stateful. All runs are given as PA of
 * the first page and a number of pages, and lie in the pool.
 */
#ifndef RMMSIM_HOST_DELEGATE_H
#define RMMSIM_HOST_DELEGATE_H

#include <stdint.h>

#include "rmmsim/host/error.h"
#include "rmmsim/host/pages.h"
#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * UNDELEGATED to DELEGATED, all or nothing: what was delegated before a failure
 * is undelegated again (pages for which this is refused become LOST).
 */
enum host_status host_delegate(struct smc_conduit *conduit, struct host_pages *pages, uint64_t pa,
			       uint64_t count, struct host_error *error);

/*
 * DELEGATED, HELD or LOST to UNDELEGATED. A page that the RMM refuses becomes
 * LOST and the rest is still tried; the first refusal is the error.
 */
enum host_status host_undelegate(struct smc_conduit *conduit, struct host_pages *pages, uint64_t pa,
				 uint64_t count, struct host_error *error);

/* Allocates a run (host_pages_alloc) and delegates it; on failure nothing is taken. */
enum host_status host_take_delegated(struct smc_conduit *conduit, struct host_pages *pages,
				     uint64_t count, uint64_t align, const char *owner,
				     uint64_t *pa, struct host_error *error);

/*
 * Gives a run back to the pool, undelegating those of its pages that are not
 * UNDELEGATED. The caller no longer owns it, whatever the result.
 */
enum host_status host_give_back(struct smc_conduit *conduit, struct host_pages *pages, uint64_t pa,
				uint64_t count, struct host_error *error);

/* Tries again to undelegate every LOST page and gives it back. */
enum host_status host_recover_lost(struct smc_conduit *conduit, struct host_pages *pages,
				   struct host_error *error);

#ifdef __cplusplus
}
#endif

#endif
