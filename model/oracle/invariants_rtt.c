/* SPDX-License-Identifier: BSD-3-Clause */
/* Trees of realms: shape, leaves, counts. */
#include <inttypes.h>

#include "oracle/invariants.h"

struct tree_pass {
	struct checker *c;
	uint64_t rd;
	const struct view_tree *tree;
	bool primary;
};

static void check_table(const struct tree_pass *pass, uint64_t pa, int level, uint64_t base);

static bool is_unprotected(const struct view_tree *tree, uint64_t ipa)
{
	return ipa >> (tree->ipa_width - 1) != 0;
}

static void check_half(const struct tree_pass *pass, const struct view_entry *e, uint64_t ipa,
		       uint64_t pa)
{
	const bool ns = e->state == ORACLE_RTTE_UNMAPPED_NS || e->state == ORACLE_RTTE_MAPPED_NS;

	if (e->state != ORACLE_RTTE_TABLE && ns != is_unprotected(pass->tree, ipa))
		violate(pass->c, INV_HALVES,
			"the entry for IPA 0x%" PRIx64 " in the table at 0x%" PRIx64
			" is of the other half",
			ipa, pa);
}

static void refer_leaf(const struct tree_pass *pass, const struct view_entry *e, uint64_t size,
		       uint64_t ipa)
{
	for (uint64_t at = 0; at < size; at += VIEW_GRANULE) {
		if (refer(pass->c, pass->c->leaves, e->addr + at))
			continue;
		violate(pass->c, INV_LEAF, "IPA 0x%" PRIx64 " maps 0x%" PRIx64 ", where nothing is",
			ipa + at, e->addr + at);
		return;
	}
}

static void check_leaf(const struct tree_pass *pass, const struct view_entry *e, int level,
		       uint64_t ipa)
{
	const uint64_t size = view_span(level);
	const uint64_t limit = UINT64_C(1) << (pass->tree->lpa2 ? 52 : 48);

	if (!view_is_live(e->state))
		return;
	if (level < VIEW_BLOCK_LEVEL || e->addr % size || e->addr + size > limit) {
		violate(pass->c, INV_LEAF,
			"the entry for IPA 0x%" PRIx64 " at level %d maps 0x%" PRIx64, ipa, level,
			e->addr);
		return;
	}
	if (e->state == ORACLE_RTTE_DATA && pass->primary)
		refer_leaf(pass, e, size, ipa);
}

static void check_child(const struct tree_pass *pass, const struct view_entry *e, int level,
			uint64_t ipa)
{
	if (level == VIEW_PAGE_LEVEL || !view_table(pass->c->sys, e->addr)) {
		violate(pass->c, INV_TABLE_ENTRY,
			"the TABLE entry for IPA 0x%" PRIx64 " at level %d points to 0x%" PRIx64,
			ipa, level, e->addr);
		return;
	}
	check_table(pass, e->addr, level + 1, ipa);
}

/* The tables of this tree are counted; a second way to one of them ends the descent. */
static bool count_table(const struct tree_pass *pass, uint64_t pa)
{
	const struct memory_bank *bank = view_bank(pass->c->sys, pa);
	const uint64_t granule = bank->first_granule + (pa - bank->base) / VIEW_GRANULE;

	refer(pass->c, pass->c->tables, pa);
	if (pass->c->tables[granule] == 1)
		return true;
	violate(pass->c, INV_RTT_ONCE, "the RTT at 0x%" PRIx64 " is in two places", pa);
	return false;
}

static void check_count(const struct tree_pass *pass, uint64_t pa, unsigned int live)
{
	const struct memory_bank *bank = view_bank(pass->c->sys, pa);
	const uint64_t granule = bank->first_granule + (pa - bank->base) / VIEW_GRANULE;
	const unsigned int counted = pass->c->sys->granules.live[granule];

	if (counted != live)
		violate(pass->c, INV_LIVE_COUNT,
			"the RTT at 0x%" PRIx64 " has %u live entries and counts %u", pa, live,
			counted);
}

static void check_table(const struct tree_pass *pass, uint64_t pa, int level, uint64_t base)
{
	const uint64_t *table = view_table(pass->c->sys, pa);
	const uint64_t limit = UINT64_C(1) << pass->tree->ipa_width;
	unsigned int live = 0;

	if (!count_table(pass, pa))
		return;
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++) {
		const struct view_entry e = view_decode(table[i], level, pass->tree->lpa2);
		const uint64_t ipa = base + i * view_span(level);

		if (ipa >= limit) {
			if (table[i])
				violate(pass->c, INV_HALVES,
					"entry %u of the table at 0x%" PRIx64
					" is behind the IPA space and not zero",
					i, pa);
			continue;
		}
		live += e.state == ORACLE_RTTE_TABLE ||
			(view_is_live(e.state) && e.state != ORACLE_RTTE_MAPPED_NS);
		check_half(pass, &e, ipa, pa);
		if (e.state == ORACLE_RTTE_TABLE)
			check_child(pass, &e, level, ipa);
		else
			check_leaf(pass, &e, level, ipa);
	}
	check_count(pass, pa, live);
}

static bool check_roots(const struct tree_pass *pass)
{
	const struct view_tree *tree = pass->tree;
	bool ok = tree->num_start && tree->num_start <= 16 &&
		  tree->base % (tree->num_start * VIEW_GRANULE) == 0;

	for (uint64_t i = 0; ok && i < tree->num_start; i++)
		ok = view_table(pass->c->sys, tree->base + i * VIEW_GRANULE) != NULL;
	if (!ok)
		violate(pass->c, INV_STARTING_TABLES,
			"realm 0x%" PRIx64 ": %" PRIu64 " starting tables at 0x%" PRIx64, pass->rd,
			tree->num_start, tree->base);
	return ok;
}

void check_trees(struct checker *c, uint64_t rd, const struct rmm_realm *realm)
{
	for (unsigned int t = 0; t < realm->num_trees && t < MAX_RTT_TREES; t++) {
		const struct view_tree tree = view_tree_of(realm, t);
		const struct tree_pass pass = {c, rd, &tree, t == 0};

		if (!check_roots(&pass))
			continue;
		for (uint64_t i = 0; i < tree.num_start; i++)
			check_table(&pass, tree.base + i * VIEW_GRANULE, tree.start,
				    i * VIEW_ENTRIES * view_span(tree.start));
	}
}
