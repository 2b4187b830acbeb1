/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tracking regions: how finely the RMM keeps the state of physical memory
 * (2.0-bet0 A2.3). A region is 1 GiB. Firmware has set memory aside for the
 * granules of most banks; tracking the others finely takes memory of the host.
 */
#ifndef RMM_RMM_TRACKING_H
#define RMM_RMM_TRACKING_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/memory.h"

#define TRACKING_REGION_SHIFT 30
#define TRACKING_REGION_SIZE  (UINT64_C(1) << TRACKING_REGION_SHIFT)

/* Numbers of RmiTrackingRegionState. */
enum tracking_state { TRACKING_RESERVED, TRACKING_NONE, TRACKING_FINE, TRACKING_COARSE };

struct tracking {
	uint8_t *state; /* enum tracking_state by region of the physical address space */
	/*
	 * By region: where the host's memory for it is listed, which is the first
	 * granule of that memory (its PA, bit 0 set). 0: it is firmware's, or none.
	 */
	uint64_t *metadata;
	uint64_t num_regions;
	unsigned int num_pending; /* transitions that wait for the host */
	uint64_t num_tracked;
};

/* Nothing is tracked yet. */
int tracking_create(struct tracking *tracking, const struct memory *mem);
void tracking_destroy(struct tracking *tracking);

/*
 * What activation does: regions with memory are tracked by granule; without
 * memory of firmware for that, as one unit if they can be.
 */
void tracking_begin(struct tracking *tracking, const struct memory *mem);
/* And deactivation: nothing is tracked any more. */
void tracking_end(struct tracking *tracking, const struct memory *mem);

static inline enum tracking_state tracking_at(const struct tracking *tracking, uint64_t pa)
{
	const uint64_t region = pa >> TRACKING_REGION_SHIFT;

	if (region >= tracking->num_regions)
		return TRACKING_RESERVED;
	return (enum tracking_state)__atomic_load_n(&tracking->state[region], __ATOMIC_ACQUIRE);
}

void tracking_set(struct tracking *tracking, uint64_t pa, enum tracking_state state);

/* Whether tracking the region finely takes memory of the host. */
bool tracking_needs_memory(const struct memory *mem, uint64_t region);

/* Memory of one kind, without holes. */
bool tracking_is_homogeneous(const struct memory *mem, uint64_t region);

#endif
