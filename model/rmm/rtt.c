/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/rtt.h"

#include "platform/tlb_lint.h"

static void walk_enter(struct rmm_call *call, struct rtt_walk *walk, uint64_t rtt, int level,
		       unsigned int index)
{
	walk->level = level;
	walk->rtt = rtt;
	walk->table = granule_bytes(call, rtt);
	walk->index = index;
	walk->desc = rtte_load(&walk->table[index]);
	walk->state = rtte_state(walk->desc, level);
	charge(call, RMM_COST_TABLE_READ, 1, rtt + index * sizeof(uint64_t));
}

void rtt_walk(struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa, int level,
	      struct rtt_walk *walk)
{
	const int start = realm->rtt_level_start;
	const uint64_t root_index = ipa >> rtt_shift(start);
	uint64_t rtt = realm->rtt_base[0] + (root_index / RTT_ENTRIES) * RMM_GRANULE_SIZE;

	granule_lock(call, rtt);
	walk_enter(call, walk, rtt, start, root_index % RTT_ENTRIES);
	while (walk->level < level && walk->state == RTTE_TABLE) {
		const int next = walk->level + 1;
		const uint64_t child = rtte_addr(walk->desc, realm->lpa2);

		granule_lock(call, child);
		granule_unlock(call, rtt);
		rtt = child;
		walk_enter(call, walk, rtt, next, (ipa >> rtt_shift(next)) % RTT_ENTRIES);
	}
}

/*
 * VMSAv8-64 with a 4 KiB granule: a starting level covers from one entry more
 * than the level below could, up to 16 concatenated tables.
 */
bool rtt_config_is_valid(uint64_t ipa_width, int64_t level_start, uint64_t num_start, bool lpa2,
			 unsigned int pa_bits)
{
	if (level_start < (lpa2 ? -1 : 0) || level_start > RTT_PAGE_LEVEL)
		return false;
	if (ipa_width < 32 || ipa_width > (lpa2 ? 52u : 48u))
		return false;
	if (level_start == 0 && pa_bits < 44)
		return false;
	const uint64_t levels = (uint64_t)(RTT_PAGE_LEVEL - level_start);
	const uint64_t min_width = 9 * levels + 13;
	uint64_t max_width = min_width + (level_start == -1 ? 3 : 8);
	if (level_start > 0 || (level_start == 0 && lpa2))
		max_width += 4;
	if (ipa_width < min_width || ipa_width > max_width)
		return false;
	const uint64_t one_table = 9 * levels + 21;
	const uint64_t tables = ipa_width > one_table ? UINT64_C(1) << (ipa_width - one_table) : 1;
	return num_start == tables;
}

bool rtt_level_is_valid(const struct rmm_realm *realm, int64_t level)
{
	return level >= realm->rtt_level_start && level <= RTT_PAGE_LEVEL;
}

bool rtt_level_is_inner(const struct rmm_realm *realm, int64_t level)
{
	return level > realm->rtt_level_start && level <= RTT_PAGE_LEVEL;
}

uint64_t rtt_skip_non_live(const struct rtt_walk *walk, uint64_t ipa)
{
	const uint64_t span = rtt_span(walk->level);
	const uint64_t base = ipa & ~(span - 1);
	unsigned int i = walk->index;

	while (i < RTT_ENTRIES &&
	       !rtte_is_live(rtte_state(rtte_load(&walk->table[i]), walk->level)))
		i++;
	if (i == walk->index)
		return ipa;
	return base + (i - walk->index) * span;
}

bool rtt_is_live(const struct rmm_call *call, uint64_t rtt)
{
	return *rtt_live_count(call, rtt) != 0;
}

static bool same_but_address(const uint64_t *table, bool lpa2)
{
	const uint64_t addr_mask = lpa2 ? RTTE_ADDR_LPA2 | RTTE_SH_INNER : RTTE_ADDR;

	for (unsigned int i = 1; i < RTT_ENTRIES; i++)
		if ((rtte_load(&table[i]) ^ table[0]) & ~addr_mask)
			return false;
	return true;
}

static bool addresses_contiguous(const uint64_t *table, int level, bool lpa2)
{
	const uint64_t first = rtte_addr(table[0], lpa2);

	for (unsigned int i = 1; i < RTT_ENTRIES; i++)
		if (rtte_addr(table[i], lpa2) != first + i * rtt_span(level))
			return false;
	return true;
}

/* A run of blocks or pages that one block of the parent level can describe. */
static enum fold_result fold_blocks(const uint64_t *table, int level, bool lpa2, uint64_t *parent)
{
	if (!is_aligned(rtte_addr(table[0], lpa2), rtt_span(level - 1)) ||
	    !addresses_contiguous(table, level, lpa2))
		return FOLD_MIXED;
	if (level - 1 < RTT_BLOCK_LEVEL)
		return FOLD_TOO_HIGH;
	/* One level up a page becomes a block; everything else stays. */
	*parent = table[0];
	if (table[0] & RTTE_VALID)
		*parent = (table[0] & ~RTTE_TYPE_TABLE) | RTTE_TYPE_BLOCK;
	return FOLD_OK;
}

enum fold_result rtt_fold(const struct rmm_call *call, uint64_t rtt, int level, bool lpa2,
			  uint64_t *parent)
{
	const uint64_t *table = granule_bytes(call, rtt);
	const enum rtte_state state = rtte_state(table[0], level);

	charge(call, RMM_COST_TABLE_READ, RTT_ENTRIES, rtt);
	if (state == RTTE_TABLE || !same_but_address(table, lpa2))
		return FOLD_MIXED;
	if (state == RTTE_DATA || state == RTTE_MAPPED_NS)
		return fold_blocks(table, level, lpa2, parent);
	*parent = table[0];
	return FOLD_OK;
}

void rtt_write(struct rmm_call *call, const struct rtt_walk *walk, unsigned int index,
	       uint64_t desc)
{
	rtte_store(&walk->table[index], desc);
	charge(call, RMM_COST_TABLE_WRITE, 1, walk->rtt + index * sizeof(uint64_t));
	tlb_write(call, walk->rtt + index * sizeof(uint64_t), desc);
}

void rtt_invalidate(struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
		    uint64_t size)
{
	charge(call, RMM_COST_TLBI_STAGE2, 1, 0);
	charge(call, RMM_COST_BARRIER, 2, 0);
	tlb_invalidate(call, realm, ipa, size);
	guests_invalidate(call, realm, ipa, size);
}
