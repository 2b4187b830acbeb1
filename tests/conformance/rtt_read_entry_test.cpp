/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_READ_ENTRY. */
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
	s.call(RMM_CMD_RMI_RTT_READ_ENTRY, {s.realm->rd(), kIpa, 2});
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_READ_ENTRY,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_READ_ENTRY_RD_ALIGN,
				       RMI_RTT_READ_ENTRY_RD_BOUND, RMI_RTT_READ_ENTRY_RD_STATE),
			any_level(3, RMI_RTT_READ_ENTRY_LEVEL_BOUND),
			ipa_in_realm(2, RMI_RTT_READ_ENTRY_IPA_BOUND),
			{
				{"WhenItIsInsideAnEntryOfTheLevel", RMI_RTT_READ_ENTRY_IPA_ALIGN,
				 [](Scene &s) { s.x[2] += 3 * kPage; }},
				{"WhenItIsOffByOne", RMI_RTT_READ_ENTRY_IPA_ALIGN,
				 [](Scene &s) { s.x[2] += 1; }},
				{"WhenItIsInsideAPage", RMI_RTT_READ_ENTRY_IPA_ALIGN,
				 [](Scene &s) {
					 s.x[2] += kPage / 2;
					 s.x[3] = 3;
				 }},
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttReadEntry, table());

/* ---- effects ------------------------------------------------------------------ */

TEST(RttReadEntry, SaysWhereTheWalkStopped)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);

		EXPECT_EQ(1, realm.entry(kIpa, 3).level);
		realm.tables_to(kIpa, 2);
		EXPECT_EQ(2, realm.entry(kIpa + 5 * kPage, 3).level);
	});
}

TEST(RttReadEntry, GivesTheAddressOfTheBlockNotOfThePage)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = realm.map(kIpa, 2);
		const Realm::Entry entry = realm.entry(kIpa + 3 * kPage);

		EXPECT_EQ(2, entry.level);
		EXPECT_EQ(RMI_RTTE_DATA, entry.state);
		EXPECT_EQ(pa, entry.desc);
	});
}

TEST(RttReadEntry, ShowsOfATableItsAddressAndNoRipas)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t rtt = realm.create_table(kIpa, 2);
		const Realm::Entry entry = realm.entry(kIpa, 1);

		EXPECT_EQ(RMI_RTTE_TABLE, entry.state);
		EXPECT_EQ(rtt, entry.desc);
		EXPECT_EQ(0u, entry.ripas);
	});
}

TEST(RttReadEntry, ShowsOfProtectedMemoryTheAddressAlone)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + kPage);
		const uint64_t ram = realm.map(kIpa);
		const uint64_t empty = realm.map(kIpa + kPage);

		EXPECT_EQ(ram, realm.entry(kIpa).desc);
		EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kIpa).ripas);
		EXPECT_EQ(empty, realm.entry(kIpa + kPage).desc);
		EXPECT_EQ(RMI_RIPAS_EMPTY, realm.entry(kIpa + kPage).ripas);
	});
}

/* MemAttr at [4:2], S2AP at [7:6]; NS, AF, SH and type bits read zero. */
TEST(RttReadEntry, ShowsOfNonSecureMemoryWhatTheHostChose)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t pa = m.host_pages();
		constexpr uint64_t write_bit = UINT64_C(1) << 7;
		constexpr uint64_t read_bit = UINT64_C(1) << 6;

		realm.map_unprotected(kUnprotected, pa, 3, 2);
		EXPECT_EQ(pa | 6 << 2 | read_bit, realm.entry(kUnprotected).desc);
		realm.map_unprotected(kUnprotected + kPage, pa, 3, 3);
		EXPECT_EQ(pa | 6 << 2 | read_bit | write_bit,
			  realm.entry(kUnprotected + kPage).desc);
		EXPECT_EQ(RMI_RTTE_DATA, realm.entry(kUnprotected).state);
		EXPECT_EQ(0u, realm.entry(kUnprotected).ripas);
	});
}

TEST(RttReadEntry, ShowsUnmappedMemoryOfTheHostAsVoid)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const Realm::Entry entry = realm.entry(kUnprotected, 1);

		EXPECT_EQ(RMI_RTTE_VOID, entry.state);
		EXPECT_EQ(0u, entry.desc);
		EXPECT_EQ(0u, entry.ripas);
	});
}

TEST(RttReadEntry, ReadsTheLastEntryOfTheIpaSpace)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		EXPECT_EQ(1, realm.entry(kIpaEnd - kPage).level);
	});
}

/* Level -1 exists with 52-bit IPAs only; X1 is the number in 64 bits. */
TEST(RttReadEntry, NumbersTheTopOfFiveLevelsMinusOne)
{
	Settings settings;

	settings.changes.push_back([](rmm_config &config) { config.features.s2sz = 52; });
	in_every_version(
		[](Machine &m) {
			rmi_realm_params params = RealmPlan::usual();
			params.flags0 = rmi_realm_flags0_with_lpa2(m.version(), 0, 1);
			params.s2sz = 52;
			params.rtt_level_start = -1;
			params.rtt_num_start = 1;
			Realm realm(m, Realm::plan(m, params));
			const Answer a = m.call(RMM_CMD_RMI_RTT_READ_ENTRY, {realm.rd(), 0, 3});

			EXPECT_EQ(UINT64_MAX, a.x[1]);
			const Answer create =
				m.call(RMM_CMD_RMI_RTT_CREATE, {realm.rd(), m.granules(), 0, 1});
			EXPECT_EQ(RMI_RTT_CREATE_RTT_WALK, create.condition);
			EXPECT_EQ(RMI_ERROR_RTT | 0xff00u, create.x[0]);
		},
		settings, RMM_VERSION_2_0_BET0, RMM_VERSION_2_0_BET2);
}

} // namespace
} // namespace conformance
