/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_UNPROT_MAP, RMI_RTT_UNPROT_UNMAP. */
#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/rtt_map.h"

#define S2AP_DIRECT_MASK 3u /* bit 0 write, bit 1 read */

/* ---- map ---------------------------------------------------------------------- */

static enum rmm_condition map_check_range(const struct rmm_call *call,
					  const struct map_sweep *sweep)
{
	const bool straddles = realm_is_protected(sweep->realm, sweep->base) &&
			       !realm_is_protected(sweep->realm, sweep->top - RMM_GRANULE_SIZE);

	/* TF-RMM lets such a range through; its first entry then stops the sweep. */
	if (realm_is_protected(sweep->realm, sweep->base) &&
	    !(straddles && call_behaves(call, RMM_BEHAVIOUR_UNPROT_STRADDLE_FAILS_AS_RTT)))
		return RMI_RTT_UNPROT_MAP_IPA_BOUND;
	if (sweep->top > realm_ipa_size(sweep->realm))
		return RMI_RTT_UNPROT_MAP_IPA_WIDTH;
	return RMM_CONDITION_NONE;
}

static enum rmm_condition map_check_flags(const struct rmm_call *call,
					  const struct map_sweep *sweep)
{
	const enum rmm_version v = call_version(call);

	if (rmi_rtt_unprot_map_flags_s2ap(v, sweep->flags) & ~(uint64_t)S2AP_DIRECT_MASK)
		return RMI_RTT_UNPROT_MAP_S2AP;
	return RMM_CONDITION_NONE;
}

static enum rmm_condition map_check_attributes(const struct rmm_call *call,
					       const struct map_sweep *sweep)
{
	const enum rmm_version v = call_version(call);

	if (rmi_rtt_unprot_map_flags_memattr(v, sweep->flags) == RTTE_MEMATTR_RESERVED)
		return RMI_RTT_UNPROT_MAP_MEMATTR;
	return RMM_CONDITION_NONE;
}

static uint64_t map_compose(const struct rmm_call *call, const struct map_sweep *sweep, uint64_t pa,
			    uint64_t old)
{
	const enum rmm_version v = call_version(call);

	(void)old;
	return rtte_make_mapped_ns(pa, rmi_rtt_unprot_map_flags_memattr(v, sweep->flags),
				   rmi_rtt_unprot_map_flags_s2ap(v, sweep->flags), sweep->level,
				   sweep->realm->lpa2,
				   call_behaves(call, RMM_BEHAVIOUR_SHAREABILITY_NS_INNER));
}

#define MAP_CONDITIONS                                                                    \
	{                                                                                 \
		.size_valid = RMI_RTT_UNPROT_MAP_SIZE_VALID,                              \
		.oaddr_type = RMI_RTT_UNPROT_MAP_OADDR_TYPE,                              \
		.oaddr_align = RMI_RTT_UNPROT_MAP_OADDR_ALIGN,                            \
		.oaddr_list_pas = RMI_RTT_UNPROT_MAP_OADDR_LIST_PAS,                      \
		.oaddr_empty = RMI_RTT_UNPROT_MAP_OADDR_EMPTY,                            \
		.desc_state = RMI_RTT_UNPROT_MAP_DESC_STATE,                              \
		.base_align = RMI_RTT_UNPROT_MAP_BASE_ALIGN,                              \
		.top_align = RMI_RTT_UNPROT_MAP_TOP_ALIGN,                                \
		.desc_level = RMI_RTT_UNPROT_MAP_DESC_LEVEL_TF,                           \
		.base_level_align = RMI_RTT_UNPROT_MAP_BASE_LEVEL_ALIGN_TF,               \
		.desc_align = RMI_RTT_UNPROT_MAP_DESC_ALIGN_TF,                           \
		.size_block = RMI_RTT_UNPROT_MAP_SIZE_BLOCK_TF,                           \
		.walk = RMI_RTT_UNPROT_MAP_WALK_TF, .table = RMI_RTT_UNPROT_MAP_TABLE_TF, \
		.rtte_state = RMI_RTT_UNPROT_MAP_RTTE_STATE,                              \
		.base_entry_align = RMI_RTT_UNPROT_MAP_BASE_ENTRY_ALIGN,                  \
		.rtte_size = RMI_RTT_UNPROT_MAP_RTTE_SIZE,                                \
		.desc_span = RMI_RTT_UNPROT_MAP_DESC_SPAN,                                \
		.oaddr_entry_align = RMI_RTT_UNPROT_MAP_OADDR_ENTRY_ALIGN,                \
		.oaddr_bound = RMI_RTT_UNPROT_MAP_OADDR_BOUND,                            \
		.other_half = RMI_RTT_UNPROT_MAP_STRADDLE_TF,                             \
	}

static const struct map_kind unprot_map[2] = {
	{
		.conditions = MAP_CONDITIONS,
		.from = RTTE_UNMAPPED_NS,
		.remap_succeeds = RMM_BEHAVIOUR_UNPROT_REMAP_SUCCEEDS,
		.check_range = map_check_range,
		.check_flags = map_check_flags,
		.check_attributes = map_check_attributes,
		.compose = map_compose,
	},
	{
		.conditions = MAP_CONDITIONS,
		.from = RTTE_UNMAPPED_NS,
		.remap_succeeds = RMM_BEHAVIOUR_UNPROT_REMAP_SUCCEEDS,
		.desc_state = RMI_OP_MEM_UNDELEGATED,
		.checks_desc_state = true,
		.check_range = map_check_range,
		.check_flags = map_check_flags,
		.check_attributes = map_check_attributes,
		.compose = map_compose,
	},
};

uint64_t rmi_rtt_unprot_map(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_UNPROT_MAP, RD);
	const enum rmm_version v = call_version(call);
	struct map_sweep sweep = {
		.kind = &unprot_map[!call_behaves(call, RMM_BEHAVIOUR_UNPROT_DESC_STATE_IGNORED)],
		.base = call->in[2],
		.top = call->in[3],
		.flags = call->in[4],
	};

	enum rmm_condition failed = realm_take(call, call->in[1], &rd, &sweep.realm);
	if (failed == RMM_CONDITION_NONE && realm_state(sweep.realm) != RMM_REALM_NEW &&
	    realm_state(sweep.realm) != RMM_REALM_ACTIVE &&
	    call_behaves(call, RMM_BEHAVIOUR_MAP_REALM_STATE_CHECKED))
		failed = RMI_RTT_UNPROT_MAP_REALM_STATE_TF;
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	return map_range(call, &sweep, rmi_rtt_unprot_map_flags_oaddr_type(v, sweep.flags),
			 rmi_rtt_unprot_map_flags_list_count(v, sweep.flags), call->in[5]);
}

/* ---- unmap ------------------------------------------------------------------------ */

static enum rmm_condition unmap_check_range(const struct rmm_call *call,
					    const struct unmap_sweep *sweep)
{
	(void)call;
	if (realm_is_protected(sweep->realm, sweep->base))
		return RMI_RTT_UNPROT_UNMAP_IPA_BOUND;
	if (sweep->top > realm_ipa_size(sweep->realm))
		return RMI_RTT_UNPROT_UNMAP_IPA_WIDTH;
	return RMM_CONDITION_NONE;
}

static uint64_t unmap_replace(uint64_t old)
{
	(void)old;
	return rtte_make_unmapped_ns();
}

static const struct unmap_kind unprot_unmap = {
	.conditions =
		{
			.base_align = RMI_RTT_UNPROT_UNMAP_BASE_ALIGN,
			.top_align = RMI_RTT_UNPROT_UNMAP_TOP_ALIGN,
			.size_valid = RMI_RTT_UNPROT_UNMAP_SIZE_VALID,
			.oaddr_type = RMI_RTT_UNPROT_UNMAP_OADDR_TYPE,
			.oaddr_zero = RMI_RTT_UNPROT_UNMAP_OADDR_ZERO_TF,
			.list_count = RMI_RTT_UNPROT_UNMAP_LIST_COUNT_TF,
			.oaddr_align = RMI_RTT_UNPROT_UNMAP_OADDR_ALIGN,
			.oaddr_list_pas = RMI_RTT_UNPROT_UNMAP_OADDR_LIST_PAS,
			.base_entry_align = RMI_RTT_UNPROT_UNMAP_BASE_ENTRY_ALIGN,
			.void_align = RMI_RTT_UNPROT_UNMAP_VOID_ALIGN_TF,
			.void_size = RMI_RTT_UNPROT_UNMAP_VOID_SIZE_TF,
			.rtte_state = RMI_RTT_UNPROT_UNMAP_RTTE_STATE,
			.rtte_size = RMI_RTT_UNPROT_UNMAP_RTTE_SIZE,
		},
	.from = RTTE_MAPPED_NS,
	.desc_state = RMI_OP_MEM_UNDELEGATED,
	.rejects_unmapped = true,
	.check_range = unmap_check_range,
	.replace = unmap_replace,
};

uint64_t rmi_rtt_unprot_unmap(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_UNPROT_UNMAP, RD);
	struct unmap_sweep sweep = {
		.kind = &unprot_unmap,
		.base = call->in[2],
		.top = call->in[3],
	};

	enum rmm_condition failed = check_context_free(call);
	if (failed == RMM_CONDITION_NONE)
		failed = realm_take(call, call->in[1], &rd, &sweep.realm);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	return unmap_range(call, &sweep, call->in[4], call->in[5]);
}
