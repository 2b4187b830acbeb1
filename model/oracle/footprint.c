/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/footprint.h"

#include "oracle/rtt.h"
#include "oracle/set.h"
#include "oracle/snapshot.h"
#include "oracle/view.h"

void oracle_fp_anything(struct oracle_env *env)
{
	env->allowed->anything = true;
}

static void allow_states(struct oracle_env *env, uint64_t base, uint64_t size)
{
	if (env->fault == ORACLE_NO_FAULT)
		oracle_allow(env->allowed, ORACLE_ITEM_STATES, base, 0, size);
}

void oracle_fp_GranuleAt(struct oracle_env *env, uint64_t addr)
{
	allow_states(env, addr, VIEW_GRANULE);
}

void oracle_fp_GranuleStates(struct oracle_env *env, uint64_t base, uint64_t top)
{
	if (top > base)
		allow_states(env, base, top - base);
}

void oracle_fp_RttsGranuleState(struct oracle_env *env, uint64_t base, oracle_int num_start)
{
	allow_states(env, base, (uint64_t)num_start * VIEW_GRANULE);
}

void oracle_fp_AuxStates(struct oracle_env *env, const uint64_t *aux, oracle_int count)
{
	for (oracle_int i = 0; i < count && i < 16; i++)
		allow_states(env, aux[i], VIEW_GRANULE);
}

/* Ranges of the set, as far as `size` goes. */
void oracle_fp_AddrSetGranuleStates(struct oracle_env *env, uint64_t oaddr, uint64_t type,
				    oracle_int size)
{
	const struct oracle_set *set = oracle_set_named(env, oaddr, type);
	oracle_int at = 0;
	uint64_t pa, left;

	while (at < size && oracle_set_byte(env, set, at, &pa, &left)) {
		allow_states(env, pa, left);
		at += (oracle_int)left;
	}
}

/* ---- tables ------------------------------------------------------------------------- */

void oracle_fp_RttAt(struct oracle_env *env, uint64_t addr)
{
	if (env->fault == ORACLE_NO_FAULT)
		oracle_allow(env->allowed, ORACLE_ITEM_ENTRIES, addr, 0, VIEW_ENTRIES);
}

void oracle_fp_RttEntryAt(struct oracle_env *env, const struct oracle_RmmRtt *rtt, oracle_int index)
{
	if (env->fault == ORACLE_NO_FAULT)
		oracle_allow(env->allowed, ORACLE_ITEM_ENTRIES, rtt->addr, (uint64_t)index, 1);
}

/* Entries that stand side by side are one item, and so is their memory. */
struct ranges {
	struct oracle_env *env;
	bool memory;
	bool open;
	struct oracle_item item;
};

static void close_item(struct ranges *r)
{
	if (r->open)
		oracle_allow(r->env->allowed, r->item.kind, r->item.pa, r->item.first,
			     r->item.size);
	r->open = false;
}

static bool add_entry(void *ctx, const struct view_leaf *leaf)
{
	struct ranges *r = ctx;

	if (r->open && r->item.pa == leaf->table && r->item.first + r->item.size == leaf->index) {
		r->item.size++;
		return true;
	}
	close_item(r);
	r->item = (struct oracle_item){ORACLE_ITEM_ENTRIES, leaf->table, leaf->index, 1};
	r->open = true;
	return !r->env->allowed->anything;
}

static bool add_memory(void *ctx, const struct view_leaf *leaf)
{
	struct ranges *r = ctx;
	const uint64_t size = view_span(leaf->level);

	if (leaf->entry.state != ORACLE_RTTE_DATA)
		return true;
	if (r->open && r->item.pa + r->item.size == leaf->entry.addr) {
		r->item.size += size;
		return true;
	}
	close_item(r);
	r->item = (struct oracle_item){ORACLE_ITEM_STATES, leaf->entry.addr, 0, size};
	r->open = true;
	return !r->env->allowed->anything;
}

/* Commands over ranges work in the table where the walk for the first IPA ends. */
static void allow_range(struct oracle_env *env, const struct oracle_RmmRealm *realm,
			oracle_int tree, uint64_t base, uint64_t top,
			bool (*visit)(void *ctx, const struct view_leaf *leaf))
{
	const struct view_tree from = oracle_tree(realm, oracle_index(env, tree, 4));
	struct ranges r = {.env = env};
	struct view_walk walk;

	if (env->fault != ORACLE_NO_FAULT ||
	    !view_walk(env->sys, &from, base, VIEW_PAGE_LEVEL, &walk))
		return;
	const uint64_t covered = view_span(walk.level) * VIEW_ENTRIES;
	const uint64_t end = base - base % covered + covered;
	view_leaves(env->sys, &from, base, top < end ? top : end, visit, &r);
	close_item(&r);
}

void oracle_fp_RttTreeRange(struct oracle_env *env, const struct oracle_RmmRealm *realm,
			    oracle_int tree, uint64_t base, uint64_t top)
{
	allow_range(env, realm, tree, base, top, add_entry);
}

void oracle_fp_RttTreeRangeGranuleStates(struct oracle_env *env,
					 const struct oracle_RmmRealm *realm, oracle_int tree,
					 uint64_t base, uint64_t top)
{
	if (env->phase == ORACLE_BEFORE)
		allow_range(env, realm, tree, base, top, add_memory);
}

/* ---- fields ---------------------------------------------------------------------------- */

void oracle_fp_RmmRealm(struct oracle_env *env, const struct oracle_RmmRealm *realm, size_t offset,
			size_t size)
{
	if (env->fault == ORACLE_NO_FAULT)
		oracle_allow(env->allowed, ORACLE_ITEM_REALM, realm->pa, offset, size);
}

void oracle_fp_RmmRec(struct oracle_env *env, const struct oracle_RmmRec *rec, size_t offset,
		      size_t size)
{
	if (env->fault == ORACLE_NO_FAULT)
		oracle_allow(env->allowed, ORACLE_ITEM_REC, rec->pa, offset, size);
}

void oracle_fp_RmmGlobal(struct oracle_env *env, const struct oracle_RmmGlobal *global,
			 size_t offset, size_t size)
{
	(void)global;
	oracle_allow(env->allowed, ORACLE_ITEM_GLOBAL, 0, offset, size);
}
