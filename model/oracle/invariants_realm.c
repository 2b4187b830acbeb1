/* SPDX-License-Identifier: BSD-3-Clause */
/* Realms, their RECs, and the numbers that they share. */
#include <inttypes.h>
#include <stdlib.h>

#include "oracle/invariants.h"

/* ---- RECs -------------------------------------------------------------------------- */

static void check_ripas_request(struct checker *c, uint64_t pa, const struct rmm_rec *rec)
{
	const bool ok = rec->ripas_addr % VIEW_GRANULE == 0 && rec->ripas_top % VIEW_GRANULE == 0 &&
			rec->ripas_base <= rec->ripas_addr && rec->ripas_addr <= rec->ripas_top;

	if (rec->ripas_pending && !ok)
		violate(c, INV_RIPAS_REQUEST,
			"REC 0x%" PRIx64 ": 0x%" PRIx64 " <= 0x%" PRIx64 " <= 0x%" PRIx64, pa,
			rec->ripas_base, rec->ripas_addr, rec->ripas_top);
}

static void check_rec(struct checker *c, uint64_t pa, const struct rmm_rec *rec)
{
	if (rec->running)
		violate(c, INV_REC_IDLE, "REC 0x%" PRIx64 " is running", pa);
	check_ripas_request(c, pa, rec);
	for (unsigned int i = 0; i < rec->num_aux && i < MAX_AUX_GRANULES; i++) {
		if (!view_state_is(c->sys, rec->aux[i], RMM_GRANULE_INTERNAL))
			violate(c, INV_AUX_HELD,
				"REC 0x%" PRIx64 " holds 0x%" PRIx64 ", which is not INTERNAL", pa,
				rec->aux[i]);
		refer(c, c->held, rec->aux[i]);
	}
}

static bool same_index(const struct rmm_rec *a, const struct rmm_rec *b)
{
	const uint64_t affinity = UINT64_C(0xffffff0f);

	return (a->mpidr & affinity) == (b->mpidr & affinity);
}

static void check_unique(struct checker *c, uint64_t pa, const struct rmm_rec *rec)
{
	uint64_t at = rec->next;

	for (const struct rmm_rec *other; at && (other = view_rec(c->sys, at)); at = other->next)
		if (same_index(rec, other))
			violate(c, INV_REC_INDEX,
				"RECs 0x%" PRIx64 " and 0x%" PRIx64 " have one MPIDR", pa, at);
}

/* Follows the list; a REC that is met twice ends it. */
static uint64_t check_rec_list(struct checker *c, uint64_t rd, const struct rmm_realm *realm)
{
	uint64_t at = realm->first_rec;
	uint64_t n = 0;

	while (at && n <= c->sys->granules.num_granules) {
		const struct rmm_rec *rec = view_rec(c->sys, at);

		if (!rec || rec->owner != rd) {
			violate(c, INV_REC_LIST,
				"realm 0x%" PRIx64 " lists 0x%" PRIx64 ", which is no REC of it",
				rd, at);
			break;
		}
		refer(c, c->recs, at);
		check_rec(c, at, rec);
		check_unique(c, at, rec);
		at = rec->next;
		n++;
	}
	return n;
}

static void check_realm_aux(struct checker *c, uint64_t rd, const struct rmm_realm *realm)
{
	for (unsigned int i = 0; i < realm->num_aux && i < MAX_AUX_GRANULES; i++) {
		if (!view_state_is(c->sys, realm->aux[i], RMM_GRANULE_INTERNAL))
			violate(c, INV_AUX_HELD,
				"realm 0x%" PRIx64 " holds 0x%" PRIx64 ", which is not INTERNAL",
				rd, realm->aux[i]);
		refer(c, c->held, realm->aux[i]);
	}
}

void check_realm(struct checker *c, uint64_t rd, const struct rmm_realm *realm)
{
	check_realm_aux(c, rd, realm);
	const uint64_t n = check_rec_list(c, rd, realm);

	if (n != realm->num_recs)
		violate(c, INV_REC_LIST,
			"realm 0x%" PRIx64 " counts %" PRIu64 " RECs and lists %" PRIu64, rd,
			realm->num_recs, n);
	if (realm->rec_index < realm->num_recs)
		violate(c, INV_REC_INDEX,
			"realm 0x%" PRIx64 ": next index %" PRIu64 " of %" PRIu64 " RECs", rd,
			realm->rec_index, realm->num_recs);
	if (realm->num_running)
		violate(c, INV_REC_IDLE, "realm 0x%" PRIx64 " counts %" PRIu64 " running RECs", rd,
			realm->num_running);
}

/* ---- VMIDs, MECIDs, the count ---------------------------------------------------------- */

struct number_pass {
	uint8_t *vmids;
	uint8_t *mecids;
	uint64_t realms;
};

static void count_number(struct checker *c, const struct number_pool *pool, uint8_t *seen,
			 uint32_t number, enum invariant which, uint64_t rd)
{
	if (number >= pool->count || !(pool->bits[number / 64] >> (number % 64) & 1))
		violate(c, which, "realm 0x%" PRIx64 " uses number %u, which is free", rd, number);
	else if (seen[number]++)
		violate(c, which, "realm 0x%" PRIx64 " shares number %u", rd, number);
}

/* MECIDs 0 and 1 are those of the platform and of all realms that share one. */
#define FIRST_PRIVATE_MECID 2

static void count_numbers(struct checker *c, struct number_pass *pass, uint64_t rd,
			  const struct rmm_realm *realm)
{
	pass->realms++;
	for (uint64_t i = 0; i <= realm->num_aux_planes && i < MAX_RTT_TREES; i++)
		count_number(c, &c->sys->vmids, pass->vmids, realm->vmids[i], INV_VMID, rd);
	if (realm->mecid >= FIRST_PRIVATE_MECID)
		count_number(c, &c->sys->mecids, pass->mecids,
			     realm->mecid - (uint32_t)FIRST_PRIVATE_MECID, INV_MECID, rd);
}

static void check_pool(struct checker *c, const struct number_pool *pool, const uint8_t *seen,
		       enum invariant which)
{
	for (uint32_t i = 0; i < pool->count; i++)
		if ((pool->bits[i / 64] >> (i % 64) & 1) && !seen[i])
			violate(c, which, "number %u is in use by no realm", i);
}

static void pass_bank(struct checker *c, struct number_pass *pass, const struct memory_bank *bank)
{
	const struct granule_table *table = &c->sys->granules;

	for (uint64_t i = 0; i < bank->size / VIEW_GRANULE; i++) {
		const uint64_t granule = bank->first_granule + i;
		const uint64_t pa = bank->base + i * VIEW_GRANULE;

		if (table->chunk[granule / GRANULES_PER_CHUNK] != GRANULE_CHUNK_MIXED)
			i += GRANULES_PER_CHUNK - 1 - granule % GRANULES_PER_CHUNK;
		else if (table->state[granule] == RMM_GRANULE_RD)
			count_numbers(c, pass, pa, view_realm(c->sys, pa));
	}
}

void check_numbers(struct checker *c)
{
	struct number_pass pass = {
		.vmids = calloc(c->sys->vmids.count + 1u, 1),
		.mecids = calloc(c->sys->mecids.count + 1u, 1),
	};

	for (unsigned int b = 0; pass.vmids && pass.mecids && b < c->sys->memory.num_banks; b++)
		pass_bank(c, &pass, &c->sys->memory.banks[b]);
	if (pass.vmids && pass.mecids) {
		check_pool(c, &c->sys->vmids, pass.vmids, INV_VMID);
		check_pool(c, &c->sys->mecids, pass.mecids, INV_MECID);
		if (pass.realms != c->sys->num_realms)
			violate(c, INV_REALM_COUNT, "%" PRIu64 " RDs and %" PRIu64 " realms",
				pass.realms, c->sys->num_realms);
	}
	free(pass.vmids);
	free(pass.mecids);
}
