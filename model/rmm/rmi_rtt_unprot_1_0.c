/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_MAP_UNPROTECTED, RMI_RTT_UNMAP_UNPROTECTED: one entry, described by its descriptor. */
#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/rtt.h"

/* How both commands name what is wrong with the place. */
struct place_conditions {
	struct granule_conditions rd;
	enum rmm_condition level, bound, align;
};

#define PLACE_CONDITIONS(command)                                                       \
	{                                                                               \
		{command##_RD_ALIGN, command##_RD_BOUND, command##_RD_STATE},           \
			command##_LEVEL_BOUND, command##_IPA_BOUND, command##_IPA_ALIGN \
	}

struct place {
	struct rmm_realm *realm;
	uint64_t ipa;
	int level;
	struct rtt_walk walk;
};

/* RttLevelIsBlockOrPage. */
static bool level_maps_memory(const struct rmm_realm *realm, int64_t level)
{
	return level >= RTT_BLOCK_LEVEL && rtt_level_is_valid(realm, level);
}

static enum rmm_condition take_place(struct rmm_call *call, struct place *place,
				     const struct place_conditions *c)
{
	const int64_t level = (int64_t)call->in[3];
	const enum rmm_condition failed = realm_take(call, call->in[1], &c->rd, &place->realm);

	if (failed != RMM_CONDITION_NONE)
		return failed;
	if (!level_maps_memory(place->realm, level))
		return c->level;
	place->ipa = call->in[2];
	place->level = (int)level;
	if (place->ipa >= realm_ipa_size(place->realm) ||
	    realm_is_protected(place->realm, place->ipa))
		return c->bound;
	if (!is_aligned(place->ipa, rtt_span(place->level)))
		return c->align;
	return RMM_CONDITION_NONE;
}

static void walk_to(struct rmm_call *call, struct place *place)
{
	rtt_walk(call, place->realm, place->ipa, place->level, &place->walk);
}

/* ---- map ---------------------------------------------------------------------------- */

static uint64_t memattr_of(uint64_t desc)
{
	return (desc & RTTE_MEMATTR_MASK) >> RTTE_MEMATTR_SHIFT;
}

/* RttDescriptorIsValidForUnprotected: address, MemAttr and S2AP, nothing else. */
static bool desc_is_valid(uint64_t desc, bool lpa2)
{
	const uint64_t addr = lpa2 ? RTTE_ADDR_LPA2 | RTTE_SH_INNER : RTTE_ADDR;

	return !(desc & ~(addr | RTTE_MEMATTR_MASK | RTTE_S2AP_MASK)) &&
	       memattr_of(desc) != RTTE_MEMATTR_RESERVED;
}

static enum rmm_condition check_desc(const struct place *place, uint64_t desc)
{
	const bool lpa2 = place->realm->lpa2;

	if (!desc_is_valid(desc, lpa2))
		return RMI_RTT_MAP_UNPROTECTED_ATTR_VALID;
	if (!is_aligned(rtte_addr(desc, lpa2), rtt_span(place->level)))
		return RMI_RTT_MAP_UNPROTECTED_ADDR_ALIGN;
	return RMM_CONDITION_NONE;
}

/* In the form of RmiRttUnprotMapFlags: bit 0 write, bit 1 read. */
static uint64_t s2ap_of(uint64_t desc)
{
	return (desc & RTTE_S2AP_WRITE ? 1u : 0u) | (desc & RTTE_S2AP_READ ? 2u : 0u);
}

static uint64_t compose(const struct rmm_call *call, const struct place *place, uint64_t desc)
{
	const bool lpa2 = place->realm->lpa2;

	return rtte_make_mapped_ns(rtte_addr(desc, lpa2), memattr_of(desc), s2ap_of(desc),
				   place->level, lpa2,
				   call_behaves(call, RMM_BEHAVIOUR_SHAREABILITY_NS_INNER));
}

uint64_t rmi_rtt_map_unprotected(struct rmm_call *call)
{
	static const struct place_conditions conditions = PLACE_CONDITIONS(RMI_RTT_MAP_UNPROTECTED);
	const uint64_t desc = call->in[4];
	struct place place;

	enum rmm_condition failed = take_place(call, &place, &conditions);
	if (failed == RMM_CONDITION_NONE)
		failed = check_desc(&place, desc);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	walk_to(call, &place);
	if (place.walk.level < place.level)
		return rmm_fail_level(call, RMI_RTT_MAP_UNPROTECTED_RTT_WALK, place.walk.level);
	if (place.walk.state != RTTE_UNMAPPED_NS)
		return rmm_fail_level(call, RMI_RTT_MAP_UNPROTECTED_RTTE_STATE, place.walk.level);
	rtt_write(call, &place.walk, place.walk.index, compose(call, &place, desc));
	return RMI_SUCCESS;
}

/* ---- unmap --------------------------------------------------------------------------- */

uint64_t rmi_rtt_unmap_unprotected(struct rmm_call *call)
{
	static const struct place_conditions conditions =
		PLACE_CONDITIONS(RMI_RTT_UNMAP_UNPROTECTED);
	struct place place;

	const enum rmm_condition failed = take_place(call, &place, &conditions);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	walk_to(call, &place);
	call->out[1] = rtt_skip_non_live(&place.walk, place.ipa);
	if (place.walk.level < place.level)
		return rmm_fail_level(call, RMI_RTT_UNMAP_UNPROTECTED_RTT_WALK, place.walk.level);
	if (place.walk.state != RTTE_MAPPED_NS)
		return rmm_fail_level(call, RMI_RTT_UNMAP_UNPROTECTED_RTTE_STATE, place.walk.level);
	rtt_write(call, &place.walk, place.walk.index, rtte_make_unmapped_ns());
	rtt_invalidate(call, place.realm, place.ipa, rtt_span(place.level));
	call->out[1] = rtt_skip_non_live(&place.walk, place.ipa);
	return RMI_SUCCESS;
}
