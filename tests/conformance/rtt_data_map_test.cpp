/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_DATA_MAP. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = k1G;
constexpr uint64_t kBlock = kIpa + k2M; /* an entry of level 2 without a table below */

void base(Scene &s)
{
	const rmm_version v = s.version();

	s.add_realm();
	s.realm->tables_to(kIpa, 3);
	s.call(RMM_CMD_RMI_RTT_DATA_MAP,
	       {s.realm->rd(), kIpa, kIpa + kPage, map_flags(v, RMI_ADDR_TYPE_SINGLE),
		range_desc(v, s.m.granules())});
}

void aim(Scene &s, uint64_t from, uint64_t size)
{
	s.x[2] = from;
	s.x[3] = from + size;
}

void offer(Scene &s, uint64_t pa, uint64_t count = 1, int level = 3,
	   uint64_t state = RMI_OP_MEM_DELEGATED)
{
	s.x[5] = range_desc(s.version(), pa, count, level, state);
}

void offer_list(Scene &s, std::initializer_list<uint64_t> descs, uint64_t offset = 0)
{
	s.x[4] = map_flags(s.version(), RMI_ADDR_TYPE_LIST, descs.size());
	s.x[5] = address_list(s.m, descs, offset);
}

/* The list is wrong in one way: rows on its address. */
std::vector<Violation> list_rows()
{
	std::vector<Violation> all = host_structure(5, 8, RMI_RTT_DATA_MAP_OADDR_LIST_ALIGN,
						    RMI_RTT_DATA_MAP_OADDR_LIST_PAS);

	for (Violation &row : all) {
		auto spoil = row.arrange;
		row.arrange = [spoil](Scene &s) {
			offer_list(s, {s.x[5]});
			spoil(s);
		};
	}
	return all;
}

std::vector<Violation> not_protected(rmm_condition condition)
{
	return {
		{"WhenTheRangeIsUnprotected", condition,
		 [](Scene &s) { aim(s, kUnprotected, kPage); }},
		{"WhenItReachesIntoTheUnprotectedHalf", condition,
		 [](Scene &s) { aim(s, kUnprotected - kPage, 2 * kPage); }},
		{"WhenItEndsBeyondTheIpaSpace", condition,
		 [](Scene &s) { s.x[3] = kIpaEnd + kPage; }},
		{"WhenItEndsWithTheLastPageOfAll", condition, [](Scene &s) { s.x[3] = kLastPage; }},
	};
}

Violation block_row(const char *when, rmm_condition condition, std::function<void(Scene &)> f)
{
	return Violation(when, condition, std::move(f))
		.with(RMM_BEHAVIOUR_MAP_LEVEL_FROM_DESCRIPTOR);
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_DATA_MAP,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_DATA_MAP_RD_ALIGN,
				       RMI_RTT_DATA_MAP_RD_BOUND, RMI_RTT_DATA_MAP_RD_STATE),
			granule_range(2, 3, RMI_RTT_DATA_MAP_BASE_ALIGN, RMI_RTT_DATA_MAP_TOP_ALIGN,
				      RMI_RTT_DATA_MAP_SIZE_VALID),
			list_rows(),
			not_protected(RMI_RTT_DATA_MAP_IPA_BOUND),
			{
				Violation("WhenItIsSwitchedOff", RMI_RTT_DATA_MAP_REALM_STATE_TF,
					  [](Scene &s) { s.last_touches.push_back(switch_off); })
					.with(RMM_BEHAVIOUR_MAP_REALM_STATE_CHECKED),
				Violation("WhenItIsTerminated", RMI_RTT_DATA_MAP_REALM_STATE_TF,
					  [](Scene &s) { s.realm->terminate(); })
					.with(RMM_BEHAVIOUR_MAP_REALM_STATE_CHECKED),
				{"WhenItIsNone", RMI_RTT_DATA_MAP_OADDR_TYPE,
				 [](Scene &s) {
					 s.x[4] = map_flags(s.version(), RMI_ADDR_TYPE_NONE);
				 }},
				{"WhenItIsReserved", RMI_RTT_DATA_MAP_OADDR_TYPE,
				 [](Scene &s) { s.x[4] = map_flags(s.version(), 3); }},
				{"WhenTheListHasNoEntry", RMI_RTT_DATA_MAP_OADDR_EMPTY,
				 [](Scene &s) { offer_list(s, {}); }},
				{"WhenTheRangeHasNoBlock", RMI_RTT_DATA_MAP_OADDR_EMPTY,
				 [](Scene &s) { offer(s, s.m.granules(), 0); }},
				{"WhenNoEntryOfTheListHasABlock", RMI_RTT_DATA_MAP_OADDR_EMPTY,
				 [](Scene &s) {
					 const uint64_t none =
						 range_desc(s.version(), s.m.granules(), 0);
					 offer_list(s, {none, none, none});
				 }},
				{"WhenTheDescriptorSaysUndelegated", RMI_RTT_DATA_MAP_DESC_STATE,
				 [](Scene &s) {
					 offer(s, s.m.granules(), 1, 3, RMI_OP_MEM_UNDELEGATED);
				 }},
				{"WhenTheFirstOfAListSaysUndelegated", RMI_RTT_DATA_MAP_DESC_STATE,
				 [](Scene &s) {
					 offer_list(s, {range_desc(s.version(), s.m.granules(), 1,
								   3, RMI_OP_MEM_UNDELEGATED),
							range_desc(s.version(), s.m.granules())});
				 }},
				block_row("WhenTheBlocksAreOf512GiB",
					  RMI_RTT_DATA_MAP_DESC_LEVEL_TF,
					  [](Scene &s) { offer(s, 0, 1, 0); }),
				block_row("When1023BlocksOf512GiBAreOffered",
					  RMI_RTT_DATA_MAP_DESC_LEVEL_TF,
					  [](Scene &s) { offer(s, 0, 1023, 0); }),
				block_row("WhenItIsInsideTheBlock",
					  RMI_RTT_DATA_MAP_BASE_LEVEL_ALIGN_TF,
					  [](Scene &s) {
						  aim(s, kIpa + k2M / 2, k2M);
						  offer(s, s.m.granules(512, k2M), 1, 2);
					  }),
				block_row("WhenTheBlockBeginsInsideOne",
					  RMI_RTT_DATA_MAP_DESC_ALIGN_TF,
					  [](Scene &s) {
						  aim(s, kBlock, k2M);
						  offer(s, s.m.granules(513, k2M) + kPage, 1, 2);
					  }),
				block_row("WhenTheRangeIsOnePage", RMI_RTT_DATA_MAP_SIZE_BLOCK_TF,
					  [](Scene &s) {
						  aim(s, kBlock, kPage);
						  offer(s, s.m.granules(512, k2M), 1, 2);
					  })
					.at_level(2),
				block_row("WhenTheTableForPagesIsMissing", RMI_RTT_DATA_MAP_WALK_TF,
					  [](Scene &s) { aim(s, kBlock, kPage); })
					.at_level(2),
				block_row("WhenNoTableIsThere", RMI_RTT_DATA_MAP_WALK_TF,
					  [](Scene &s) { aim(s, 3 * k1G, kPage); })
					.at_level(1),
				block_row("WhenATableIsWhereTheBlockWouldBe",
					  RMI_RTT_DATA_MAP_TABLE_TF,
					  [](Scene &s) {
						  aim(s, kIpa, k2M);
						  offer(s, s.m.granules(512, k2M), 1, 2);
					  })
					.at_level(2),
				block_row("WhenAnotherPageIsMappedAtItsLevel",
					  RMI_RTT_DATA_MAP_RTTE_STATE,
					  [](Scene &s) { s.realm->map(kIpa); })
					.at_level(3)
					.does_not_combine(),
				Violation("WhenAnotherPageIsMapped", RMI_RTT_DATA_MAP_RTTE_STATE,
					  [](Scene &s) { s.realm->map(kIpa); })
					.at_level(3),
				Violation("WhenTheSamePageIsMapped", RMI_RTT_DATA_MAP_RTTE_STATE,
					  [](Scene &s) { offer(s, s.realm->map(kIpa)); })
					.with(RMM_BEHAVIOUR_MAP_SAME_PA_SUCCEEDS, false)
					.at_level(3),
				Violation("WhenTheSamePageIsMappedInTheFirstDraft",
					  RMI_RTT_DATA_MAP_RTTE_STATE,
					  [](Scene &s) { offer(s, s.realm->map(kIpa)); })
					.until(RMM_VERSION_2_0_BET0)
					.at_level(3)
					.does_not_combine(),
				Violation("WhenItIsInsideAnEmptyEntry",
					  RMI_RTT_DATA_MAP_BASE_ENTRY_ALIGN,
					  [](Scene &s) { aim(s, kBlock + kPage, kPage); })
					.at_level(2),
				Violation("WhenTheEntryIsLargerThanTheRange",
					  RMI_RTT_DATA_MAP_RTTE_SIZE,
					  [](Scene &s) { aim(s, kBlock, kPage); })
					.at_level(2),
				Violation("WhenNoTableIsThere", RMI_RTT_DATA_MAP_RTTE_SIZE,
					  [](Scene &s) { aim(s, 3 * k1G, kPage); })
					.at_level(1),
				Violation("WhenNoTableOfFourLevelsIsThere",
					  RMI_RTT_DATA_MAP_RTTE_SIZE,
					  [](Scene &s) {
						  use_deep_realm(s);
						  aim(s, 0, kPage);
					  })
					.at_level(0),
				Violation("WhenOnePageIsOfferedForABlock",
					  RMI_RTT_DATA_MAP_DESC_SPAN,
					  [](Scene &s) { aim(s, kBlock, k2M); })
					.at_level(2),
				Violation("WhenTheListRunsOutInsideABlock",
					  RMI_RTT_DATA_MAP_DESC_SPAN,
					  [](Scene &s) {
						  const uint64_t pa = s.m.granules(512, k2M);
						  aim(s, kBlock, k2M);
						  offer_list(s, {range_desc(s.version(), pa, 511)});
					  })
					.at_level(2),
				{"WhenThePagesOfABlockBeginInsideOne",
				 RMI_RTT_DATA_MAP_OADDR_ENTRY_ALIGN,
				 [](Scene &s) {
					 aim(s, kBlock, k2M);
					 offer(s, s.m.granules(513, k2M) + kPage, 512);
				 }},
				{"WhenTheyNeedMoreThan48Bits", RMI_RTT_DATA_MAP_OADDR_BOUND,
				 [](Scene &s) { offer(s, kHighBank); }},
				Violation("WhenNothingIsTrackedThere",
					  RMI_RTT_DATA_MAP_TRK_UNTRACKED,
					  [](Scene &s) {
						  s.m.track(RMI_TRACKING_NONE);
						  offer(s, kSpareRegion);
					  })
					.with(RMM_BEHAVIOUR_RTT_TRACKING_UNCHECKED, false)
					.on_machine(spare_region),
				Violation("WhenTheUnitIsLargerThanTheRange",
					  RMI_RTT_DATA_MAP_TRK_GRAN,
					  [](Scene &s) {
						  s.m.delegate(kSpareRegion, k1G / kPage);
						  s.m.track(RMI_TRACKING_COARSE);
						  offer(s, kSpareRegion);
					  })
					.with(RMM_BEHAVIOUR_RTT_TRACKING_UNCHECKED, false)
					.on_machine(spare_region),
				{"WhenItIsInAHole", RMI_RTT_DATA_MAP_GRAN_BOUND,
				 [](Scene &s) { offer(s, kDramBase + kDramSize); }},
				{"WhenItIsDeviceMemory", RMI_RTT_DATA_MAP_GRAN_BOUND,
				 [](Scene &s) { offer(s, kDeviceBase); }},
				{"WhenItIsUndelegated", RMI_RTT_DATA_MAP_GRAN_STATE,
				 [](Scene &s) { offer(s, s.m.host_pages()); }},
				{"WhenItIsSecure", RMI_RTT_DATA_MAP_GRAN_STATE,
				 [](Scene &s) { offer(s, s.m.secure_page()); }},
				{"WhenItIsTheRd", RMI_RTT_DATA_MAP_GRAN_STATE,
				 [](Scene &s) { offer(s, s.realm->rd()); }},
				{"WhenItIsATable", RMI_RTT_DATA_MAP_GRAN_STATE,
				 [](Scene &s) { offer(s, granule_in(s, RMM_GRANULE_RTT)); }},
				{"WhenItIsMappedElsewhere", RMI_RTT_DATA_MAP_GRAN_STATE,
				 [](Scene &s) { offer(s, s.realm->map(kIpa + kPage)); }},
				{"WhenItIsARec", RMI_RTT_DATA_MAP_GRAN_STATE,
				 [](Scene &s) { offer(s, granule_in(s, RMM_GRANULE_REC)); }},
				{"WhenAnOperationHoldsIt", RMI_RTT_DATA_MAP_GRAN_STATE,
				 [](Scene &s) { offer(s, granule_in(s, RMM_GRANULE_PARTIAL)); }},
				{"WhenTheLastPageOfABlockIsUndelegated",
				 RMI_RTT_DATA_MAP_GRAN_BLOCK,
				 [](Scene &s) {
					 const uint64_t pa = s.m.host_pages(512, k2M);
					 s.m.delegate(pa, 511);
					 aim(s, kBlock, k2M);
					 offer(s, pa, 1, 2);
				 }},
				{"WhenTheSecondPageOfABlockIsUndelegated",
				 RMI_RTT_DATA_MAP_GRAN_BLOCK,
				 [](Scene &s) {
					 const uint64_t pa = s.m.host_pages(512, k2M);
					 s.m.delegate(pa, 1);
					 s.m.delegate(pa + 2 * kPage, 510);
					 aim(s, kBlock, k2M);
					 offer(s, pa, 1, 2);
				 }},
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttDataMap, table());

/* ---- effects ------------------------------------------------------------------ */

Answer map(Machine &m, const Realm &realm, uint64_t from, uint64_t to, uint64_t desc)
{
	return m.call(RMM_CMD_RMI_RTT_DATA_MAP,
		      {realm.rd(), from, to, map_flags(m.version(), RMI_ADDR_TYPE_SINGLE), desc});
}

Answer map_list(Machine &m, const Realm &realm, uint64_t from, uint64_t to, uint64_t list,
		uint64_t count)
{
	return m.call(
		RMM_CMD_RMI_RTT_DATA_MAP,
		{realm.rd(), from, to, map_flags(m.version(), RMI_ADDR_TYPE_LIST, count), list});
}

TEST(RttDataMap, TakesTheMemoryAndKeepsTheRipas)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.granules(2);
		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + kPage);
		const Answer a =
			map(m, realm, kIpa, kIpa + 2 * kPage, range_desc(m.version(), pa, 2));

		EXPECT_EQ(0u, a.x[0]);
		EXPECT_EQ(kIpa + 2 * kPage, a.x[1]);
		EXPECT_EQ(pa, realm.entry(kIpa).desc);
		EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kIpa).ripas);
		EXPECT_EQ(pa + kPage, realm.entry(kIpa + kPage).desc);
		EXPECT_EQ(RMI_RIPAS_EMPTY, realm.entry(kIpa + kPage).ripas);
		EXPECT_EQ(RMM_GRANULE_DATA, m.state_of(pa));
		EXPECT_EQ(RMM_GRANULE_DATA, m.state_of(pa + kPage));
	});
}

TEST(RttDataMap, WipesTheMemory)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.host_pages();
		uint64_t word = 1;

		m.write_words(pa, {0xdead});
		m.delegate(pa, 1);
		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + kPage);
		realm.map_at(kIpa, pa);
		ASSERT_TRUE(rmm_realm_peek(m.sys(), realm.rd(), kIpa, &word, sizeof(word)));
		EXPECT_EQ(0u, word);
	});
}

TEST(RttDataMap, LeavesTheMeasurementAlone)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const rmm_realm_view before = realm.view();
		realm.map(kIpa);
		EXPECT_TRUE(std::equal(before.rim, before.rim + 64, realm.view().rim));
	});
}

TEST(RttDataMap, MapsABlockWhereTheEntryIsFree)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = realm.map(kBlock, 2);

		EXPECT_EQ(2, realm.entry(kBlock).level);
		EXPECT_EQ(pa, realm.entry(kBlock).desc);
		EXPECT_EQ(RMM_GRANULE_DATA, m.state_of(pa + 511 * kPage));
	});
}

/* The walk decides; only a behaviour lets the descriptor decide. */
TEST(RttDataMap, MapsA2MiBDescriptorAsPagesWhereATableIs)
{
	for (bool by_descriptor : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_MAP_LEVEL_FROM_DESCRIPTOR, by_descriptor}};
		in_every_version(
			[=](Machine &m) {
				Realm realm(m);
				realm.tables_to(kIpa, 3);
				const uint64_t pa = m.granules(512, k2M);
				const Answer a = map(m, realm, kIpa, kIpa + k2M,
						     range_desc(m.version(), pa, 1, 2));

				if (by_descriptor) {
					EXPECT_EQ(RMI_RTT_DATA_MAP_TABLE_TF, a.condition);
					EXPECT_EQ(2, a.level());
					return;
				}
				EXPECT_EQ(kIpa + k2M, a.x[1]);
				EXPECT_EQ(3, realm.entry(kIpa).level);
				EXPECT_EQ(pa + 9 * kPage, realm.entry(kIpa + 9 * kPage).desc);
			},
			settings);
	}
}

TEST(RttDataMap, TakesListsInOrderOverEmptyEntries)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const rmm_version v = m.version();
		const uint64_t a = m.granules(2);
		const uint64_t b = m.granules(3);
		const uint64_t list = address_list(
			m, {range_desc(v, b + kPage, 2), range_desc(v, 0, 0), range_desc(v, a)});
		realm.tables_to(kIpa, 3);
		const Answer answer = map_list(m, realm, kIpa, kIpa + 3 * kPage, list, 3);

		EXPECT_EQ(kIpa + 3 * kPage, answer.x[1]);
		EXPECT_EQ(b + kPage, realm.entry(kIpa).desc);
		EXPECT_EQ(b + 2 * kPage, realm.entry(kIpa + kPage).desc);
		EXPECT_EQ(a, realm.entry(kIpa + 2 * kPage).desc);
	});
}

TEST(RttDataMap, StopsWithProgressWhereTheMemoryEnds)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.granules(2);
		realm.tables_to(kIpa, 3);
		const Answer a =
			map(m, realm, kIpa, kIpa + 8 * kPage, range_desc(m.version(), pa, 2));

		EXPECT_EQ(0u, a.x[0]);
		EXPECT_EQ(kIpa + 2 * kPage, a.x[1]);
		EXPECT_EQ(RMI_RTTE_VOID, realm.entry(kIpa + 2 * kPage).state);
	});
}

TEST(RttDataMap, StopsWithProgressAtAGranuleThatIsNotDelegated)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.host_pages(3);
		m.delegate(pa, 2);
		realm.tables_to(kIpa, 3);
		EXPECT_EQ(
			kIpa + 2 * kPage,
			map(m, realm, kIpa, kIpa + 3 * kPage, range_desc(m.version(), pa, 3)).x[1]);
		EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(pa + 2 * kPage));
	});
}

TEST(RttDataMap, StopsWithProgressAtTheEndOfTheTable)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.granules(4);
		realm.tables_to(kIpa, 3);
		EXPECT_EQ(kIpa + k2M, map(m, realm, kIpa + k2M - 2 * kPage, kIpa + k2M + 2 * kPage,
					  range_desc(m.version(), pa, 4))
					      .x[1]);
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(pa + 2 * kPage));
	});
}

TEST(RttDataMap, StopsWithProgressAtAMappedEntry)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.map(kIpa + kPage);
		EXPECT_EQ(kIpa + kPage, map(m, realm, kIpa, kIpa + 3 * kPage,
					    range_desc(m.version(), m.granules(3), 3))
						.x[1]);
	});
}

TEST(RttDataMap, ReadsNoEntryBehindTheEndOfTheListsGranuleWhereItIsClipped)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_LIST_CLIPPED_TO_GRANULE, true}};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			const rmm_version v = m.version();
			const uint64_t page = m.host_pages(2);
			const uint64_t list = page + kPage - 8;
			m.write_words(list,
				      {range_desc(v, m.granules()), range_desc(v, m.granules())});
			realm.tables_to(kIpa, 3);
			EXPECT_EQ(kIpa + kPage,
				  map_list(m, realm, kIpa, kIpa + 2 * kPage, list, 2).x[1]);
		},
		settings);
}

TEST(RttDataMap, OfTheSameMemoryAgainChangesNothing)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_MAP_SAME_PA_SUCCEEDS, true}};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			const uint64_t pa = m.granules(2);
			const uint64_t desc = range_desc(m.version(), pa, 2);
			realm.tables_to(kIpa, 3);
			map(m, realm, kIpa, kIpa + 2 * kPage, desc);
			const Machine::Snapshot before = m.snapshot();
			const Answer again = map(m, realm, kIpa, kIpa + 2 * kPage, desc);

			EXPECT_EQ(0u, again.x[0]);
			EXPECT_EQ(kIpa + 2 * kPage, again.x[1]);
			EXPECT_EQ("", difference(before, m.snapshot()));
		},
		settings);
}

/* RMI_BLOCKED and RMI_BUSY come before everything else where contexts are reserved first. */
TEST(RttDataMap, IsBlockedByAFullPoolWhereAContextIsReservedFirst)
{
	for (bool first : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_SRO_RESERVED_FIRST, first}};
		settings.changes = {[](rmm_config &config) { config.sro_contexts = 1; }};
		in_every_version(
			[=](Machine &m) {
				Realm realm(m);
				const RecPlan plan = Rec::plan(m);
				m.call(RMM_CMD_RMI_REC_CREATE,
				       {realm.rd(), plan.rec, plan.params_ptr});
				const Answer a = map(m, realm, 1, 0, 0);
				EXPECT_EQ(first ? RMI_ANY_BLOCKED : RMI_RTT_DATA_MAP_SIZE_VALID,
					  a.condition);
			},
			settings);
	}
}

} // namespace
} // namespace conformance
