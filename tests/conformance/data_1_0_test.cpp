/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_DATA_CREATE, RMI_DATA_CREATE_UNKNOWN, RMI_DATA_DESTROY: 1.0 maps page by page. */
#include <algorithm>

#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = k1G;

Settings version_1_0()
{
	Settings settings;

	settings.version = RMM_VERSION_1_0_REL0;
	return settings;
}

std::vector<Violation> protected_page(int reg, rmm_condition bound, rmm_condition align)
{
	const auto r = static_cast<size_t>(reg);

	return {
		{"WhenItIsUnprotected", bound, [=](Scene &s) { s.x[r] = kUnprotected; }},
		{"WhenItIsTheLastPageOfTheIpaSpace", bound,
		 [=](Scene &s) { s.x[r] = kIpaEnd - kPage; }},
		{"WhenItIsBeyondTheIpaSpace", bound, [=](Scene &s) { s.x[r] = 2 * kIpaEnd; }},
		{"WhenItIsTheLastPageOfAll", bound, [=](Scene &s) { s.x[r] = kLastPage; }},
		{"WhenItIsOffByOne", align, [=](Scene &s) { s.x[r] += 1; }},
		{"WhenItIsOffByHalf", align, [=](Scene &s) { s.x[r] += kPage / 2; }},
	};
}

/* Conditions that the two commands which map a page have in common. */
struct MapNames {
	rmm_condition rd_align, rd_bound, rd_state, data_align, data_bound, data_state;
	rmm_condition ipa_bound, ipa_align, data_bound2, walk, rtte_state;
};

std::vector<Violation> places(const MapNames &n)
{
	return {
		Violation("WhenItNeedsMoreThan48Bits", n.data_bound2,
			  [](Scene &s) {
				  s.x[2] = kHighBank;
				  s.m.delegate(kHighBank, 1);
			  })
			.on_machine(high_memory),
		Violation("WhenNoTableIsThere", n.walk, [](Scene &s) { s.x[3] = 3 * k1G; })
			.at_level(1),
		Violation("WhenTheLastTableIsMissing", n.walk,
			  [](Scene &s) { s.x[3] = kIpa + 4 * k2M; })
			.at_level(2),
		Violation("WhenABlockIsThere", n.walk,
			  [](Scene &s) {
				  s.realm->map(kIpa + 4 * k2M, 2);
				  s.x[3] = kIpa + 4 * k2M;
			  })
			.at_level(2),
		Violation("WhenAPageIsThere", n.rtte_state,
			  [](Scene &s) {
				  s.realm->map(kIpa + 2 * kPage);
				  s.x[3] = kIpa + 2 * kPage;
			  })
			.at_level(3),
	};
}

std::vector<Violation> map_rows(const MapNames &n)
{
	return rows({
		object_granule(1, RMM_GRANULE_RD, n.rd_align, n.rd_bound, n.rd_state),
		consumed_granule(2, n.data_align, n.data_bound, n.data_state),
		protected_page(3, n.ipa_bound, n.ipa_align),
		places(n),
	});
}

#define MAP_NAMES(command)                                                                        \
	MapNames                                                                                  \
	{                                                                                         \
		command##_RD_ALIGN, command##_RD_BOUND, command##_RD_STATE, command##_DATA_ALIGN, \
			command##_DATA_BOUND, command##_DATA_STATE, command##_IPA_BOUND,          \
			command##_IPA_ALIGN, command##_DATA_BOUND2, command##_RTT_WALK,           \
			command##_RTTE_STATE                                                      \
	}

/* ---- create ------------------------------------------------------------------------ */

void create_base(Scene &s)
{
	s.add_realm();
	s.realm->tables_to(kIpa, 3);
	s.call(RMM_CMD_RMI_DATA_CREATE, {s.realm->rd(), s.m.granules(), kIpa, s.m.host_pages(), 1});
}

const CommandTable &create_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_DATA_CREATE,
		create_base,
		rows({
			map_rows(MAP_NAMES(RMI_DATA_CREATE)),
			host_structure(4, kPage, RMI_DATA_CREATE_SRC_ALIGN, RMI_DATA_CREATE_SRC_PAS,
				       RMI_DATA_CREATE_SRC_BOUND),
			realm_not_new(RMI_DATA_CREATE_REALM_STATE),
			{
				Violation("WhenAReservedOneIsSet", RMI_DATA_CREATE_FLAGS_TF,
					  [](Scene &s) { s.x[5] = 2; })
					.with(RMM_BEHAVIOUR_DATA_FLAGS_CHECKED),
				Violation("WhenTheHighestOneIsSet", RMI_DATA_CREATE_FLAGS_TF,
					  [](Scene &s) { s.x[5] = UINT64_C(1) << 63; })
					.with(RMM_BEHAVIOUR_DATA_FLAGS_CHECKED),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(DataCreate, create_table());

TEST(DataCreate, CopiesThePageAndMakesItRam)
{
	Machine m(version_1_0());
	Realm realm(m);
	const uint64_t data = m.granules();
	const uint64_t src = m.host_pages();
	const rmm_realm_view before = realm.view();

	realm.tables_to(kIpa, 3);
	m.write_words(src, {0x1111, 0x2222});
	m.must(RMM_CMD_RMI_DATA_CREATE, {realm.rd(), data, kIpa, src, 1});
	const Realm::Entry entry = realm.entry(kIpa);
	EXPECT_EQ(RMM_GRANULE_DATA, m.state_of(data));
	EXPECT_EQ(RMI_RTTE_DATA, entry.state);
	EXPECT_EQ(data, entry.desc);
	EXPECT_EQ(RMI_RIPAS_RAM, entry.ripas);
	EXPECT_EQ(0x2222u, m.table_entry(data, 1));
	const rmm_realm_view after = realm.view();
	EXPECT_FALSE(std::equal(before.rim, before.rim + 64, after.rim));
}

/* The RIM of a page whose content is not measured tells nothing of it. */
TEST(DataCreate, MeasuresTheContentOnlyWhenAsked)
{
	for (uint64_t measure : {0, 1}) {
		Machine m(version_1_0());
		Realm a(m);
		Realm b(m);
		const uint64_t src = m.host_pages();

		for (Realm *realm : {&a, &b}) {
			realm->tables_to(kIpa, 3);
			m.write_words(src, {realm->rd()});
			m.must(RMM_CMD_RMI_DATA_CREATE,
			       {realm->rd(), m.granules(), kIpa, src, measure});
		}
		const rmm_realm_view first = a.view();
		const rmm_realm_view second = b.view();
		EXPECT_EQ(!measure, std::equal(first.rim, first.rim + 64, second.rim));
	}
}

/* ---- create unknown ------------------------------------------------------------------ */

void unknown_base(Scene &s)
{
	s.add_realm();
	s.realm->tables_to(kIpa, 3);
	s.call(RMM_CMD_RMI_DATA_CREATE_UNKNOWN, {s.realm->rd(), s.m.granules(), kIpa});
}

const CommandTable &unknown_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_DATA_CREATE_UNKNOWN,
		unknown_base,
		map_rows(MAP_NAMES(RMI_DATA_CREATE_UNKNOWN)),
	};

	return all;
}

CONFORMANCE_TESTS(DataCreateUnknown, unknown_table());

TEST(DataCreateUnknown, KeepsTheRipasAndTheMeasurement)
{
	Machine m(version_1_0());
	Realm realm(m);

	realm.tables_to(kIpa, 3);
	realm.init_ripas(kIpa, kIpa + kPage);
	const rmm_realm_view before = realm.view();
	realm.map(kIpa);
	realm.map(kIpa + kPage);
	EXPECT_EQ(RMI_RIPAS_RAM, realm.entry(kIpa).ripas);
	EXPECT_EQ(RMI_RIPAS_EMPTY, realm.entry(kIpa + kPage).ripas);
	const rmm_realm_view after = realm.view();
	EXPECT_TRUE(std::equal(before.rim, before.rim + 64, after.rim));
}

TEST(DataCreateUnknown, WorksInEveryStateOfTheRealm)
{
	Machine m(version_1_0());
	Realm realm(m);
	Rec rec(m, realm);

	realm.map(kIpa);
	realm.activate();
	realm.map(kIpa + kPage);
	rec.calls({FID_PSCI_SYSTEM_OFF});
	realm.map(kIpa + 2 * kPage);
}

/* ---- destroy ---------------------------------------------------------------------------- */

void destroy_base(Scene &s)
{
	s.add_realm();
	s.realm->map(kIpa);
	s.call(RMM_CMD_RMI_DATA_DESTROY, {s.realm->rd(), kIpa});
}

std::function<uint64_t(const Scene &)> always(uint64_t value)
{
	return [=](const Scene &) { return value; };
}

const CommandTable &destroy_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_DATA_DESTROY,
		destroy_base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_DATA_DESTROY_RD_ALIGN,
				       RMI_DATA_DESTROY_RD_BOUND, RMI_DATA_DESTROY_RD_STATE),
			protected_page(2, RMI_DATA_DESTROY_IPA_BOUND, RMI_DATA_DESTROY_IPA_ALIGN),
			{
				Violation("WhenNoTableIsThere", RMI_DATA_DESTROY_RTT_WALK,
					  [](Scene &s) { s.x[2] = 3 * k1G; })
					.at_level(1)
					.gives(2, always(512 * k1G)),
				Violation("WhenABlockIsThere", RMI_DATA_DESTROY_RTT_WALK,
					  [](Scene &s) {
						  s.realm->map(kIpa + 4 * k2M, 2);
						  s.x[2] = kIpa + 4 * k2M + kPage;
					  })
					.at_level(2)
					.gives(2, always(kIpa + 4 * k2M + kPage)),
				Violation("WhenNothingIsThere", RMI_DATA_DESTROY_RTTE_STATE,
					  [](Scene &s) {
						  s.realm->map(kIpa + 9 * kPage);
						  s.x[2] = kIpa + 5 * kPage;
					  })
					.at_level(3)
					.gives(2, always(kIpa + 9 * kPage)),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(DataDestroy, destroy_table());

TEST(DataDestroy, GivesTheGranuleBackAndSaysWhereTheNextOneIs)
{
	Machine m(version_1_0());
	Realm realm(m);
	const uint64_t data = realm.map_init(kIpa);

	realm.map(kIpa + 7 * kPage);
	const Answer a = m.must(RMM_CMD_RMI_DATA_DESTROY, {realm.rd(), kIpa});
	EXPECT_EQ(data, a.x[1]);
	EXPECT_EQ(kIpa + 7 * kPage, a.x[2]);
	EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(data));
	EXPECT_EQ(RMI_RTTE_VOID, realm.entry(kIpa).state);
	EXPECT_EQ(RMI_RIPAS_DESTROYED, realm.entry(kIpa).ripas);
}

TEST(DataDestroy, KeepsRipasEmpty)
{
	Machine m(version_1_0());
	Realm realm(m);

	realm.map(kIpa);
	realm.unmap(kIpa);
	EXPECT_EQ(RMI_RIPAS_EMPTY, realm.entry(kIpa).ripas);
}

} // namespace
} // namespace conformance
