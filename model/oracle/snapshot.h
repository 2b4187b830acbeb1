/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The whole abstract state, to be compared with a later one: granule states,
 * realms, RECs, tables, global state, the contents of realm memory.
 */
#ifndef RMM_ORACLE_SNAPSHOT_H
#define RMM_ORACLE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oracle/generated/types.h"
#include "rmm/rmm.h"

/* ---- what may change ------------------------------------------------------------ */

enum oracle_item_kind {
	ORACLE_ITEM_STATES,  /* granules [pa, pa + size) */
	ORACLE_ITEM_ENTRIES, /* of the table at pa: first, first + 1 ... size of them */
	ORACLE_ITEM_REALM,   /* bytes [first, first + size) of the object at pa */
	ORACLE_ITEM_REC,
	ORACLE_ITEM_RECS_OF, /* every REC of the realm at pa */
	ORACLE_ITEM_GLOBAL,
};

struct oracle_item {
	enum oracle_item_kind kind;
	uint64_t pa;
	uint64_t first;
	uint64_t size;
};

#define ORACLE_MAX_ITEMS 96

struct oracle_change {
	bool anything;
	bool realm_runs;    /* contents of realm memory may change */
	bool holds_donated; /* granules may go to and from the RMM's own use */
	unsigned int num_items;
	struct oracle_item items[ORACLE_MAX_ITEMS];
};

void oracle_allow(struct oracle_change *change, enum oracle_item_kind kind, uint64_t pa,
		  uint64_t first, uint64_t size);

/* ---- the state --------------------------------------------------------------------- */

struct oracle_table_copy {
	uint64_t pa;
	uint64_t entries[512];
};

struct oracle_content {
	uint64_t pa;
	uint64_t hash;
};

#define ORACLE_LIST(type)           \
	struct {                    \
		type *v;            \
		size_t n, capacity; \
	}

struct oracle_snapshot {
	bool failed; /* out of memory: compare nothing */
	uint8_t *chunks;
	uint8_t *states;
	struct oracle_RmmGlobal global;
	ORACLE_LIST(struct oracle_RmmRealm) realms;
	ORACLE_LIST(struct oracle_RmmRec) recs;
	ORACLE_LIST(struct oracle_table_copy) tables;
	ORACLE_LIST(struct oracle_content) contents;
};

struct oracle_change_set {
	struct oracle_change allowed;
	struct oracle_snapshot before;
	struct oracle_snapshot after;
};

void oracle_snapshot_take(struct oracle_snapshot *snapshot, const struct rmm_system *sys);
void oracle_snapshot_free(struct oracle_snapshot *snapshot);

/*
 * Describes the first difference that is not allowed. Returns false when there
 * is none.
 */
bool oracle_snapshot_differs(const struct rmm_system *sys, const struct oracle_change_set *set,
			     char *text, size_t len);

#endif
