/* SPDX-License-Identifier: BSD-3-Clause */
/* Address sets and lists (2.0-bet0 B3.14 to B3.16, B3.40, B3.114, B3.115). */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/set.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

static uint64_t entry_base(const struct oracle_env *env, uint64_t desc)
{
	return rmi_addr_range_desc_addr(env->version, desc) << 12;
}

static int entry_level(const struct oracle_env *env, uint64_t desc)
{
	return VIEW_PAGE_LEVEL - (int)rmi_addr_range_desc_size(env->version, desc);
}

static uint64_t entry_size(const struct oracle_env *env, uint64_t desc)
{
	return rmi_addr_range_desc_count(env->version, desc) * view_span(entry_level(env, desc));
}

/* ---- reading ------------------------------------------------------------------- */

#define LIST_MAX 512u /* entries of a list */

/* "list_count" of the input that holds it: entries that the list may have. */
static uint64_t list_count(const struct oracle_env *env)
{
	for (size_t i = 0; i < env->form->num_inputs; i++) {
		const struct rmm_abi_param *p = &env->form->inputs[i];
		const struct rmm_abi_field *field;

		if (p->type == NULL || p->type->kind != RMM_ABI_BITFIELD)
			continue;
		field = rmm_abi_field_find(p->type, env->version, "list_count");
		if (field)
			return rmm_abi_bits_get(field, oracle_in(env, p->reg, p->lsb, p->width));
	}
	return 0;
}

void oracle_list_read(struct oracle_env *env, uint64_t list, uint64_t count, struct oracle_set *set)
{
	const uint64_t left = (VIEW_GRANULE - list % VIEW_GRANULE) / sizeof(uint64_t);

	set->count = 0;
	set->fault = ORACLE_NO_FAULT;
	if (list % sizeof(uint64_t) || !view_ns_accessible(env->sys, list)) {
		set->fault = ORACLE_ILL_FORMED;
		return;
	}
	/* What follows the end of the granule may belong to no list. */
	if (rmm_behaves(env->sys, RMM_BEHAVIOUR_LIST_CLIPPED_TO_GRANULE) && count > left)
		count = left;
	set->count = (unsigned int)(count < LIST_MAX ? count : LIST_MAX);
	const unsigned int first = set->count < left ? set->count : (unsigned int)left;
	if (set->count > first && !view_ns_accessible(env->sys, list + left * sizeof(uint64_t))) {
		set->fault = ORACLE_ILL_FORMED;
		return;
	}
	memcpy(set->entries, view_bytes(env->sys, list), first * sizeof(uint64_t));
	if (set->count > first)
		memcpy(&set->entries[first], view_bytes(env->sys, list + left * sizeof(uint64_t)),
		       (set->count - first) * sizeof(uint64_t));
}

/* As oracle_list_read: the first granule, and the second one if entries lie there. */
bool oracle_fn_ListAccessPermitted(struct oracle_env *env, uint64_t list_, oracle_int count_)
{
	const oracle_int left =
		(oracle_int)((VIEW_GRANULE - list_ % VIEW_GRANULE) / sizeof(uint64_t));
	const bool clipped = rmm_behaves(env->sys, RMM_BEHAVIOUR_LIST_CLIPPED_TO_GRANULE);

	if (!view_ns_accessible(env->sys, list_))
		return false;
	if (clipped || count_ <= left || left >= (oracle_int)LIST_MAX)
		return true;
	return view_ns_accessible(env->sys, list_ - list_ % VIEW_GRANULE + VIEW_GRANULE);
}

static const struct oracle_set *set_of(struct oracle_env *env, uint64_t oaddr, uint64_t type)
{
	struct oracle_set *set = &env->set;

	if (set->stamp != env->stamp[env->phase] || set->oaddr != oaddr || set->type != type) {
		set->stamp = env->stamp[env->phase];
		set->oaddr = oaddr;
		set->type = type;
		set->fault = ORACLE_NO_FAULT;
		set->count = 0;
		if (type == RMI_ADDR_TYPE_SINGLE) {
			set->entries[0] = oaddr;
			set->count = 1;
		} else if (type == RMI_ADDR_TYPE_LIST) {
			oracle_list_read(env, oaddr, list_count(env), set);
		} else {
			set->fault = ORACLE_ILL_FORMED;
		}
	}
	if (set->fault != ORACLE_NO_FAULT)
		oracle_mark(env, set->fault);
	return set;
}

bool oracle_set_byte(const struct oracle_env *env, const struct oracle_set *set, oracle_int offset,
		     uint64_t *pa, uint64_t *left)
{
	for (unsigned int i = 0; i < set->count; i++) {
		const oracle_int size = (oracle_int)entry_size(env, set->entries[i]);

		if (offset < size) {
			*pa = entry_base(env, set->entries[i]) + (uint64_t)offset;
			*left = (uint64_t)(size - offset);
			return true;
		}
		offset -= size;
	}
	return false;
}

bool oracle_set_visit(const struct oracle_env *env, const struct oracle_set *set, oracle_int size,
		      bool (*visit)(void *ctx, uint64_t pa), void *ctx)
{
	for (oracle_int at = 0; at < size; at += (oracle_int)VIEW_GRANULE) {
		uint64_t pa, left;

		if (!oracle_set_byte(env, set, at, &pa, &left) || !visit(ctx, pa))
			return false;
	}
	return true;
}

const struct oracle_set *oracle_set_named(struct oracle_env *env, uint64_t oaddr, uint64_t type)
{
	return set_of(env, oaddr, type);
}

/* The first descriptor that describes any memory, or NULL. */
static const uint64_t *first_used(const struct oracle_env *env, const struct oracle_set *set)
{
	for (unsigned int i = 0; i < set->count; i++)
		if (entry_size(env, set->entries[i]))
			return &set->entries[i];
	return NULL;
}

/* ---- functions ------------------------------------------------------------------------ */

uint64_t oracle_fn_AddrSetListAddr(struct oracle_env *env, uint64_t oaddr_)
{
	(void)env;
	return oaddr_;
}

bool oracle_fn_AddrSetIsZero(struct oracle_env *env, uint64_t oaddr_)
{
	(void)env;
	return oaddr_ == 0;
}

bool oracle_fn_AddrTypeIsValid(struct oracle_env *env, uint64_t type_)
{
	(void)env;
	return type_ == RMI_ADDR_TYPE_NONE || type_ == RMI_ADDR_TYPE_SINGLE ||
	       type_ == RMI_ADDR_TYPE_LIST;
}

const struct oracle_RmmAddrRange *oracle_fn_RmiAddrRangeDescDecode(struct oracle_env *env,
								   uint64_t desc_)
{
	struct oracle_RmmAddrRange *range = oracle_alloc(env, sizeof(*range));

	if (!range)
		return oracle_nothing;
	range->base = entry_base(env, desc_);
	range->top = range->base + entry_size(env, desc_);
	return range;
}

uint64_t oracle_fn_AddrSetEntry(struct oracle_env *env, uint64_t oaddr_, uint64_t type_,
				oracle_int offset_)
{
	const struct oracle_set *set = set_of(env, oaddr_, type_);
	uint64_t pa, left;

	if (env->fault == ORACLE_NO_FAULT && oracle_set_byte(env, set, offset_, &pa, &left))
		return pa;
	/* A block size with no blocks still has an address. */
	if (env->fault == ORACLE_NO_FAULT && set->count && offset_ == 0)
		return entry_base(env, set->entries[0]);
	return oracle_ill_formed(env);
}

bool oracle_fn_AddrSetIsEmpty(struct oracle_env *env, uint64_t oaddr_, uint64_t type_,
			      oracle_int count_)
{
	const struct oracle_set *set = set_of(env, oaddr_, type_);
	uint64_t pa, left;

	if (env->fault != ORACLE_NO_FAULT)
		return false;
	return (type_ == RMI_ADDR_TYPE_LIST && count_ == 0) ||
	       !oracle_set_byte(env, set, 0, &pa, &left);
}

bool oracle_fn_AddrSetStateIs(struct oracle_env *env, uint64_t oaddr_, uint64_t type_,
			      uint64_t state_)
{
	const struct oracle_set *set = set_of(env, oaddr_, type_);

	if (!set->count)
		return oracle_ill_formed(env);
	if (rmi_addr_range_desc_state(env->version, set->entries[0]) != state_)
		return false;
	/* Who looks at descriptors one by one sees this of the first that is not empty. */
	const uint64_t *first = first_used(env, set);
	return !first || !rmm_behaves(env->sys, RMM_BEHAVIOUR_MAP_LEVEL_FROM_DESCRIPTOR) ||
	       rmi_addr_range_desc_state(env->version, *first) == state_;
}

oracle_int oracle_fn_AddrSetLevel(struct oracle_env *env, uint64_t oaddr_, uint64_t type_)
{
	const struct oracle_set *set = set_of(env, oaddr_, type_);

	if (!set->count)
		return (oracle_int)oracle_ill_formed(env);
	return entry_level(env, set->entries[0]);
}

/* The address type is in the flags of both commands at one place. */
oracle_int oracle_map_level(struct oracle_env *env)
{
	const uint64_t type =
		rmi_rtt_prot_map_flags_oaddr_type(env->version, oracle_in(env, 4, 0, 64));

	if ((env->form->id != RMM_CMD_RMI_RTT_DATA_MAP &&
	     env->form->id != RMM_CMD_RMI_RTT_UNPROT_MAP) ||
	    !rmm_behaves(env->sys, RMM_BEHAVIOUR_MAP_LEVEL_FROM_DESCRIPTOR))
		return VIEW_PAGE_LEVEL;
	return oracle_fn_AddrSetLevel(env, oracle_in(env, 5, 0, 64), type);
}

bool oracle_fn_AddrSetSingleAligned(struct oracle_env *env, uint64_t oaddr_)
{
	return entry_base(env, oaddr_) % VIEW_GRANULE == 0;
}

/* Neighbouring ranges of a list count as one. */
bool oracle_fn_AddrSetCoversEntry(struct oracle_env *env, uint64_t oaddr_, uint64_t type_,
				  oracle_int level_)
{
	const struct oracle_set *set = set_of(env, oaddr_, type_);
	const oracle_int wanted = oracle_fn_RttLevelSize(env, level_);
	oracle_int covered = 0;
	uint64_t next = 0, pa, left;

	/* No entry of such a level has an output address, whatever the set holds. */
	if (level_ < VIEW_BLOCK_LEVEL)
		return false;
	if (rmm_behaves(env->sys, RMM_BEHAVIOUR_MAP_LEVEL_FROM_DESCRIPTOR)) {
		const uint64_t *first = first_used(env, set);

		return first && (oracle_int)entry_level(env, *first) == level_;
	}

	while (covered < wanted) {
		if (!oracle_set_byte(env, set, covered, &pa, &left) || (covered && pa != next))
			return false;
		covered += (oracle_int)left;
		next = pa + left;
	}
	return true;
}

static bool granule_is_wiped(void *ctx, uint64_t pa)
{
	return oracle_range_is_wiped(ctx, pa, VIEW_GRANULE);
}

bool oracle_fn_AddrSetWiped(struct oracle_env *env, uint64_t oaddr_, uint64_t type_,
			    oracle_int size_)
{
	const struct oracle_set *set = set_of(env, oaddr_, type_);

	if (!env->deep && size_ > (oracle_int)VIEW_GRANULE)
		size_ = (oracle_int)VIEW_GRANULE;
	return oracle_set_visit(env, set, size_, granule_is_wiped, env);
}

struct state_wanted {
	const struct rmm_system *sys;
	uint64_t state;
};

static bool granule_has_state(void *ctx, uint64_t pa)
{
	const struct state_wanted *wanted = ctx;
	enum rmm_granule_state state;

	return rmm_granule_state_at(wanted->sys, pa, &state) &&
	       view_granule_state(wanted->sys, state) == wanted->state;
}

bool oracle_fn_GranulesAllStateList(struct oracle_env *env, uint64_t list_, oracle_int size_,
				    uint64_t state_)
{
	const struct oracle_set *set = set_of(env, list_, RMI_ADDR_TYPE_LIST);
	struct state_wanted wanted = {env->sys, state_};

	return oracle_set_visit(env, set, size_, granule_has_state, &wanted);
}
