/* SPDX-License-Identifier: BSD-3-Clause */
/* Granules against the protection tables, and who owns them. */
#include <inttypes.h>

#include "oracle/invariants.h"
#include "oracle/value.h"

/* ---- protection tables -------------------------------------------------------------- */

#define L0_SHIFT        30
#define L1_SHIFT        16 /* one descriptor of 16 granules */
#define BLOCK_SHIFT     21 /* contiguous descriptors */
#define TYPE_MASK       UINT64_C(0xf)
#define TYPE_CONTIGUOUS UINT64_C(1)
#define TYPE_TABLE      UINT64_C(3)
#define TABLE_ADDR      UINT64_C(0x000ffffffffff000)

static const uint8_t *level_1(const struct memory *mem, uint64_t pa)
{
	const uint64_t desc = oracle_load(mem->root_bytes + (pa >> L0_SHIFT) * 8, 8);

	if ((desc & TYPE_MASK) != TYPE_TABLE)
		return NULL;
	return mem->root_bytes + ((desc & TABLE_ADDR) - mem->root_base);
}

static void check_block(struct checker *c, uint64_t pa)
{
	const uint8_t *table = level_1(&c->sys->memory, pa);
	const uint64_t index = (pa & ((UINT64_C(1) << L0_SHIFT) - 1)) >> L1_SHIFT;
	const unsigned int n = 1u << (BLOCK_SHIFT - L1_SHIFT);
	bool contiguous = false;
	bool alike = true;

	if (!table)
		return;
	const uint64_t first = oracle_load(table + index * 8, 8);
	for (unsigned int i = 0; i < n; i++) {
		const uint64_t desc = oracle_load(table + (index + i) * 8, 8);

		contiguous |= (desc & TYPE_MASK) == TYPE_CONTIGUOUS;
		alike &= desc == first;
	}
	if (contiguous && !alike)
		violate(c, INV_GPT_CONTIGUOUS, "the descriptors of 0x%" PRIx64 " differ", pa);
}

static void check_blocks(struct checker *c, const struct memory_bank *bank)
{
	const uint64_t size = UINT64_C(1) << BLOCK_SHIFT;
	uint64_t pa = bank->base - bank->base % size;

	for (; pa < bank->base + bank->size; pa += size)
		check_block(c, pa);
}

static void check_undelegated(struct checker *c, uint64_t pa)
{
	enum rmm_gpi gpi;

	if (!rmm_gpi_at(c->sys, pa, &gpi) || gpi == RMM_GPI_REALM)
		violate(c, INV_GPI_OF_HOST_WORLD,
			"the granule at 0x%" PRIx64 " is UNDELEGATED and in the Realm PAS", pa);
}

static void check_delegated(struct checker *c, uint64_t pa, enum rmm_granule_state state)
{
	enum rmm_gpi gpi = RMM_GPI_NO_ACCESS;

	if (c->sys->state != RMM_STATE_ACTIVE)
		violate(c, INV_INACTIVE_OWNS_NOTHING, "the granule at 0x%" PRIx64 " is delegated",
			pa);
	if (rmm_gpi_at(c->sys, pa, &gpi) && gpi == RMM_GPI_REALM)
		return;
	violate(c, INV_GPI_OF_REALM_WORLD, "the granule at 0x%" PRIx64 " is %s and its GPI 0x%x",
		pa, rmm_granule_state_name(state), (unsigned int)gpi);
}

/* One contiguous descriptor speaks for the whole block. */
static bool is_one_block(const struct checker *c, uint64_t pa)
{
	const uint8_t *table = level_1(&c->sys->memory, pa);
	const uint64_t index = (pa & ((UINT64_C(1) << L0_SHIFT) - 1)) >> L1_SHIFT;

	return pa % (UINT64_C(1) << BLOCK_SHIFT) == 0 && table &&
	       (oracle_load(table + index * 8, 8) & TYPE_MASK) == TYPE_CONTIGUOUS;
}

static void check_gpi(struct checker *c, const struct memory_bank *bank)
{
	const struct granule_table *table = &c->sys->granules;

	for (uint64_t i = 0; i < bank->size / VIEW_GRANULE; i++) {
		const uint64_t granule = bank->first_granule + i;
		const uint64_t pa = bank->base + i * VIEW_GRANULE;
		const uint8_t chunk = table->chunk[granule / GRANULES_PER_CHUNK];
		const uint8_t state = chunk == GRANULE_CHUNK_MIXED ? table->state[granule] : chunk;

		if (state == RMM_GRANULE_UNDELEGATED)
			check_undelegated(c, pa);
		else
			check_delegated(c, pa, (enum rmm_granule_state)state);
		if (chunk != GRANULE_CHUNK_MIXED && is_one_block(c, pa))
			i += GRANULES_PER_CHUNK - 1;
	}
}

void check_memory(struct checker *c)
{
	for (unsigned int b = 0; b < c->sys->memory.num_banks; b++) {
		check_blocks(c, &c->sys->memory.banks[b]);
		check_gpi(c, &c->sys->memory.banks[b]);
	}
}

/* ---- owners ------------------------------------------------------------------------------ */

static void visit_rtt(struct checker *c, uint64_t pa, uint64_t granule)
{
	if (!c->tables[granule])
		violate(c, INV_RTT_ONCE, "the RTT at 0x%" PRIx64 " is in no tree", pa);
}

static void visit_data(struct checker *c, uint64_t pa, uint64_t granule)
{
	if (c->leaves[granule] != 1)
		violate(c, INV_DATA_ONCE, "the DATA granule at 0x%" PRIx64 " is mapped %u times",
			pa, c->leaves[granule]);
	c->leaves[granule] = 0;
}

static void visit_rec(struct checker *c, uint64_t pa, uint64_t granule)
{
	if (c->recs[granule] != 1)
		violate(c, INV_REC_ONCE, "the REC at 0x%" PRIx64 " is in %u lists", pa,
			c->recs[granule]);
}

static void visit_internal(struct checker *c, uint64_t pa, uint64_t granule)
{
	if (c->held[granule] != 1)
		violate(c, INV_INTERNAL_ONCE, "the granule at 0x%" PRIx64 " is held %u times", pa,
			c->held[granule]);
}

static void visit_partial(struct checker *c, uint64_t pa, uint64_t granule)
{
	if (c->objects[granule] != 1)
		violate(c, INV_PARTIAL_ONCE, "the granule at 0x%" PRIx64 " is of %u operations", pa,
			c->objects[granule]);
}

static void count_operations(struct checker *c)
{
	const struct operation_pool *pool = &c->sys->operations;

	for (unsigned int i = 0; i < pool->count; i++) {
		const struct operation *op = &pool->slots[i];

		if (op->state == OPERATION_FREE)
			continue;
		if (op->state != OPERATION_SEALED)
			violate(c, INV_OPERATIONS_SEALED, "operation %u is being executed", i);
		if (op->partial)
			refer(c, c->objects, op->partial);
		for (unsigned int k = 0; k < op->num_held && k < MAX_AUX_GRANULES; k++)
			refer(c, c->held, op->held[k]);
	}
}

/* What leaves map is DATA: each mark that visit_data() left behind is not. */
static void check_left_over(struct checker *c)
{
	for (unsigned int b = 0; b < c->sys->memory.num_banks; b++) {
		const struct memory_bank *bank = &c->sys->memory.banks[b];

		for (uint64_t i = 0; i < bank->size / VIEW_GRANULE; i++)
			if (c->leaves[bank->first_granule + i])
				violate(c, INV_DATA_ONCE,
					"a leaf maps 0x%" PRIx64 ", which is not DATA",
					bank->base + i * VIEW_GRANULE);
	}
}

void check_ownership(struct checker *c)
{
	count_operations(c);
	each_granule(c, RMM_GRANULE_RTT, visit_rtt);
	each_granule(c, RMM_GRANULE_DATA, visit_data);
	each_granule(c, RMM_GRANULE_REC, visit_rec);
	each_granule(c, RMM_GRANULE_INTERNAL, visit_internal);
	each_granule(c, RMM_GRANULE_PARTIAL, visit_partial);
	check_left_over(c);
}
