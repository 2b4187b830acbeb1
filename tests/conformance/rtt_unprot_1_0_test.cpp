/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_MAP_UNPROTECTED, RMI_RTT_UNMAP_UNPROTECTED. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = kUnprotected + k1G;
constexpr uint64_t kPa = 0x87654000;

Settings version_1_0()
{
	Settings settings;

	settings.version = RMM_VERSION_1_0_REL0;
	return settings;
}

/* Where neither command looks for an entry. */
std::vector<Violation> not_unprotected(rmm_condition bound, rmm_condition align)
{
	return {
		{"WhenItIsProtected", bound, [](Scene &s) { s.x[2] = k1G; }},
		{"WhenItIsTheLastProtectedPage", bound,
		 [](Scene &s) { s.x[2] = kUnprotected - kPage; }},
		{"WhenItIsTheEndOfTheIpaSpace", bound, [](Scene &s) { s.x[2] = kIpaEnd; }},
		{"WhenItIsTheLastPageOfAll", bound, [](Scene &s) { s.x[2] = kLastPage; }},
		{"WhenItIsOffByOne", align, [](Scene &s) { s.x[2] += 1; }},
		{"WhenItIsInsideAnEntryAtLevel2", align,
		 [](Scene &s) {
			 s.x[2] += kPage;
			 s.x[3] = 2;
		 }},
	};
}

std::vector<Violation> bad_level(rmm_condition condition)
{
	return rows({
		any_level(3, condition),
		{Violation(
			 "WhenItIsAboveTheStartingLevelOfASmallRealm", condition,
			 [](Scene &s) {
				 rmi_realm_params params = RealmPlan::usual();

				 params.s2sz = 32;
				 params.rtt_level_start = 2;
				 params.rtt_num_start = 4;
				 s.x[1] = s.realms.emplace_back(s.m, Realm::plan(s.m, params)).rd();
				 s.x[2] = UINT64_C(1) << 31;
				 s.x[3] = 1;
			 })
			 .does_not_combine()},
	});
}

std::function<uint64_t(const Scene &)> always(uint64_t value)
{
	return [=](const Scene &) { return value; };
}

/* ---- map --------------------------------------------------------------------------- */

void map_base(Scene &s)
{
	s.add_realm();
	s.realm->tables_to(kIpa, 3);
	s.call(RMM_CMD_RMI_RTT_MAP_UNPROTECTED, {s.realm->rd(), kIpa, 3, unprotected_desc(kPa)});
}

Violation bit_row(const char *when, unsigned bit)
{
	return {when, RMI_RTT_MAP_UNPROTECTED_ATTR_VALID,
		[=](Scene &s) { s.x[4] |= UINT64_C(1) << bit; }};
}

const CommandTable &map_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_MAP_UNPROTECTED,
		map_base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_MAP_UNPROTECTED_RD_ALIGN,
				       RMI_RTT_MAP_UNPROTECTED_RD_BOUND,
				       RMI_RTT_MAP_UNPROTECTED_RD_STATE),
			bad_level(RMI_RTT_MAP_UNPROTECTED_LEVEL_BOUND),
			not_unprotected(RMI_RTT_MAP_UNPROTECTED_IPA_BOUND,
					RMI_RTT_MAP_UNPROTECTED_IPA_ALIGN),
			{
				bit_row("WhenItIsMarkedValid", 0),
				bit_row("WhenItIsMarkedAsAPage", 1),
				bit_row("WhenBit3OfTheMemoryAttributesIsSet", 5),
				bit_row("WhenItsShareabilityIsSet", 8),
				bit_row("WhenTheAccessFlagIsSet", 10),
				bit_row("WhenItsAddressHas49Bits", 48),
				bit_row("WhenItIsMarkedNonSecure", 55),
				bit_row("WhenTheHighestBitIsSet", 63),
				{"WhenTheMemoryAttributesAreReserved",
				 RMI_RTT_MAP_UNPROTECTED_ATTR_VALID,
				 [](Scene &s) { s.x[4] = unprotected_desc(kPa, 3, 4); }},
				{"WhenItIsOffByOnePageAtLevel2", RMI_RTT_MAP_UNPROTECTED_ADDR_ALIGN,
				 [](Scene &s) {
					 s.x[3] = 2;
					 s.x[4] = unprotected_desc(k2M + kPage);
				 }},
				{"WhenItIsOffByOneBlockAtLevel1",
				 RMI_RTT_MAP_UNPROTECTED_ADDR_ALIGN,
				 [](Scene &s) {
					 s.x[3] = 1;
					 s.x[4] = unprotected_desc(k1G + k2M);
				 }},
				Violation("WhenNoTableIsThere", RMI_RTT_MAP_UNPROTECTED_RTT_WALK,
					  [](Scene &s) { s.x[2] += k1G; })
					.at_level(1),
				Violation("WhenABlockIsThere", RMI_RTT_MAP_UNPROTECTED_RTT_WALK,
					  [](Scene &s) {
						  s.realm->map_unprotected(kIpa + 8 * k2M, k2M, 2);
						  s.x[2] = kIpa + 8 * k2M;
					  })
					.at_level(2),
				Violation("WhenTheSameIsMappedThere",
					  RMI_RTT_MAP_UNPROTECTED_RTTE_STATE,
					  [](Scene &s) { s.realm->map_unprotected(kIpa, kPa); })
					.at_level(3),
				Violation("WhenATableIsThere", RMI_RTT_MAP_UNPROTECTED_RTTE_STATE,
					  [](Scene &s) {
						  s.x[3] = 2;
						  s.x[4] = unprotected_desc(k2M);
					  })
					.at_level(2),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttMapUnprotected, map_table());

TEST(RttMapUnprotected, MapsPagesAndBlocksAsTheHostDescribesThem)
{
	static const struct {
		int level;
		uint64_t pa, s2ap, memattr;
	} mappings[] = {{3, kPa, 3, 6}, {3, kPa, 2, 0}, {2, 8 * k2M, 1, 5}, {1, 4 * k1G, 0, 7}};
	uint64_t ipa = kIpa;

	Machine m(version_1_0());
	Realm realm(m);
	for (const auto &mapping : mappings) {
		const uint64_t desc = unprotected_desc(mapping.pa, mapping.s2ap, mapping.memattr);
		const auto level = static_cast<uint64_t>(mapping.level);

		realm.tables_to(ipa, mapping.level);
		m.must(RMM_CMD_RMI_RTT_MAP_UNPROTECTED, {realm.rd(), ipa, level, desc});
		const Realm::Entry entry = realm.entry(ipa, mapping.level);
		EXPECT_EQ(mapping.level, entry.level);
		EXPECT_EQ(RMI_RTTE_DATA, entry.state);
		EXPECT_EQ(desc, entry.desc);
		ipa += k1G;
	}
}

/* Any address: what is not the host's stops the realm's access, not the mapping. */
TEST(RttMapUnprotected, DoesNotLookAtTheMemory)
{
	Machine m(version_1_0());
	Realm realm(m);

	realm.map_unprotected(kIpa, kHole);
	realm.map_unprotected(kIpa + kPage, realm.rd());
	EXPECT_EQ(RMM_GRANULE_RD, m.state_of(realm.rd()));
}

TEST(RttMapUnprotected, TakesWideAddressesInARealmWithLpa2)
{
	Settings settings = version_1_0();
	settings.changes = {high_memory};
	Machine m(settings);
	rmi_realm_params params = RealmPlan::usual();

	params.flags = rmi_realm_flags_with_lpa2(m.version(), 0, 1);
	Realm realm(m, Realm::plan(m, params));
	/* PA[51:50] stand where the shareability is without LPA2. */
	const uint64_t desc = unprotected_desc(UINT64_C(1) << 48) | 1u << 9;
	realm.tables_to(kIpa, 3);
	m.must(RMM_CMD_RMI_RTT_MAP_UNPROTECTED, {realm.rd(), kIpa, 3, desc});
	EXPECT_EQ(desc, realm.entry(kIpa).desc);
}

/* ---- unmap ---------------------------------------------------------------------------- */

void unmap_base(Scene &s)
{
	s.add_realm();
	s.realm->map_unprotected(kIpa, kPa);
	s.call(RMM_CMD_RMI_RTT_UNMAP_UNPROTECTED, {s.realm->rd(), kIpa, 3});
}

const CommandTable &unmap_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_UNMAP_UNPROTECTED,
		unmap_base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_UNMAP_UNPROTECTED_RD_ALIGN,
				       RMI_RTT_UNMAP_UNPROTECTED_RD_BOUND,
				       RMI_RTT_UNMAP_UNPROTECTED_RD_STATE),
			bad_level(RMI_RTT_UNMAP_UNPROTECTED_LEVEL_BOUND),
			not_unprotected(RMI_RTT_UNMAP_UNPROTECTED_IPA_BOUND,
					RMI_RTT_UNMAP_UNPROTECTED_IPA_ALIGN),
			{
				Violation("WhenNoTableIsThere", RMI_RTT_UNMAP_UNPROTECTED_RTT_WALK,
					  [](Scene &s) { s.x[2] += k1G; })
					.at_level(1)
					.gives(1, always(kIpaEnd)),
				Violation("WhenABlockIsThere", RMI_RTT_UNMAP_UNPROTECTED_RTT_WALK,
					  [](Scene &s) {
						  s.realm->map_unprotected(kIpa + 8 * k2M, k2M, 2);
						  s.x[2] = kIpa + 8 * k2M;
					  })
					.at_level(2)
					.gives(1, always(kIpa + 8 * k2M)),
				Violation("WhenNothingIsThere",
					  RMI_RTT_UNMAP_UNPROTECTED_RTTE_STATE,
					  [](Scene &s) {
						  s.realm->map_unprotected(kIpa + 4 * kPage, kPa);
						  s.x[2] = kIpa + kPage;
					  })
					.at_level(3)
					.gives(1, always(kIpa + 4 * kPage)),
				Violation("WhenATableIsThere", RMI_RTT_UNMAP_UNPROTECTED_RTTE_STATE,
					  [](Scene &s) { s.x[3] = 2; })
					.at_level(2)
					.gives(1, always(kIpa)),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttUnmapUnprotected, unmap_table());

TEST(RttUnmapUnprotected, LeavesAnUnmappedEntryAndSaysWhereTheNextMappingIs)
{
	Machine m(version_1_0());
	Realm realm(m);

	realm.map_unprotected(kIpa, kPa);
	realm.map_unprotected(kIpa + 6 * kPage, kPa);
	const Answer a = m.must(RMM_CMD_RMI_RTT_UNMAP_UNPROTECTED, {realm.rd(), kIpa, 3});
	EXPECT_EQ(kIpa + 6 * kPage, a.x[1]);
	EXPECT_EQ(RMI_RTTE_VOID, realm.entry(kIpa).state);
	realm.map_unprotected(kIpa, kPa);
}

} // namespace
} // namespace conformance
