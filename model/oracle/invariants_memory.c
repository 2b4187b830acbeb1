/* SPDX-License-Identifier: BSD-3-Clause */
/* Granules against the protection tables, and who owns them. */
#include <inttypes.h>

#include "oracle/invariants.h"
#include "oracle/value.h"

/* ---- protection tables -------------------------------------------------------------- */

#define ENTRY_SIZE (16 * VIEW_GRANULE) /* one descriptor of 16 granules */

/* All entries of the block hold the descriptor, and it begins where it may. */
static void check_block(struct checker *c, uint64_t pa, uint64_t desc, uint64_t size)
{
	const struct memory *mem = &c->sys->memory;
	bool alike = pa % size == 0;

	for (uint64_t at = pa; alike && at < pa + size; at += ENTRY_SIZE)
		alike = view_gpt_desc(mem, at) == desc;
	if (!alike)
		violate(c, INV_GPT_CONTIGUOUS, "the descriptors of 0x%" PRIx64 " differ", pa);
}

static void check_table(struct checker *c, uint64_t region)
{
	const struct memory *mem = &c->sys->memory;

	for (uint64_t pa = region; pa < region + VIEW_GPT_REGION;) {
		const uint64_t desc = view_gpt_desc(mem, pa);
		const uint64_t size = view_gpt_contiguous(desc);

		if (size)
			check_block(c, pa, desc, size);
		pa += size ? size - pa % size : ENTRY_SIZE;
	}
}

/* A table of the host lies in memory of its own. */
static void refer_to_table(struct checker *c, uint64_t table)
{
	const struct memory *mem = &c->sys->memory;

	if (table - mem->root_base < mem->root_size)
		return;
	for (uint64_t pa = table; pa < table + VIEW_GPT_L1_BYTES; pa += VIEW_GRANULE) {
		refer(c, c->held, pa);
		if (!view_state_is(c->sys, pa, RMM_GRANULE_GPT_L1))
			violate(c, INV_GPT_ONCE, "the table at 0x%" PRIx64 " is no GPT_L1", table);
	}
}

static void check_region_gpt(struct checker *c, uint64_t region)
{
	const uint64_t table = view_gpt_table(&c->sys->memory, region);

	if (!table)
		return;
	refer_to_table(c, table);
	check_table(c, region);
}

/* Each region once, in which memory is. */
static void each_region(struct checker *c, void (*visit)(struct checker *c, uint64_t region))
{
	const struct memory *mem = &c->sys->memory;
	uint64_t next = 0;

	for (unsigned int b = 0; b < mem->num_banks; b++) {
		const struct memory_bank *bank = &mem->banks[b];
		uint64_t region = bank->base - bank->base % VIEW_GPT_REGION;

		for (region = region > next ? region : next; region < bank->base + bank->size;
		     region = next) {
			visit(c, region);
			next = region + VIEW_GPT_REGION;
		}
	}
}

static void check_undelegated(struct checker *c, uint64_t pa, enum rmm_gpi gpi)
{
	if (gpi == RMM_GPI_REALM)
		violate(c, INV_GPI_OF_HOST_WORLD,
			"the granule at 0x%" PRIx64 " is UNDELEGATED and in the Realm PAS", pa);
}

/* Whether an operation has the granule, in either PAS: it is the host's until it is used. */
static bool is_in_transit(const struct checker *c, uint64_t pa, enum rmm_granule_state state)
{
	const struct operation_pool *pool = &c->sys->operations;

	for (unsigned int i = 0; i < pool->count; i++) {
		const struct operation *op = &pool->slots[i];

		if (op->state == OPERATION_FREE)
			continue;
		if (state == RMM_GRANULE_PARTIAL && op->range && pa >= op->range_at &&
		    pa < op->range_end)
			return true;
		for (unsigned int k = 0; state == RMM_GRANULE_INTERNAL && k < op->num_held; k++)
			if (op->held[k] == pa)
				return true;
	}
	return false;
}

static void check_delegated(struct checker *c, uint64_t pa, enum rmm_granule_state state,
			    enum rmm_gpi gpi)
{
	if (c->sys->state != RMM_STATE_ACTIVE)
		violate(c, INV_INACTIVE_OWNS_NOTHING, "the granule at 0x%" PRIx64 " is delegated",
			pa);
	if (gpi == (state == RMM_GRANULE_GPT_L1 ? RMM_GPI_ROOT : RMM_GPI_REALM))
		return;
	if (gpi != RMM_GPI_ROOT && is_in_transit(c, pa, state))
		return;
	violate(c, INV_GPI_OF_REALM_WORLD, "the granule at 0x%" PRIx64 " is %s and its GPI 0x%x",
		pa, rmm_granule_state_name(state), (unsigned int)gpi);
}

/* One descriptor speaks for all granules of the chunk. */
static bool is_one_block(const struct checker *c, uint64_t pa)
{
	const struct memory *mem = &c->sys->memory;

	return pa % (GRANULES_PER_CHUNK * VIEW_GRANULE) == 0 &&
	       (!view_gpt_table(mem, pa) || view_gpt_contiguous(view_gpt_desc(mem, pa)));
}

static void check_gpi(struct checker *c, const struct memory_bank *bank)
{
	const struct granule_table *table = &c->sys->granules;

	for (uint64_t i = 0; i < bank->size / VIEW_GRANULE; i++) {
		const uint64_t granule = bank->first_granule + i;
		const uint64_t pa = bank->base + i * VIEW_GRANULE;
		const uint8_t chunk = table->chunk[granule / GRANULES_PER_CHUNK];
		const uint8_t state = chunk == GRANULE_CHUNK_MIXED ? table->state[granule] : chunk;
		const enum rmm_gpi gpi = view_gpi(&c->sys->memory, pa);

		if (state == RMM_GRANULE_UNDELEGATED)
			check_undelegated(c, pa, gpi);
		else
			check_delegated(c, pa, (enum rmm_granule_state)state, gpi);
		if (chunk != GRANULE_CHUNK_MIXED && is_one_block(c, pa))
			i += GRANULES_PER_CHUNK - 1;
	}
}

void check_memory(struct checker *c)
{
	each_region(c, check_region_gpt);
	for (unsigned int b = 0; b < c->sys->memory.num_banks; b++)
		check_gpi(c, &c->sys->memory.banks[b]);
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

static void visit_gpt(struct checker *c, uint64_t pa, uint64_t granule)
{
	if (c->held[granule] != 1)
		violate(c, INV_GPT_ONCE, "the GPT_L1 at 0x%" PRIx64 " is of %u tables", pa,
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
		refer(c, c->objects, op->partial);
		for (uint64_t pa = op->range_at; op->range && pa < op->range_end;
		     pa += VIEW_GRANULE)
			refer(c, c->objects, pa);
		for (unsigned int k = 0; k < op->num_held && k < OPERATION_MAX_HELD; k++)
			refer(c, c->held, op->held[k]);
	}
}

/* ---- tracking ------------------------------------------------------------------------------ */

static bool is_changing(const struct checker *c, uint64_t region)
{
	const struct operation_pool *pool = &c->sys->operations;

	for (unsigned int i = 0; i < pool->count; i++)
		if (pool->slots[i].state != OPERATION_FREE &&
		    (pool->slots[i].region == region || pool->slots[i].range))
			return true;
	return false;
}

static void check_unit(struct checker *c, uint64_t region)
{
	const struct memory_bank *bank = view_bank(c->sys, region);
	const struct granule_table *table = &c->sys->granules;
	const uint64_t first = bank->first_granule + (region - bank->base) / VIEW_GRANULE;
	const enum rmm_granule_state state = granule_state(table, first);

	for (uint64_t i = 0; i < TRACKING_REGION_SIZE / VIEW_GRANULE; i += GRANULES_PER_CHUNK)
		if (granule_run(table, first + i, GRANULES_PER_CHUNK, state) !=
		    GRANULES_PER_CHUNK) {
			violate(c, INV_TRACKING_UNIT,
				"the region at 0x%" PRIx64 " is tracked as one and holds several "
				"states",
				region);
			return;
		}
}

/* The host's memory for the states of a region is listed in the first granule of it. */
static void refer_to_metadata(struct checker *c, uint64_t where)
{
	const uint8_t *list = view_bytes(c->sys, where - where % VIEW_GRANULE);

	for (unsigned int i = 0; i < c->sys->config.tracking_granules; i++)
		refer(c, c->held, oracle_load(list + (size_t)i * 8, 8));
}

static void check_region_tracking(struct checker *c, uint64_t region)
{
	const struct tracking *tracking = &c->sys->tracking;
	const uint64_t r = region / TRACKING_REGION_SIZE;

	if (tracking->state[r] == TRACKING_COARSE && !is_changing(c, region))
		check_unit(c, region);
	if (tracking->state[r] == TRACKING_FINE && tracking->metadata[r])
		refer_to_metadata(c, tracking->metadata[r]);
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
	each_region(c, check_region_tracking);
	each_granule(c, RMM_GRANULE_GPT_L1, visit_gpt);
	each_granule(c, RMM_GRANULE_RTT, visit_rtt);
	each_granule(c, RMM_GRANULE_DATA, visit_data);
	each_granule(c, RMM_GRANULE_REC, visit_rec);
	each_granule(c, RMM_GRANULE_INTERNAL, visit_internal);
	each_granule(c, RMM_GRANULE_PARTIAL, visit_partial);
	check_left_over(c);
}
