/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/rtte.h"

static uint64_t encode_addr(uint64_t pa, bool lpa2)
{
	if (!lpa2)
		return pa & RTTE_ADDR;
	return (pa & RTTE_ADDR_LPA2) | ((pa >> 42) & RTTE_SH_INNER);
}

static uint64_t leaf_type(int level)
{
	return level == RTT_PAGE_LEVEL ? RTTE_TYPE_TABLE : RTTE_TYPE_BLOCK;
}

enum rtte_state rtte_state(uint64_t desc, int level)
{
	if (desc & RTTE_VALID) {
		if (level < RTT_PAGE_LEVEL && (desc & RTTE_TYPE_TABLE) == RTTE_TYPE_TABLE)
			return RTTE_TABLE;
		return desc & RTTE_NS ? RTTE_MAPPED_NS : RTTE_DATA;
	}
	if (desc & RTTE_NS)
		return RTTE_UNMAPPED_NS;
	return desc & RTTE_KIND_DATA ? RTTE_DATA : RTTE_VOID;
}

enum ripas rtte_ripas(uint64_t desc)
{
	if (desc & RTTE_VALID)
		return desc & RTTE_NS ? RIPAS_EMPTY : RIPAS_RAM;
	return (enum ripas)((desc >> RTTE_RIPAS_SHIFT) & 3);
}

uint64_t rtte_make_void(enum ripas ripas)
{
	return (uint64_t)ripas << RTTE_RIPAS_SHIFT;
}

uint64_t rtte_make_data(uint64_t pa, enum ripas ripas, int level, bool lpa2)
{
	uint64_t desc = encode_addr(pa, lpa2);

	if (ripas != RIPAS_RAM)
		return desc | (uint64_t)ripas << RTTE_RIPAS_SHIFT | RTTE_KIND_DATA;
	desc |= leaf_type(level) | RTTE_MEMATTR_WB | RTTE_S2AP_MASK | RTTE_AF;
	return lpa2 ? desc : desc | RTTE_SH_INNER;
}

uint64_t rtte_make_unmapped_ns(void)
{
	return RTTE_NS;
}

uint64_t rtte_make_mapped_ns(uint64_t pa, uint64_t memattr, uint64_t s2ap, int level, bool lpa2,
			     bool inner_always)
{
	uint64_t desc = encode_addr(pa, lpa2) | leaf_type(level) | RTTE_AF | RTTE_XN | RTTE_NS;

	desc |= memattr << RTTE_MEMATTR_SHIFT & RTTE_MEMATTR_MASK;
	/* RmiRttUnprotMapFlags.s2ap: bit 0 write, bit 1 read. */
	desc |= (s2ap & 1 ? RTTE_S2AP_WRITE : 0) | (s2ap & 2 ? RTTE_S2AP_READ : 0);
	if (lpa2)
		return desc;
	return desc | (inner_always || memattr == 6 ? RTTE_SH_INNER : RTTE_SH_OUTER);
}

uint64_t rtte_make_table(uint64_t pa, bool lpa2)
{
	return encode_addr(pa, lpa2) | RTTE_TYPE_TABLE;
}

uint64_t rtte_with_ripas(uint64_t desc, enum ripas ripas, int level, bool lpa2)
{
	if (rtte_state(desc, level) == RTTE_VOID)
		return rtte_make_void(ripas);
	return rtte_make_data(rtte_addr(desc, lpa2), ripas, level, lpa2);
}

uint64_t rtte_unfold(uint64_t desc, int level, bool lpa2)
{
	switch (rtte_state(desc, level)) {
	case RTTE_DATA:
		return rtte_make_data(rtte_addr(desc, lpa2), rtte_ripas(desc), level + 1, lpa2);
	case RTTE_MAPPED_NS:
		return (desc & ~RTTE_TYPE_TABLE) | leaf_type(level + 1);
	default:
		return desc;
	}
}
