/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_CREATE. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = k1G;

void base(Scene &s)
{
	s.add_realm();
	s.call(RMM_CMD_RMI_RTT_CREATE, {s.realm->rd(), s.m.granules(), kIpa, 2});
}

void aim(Scene &s, uint64_t ipa, uint64_t level)
{
	s.x[3] = ipa;
	s.x[4] = level;
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_CREATE,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_CREATE_RD_ALIGN,
				       RMI_RTT_CREATE_RD_BOUND, RMI_RTT_CREATE_RD_STATE),
			consumed_granule(2, RMI_RTT_CREATE_RTT_ALIGN, RMI_RTT_CREATE_RTT_BOUND,
					 RMI_RTT_CREATE_RTT_STATE),
			inner_level(4, RMI_RTT_CREATE_LEVEL_BOUND),
			ipa_in_realm(3, RMI_RTT_CREATE_IPA_BOUND),
			{
				{"WhenItIsTheRd", RMI_RTT_CREATE_RTT_STATE,
				 [](Scene &s) { s.x[2] = s.x[1]; }},
				{"WhenItIsInsideAnEntryOfTheStartingLevel",
				 RMI_RTT_CREATE_IPA_ALIGN, [](Scene &s) { s.x[3] += k2M; }},
				{"WhenItIsOffByOne", RMI_RTT_CREATE_IPA_ALIGN,
				 [](Scene &s) { s.x[3] += 1; }},
				{"WhenItIsInsideAnEntryOfTheParent", RMI_RTT_CREATE_IPA_ALIGN,
				 [](Scene &s) {
					 s.realm->tables_to(kIpa, 2);
					 aim(s, kIpa + k2M / 2, 3);
				 }},
				Violation("WhenItNeedsMoreThan48Bits", RMI_RTT_CREATE_RTT_BOUND2,
					  [](Scene &s) {
						  s.x[2] = kHighBank;
						  s.m.delegate(kHighBank, 1);
					  })
					.on_machine(high_memory),
				Violation("WhenTheParentTableIsMissing", RMI_RTT_CREATE_RTT_WALK,
					  [](Scene &s) { aim(s, kIpa, 3); })
					.at_level(1),
				Violation("WhenTheParentTableIsMissingInTheUnprotectedHalf",
					  RMI_RTT_CREATE_RTT_WALK,
					  [](Scene &s) { aim(s, kUnprotected + kIpa, 3); })
					.at_level(1),
				Violation("WhenABlockMapsTheParentsRange", RMI_RTT_CREATE_RTT_WALK,
					  [](Scene &s) {
						  s.realm->map_unprotected(kUnprotected, k1G, 1);
						  aim(s, kUnprotected, 3);
					  })
					.at_level(1),
				Violation("WhenNothingIsBelowTheTopOfFourLevels",
					  RMI_RTT_CREATE_RTT_WALK,
					  [](Scene &s) { aim_at_deep_realm(s, 1, 3, 4, 0, 3); })
					.at_level(0)
					.does_not_combine(),
				Violation("WhenTheTableIsThereAlready", RMI_RTT_CREATE_RTTE_STATE,
					  [](Scene &s) { s.realm->tables_to(kIpa, 2); })
					.at_level(1),
				Violation("WhenTheLastTableIsThereAlready",
					  RMI_RTT_CREATE_RTTE_STATE,
					  [](Scene &s) {
						  s.realm->tables_to(kIpa, 3);
						  aim(s, kIpa, 3);
					  })
					.at_level(2),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttCreate, table());

/* ---- effects ------------------------------------------------------------------ */

TEST(RttCreate, TakesTheGranuleAndKeepsWhatTheEntryWas)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t rtt = realm.create_table(kIpa, 2);

		EXPECT_EQ(RMM_GRANULE_RTT, m.state_of(rtt));
		const Realm::Entry parent = realm.entry(kIpa, 1);
		EXPECT_EQ(1, parent.level);
		EXPECT_EQ(RMI_RTTE_TABLE, parent.state);
		EXPECT_EQ(rtt, parent.desc);
		for (uint64_t ipa : {kIpa, kIpa + 100 * k2M, kIpa + 511 * k2M}) {
			const Realm::Entry entry = realm.entry(ipa, 2);
			EXPECT_EQ(2, entry.level);
			EXPECT_EQ(RMI_RTTE_VOID, entry.state);
			EXPECT_EQ(RMI_RIPAS_EMPTY, entry.ripas);
		}
	});
}

TEST(RttCreate, SplitsABlockOfRamIntoPagesAtTheSamePlaces)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 2);
		realm.init_ripas(kIpa, kIpa + k2M);
		const uint64_t pa = realm.map(kIpa, 2);

		realm.create_table(kIpa, 3);
		for (uint64_t page : {0, 1, 511}) {
			const Realm::Entry entry = realm.entry(kIpa + page * kPage);
			EXPECT_EQ(3, entry.level);
			EXPECT_EQ(RMI_RTTE_DATA, entry.state);
			EXPECT_EQ(RMI_RIPAS_RAM, entry.ripas);
			EXPECT_EQ(pa + page * kPage, entry.desc);
		}
	});
}

TEST(RttCreate, SplitsABlockOfNonSecureMemoryWithItsAttributes)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.host_pages(512, k2M);
		realm.map_unprotected(kUnprotected, pa, 2, 2);
		const Realm::Entry block = realm.entry(kUnprotected, 2);

		realm.create_table(kUnprotected, 3);
		const Realm::Entry page = realm.entry(kUnprotected + 5 * kPage);
		EXPECT_EQ(RMI_RTTE_DATA, page.state);
		EXPECT_EQ(block.desc + 5 * kPage, page.desc);
	});
}

TEST(RttCreate, HandsDownTheRipasOfAVoidEntry)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 2);
		realm.init_ripas(kIpa, kIpa + k2M);
		realm.create_table(kIpa, 3);
		EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kIpa + 7 * kPage).ripas);
		EXPECT_EQ(RMI_RTTE_VOID, realm.entry(kIpa + 7 * kPage).state);
	});
}

TEST(RttCreate, ThenFoldLeavesTheParentEntryAsItWas)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 2);
		realm.map(kIpa, 2);
		const uint64_t table = realm.entry(kIpa, 1).desc;
		const uint64_t before = m.table_entry(table, 0);

		realm.create_table(kIpa, 3);
		EXPECT_NE(before, m.table_entry(table, 0));
		m.must(RMM_CMD_RMI_RTT_FOLD, {realm.rd(), kIpa, 3});
		EXPECT_EQ(before, m.table_entry(table, 0));
	});
}

TEST(RttCreate, IsAllowedInEveryStateOfTheRealm)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.activate();
		realm.create_table(kIpa, 2);
		realm.terminate();
		realm.create_table(kIpa, 3);
	});
}

} // namespace
} // namespace conformance
