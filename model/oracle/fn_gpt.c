/* SPDX-License-Identifier: BSD-3-Clause */
/* Granule protection tables (2.0-bet0 A2.3.9, B3.36, B3.37), read descriptor by descriptor. */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

static uint64_t region_of(uint64_t pa)
{
	return pa - pa % VIEW_GPT_REGION;
}

static bool has_table(const struct rmm_system *sys, uint64_t pa)
{
	return view_gpt_table(&sys->memory, pa) != 0;
}

static bool is_platforms(const struct rmm_system *sys, uint64_t pa)
{
	const uint64_t table = view_gpt_table(&sys->memory, pa);

	return table - sys->memory.root_base < sys->memory.root_size;
}

static bool region_has_memory(const struct rmm_system *sys, uint64_t region)
{
	for (unsigned int i = 0; i < sys->memory.num_banks; i++) {
		const struct memory_bank *bank = &sys->memory.banks[i];

		if (bank->base < region + VIEW_GPT_REGION && region < bank->base + bank->size)
			return true;
	}
	return false;
}

const struct oracle_RmmGptL0Entry *oracle_fn_GptL0Walk(struct oracle_env *env, uint64_t addr_)
{
	struct oracle_RmmGptL0Entry *entry = oracle_alloc(env, sizeof(*entry));

	if (!entry)
		return oracle_nothing;
	entry->pa = addr_;
	if (rmm_behaves(env->sys, RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT)) {
		entry->state = ORACLE_GPT_L0_ENTRY_TABLE;
		return entry;
	}
	if (addr_ >= env->sys->memory.pa_size) {
		oracle_ill_formed(env);
		return entry;
	}
	entry->addr = view_gpt_table(&env->sys->memory, addr_);
	entry->state = entry->addr ? ORACLE_GPT_L0_ENTRY_TABLE : ORACLE_GPT_L0_ENTRY_BLOCK;
	return entry;
}

bool oracle_fn_GptL0UnfoldDenied(struct oracle_env *env, uint64_t addr_)
{
	const struct rmm_system *sys = env->sys;

	if (rmm_behaves(sys, RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT))
		return false;
	if (addr_ >= sys->memory.pa_size)
		return oracle_ill_formed(env);
	if (rmm_behaves(sys, RMM_BEHAVIOUR_PLATFORM_GPT_DENIED) && is_platforms(sys, addr_))
		return true;
	return !has_table(sys, addr_) && !region_has_memory(sys, region_of(addr_));
}

bool oracle_fn_GptL0FoldDenied(struct oracle_env *env, uint64_t addr_)
{
	const struct rmm_system *sys = env->sys;

	if (addr_ >= sys->memory.pa_size)
		return oracle_ill_formed(env);
	if (is_platforms(sys, addr_))
		return true;
	return rmm_behaves(sys, RMM_BEHAVIOUR_PLATFORM_GPT_DENIED) && !has_table(sys, addr_) &&
	       !region_has_memory(sys, region_of(addr_));
}

uint64_t oracle_fn_GptParState(struct oracle_env *env, uint64_t base_, uint64_t top_)
{
	const struct rmm_system *sys = env->sys;

	(void)top_;
	if (base_ >= sys->memory.pa_size)
		return oracle_ill_formed(env);
	if (has_table(sys, base_))
		return is_platforms(sys, base_) ? RMI_GPT_PAR_PLAT : RMI_GPT_PAR_HOST_CREATED;
	return region_has_memory(sys, region_of(base_)) ? RMI_GPT_PAR_HOST_NOT_CREATED
							: RMI_GPT_PAR_RESERVED;
}

/* ---- what a table holds ----------------------------------------------------------------- */

/* The table's own storage will be Non-secure once it is no table any more. */
static bool counts_as_host_memory(uint64_t pa, uint64_t table)
{
	return pa - table < VIEW_GPT_L1_BYTES;
}

bool oracle_fn_GptL1IsHomogeneous(struct oracle_env *env, uint64_t addr_)
{
	const struct memory *mem = &env->sys->memory;
	const uint64_t region = region_of(addr_);
	enum rmm_gpi first = RMM_GPI_NO_ACCESS;

	if (addr_ >= mem->pa_size || !has_table(env->sys, addr_))
		return oracle_ill_formed(env);
	const uint64_t table = view_gpt_table(mem, region);
	for (uint64_t pa = region; pa < region + VIEW_GPT_REGION; pa += VIEW_GRANULE) {
		enum rmm_gpi gpi = view_gpi(mem, pa);

		if (counts_as_host_memory(pa, table))
			gpi = RMM_GPI_NS;
		if (pa == region)
			first = gpi;
		if (gpi != first)
			return false;
	}
	return true;
}

/* ---- delegation without a table ------------------------------------------------------------ */

/* Granules that are where they are to go need no descriptor. */
static uint64_t first_to_move(const struct oracle_env *env, uint64_t base, uint64_t top)
{
	const bool delegates = env->form->id == RMM_CMD_RMI_GRANULE_RANGE_DELEGATE;
	const enum rmm_granule_state done =
		delegates ? RMM_GRANULE_DELEGATED : RMM_GRANULE_UNDELEGATED;

	if (!rmm_behaves(env->sys, RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS))
		return base;
	while (base < top && view_state_is(env->sys, base, done))
		base += VIEW_GRANULE;
	return base;
}

bool oracle_fn_GranuleRangeStopsAtGpt(struct oracle_env *env, uint64_t base_, uint64_t top_)
{
	if (!view_bank(env->sys, base_))
		return oracle_ill_formed(env);
	if (first_to_move(env, base_, top_) != base_ || has_table(env->sys, base_))
		return false;
	if (env->sys->config.features.l0gpt_block_delegate && base_ % VIEW_GPT_REGION == 0 &&
	    top_ - base_ >= VIEW_GPT_REGION)
		return false;
	return true;
}
