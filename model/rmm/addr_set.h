/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Address sets: physical memory named by one range descriptor in a register or
 * by a list of them in host memory (2.0-bet0 B4.6, RmiAddrSetDesc).
 */
#ifndef RMM_RMM_ADDR_SET_H
#define RMM_RMM_ADDR_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/call.h"

#define ADDR_SET_MAX 512u

/* A set to take memory from, in order. */
struct addr_set {
	uint64_t entries[ADDR_SET_MAX];
	unsigned int count;
	unsigned int at; /* entry that is being consumed */
	uint64_t offset; /* bytes of it that are gone */
};

/* How a command names what can be wrong with its address set. */
struct addr_set_conditions {
	enum rmm_condition type;
	enum rmm_condition list_align;
	enum rmm_condition list_pas;
	enum rmm_condition empty;
};

/*
 * Lists of the host. They have at most ADDR_SET_MAX entries and may be told to
 * end with their granule (`list_clipped_to_granule`); else they may go on in
 * the next one. Reading and writing fail, and do nothing, when some of that is
 * not to be accessed as Non-secure memory.
 */
uint64_t addr_list_length(const struct rmm_call *call, uint64_t list, uint64_t count);
bool addr_list_accessible(const struct rmm_call *call, uint64_t list, uint64_t length);
bool addr_list_read(struct rmm_call *call, uint64_t list, uint64_t *entries, uint64_t length);
bool addr_list_write(struct rmm_call *call, uint64_t list, const uint64_t *entries,
		     uint64_t length);

/* Reads the set that `oaddr` names; a list is read once. */
enum rmm_condition addr_set_read(struct rmm_call *call, uint64_t type, uint64_t list_count,
				 uint64_t oaddr, const struct addr_set_conditions *conditions,
				 struct addr_set *set);

/* PA of the next byte; false when the set is used up. */
bool addr_set_next(const struct rmm_call *call, struct addr_set *set, uint64_t *pa);

/* Bytes that follow contiguously from there, over neighbouring descriptors. */
bool addr_set_covers(const struct rmm_call *call, const struct addr_set *set, uint64_t size);

void addr_set_advance(const struct rmm_call *call, struct addr_set *set, uint64_t size);

/* Level and state of the descriptor that is being consumed. */
int addr_set_level(const struct rmm_call *call, const struct addr_set *set);
uint64_t addr_set_state(const struct rmm_call *call, const struct addr_set *set);

/* ---- sets that a command fills ------------------------------------------------ */

struct addr_out {
	uint64_t type;  /* RmiRttAddrType */
	uint64_t list;  /* PA, for LIST */
	uint64_t state; /* RmiOpMemState of the descriptors */
	unsigned int capacity;
	unsigned int count;
	uint64_t entries[ADDR_SET_MAX];
};

/* Adds a block of `level` at pa; false when it does not fit any more. */
bool addr_out_add(const struct rmm_call *call, struct addr_out *out, uint64_t pa, int level);

/* Hands the result over: X2 for SINGLE, list and X3 for LIST. */
void addr_out_finish(struct rmm_call *call, const struct addr_out *out);

#endif
