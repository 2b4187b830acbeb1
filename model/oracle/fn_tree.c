/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole trees and ranges of them (2.0-bet0 B3.98, B3.190 to B3.210). */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/rtt.h"
#include "oracle/set.h"
#include "oracle/view.h"

/* ---- starting tables --------------------------------------------------------------- */

struct root_scan {
	const struct oracle_RmmRealm *realm;
	bool protected;
	bool by_state; /* else by RIPAS */
	uint64_t wanted;
};

/* The realm is the one whose tables were created by this call. */
static const struct oracle_RmmRealm *owner(struct oracle_env *env)
{
	return oracle_fn_RealmAt(env, env->in.x[1]);
}

static bool roots_match(struct oracle_env *env, uint64_t rtt_base, struct root_scan *scan)
{
	const struct view_tree tree = oracle_tree(scan->realm, 0);
	const uint64_t half = UINT64_C(1) << (tree.ipa_width - 1);
	const uint64_t span = view_span(tree.start);
	const uint64_t first = scan->protected ? 0 : half / span;
	const uint64_t last = (scan->protected ? half : 2 * half) / span;

	for (uint64_t i = first; i < last; i++) {
		const uint64_t *table =
			view_table(env->sys, rtt_base + i / VIEW_ENTRIES * VIEW_GRANULE);

		if (!table)
			return oracle_ill_formed(env);
		const struct view_entry e =
			view_decode(table[i % VIEW_ENTRIES], tree.start, tree.lpa2);
		if ((scan->by_state ? (uint64_t)e.state : (uint64_t)e.ripas) != scan->wanted)
			return false;
	}
	return true;
}

static bool roots_are(struct oracle_env *env, uint64_t rtt_base, bool protected, bool by_state,
		      uint64_t wanted)
{
	struct root_scan scan = {owner(env), protected, by_state, wanted};

	return env->fault == ORACLE_NO_FAULT && scan.realm->ipa_width != 0 &&
	       roots_match(env, rtt_base, &scan);
}

bool oracle_fn_RttsAllProtectedEntriesState(struct oracle_env *env, uint64_t rtt_base_,
					    oracle_int num_start_, uint64_t state_)
{
	(void)num_start_;
	return roots_are(env, rtt_base_, true, true, state_);
}

bool oracle_fn_RttsAllUnprotectedEntriesState(struct oracle_env *env, uint64_t rtt_base_,
					      oracle_int num_start_, uint64_t state_)
{
	(void)num_start_;
	return roots_are(env, rtt_base_, false, true, state_);
}

bool oracle_fn_RttsAllProtectedEntriesRipas(struct oracle_env *env, uint64_t rtt_base_,
					    oracle_int num_start_, uint64_t ripas_)
{
	(void)num_start_;
	return roots_are(env, rtt_base_, true, false, ripas_);
}

/* ---- ranges --------------------------------------------------------------------------- */

struct range_scan {
	struct oracle_env *env;
	uint64_t base; /* first IPA of the range */
	uint64_t top;
	uint64_t value;
	const struct oracle_set *set;
};

static bool range_holds(struct oracle_env *env, const struct oracle_RmmRealm *realm,
			oracle_int tree, struct range_scan *scan,
			bool (*visit)(void *ctx, const struct view_leaf *leaf))
{
	const struct view_tree from = oracle_tree(realm, oracle_index(env, tree, 4));

	if (env->fault != ORACLE_NO_FAULT)
		return false;
	if (scan->top > scan->base && (oracle_int)scan->top > oracle_power(2, from.ipa_width))
		return oracle_ill_formed(env);
	scan->env = env;
	return view_leaves(env->sys, &from, scan->base, scan->top, visit, scan);
}

static bool leaf_has_state(void *ctx, const struct view_leaf *leaf)
{
	const struct range_scan *scan = ctx;

	return leaf->entry.state == scan->value;
}

/* Entries of another kind are passed by commands that unmap: they hold nothing. */
static bool leaf_is_unmapped(void *ctx, const struct view_leaf *leaf)
{
	(void)ctx;
	return !view_is_live(leaf->entry.state);
}

bool oracle_fn_RttTreeRangeAllState(struct oracle_env *env, const struct oracle_RmmRealm *realm_,
				    oracle_int tree_, uint64_t base_, uint64_t top_,
				    uint64_t state_)
{
	struct range_scan scan = {.base = base_, .top = top_, .value = state_};
	const bool unmapped = state_ == ORACLE_RTTE_VOID || state_ == ORACLE_RTTE_UNMAPPED_NS;

	return range_holds(env, realm_, tree_, &scan, unmapped ? leaf_is_unmapped : leaf_has_state);
}

static bool leaf_is_contiguous(void *ctx, const struct view_leaf *leaf)
{
	const struct range_scan *scan = ctx;

	return leaf->entry.addr == scan->value + (leaf->ipa - scan->base);
}

bool oracle_fn_RttTreeRangeAllOaddrContig(struct oracle_env *env,
					  const struct oracle_RmmRealm *realm_, oracle_int tree_,
					  uint64_t ibase_, uint64_t obase_, oracle_int size_)
{
	struct range_scan scan = {
		.base = ibase_,
		.top = ibase_ + (uint64_t)size_,
		.value = obase_,
	};

	return range_holds(env, realm_, tree_, &scan, leaf_is_contiguous);
}

static bool leaf_is_in_set(void *ctx, const struct view_leaf *leaf)
{
	const struct range_scan *scan = ctx;
	uint64_t pa, left;

	return oracle_set_byte(scan->env, scan->set, (oracle_int)(leaf->ipa - scan->base), &pa,
			       &left) &&
	       leaf->entry.addr == pa;
}

/* Memory that has been unmapped is in the list, in any order: neighbours are joined. */
static bool kept_is_in_set(struct oracle_env *env, const struct oracle_set *set, uint64_t base,
			   oracle_int size)
{
	const struct oracle_kept_table *kept = &env->kept;
	const uint64_t span = view_span(kept->level);
	const uint64_t top = base + (uint64_t)size;

	for (unsigned int i = 0; i < VIEW_ENTRIES; i++) {
		const struct view_entry e = view_decode(kept->entries[i], kept->level, kept->lpa2);
		const uint64_t ipa = kept->ipa + i * span;
		bool found = false;

		if (ipa < base || ipa >= top || !view_is_live(e.state))
			continue;
		for (unsigned int k = 0; k < set->count && !found; k++) {
			const struct oracle_RmmAddrRange *range =
				oracle_fn_RmiAddrRangeDescDecode(env, set->entries[k]);

			found = e.addr >= range->base && e.addr + span <= range->top;
		}
		if (!found)
			return false;
	}
	return true;
}

static bool is_from_before(const struct oracle_env *env, const struct oracle_RmmRealm *realm)
{
	for (unsigned int i = 0; i < ORACLE_MAX_SLOTS; i++)
		if (env->slots[ORACLE_BEFORE][i].stamp == env->stamp[ORACLE_BEFORE] &&
		    env->slots[ORACLE_BEFORE][i].p == realm)
			return true;
	return false;
}

bool oracle_fn_RttTreeRangeAllOaddrList(struct oracle_env *env,
					const struct oracle_RmmRealm *realm_, oracle_int tree_,
					uint64_t ibase_, uint64_t list_, oracle_int size_)
{
	struct range_scan scan = {
		.base = ibase_,
		.top = ibase_ + (uint64_t)size_,
		.set = oracle_set_named(env, list_, 2),
	};

	if (env->fault != ORACLE_NO_FAULT)
		return false;
	if (!is_from_before(env, realm_))
		return range_holds(env, realm_, tree_, &scan, leaf_is_in_set);
	if (!env->kept.pa)
		return oracle_unknown(env);
	return kept_is_in_set(env, scan.set, ibase_, size_);
}

static bool leaf_has_memattr(void *ctx, const struct view_leaf *leaf)
{
	const struct range_scan *scan = ctx;
	struct oracle_RmmRttEntry entry = {0};

	oracle_entry(&leaf->entry, 0, &entry);
	return entry.attr_prot == scan->value;
}

bool oracle_fn_RttTreeRangeAllMemAttr_RmmRealm_Int_Address_Address_RmmRttMemAttr(
	struct oracle_env *env, const struct oracle_RmmRealm *realm_, oracle_int tree_,
	uint64_t base_, uint64_t top_, uint64_t memattr_)
{
	struct range_scan scan = {.base = base_, .top = top_, .value = memattr_};

	return range_holds(env, realm_, tree_, &scan, leaf_has_memattr);
}

static bool leaf_has_raw_memattr(void *ctx, const struct view_leaf *leaf)
{
	const struct range_scan *scan = ctx;

	return leaf->entry.memattr == scan->value;
}

bool oracle_fn_RttTreeRangeAllMemAttr_RmmRealm_Int_Address_Address_Int(
	struct oracle_env *env, const struct oracle_RmmRealm *realm_, oracle_int tree_,
	uint64_t base_, uint64_t top_, oracle_int memattr_)
{
	struct range_scan scan = {.base = base_, .top = top_, .value = (uint64_t)memattr_};

	return range_holds(env, realm_, tree_, &scan, leaf_has_raw_memattr);
}

static bool leaf_has_s2ap(void *ctx, const struct view_leaf *leaf)
{
	const struct range_scan *scan = ctx;
	struct oracle_RmmRttEntry entry = {0};

	oracle_entry(&leaf->entry, 0, &entry);
	return oracle_s2ap_matches(&entry, scan->value);
}

bool oracle_fn_RttTreeRangeAllS2AP(struct oracle_env *env, const struct oracle_RmmRealm *realm_,
				   oracle_int tree_, uint64_t base_, uint64_t top_,
				   oracle_int s2ap_)
{
	struct range_scan scan = {.base = base_, .top = top_, .value = (uint64_t)s2ap_};

	if (realm_->rtt_s2ap_encoding != ORACLE_S2AP_DIRECT)
		return oracle_unknown(env);
	return range_holds(env, realm_, tree_, &scan, leaf_has_s2ap);
}

static bool leaf_has_shareability(void *ctx, const struct view_leaf *leaf)
{
	const struct range_scan *scan = ctx;

	return (leaf->entry.outer ? ORACLE_SHAREABILITY_OUTER : ORACLE_SHAREABILITY_INNER) ==
	       scan->value;
}

bool oracle_fn_RttTreeRangeAllShareability(struct oracle_env *env,
					   const struct oracle_RmmRealm *realm_, oracle_int tree_,
					   uint64_t base_, uint64_t top_, uint64_t sh_)
{
	struct range_scan scan = {.base = base_, .top = top_, .value = sh_};

	return range_holds(env, realm_, tree_, &scan, leaf_has_shareability);
}

/* ---- a range before and after ------------------------------------------------------------- */

struct ripas_scan {
	struct range_scan range;
	uint64_t before, after;
};

static bool leaf_changed_ripas(void *ctx, const struct view_leaf *leaf)
{
	const struct ripas_scan *scan = ctx;
	const struct oracle_kept_table *kept = &scan->range.env->kept;

	if (leaf->table != kept->pa)
		return true;
	const struct view_entry old =
		view_decode(kept->entries[leaf->index], kept->level, kept->lpa2);
	return old.ripas != scan->before || leaf->entry.ripas == scan->after;
}

/* Only memory that was mapped is taken away; what the text says of void entries is not meant. */
static bool leaf_lost_ripas(void *ctx, const struct view_leaf *leaf)
{
	const struct ripas_scan *scan = ctx;
	const struct oracle_kept_table *kept = &scan->range.env->kept;
	const struct view_entry old =
		view_decode(kept->entries[leaf->index], kept->level, kept->lpa2);

	if (leaf->table == kept->pa && old.state == ORACLE_RTTE_VOID)
		return old.ripas == leaf->entry.ripas;
	return leaf_changed_ripas(ctx, leaf);
}

bool oracle_fn_RealmIpaRangeAllRipasIf(struct oracle_env *env,
				       const struct oracle_RmmRealm *realm_pre_,
				       const struct oracle_RmmRealm *realm_, uint64_t base_,
				       uint64_t top_, uint64_t ripas_pre_, uint64_t ripas_)
{
	const struct view_tree tree = oracle_tree(realm_, 0);
	struct ripas_scan scan = {
		.range = {.env = env, .base = base_, .top = top_},
		.before = ripas_pre_,
		.after = ripas_,
	};

	(void)realm_pre_;
	if (env->fault != ORACLE_NO_FAULT || !env->kept.pa)
		return oracle_unknown(env);
	return view_leaves(env->sys, &tree, base_, top_, leaf_lost_ripas, &scan);
}

void oracle_keep_tables(struct oracle_env *env)
{
	const struct rmm_realm *realm = view_realm(env->sys, env->in.x[1]);
	const uint64_t ipa = env->in.x[2];
	struct view_walk walk;

	env->kept.pa = 0;
	if (!realm)
		return;
	const struct view_tree tree = view_tree_of(realm, 0);
	if (!view_walk(env->sys, &tree, ipa, VIEW_PAGE_LEVEL, &walk))
		return;
	const uint64_t covered = view_span(walk.level) * VIEW_ENTRIES;
	env->kept.pa = walk.table;
	env->kept.level = walk.level;
	env->kept.lpa2 = tree.lpa2;
	env->kept.ipa = ipa - ipa % covered;
	memcpy(env->kept.entries, view_table(env->sys, walk.table), sizeof(env->kept.entries));
}
