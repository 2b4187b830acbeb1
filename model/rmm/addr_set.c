/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/addr_set.h"

#include "rmm/handlers.h"
#include "rmm/rtt.h"

static uint64_t entry_base(enum rmm_version v, uint64_t desc)
{
	return rmi_addr_range_desc_addr(v, desc) << RMM_GRANULE_SHIFT;
}

static int entry_level(enum rmm_version v, uint64_t desc)
{
	return RTT_PAGE_LEVEL - (int)rmi_addr_range_desc_size(v, desc);
}

static uint64_t entry_bytes(enum rmm_version v, uint64_t desc)
{
	return rmi_addr_range_desc_count(v, desc) * rtt_span(entry_level(v, desc));
}

static void skip_empty(enum rmm_version v, struct addr_set *set)
{
	while (set->at < set->count && set->offset >= entry_bytes(v, set->entries[set->at])) {
		set->at++;
		set->offset = 0;
	}
}

/* ---- lists of the host --------------------------------------------------------- */

/* Entries between the list's beginning and the end of its granule. */
static uint64_t entries_in_granule(uint64_t list)
{
	return (RMM_GRANULE_SIZE - (list & GRANULE_MASK)) / sizeof(uint64_t);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t addr_list_length(const struct rmm_call *call, uint64_t list, uint64_t count)
{
	const uint64_t left = entries_in_granule(list);

	if (call_behaves(call, RMM_BEHAVIOUR_LIST_CLIPPED_TO_GRANULE))
		return smaller(count, left);
	return smaller(count, ADDR_SET_MAX);
}

bool addr_list_accessible(const struct rmm_call *call, uint64_t list, uint64_t length)
{
	if (!ns_access_permitted(call, list))
		return false;
	return length <= entries_in_granule(list) ||
	       ns_access_permitted(call, (list & ~GRANULE_MASK) + RMM_GRANULE_SIZE);
}

bool addr_list_read(struct rmm_call *call, uint64_t list, uint64_t *entries, uint64_t length)
{
	const uint64_t first = smaller(length, entries_in_granule(list));

	if (length > first && !addr_list_accessible(call, list, length))
		return false;
	return ns_read(call, list, entries, first * sizeof(uint64_t)) &&
	       (length == first || ns_read(call, list + first * sizeof(uint64_t), &entries[first],
					   (length - first) * sizeof(uint64_t)));
}

bool addr_list_write(struct rmm_call *call, uint64_t list, const uint64_t *entries, uint64_t length)
{
	const uint64_t first = smaller(length, entries_in_granule(list));

	if (length > first && !addr_list_accessible(call, list, length))
		return false;
	return ns_write(call, list, entries, first * sizeof(uint64_t)) &&
	       (length == first || ns_write(call, list + first * sizeof(uint64_t), &entries[first],
					    (length - first) * sizeof(uint64_t)));
}

/* ---- sets that a command takes from -------------------------------------------------- */

static enum rmm_condition read_list(struct rmm_call *call, uint64_t list_count, uint64_t list,
				    const struct addr_set_conditions *conditions,
				    struct addr_set *set)
{
	if (!is_aligned(list, sizeof(uint64_t)))
		return conditions->list_align;
	set->count = (unsigned int)addr_list_length(call, list, list_count);
	if (!addr_list_read(call, list, set->entries, set->count))
		return conditions->list_pas;
	return set->count ? RMM_CONDITION_NONE : conditions->empty;
}

enum rmm_condition addr_set_read(struct rmm_call *call, uint64_t type, uint64_t list_count,
				 uint64_t oaddr, const struct addr_set_conditions *conditions,
				 struct addr_set *set)
{
	enum rmm_condition failed = RMM_CONDITION_NONE;

	set->at = 0;
	set->offset = 0;
	switch (type) {
	case RMI_ADDR_TYPE_SINGLE:
		set->entries[0] = oaddr;
		set->count = 1;
		break;
	case RMI_ADDR_TYPE_LIST:
		failed = read_list(call, list_count, oaddr, conditions, set);
		break;
	default:
		return conditions->type;
	}
	return failed;
}

bool addr_set_next(const struct rmm_call *call, struct addr_set *set, uint64_t *pa)
{
	const enum rmm_version v = call_version(call);

	skip_empty(v, set);
	if (set->at == set->count)
		return false;
	*pa = entry_base(v, set->entries[set->at]) + set->offset;
	return true;
}

bool addr_set_covers(const struct rmm_call *call, const struct addr_set *set, uint64_t size)
{
	const enum rmm_version v = call_version(call);
	unsigned int at = set->at;
	uint64_t offset = set->offset;
	uint64_t expect = entry_base(v, set->entries[at]) + offset;

	while (at < set->count) {
		const uint64_t desc = set->entries[at];
		const uint64_t left = entry_bytes(v, desc) - offset;

		if (left && entry_base(v, desc) + offset != expect)
			return false;
		if (left >= size)
			return true;
		size -= left;
		expect += left;
		at++;
		offset = 0;
	}
	return false;
}

void addr_set_advance(const struct rmm_call *call, struct addr_set *set, uint64_t size)
{
	const enum rmm_version v = call_version(call);

	while (size && set->at < set->count) {
		const uint64_t left = entry_bytes(v, set->entries[set->at]) - set->offset;
		const uint64_t step = size < left ? size : left;

		set->offset += step;
		size -= step;
		if (step == left) {
			set->at++;
			set->offset = 0;
		}
	}
}

int addr_set_level(const struct rmm_call *call, const struct addr_set *set)
{
	return entry_level(call_version(call), set->entries[set->at]);
}

uint64_t addr_set_state(const struct rmm_call *call, const struct addr_set *set)
{
	return rmi_addr_range_desc_state(call_version(call), set->entries[set->at]);
}

/* ---- sets that a command fills --------------------------------------------------- */

#define MAX_BLOCKS 1023u /* that one descriptor can count (4 KiB form) */

/* Grows a descriptor by a neighbouring block; false when it is none. */
static bool merge(enum rmm_version v, uint64_t *desc, uint64_t pa, int level, bool downwards)
{
	const uint64_t base = entry_base(v, *desc);
	const uint64_t count = rmi_addr_range_desc_count(v, *desc);

	if (entry_level(v, *desc) != level || count == MAX_BLOCKS)
		return false;
	if (pa == base + entry_bytes(v, *desc)) {
		*desc = rmi_addr_range_desc_with_count(v, *desc, count + 1);
		return true;
	}
	if (downwards && pa + rtt_span(level) == base) {
		*desc = rmi_addr_range_desc_with_count(v, *desc, count + 1);
		*desc = rmi_addr_range_desc_with_addr(v, *desc, pa >> RMM_GRANULE_SHIFT);
		return true;
	}
	return false;
}

bool addr_out_add(const struct rmm_call *call, struct addr_out *out, uint64_t pa, int level)
{
	const enum rmm_version v = call_version(call);
	const bool single = out->type == RMI_ADDR_TYPE_SINGLE;
	uint64_t desc = 0;

	for (unsigned int i = 0; i < out->count; i++)
		if (merge(v, &out->entries[i], pa, level, !single))
			return true;
	if (out->count == out->capacity)
		return false;
	desc = rmi_addr_range_desc_with_size(v, desc, (uint64_t)(RTT_PAGE_LEVEL - level));
	desc = rmi_addr_range_desc_with_count(v, desc, 1);
	desc = rmi_addr_range_desc_with_addr(v, desc, pa >> RMM_GRANULE_SHIFT);
	out->entries[out->count++] = rmi_addr_range_desc_with_state(v, desc, out->state);
	return true;
}

void addr_out_finish(struct rmm_call *call, const struct addr_out *out)
{
	const enum rmm_version v = call_version(call);

	if (!out->count)
		return;
	if (out->type == RMI_ADDR_TYPE_SINGLE) {
		call->out[2] = out->entries[0];
		if (call_behaves(call, RMM_BEHAVIOUR_UNMAP_RANGE_WITHOUT_STATE))
			call->out[2] = rmi_addr_range_desc_with_state(v, call->out[2], 0);
	}
	if (out->type == RMI_ADDR_TYPE_LIST &&
	    addr_list_write(call, out->list, out->entries, out->count))
		call->out[3] = out->count;
}
