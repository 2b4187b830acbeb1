/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/tracking.h"

#include <string.h>

static bool is_tracked(enum tracking_state state)
{
	return state == TRACKING_FINE || state == TRACKING_COARSE;
}

void tracking_set(struct tracking *tracking, uint64_t pa, enum tracking_state state)
{
	uint8_t *at = &tracking->state[pa >> TRACKING_REGION_SHIFT];

	/* Regions may change at the same time, each with its granules locked. */
	__atomic_fetch_add(&tracking->num_tracked, is_tracked(state), __ATOMIC_RELAXED);
	__atomic_fetch_sub(&tracking->num_tracked, is_tracked((enum tracking_state) * at),
			   __ATOMIC_RELAXED);
	__atomic_store_n(at, (uint8_t)state, __ATOMIC_RELEASE);
}

bool tracking_needs_memory(const struct memory *mem, uint64_t region)
{
	for (unsigned int i = 0; i < mem->num_banks; i++) {
		const struct memory_bank *bank = &mem->banks[i];

		if (bank->base < region + TRACKING_REGION_SIZE &&
		    region < bank->base + bank->size && !bank->host_tracking)
			return false;
	}
	return true;
}

static enum tracking_state initial_state(const struct memory *mem, uint64_t region)
{
	if (!tracking_needs_memory(mem, region))
		return TRACKING_FINE;
	return tracking_is_homogeneous(mem, region) ? TRACKING_COARSE : TRACKING_NONE;
}

/* Every region with memory: tracked as at activation, or not at all. */
static void set_all(struct tracking *tracking, const struct memory *mem, bool active)
{
	for (unsigned int i = 0; i < mem->num_banks; i++) {
		const struct memory_bank *bank = &mem->banks[i];
		const uint64_t last = bank->base + bank->size - 1;

		for (uint64_t pa = bank->base & ~(TRACKING_REGION_SIZE - 1); pa <= last;
		     pa += TRACKING_REGION_SIZE)
			tracking_set(tracking, pa, active ? initial_state(mem, pa) : TRACKING_NONE);
	}
}

int tracking_create(struct tracking *tracking, const struct memory *mem)
{
	tracking->num_regions = mem->pa_size >> TRACKING_REGION_SHIFT;
	tracking->state = memory_reserve(tracking->num_regions);
	tracking->metadata = memory_reserve(tracking->num_regions * sizeof(*tracking->metadata));
	if (!tracking->state || !tracking->metadata)
		return -1;
	set_all(tracking, mem, false);
	return 0;
}

void tracking_destroy(struct tracking *tracking)
{
	memory_release(tracking->state, tracking->num_regions);
	memory_release(tracking->metadata, tracking->num_regions * sizeof(*tracking->metadata));
	memset(tracking, 0, sizeof(*tracking));
}

void tracking_begin(struct tracking *tracking, const struct memory *mem)
{
	set_all(tracking, mem, true);
}

void tracking_end(struct tracking *tracking, const struct memory *mem)
{
	set_all(tracking, mem, false);
}

bool tracking_is_homogeneous(const struct memory *mem, uint64_t region)
{
	const struct memory_bank *bank = memory_bank_at(mem, region);

	return bank && bank->base <= region &&
	       bank->base + bank->size - region >= TRACKING_REGION_SIZE;
}
