/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/realm_lock.h"

static void sort(uint64_t *bases, unsigned int count)
{
	for (unsigned int i = 1; i < count; i++)
		for (unsigned int k = i; k && bases[k] < bases[k - 1]; k--) {
			const uint64_t base = bases[k];

			bases[k] = bases[k - 1];
			bases[k - 1] = base;
		}
}

bool realm_locks_have_tree(const struct realm_locks *locks, uint64_t base)
{
	for (unsigned int i = 0; i < locks->num_trees; i++)
		if (locks->trees[i] == base)
			return true;
	return false;
}

static bool rd_is_in_tree(const struct realm_locks *locks, uint64_t rd)
{
	for (unsigned int i = 0; i < locks->num_trees; i++)
		if (rd - locks->trees[i] < locks->tables * RMM_GRANULE_SIZE)
			return true;
	return false;
}

static void lock_rd(struct rmm_call *call, const struct realm_locks *locks, uint64_t rd)
{
	if (!rd_is_in_tree(locks, rd))
		granule_take_first(call, rd, RMM_GRANULE_DELEGATED);
}

void realm_locks_take(struct rmm_call *call, const struct realm_params *p, uint64_t rd,
		      struct realm_locks *locks)
{
	const unsigned int num_trees = realm_params_num_trees(p);
	uint64_t bases[MAX_RTT_TREES];
	bool rd_is_next = true;

	locks->num_trees = 0;
	locks->tables = p->raw.rtt_num_start;
	for (unsigned int i = 0; i < num_trees; i++)
		bases[i] = realm_params_tree_base(p, i);
	sort(bases, num_trees);
	for (unsigned int i = 0; i < num_trees; i++) {
		if (rd_is_next && rd < bases[i]) {
			lock_rd(call, locks, rd);
			rd_is_next = false;
		}
		if (!realm_locks_have_tree(locks, bases[i]) &&
		    granules_lock(call, bases[i], locks->tables, RMM_GRANULE_DELEGATED))
			locks->trees[locks->num_trees++] = bases[i];
	}
	if (rd_is_next)
		lock_rd(call, locks, rd);
	granule_took_first(call);
}

void realm_locks_release(const struct rmm_call *call, const struct realm_locks *locks)
{
	for (unsigned int i = 0; i < locks->num_trees; i++)
		granules_unlock(call, locks->trees[i], locks->tables);
}
