/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_INIT_RIPAS. */
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
	s.realm->tables_to(kIpa, 3);
	s.call(RMM_CMD_RMI_RTT_INIT_RIPAS, {s.realm->rd(), kIpa, kIpa + 16 * kPage});
}

void aim(Scene &s, uint64_t from, uint64_t to)
{
	s.x[2] = from;
	s.x[3] = to;
}

/* Memory that the host took away from the realm. */
void destroy_page(Scene &s)
{
	s.realm->map_init(kIpa);
	s.realm->unmap(kIpa);
}

std::vector<Violation> not_protected(rmm_condition condition)
{
	return {
		{"WhenItIsOnePageIntoTheUnprotectedHalf", condition,
		 [](Scene &s) { s.x[3] = kUnprotected + kPage; }},
		{"WhenTheRangeIsUnprotected", condition,
		 [](Scene &s) { aim(s, kUnprotected, kUnprotected + kPage); }},
		{"WhenItIsTheEndOfTheIpaSpace", condition, [](Scene &s) { s.x[3] = kIpaEnd; }},
		{"WhenItIsBeyondTheIpaSpace", condition, [](Scene &s) { s.x[3] = 4 * kIpaEnd; }},
		{"WhenItIsTheLastPageOfAll", condition, [](Scene &s) { s.x[3] = kLastPage; }},
	};
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_INIT_RIPAS,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_INIT_RIPAS_RD_ALIGN,
				       RMI_RTT_INIT_RIPAS_RD_BOUND, RMI_RTT_INIT_RIPAS_RD_STATE),
			realm_not_new(RMI_RTT_INIT_RIPAS_REALM_STATE),
			not_protected(RMI_RTT_INIT_RIPAS_TOP_BOUND),
			{
				{"WhenItIsEmpty", RMI_RTT_INIT_RIPAS_SIZE_VALID,
				 [](Scene &s) { s.x[3] = s.x[2]; }},
				{"WhenItIsReversed", RMI_RTT_INIT_RIPAS_SIZE_VALID,
				 [](Scene &s) { std::swap(s.x[2], s.x[3]); }},
				{"WhenTheTopIsZero", RMI_RTT_INIT_RIPAS_SIZE_VALID,
				 [](Scene &s) { s.x[3] = 0; }},
				{"WhenItWrapsAround", RMI_RTT_INIT_RIPAS_SIZE_VALID,
				 [](Scene &s) { aim(s, kLastPage, 0); }},
				{"WhenItIsOffByOne", RMI_RTT_INIT_RIPAS_TOP_GRAN_ALIGN,
				 [](Scene &s) { s.x[3] += 1; }},
				{"WhenItIsOffByHalf", RMI_RTT_INIT_RIPAS_TOP_GRAN_ALIGN,
				 [](Scene &s) { s.x[3] += kPage / 2; }},
				{"WhenItIsTheGreatestNumber", RMI_RTT_INIT_RIPAS_TOP_GRAN_ALIGN,
				 [](Scene &s) { s.x[3] = UINT64_MAX; }},
				Violation("WhenItIsOffByOne", RMI_RTT_INIT_RIPAS_BASE_GRAN_ALIGN_TF,
					  [](Scene &s) { s.x[2] += 1; })
					.with(RMM_BEHAVIOUR_INIT_RIPAS_BASE_CHECKED),
				Violation("WhenItIsInsideAPage", RMI_RTT_INIT_RIPAS_BASE_ALIGN,
					  [](Scene &s) { s.x[2] += 1; })
					.at_level(3),
				Violation("WhenItIsInsideAnEmptyEntry",
					  RMI_RTT_INIT_RIPAS_BASE_ALIGN,
					  [](Scene &s) { aim(s, 3 * k1G + kPage, 4 * k1G); })
					.at_level(1),
				Violation("WhenItIsInsideAnEntryAtLevel2",
					  RMI_RTT_INIT_RIPAS_BASE_ALIGN,
					  [](Scene &s) {
						  aim(s, kIpa + k2M + kPage, kIpa + 2 * k2M);
					  })
					.at_level(2),
				Violation("WhenItIsInsideABlock", RMI_RTT_INIT_RIPAS_BASE_ALIGN,
					  [](Scene &s) {
						  s.realm->map(kIpa + k2M, 2);
						  aim(s, kIpa + k2M + kPage, kIpa + 2 * k2M);
					  })
					.at_level(2),
				Violation("WhenThePageWasDestroyed",
					  RMI_RTT_INIT_RIPAS_RIPAS_DESTROYED_TF, destroy_page)
					.with(RMM_BEHAVIOUR_INIT_RIPAS_STOPS_AT_DESTROYED)
					.at_level(3),
				Violation("WhenTheEntryIsLargerThanTheRange",
					  RMI_RTT_INIT_RIPAS_NO_PROGRESS,
					  [](Scene &s) {
						  aim(s, kIpa + k2M, kIpa + k2M + 3 * kPage);
					  })
					.at_level(2),
				Violation("WhenThePageIsData", RMI_RTT_INIT_RIPAS_RTTE_STATE,
					  [](Scene &s) { s.realm->map(kIpa); })
					.at_level(3)
					.until_1_0(),
				Violation("WhenABlockIsData", RMI_RTT_INIT_RIPAS_RTTE_STATE,
					  [](Scene &s) {
						  s.realm->map(kIpa + k2M, 2);
						  aim(s, kIpa + k2M, kIpa + 2 * k2M);
					  })
					.at_level(2)
					.until_1_0(),
				Violation("WhenTheBlockIsLargerThanTheRange",
					  RMI_RTT_INIT_RIPAS_NO_PROGRESS,
					  [](Scene &s) {
						  s.realm->map(kIpa + k2M, 2);
						  aim(s, kIpa + k2M, kIpa + 2 * k2M - kPage);
					  })
					.at_level(2)
					.since_2_0(),
				Violation("WhenNoTableIsThere", RMI_RTT_INIT_RIPAS_NO_PROGRESS,
					  [](Scene &s) { aim(s, 3 * k1G, 3 * k1G + k2M); })
					.at_level(1),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttInitRipas, table());

/* ---- effects ------------------------------------------------------------------ */

TEST(RttInitRipas, MakesRamOfVoidAndOfData)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = realm.map(kIpa);
		const Answer a =
			m.must(RMM_CMD_RMI_RTT_INIT_RIPAS, {realm.rd(), kIpa, kIpa + 2 * kPage});

		EXPECT_EQ(kIpa + 2 * kPage, a.x[1]);
		EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kIpa).ripas);
		EXPECT_EQ(RMI_RTTE_DATA, realm.entry(kIpa).state);
		EXPECT_EQ(pa, realm.entry(kIpa).desc);
		EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kIpa + kPage).ripas);
		EXPECT_EQ(RMI_RTTE_VOID, realm.entry(kIpa + kPage).state);
		EXPECT_EQ(RMI_RIPAS_EMPTY, realm.entry(kIpa + 2 * kPage).ripas);
	});
}

TEST(RttInitRipas, StopsAtTheLastEntryThatFits)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 2);
		const Answer a = m.must(RMM_CMD_RMI_RTT_INIT_RIPAS,
					{realm.rd(), kIpa, kIpa + k2M + k2M / 2});

		EXPECT_EQ(kIpa + k2M, a.x[1]);
		EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kIpa).ripas);
		EXPECT_EQ(RMI_RIPAS_EMPTY, realm.entry(kIpa + k2M).ripas);
	});
}

TEST(RttInitRipas, StopsAtATable)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa + 3 * k2M, 3);
		const Answer a =
			m.must(RMM_CMD_RMI_RTT_INIT_RIPAS, {realm.rd(), kIpa, kIpa + 8 * k2M});

		EXPECT_EQ(kIpa + 3 * k2M, a.x[1]);
	});
}

TEST(RttInitRipas, StopsAtTheEndOfTheTable)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 3);
		const Answer a = m.must(RMM_CMD_RMI_RTT_INIT_RIPAS,
					{realm.rd(), kIpa + 500 * kPage, kIpa + 4 * k2M});

		EXPECT_EQ(kIpa + k2M, a.x[1]);
	});
}

TEST(RttInitRipas, MayCoverTheWholeProtectedHalf)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const Answer a = m.must(RMM_CMD_RMI_RTT_INIT_RIPAS, {realm.rd(), 0, kUnprotected});

		EXPECT_EQ(kUnprotected, a.x[1]);
		EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kUnprotected - k1G, 1).ripas);
	});
}

TEST(RttInitRipas, OfRamIsProgress)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + 4 * kPage);
		EXPECT_EQ(kIpa + 4 * kPage,
			  m.must(RMM_CMD_RMI_RTT_INIT_RIPAS, {realm.rd(), kIpa, kIpa + 4 * kPage})
				  .x[1]);
	});
}

TEST(RttInitRipas, DoesNotChangeTheMeasurementIn2)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const rmm_realm_view before = realm.view();
		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + k2M);
		const rmm_realm_view after = realm.view();
		EXPECT_TRUE(std::equal(before.rim, before.rim + 64, after.rim));
	});
}

/* In 1.0 only the first entry has to be void. */
TEST(RttInitRipas, MakesRamOfDataBehindTheFirstEntryUnlessTheBehaviourStopsIn1)
{
	for (bool stops : {false, true}) {
		Settings settings;
		settings.version = RMM_VERSION_1_0_REL0;
		settings.behaviours = {{RMM_BEHAVIOUR_INIT_RIPAS_STOPS_AT_DATA, stops}};
		Machine m(settings);
		Realm realm(m);
		realm.map(kIpa + kPage);
		const Answer a =
			m.must(RMM_CMD_RMI_RTT_INIT_RIPAS, {realm.rd(), kIpa, kIpa + 3 * kPage});
		EXPECT_EQ(stops ? kIpa + kPage : kIpa + 3 * kPage, a.x[1]);
		EXPECT_EQ(stops ? RMI_RIPAS_EMPTY : RMI_RIPAS_RAM, realm.entry(kIpa + kPage).ripas);
		EXPECT_EQ(RMI_RTTE_DATA, realm.entry(kIpa + kPage).state);
	}
}

TEST(RttInitRipas, ExtendsTheMeasurementByEveryEntryIn1)
{
	Settings settings;
	settings.version = RMM_VERSION_1_0_REL0;
	Machine m(settings);
	Realm at_once(m);
	Realm one_by_one(m);
	Realm as_a_block(m);

	at_once.tables_to(kIpa, 3);
	one_by_one.tables_to(kIpa, 3);
	as_a_block.tables_to(kIpa, 2);
	at_once.init_ripas(kIpa, kIpa + k2M);
	for (uint64_t ipa = kIpa; ipa < kIpa + k2M; ipa += kPage)
		one_by_one.init_ripas(ipa, ipa + kPage);
	as_a_block.init_ripas(kIpa, kIpa + k2M);
	const rmm_realm_view a = at_once.view();
	const rmm_realm_view b = one_by_one.view();
	const rmm_realm_view c = as_a_block.view();
	EXPECT_TRUE(std::equal(a.rim, a.rim + 64, b.rim));
	EXPECT_FALSE(std::equal(a.rim, a.rim + 64, c.rim));
}

TEST(RttInitRipas, PassesDestroyedPagesUnlessTheBehaviourStops)
{
	for (bool stops : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_INIT_RIPAS_STOPS_AT_DESTROYED, stops}};
		in_every_version_since_1_0(
			[=](Machine &m) {
				Realm realm(m);
				realm.map_init(kIpa + kPage);
				realm.unmap(kIpa + kPage);
				const Answer a = m.must(RMM_CMD_RMI_RTT_INIT_RIPAS,
							{realm.rd(), kIpa, kIpa + 2 * kPage});
				EXPECT_EQ(stops ? kIpa + kPage : kIpa + 2 * kPage, a.x[1]);
			},
			settings);
	}
}

} // namespace
} // namespace conformance
