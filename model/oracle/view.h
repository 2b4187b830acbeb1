/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The oracle's own reading of the machine. Structures are shared with the
 * model, code is not: stage 2 descriptors and protection tables are decoded
 * here a second time.
 */
#ifndef RMM_ORACLE_VIEW_H
#define RMM_ORACLE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "oracle/generated/types.h"
#include "rmm/realm.h"
#include "rmm/rmm.h"
#include "rmmsim/system.h"

#define VIEW_GRANULE     UINT64_C(4096)
#define VIEW_PAGE_LEVEL  3
#define VIEW_BLOCK_LEVEL 1
#define VIEW_ENTRIES     512u

/* The bank that holds pa, or NULL. */
static inline const struct memory_bank *view_bank(const struct rmm_system *sys, uint64_t pa)
{
	for (unsigned int i = 0; i < sys->memory.num_banks; i++) {
		const struct memory_bank *bank = &sys->memory.banks[i];

		if (pa >= bank->base && pa - bank->base < bank->size)
			return bank;
	}
	return NULL;
}

/* The memory behind pa, or NULL. */
static inline const uint8_t *view_bytes(const struct rmm_system *sys, uint64_t pa)
{
	const struct memory_bank *bank = view_bank(sys, pa);

	return bank ? bank->bytes + (pa - bank->base) : NULL;
}

static inline bool view_is_dram(const struct rmm_system *sys, uint64_t pa)
{
	const struct memory_bank *bank = view_bank(sys, pa);

	return bank && bank->kind == RMM_BANK_DRAM;
}

static inline bool view_state_is(const struct rmm_system *sys, uint64_t pa,
				 enum rmm_granule_state state)
{
	enum rmm_granule_state found;

	return rmm_granule_state_at(sys, pa, &found) && found == state;
}

/* Objects, or NULL when the granule is none. */
const struct rmm_realm *view_realm(const struct rmm_system *sys, uint64_t rd);
const struct rmm_rec *view_rec(const struct rmm_system *sys, uint64_t rec);
const uint64_t *view_table(const struct rmm_system *sys, uint64_t rtt);

/* May an access through the Non-secure PAS reach pa, and is there memory? */
bool view_ns_accessible(const struct rmm_system *sys, uint64_t pa);

/* GRAN_...: enum oracle_RmmGranuleState. */
uint64_t view_granule_state(const struct rmm_system *sys, enum rmm_granule_state state);

/* ---- granule protection tables ---------------------------------------------------- */

#define VIEW_GPT_REGION   (UINT64_C(1) << 30) /* that an entry of level 0 describes */
#define VIEW_GPT_L1_BYTES (UINT64_C(1) << 17)

/* PA of the level 1 table for pa; 0: the region is a block. */
uint64_t view_gpt_table(const struct memory *mem, uint64_t pa);

/* The descriptor of the level 1 table that speaks for pa; the table must exist. */
uint64_t view_gpt_desc(const struct memory *mem, uint64_t pa);

/* The GPI of pa, whatever the level. */
enum rmm_gpi view_gpi(const struct memory *mem, uint64_t pa);

/* Bytes that a level 1 descriptor speaks for alone: 2, 32, 512 MiB; 0: it is of 16 granules. */
uint64_t view_gpt_contiguous(uint64_t desc);

/* ---- stage 2 -------------------------------------------------------------------- */

/* Bytes of IPA space that an entry of the level covers; level -1 to 3. */
static inline uint64_t view_span(int level)
{
	return UINT64_C(1) << (12 + 9 * (VIEW_PAGE_LEVEL - level));
}

struct view_entry {
	enum oracle_RmmRttEntryState state;
	enum oracle_RmmRipas ripas;
	uint64_t addr; /* 0 when the state has none */
	uint8_t memattr;
	bool read, write;
	bool outer;
};

struct view_entry view_decode(uint64_t desc, int level, bool lpa2);

/* An entry that holds an address. */
static inline bool view_is_live(enum oracle_RmmRttEntryState state)
{
	return state != ORACLE_RTTE_VOID && state != ORACLE_RTTE_UNMAPPED_NS &&
	       state != ORACLE_RTTE_AUX_DESTROYED;
}

/* Where a walk ended. */
struct view_walk {
	int level;
	uint64_t table;
	unsigned int index;
	uint64_t desc;
	struct view_entry entry;
};

/* What a walk needs to know of a realm. */
struct view_tree {
	uint64_t base;
	int start;
	uint64_t num_start;
	unsigned int ipa_width;
	bool lpa2;
};

struct view_tree view_tree_of(const struct rmm_realm *realm, unsigned int tree);

/* From the starting table down to `level` or the first entry that is no table; false: no such IPA.
 */
bool view_walk(const struct rmm_system *sys, const struct view_tree *tree, uint64_t ipa, int level,
	       struct view_walk *walk);

/* The next leaf entry of a tree. `level` and `ipa` say where it stands. */
struct view_leaf {
	uint64_t table;
	unsigned int index;
	int level;
	uint64_t ipa;
	struct view_entry entry;
};

/*
 * Calls `visit` with every leaf entry that meets [base, top), in order, until
 * it returns false. Returns false when it did, or when the walk left the tree.
 */
bool view_leaves(const struct rmm_system *sys, const struct view_tree *tree, uint64_t base,
		 uint64_t top, bool (*visit)(void *ctx, const struct view_leaf *leaf), void *ctx);

#endif
