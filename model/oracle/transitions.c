/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two pictures of the machine, and what happened in between. A picture holds
 * the state of each object and the tables of all realms, read once more by the
 * oracle's own means; the rules come from the description.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/rmm_oracle.h"
#include "oracle/view.h"
#include "rmmsim/abi/introspect.h"

#define MAX_STATES 16
#define NO_RULE    (-1)

/* The machines that are followed, with the model's states in the order of its enumerations. */
enum machine {
	MACHINE_RMM,
	MACHINE_TRACKING,
	MACHINE_GRANULE,
	MACHINE_REALM,
	MACHINE_REC,
	MACHINE_POWER,
	MACHINE_PENDING,
	MACHINE_ATTESTATION,
	MACHINE_HIPAS,
	MACHINE_RIPAS,
	MACHINE_OPERATION,
	MACHINE_COUNT,
};

static const struct {
	const char *name;
	const char *states[MAX_STATES];
} machines[MACHINE_COUNT] = {
	[MACHINE_RMM] = {"rmm", {"INIT", "INTERMEDIATE", "ACTIVE"}},
	[MACHINE_TRACKING] = {"tracking", {"RESERVED", "NONE", "FINE", "COARSE"}},
	[MACHINE_GRANULE] = {"granule",
			     {"UNDELEGATED", "DELEGATED", "RD", "REC", "RTT", "DATA", "DEV", "PDEV",
			      "VDEV", "VSMMU", "INTERNAL", "PARTIAL", "GPT_L1"}},
	[MACHINE_REALM] = {"realm", {"NEW", "ACTIVE", "SYSTEM_OFF", "ZOMBIE", "ABSENT"}},
	[MACHINE_REC] = {"rec", {"READY", "RUNNING", "ABSENT"}},
	[MACHINE_POWER] = {"rec-power", {"NOT_RUNNABLE", "RUNNABLE"}},
	[MACHINE_PENDING] = {"rec-pending", {"NONE", "PSCI", "HOST_CALL"}},
	[MACHINE_ATTESTATION] = {"rec-attestation", {"IDLE", "IN_PROGRESS"}},
	[MACHINE_HIPAS] = {"hipas", {"VOID", "DATA", "TABLE", "UNMAPPED_NS", "MAPPED_NS"}},
	[MACHINE_RIPAS] = {"ripas", {"EMPTY", "RAM", "DESTROYED"}},
	[MACHINE_OPERATION] = {"operation", {"CONTINUE", "DONATE", "RECLAIM", "ABSENT"}},
};

#define REALM_ABSENT     4u
#define REC_ABSENT       2u
#define OPERATION_ABSENT 3u
#define IN_CALL          0xffu /* of another PE: what comes of it is open */

struct realm_state {
	uint64_t pa;
	unsigned int state;
};

struct rec_state {
	uint64_t pa;
	unsigned int state, power, pending, attestation;
};

struct table_state {
	uint64_t pa;
	int level;
	bool lpa2;
	uint64_t entries[VIEW_ENTRIES];
};

struct list {
	void *v;
	size_t n;
	size_t capacity;
};

struct picture {
	bool failed; /* out of memory: compare nothing */
	unsigned int rmm;
	uint8_t *chunks;
	uint8_t *states;
	uint8_t *operations;
	struct list tracking; /* uint8_t */
	struct list realms;   /* in the order of their addresses, as are the next two */
	struct list recs;
	struct list tables;
};

struct rmm_transitions {
	const struct rmm_system *sys;
	/* Of the description: transition by the model's states, or NO_RULE. */
	const struct rmm_abi_state_machine *of[MACHINE_COUNT];
	int16_t rules[MACHINE_COUNT][MAX_STATES][MAX_STATES];
	uint64_t *counts[MACHINE_COUNT];
	struct picture pictures[2];
	unsigned int latest;
};

/* ---- pictures ---------------------------------------------------------------------- */

static void *add(struct picture *p, struct list *list, size_t size)
{
	if (list->n == list->capacity) {
		const size_t wanted = list->capacity ? 2 * list->capacity : 16;
		void *larger = realloc(list->v, wanted * size);

		if (!larger) {
			p->failed = true;
			return NULL;
		}
		list->v = larger;
		list->capacity = wanted;
	}
	return (char *)list->v + list->n++ * size;
}

static void take_tables(struct picture *p, const struct rmm_system *sys, uint64_t pa, int level,
			bool lpa2)
{
	const uint64_t *entries = view_table(sys, pa);
	struct table_state *table = entries ? add(p, &p->tables, sizeof(*table)) : NULL;

	if (!table)
		return;
	table->pa = pa;
	table->level = level;
	table->lpa2 = lpa2;
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++)
		table->entries[i] = __atomic_load_n(&entries[i], __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < VIEW_ENTRIES && level < VIEW_PAGE_LEVEL; i++) {
		const struct view_entry entry = view_decode(entries[i], level, lpa2);

		if (entry.state == ORACLE_RTTE_TABLE)
			take_tables(p, sys, entry.addr, level + 1, lpa2);
	}
}

static void take_realm(struct picture *p, const struct rmm_system *sys, uint64_t pa)
{
	const struct rmm_realm *realm = view_realm(sys, pa);
	struct realm_state *state = add(p, &p->realms, sizeof(*state));

	if (!state)
		return;
	*state = (struct realm_state){pa, (unsigned int)realm->state};
	for (uint32_t i = 0; i < realm->rtt_num_start; i++)
		take_tables(p, sys, realm->rtt_base[0] + i * VIEW_GRANULE, realm->rtt_level_start,
			    realm->lpa2);
}

static void take_rec(struct picture *p, const struct rmm_system *sys, uint64_t pa)
{
	const struct rmm_rec *rec = view_rec(sys, pa);
	struct rec_state *state = add(p, &p->recs, sizeof(*state));

	if (state)
		*state = (struct rec_state){
			.pa = pa,
			.state = rec->running,
			.power = rec->runnable,
			.pending = (unsigned int)rec->pending,
			.attestation = rec->attestation.in_progress,
		};
}

/* Objects stand in chunks whose granules differ. */
static void take_bank(struct picture *p, const struct rmm_system *sys,
		      const struct memory_bank *bank)
{
	for (uint64_t i = 0; i < bank->size / VIEW_GRANULE; i++) {
		const uint64_t granule = bank->first_granule + i;

		if (p->chunks[granule / GRANULES_PER_CHUNK] != GRANULE_CHUNK_MIXED) {
			i += GRANULES_PER_CHUNK - 1 - granule % GRANULES_PER_CHUNK;
			continue;
		}
		if (p->states[granule] == RMM_GRANULE_RD)
			take_realm(p, sys, bank->base + i * VIEW_GRANULE);
		else if (p->states[granule] == RMM_GRANULE_REC)
			take_rec(p, sys, bank->base + i * VIEW_GRANULE);
	}
}

static bool take_states(struct picture *p, const struct granule_table *table)
{
	const uint64_t chunks = table->num_granules / GRANULES_PER_CHUNK;

	if (!p->chunks)
		p->chunks = malloc(chunks + 1);
	if (!p->states)
		p->states = malloc(table->num_granules + 1);
	if (!p->chunks || !p->states)
		return false;
	memcpy(p->chunks, table->chunk, chunks);
	for (uint64_t i = 0; i < chunks; i++)
		if (p->chunks[i] == GRANULE_CHUNK_MIXED)
			memcpy(&p->states[i * GRANULES_PER_CHUNK],
			       &table->state[i * GRANULES_PER_CHUNK], GRANULES_PER_CHUNK);
	return true;
}

static void take_tracking(struct picture *p, const struct rmm_system *sys)
{
	for (unsigned int b = 0; b < sys->memory.num_banks; b++) {
		const struct memory_bank *bank = &sys->memory.banks[b];
		const uint64_t top = bank->base + bank->size;

		for (uint64_t at = bank->base; at < top;
		     at = (at | (TRACKING_REGION_SIZE - 1)) + 1) {
			uint8_t *state = add(p, &p->tracking, sizeof(*state));

			if (state)
				*state = (uint8_t)tracking_at(&sys->tracking, at);
		}
	}
}

static void take_operations(struct picture *p, const struct rmm_system *sys)
{
	const unsigned int n = sys->operations.count;

	if (!p->operations)
		p->operations = malloc(n + 1);
	if (!p->operations) {
		p->failed = true;
		return;
	}
	for (unsigned int i = 0; i < n; i++) {
		const struct operation *op = &sys->operations.slots[i];

		p->operations[i] = op->state == OPERATION_FREE     ? OPERATION_ABSENT
				   : op->state == OPERATION_SEALED ? (uint8_t)op->wait
								   : IN_CALL;
	}
}

static int by_address(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void take(struct picture *p, const struct rmm_system *sys)
{
	p->tracking.n = p->realms.n = p->recs.n = p->tables.n = 0;
	p->rmm = (unsigned int)sys->state;
	p->failed = !take_states(p, &sys->granules);
	if (p->failed)
		return;
	for (unsigned int b = 0; b < sys->memory.num_banks; b++)
		take_bank(p, sys, &sys->memory.banks[b]);
	take_tracking(p, sys);
	take_operations(p, sys);
	if (p->tables.n)
		qsort(p->tables.v, p->tables.n, sizeof(struct table_state), by_address);
	if (p->realms.n)
		qsort(p->realms.v, p->realms.n, sizeof(struct realm_state), by_address);
	if (p->recs.n)
		qsort(p->recs.v, p->recs.n, sizeof(struct rec_state), by_address);
}

static void release(struct picture *p)
{
	free(p->chunks);
	free(p->states);
	free(p->operations);
	free(p->tracking.v);
	free(p->realms.v);
	free(p->recs.v);
	free(p->tables.v);
}

/* ---- rules --------------------------------------------------------------------------- */

static int state_of(enum machine machine, const char *name)
{
	for (int i = 0; i < MAX_STATES && machines[machine].states[i]; i++)
		if (strcmp(machines[machine].states[i], name) == 0)
			return i;
	return NO_RULE;
}

static bool read_rules(struct rmm_transitions *t, enum machine machine)
{
	const struct rmm_abi_state_machine *m = rmm_abi_state_machines;

	while (m->name && strcmp(m->name, machines[machine].name) != 0)
		m++;
	memset(t->rules[machine], 0xff, sizeof(t->rules[machine]));
	t->of[machine] = m;
	t->counts[machine] = calloc(m->num_transitions + 1, sizeof(uint64_t));
	for (size_t i = 0; i < m->num_transitions; i++) {
		const int from = state_of(machine, m->states[m->transitions[i].from]);
		const int to = state_of(machine, m->states[m->transitions[i].to]);

		if (from != NO_RULE && to != NO_RULE &&
		    m->transitions[i].versions >> t->sys->config.version & 1)
			t->rules[machine][from][to] = (int16_t)i;
	}
	return t->counts[machine] != NULL;
}

static bool makes(const struct rmm_abi_transition *rule, enum rmm_command command)
{
	if (command == RMM_CMD_COUNT)
		return true;
	for (size_t i = 0; i < rule->num_by; i++)
		if (rule->by[i] == command)
			return true;
	return false;
}

/* ---- comparing ------------------------------------------------------------------------- */

struct look {
	struct rmm_transitions *t;
	const struct picture *before;
	const struct picture *after;
	enum rmm_command command;
	char *text;
	size_t len;
	bool wrong;
};

static void report(struct look *look, enum machine machine, uint64_t pa, const char *what,
		   unsigned int from, unsigned int to)
{
	if (!look->wrong && look->text)
		snprintf(look->text, look->len,
			 "state machine '%s' at 0x%" PRIx64 ": from %s to %s, which %s",
			 machines[machine].name, pa, machines[machine].states[from],
			 machines[machine].states[to], what);
	look->wrong = true;
}

static void changed(struct look *look, enum machine machine, uint64_t pa, unsigned int from,
		    unsigned int to)
{
	if (from == to || from == IN_CALL || to == IN_CALL)
		return;
	const int rule = look->t->rules[machine][from][to];
	if (rule == NO_RULE) {
		report(look, machine, pa, "is no transition", from, to);
		return;
	}
	look->t->counts[machine][rule]++;
	if (!makes(&look->t->of[machine]->transitions[rule], look->command))
		report(look, machine, pa, "this command does not do", from, to);
}

static uint8_t granule_in(const struct picture *p, uint64_t granule)
{
	const uint8_t chunk = p->chunks[granule / GRANULES_PER_CHUNK];

	return chunk == GRANULE_CHUNK_MIXED ? p->states[granule] : chunk;
}

static void compare_bank(struct look *look, const struct memory_bank *bank)
{
	for (uint64_t i = 0; i < bank->size / VIEW_GRANULE; i++) {
		const uint64_t granule = bank->first_granule + i;
		const uint64_t chunk = granule / GRANULES_PER_CHUNK;

		if (look->before->chunks[chunk] == look->after->chunks[chunk] &&
		    look->before->chunks[chunk] != GRANULE_CHUNK_MIXED) {
			i += GRANULES_PER_CHUNK - 1 - granule % GRANULES_PER_CHUNK;
			continue;
		}
		changed(look, MACHINE_GRANULE, bank->base + i * VIEW_GRANULE,
			granule_in(look->before, granule), granule_in(look->after, granule));
	}
}

static const void *find(const struct list *list, size_t size, uint64_t pa)
{
	return list->n ? bsearch(&pa, list->v, list->n, size, by_address) : NULL;
}

static void compare_realms(struct look *look)
{
	const struct realm_state *const old = look->before->realms.v;
	const struct realm_state *const now = look->after->realms.v;

	for (size_t i = 0; i < look->before->realms.n; i++) {
		const struct realm_state *same =
			find(&look->after->realms, sizeof(*same), old[i].pa);

		changed(look, MACHINE_REALM, old[i].pa, old[i].state,
			same ? same->state : REALM_ABSENT);
	}
	for (size_t i = 0; i < look->after->realms.n; i++)
		if (!find(&look->before->realms, sizeof(*now), now[i].pa))
			changed(look, MACHINE_REALM, now[i].pa, REALM_ABSENT, now[i].state);
}

static void compare_rec(struct look *look, const struct rec_state *old, const struct rec_state *now)
{
	changed(look, MACHINE_REC, old->pa, old->state, now->state);
	changed(look, MACHINE_POWER, old->pa, old->power, now->power);
	changed(look, MACHINE_PENDING, old->pa, old->pending, now->pending);
	changed(look, MACHINE_ATTESTATION, old->pa, old->attestation, now->attestation);
}

static void compare_recs(struct look *look)
{
	const struct rec_state *const old = look->before->recs.v;
	const struct rec_state *const now = look->after->recs.v;

	for (size_t i = 0; i < look->before->recs.n; i++) {
		const struct rec_state *same = find(&look->after->recs, sizeof(*same), old[i].pa);

		if (same)
			compare_rec(look, &old[i], same);
		else
			changed(look, MACHINE_REC, old[i].pa, old[i].state, REC_ABSENT);
	}
	for (size_t i = 0; i < look->after->recs.n; i++)
		if (!find(&look->before->recs, sizeof(*now), now[i].pa))
			changed(look, MACHINE_REC, now[i].pa, REC_ABSENT, now[i].state);
}

static unsigned int hipas_of(enum oracle_RmmRttEntryState state)
{
	switch (state) {
	case ORACLE_RTTE_DATA:
		return 1;
	case ORACLE_RTTE_TABLE:
		return 2;
	case ORACLE_RTTE_UNMAPPED_NS:
		return 3;
	case ORACLE_RTTE_MAPPED_NS:
		return 4;
	default:
		return 0;
	}
}

static bool has_ripas(const struct view_entry *entry)
{
	return entry->state == ORACLE_RTTE_VOID || entry->state == ORACLE_RTTE_DATA;
}

static void compare_table(struct look *look, const struct table_state *old,
			  const struct table_state *now)
{
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++) {
		if (old->entries[i] == now->entries[i])
			continue;
		const struct view_entry a = view_decode(old->entries[i], old->level, old->lpa2);
		const struct view_entry b = view_decode(now->entries[i], now->level, now->lpa2);
		const uint64_t pa = old->pa + i * sizeof(uint64_t);

		changed(look, MACHINE_HIPAS, pa, hipas_of(a.state), hipas_of(b.state));
		if (has_ripas(&a) && has_ripas(&b))
			changed(look, MACHINE_RIPAS, pa, (unsigned int)a.ripas,
				(unsigned int)b.ripas);
	}
}

static void compare_tables(struct look *look)
{
	const struct table_state *const old = look->before->tables.v;

	for (size_t i = 0; i < look->before->tables.n; i++) {
		const struct table_state *same =
			find(&look->after->tables, sizeof(*same), old[i].pa);

		if (same && same->level == old[i].level)
			compare_table(look, &old[i], same);
	}
}

static void compare_rest(struct look *look)
{
	const uint8_t *const was = look->before->tracking.v;
	const uint8_t *const is = look->after->tracking.v;

	changed(look, MACHINE_RMM, 0, look->before->rmm, look->after->rmm);
	for (size_t i = 0; i < look->after->tracking.n; i++)
		changed(look, MACHINE_TRACKING, i, was[i], is[i]);
	for (unsigned int i = 0; i < look->t->sys->operations.count; i++)
		changed(look, MACHINE_OPERATION, i, look->before->operations[i],
			look->after->operations[i]);
}

void rmm_transitions_skip(struct rmm_transitions *t)
{
	take(&t->pictures[t->latest], t->sys);
}

bool rmm_transitions_look(struct rmm_transitions *t, enum rmm_command command, char *text,
			  size_t len)
{
	const struct picture *before = &t->pictures[t->latest];
	struct picture *after = &t->pictures[t->latest ^ 1];
	struct look look = {t, before, after, command, text, len, false};

	take(after, t->sys);
	t->latest ^= 1;
	if (before->failed || after->failed)
		return true;
	for (unsigned int b = 0; b < t->sys->memory.num_banks; b++)
		compare_bank(&look, &t->sys->memory.banks[b]);
	compare_realms(&look);
	compare_recs(&look);
	compare_tables(&look);
	compare_rest(&look);
	return !look.wrong;
}

/* ---- life cycle ------------------------------------------------------------------------- */

struct rmm_transitions *rmm_transitions_create(const struct rmm_system *sys)
{
	struct rmm_transitions *t = calloc(1, sizeof(*t));
	bool ok = true;

	if (!t)
		return NULL;
	t->sys = sys;
	for (int m = 0; m < MACHINE_COUNT; m++)
		ok = read_rules(t, (enum machine)m) && ok;
	if (!ok) {
		rmm_transitions_destroy(t);
		return NULL;
	}
	take(&t->pictures[0], sys);
	return t;
}

void rmm_transitions_destroy(struct rmm_transitions *t)
{
	if (!t)
		return;
	for (int m = 0; m < MACHINE_COUNT; m++)
		free(t->counts[m]);
	release(&t->pictures[0]);
	release(&t->pictures[1]);
	free(t);
}

uint64_t rmm_transitions_count(const struct rmm_transitions *t, size_t machine, size_t transition)
{
	for (int m = 0; m < MACHINE_COUNT; m++)
		if (t->of[m] == &rmm_abi_state_machines[machine])
			return t->counts[m][transition];
	return 0;
}
