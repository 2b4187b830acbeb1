/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_UNPROT_MAP. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = kUnprotected + k1G;
constexpr uint64_t kBlock = kIpa + k2M;

void base(Scene &s)
{
	const rmm_version v = s.version();

	s.add_realm();
	s.realm->tables_to(kIpa, 3);
	s.call(RMM_CMD_RMI_RTT_UNPROT_MAP,
	       {s.realm->rd(), kIpa, kIpa + kPage, unprot_flags(v, RMI_ADDR_TYPE_SINGLE),
		range_desc(v, s.m.host_pages(), 1, 3, RMI_OP_MEM_UNDELEGATED)});
}

void aim(Scene &s, uint64_t from, uint64_t size)
{
	s.x[2] = from;
	s.x[3] = from + size;
}

uint64_t host_desc(const Scene &s, uint64_t pa, uint64_t count = 1, int level = 3)
{
	return range_desc(s.version(), pa, count, level, RMI_OP_MEM_UNDELEGATED);
}

void offer(Scene &s, uint64_t pa, uint64_t count = 1, int level = 3)
{
	s.x[5] = host_desc(s, pa, count, level);
}

void offer_list(Scene &s, std::initializer_list<uint64_t> descs)
{
	s.x[4] = unprot_flags(s.version(), RMI_ADDR_TYPE_LIST, descs.size());
	s.x[5] = address_list(s.m, descs);
}

std::vector<Violation> list_rows()
{
	std::vector<Violation> all = host_structure(5, 8, RMI_RTT_UNPROT_MAP_OADDR_ALIGN,
						    RMI_RTT_UNPROT_MAP_OADDR_LIST_PAS);

	for (Violation &row : all) {
		auto spoil = row.arrange;
		row.arrange = [spoil](Scene &s) {
			offer_list(s, {s.x[5]});
			spoil(s);
		};
	}
	return all;
}

Violation block_row(const char *when, rmm_condition condition, std::function<void(Scene &)> f)
{
	return Violation(when, condition, std::move(f))
		.with(RMM_BEHAVIOUR_MAP_LEVEL_FROM_DESCRIPTOR);
}

Violation s2ap_row(const char *when, uint64_t s2ap)
{
	return {when, RMI_RTT_UNPROT_MAP_S2AP, [=](Scene &s) {
			s.x[4] = unprot_flags(s.version(), RMI_ADDR_TYPE_SINGLE, 0, 6, s2ap);
		}};
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_UNPROT_MAP,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_UNPROT_MAP_RD_ALIGN,
				       RMI_RTT_UNPROT_MAP_RD_BOUND, RMI_RTT_UNPROT_MAP_RD_STATE),
			granule_range(2, 3, RMI_RTT_UNPROT_MAP_BASE_ALIGN,
				      RMI_RTT_UNPROT_MAP_TOP_ALIGN, RMI_RTT_UNPROT_MAP_SIZE_VALID),
			list_rows(),
			{
				Violation("WhenItIsSwitchedOff", RMI_RTT_UNPROT_MAP_REALM_STATE_TF,
					  [](Scene &s) { s.last_touches.push_back(switch_off); })
					.with(RMM_BEHAVIOUR_MAP_REALM_STATE_CHECKED),
				Violation("WhenItIsTerminated", RMI_RTT_UNPROT_MAP_REALM_STATE_TF,
					  [](Scene &s) { s.realm->terminate(); })
					.with(RMM_BEHAVIOUR_MAP_REALM_STATE_CHECKED),
				{"WhenItIsNone", RMI_RTT_UNPROT_MAP_OADDR_TYPE,
				 [](Scene &s) {
					 s.x[4] = unprot_flags(s.version(), RMI_ADDR_TYPE_NONE);
				 }},
				{"WhenItIsReserved", RMI_RTT_UNPROT_MAP_OADDR_TYPE,
				 [](Scene &s) { s.x[4] = unprot_flags(s.version(), 3); }},
				{"WhenTheListHasNoEntry", RMI_RTT_UNPROT_MAP_OADDR_EMPTY,
				 [](Scene &s) { offer_list(s, {}); }},
				{"WhenTheRangeHasNoBlock", RMI_RTT_UNPROT_MAP_OADDR_EMPTY,
				 [](Scene &s) { offer(s, s.m.host_pages(), 0); }},
				Violation("WhenTheDescriptorSaysDelegated",
					  RMI_RTT_UNPROT_MAP_DESC_STATE,
					  [](Scene &s) {
						  s.x[5] =
							  range_desc(s.version(), s.m.host_pages());
					  })
					.with(RMM_BEHAVIOUR_UNPROT_DESC_STATE_IGNORED, false),
				block_row("WhenTheBlocksAreOf512GiB",
					  RMI_RTT_UNPROT_MAP_DESC_LEVEL_TF,
					  [](Scene &s) { offer(s, 0, 1, 0); }),
				block_row("When1023BlocksOf512GiBAreOffered",
					  RMI_RTT_UNPROT_MAP_DESC_LEVEL_TF,
					  [](Scene &s) { offer(s, 0, 1023, 0); }),
				block_row("WhenItIsInsideTheBlock",
					  RMI_RTT_UNPROT_MAP_BASE_LEVEL_ALIGN_TF,
					  [](Scene &s) {
						  aim(s, kIpa + k2M / 2, k2M);
						  offer(s, k2M, 1, 2);
					  }),
				block_row("WhenTheBlockBeginsInsideOne",
					  RMI_RTT_UNPROT_MAP_DESC_ALIGN_TF,
					  [](Scene &s) {
						  aim(s, kBlock, k2M);
						  offer(s, k2M + kPage, 1, 2);
					  }),
				Violation("WhenTheRangeBeginsProtected",
					  RMI_RTT_UNPROT_MAP_STRADDLE_TF,
					  [](Scene &s) {
						  s.realm->tables_to(kUnprotected - kPage, 3);
						  aim(s, kUnprotected - kPage, 2 * kPage);
					  })
					.with(RMM_BEHAVIOUR_UNPROT_STRADDLE_FAILS_AS_RTT)
					.with(RMM_BEHAVIOUR_MAP_LEVEL_FROM_DESCRIPTOR)
					.at_level(3),
				{"WhenTheRangeBeginsProtected", RMI_RTT_UNPROT_MAP_IPA_BOUND,
				 [](Scene &s) { aim(s, kUnprotected - kPage, 2 * kPage); }},
				{"WhenTheRangeIsProtected", RMI_RTT_UNPROT_MAP_IPA_BOUND,
				 [](Scene &s) { aim(s, k1G, kPage); }},
				{"WhenTheRangeEndsOnePageTooFar", RMI_RTT_UNPROT_MAP_IPA_WIDTH,
				 [](Scene &s) { aim(s, kIpaEnd - kPage, 2 * kPage); }},
				{"WhenTheRangeBeginsAtTheEnd", RMI_RTT_UNPROT_MAP_IPA_WIDTH,
				 [](Scene &s) { aim(s, kIpaEnd, kPage); }},
				{"WhenTheRangeEndsWithTheLastPageOfAll",
				 RMI_RTT_UNPROT_MAP_IPA_WIDTH,
				 [](Scene &s) { s.x[3] = kLastPage; }},
				block_row("WhenTheRangeIsOnePage", RMI_RTT_UNPROT_MAP_SIZE_BLOCK_TF,
					  [](Scene &s) {
						  aim(s, kBlock, kPage);
						  offer(s, k2M, 1, 2);
					  })
					.at_level(2),
				s2ap_row("WhenTheThirdBitIsSet", 4),
				s2ap_row("WhenTheFourthBitIsSet", 8),
				s2ap_row("WhenAllBitsAreSet", 15),
				block_row("WhenTheTableForPagesIsMissing",
					  RMI_RTT_UNPROT_MAP_WALK_TF,
					  [](Scene &s) { aim(s, kBlock, kPage); })
					.at_level(2),
				{"WhenItIsTheReservedEncoding", RMI_RTT_UNPROT_MAP_MEMATTR,
				 [](Scene &s) {
					 s.x[4] = unprot_flags(s.version(), RMI_ADDR_TYPE_SINGLE, 0,
							       4);
				 }},
				block_row("WhenATableIsWhereTheBlockWouldBe",
					  RMI_RTT_UNPROT_MAP_TABLE_TF,
					  [](Scene &s) {
						  aim(s, kIpa, k2M);
						  offer(s, k2M, 1, 2);
					  })
					.at_level(2),
				Violation("WhenAnotherPageIsMapped", RMI_RTT_UNPROT_MAP_RTTE_STATE,
					  [](Scene &s) {
						  s.realm->map_unprotected(kIpa, s.m.host_pages());
					  })
					.at_level(3),
				Violation("WhenThePageIsMappedWithOtherAttributes",
					  RMI_RTT_UNPROT_MAP_RTTE_STATE,
					  [](Scene &s) {
						  const uint64_t pa = s.m.host_pages();
						  s.realm->map_unprotected(kIpa, pa, 3, 2);
						  offer(s, pa);
					  })
					.with(RMM_BEHAVIOUR_UNPROT_REMAP_SUCCEEDS)
					.at_level(3),
				Violation("WhenTheSamePageIsMapped", RMI_RTT_UNPROT_MAP_RTTE_STATE,
					  [](Scene &s) {
						  const uint64_t pa = s.m.host_pages();
						  s.realm->map_unprotected(kIpa, pa);
						  offer(s, pa);
					  })
					.with(RMM_BEHAVIOUR_UNPROT_REMAP_SUCCEEDS, false)
					.at_level(3),
				Violation("WhenItIsInsideAnEmptyEntry",
					  RMI_RTT_UNPROT_MAP_BASE_ENTRY_ALIGN,
					  [](Scene &s) { aim(s, kBlock + kPage, kPage); })
					.at_level(2),
				Violation("WhenTheEntryIsLargerThanTheRange",
					  RMI_RTT_UNPROT_MAP_RTTE_SIZE,
					  [](Scene &s) { aim(s, kBlock, kPage); })
					.at_level(2),
				Violation("WhenOnlyTheSecondStartingTableIsThere",
					  RMI_RTT_UNPROT_MAP_RTTE_SIZE,
					  [](Scene &s) { aim(s, kUnprotected, kPage); })
					.at_level(1),
				Violation("WhenOnePageIsOfferedForABlock",
					  RMI_RTT_UNPROT_MAP_DESC_SPAN,
					  [](Scene &s) { aim(s, kBlock, k2M); })
					.at_level(2),
				{"WhenThePagesOfABlockBeginInsideOne",
				 RMI_RTT_UNPROT_MAP_OADDR_ENTRY_ALIGN,
				 [](Scene &s) {
					 aim(s, kBlock, k2M);
					 offer(s, k2M + kPage, 512);
				 }},
				{"WhenTheyNeedMoreThan48Bits", RMI_RTT_UNPROT_MAP_OADDR_BOUND,
				 [](Scene &s) { offer(s, kHighBank); }},
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttUnprotMap, table());

/* ---- effects ------------------------------------------------------------------ */

Answer map(Machine &m, const Realm &realm, uint64_t from, uint64_t to, uint64_t desc)
{
	return m.call(
		RMM_CMD_RMI_RTT_UNPROT_MAP,
		{realm.rd(), from, to, unprot_flags(m.version(), RMI_ADDR_TYPE_SINGLE), desc});
}

TEST(RttUnprotMap, LeavesTheMemoryToTheHost)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.host_pages();
		realm.map_unprotected(kIpa, pa);
		EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(pa));
		EXPECT_EQ(RMM_GPI_NS, m.gpi_of(pa));
	});
}

TEST(RttUnprotMap, DoesNotCareWhatTheMemoryIs)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.map_unprotected(kIpa, m.granules());
		realm.map_unprotected(kIpa + kPage, kHole);
		realm.map_unprotected(kIpa + 2 * kPage, kDeviceBase);
	});
}

TEST(RttUnprotMap, MapsARangeUpToTheEndOfTheTable)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const rmm_version v = m.version();
		realm.tables_to(kIpa, 3);
		EXPECT_EQ(kIpa + k2M, map(m, realm, kIpa, kIpa + 2 * k2M,
					  range_desc(v, k2M, 1023, 3, RMI_OP_MEM_UNDELEGATED))
					      .x[1]);
		EXPECT_EQ(k2M + 511 * kPage,
			  realm.entry(kIpa + 511 * kPage).desc & ~UINT64_C(0xfff));
	});
}

TEST(RttUnprotMap, MapsUpToTheEndOfTheIpaSpace)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.map_unprotected(kIpaEnd - kPage, m.host_pages());
	});
}

/* 52 bits with LPA2: the second page has an address that no entry can hold. */
TEST(RttUnprotMap, EndsWherePhysicalAddressesEnd)
{
	in_every_version([](Machine &m) {
		rmi_realm_params params = RealmPlan::usual();
		params.flags0 = rmi_realm_flags0_with_lpa2(m.version(), 0, 1);
		Realm realm(m, Realm::plan(m, params));
		const uint64_t last = (UINT64_C(1) << 52) - kPage;

		realm.tables_to(kIpa, 3);
		EXPECT_EQ(kIpa + kPage,
			  map(m, realm, kIpa, kIpa + 2 * kPage,
			      range_desc(m.version(), last, 2, 3, RMI_OP_MEM_UNDELEGATED))
				  .x[1]);
	});
}

TEST(RttUnprotMap, OfTheSameMemoryAgainChangesNothing)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_UNPROT_REMAP_SUCCEEDS, true}};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			const uint64_t desc = range_desc(m.version(), m.host_pages(), 1, 3,
							 RMI_OP_MEM_UNDELEGATED);
			realm.tables_to(kIpa, 3);
			map(m, realm, kIpa, kIpa + kPage, desc);
			const Machine::Snapshot before = m.snapshot();
			EXPECT_EQ(kIpa + kPage, map(m, realm, kIpa, kIpa + kPage, desc).x[1]);
			EXPECT_EQ("", difference(before, m.snapshot()));
		},
		settings);
}

/* SH at [9:8] of the descriptor: 3 inner, 2 outer. */
TEST(RttUnprotMap, MakesNonCacheableMemoryOuterShareableUnlessAllIsInner)
{
	for (bool inner : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_SHAREABILITY_NS_INNER, inner}};
		in_every_version(
			[=](Machine &m) {
				const rmm_version v = m.version();
				Realm realm(m);
				realm.tables_to(kIpa, 2);
				const uint64_t rtt = realm.create_table(kIpa, 3);

				for (uint64_t i = 0; i < 2; i++)
					m.must(RMM_CMD_RMI_RTT_UNPROT_MAP,
					       {realm.rd(), kIpa + i * kPage,
						kIpa + (i + 1) * kPage,
						unprot_flags(v, RMI_ADDR_TYPE_SINGLE, 0, 5 + i),
						range_desc(v, m.host_pages(), 1, 3,
							   RMI_OP_MEM_UNDELEGATED)});
				EXPECT_EQ(inner ? 3u : 2u, m.table_entry(rtt, 0) >> 8 & 3)
					<< "non-cacheable";
				EXPECT_EQ(3u, m.table_entry(rtt, 1) >> 8 & 3) << "write-back";
			},
			settings);
	}
}

TEST(RttUnprotMap, IgnoresTheStateOfDescriptorsWhereTheBehaviourSaysSo)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_UNPROT_DESC_STATE_IGNORED, true}};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			realm.tables_to(kIpa, 3);
			EXPECT_EQ(0u, map(m, realm, kIpa, kIpa + kPage,
					  range_desc(m.version(), m.host_pages()))
					      .x[0]);
		},
		settings);
}

} // namespace
} // namespace conformance
