/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GRANULE_RANGE_DELEGATE, RMI_GRANULE_RANGE_UNDELEGATE. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kDramEnd = kDramBase + kDramSize;

std::function<void(Scene &)> range(uint64_t base, uint64_t top)
{
	return [=](Scene &s) {
		s.x[1] = base;
		s.x[2] = top;
	};
}

std::function<void(Scene &)> granule(rmm_granule_state state)
{
	return [=](Scene &s) {
		s.x[1] = granule_in(s, state);
		s.x[2] = s.x[1] + kPage;
	};
}

std::vector<Violation> granule_states(rmm_condition condition, rmm_granule_state from,
				      rmm_granule_state to)
{
	static const std::pair<const char *, rmm_granule_state> all[] = {
		{"WhenItIsUndelegated", RMM_GRANULE_UNDELEGATED},
		{"WhenItIsDelegated", RMM_GRANULE_DELEGATED},
		{"WhenItIsARealmDescriptor", RMM_GRANULE_RD},
		{"WhenItIsARec", RMM_GRANULE_REC},
		{"WhenItIsATable", RMM_GRANULE_RTT},
		{"WhenItIsData", RMM_GRANULE_DATA},
		{"WhenItIsTheRmms", RMM_GRANULE_INTERNAL},
		{"WhenAnOperationHoldsIt", RMM_GRANULE_PARTIAL},
	};
	std::vector<Violation> rows;

	for (auto [when, state] : all) {
		if (state == from)
			continue;
		Violation row(when, condition, granule(state));
		if (state == to)
			row.with(RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS, false);
		rows.push_back(row);
	}
	return rows;
}

/* A range of the spare region, which is tracked in another way. */
Violation tracking_row(const char *when, rmm_condition condition, uint64_t state, uint64_t base,
		       uint64_t top)
{
	return Violation(when, condition,
			 [=](Scene &s) {
				 s.m.track(state);
				 s.x[1] = base;
				 s.x[2] = top;
			 })
		.on_machine(spare_region);
}

std::vector<Violation> tracking_rows(rmm_condition condition)
{
	return {
		tracking_row("WhenNothingIsTrackedThere", condition, RMI_TRACKING_NONE,
			     kSpareRegion, kSpareRegion + kPage),
		tracking_row("WhenTheRangeIsSmallerThanTheUnit", condition, RMI_TRACKING_COARSE,
			     kSpareRegion, kSpareRegion + k1G - kPage),
		tracking_row("WhenTheRangeBeginsInsideTheUnit", condition, RMI_TRACKING_COARSE,
			     kSpareRegion + kPage, kSpareRegion + 2 * k1G),
	};
}

/* A region that has no level 1 GPT yet. */
std::vector<Violation> gpt_rows(rmm_condition condition)
{
	const auto row = [=](const char *when, uint64_t base, uint64_t top) {
		return Violation(when, condition, range(base, top)).on_machine(region_without_gpt);
	};

	return {
		row("WhenItIsOnePage", kSpareRegion, kSpareRegion + kPage),
		row("WhenItIsTheWholeRegion", kSpareRegion, kSpareRegion + k1G),
		row("WhenItIsTheLastPageOfTheRegion", kSpareRegion + k1G - kPage,
		    kSpareRegion + k1G),
	};
}

/* The host's memory becomes Realm memory that no table describes. */
std::vector<Violation> realm_block_rows()
{
	return {
		Violation("WhenItIsAPageOfARealmBlock", RMI_GRANULE_RANGE_UNDELEGATE_GPT,
			  [](Scene &s) {
				  s.m.must(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE,
					   {kSpareRegion, kSpareRegion + k1G});
				  s.x[1] = kSpareRegion + kPage;
				  s.x[2] = kSpareRegion + 2 * kPage;
			  })
			.on_machine(region_without_gpt)
			.on_machine([](rmm_config &config) {
				config.features.l0gpt_block_delegate = true;
			})
			.with(RMM_BEHAVIOUR_DELEGATE_ONE_GRANULE, false)
			.with(RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS, false),
	};
}

/* ---- delegate ------------------------------------------------------------------------ */

void delegate_base(Scene &s)
{
	const uint64_t pages = s.m.host_pages(4);

	s.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {pages, pages + 2 * kPage});
}

const CommandTable &delegate_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GRANULE_RANGE_DELEGATE,
		delegate_base,
		rows({
			granule_range(1, 2, RMI_GRANULE_RANGE_DELEGATE_BASE_ALIGN,
				      RMI_GRANULE_RANGE_DELEGATE_TOP_ALIGN,
				      RMI_GRANULE_RANGE_DELEGATE_TOP_BOUND),
			tracking_rows(RMI_GRANULE_RANGE_DELEGATE_TRACKING),
			gpt_rows(RMI_GRANULE_RANGE_DELEGATE_GPT),
			granule_states(RMI_GRANULE_RANGE_DELEGATE_STATE, RMM_GRANULE_UNDELEGATED,
				       RMM_GRANULE_DELEGATED),
			{
				Violation("WhenItIsNotActive", RMI_GRANULE_RANGE_DELEGATE_RMM_STATE,
					  [](Scene &) {})
					.not_activated()
					.with(RMM_BEHAVIOUR_RMM_STATE_GATE, false)
					.does_not_combine(),
				{"WhenItIsAHole", RMI_GRANULE_RANGE_DELEGATE_POPULATED,
				 range(kHole, kDramBase + kPage)},
				{"WhenItIsRootMemory", RMI_GRANULE_RANGE_DELEGATE_POPULATED,
				 range(kRootBase, kRootBase + kPage)},
				{"WhenItIsBehindDram", RMI_GRANULE_RANGE_DELEGATE_POPULATED,
				 range(kDramEnd, kDramEnd + kPage)},
				{"WhenItIsBeyondThePaSpace", RMI_GRANULE_RANGE_DELEGATE_POPULATED,
				 range(UINT64_C(1) << 52, (UINT64_C(1) << 52) + kPage)},
				{"WhenItIsTheLastButOnePageOfAll",
				 RMI_GRANULE_RANGE_DELEGATE_POPULATED,
				 range(kLastPage - kPage, kLastPage)},
				{"WhenItIsSecure", RMI_GRANULE_RANGE_DELEGATE_PAS,
				 [](Scene &s) {
					 s.x[1] = s.m.secure_page();
					 s.x[2] = s.x[1] + kPage;
				 }},
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(GranuleRangeDelegate, delegate_table());

Answer delegate(Machine &m, uint64_t base, uint64_t top)
{
	return m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {base, top});
}

Answer undelegate(Machine &m, uint64_t base, uint64_t top)
{
	return m.call(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, {base, top});
}

TEST(GranuleRangeDelegate, MovesMemoryOutOfTheHostsReach)
{
	in_every_version([](Machine &m) {
		const uint64_t base = m.host_pages(3);
		const Answer a = delegate(m, base, base + 2 * kPage);
		rmm_fault fault{};
		uint8_t byte;

		EXPECT_EQ(0u, a.x[0]);
		EXPECT_EQ(base + 2 * kPage, a.x[1]);
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(base + kPage));
		EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(base + kPage));
		EXPECT_EQ(RMM_GPI_NS, m.gpi_of(base + 2 * kPage));
		EXPECT_FALSE(rmm_host_read(m.sys(), base, &byte, 1, &fault));
		EXPECT_EQ(RMM_FAULT_GPF, fault.kind);
		EXPECT_EQ(UINT64_C(0x96000028), fault.esr);
	});
}

TEST(GranuleRangeDelegate, StopsWithProgressAtAHole)
{
	in_every_version([](Machine &m) {
		const Answer a = delegate(m, kDramEnd - 2 * kPage, kDramEnd + kPage);

		EXPECT_EQ(0u, a.x[0]);
		EXPECT_EQ(kDramEnd, a.x[1]);
	});
}

TEST(GranuleRangeDelegate, StopsWithProgressAtSecureMemory)
{
	in_every_version([](Machine &m) {
		const uint64_t first = m.host_pages();
		const uint64_t secure = m.secure_page();

		ASSERT_EQ(first + kPage, secure);
		EXPECT_EQ(secure, delegate(m, first, secure + kPage).x[1]);
		EXPECT_EQ(RMM_GPI_SECURE, m.gpi_of(secure));
	});
}

TEST(GranuleRangeDelegate, StopsWithProgressAtAGranuleInUse)
{
	in_every_version([](Machine &m) {
		const uint64_t base = m.host_pages(2);
		Realm realm(m);

		EXPECT_EQ(realm.params().rtt_base, delegate(m, base, realm.rd() + kPage).x[1]);
	});
}

TEST(GranuleRangeDelegate, SkipsDelegatedGranulesWhereTheBehaviourSaysSo)
{
	for (bool skips : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS, skips}};
		in_every_version(
			[=](Machine &m) {
				const uint64_t base = m.host_pages(3);
				m.delegate(base + kPage, 1);
				EXPECT_EQ(skips ? base + 3 * kPage : base + kPage,
					  delegate(m, base, base + 3 * kPage).x[1]);
			},
			settings);
	}
}

TEST(GranuleRangeDelegate, TakesDevicesToo)
{
	in_every_version([](Machine &m) {
		EXPECT_EQ(kDeviceBase + kPage, delegate(m, kDeviceBase, kDeviceBase + kPage).x[1]);
	});
}

TEST(GranuleRangeDelegate, TakesOneGranuleACallWhereTheBehaviourSaysSo)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_DELEGATE_ONE_GRANULE, true}};
	in_every_version(
		[](Machine &m) {
			const uint64_t base = m.host_pages(3);
			EXPECT_EQ(base + kPage, delegate(m, base, base + 3 * kPage).x[1]);
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(base + kPage));
		},
		settings);
}

TEST(GranuleRangeDelegate, SaysWhereItFailedWhereTheBehaviourSaysSo)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_DELEGATE_FAILURE_RETURNS_BASE, true}};
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(kHole, delegate(m, kHole, kHole + kPage).x[1]);
			EXPECT_EQ(kHole + 1, delegate(m, kHole + 1, kHole + kPage).x[1]);
			EXPECT_EQ(kHole, undelegate(m, kHole, kHole + kPage).x[1]);
		},
		settings);
}

TEST(GranuleRangeDelegate, SplitsAndJoinsBlocksOfTheGpt)
{
	in_every_version([](Machine &m) {
		const uint64_t block = m.host_pages(512, k2M);

		m.delegate(block, 512);
		undelegate(m, block + kPage, block + 2 * kPage);
		EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(block));
		EXPECT_EQ(RMM_GPI_NS, m.gpi_of(block + kPage));
		EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(block + 2 * kPage));
		EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(block + 511 * kPage));
		m.delegate(block + kPage, 1);
		EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(block + kPage));
	});
}

/* ---- undelegate ------------------------------------------------------------------------ */

void undelegate_base(Scene &s)
{
	const uint64_t pages = s.m.granules(4);

	s.call(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, {pages, pages + 2 * kPage});
}

const CommandTable &undelegate_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
		undelegate_base,
		rows({
			granule_range(1, 2, RMI_GRANULE_RANGE_UNDELEGATE_BASE_ALIGN,
				      RMI_GRANULE_RANGE_UNDELEGATE_TOP_ALIGN,
				      RMI_GRANULE_RANGE_UNDELEGATE_TOP_BOUND),
			tracking_rows(RMI_GRANULE_RANGE_UNDELEGATE_TRACKING),
			realm_block_rows(),
			granule_states(RMI_GRANULE_RANGE_UNDELEGATE_STATE, RMM_GRANULE_DELEGATED,
				       RMM_GRANULE_UNDELEGATED),
			{
				{"WhenItIsAHole", RMI_GRANULE_RANGE_UNDELEGATE_TRACKING,
				 range(kHole, kHole + kPage)},
				{"WhenItIsRootMemory", RMI_GRANULE_RANGE_UNDELEGATE_TRACKING,
				 range(kRootBase, kRootBase + kPage)},
				{"WhenItIsTheLastButOnePageOfAll",
				 RMI_GRANULE_RANGE_UNDELEGATE_TRACKING,
				 range(kLastPage - kPage, kLastPage)},
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(GranuleRangeUndelegate, undelegate_table());

TEST(GranuleRangeUndelegate, LeavesNothingOfTheRealmWorldBehind)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const uint64_t src = m.host_pages();
		const uint64_t data = m.granules();

		m.write_words(src, {0x5ec8e7});
		realm.tables_to(k1G, 3);
		m.must(RMM_CMD_RMI_RTT_DATA_MAP_INIT, {realm.rd(), data, k1G, src, 0});
		realm.unmap(k1G);
		EXPECT_EQ(data + kPage, undelegate(m, data, data + kPage).x[1]);
		EXPECT_EQ(RMM_GPI_NS, m.gpi_of(data));
		EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(data));
		EXPECT_EQ(0u, m.read_word(data));
	});
}

TEST(GranuleRangeUndelegate, StopsWithProgressAtAGranuleInUse)
{
	in_every_version([](Machine &m) {
		const uint64_t base = m.granules();
		Realm realm(m);

		EXPECT_EQ(base + kPage, undelegate(m, base, realm.rd()).x[1]);
	});
}

TEST(GranuleRangeUndelegate, SkipsUndelegatedGranulesWhereTheBehaviourSaysSo)
{
	for (bool skips : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS, skips}};
		in_every_version(
			[=](Machine &m) {
				const uint64_t base = m.host_pages(3);
				m.delegate(base, 1);
				m.delegate(base + 2 * kPage, 1);
				EXPECT_EQ(skips ? base + 3 * kPage : base + kPage,
					  undelegate(m, base, base + 3 * kPage).x[1]);
			},
			settings);
	}
}

/* ---- what the platform refuses -------------------------------------------------------- */

TEST(GranuleRangeDelegate, LeavesNothingBehindTheObstacleChanged)
{
	in_every_version([](Machine &m) {
		const uint64_t base = m.host_pages(5);
		const uint64_t secure = base + 2 * kPage;

		ASSERT_EQ(0, rmm_platform_assign(m.sys(), secure, kPage, RMM_GPI_SECURE, nullptr));
		uint64_t at = base;
		while (at < secure)
			at = m.must(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {at, base + 5 * kPage})
				     .x[1];
		const Answer again = delegate(m, at, base + 5 * kPage);
		EXPECT_EQ(secure, at);
		EXPECT_EQ(RMI_GRANULE_RANGE_DELEGATE_PAS, again.condition);
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(base + kPage));
		EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(secure));
		EXPECT_EQ(RMM_GPI_NS, m.gpi_of(secure + kPage));
		EXPECT_EQ(base + 5 * kPage, delegate(m, secure + kPage, base + 5 * kPage).x[1]);
	});
}

TEST(GranuleRangeDelegate, RefusesAUnitWithASecurePageInside)
{
	Settings settings;

	settings.changes = {spare_region};
	in_every_version(
		[](Machine &m) {
			const uint64_t secure = kSpareRegion + k1G / 2;

			m.track(RMI_TRACKING_COARSE);
			ASSERT_EQ(0, rmm_platform_assign(m.sys(), secure, kPage, RMM_GPI_SECURE,
							 nullptr));
			EXPECT_EQ(RMI_GRANULE_RANGE_DELEGATE_TRACKING,
				  delegate(m, kSpareRegion, kSpareRegion + k1G).condition);
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(kSpareRegion));
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(kSpareRegion));
		},
		settings);
}

/* ---- ranges that take several calls --------------------------------------------------- */

Settings with_budget(bool stateful)
{
	Settings settings;

	settings.changes = {spare_region, [](rmm_config &config) { config.range_budget = 1000; }};
	settings.behaviours = {{RMM_BEHAVIOUR_RANGE_IS_STATEFUL, stateful}};
	return settings;
}

TEST(GranuleRangeBudget, EndsACallWithProgress)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t base = m.host_pages(2500);

			EXPECT_EQ(base + 1000 * kPage, delegate(m, base, base + 2500 * kPage).x[1]);
			m.delegate(base, 2500);
			EXPECT_EQ(base + 1000 * kPage,
				  undelegate(m, base, base + 2500 * kPage).x[1]);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(base + 1000 * kPage));
		},
		[] {
			Settings settings = with_budget(false);
			settings.behaviours.emplace_back(RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS, true);
			return settings;
		}());
}

TEST(GranuleRangeBudget, IsTooSmallForAUnit)
{
	in_every_version(
		[](Machine &m) {
			m.track(RMI_TRACKING_COARSE);
			EXPECT_EQ(RMI_GRANULE_RANGE_DELEGATE_TRACKING,
				  delegate(m, kSpareRegion, kSpareRegion + k1G).condition);
		},
		with_budget(false));
}

uint64_t mem_request(const Machine &m, const Answer &a)
{
	return rmi_result_data_incomplete_mem(m.version(), rmi_result_data(m.version(), a.x[0]));
}

TEST(GranuleRangeOperation, LeavesTheIntermediateStatePageByPage)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t base = m.host_pages(2500);
			const Answer first = delegate(m, base, base + 2500 * kPage);

			EXPECT_EQ(RMI_INCOMPLETE, first.status());
			EXPECT_EQ(RMI_OP_MEM_REQ_NONE, mem_request(m, first));
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(base + 999 * kPage));
			EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(base + 999 * kPage));
			EXPECT_EQ(RMM_GRANULE_PARTIAL, m.state_of(base + 1000 * kPage));
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(base + 1000 * kPage));
			EXPECT_EQ(RMI_OP_CANCEL_CAN_CANCEL,
				  m.call(RMM_CMD_RMI_OP_CANCEL, {first.x[1]}).condition);
			const Answer last = m.finish(first);
			EXPECT_EQ(0u, last.x[0]);
			EXPECT_EQ(base + 2500 * kPage, last.x[1]);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(base + 2499 * kPage));
			EXPECT_EQ(0u, m.snapshot().operations);
		},
		with_budget(true));
}

TEST(GranuleRangeOperation, WipesAllBeforeItGivesAnythingBack)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t base = m.granules(1500);
			const Answer first = undelegate(m, base, base + 1500 * kPage);

			EXPECT_EQ(RMI_INCOMPLETE, first.status());
			EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(base));
			EXPECT_EQ(RMM_GRANULE_PARTIAL, m.state_of(base));
			const Answer last = m.finish(first);
			EXPECT_EQ(base + 1500 * kPage, last.x[1]);
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(base + 1499 * kPage));
			EXPECT_EQ(0u, m.read_word(base + 1499 * kPage));
		},
		with_budget(true));
}

TEST(GranuleRangeOperation, StopsAtItsRun)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t base = m.host_pages(2000);
			const uint64_t used = base + 1500 * kPage;

			ASSERT_EQ(0, rmm_platform_assign(m.sys(), used, kPage, RMM_GPI_SECURE,
							 nullptr));
			EXPECT_EQ(used, m.finish(delegate(m, base, base + 2000 * kPage)).x[1]);
		},
		with_budget(true));
}

TEST(GranuleRangeOperation, IsInTheWayOfOthers)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t base = kSpareRegion;

			delegate(m, base, base + 1500 * kPage);
			EXPECT_EQ(RMI_GRANULE_RANGE_DELEGATE_STATE,
				  delegate(m, base + 1200 * kPage, base + 1201 * kPage).condition);
			EXPECT_EQ(RMI_GRANULE_TRACKING_SET_PARTIAL,
				  m.call(RMM_CMD_RMI_GRANULE_TRACKING_SET,
					 {base, RMI_MEM_CATEGORY_CONVENTIONAL, RMI_TRACKING_COARSE})
					  .condition);
		},
		with_budget(true));
}

TEST(GranuleRangeOperation, KeepsAUnitInOneStateUntilItsEnd)
{
	in_every_version(
		[](Machine &m) {
			m.track(RMI_TRACKING_COARSE);
			const Answer first = delegate(m, kSpareRegion, kSpareRegion + k1G);

			EXPECT_EQ(RMI_INCOMPLETE, first.status());
			EXPECT_EQ(RMM_GRANULE_PARTIAL, m.state_of(kSpareRegion));
			EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(kSpareRegion));
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(kSpareRegion + k1G - kPage));
			EXPECT_EQ(kSpareRegion + k1G, m.finish(first).x[1]);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(kSpareRegion));
		},
		with_budget(true));
}

TEST(GranuleRangeOperation, NeedsAContext)
{
	Settings settings = with_budget(true);

	settings.changes.push_back([](rmm_config &config) { config.sro_contexts = 1; });
	in_every_version(
		[](Machine &m) {
			const uint64_t base = m.host_pages(3000);

			delegate(m, base, base + 1500 * kPage);
			EXPECT_EQ(RMI_ANY_BLOCKED,
				  delegate(m, base + 1500 * kPage, base + 3000 * kPage).condition);
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(base + 1500 * kPage));
		},
		settings);
}

} // namespace
} // namespace conformance
