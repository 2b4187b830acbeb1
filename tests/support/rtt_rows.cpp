/* SPDX-License-Identifier: BSD-3-Clause */
#include "rtt_rows.h"

namespace conformance
{
namespace
{

Violation value_row(const char *when, rmm_condition condition, int reg, uint64_t value)
{
	return {when, condition, [=](Scene &s) { s.x[static_cast<size_t>(reg)] = value; }};
}

} // namespace

std::vector<Violation> any_level(int reg, rmm_condition condition)
{
	return {
		value_row("WhenItIsAboveTheStartingLevel", condition, reg, 0),
		value_row("WhenItIsBelowTheLastLevel", condition, reg, 4),
		value_row("WhenItIsMinusOne", condition, reg, UINT64_MAX),
		value_row("WhenItIsTheMostNegativeNumber", condition, reg, UINT64_C(1) << 63),
		value_row("WhenItIsTheGreatestNumber", condition, reg, INT64_MAX),
		value_row("WhenItsLowerHalfIsALevel", condition, reg, (UINT64_C(1) << 32) + 2),
		value_row("WhenItsLowestByteIsALevel", condition, reg, 0x102),
	};
}

std::vector<Violation> inner_level(int reg, rmm_condition condition)
{
	std::vector<Violation> all = any_level(reg, condition);

	all.insert(all.begin(), value_row("WhenItIsTheStartingLevel", condition, reg, 1));
	return all;
}

std::vector<Violation> ipa_in_realm(int reg, rmm_condition condition)
{
	return {
		value_row("WhenItIsTheEndOfTheIpaSpace", condition, reg, kIpaEnd),
		value_row("WhenItIsTwiceTheIpaSpace", condition, reg, 2 * kIpaEnd),
		value_row("WhenItsHighestBitIsSet", condition, reg, (UINT64_C(1) << 63) + k1G),
		value_row("WhenItIsTheLastBlockOfAll", condition, reg, UINT64_C(0) - k1G),
	};
}

std::vector<Violation> granule_range(int base, int top, rmm_condition base_align,
				     rmm_condition top_align, rmm_condition size)
{
	const auto b = static_cast<size_t>(base);
	const auto t = static_cast<size_t>(top);

	return {
		{"WhenItIsOffByOne", base_align, [=](Scene &s) { s.x[b] += 1; }},
		{"WhenItIsOffByHalf", base_align, [=](Scene &s) { s.x[b] += kPage / 2; }},
		{"WhenItIsOffByAllButOne", base_align,
		 [=](Scene &s) {
			 s.x[b] += kPage - 1;
			 s.x[t] += kPage;
		 }},
		{"WhenItIsOffByOne", top_align, [=](Scene &s) { s.x[t] += 1; }},
		{"WhenItIsOffByHalf", top_align, [=](Scene &s) { s.x[t] += kPage / 2; }},
		{"WhenItIsOffByAllButOne", top_align, [=](Scene &s) { s.x[t] += kPage - 1; }},
		{"WhenItIsEmpty", size, [=](Scene &s) { s.x[t] = s.x[b]; }},
		{"WhenItIsReversed", size, [=](Scene &s) { std::swap(s.x[b], s.x[t]); }},
		{"WhenTheTopIsZero", size, [=](Scene &s) { s.x[t] = 0; }},
		{"WhenItWrapsAround", size,
		 [=](Scene &s) {
			 s.x[b] = kLastPage;
			 s.x[t] = 0;
		 }},
		{"WhenItWrapsFarAround", size,
		 [=](Scene &s) {
			 s.x[b] = kLastPage;
			 s.x[t] = k1G;
		 }},
	};
}

void switch_off(Scene &s)
{
	if (!s.rec)
		s.add_rec();
	if (s.realm->view().state == RMM_REALM_NEW)
		s.realm->activate();
	s.rec->calls({FID_PSCI_SYSTEM_OFF});
}

std::vector<Violation> realm_over(rmm_condition condition)
{
	return {
		{"WhenItIsSwitchedOff", condition,
		 [](Scene &s) { s.last_touches.push_back(switch_off); }},
		Violation("WhenItIsTerminated", condition,
			  [](Scene &s) {
				  s.last_touches.push_back([](Scene &t) { t.realm->terminate(); });
			  })
			.since_2_0(),
	};
}

std::vector<Violation> realm_not_new(rmm_condition condition)
{
	std::vector<Violation> all = realm_over(condition);

	all.insert(all.begin(),
		   {"WhenItIsActive", condition, [](Scene &s) {
			    s.last_touches.push_back([](Scene &t) { t.realm->activate(); });
		    }});
	return all;
}

Realm &use_deep_realm(Scene &s, size_t rd_reg)
{
	rmi_realm_params params = RealmPlan::usual();

	params.s2sz = 48;
	params.rtt_level_start = 0;
	params.rtt_num_start = 1;
	Realm &realm = s.realms.emplace_back(s.m, Realm::plan(s.m, params));
	s.x[rd_reg] = realm.rd();
	return realm;
}

void aim_at_deep_realm(Scene &s, size_t rd_reg, size_t ipa_reg, size_t level_reg, uint64_t ipa,
		       uint64_t level)
{
	use_deep_realm(s, rd_reg);
	s.x[ipa_reg] = ipa;
	s.x[level_reg] = level;
}

uint64_t address_list(Machine &m, std::initializer_list<uint64_t> descs, uint64_t offset)
{
	const uint64_t page = m.host_pages();

	m.write_words(page + offset, descs);
	return page + offset;
}

uint64_t map_flags(rmm_version v, uint64_t type, uint64_t list_count)
{
	const uint64_t flags = rmi_rtt_prot_map_flags_with_oaddr_type(v, 0, type);

	return rmi_rtt_prot_map_flags_with_list_count(v, flags, list_count);
}

uint64_t unprot_flags(rmm_version v, uint64_t type, uint64_t list_count, uint64_t memattr,
		      uint64_t s2ap)
{
	uint64_t flags = rmi_rtt_unprot_map_flags_with_oaddr_type(v, 0, type);

	flags = rmi_rtt_unprot_map_flags_with_list_count(v, flags, list_count);
	flags = rmi_rtt_unprot_map_flags_with_memattr(v, flags, memattr);
	return rmi_rtt_unprot_map_flags_with_s2ap(v, flags, s2ap);
}

uint64_t unmap_flags(rmm_version v, uint64_t type, uint64_t list_count)
{
	const uint64_t flags = rmi_rtt_unmap_flags_with_oaddr_type(v, 0, type);

	return rmi_rtt_unmap_flags_with_list_count(v, flags, list_count);
}

} // namespace conformance
