/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_DATA_MAP_INIT. */
#include <algorithm>

#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = k1G;
constexpr uint64_t kMeasure = 1;

void base(Scene &s)
{
	s.add_realm();
	s.realm->tables_to(kIpa, 3);
	s.call(RMM_CMD_RMI_RTT_DATA_MAP_INIT,
	       {s.realm->rd(), s.m.granules(), kIpa, s.m.host_pages(), 0});
}

std::vector<Violation> not_protected(rmm_condition condition)
{
	return {
		{"WhenItIsTheFirstUnprotectedPage", condition,
		 [](Scene &s) { s.x[3] = kUnprotected; }},
		{"WhenItIsTheEndOfTheIpaSpace", condition, [](Scene &s) { s.x[3] = kIpaEnd; }},
		{"WhenItIsTheLastPageOfAll", condition, [](Scene &s) { s.x[3] = kLastPage; }},
		{"WhenItsHighestBitIsSet", condition,
		 [](Scene &s) { s.x[3] |= UINT64_C(1) << 63; }},
	};
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_DATA_MAP_INIT,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_DATA_MAP_INIT_RD_ALIGN,
				       RMI_RTT_DATA_MAP_INIT_RD_BOUND,
				       RMI_RTT_DATA_MAP_INIT_RD_STATE),
			without(consumed_granule(2, RMI_RTT_DATA_MAP_INIT_DATA_ALIGN,
						 RMI_RTT_DATA_MAP_INIT_DATA_BOUND,
						 RMI_RTT_DATA_MAP_INIT_DATA_STATE),
				kBeyond48Bits),
			host_structure(4, kPage, RMI_RTT_DATA_MAP_INIT_SRC_ALIGN,
				       RMI_RTT_DATA_MAP_INIT_SRC_PAS),
			realm_not_new(RMI_RTT_DATA_MAP_INIT_REALM_STATE),
			not_protected(RMI_RTT_DATA_MAP_INIT_IPA_BOUND),
			{
				Violation("WhenAReservedBitIsSet", RMI_RTT_DATA_MAP_INIT_FLAGS_TF,
					  [](Scene &s) { s.x[5] = 2; })
					.with(RMM_BEHAVIOUR_DATA_FLAGS_CHECKED),
				Violation("WhenTheHighestBitIsSet", RMI_RTT_DATA_MAP_INIT_FLAGS_TF,
					  [](Scene &s) { s.x[5] = UINT64_C(1) << 63; })
					.with(RMM_BEHAVIOUR_DATA_FLAGS_CHECKED),
				Violation("WhenTheyAreTheSame", RMI_RTT_DATA_MAP_INIT_DATA_RD_TF,
					  [](Scene &s) { s.x[2] = s.x[1]; })
					.with(RMM_BEHAVIOUR_DATA_ALIAS_CHECKED),
				{"WhenItIsTheRd", RMI_RTT_DATA_MAP_INIT_DATA_STATE,
				 [](Scene &s) { s.x[2] = s.x[1]; }},
				Violation("WhenItIsTheLastTable",
					  RMI_RTT_DATA_MAP_INIT_DATA_LEAF_TF,
					  [](Scene &s) {
						  s.x[2] = s.realm->create_table(kIpa + k2M, 3);
						  s.x[3] = kIpa + k2M;
					  })
					.with(RMM_BEHAVIOUR_DATA_ALIAS_CHECKED),
				{"WhenItIsOffByOne", RMI_RTT_DATA_MAP_INIT_IPA_ALIGN,
				 [](Scene &s) { s.x[3] += 1; }},
				{"WhenItIsOffByHalf", RMI_RTT_DATA_MAP_INIT_IPA_ALIGN,
				 [](Scene &s) { s.x[3] += kPage / 2; }},
				Violation("WhenItNeedsMoreThan48Bits",
					  RMI_RTT_DATA_MAP_INIT_DATA_BOUND2,
					  [](Scene &s) {
						  s.x[2] = kHighBank;
						  s.m.delegate(kHighBank, 1);
					  })
					.on_machine(high_memory),
				{"WhenItIsBeyond48Bits", RMI_RTT_DATA_MAP_INIT_DATA_BOUND2,
				 [](Scene &s) { s.x[2] = UINT64_C(1) << 52; }},
				{"WhenItIsTheLastPageOfAll", RMI_RTT_DATA_MAP_INIT_DATA_BOUND2,
				 [](Scene &s) { s.x[2] = kLastPage; }},
				Violation("WhenNothingIsTrackedThere",
					  RMI_RTT_DATA_MAP_INIT_DATA_TRACKING,
					  [](Scene &s) {
						  s.m.track(RMI_TRACKING_NONE);
						  s.x[2] = kSpareRegion;
					  })
					.with(RMM_BEHAVIOUR_RTT_TRACKING_UNCHECKED, false)
					.on_machine(spare_region),
				Violation("WhenNoTableIsThere", RMI_RTT_DATA_MAP_INIT_RTT_WALK,
					  [](Scene &s) { s.x[3] = 3 * k1G; })
					.at_level(1),
				Violation("WhenTheLastTableIsMissing",
					  RMI_RTT_DATA_MAP_INIT_RTT_WALK,
					  [](Scene &s) { s.x[3] += k2M; })
					.at_level(2),
				Violation("WhenABlockIsThere", RMI_RTT_DATA_MAP_INIT_RTT_WALK,
					  [](Scene &s) {
						  s.realm->map(kIpa + k2M, 2);
						  s.x[3] += k2M;
					  })
					.at_level(2),
				Violation("WhenThePageIsMapped", RMI_RTT_DATA_MAP_INIT_RTTE_STATE,
					  [](Scene &s) { s.realm->map(kIpa); })
					.at_level(3),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttDataMapInit, table());

/* ---- effects ------------------------------------------------------------------ */

TEST(RttDataMapInit, CopiesThePageAndMakesItRam)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t src = m.host_pages();
		const uint64_t data = m.granules();
		uint64_t word = 0;

		m.write_words(src + kPage - 8, {0x1122334455667788});
		realm.tables_to(kIpa, 3);
		m.must(RMM_CMD_RMI_RTT_DATA_MAP_INIT, {realm.rd(), data, kIpa, src, 0});
		EXPECT_EQ(RMM_GRANULE_DATA, m.state_of(data));
		const Realm::Entry entry = realm.entry(kIpa);
		EXPECT_EQ(RMI_RTTE_DATA, entry.state);
		EXPECT_EQ(RMI_RIPAS_RAM, entry.ripas);
		EXPECT_EQ(data, entry.desc);
		ASSERT_TRUE(rmm_realm_peek(m.sys(), realm.rd(), kIpa + kPage - 8, &word, 8));
		EXPECT_EQ(0x1122334455667788u, word);
	});
}

TEST(RttDataMapInit, MeasuresTheContentWhenAskedTo)
{
	in_every_version([](Machine &m) {
		std::array<std::array<uint8_t, 64>, 4> rims;

		for (size_t i = 0; i < rims.size(); i++) {
			Realm realm(m);
			const uint64_t src = m.host_pages();

			m.write_words(src, {i & 1});
			realm.tables_to(kIpa, 3);
			m.must(RMM_CMD_RMI_RTT_DATA_MAP_INIT,
			       {realm.rd(), m.granules(), kIpa, src, i & 2 ? kMeasure : 0});
			std::copy_n(realm.view().rim, 64, rims[i].begin());
		}
		EXPECT_EQ(rims[0], rims[1]) << "the content was not to be measured";
		EXPECT_NE(rims[2], rims[3]) << "the content was to be measured";
		EXPECT_NE(rims[0], rims[2]) << "the flags are measured";
	});
}

TEST(RttDataMapInit, MeasuresThePlace)
{
	in_every_version([](Machine &m) {
		Realm a(m);
		Realm b(m);

		a.map_init(kIpa);
		b.map_init(kIpa + kPage);
		const struct rmm_realm_view first = a.view();
		const struct rmm_realm_view second = b.view();
		EXPECT_FALSE(std::equal(first.rim, first.rim + 64, second.rim));
	});
}

TEST(RttDataMapInit, TakesAnEntryOfEveryRipas)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + kPage);
		realm.map_init(kIpa);
		realm.unmap(kIpa);
		EXPECT_EQ(RMI_RIPAS_DESTROYED, realm.entry(kIpa).ripas);
		realm.map_init(kIpa);
		EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kIpa).ripas);
	});
}

} // namespace
} // namespace conformance
