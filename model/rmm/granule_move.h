/* SPDX-License-Identifier: BSD-3-Clause */
/* Granules change hands between the host and the RMM: state, GPT, contents. */
#ifndef RMM_RMM_GRANULE_MOVE_H
#define RMM_RMM_GRANULE_MOVE_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/gpt.h"
#include "rmm/call.h"

struct granule_move {
	enum rmm_granule_state from;
	enum rmm_granule_state to;
	enum rmm_gpi gpi;
	bool wipes; /* else only where the behaviour zero_on_delegate wants it */
};

extern const struct granule_move granule_delegation;
extern const struct granule_move granule_undelegation;

/*
 * Of `count` granules from pa on, how many EL3 lets go: it moves only
 * Non-secure memory, and may keep the last granule of all.
 */
uint64_t granules_movable_by_el3(const struct rmm_call *call, uint64_t pa, uint64_t count);

/* What EL3 does for a change of the GPT around pa, after `reads` of its descriptors. */
void charge_gpt_change(const struct rmm_call *call, uint64_t pa, uint64_t reads,
		       struct gpt_change change);

/* Moves `count` granules of one bank; all are in the state to move from. */
void granules_move(const struct rmm_call *call, const struct granule_move *move, uint64_t base,
		   uint64_t count);

/* The parts of a move, for those who do it in several calls. */
void granules_wipe_dram(const struct rmm_call *call, uint64_t base, uint64_t count);
void granules_change_pas(const struct rmm_call *call, const struct granule_move *move,
			 uint64_t base, uint64_t count);
void granules_set_states(const struct rmm_call *call, uint64_t base, uint64_t count,
			 enum rmm_granule_state state);

#endif
