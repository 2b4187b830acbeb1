/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Success conditions whose text says more than it can mean: what they mean
 * where the text does not hold.
 */
#include <string.h>

#include "oracle/functions.h"
#include "oracle/judge.h"
#include "oracle/set.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

/*
 * Commands that unmap pass entries that map nothing: what they return is then
 * less than the progress that the text speaks of. The memory returned counts.
 */
static bool range_is_delegated(struct oracle_env *env, uint64_t desc)
{
	const struct oracle_RmmAddrRange *range = oracle_fn_RmiAddrRangeDescDecode(env, desc);

	return oracle_fn_GranulesAllState_Address_Address_RmmGranuleState(
		env, range->base, range->top, ORACLE_GRAN_DELEGATED);
}

/* X2 is the range that was unmapped. */
static bool single_is_delegated(struct oracle_env *env)
{
	return range_is_delegated(env, env->out.x[2]);
}

/* X3 descriptors have been written to the list. */
static bool list_is_delegated(struct oracle_env *env)
{
	struct oracle_set set;

	if (env->out.x[3] == 0)
		return true;
	oracle_list_read(env, env->in.x[5], env->out.x[3], &set);
	if (set.fault != ORACLE_NO_FAULT)
		return oracle_ill_formed(env);
	for (unsigned int i = 0; i < set.count; i++)
		if (!range_is_delegated(env, set.entries[i]))
			return false;
	return true;
}

/*
 * RMI_RTT_SET_RIPAS of an entry that has the wanted RIPAS already may begin
 * inside it, or end there. Then walk_top is not behind base, and progress is as
 * far as the entry goes.
 */
static bool passes_entry(struct oracle_env *env)
{
	const struct rmm_realm *realm = view_realm(env->sys, env->in.x[1]);
	const struct rmm_rec *rec = view_rec(env->sys, env->in.x[2]);
	const uint64_t base = env->in.x[3];
	struct view_walk walk;

	if (!realm || !rec ||
	    !rmm_behaves(env->sys, RMM_BEHAVIOUR_SET_RIPAS_NOOP_NEEDS_NO_ALIGNMENT))
		return false;
	const struct view_tree tree = view_tree_of(realm, 0);
	if (!view_walk(env->sys, &tree, base, VIEW_PAGE_LEVEL, &walk) ||
	    walk.entry.ripas != rec->ripas_value)
		return false;
	const uint64_t span = view_span(walk.level);
	const uint64_t next = base - base % span + span;
	const uint64_t end = oracle_fn_MinAddress(env, next, env->in.x[4]);

	return env->out.x[1] == end && rec->ripas_addr == end;
}

/*
 * A range that took several calls: what is done leaves the intermediate state
 * page by page, and others may have used it again before the end.
 */
static bool was_done_in_parts(struct oracle_env *env)
{
	return env->operation && oracle_unknown(env);
}

/*
 * RMI_RTT_DATA_MAP of memory that is mapped there already changes nothing: what the realm has
 * written stays. Only the rest was wiped.
 */
static bool new_memory_is_wiped(struct oracle_env *env)
{
	const struct oracle_kept_table *kept = &env->kept;
	const uint64_t type =
		rmi_rtt_prot_map_flags_oaddr_type(env->version, oracle_in(env, 4, 0, 64));
	const struct oracle_set *set = oracle_set_named(env, env->in.x[5], type);

	if (!rmm_behaves(env->sys, RMM_BEHAVIOUR_MAP_SAME_PA_SUCCEEDS))
		return false;
	if (env->fault != ORACLE_NO_FAULT || !kept->pa)
		return oracle_unknown(env);
	const uint64_t span = view_span(kept->level);
	for (uint64_t ipa = env->in.x[2]; ipa < env->out.x[1]; ipa += VIEW_GRANULE) {
		const uint64_t index = (ipa - kept->ipa) / span;
		uint64_t pa, left;

		if (index >= VIEW_ENTRIES)
			return oracle_unknown(env);
		if (!oracle_set_byte(env, set, (oracle_int)(ipa - env->in.x[2]), &pa, &left))
			return false;
		const struct view_entry old =
			view_decode(kept->entries[index], kept->level, kept->lpa2);
		const bool same = old.state == ORACLE_RTTE_DATA && old.addr + ipa % span == pa;
		if (!same && !oracle_range_is_wiped(env, pa, VIEW_GRANULE))
			return false;
	}
	return true;
}

void oracle_reading_prepare(struct oracle_env *env, enum rmm_command command)
{
	if (command == RMM_CMD_RMI_RTT_DATA_MAP)
		oracle_keep_tables(env);
}

static const struct {
	enum rmm_command command;
	const char *success;
	bool (*then)(struct oracle_env *env);
} readings[] = {
	{RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, "state", was_done_in_parts},
	{RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, "state", was_done_in_parts},
	{RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, "content", was_done_in_parts},
	{RMM_CMD_RMI_RTT_DATA_MAP, "gran_contents", new_memory_is_wiped},
	{RMM_CMD_RMI_RTT_DATA_UNMAP, "gran_state_contig", single_is_delegated},
	{RMM_CMD_RMI_RTT_DATA_UNMAP, "gran_state_list", list_is_delegated},
	{RMM_CMD_RMI_RTT_SET_RIPAS, "ripas_addr", passes_entry},
	{RMM_CMD_RMI_RTT_SET_RIPAS, "out_top", passes_entry},
};

oracle_condition oracle_reading(enum rmm_command command, const struct oracle_success *success)
{
	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++)
		if (readings[i].command == command &&
		    strcmp(readings[i].success, success->name) == 0)
			return readings[i].then;
	return NULL;
}
