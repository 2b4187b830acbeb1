/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_FOLD. */
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
	s.realm->tables_to(kIpa, 2);
	s.call(RMM_CMD_RMI_RTT_FOLD, {s.realm->rd(), kIpa, 2});
}

void aim(Scene &s, uint64_t ipa, uint64_t level)
{
	s.x[2] = ipa;
	s.x[3] = level;
}

/* 512 pages at kIpa, each where `place` says; its table is what the call folds. */
void map_table(Scene &s, const std::function<uint64_t(uint64_t)> &place)
{
	for (uint64_t i = 0; i < 512; i++)
		s.realm->map_at(kIpa + i * kPage, place(i));
	aim(s, kIpa, 3);
}

/* 512 GiB of Non-secure blocks at the level below the top of four. */
void map_level_1_table(Scene &s)
{
	constexpr uint64_t ipa = UINT64_C(1) << 47;
	Realm &realm = use_deep_realm(s);

	realm.tables_to(ipa, 1);
	for (uint64_t at = 0; at < k512G; at += k1G)
		realm.map_unprotected(ipa + at, at, 1);
	aim(s, ipa, 1);
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_FOLD,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_FOLD_RD_ALIGN,
				       RMI_RTT_FOLD_RD_BOUND, RMI_RTT_FOLD_RD_STATE),
			inner_level(3, RMI_RTT_FOLD_LEVEL_BOUND),
			ipa_in_realm(2, RMI_RTT_FOLD_IPA_BOUND),
			{
				{"WhenItIsInsideAnEntryOfTheParent", RMI_RTT_FOLD_IPA_ALIGN,
				 [](Scene &s) { s.x[2] += k2M; }},
				{"WhenItIsOffByOne", RMI_RTT_FOLD_IPA_ALIGN,
				 [](Scene &s) { s.x[2] += 1; }},
				Violation("WhenATableIsMissingAbove", RMI_RTT_FOLD_RTT_WALK,
					  [](Scene &s) { aim(s, 3 * k1G, 3); })
					.at_level(1),
				Violation("WhenABlockIsAbove", RMI_RTT_FOLD_RTT_WALK,
					  [](Scene &s) {
						  s.realm->map_unprotected(kUnprotected, k1G, 1);
						  aim(s, kUnprotected, 3);
					  })
					.at_level(1),
				Violation("WhenTheEntryIsVoid", RMI_RTT_FOLD_RTTE_STATE,
					  [](Scene &s) { aim(s, 3 * k1G, 2); })
					.at_level(1),
				Violation("WhenTheEntryIsABlock", RMI_RTT_FOLD_RTTE_STATE,
					  [](Scene &s) {
						  s.realm->map(kIpa, 2);
						  aim(s, kIpa, 3);
					  })
					.at_level(2),
				Violation("WhenItHoldsATable", RMI_RTT_FOLD_RTT_HOMO,
					  [](Scene &s) { s.realm->tables_to(kIpa, 3); })
					.at_level(2),
				Violation("WhenItsFirstEntryIsData", RMI_RTT_FOLD_RTT_HOMO,
					  [](Scene &s) {
						  s.realm->map(kIpa);
						  aim(s, kIpa, 3);
					  })
					.at_level(3),
				Violation("WhenItsLastEntryIsData", RMI_RTT_FOLD_RTT_HOMO,
					  [](Scene &s) {
						  s.realm->map(kIpa + 511 * kPage);
						  aim(s, kIpa, 3);
					  })
					.at_level(3),
				Violation("WhenOneEntryHasAnotherRipas", RMI_RTT_FOLD_RTT_HOMO,
					  [](Scene &s) {
						  s.realm->tables_to(kIpa, 3);
						  s.realm->init_ripas(kIpa + 7 * kPage,
								      kIpa + 8 * kPage);
						  aim(s, kIpa, 3);
					  })
					.at_level(3),
				Violation("WhenTheLastPageIsMissing", RMI_RTT_FOLD_RTT_HOMO,
					  [](Scene &s) {
						  const uint64_t pa = s.m.granules(512, k2M);
						  map_table(s, [=](uint64_t i) {
							  return pa + i * kPage;
						  });
						  s.realm->unmap(kIpa + 511 * kPage);
					  })
					.at_level(3),
				Violation("WhenTwoPagesAreSwapped", RMI_RTT_FOLD_RTT_HOMO,
					  [](Scene &s) {
						  const uint64_t pa = s.m.granules(512, k2M);
						  map_table(s, [=](uint64_t i) {
							  const uint64_t n = i < 510 ? i : 1021 - i;
							  return pa + n * kPage;
						  });
					  })
					.at_level(3),
				Violation("WhenTheMemoryIsNotAlignedToTheBlock",
					  RMI_RTT_FOLD_RTT_HOMO,
					  [](Scene &s) {
						  const uint64_t pa =
							  s.m.granules(513, k2M) + kPage;
						  map_table(s, [=](uint64_t i) {
							  return pa + i * kPage;
						  });
					  })
					.at_level(3),
				Violation("WhenOnePageIsNoRam", RMI_RTT_FOLD_RTT_HOMO,
					  [](Scene &s) {
						  const uint64_t pa = s.m.granules(512, k2M);
						  s.realm->tables_to(kIpa, 3);
						  s.realm->init_ripas(kIpa, kIpa + 511 * kPage);
						  map_table(s, [=](uint64_t i) {
							  return pa + i * kPage;
						  });
					  })
					.at_level(3),
				Violation("WhenTheBlockWouldBeAboveLevel1", RMI_RTT_FOLD_RTT_HOMO,
					  map_level_1_table)
					.at_level(1)
					.since_2_0()
					.does_not_combine(),
				Violation("WhenTheBlockWouldBeAboveLevel1",
					  RMI_RTT_FOLD_RTT_LEVEL_TF, map_level_1_table)
					.with(RMM_BEHAVIOUR_FOLD_REFUSAL_LEVEL_MINUS_ONE)
					.at_level(0)
					.does_not_combine(),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttFold, table());

/* ---- effects ------------------------------------------------------------------ */

TEST(RttFold, OfVoidEntriesGivesAVoidEntry)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t rtt = realm.create_table(kIpa, 2);
		realm.init_ripas(kIpa, kIpa + k1G);
		const Answer a = m.must(RMM_CMD_RMI_RTT_FOLD, {realm.rd(), kIpa, 2});

		EXPECT_EQ(rtt, a.x[1]);
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(rtt));
		EXPECT_EQ(RMI_RTTE_VOID, realm.entry(kIpa, 1).state);
		EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kIpa, 1).ripas);
	});
}

TEST(RttFold, OfContiguousPagesGivesABlock)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.granules(512, k2M);
		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + k2M);
		for (uint64_t i = 0; i < 512; i++)
			realm.map_at(kIpa + i * kPage, pa + i * kPage);
		m.must(RMM_CMD_RMI_RTT_FOLD, {realm.rd(), kIpa, 3});
		const Realm::Entry entry = realm.entry(kIpa + 3 * kPage);

		EXPECT_EQ(2, entry.level);
		EXPECT_EQ(RMI_RTTE_DATA, entry.state);
		EXPECT_EQ(RMI_RIPAS_RAM, entry.ripas);
		EXPECT_EQ(pa, entry.desc);
		for (uint64_t i = 0; i < 512; i++)
			EXPECT_EQ(RMM_GRANULE_DATA, m.state_of(pa + i * kPage));
	});
}

TEST(RttFold, OfABlockKeepsTheParentLive)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 2);
		realm.map(kIpa, 2);
		realm.create_table(kIpa, 3);
		m.must(RMM_CMD_RMI_RTT_FOLD, {realm.rd(), kIpa, 3});
		EXPECT_EQ(RMI_RTT_DESTROY_RTT_LIVE,
			  m.call(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), kIpa, 2}).condition);
		realm.unmap(kIpa, 2);
		m.must(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), kIpa, 2});
	});
}

TEST(RttFold, OfNonSecurePagesKeepsWhatTheHostChose)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.host_pages(512, k2M);
		realm.map_unprotected(kUnprotected, pa, 2, 2);
		const uint64_t block = realm.entry(kUnprotected, 2).desc;
		realm.create_table(kUnprotected, 3);
		m.must(RMM_CMD_RMI_RTT_FOLD, {realm.rd(), kUnprotected, 3});
		EXPECT_EQ(block, realm.entry(kUnprotected, 2).desc);
	});
}

TEST(RttFold, OfUnmappedEntriesGivesAnUnmappedEntry)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kUnprotected, 2);
		m.must(RMM_CMD_RMI_RTT_FOLD, {realm.rd(), kUnprotected, 2});
		realm.map_unprotected(kUnprotected, 0, 1);
	});
}

} // namespace
} // namespace conformance
