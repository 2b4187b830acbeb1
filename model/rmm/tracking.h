/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tracking regions: how finely the RMM keeps the state of physical memory
 * (2.0-bet0 A2.3). A region is 1 GiB. This platform's firmware has set memory
 * aside for every granule's state, so no transition asks the host for any.
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
	uint64_t num_regions;
	uint64_t num_tracked;
};

int tracking_create(struct tracking *tracking, const struct memory *mem);
void tracking_destroy(struct tracking *tracking);

/* What activation does: every region with memory is tracked by granule. */
void tracking_begin(struct tracking *tracking, const struct memory *mem);
/* And deactivation: nothing is tracked any more. */
void tracking_end(struct tracking *tracking);

static inline enum tracking_state tracking_at(const struct tracking *tracking, uint64_t pa)
{
	const uint64_t region = pa >> TRACKING_REGION_SHIFT;

	return region < tracking->num_regions ? (enum tracking_state)tracking->state[region]
					      : TRACKING_RESERVED;
}

void tracking_set(struct tracking *tracking, uint64_t pa, enum tracking_state state);

/* Memory of one kind, without holes. */
bool tracking_is_homogeneous(const struct memory *mem, uint64_t region);

#endif
