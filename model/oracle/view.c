/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/view.h"

#include "rmmsim/memory.h"

static const void *object(const struct rmm_system *sys, uint64_t pa, enum rmm_granule_state state)
{
	return pa % VIEW_GRANULE == 0 && view_state_is(sys, pa, state) ? view_bytes(sys, pa) : NULL;
}

const struct rmm_realm *view_realm(const struct rmm_system *sys, uint64_t rd)
{
	return object(sys, rd, RMM_GRANULE_RD);
}

const struct rmm_rec *view_rec(const struct rmm_system *sys, uint64_t rec)
{
	return object(sys, rec, RMM_GRANULE_REC);
}

const uint64_t *view_table(const struct rmm_system *sys, uint64_t rtt)
{
	return object(sys, rtt, RMM_GRANULE_RTT);
}

bool view_ns_accessible(const struct rmm_system *sys, uint64_t pa)
{
	const struct memory_bank *bank = view_bank(sys, pa);
	enum rmm_gpi gpi;

	if (bank && bank->kind != RMM_BANK_DRAM &&
	    rmm_behaves(sys, RMM_BEHAVIOUR_HOST_BUFFERS_IN_DRAM))
		return false;
	return bank && rmm_gpi_at(sys, pa, &gpi) && (gpi == RMM_GPI_NS || gpi == RMM_GPI_ANY);
}

uint64_t view_granule_state(const struct rmm_system *sys, enum rmm_granule_state state)
{
	switch (state) {
	case RMM_GRANULE_UNDELEGATED:
		return ORACLE_GRAN_UNDELEGATED;
	case RMM_GRANULE_DELEGATED:
		return ORACLE_GRAN_DELEGATED;
	case RMM_GRANULE_RD:
		return ORACLE_GRAN_RD;
	case RMM_GRANULE_REC:
		return ORACLE_GRAN_REC;
	case RMM_GRANULE_RTT:
		return ORACLE_GRAN_RTT;
	case RMM_GRANULE_DATA:
		return ORACLE_GRAN_DATA;
	case RMM_GRANULE_DEV:
		return ORACLE_GRAN_DEV;
	case RMM_GRANULE_PDEV:
		return ORACLE_GRAN_PDEV;
	case RMM_GRANULE_VDEV:
		return ORACLE_GRAN_VDEV;
	case RMM_GRANULE_VSMMU:
		return ORACLE_GRAN_VSMMU;
	default:
		/* What a realm's REC holds beside its own granule. */
		return sys->config.version == RMM_VERSION_1_0_REL0 ? ORACLE_GRAN_REC_AUX
								   : ORACLE_GRAN_INTERNAL;
	}
}

/* ---- stage 2 ---------------------------------------------------------------------- */

#define DESC_VALID     UINT64_C(1)
#define DESC_NOT_BLOCK UINT64_C(2) /* a table, or a page at level 3 */
#define DESC_READ      (UINT64_C(1) << 6)
#define DESC_WRITE     (UINT64_C(1) << 7)
#define DESC_NS        (UINT64_C(1) << 55)

/* Invalid descriptors: RIPAS at [2:1], kind at [5:3]. */
#define KIND_DATA      1
#define KIND_DEV       3

static uint64_t output_address(uint64_t desc, bool lpa2)
{
	/* LPA2: bits 49:12 in place, 51:50 in the bits of the shareability. */
	if (lpa2)
		return (desc & UINT64_C(0x0003fffffffff000)) | (desc >> 8 & 3) << 50;
	return desc & UINT64_C(0x0000fffffffff000);
}

static struct view_entry decode_valid(uint64_t desc, int level, bool lpa2)
{
	struct view_entry e = {
		.addr = output_address(desc, lpa2),
		.memattr = desc >> 2 & 7,
		.read = desc & DESC_READ,
		.write = desc & DESC_WRITE,
	};

	if (level < VIEW_PAGE_LEVEL && desc & DESC_NOT_BLOCK) {
		e.state = ORACLE_RTTE_TABLE;
		return e;
	}
	e.outer = lpa2 ? e.memattr != 6 : (desc >> 8 & 3) == 2;
	if (desc & DESC_NS) {
		e.state = ORACLE_RTTE_MAPPED_NS;
	} else if (e.memattr == 6) {
		e.state = ORACLE_RTTE_DATA;
		e.ripas = ORACLE_RIPAS_RAM;
	} else {
		e.state = ORACLE_RTTE_NARCH_DEV;
		e.ripas = ORACLE_RIPAS_DEV;
	}
	return e;
}

struct view_entry view_decode(uint64_t desc, int level, bool lpa2)
{
	struct view_entry e = {.state = ORACLE_RTTE_VOID};

	if (desc & DESC_VALID)
		return decode_valid(desc, level, lpa2);
	if (desc & DESC_NS) {
		e.state = ORACLE_RTTE_UNMAPPED_NS;
		return e;
	}
	e.ripas = (enum oracle_RmmRipas)(desc >> 1 & 3);
	if ((desc >> 3 & 7) == KIND_DATA)
		e.state = ORACLE_RTTE_DATA;
	else if ((desc >> 3 & 7) == KIND_DEV)
		e.state = ORACLE_RTTE_NARCH_DEV;
	if (e.state != ORACLE_RTTE_VOID) {
		e.addr = output_address(desc, lpa2);
		e.memattr = e.state == ORACLE_RTTE_DATA ? 6 : 0;
		e.read = e.write = true;
	}
	return e;
}

struct view_tree view_tree_of(const struct rmm_realm *realm, unsigned int tree)
{
	return (struct view_tree){
		.base = realm->rtt_base[tree],
		.start = realm->rtt_level_start,
		.num_start = realm->rtt_num_start,
		.ipa_width = realm->ipa_width,
		.lpa2 = realm->lpa2,
	};
}

static bool step(const struct rmm_system *sys, const struct view_tree *tree, uint64_t ipa,
		 struct view_walk *walk)
{
	const uint64_t *table = view_table(sys, walk->table);

	if (!table)
		return false;
	walk->index = (unsigned int)(ipa / view_span(walk->level) % VIEW_ENTRIES);
	walk->desc = __atomic_load_n(&table[walk->index], __ATOMIC_ACQUIRE);
	walk->entry = view_decode(walk->desc, walk->level, tree->lpa2);
	return true;
}

bool view_walk(const struct rmm_system *sys, const struct view_tree *tree, uint64_t ipa, int level,
	       struct view_walk *walk)
{
	if (tree->ipa_width < 64 && ipa >> tree->ipa_width)
		return false;
	walk->level = tree->start;
	walk->table = tree->base + ipa / view_span(tree->start) / VIEW_ENTRIES * VIEW_GRANULE;
	if (!step(sys, tree, ipa, walk))
		return false;
	while (walk->level < level && walk->entry.state == ORACLE_RTTE_TABLE) {
		walk->table = walk->entry.addr;
		walk->level++;
		if (!step(sys, tree, ipa, walk))
			return false;
	}
	return true;
}

bool view_leaves(const struct rmm_system *sys, const struct view_tree *tree, uint64_t base,
		 uint64_t top, bool (*visit)(void *ctx, const struct view_leaf *leaf), void *ctx)
{
	uint64_t ipa = base;
	struct view_walk walk;

	while (ipa < top) {
		if (!view_walk(sys, tree, ipa, VIEW_PAGE_LEVEL, &walk))
			return false;
		const uint64_t span = view_span(walk.level);
		const uint64_t *entries = view_table(sys, walk.table);
		struct view_leaf leaf = {walk.table, walk.index, walk.level, ipa - ipa % span,
					 walk.entry};

		/* The rest of the table, as long as it goes no deeper. */
		for (; leaf.index < VIEW_ENTRIES && leaf.ipa < top; leaf.index++) {
			leaf.entry = view_decode(entries[leaf.index], leaf.level, tree->lpa2);
			if (leaf.entry.state == ORACLE_RTTE_TABLE)
				break;
			if (!visit(ctx, &leaf))
				return false;
			leaf.ipa += span;
		}
		ipa = leaf.ipa;
	}
	return true;
}
