/* SPDX-License-Identifier: BSD-3-Clause */
#include "granule_rows.h"

#include <algorithm>

namespace conformance
{
namespace
{

std::function<void(Scene &)> add(int reg, uint64_t offset)
{
	return [=](Scene &s) { s.x[static_cast<size_t>(reg)] += offset; };
}

std::function<void(Scene &)> put(int reg, uint64_t value)
{
	return [=](Scene &s) { s.x[static_cast<size_t>(reg)] = value; };
}

std::function<void(Scene &)> put_state(int reg, rmm_granule_state state)
{
	return [=](Scene &s) { s.x[static_cast<size_t>(reg)] = granule_in(s, state); };
}

void add_misalignments(std::vector<Violation> *all, int reg, uint64_t alignment,
		       rmm_condition align)
{
	all->push_back({"WhenItIsOffByOne", align, add(reg, 1)});
	all->push_back({"WhenItIsOffByHalf", align, add(reg, alignment / 2)});
	all->push_back({"WhenItIsOffByAllButOne", align, add(reg, alignment - 1)});
	all->push_back({"WhenItIsTheLastByteOfAll", align, put(reg, UINT64_MAX)});
}

void add_places_without_memory(std::vector<Violation> *all, int reg, rmm_condition condition)
{
	all->push_back({"WhenItIsInAHole", condition, put(reg, kHole)});
	all->push_back({"WhenItIsZero", condition, put(reg, 0)});
	all->push_back({"WhenItIsRootMemory", condition, put(reg, kRootBase)});
	all->push_back({"WhenItIsRightBelowDram", condition, put(reg, kDramBase - kPage)});
	all->push_back({"WhenItIsRightBehindDram", condition, put(reg, kDramBase + kDramSize)});
	all->push_back({"WhenItIsBeyondThePaSpace", condition, put(reg, UINT64_C(1) << 52)});
	all->push_back({"WhenItIsTheLastPageOfAll", condition, put(reg, kLastPage)});
}

const struct {
	rmm_granule_state state;
	const char *when;
} states[] = {
	{RMM_GRANULE_UNDELEGATED, "WhenItIsUndelegated"},
	{RMM_GRANULE_DELEGATED, "WhenItIsMerelyDelegated"},
	{RMM_GRANULE_RD, "WhenItIsARealmDescriptor"},
	{RMM_GRANULE_REC, "WhenItIsARec"},
	{RMM_GRANULE_RTT, "WhenItIsATable"},
	{RMM_GRANULE_DATA, "WhenItIsData"},
	{RMM_GRANULE_INTERNAL, "WhenItIsTheRmms"},
};

/* An operation may hold objects: then it, not their state, is what is wrong. */
Violation held_row(int reg, rmm_condition condition, bool blocked)
{
	return Violation("WhenAnOperationHoldsIt", condition, put_state(reg, RMM_GRANULE_PARTIAL))
		.with(RMM_BEHAVIOUR_PARTIAL_OBJECT_BLOCKED, blocked)
		.since_2_0();
}

void add_states(std::vector<Violation> *all, int reg, rmm_granule_state wanted,
		rmm_condition condition)
{
	for (const auto &other : states)
		if (other.state != wanted)
			all->push_back({other.when, condition, put_state(reg, other.state)});
	all->push_back(held_row(reg, condition, false));
}

uint64_t internal_granule(Scene &s)
{
	if (s.m.is_rmi_1())
		return s.other_rec(s.other_realm()).aux(0);

	const uint64_t granule = s.m.granules();
	const RecPlan plan = Rec::plan(s.m);
	Realm &realm = s.other_realm();
	const Answer begun =
		s.m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr});

	s.m.write_words(s.m.scratch(), {range_desc(s.version(), granule)});
	s.m.call(RMM_CMD_RMI_OP_MEM_DONATE, {begun.x[1], s.m.scratch(), 1, 0});
	return granule;
}

uint64_t partial_granule(Scene &s)
{
	const RecPlan plan = Rec::plan(s.m);
	Realm &realm = s.other_realm();

	s.m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr});
	return plan.rec;
}

} // namespace

uint64_t granule_in(Scene &s, rmm_granule_state state)
{
	switch (state) {
	case RMM_GRANULE_UNDELEGATED:
		return s.m.host_pages();
	case RMM_GRANULE_DELEGATED:
		return s.m.granules();
	case RMM_GRANULE_RD:
		return s.other_realm().rd();
	case RMM_GRANULE_REC:
		return s.other_rec(s.other_realm()).pa();
	case RMM_GRANULE_RTT:
		return s.other_realm().create_table(0, 2);
	case RMM_GRANULE_DATA:
		return s.other_realm().map(0);
	case RMM_GRANULE_INTERNAL:
		return internal_granule(s);
	case RMM_GRANULE_PARTIAL:
		return partial_granule(s);
	default:
		throw std::runtime_error("no way to make such a granule");
	}
}

std::vector<Violation> granule_in_dram(int reg, rmm_condition align, rmm_condition bound)
{
	std::vector<Violation> all;

	add_misalignments(&all, reg, kPage, align);
	add_places_without_memory(&all, reg, bound);
	all.push_back({"WhenItIsDeviceMemory", bound, put(reg, kDeviceBase)});
	return all;
}

std::vector<Violation> consumed_granule(int reg, rmm_condition align, rmm_condition bound,
					rmm_condition state)
{
	std::vector<Violation> all = granule_in_dram(reg, align, bound);

	add_states(&all, reg, RMM_GRANULE_DELEGATED, state);
	all.push_back({"WhenItIsSecure", state,
		       [reg](Scene &s) { s.x[static_cast<size_t>(reg)] = s.m.secure_page(); }});
	return all;
}

std::vector<Violation> object_granule(int reg, rmm_granule_state wanted, rmm_condition align,
				      rmm_condition bound, rmm_condition state)
{
	std::vector<Violation> all;

	add_misalignments(&all, reg, kPage, align);
	add_places_without_memory(&all, reg, bound);
	/* Device memory is tracked, too: it just is no object. */
	all.push_back({"WhenItIsDeviceMemory", state, put(reg, kDeviceBase)});
	add_states(&all, reg, wanted, state);
	all.push_back(held_row(reg, RMI_ANY_BLOCKED, true).does_not_combine());
	all.back().when = "WhenAnOperationHoldsTheObjectOfX" + std::to_string(reg);
	return all;
}

std::vector<Violation> places_in_1_0(int reg, rmm_condition bound)
{
	std::vector<Violation> all;

	add_places_without_memory(&all, reg, bound);
	for (Violation &row : all)
		row.until_1_0();
	return all;
}

/* In 1.0 such a structure is in DRAM, whatever world the memory belongs to. */
static void add_places_outside_dram(std::vector<Violation> *all, int reg, rmm_condition bound)
{
	std::vector<Violation> places;

	add_places_without_memory(&places, reg, bound);
	places.push_back({"WhenItIsDeviceMemory", bound, put(reg, kDeviceBase)});
	for (Violation &row : places)
		all->push_back(row.until_1_0());
}

static void add_places_out_of_reach(std::vector<Violation> *all, int reg, rmm_condition pas)
{
	std::vector<Violation> places;

	add_places_without_memory(&places, reg, pas);
	for (Violation &row : places)
		all->push_back(row.since_2_0());
}

std::vector<Violation> host_structure(int reg, uint64_t alignment, rmm_condition align,
				      rmm_condition pas, rmm_condition bound_1_0)
{
	std::vector<Violation> all;

	add_misalignments(&all, reg, alignment, align);
	add_places_out_of_reach(&all, reg, pas);
	if (bound_1_0 != RMM_CONDITION_NONE)
		add_places_outside_dram(&all, reg, bound_1_0);
	all.push_back({"WhenItIsDelegated", pas, put_state(reg, RMM_GRANULE_DELEGATED)});
	all.push_back({"WhenItIsData", pas, put_state(reg, RMM_GRANULE_DATA)});
	all.push_back({"WhenItIsSecure", pas,
		       [reg](Scene &s) { s.x[static_cast<size_t>(reg)] = s.m.secure_page(); }});
	return all;
}

std::vector<Violation> without(std::vector<Violation> all,
			       std::initializer_list<const char *> names)
{
	for (const char *name : names)
		all.erase(std::remove_if(all.begin(), all.end(),
					 [=](const Violation &row) { return row.when == name; }),
			  all.end());
	return all;
}

std::vector<Violation> rows(std::initializer_list<std::vector<Violation>> parts)
{
	std::vector<Violation> all;

	for (const auto &part : parts)
		all.insert(all.end(), part.begin(), part.end());
	return all;
}

} // namespace conformance
