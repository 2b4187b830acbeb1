/* SPDX-License-Identifier: BSD-3-Clause */
/* The locks of the granules that a realm is made of: RD and starting tables. */
#ifndef RMM_RMM_REALM_LOCK_H
#define RMM_RMM_REALM_LOCK_H

#include "rmm/realm_params.h"

/*
 * A tree is as large as the others and aligned to its size: two of them are
 * equal or apart.
 */
struct realm_locks {
	unsigned int num_trees;
	uint64_t trees[MAX_RTT_TREES]; /* bases of those that are locked */
	uint64_t tables;               /* of each */
};

/*
 * Takes, by ascending PA, the locks of what is DELEGATED as a whole. What is
 * not locked afterwards was not DELEGATED.
 */
void realm_locks_take(struct rmm_call *call, const struct realm_params *p, uint64_t rd,
		      struct realm_locks *locks);

/* Of the trees; the lock of the RD stays with the call. */
void realm_locks_release(const struct rmm_call *call, const struct realm_locks *locks);

bool realm_locks_have_tree(const struct realm_locks *locks, uint64_t base);

#endif
