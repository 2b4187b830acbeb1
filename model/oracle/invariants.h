/* SPDX-License-Identifier: BSD-3-Clause */
/* What the invariants share: one pass over the realms, and who refers to which granule. */
#ifndef RMM_ORACLE_INVARIANTS_H
#define RMM_ORACLE_INVARIANTS_H

#include "oracle/rmm_oracle.h"
#include "oracle/view.h"

/* Indices into rmm_invariants[]. */
enum invariant {
	INV_GPI_OF_REALM_WORLD,
	INV_GPI_OF_HOST_WORLD,
	INV_GPT_CONTIGUOUS,
	INV_GPT_ONCE,
	INV_TRACKING_UNIT,
	INV_INACTIVE_OWNS_NOTHING,
	INV_REALM_COUNT,
	INV_STARTING_TABLES,
	INV_TABLE_ENTRY,
	INV_LEAF,
	INV_HALVES,
	INV_RTT_ONCE,
	INV_DATA_ONCE,
	INV_LIVE_COUNT,
	INV_REC_LIST,
	INV_REC_ONCE,
	INV_REC_IDLE,
	INV_REC_INDEX,
	INV_RIPAS_REQUEST,
	INV_AUX_HELD,
	INV_INTERNAL_ONCE,
	INV_PARTIAL_ONCE,
	INV_OPERATIONS_SEALED,
	INV_VMID,
	INV_MECID,
	INV_COUNT
};

struct checker {
	const struct rmm_system *sys;
	uint8_t *tables;  /* how often each granule is a table of some tree */
	uint8_t *leaves;  /* ... is mapped by a DATA leaf */
	uint8_t *recs;    /* ... is in the REC list of a realm */
	uint8_t *held;    /* ... is held by a REC or an operation */
	uint8_t *objects; /* ... is the object of an operation */
	struct rmm_violation *violations;
	size_t max;
	size_t n;
};

void violate(struct checker *c, enum invariant which, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One more reference to the granule at pa. Returns false when no memory is there. */
bool refer(const struct checker *c, uint8_t *counts, uint64_t pa);

/* Calls `visit` for every granule in `state`. */
void each_granule(struct checker *c, enum rmm_granule_state state,
		  void (*visit)(struct checker *c, uint64_t pa, uint64_t granule));

void check_trees(struct checker *c, uint64_t rd, const struct rmm_realm *realm);
void check_realm(struct checker *c, uint64_t rd, const struct rmm_realm *realm);
void check_numbers(struct checker *c);
void check_memory(struct checker *c);
void check_ownership(struct checker *c);

#endif
