/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_DATA_UNMAP. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = k1G;
constexpr uint64_t kBlock = kIpa + k2M;

void base(Scene &s)
{
	s.add_realm();
	s.realm->map(kIpa);
	s.call(RMM_CMD_RMI_RTT_DATA_UNMAP, {s.realm->rd(), kIpa, kIpa + kPage,
					    unmap_flags(s.version(), RMI_ADDR_TYPE_SINGLE), 0});
}

void aim(Scene &s, uint64_t from, uint64_t size)
{
	s.x[2] = from;
	s.x[3] = from + size;
}

std::vector<Violation> list_rows()
{
	std::vector<Violation> all = host_structure(5, 8, RMI_RTT_DATA_UNMAP_OADDR_ALIGN,
						    RMI_RTT_DATA_UNMAP_OADDR_LIST_PAS);

	for (Violation &row : all) {
		auto spoil = row.arrange;
		row.arrange = [spoil](Scene &s) {
			s.x[4] = unmap_flags(s.version(), RMI_ADDR_TYPE_LIST, 1);
			s.x[5] = s.m.host_pages();
			spoil(s);
		};
	}
	return all;
}

Violation checked(const char *when, rmm_condition condition, std::function<void(Scene &)> f)
{
	return Violation(when, condition, std::move(f)).with(RMM_BEHAVIOUR_UNMAP_REGISTERS_CHECKED);
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_DATA_UNMAP,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_DATA_UNMAP_RD_ALIGN,
				       RMI_RTT_DATA_UNMAP_RD_BOUND, RMI_RTT_DATA_UNMAP_RD_STATE),
			granule_range(2, 3, RMI_RTT_DATA_UNMAP_BASE_ALIGN,
				      RMI_RTT_DATA_UNMAP_TOP_ALIGN, RMI_RTT_DATA_UNMAP_SIZE_VALID),
			list_rows(),
			{
				{"WhenTheRangeIsUnprotected", RMI_RTT_DATA_UNMAP_IPA_BOUND,
				 [](Scene &s) { aim(s, kUnprotected, kPage); }},
				{"WhenItReachesIntoTheUnprotectedHalf",
				 RMI_RTT_DATA_UNMAP_IPA_BOUND,
				 [](Scene &s) { aim(s, kUnprotected - kPage, 2 * kPage); }},
				{"WhenItEndsWithTheLastPageOfAll", RMI_RTT_DATA_UNMAP_IPA_BOUND,
				 [](Scene &s) { s.x[3] = kLastPage; }},
				{"WhenItIsReserved", RMI_RTT_DATA_UNMAP_OADDR_TYPE,
				 [](Scene &s) { s.x[4] = unmap_flags(s.version(), 3); }},
				checked("WhenAnAddressIsGivenWithoutAList",
					RMI_RTT_DATA_UNMAP_OADDR_ZERO_TF,
					[](Scene &s) { s.x[5] = s.m.host_pages(); }),
				checked("WhenANumberIsGivenWithoutAList",
					RMI_RTT_DATA_UNMAP_OADDR_ZERO_TF,
					[](Scene &s) {
						s.x[4] = unmap_flags(s.version(),
								     RMI_ADDR_TYPE_NONE, 1);
					})
					.since(RMM_VERSION_2_0_BET1),
				checked("WhenTheListIsToHaveNoEntry",
					RMI_RTT_DATA_UNMAP_LIST_COUNT_TF,
					[](Scene &s) {
						s.x[4] = unmap_flags(s.version(),
								     RMI_ADDR_TYPE_LIST, 0);
						s.x[5] = s.m.host_pages();
					}),
				Violation("WhenItIsInsideABlock",
					  RMI_RTT_DATA_UNMAP_BASE_ENTRY_ALIGN,
					  [](Scene &s) {
						  s.realm->map(kBlock, 2);
						  aim(s, kBlock + kPage, kPage);
					  })
					.at_level(2),
				Violation("WhenItIsInsideAnEmptyEntry",
					  RMI_RTT_DATA_UNMAP_VOID_ALIGN_TF,
					  [](Scene &s) { aim(s, kBlock + kPage, k2M); })
					.with(RMM_BEHAVIOUR_UNMAP_EMPTY_SPAN_CHECKED)
					.at_level(2),
				Violation("WhenTheEmptyEntryIsLargerThanTheRange",
					  RMI_RTT_DATA_UNMAP_VOID_SIZE_TF,
					  [](Scene &s) { aim(s, kBlock, kPage); })
					.with(RMM_BEHAVIOUR_UNMAP_EMPTY_SPAN_CHECKED)
					.at_level(2),
				Violation("WhenNoTableIsThere", RMI_RTT_DATA_UNMAP_VOID_SIZE_TF,
					  [](Scene &s) { aim(s, 3 * k1G, k2M); })
					.with(RMM_BEHAVIOUR_UNMAP_EMPTY_SPAN_CHECKED)
					.at_level(1),
				Violation("WhenTheBlockIsLargerThanTheRange",
					  RMI_RTT_DATA_UNMAP_RTTE_SIZE,
					  [](Scene &s) {
						  s.realm->map(kBlock, 2);
						  aim(s, kBlock, kPage);
					  })
					.at_level(2),
				Violation("WhenTheUnitIsLargerThanTheRange",
					  RMI_RTT_DATA_UNMAP_TRK_GRAN,
					  [](Scene &s) {
						  constexpr uint64_t ipa = 3 * k1G;
						  s.m.delegate(kSpareRegion, k1G / kPage);
						  s.m.track(RMI_TRACKING_COARSE);
						  s.realm->map_at(ipa, kSpareRegion, 1);
						  s.realm->create_table(ipa, 2);
						  aim(s, ipa, k2M);
					  })
					.with(RMM_BEHAVIOUR_RTT_TRACKING_UNCHECKED, false)
					.on_machine(spare_region)
					.does_not_combine(),
				Violation("WhenTheBlockIsOnePageLargerThanTheRange",
					  RMI_RTT_DATA_UNMAP_RTTE_SIZE,
					  [](Scene &s) {
						  s.realm->map(kBlock, 2);
						  aim(s, kBlock, k2M - kPage);
					  })
					.at_level(2),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttDataUnmap, table());

/* ---- effects ------------------------------------------------------------------ */

Answer unmap(Machine &m, const Realm &realm, uint64_t from, uint64_t to, uint64_t type,
	     uint64_t list = 0, uint64_t count = 0)
{
	return m.call(RMM_CMD_RMI_RTT_DATA_UNMAP,
		      {realm.rd(), from, to, unmap_flags(m.version(), type, count), list});
}

uint64_t state_bits(rmm_version v)
{
	return range_desc(v, 0, 0, 3, RMI_OP_MEM_DELEGATED);
}

TEST(RttDataUnmap, ReturnsTheMemoryAndTellsTheRealmByTheRipas)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + kPage);
		const uint64_t ram = realm.map(kIpa);
		const uint64_t empty = realm.map(kIpa + kPage);
		const Answer a = unmap(m, realm, kIpa, kIpa + 2 * kPage, RMI_ADDR_TYPE_NONE);

		EXPECT_EQ(0u, a.x[0]);
		EXPECT_EQ(kIpa + 2 * kPage, a.x[1]);
		EXPECT_EQ(0u, a.x[2]);
		EXPECT_EQ(0u, a.x[3]);
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(ram));
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(empty));
		EXPECT_EQ(RMI_RIPAS_DESTROYED, realm.entry(kIpa).ripas);
		EXPECT_EQ(RMI_RTTE_VOID, realm.entry(kIpa).state);
		EXPECT_EQ(RMI_RIPAS_EMPTY, realm.entry(kIpa + kPage).ripas);
	});
}

TEST(RttDataUnmap, KeepsDestroyedThroughAnotherMapping)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.map_init(kIpa);
		realm.unmap(kIpa);
		realm.map(kIpa);
		EXPECT_EQ(RMI_RIPAS_DESTROYED, realm.entry(kIpa).ripas);
		realm.unmap(kIpa);
		EXPECT_EQ(RMI_RIPAS_DESTROYED, realm.entry(kIpa).ripas);
	});
}

TEST(RttDataUnmap, DescribesASingleRange)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.granules(3);
		for (uint64_t i = 0; i < 3; i++)
			realm.map_at(kIpa + i * kPage, pa + i * kPage);
		const Answer a = unmap(m, realm, kIpa, kIpa + 3 * kPage, RMI_ADDR_TYPE_SINGLE);

		EXPECT_EQ(kIpa + 3 * kPage, a.x[1]);
		EXPECT_EQ(range_desc(m.version(), pa, 3) | state_bits(m.version()), a.x[2]);
		EXPECT_EQ(0u, a.x[3]);
	});
}

TEST(RttDataUnmap, EndsASingleRangeWhereTheMemoryIsNotContiguous)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.granules(2);
		realm.map_at(kIpa, pa + kPage);
		realm.map_at(kIpa + kPage, pa);
		const Answer a = unmap(m, realm, kIpa, kIpa + 2 * kPage, RMI_ADDR_TYPE_SINGLE);

		EXPECT_EQ(kIpa + kPage, a.x[1]);
		EXPECT_EQ(range_desc(m.version(), pa + kPage), a.x[2]);
		EXPECT_EQ(RMM_GRANULE_DATA, m.state_of(pa));
	});
}

TEST(RttDataUnmap, MergesNeighboursInAList)
{
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			const uint64_t pa = m.granules(2);
			const uint64_t other = m.granules(3) + kPage;
			const uint64_t list = m.host_pages() + kPage - 16;
			realm.map_at(kIpa, pa + kPage);
			realm.map_at(kIpa + kPage, pa);
			realm.map_at(kIpa + 2 * kPage, other);
			const Answer a = unmap(m, realm, kIpa, kIpa + 3 * kPage, RMI_ADDR_TYPE_LIST,
					       list, 2);

			EXPECT_EQ(kIpa + 3 * kPage, a.x[1]);
			EXPECT_EQ(0u, a.x[2]);
			EXPECT_EQ(2u, a.x[3]);
			EXPECT_EQ(range_desc(m.version(), pa, 2), m.read_word(list));
			EXPECT_EQ(range_desc(m.version(), other), m.read_word(list + 8));
		},
		{}, RMM_VERSION_2_0_BET1);
}

TEST(RttDataUnmap, StopsWhenTheListIsFull)
{
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			const uint64_t pa = m.granules(3);
			const uint64_t list = m.host_pages();
			realm.map_at(kIpa, pa);
			realm.map_at(kIpa + kPage, pa + 2 * kPage);
			const Answer a = unmap(m, realm, kIpa, kIpa + 2 * kPage, RMI_ADDR_TYPE_LIST,
					       list, 1);

			EXPECT_EQ(kIpa + kPage, a.x[1]);
			EXPECT_EQ(1u, a.x[3]);
			EXPECT_EQ(0u, m.read_word(list + 8))
				<< "nothing is written behind the count";
		},
		{}, RMM_VERSION_2_0_BET1);
}

TEST(RttDataUnmap, FillsAListOnlyToTheEndOfItsGranuleWhereItIsClipped)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_LIST_CLIPPED_TO_GRANULE, true}};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			const uint64_t pa = m.granules(3);
			const uint64_t list = m.host_pages(2) + kPage - 8;
			realm.map_at(kIpa, pa);
			realm.map_at(kIpa + kPage, pa + 2 * kPage);
			const Answer a = unmap(m, realm, kIpa, kIpa + 2 * kPage, RMI_ADDR_TYPE_LIST,
					       list, 512);

			EXPECT_EQ(kIpa + kPage, a.x[1]);
			EXPECT_EQ(1u, a.x[3]);
			EXPECT_EQ(0u, m.read_word(list + 8));
		},
		settings, RMM_VERSION_2_0_BET1);
}

TEST(RttDataUnmap, SkipsWhatIsNotMapped)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = realm.map(kIpa + 9 * kPage);
		const Answer a = unmap(m, realm, kIpa, kIpa + k2M, RMI_ADDR_TYPE_SINGLE);

		EXPECT_EQ(kIpa + k2M, a.x[1]);
		EXPECT_EQ(range_desc(m.version(), pa), a.x[2]);
	});
}

TEST(RttDataUnmap, OfNothingIsProgressToTheEndOfTheTable)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 2);
		const Answer a = unmap(m, realm, kIpa, kIpa + 2 * k1G, RMI_ADDR_TYPE_SINGLE);

		EXPECT_EQ(kIpa + k1G, a.x[1]);
		EXPECT_EQ(0u, a.x[2]);
	});
}

TEST(RttDataUnmap, StopsAtATable)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa + 4 * k2M, 3);
		EXPECT_EQ(kIpa + 4 * k2M,
			  unmap(m, realm, kIpa, kIpa + 8 * k2M, RMI_ADDR_TYPE_NONE).x[1]);
	});
}

TEST(RttDataUnmap, PassesPartOfAnEmptyEntryUnlessTheSpanIsChecked)
{
	for (bool checked_span : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_UNMAP_EMPTY_SPAN_CHECKED, checked_span}};
		in_every_version(
			[=](Machine &m) {
				Realm realm(m);
				realm.tables_to(kIpa, 2);
				const Answer a =
					unmap(m, realm, kBlock, kBlock + kPage, RMI_ADDR_TYPE_NONE);
				EXPECT_EQ(checked_span ? RMI_RTT_DATA_UNMAP_VOID_SIZE_TF
						       : RMM_CONDITION_NONE,
					  a.condition);
			},
			settings);
	}
}

TEST(RttDataUnmap, IgnoresUnusedRegistersUnlessTheyAreChecked)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.map(kIpa);
		EXPECT_EQ(0u, unmap(m, realm, kIpa, kIpa + kPage, RMI_ADDR_TYPE_SINGLE,
				    m.host_pages(), 5)
				      .x[0]);
	});
}

TEST(RttDataUnmap, IsAllowedInEveryStateOfTheRealm)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.map(kIpa);
		realm.map(kIpa + kPage);
		realm.activate();
		realm.unmap(kIpa);
		realm.terminate();
		realm.unmap(kIpa + kPage);
	});
}

} // namespace
} // namespace conformance
