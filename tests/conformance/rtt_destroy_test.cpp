/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_DESTROY. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = k1G;
constexpr uint64_t kElsewhere = 3 * k1G;
constexpr uint64_t kEndOfFirstTable = 512 * k1G;

void base(Scene &s)
{
	s.add_realm();
	s.realm->tables_to(kIpa, 2);
	s.call(RMM_CMD_RMI_RTT_DESTROY, {s.realm->rd(), kIpa, 2});
}

void aim(Scene &s, uint64_t ipa, uint64_t level)
{
	s.x[2] = ipa;
	s.x[3] = level;
}

/* X2 of a failure: where to look next. */
std::function<uint64_t(const Scene &)> top(uint64_t ipa)
{
	return [=](const Scene &) { return ipa; };
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_DESTROY,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_DESTROY_RD_ALIGN,
				       RMI_RTT_DESTROY_RD_BOUND, RMI_RTT_DESTROY_RD_STATE),
			inner_level(3, RMI_RTT_DESTROY_LEVEL_BOUND),
			ipa_in_realm(2, RMI_RTT_DESTROY_IPA_BOUND),
			{
				{"WhenItIsInsideAnEntryOfTheParent", RMI_RTT_DESTROY_IPA_ALIGN,
				 [](Scene &s) { s.x[2] += k2M; }},
				{"WhenItIsOffByOne", RMI_RTT_DESTROY_IPA_ALIGN,
				 [](Scene &s) { s.x[2] += 1; }},
				Violation("WhenNothingIsThereUpToTheEndOfTheTable",
					  RMI_RTT_DESTROY_RTT_WALK,
					  [](Scene &s) { aim(s, kElsewhere, 3); })
					.at_level(1)
					.gives(2, top(kEndOfFirstTable)),
				Violation("WhenTheNextTableIsFurtherOn", RMI_RTT_DESTROY_RTT_WALK,
					  [](Scene &s) {
						  s.realm->tables_to(9 * k1G, 2);
						  aim(s, kElsewhere, 3);
					  })
					.at_level(1)
					.gives(2, top(9 * k1G)),
				Violation("WhenABlockIsThere", RMI_RTT_DESTROY_RTT_WALK,
					  [](Scene &s) {
						  s.realm->map_unprotected(kUnprotected, k1G, 1);
						  aim(s, kUnprotected, 3);
					  })
					.at_level(1)
					.gives(2, top(kUnprotected)),
				Violation("WhenTheIpaIsInsideABlock", RMI_RTT_DESTROY_RTT_WALK,
					  [](Scene &s) {
						  s.realm->map_unprotected(kUnprotected, k1G, 1);
						  aim(s, kUnprotected + 4 * k2M, 3);
					  })
					.at_level(1)
					.gives(2, top(kUnprotected + 4 * k2M)),
				Violation("WhenTheIpaIsInsideAnEmptyEntry",
					  RMI_RTT_DESTROY_RTT_WALK,
					  [](Scene &s) {
						  s.realm->tables_to(9 * k1G, 2);
						  aim(s, kElsewhere + 4 * k2M, 3);
					  })
					.at_level(1)
					.gives(2, top(9 * k1G)),
				Violation("WhenTheEntryIsVoid", RMI_RTT_DESTROY_RTTE_STATE,
					  [](Scene &s) { aim(s, kElsewhere, 2); })
					.at_level(1)
					.gives(2, top(kEndOfFirstTable)),
				Violation("WhenTheEntryIsABlock", RMI_RTT_DESTROY_RTTE_STATE,
					  [](Scene &s) {
						  s.realm->map(kIpa + k2M, 2);
						  aim(s, kIpa + k2M, 3);
					  })
					.at_level(2)
					.gives(2, top(kIpa + k2M)),
				Violation("WhenABlockFollows", RMI_RTT_DESTROY_RTTE_STATE,
					  [](Scene &s) {
						  s.realm->map(kIpa + k2M, 2);
						  aim(s, kIpa, 3);
					  })
					.at_level(2)
					.gives(2, top(kIpa + k2M)),
				Violation("WhenTheEntryIsUnmappedInTheUnprotectedHalf",
					  RMI_RTT_DESTROY_RTTE_STATE,
					  [](Scene &s) { aim(s, kUnprotected + k1G, 2); })
					.at_level(1)
					.gives(2, top(kIpaEnd)),
				Violation("WhenItHoldsABlock", RMI_RTT_DESTROY_RTT_LIVE,
					  [](Scene &s) { s.realm->map(kIpa + k2M, 2); })
					.at_level(2)
					.gives(2, top(kIpa)),
				Violation("WhenItHoldsATable", RMI_RTT_DESTROY_RTT_LIVE,
					  [](Scene &s) { s.realm->tables_to(kIpa + k2M, 3); })
					.at_level(2)
					.gives(2, top(kIpa)),
				Violation("WhenItHoldsAPage", RMI_RTT_DESTROY_RTT_LIVE,
					  [](Scene &s) {
						  s.realm->map(kIpa + 511 * kPage);
						  aim(s, kIpa, 3);
					  })
					.at_level(3)
					.gives(2, top(kIpa)),
				Violation("WhenItHoldsDataThatIsNoRam", RMI_RTT_DESTROY_RTT_LIVE,
					  [](Scene &s) {
						  s.realm->map(kIpa);
						  aim(s, kIpa, 3);
					  })
					.at_level(3)
					.gives(2, top(kIpa)),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttDestroy, table());

/* ---- effects ------------------------------------------------------------------ */

TEST(RttDestroy, ReturnsTheTableAndLeavesADestroyedEntry)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t rtt = realm.create_table(kIpa, 2);
		realm.create_table(kIpa + 5 * k1G, 2);
		const Answer a = m.call(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), kIpa, 2});

		EXPECT_EQ(0u, a.x[0]);
		EXPECT_EQ(rtt, a.x[1]);
		EXPECT_EQ(kIpa + 5 * k1G, a.x[2]);
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(rtt));
		const Realm::Entry entry = realm.entry(kIpa, 1);
		EXPECT_EQ(RMI_RTTE_VOID, entry.state);
		EXPECT_EQ(RMI_RIPAS_DESTROYED, entry.ripas);
	});
}

TEST(RttDestroy, DropsMappingsOfNonSecureMemory)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.map_unprotected(kUnprotected, m.host_pages());
		const Answer a = m.call(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), kUnprotected, 3});

		EXPECT_EQ(0u, a.x[0]);
		EXPECT_EQ(kUnprotected + k1G, a.x[2]) << "the end of the level 2 table";
		EXPECT_EQ(RMI_RTTE_VOID, realm.entry(kUnprotected, 2).state);
		EXPECT_EQ(RMI_RIPAS_EMPTY, realm.entry(kUnprotected, 2).ripas);
	});
}

TEST(RttDestroy, NeedsNoHomogeneousTable)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + kPage);
		m.must(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), kIpa, 3});
		EXPECT_EQ(RMI_RIPAS_DESTROYED, realm.entry(kIpa, 2).ripas);
	});
}

TEST(RttDestroy, IsAllowedInEveryStateOfTheRealm)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.tables_to(kIpa, 3);
		realm.activate();
		m.must(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), kIpa, 3});
		realm.terminate();
		m.must(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), kIpa, 2});
	});
}

TEST(RttDestroy, AllowsItsTableToBeUsedAgain)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t rtt = realm.create_table(kIpa, 2);

		m.must(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), kIpa, 2});
		m.must(RMM_CMD_RMI_RTT_CREATE, {realm.rd(), rtt, kIpa, 2});
		EXPECT_EQ(RMI_RIPAS_DESTROYED, realm.entry(kIpa, 2).ripas);
	});
}

} // namespace
} // namespace conformance
