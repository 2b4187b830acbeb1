/* SPDX-License-Identifier: BSD-3-Clause */
/* A whole machine: the structure behind struct rmm_system. */
#ifndef RMM_RMM_RMM_H
#define RMM_RMM_RMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/handle.h"
#include "platform/memory.h"
#include "rmm/granule.h"
#include "rmm/operation.h"
#include "rmm/realm.h"
#include "rmm/tracking.h"
#include "rmm/vgic.h"
#include "rmmsim/abi/dispatch.h"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/system.h"

#define BEHAVIOUR_WORDS  ((RMM_BEHAVIOUR_COUNT + 63) / 64)

#define CACHE_LINE_BYTES 64

/* Used by the thread of the PE; the others only drive the lines and look at in_call and ticks. */
struct pe {
	_Alignas(CACHE_LINE_BYTES) struct rmm_call_report report;
	bool irq;
	bool fiq;
	bool in_call;
	bool serror; /* pending, with this syndrome */
	uint64_t serror_esr;
	struct vgic vgic;
	uint64_t ticks; /* its part of the deterministic counter */
	struct handle_use use;
};

struct tlb_lint;

/* Numbers that are in use, one bit each. */
struct number_pool {
	uint64_t *bits;
	uint32_t count;
	bool threads; /* several at a time */
	bool guard;
};

struct rmm_system {
	struct rmm_config config;
	struct handle_use use;
	uint64_t behaviours[BEHAVIOUR_WORDS];

	struct memory memory;
	struct granule_table granules;
	struct tracking tracking;

	enum rmm_state state;
	bool closed; /* no PE begins a call (call_alone_begin) */
	uint64_t num_realms;
	uint64_t realms_created; /* since reset */
	struct number_pool vmids;
	struct number_pool mecids; /* private ones; number n is MECID n + 2 */

	struct operation_pool operations;

	/* Guests by index of their REC granule. */
	void **guests;
	bool ns_pages_handed_out; /* some guest has had Non-secure pages (guest_page.h) */

	struct pe pes[RMM_MAX_PES];
	uint64_t condition_counts[RMM_CONDITION_COUNT];

	struct measurement_engine *measurement;
	struct attestation *attestation;

	struct tlb_lint *tlb_lint; /* NULL: off */
};

static inline enum rmm_state state_of_rmm(const struct rmm_system *sys)
{
	return __atomic_load_n(&sys->state, __ATOMIC_ACQUIRE);
}

/* X1 to X3 read 0 unless they are outputs. */
#define SMCCC_LAST_CLEARED_X 3

/* Likewise X1 to X16 on return from an RMI or RSI command of 1.0. */
static inline size_t rmm_last_cleared_x(const struct rmm_system *sys)
{
	return rmm_behaves(sys, RMM_BEHAVIOUR_UNUSED_OUTPUTS_ZERO) ? 16 : SMCCC_LAST_CLEARED_X;
}

/* An interrupt line of a PE. */
static inline bool line_is_up(const bool *line)
{
	return __atomic_load_n(line, __ATOMIC_ACQUIRE);
}

/* Lowest free number; false when there is none. */
bool number_pool_take(struct number_pool *pool, uint32_t *number);
/* This number; false when it is in use or none of the pool's. */
bool number_pool_take_this(struct number_pool *pool, uint32_t number);
void number_pool_give(struct number_pool *pool, uint32_t number);

#endif
