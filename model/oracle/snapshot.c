/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/objects.h"
#include "oracle/view.h"

/* Room for one more element, zeroed; NULL when there is none. */
static void *add(void **v, size_t *n, size_t *capacity, size_t size)
{
	if (*n == *capacity) {
		const size_t wanted = *capacity ? 2 * *capacity : 16;
		void *larger = realloc(*v, wanted * size);

		if (!larger)
			return NULL;
		*v = larger;
		*capacity = wanted;
	}
	return memset((char *)*v + (*n)++ * size, 0, size);
}

#define ADD(list) add((void **)&(list)->v, &(list)->n, &(list)->capacity, sizeof(*(list)->v))

/* ---- taking --------------------------------------------------------------------- */

static uint64_t hash_bytes(const uint8_t *bytes, size_t size)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, bytes + i, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	return hash;
}

static void take_table(struct oracle_snapshot *s, const struct rmm_system *sys, uint64_t pa)
{
	struct oracle_table_copy *table = ADD(&s->tables);

	if (!table) {
		s->failed = true;
		return;
	}
	table->pa = pa;
	memcpy(table->entries, view_bytes(sys, pa), sizeof(table->entries));
}

static void take_realm(struct oracle_snapshot *s, const struct rmm_system *sys, uint64_t pa)
{
	struct oracle_RmmRealm *realm = ADD(&s->realms);

	if (realm)
		oracle_realm(sys, pa, view_realm(sys, pa), realm);
	else
		s->failed = true;
}

static void take_rec(struct oracle_snapshot *s, const struct rmm_system *sys, uint64_t pa)
{
	struct oracle_RmmRec *rec = ADD(&s->recs);

	if (rec)
		oracle_rec(pa, view_rec(sys, pa), rec);
	else
		s->failed = true;
}

static void take_content(struct oracle_snapshot *s, const struct rmm_system *sys, uint64_t pa)
{
	struct oracle_content *content = ADD(&s->contents);

	if (content)
		*content =
			(struct oracle_content){pa, hash_bytes(view_bytes(sys, pa), VIEW_GRANULE)};
	else
		s->failed = true;
}

static void take_granule(struct oracle_snapshot *s, const struct rmm_system *sys, uint64_t pa,
			 uint8_t state)
{
	switch (state) {
	case RMM_GRANULE_RTT:
		take_table(s, sys, pa);
		break;
	case RMM_GRANULE_RD:
		take_realm(s, sys, pa);
		break;
	case RMM_GRANULE_REC:
		take_rec(s, sys, pa);
		break;
	case RMM_GRANULE_DATA:
		take_content(s, sys, pa);
		break;
	default:
		break;
	}
}

/* Chunks of one state hold no objects but realm memory. */
static void take_bank(struct oracle_snapshot *s, const struct rmm_system *sys,
		      const struct memory_bank *bank)
{
	const struct granule_table *table = &sys->granules;
	const uint64_t end = bank->size / VIEW_GRANULE;

	for (uint64_t i = 0; i < end; i++) {
		const uint64_t granule = bank->first_granule + i;
		const uint8_t chunk = table->chunk[granule / GRANULES_PER_CHUNK];

		if (chunk != GRANULE_CHUNK_MIXED && chunk != RMM_GRANULE_DATA) {
			i += GRANULES_PER_CHUNK - 1 - granule % GRANULES_PER_CHUNK;
			continue;
		}
		take_granule(s, sys, bank->base + i * VIEW_GRANULE,
			     chunk == GRANULE_CHUNK_MIXED ? table->state[granule] : chunk);
	}
}

static bool take_states(struct oracle_snapshot *s, const struct granule_table *table)
{
	const uint64_t chunks = table->num_granules / GRANULES_PER_CHUNK;

	if (!s->chunks)
		s->chunks = malloc(chunks + 1);
	if (!s->states)
		s->states = malloc(table->num_granules + 1);
	if (!s->chunks || !s->states)
		return false;
	memcpy(s->chunks, table->chunk, chunks);
	for (uint64_t i = 0; i < chunks; i++)
		if (s->chunks[i] == GRANULE_CHUNK_MIXED)
			memcpy(&s->states[i * GRANULES_PER_CHUNK],
			       &table->state[i * GRANULES_PER_CHUNK], GRANULES_PER_CHUNK);
	return true;
}

void oracle_snapshot_take(struct oracle_snapshot *s, const struct rmm_system *sys)
{
	s->realms.n = s->recs.n = s->tables.n = s->contents.n = 0;
	memset(&s->global, 0, sizeof(s->global));
	oracle_global(sys, &s->global);
	s->failed = !take_states(s, &sys->granules);
	for (unsigned int b = 0; b < sys->memory.num_banks && !s->failed; b++)
		take_bank(s, sys, &sys->memory.banks[b]);
}

void oracle_snapshot_free(struct oracle_snapshot *s)
{
	free(s->chunks);
	free(s->states);
	free(s->realms.v);
	free(s->recs.v);
	free(s->tables.v);
	free(s->contents.v);
}

/* ---- what may change ------------------------------------------------------------------ */

void oracle_allow(struct oracle_change *change, enum oracle_item_kind kind, uint64_t pa,
		  uint64_t first, uint64_t size)
{
	if (change->num_items == ORACLE_MAX_ITEMS) {
		change->anything = true;
		return;
	}
	change->items[change->num_items++] = (struct oracle_item){kind, pa, first, size};
}

/* What a host can donate, and gets back. */
static bool is_hosts(uint8_t state)
{
	return state == RMM_GRANULE_DELEGATED || state == RMM_GRANULE_UNDELEGATED;
}

static bool state_may_change(const struct oracle_change *change, uint64_t pa, uint8_t from,
			     uint8_t to)
{
	for (unsigned int i = 0; i < change->num_items; i++) {
		const struct oracle_item *item = &change->items[i];

		if (item->kind == ORACLE_ITEM_STATES && pa - item->pa < item->size)
			return true;
	}
	if (!change->holds_donated)
		return false;
	return (is_hosts(from) && to == RMM_GRANULE_INTERNAL) ||
	       (from == RMM_GRANULE_INTERNAL && is_hosts(to));
}

static bool entry_may_change(const struct oracle_change *change, uint64_t table, uint64_t index)
{
	for (unsigned int i = 0; i < change->num_items; i++) {
		const struct oracle_item *item = &change->items[i];

		if (item->kind == ORACLE_ITEM_ENTRIES && item->pa == table &&
		    index - item->first < item->size)
			return true;
	}
	return false;
}

static bool byte_may_change(const struct oracle_change *change, enum oracle_item_kind kind,
			    uint64_t pa, uint64_t offset)
{
	for (unsigned int i = 0; i < change->num_items; i++) {
		const struct oracle_item *item = &change->items[i];

		if (item->kind == kind && item->pa == pa && offset - item->first < item->size)
			return true;
	}
	return false;
}

/* ---- comparing --------------------------------------------------------------------------- */

struct compare {
	const struct rmm_system *sys;
	const struct oracle_change *allowed;
	const struct oracle_snapshot *before;
	const struct oracle_snapshot *after;
	char *text;
	size_t len;
};

static uint8_t state_in(const struct oracle_snapshot *s, uint64_t granule)
{
	const uint8_t chunk = s->chunks[granule / GRANULES_PER_CHUNK];

	return chunk == GRANULE_CHUNK_MIXED ? s->states[granule] : chunk;
}

static bool bank_states_differ(const struct compare *c, const struct memory_bank *bank)
{
	for (uint64_t i = 0; i < bank->size / VIEW_GRANULE; i++) {
		const uint64_t granule = bank->first_granule + i;
		const uint64_t chunk = granule / GRANULES_PER_CHUNK;
		const uint64_t pa = bank->base + i * VIEW_GRANULE;

		if (c->before->chunks[chunk] == c->after->chunks[chunk] &&
		    c->before->chunks[chunk] != GRANULE_CHUNK_MIXED) {
			i += GRANULES_PER_CHUNK - 1 - granule % GRANULES_PER_CHUNK;
			continue;
		}
		const uint8_t from = state_in(c->before, granule);
		const uint8_t to = state_in(c->after, granule);
		if (from == to || state_may_change(c->allowed, pa, from, to))
			continue;
		snprintf(c->text, c->len, "the granule at 0x%" PRIx64 " went from %s to %s", pa,
			 rmm_granule_state_name((enum rmm_granule_state)from),
			 rmm_granule_state_name((enum rmm_granule_state)to));
		return true;
	}
	return false;
}

static bool states_differ(const struct compare *c)
{
	for (unsigned int b = 0; b < c->sys->memory.num_banks; b++)
		if (bank_states_differ(c, &c->sys->memory.banks[b]))
			return true;
	return false;
}

/* Both lists are in the order of addresses, bank by bank. */
static bool tables_differ(const struct compare *c)
{
	size_t k = 0;

	for (size_t i = 0; i < c->before->tables.n; i++) {
		const struct oracle_table_copy *old = &c->before->tables.v[i];

		while (k < c->after->tables.n && c->after->tables.v[k].pa < old->pa)
			k++;
		if (k == c->after->tables.n || c->after->tables.v[k].pa != old->pa ||
		    !memcmp(old->entries, c->after->tables.v[k].entries, sizeof(old->entries)))
			continue;
		for (unsigned int e = 0; e < VIEW_ENTRIES; e++) {
			const uint64_t now = c->after->tables.v[k].entries[e];

			if (old->entries[e] == now || entry_may_change(c->allowed, old->pa, e))
				continue;
			snprintf(c->text, c->len,
				 "entry %u of the table at 0x%" PRIx64 " went from 0x%" PRIx64
				 " to 0x%" PRIx64,
				 e, old->pa, old->entries[e], now);
			return true;
		}
	}
	return false;
}

static bool bytes_differ(const struct compare *c, const char *what, enum oracle_item_kind kind,
			 uint64_t pa, const void *old, const void *now, size_t size)
{
	const uint8_t *a = old;
	const uint8_t *b = now;

	if (!memcmp(a, b, size))
		return false;
	for (size_t i = 0; i < size; i++) {
		if (a[i] == b[i] || byte_may_change(c->allowed, kind, pa, i))
			continue;
		snprintf(c->text, c->len,
			 "the %s at 0x%" PRIx64 " changed (byte %zu of its abstract state)", what,
			 pa, i);
		return true;
	}
	return false;
}

static bool realms_differ(const struct compare *c)
{
	for (size_t i = 0; i < c->before->realms.n; i++)
		for (size_t k = 0; k < c->after->realms.n; k++)
			if (c->before->realms.v[i].pa == c->after->realms.v[k].pa &&
			    bytes_differ(c, "realm", ORACLE_ITEM_REALM, c->before->realms.v[i].pa,
					 &c->before->realms.v[i], &c->after->realms.v[k],
					 sizeof(c->before->realms.v[i])))
				return true;
	return false;
}

static bool recs_of_may_change(const struct oracle_change *change, uint64_t owner)
{
	for (unsigned int i = 0; i < change->num_items; i++)
		if (change->items[i].kind == ORACLE_ITEM_RECS_OF && change->items[i].pa == owner)
			return true;
	return false;
}

static bool recs_differ(const struct compare *c)
{
	for (size_t i = 0; i < c->before->recs.n; i++)
		for (size_t k = 0; k < c->after->recs.n; k++)
			if (c->before->recs.v[i].pa == c->after->recs.v[k].pa &&
			    !recs_of_may_change(c->allowed, c->before->recs.v[i].owner) &&
			    bytes_differ(c, "REC", ORACLE_ITEM_REC, c->before->recs.v[i].pa,
					 &c->before->recs.v[i], &c->after->recs.v[k],
					 sizeof(c->before->recs.v[i])))
				return true;
	return false;
}

static bool contents_differ(const struct compare *c)
{
	size_t k = 0;

	if (c->allowed->realm_runs)
		return false;
	for (size_t i = 0; i < c->before->contents.n; i++) {
		const struct oracle_content *old = &c->before->contents.v[i];

		while (k < c->after->contents.n && c->after->contents.v[k].pa < old->pa)
			k++;
		if (k == c->after->contents.n || c->after->contents.v[k].pa != old->pa ||
		    c->after->contents.v[k].hash == old->hash)
			continue;
		snprintf(c->text, c->len,
			 "the contents of the realm memory at 0x%" PRIx64 " changed", old->pa);
		return true;
	}
	return false;
}

bool oracle_snapshot_differs(const struct rmm_system *sys, const struct oracle_change_set *set,
			     char *text, size_t len)
{
	const struct compare c = {sys, &set->allowed, &set->before, &set->after, text, len};

	if (set->allowed.anything || set->before.failed || set->after.failed)
		return false;
	return states_differ(&c) || tables_differ(&c) || realms_differ(&c) || recs_differ(&c) ||
	       contents_differ(&c) ||
	       bytes_differ(&c, "global state", ORACLE_ITEM_GLOBAL, 0, &set->before.global,
			    &set->after.global, sizeof(set->before.global));
}
