/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/invariants.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

const struct rmm_invariant rmm_invariants[] = {
	[INV_GPI_OF_REALM_WORLD] =
		{"gpi-of-realm-world", "granule 12.1",
		 "memory that is not UNDELEGATED is in the Realm PAS, level 1 GPTs in Root"},
	[INV_GPI_OF_HOST_WORLD] = {"gpi-of-host-world", "granule 12.2",
				   "memory that is UNDELEGATED is not in the Realm PAS"},
	[INV_GPT_ONCE] = {"gpt-once", "2.0-bet0 A2.3.9",
			  "a GPT_L1 granule is part of one level 1 table"},
	[INV_TRACKING_UNIT] = {"tracking-unit", "granule 12.36",
			       "memory that is tracked as one unit is in one state"},
	[INV_GPT_CONTIGUOUS] = {"gpt-contiguous", "granule 12.6",
				"contiguous descriptors of a block are all alike"},
	[INV_INACTIVE_OWNS_NOTHING] = {"inactive-owns-nothing", "granule 12.34",
				       "an RMM that is not active owns no memory"},
	[INV_REALM_COUNT] = {"realm-count", "C2.18", "num_realms is the number of RDs"},
	[INV_STARTING_TABLES] = {"starting-tables", "granule 12.16",
				 "the starting tables are aligned, consecutive RTTs"},
	[INV_TABLE_ENTRY] = {"table-entry", "rtt 16.1.2, 16.1.3",
			     "a TABLE entry is above level 3 and points to an RTT"},
	[INV_LEAF] = {"leaf", "rtt 16.1.3, 16.1.4",
		      "an output address is at a block or page level, aligned and in reach"},
	[INV_HALVES] = {"halves", "rtt 16.1.5, 16.1.6",
			"each half of the IPA space holds its own kinds of entries"},
	[INV_RTT_ONCE] = {"rtt-once", "rtt 16.1.1, 16.1.2",
			  "every RTT is reachable in exactly one way"},
	[INV_DATA_ONCE] = {"data-once", "rtt 16.2.8, 16.2.10",
			   "a granule is DATA when exactly one leaf maps it"},
	[INV_LIVE_COUNT] = {"live-count", "granule 12.13, rtt 16.2.11",
			    "the count of live entries is that of the table"},
	[INV_REC_LIST] = {"rec-list", "rec 14.4", "the RECs of a realm are as many as it counts"},
	[INV_REC_ONCE] = {"rec-once", "granule 12.10", "every REC belongs to exactly one realm"},
	[INV_REC_IDLE] = {"rec-idle", "granule 12.12, rec 14.1", "no REC runs between calls"},
	[INV_REC_INDEX] = {"rec-index", "granule 12.11",
			   "indices are unique and below the next one"},
	[INV_RIPAS_REQUEST] = {"ripas-request", "rtt 16.3.21",
			       "a pending RIPAS change is aligned and moves forward only"},
	[INV_AUX_HELD] = {"aux-held", "granule 12.14", "a REC holds the memory it asked for"},
	[INV_INTERNAL_ONCE] = {"internal-once", "granule 12.14, 12.17",
			       "INTERNAL memory belongs to one REC or operation"},
	[INV_PARTIAL_ONCE] = {"partial-once", "granule 12.24",
			      "a PARTIAL granule belongs to one operation"},
	[INV_OPERATIONS_SEALED] = {"operations-sealed", "granule 12.25",
				   "no operation is being executed between calls"},
	[INV_VMID] = {"vmid", "granule 12.22", "VMIDs in use are those of the realms, each once"},
	[INV_MECID] = {"mecid", "granule 12.23",
		       "private MECIDs in use are those of the realms, each once"},
};
const size_t rmm_num_invariants = INV_COUNT;

void violate(struct checker *c, enum invariant which, const char *format, ...)
{
	va_list args;

	if (c->n++ >= c->max)
		return;
	struct rmm_violation *v = &c->violations[c->n - 1];
	v->invariant = &rmm_invariants[which];
	va_start(args, format);
	vsnprintf(v->text, sizeof(v->text), format, args);
	va_end(args);
}

static bool index_of(const struct rmm_system *sys, uint64_t pa, uint64_t *granule)
{
	const struct memory_bank *bank = view_bank(sys, pa);

	if (!bank)
		return false;
	*granule = bank->first_granule + (pa - bank->base) / VIEW_GRANULE;
	return true;
}

bool refer(const struct checker *c, uint8_t *counts, uint64_t pa)
{
	uint64_t granule;

	if (!index_of(c->sys, pa, &granule))
		return false;
	if (counts[granule] < UINT8_MAX)
		counts[granule]++;
	return true;
}

static void each_in_bank(struct checker *c, const struct memory_bank *bank,
			 enum rmm_granule_state state,
			 void (*visit)(struct checker *c, uint64_t pa, uint64_t granule))
{
	const struct granule_table *table = &c->sys->granules;

	for (uint64_t i = 0; i < bank->size / VIEW_GRANULE; i++) {
		const uint64_t granule = bank->first_granule + i;
		const uint8_t chunk = table->chunk[granule / GRANULES_PER_CHUNK];

		if (chunk != GRANULE_CHUNK_MIXED && chunk != state)
			i += GRANULES_PER_CHUNK - 1 - granule % GRANULES_PER_CHUNK;
		else if (chunk == state || table->state[granule] == state)
			visit(c, bank->base + i * VIEW_GRANULE, granule);
	}
}

void each_granule(struct checker *c, enum rmm_granule_state state,
		  void (*visit)(struct checker *c, uint64_t pa, uint64_t granule))
{
	for (unsigned int b = 0; b < c->sys->memory.num_banks; b++)
		each_in_bank(c, &c->sys->memory.banks[b], state, visit);
}

/* ---- the pass ---------------------------------------------------------------------- */

static void visit_realm(struct checker *c, uint64_t pa, uint64_t granule)
{
	const struct rmm_realm *realm = view_realm(c->sys, pa);

	(void)granule;
	check_realm(c, pa, realm);
	check_trees(c, pa, realm);
}

static bool begin(struct checker *c)
{
	const size_t n = c->sys->granules.num_granules + 1;

	c->tables = calloc(n, 1);
	c->leaves = calloc(n, 1);
	c->recs = calloc(n, 1);
	c->held = calloc(n, 1);
	c->objects = calloc(n, 1);
	return c->tables && c->leaves && c->recs && c->held && c->objects;
}

static void end(struct checker *c)
{
	free(c->tables);
	free(c->leaves);
	free(c->recs);
	free(c->held);
	free(c->objects);
}

size_t rmm_check_invariants(const struct rmm_system *sys, struct rmm_violation *violations,
			    size_t max)
{
	struct checker c = {.sys = sys, .violations = violations, .max = max};

	if (begin(&c)) {
		check_memory(&c);
		each_granule(&c, RMM_GRANULE_RD, visit_realm);
		check_numbers(&c);
		check_ownership(&c);
	}
	end(&c);
	return c.n;
}
