/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_CREATE, RMI_RTT_DESTROY, RMI_RTT_FOLD, RMI_RTT_READ_ENTRY. */
#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/rtt.h"

/* How the commands of this file name a bad level or IPA. */
struct ipa_conditions {
	enum rmm_condition level;
	enum rmm_condition bound;
	enum rmm_condition align;
};

#define IPA_CONDITIONS(command) \
	((struct ipa_conditions){command##_LEVEL_BOUND, command##_IPA_BOUND, command##_IPA_ALIGN})

/* Entries of `entry_level` must begin at ipa. */
static enum rmm_condition check_ipa(const struct rmm_realm *realm, uint64_t ipa, int entry_level,
				    bool level_ok, const struct ipa_conditions *conditions)
{
	if (!level_ok)
		return conditions->level;
	if (ipa >= realm_ipa_size(realm))
		return conditions->bound;
	if (!is_aligned(ipa, rtt_span(entry_level)))
		return conditions->align;
	return RMM_CONDITION_NONE;
}

/* The walk to the parent entry of the table at `level`. */
struct parent {
	struct rmm_realm *realm;
	uint64_t ipa;
	int level; /* of the table */
	struct rtt_walk walk;
};

static enum rmm_condition check_parent(struct parent *p, uint64_t level,
				       const struct ipa_conditions *conditions)
{
	const bool ok = rtt_level_is_inner(p->realm, (int64_t)level);

	p->level = ok ? (int)level : 1;
	return check_ipa(p->realm, p->ipa, p->level - 1, ok, conditions);
}

static void walk_to_parent(struct rmm_call *call, struct parent *p)
{
	rtt_walk(call, p->realm, p->ipa, p->level - 1, &p->walk);
}

/* ---- create ------------------------------------------------------------------ */

/* Valid entries that become a table go through invalid first. */
static void break_before_make(struct rmm_call *call, const struct parent *p, uint64_t size)
{
	rtt_write(call, &p->walk, p->walk.index, rtte_make_void(RIPAS_EMPTY));
	rtt_invalidate(call, p->realm, p->ipa, size);
}

static void unfold(struct rmm_call *call, const struct parent *p, uint64_t rtt)
{
	uint64_t *table = granule_bytes(call, rtt);
	uint64_t child = rtte_unfold(p->walk.desc, p->level - 1, p->realm->lpa2);
	const uint64_t step = rtte_is_live(p->walk.state) ? rtt_span(p->level) : 0;
	uint16_t live = 0;

	/* A block is aligned to its size, so only low address bits change. */
	for (unsigned int i = 0; i < RTT_ENTRIES; i++, child += step)
		table[i] = child;
	charge(call, RMM_COST_TABLE_WRITE, RTT_ENTRIES, rtt);
	if (p->walk.state == RTTE_DATA)
		live = RTT_ENTRIES;
	else
		++*rtt_live_count(call, p->walk.rtt);
	*rtt_live_count(call, rtt) = live;
}

uint64_t rmi_rtt_create(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_CREATE, RD);
	static const struct granule_conditions table = GRANULE_CONDITIONS(RMI_RTT_CREATE, RTT);
	static const struct ipa_conditions ipa = IPA_CONDITIONS(RMI_RTT_CREATE);
	const uint64_t rtt = call->in[2];
	struct parent p = {.ipa = call->in[3]};

	enum rmm_condition failed = realm_take(call, call->in[1], &rd, &p.realm);
	if (failed == RMM_CONDITION_NONE)
		failed = granule_take(call, rtt, RMM_GRANULE_DELEGATED, &table);
	if (failed == RMM_CONDITION_NONE)
		failed = check_parent(&p, call->in[4], &ipa);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (!rtte_can_hold(rtt, p.realm->lpa2))
		return rmm_fail(call, RMI_RTT_CREATE_RTT_BOUND2);
	walk_to_parent(call, &p);
	if (p.walk.level < p.level - 1)
		return rmm_fail_level(call, RMI_RTT_CREATE_RTT_WALK, p.walk.level);
	if (p.walk.state == RTTE_TABLE)
		return rmm_fail_level(call, RMI_RTT_CREATE_RTTE_STATE, p.walk.level);
	granule_overwrite(call, rtt);
	unfold(call, &p, rtt);
	if (p.walk.desc & RTTE_VALID)
		break_before_make(call, &p, rtt_span(p.level - 1));
	rtt_write(call, &p.walk, p.walk.index, rtte_make_table(rtt, p.realm->lpa2));
	call_granule_set(call, rtt, RMM_GRANULE_RTT);
	return RMI_SUCCESS;
}

/* ---- destroy ---------------------------------------------------------------------- */

static uint64_t entry_of_destroyed(const struct parent *p)
{
	return realm_is_protected(p->realm, p->ipa) ? rtte_make_void(RIPAS_DESTROYED)
						    : rtte_make_unmapped_ns();
}

/* Takes the table out of the tree and gives its granule back. */
static uint64_t remove_table(struct rmm_call *call, const struct parent *p, uint64_t entry)
{
	const uint64_t rtt = rtte_addr(p->walk.desc, p->realm->lpa2);

	break_before_make(call, p, rtt_span(p->level - 1));
	rtt_write(call, &p->walk, p->walk.index, entry);
	call_granule_set(call, rtt, RMM_GRANULE_DELEGATED);
	return rtt;
}

uint64_t rmi_rtt_destroy(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_DESTROY, RD);
	static const struct ipa_conditions ipa = IPA_CONDITIONS(RMI_RTT_DESTROY);
	struct parent p = {.ipa = call->in[2]};

	enum rmm_condition failed = realm_take(call, call->in[1], &rd, &p.realm);
	if (failed == RMM_CONDITION_NONE)
		failed = check_parent(&p, call->in[3], &ipa);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	walk_to_parent(call, &p);
	call->out[2] = rtt_skip_non_live(&p.walk, p.ipa);
	if (p.walk.level < p.level - 1)
		return rmm_fail_level(call, RMI_RTT_DESTROY_RTT_WALK, p.walk.level);
	if (p.walk.state != RTTE_TABLE)
		return rmm_fail_level(call, RMI_RTT_DESTROY_RTTE_STATE, p.walk.level);
	const uint64_t rtt = rtte_addr(p.walk.desc, p.realm->lpa2);
	granule_lock(call, rtt);
	if (rtt_is_live(call, rtt)) {
		call->out[2] = p.ipa;
		return rmm_fail_level(call, RMI_RTT_DESTROY_RTT_LIVE, p.level);
	}
	call->out[1] = remove_table(call, &p, entry_of_destroyed(&p));
	--*rtt_live_count(call, p.walk.rtt);
	call->out[2] = rtt_skip_non_live(&p.walk, p.ipa);
	return RMI_SUCCESS;
}

/* ---- fold ------------------------------------------------------------------------------ */

/*
 * TF-RMM answers one level less when the parent level has no blocks; of tables
 * full of data it does not ask further.
 */
static uint64_t fail_fold(struct rmm_call *call, const struct parent *p, uint64_t rtt,
			  enum fold_result result)
{
	const bool full = *rtt_live_count(call, rtt) == RTT_ENTRIES;

	if (p->level <= RTT_BLOCK_LEVEL && (result == FOLD_TOO_HIGH || full) &&
	    call_behaves(call, RMM_BEHAVIOUR_FOLD_REFUSAL_LEVEL_MINUS_ONE))
		return rmm_fail_level(call, RMI_RTT_FOLD_RTT_LEVEL_TF, p->level - 1);
	return rmm_fail_level(call, RMI_RTT_FOLD_RTT_HOMO, p->level);
}

uint64_t rmi_rtt_fold(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_FOLD, RD);
	static const struct ipa_conditions ipa = IPA_CONDITIONS(RMI_RTT_FOLD);
	struct parent p = {.ipa = call->in[2]};
	uint64_t folded;

	enum rmm_condition failed = realm_take(call, call->in[1], &rd, &p.realm);
	if (failed == RMM_CONDITION_NONE)
		failed = check_parent(&p, call->in[3], &ipa);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	walk_to_parent(call, &p);
	if (p.walk.level < p.level - 1)
		return rmm_fail_level(call, RMI_RTT_FOLD_RTT_WALK, p.walk.level);
	if (p.walk.state != RTTE_TABLE)
		return rmm_fail_level(call, RMI_RTT_FOLD_RTTE_STATE, p.walk.level);
	const uint64_t rtt = rtte_addr(p.walk.desc, p.realm->lpa2);
	granule_lock(call, rtt);
	const enum fold_result result = rtt_fold(call, rtt, p.level, p.realm->lpa2, &folded);
	if (result != FOLD_OK)
		return fail_fold(call, &p, rtt, result);
	call->out[1] = remove_table(call, &p, folded);
	if (rtte_state(folded, p.level - 1) != RTTE_DATA)
		--*rtt_live_count(call, p.walk.rtt);
	return RMI_SUCCESS;
}

/* ---- read ---------------------------------------------------------------------------------- */

/* RttEntryStateToRmi, 2.0-bet0 B3.181. */
static uint64_t state_to_rmi(enum rtte_state state)
{
	switch (state) {
	case RTTE_DATA:
	case RTTE_MAPPED_NS:
		return RMI_RTTE_DATA;
	case RTTE_TABLE:
		return RMI_RTTE_TABLE;
	default:
		return RMI_RTTE_VOID;
	}
}

/* Address alone; for Non-secure mappings also what the host chose. */
static uint64_t visible_desc(const struct rmm_call *call, const struct rtt_walk *walk, bool lpa2)
{
	const uint64_t addr =
		lpa2 ? walk->desc & (RTTE_ADDR_LPA2 | RTTE_SH_INNER) : walk->desc & RTTE_ADDR;

	switch (walk->state) {
	case RTTE_DATA:
		if (rtte_ripas(walk->desc) == RIPAS_DESTROYED &&
		    call_behaves(call, RMM_BEHAVIOUR_READ_ENTRY_HIDES_DESTROYED_DATA))
			return 0;
		return addr;
	case RTTE_TABLE:
		return addr;
	case RTTE_MAPPED_NS:
		return addr | (walk->desc & (RTTE_MEMATTR_MASK | RTTE_S2AP_MASK));
	default:
		return 0;
	}
}

uint64_t rmi_rtt_read_entry(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_READ_ENTRY, RD);
	static const struct ipa_conditions ipa_conditions = IPA_CONDITIONS(RMI_RTT_READ_ENTRY);
	const uint64_t ipa = call->in[2];
	const uint64_t level = call->in[3];
	struct rmm_realm *realm;
	struct rtt_walk walk;

	enum rmm_condition failed = realm_take(call, call->in[1], &rd, &realm);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	const bool ok = rtt_level_is_valid(realm, (int64_t)level);
	failed = check_ipa(realm, ipa, ok ? (int)level : 0, ok, &ipa_conditions);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	rtt_walk(call, realm, ipa, (int)level, &walk);
	call->out[1] = (uint64_t)(int64_t)walk.level;
	call->out[2] = state_to_rmi(walk.state);
	call->out[3] = visible_desc(call, &walk, realm->lpa2);
	call->out[4] = walk.state == RTTE_TABLE ? RIPAS_EMPTY : rtte_ripas(walk.desc);
	return RMI_SUCCESS;
}
