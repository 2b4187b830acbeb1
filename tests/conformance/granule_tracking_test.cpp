/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GRANULE_TRACKING_GET, RMI_GRANULE_TRACKING_SET. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kPaEnd = UINT64_C(1) << 44;

/* ---- get ----------------------------------------------------------------------------- */

void get_base(Scene &s)
{
	s.call(RMM_CMD_RMI_GRANULE_TRACKING_GET, {kDramBase, kDramBase + 16 * kPage});
}

std::function<void(Scene &)> range(uint64_t base, uint64_t top)
{
	return [=](Scene &s) {
		s.x[1] = base;
		s.x[2] = top;
	};
}

const CommandTable &get_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GRANULE_TRACKING_GET,
		get_base,
		{
			{"WhenItIsTheEndOfThePaSpace", RMI_GRANULE_TRACKING_GET_BASE_BOUND,
			 range(kPaEnd, kPaEnd + kPage)},
			{"WhenItIsTheLastPageOfAll", RMI_GRANULE_TRACKING_GET_BASE_BOUND,
			 range(kLastPage, UINT64_MAX)},
			{"WhenItIsOnePageBeyondThePaSpace", RMI_GRANULE_TRACKING_GET_TOP_BOUND,
			 range(kDramBase, kPaEnd + kPage)},
			{"WhenItIsTheLastPageOfAll", RMI_GRANULE_TRACKING_GET_TOP_BOUND,
			 range(kDramBase, kLastPage)},
			Violation("WhenItIsTheEndOfThePaSpace",
				  RMI_GRANULE_TRACKING_GET_TOP_BOUND_TF, range(kDramBase, kPaEnd))
				.with(RMM_BEHAVIOUR_TRACKING_GET_TOP_EXCLUDED),
			{"WhenItIsEmpty", RMI_GRANULE_TRACKING_GET_SIZE_VALID,
			 range(kDramBase, kDramBase)},
			{"WhenItIsReversed", RMI_GRANULE_TRACKING_GET_SIZE_VALID,
			 range(kDramBase + kPage, kDramBase)},
			{"WhenTheTopIsZero", RMI_GRANULE_TRACKING_GET_SIZE_VALID,
			 range(kDramBase, 0)},
			{"WhenItIsOffByOne", RMI_GRANULE_TRACKING_GET_BASE_ALIGN,
			 [](Scene &s) { s.x[1] += 1; }},
			{"WhenItIsOffByHalf", RMI_GRANULE_TRACKING_GET_BASE_ALIGN,
			 [](Scene &s) { s.x[1] += kPage / 2; }},
			{"WhenItIsOffByOne", RMI_GRANULE_TRACKING_GET_TOP_ALIGN,
			 [](Scene &s) { s.x[2] += 1; }},
			{"WhenItIsOffByHalf", RMI_GRANULE_TRACKING_GET_TOP_ALIGN,
			 [](Scene &s) { s.x[2] -= kPage / 2; }},
		},
		RMM_VERSION_2_0_BET1,
	};

	return all;
}

CONFORMANCE_TESTS(GranuleTrackingGet, get_table());

void get_region_base(Scene &s)
{
	s.call(RMM_CMD_RMI_GRANULE_TRACKING_GET, {kDramBase});
}

const CommandTable &get_region_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GRANULE_TRACKING_GET,
		get_region_base,
		{
			{"WhenItIsOffByOne", RMI_GRANULE_TRACKING_GET_ADDR_ALIGN,
			 [](Scene &s) { s.x[1] += 1; }},
			{"WhenItIsAGranuleInARegion", RMI_GRANULE_TRACKING_GET_ADDR_ALIGN,
			 [](Scene &s) { s.x[1] += kPage; }},
			{"WhenItIsOneRegionBeyondThePaSpace", RMI_GRANULE_TRACKING_GET_ADDR_BOUND,
			 [](Scene &s) { s.x[1] = kPaEnd + k1G; }},
			{"WhenItIsTheLastRegionOfAll", RMI_GRANULE_TRACKING_GET_ADDR_BOUND,
			 [](Scene &s) { s.x[1] = UINT64_MAX - k1G + 1; }},
		},
		RMM_VERSION_2_0_BET0,
		RMM_VERSION_2_0_BET0,
	};

	return all;
}

CONFORMANCE_TESTS(GranuleTrackingGetRegion, get_region_table());

TEST(GranuleTrackingGetRegion, FindsDramTrackedByGranule)
{
	in_every_version(
		[](Machine &m) {
			const Answer a = m.must(RMM_CMD_RMI_GRANULE_TRACKING_GET, {kDramBase});

			EXPECT_EQ(RMI_MEM_CATEGORY_CONVENTIONAL, a.x[1]);
			EXPECT_EQ(RMI_TRACKING_FINE, a.x[2]);
		},
		{}, RMM_VERSION_2_0_BET0, RMM_VERSION_2_0_BET0);
}

/* The text lets the address pass that is the size of the physical address space. */
TEST(GranuleTrackingGetRegion, FindsNothingWhereThePaSpaceEnds)
{
	in_every_version(
		[](Machine &m) {
			const Answer a = m.must(RMM_CMD_RMI_GRANULE_TRACKING_GET, {kPaEnd});

			EXPECT_EQ(RMI_MEM_CATEGORY_CONVENTIONAL, a.x[1]);
			EXPECT_EQ(RMI_TRACKING_NONE, a.x[2]);
		},
		{}, RMM_VERSION_2_0_BET0, RMM_VERSION_2_0_BET0);
}

Answer get(Machine &m, uint64_t base, uint64_t top)
{
	return m.must(RMM_CMD_RMI_GRANULE_TRACKING_GET, {base, top});
}

Settings prefix_reported()
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_TRACKING_GET_BASE_ONLY, false}};
	return settings;
}

TEST(GranuleTrackingGet, FindsDramTrackedByGranule)
{
	in_every_version(
		[](Machine &m) {
			const Answer a = get(m, kDramBase, kDramBase + k1G);

			EXPECT_EQ(RMI_MEM_CATEGORY_CONVENTIONAL, a.x[1]);
			EXPECT_EQ(RMI_TRACKING_FINE, a.x[2]);
			EXPECT_EQ(kDramBase + k1G, a.x[3]);
		},
		prefix_reported(), RMM_VERSION_2_0_BET1);
}

TEST(GranuleTrackingGet, EndsWhereTheMemoryEnds)
{
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(kDramBase + kDramSize, get(m, kDramBase, kPaEnd).x[3]);
			EXPECT_EQ(kDeviceBase, get(m, 0, kDramBase).x[3]);
			const Answer device = get(m, kDeviceBase, kDramBase);
			EXPECT_EQ(RMI_MEM_CATEGORY_DEV_NCOH, device.x[1]);
			EXPECT_EQ(kDeviceBase + (UINT64_C(1) << 20), device.x[3]);
		},
		prefix_reported(), RMM_VERSION_2_0_BET1);
}

TEST(GranuleTrackingGet, LooksAtBaseOnlyWhereTheBehaviourSaysSo)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_TRACKING_GET_BASE_ONLY, true}};
	in_every_version(
		[](Machine &m) { EXPECT_EQ(kPaEnd - kPage, get(m, 0, kPaEnd - kPage).x[3]); },
		settings, RMM_VERSION_2_0_BET1);
}

TEST(GranuleTrackingGet, ReportsHolesAsTheVersionWants)
{
	in_every_version(
		[](Machine &m) {
			const bool reserved =
				m.behaves(RMM_BEHAVIOUR_HOLE_REPORTED_AS_NONE_RESERVED);
			const Answer a = get(m, kHole, kDramBase);

			EXPECT_EQ(m.version() == RMM_VERSION_2_0_BET3, reserved);
			EXPECT_EQ(reserved ? 3u : RMI_MEM_CATEGORY_CONVENTIONAL, a.x[1]);
			EXPECT_EQ(reserved ? RMI_TRACKING_RESERVED : RMI_TRACKING_NONE, a.x[2]);
			EXPECT_EQ(kDramBase, a.x[3]);
		},
		prefix_reported(), RMM_VERSION_2_0_BET1);
}

TEST(GranuleTrackingGet, WorksBeforeActivation)
{
	Settings settings = prefix_reported();

	settings.activate = false;
	in_every_version([](Machine &m) { get(m, kDramBase, kDramBase + kPage); }, settings,
			 RMM_VERSION_2_0_BET1);
}

/* ---- set ------------------------------------------------------------------------------ */

constexpr uint64_t kRegion = kSpareRegion;

Settings with_more_dram()
{
	Settings settings;

	settings.changes = {spare_region};
	return settings;
}

void set_base(Scene &s)
{
	s.call(RMM_CMD_RMI_GRANULE_TRACKING_SET,
	       {kRegion, RMI_MEM_CATEGORY_CONVENTIONAL, RMI_TRACKING_COARSE});
}

std::function<void(Scene &)> put(size_t reg, uint64_t value)
{
	return [=](Scene &s) { s.x[reg] = value; };
}

void hold_partial(Scene &s)
{
	const Realm &realm = s.other_realm();
	RecPlan plan = Rec::plan(s.m);

	plan.rec = kRegion + k1G - kPage;
	s.m.delegate(plan.rec, 1);
	s.m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr});
}

/* ---- memory for the states of granules ---- */

constexpr uint64_t kMetadataPages = 4;

Answer ask(Machine &m, uint64_t state, uint64_t region = kRegion)
{
	return m.call(RMM_CMD_RMI_GRANULE_TRACKING_SET,
		      {region, RMI_MEM_CATEGORY_CONVENTIONAL, state});
}

/* Finely, with this memory for it; the last answer. */
Answer make_fine_with(Machine &m, uint64_t base, uint64_t pages = kMetadataPages)
{
	const Answer begun = ask(m, RMI_TRACKING_FINE);
	const uint64_t state = rmi_op_mem_donate_req_state(m.version(), begun.x[2]);
	const uint64_t desc = range_desc(m.version(), base, pages, 3, state);
	Answer answer =
		m.call(RMM_CMD_RMI_OP_MEM_DONATE, {begun.x[1], address_list(m, {desc}), 1, 0});

	answer.x[1] = begun.x[1];
	return m.finish(answer);
}

Violation pending_row()
{
	return Violation("WhenAnotherOperationTracksIt", RMI_GRANULE_TRACKING_SET_PENDING,
			 [](Scene &s) { ask(s.m, RMI_TRACKING_FINE, s.x[1] = kRegion + k1G); })
		.on_machine(region_without_metadata)
		.does_not_combine();
}

/* The command is given memory that it cannot use. */
Violation donation_row(const char *when, rmm_condition condition, uint64_t (*memory)(Machine &))
{
	return Violation(when, condition,
			 [=](Scene &s) {
				 const uint64_t base = memory(s.m);
				 s.perform = [=](Scene &t) {
					 t.took_several_calls = true;
					 return make_fine_with(t.m, base);
				 };
			 })
		.on_machine(region_without_metadata)
		.does_not_combine();
}

uint64_t device_pages(Machine &m)
{
	m.delegate(kDeviceBase, kMetadataPages);
	return kDeviceBase;
}

uint64_t host_pages(Machine &m)
{
	return m.host_pages(kMetadataPages);
}

uint64_t secure_pages_inside(Machine &m)
{
	if (rmm_platform_assign(m.sys(), kRegion, kMetadataPages * kPage, RMM_GPI_SECURE, nullptr))
		throw std::runtime_error("the platform does not take the pages");
	return kRegion;
}

const CommandTable &set_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GRANULE_TRACKING_SET,
		set_base,
		{
			Violation("WhenItIsNotActive", RMI_GRANULE_TRACKING_SET_RMM_STATE,
				  [](Scene &) {})
				.not_activated()
				.with(RMM_BEHAVIOUR_RMM_STATE_GATE, false)
				.does_not_combine(),
			{"WhenItIsOffByOnePage", RMI_GRANULE_TRACKING_SET_ADDR_ALIGN,
			 put(1, kRegion + kPage)},
			{"WhenItIsOffByOne", RMI_GRANULE_TRACKING_SET_ADDR_ALIGN,
			 put(1, kRegion + 1)},
			{"WhenItIsOffByHalf", RMI_GRANULE_TRACKING_SET_ADDR_ALIGN,
			 put(1, kRegion + k1G / 2)},
			{"WhenItIsBeyondThePaSpace", RMI_GRANULE_TRACKING_SET_ADDR_BOUND,
			 put(1, kPaEnd + k1G)},
			{"WhenItIsTheLastRegionOfAll", RMI_GRANULE_TRACKING_SET_ADDR_BOUND,
			 put(1, UINT64_C(0) - k1G)},
			{"WhenItIsReserved", RMI_GRANULE_TRACKING_SET_STATE_VALID,
			 put(3, RMI_TRACKING_RESERVED)},
			{"WhenItIsAnUnknownNumber", RMI_GRANULE_TRACKING_SET_STATE_VALID,
			 put(3, 5)},
			{"WhenItIsThatOfDevices", RMI_GRANULE_TRACKING_SET_CATEGORY,
			 put(2, RMI_MEM_CATEGORY_DEV_NCOH)},
			{"WhenItIsThatOfCoherentDevices", RMI_GRANULE_TRACKING_SET_CATEGORY,
			 put(2, RMI_MEM_CATEGORY_DEV_COH)},
			{"WhenNoMemoryIsThere", RMI_GRANULE_TRACKING_SET_RESERVED,
			 put(1, 16 * k1G)},
			{"WhenTheRegionHasHoles", RMI_GRANULE_TRACKING_SET_DIVERSE, put(1, 0)},
			{"WhenAnOperationHoldsAGranule", RMI_GRANULE_TRACKING_SET_PARTIAL,
			 hold_partial},
			pending_row(),
			donation_row("WhenItIsDeviceMemory", RMI_GRANULE_TRACKING_SET_IN_LOC_DRAM,
				     device_pages),
			donation_row("WhenItIsTheHostsAndOutside",
				     RMI_GRANULE_TRACKING_SET_IN_STATE, host_pages)
				.with(RMM_BEHAVIOUR_TRACKING_DONATION_CONDITIONAL)
				.since(RMM_VERSION_2_0_BET3),
			donation_row("WhenItIsInsideAndSecure", RMI_GRANULE_TRACKING_SET_IN_STATE,
				     secure_pages_inside)
				.with(RMM_BEHAVIOUR_TRACKING_DONATION_CONDITIONAL)
				.since(RMM_VERSION_2_0_BET3),
			donation_row("WhenItIsTheHosts", RMI_GRANULE_TRACKING_SET_IN_STATE,
				     host_pages)
				.with(RMM_BEHAVIOUR_TRACKING_DONATION_CONDITIONAL, false)
				.with(RMM_BEHAVIOUR_DONATE_STATE_FAILS_OPERATION),
			Violation("WhenTheHostGoesOnWithoutIt", RMI_GRANULE_TRACKING_SET_DONATION,
				  [](Scene &s) {
					  s.x[3] = RMI_TRACKING_FINE;
					  s.go_on_without_memory();
				  })
				.with(RMM_BEHAVIOUR_CONTINUE_AFTER_FAILED_TRANSFER)
				.on_machine(region_without_metadata)
				.does_not_combine(),
			{"WhenOneGranuleIsDelegated", RMI_GRANULE_TRACKING_SET_SOURCE_STATE,
			 [](Scene &s) { s.m.delegate(kRegion + 7 * kPage, 1); }},
			{"WhenTheLastGranuleIsDelegated", RMI_GRANULE_TRACKING_SET_SOURCE_STATE,
			 [](Scene &s) { s.m.delegate(kRegion + k1G - kPage, 1); }},
			{"WhenAllAreDelegatedAndNoneIsToBeTracked",
			 RMI_GRANULE_TRACKING_SET_SOURCE_STATE,
			 [](Scene &s) {
				 s.m.delegate(kRegion, k1G / kPage);
				 s.x[3] = RMI_TRACKING_NONE;
			 }},
		},
		RMM_VERSION_2_0_BET0,
		kLast,
		with_more_dram(),
	};

	return all;
}

CONFORMANCE_TESTS(GranuleTrackingSet, set_table());

Answer set(Machine &m, uint64_t state, uint64_t region = kRegion)
{
	return m.must(RMM_CMD_RMI_GRANULE_TRACKING_SET,
		      {region, RMI_MEM_CATEGORY_CONVENTIONAL, state});
}

TEST(GranuleTrackingSet, GoesThroughAllStates)
{
	in_every_version(
		[](Machine &m) {
			for (uint64_t state :
			     {RMI_TRACKING_COARSE, RMI_TRACKING_COARSE, RMI_TRACKING_FINE,
			      RMI_TRACKING_NONE, RMI_TRACKING_COARSE, RMI_TRACKING_NONE,
			      RMI_TRACKING_FINE}) {
				set(m, state);
				EXPECT_EQ(state, get(m, kRegion, kRegion + kPage).x[2]);
			}
		},
		with_more_dram(), RMM_VERSION_2_0_BET1);
}

TEST(GranuleTrackingSet, KeepsADelegatedRegionDelegated)
{
	in_every_version(
		[](Machine &m) {
			m.delegate(kRegion, k1G / kPage);
			set(m, RMI_TRACKING_COARSE);
			set(m, RMI_TRACKING_FINE);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(kRegion + k1G - kPage));
		},
		with_more_dram(), RMM_VERSION_2_0_BET1);
}

/* ---- with memory of the host --------------------------------------------------------------- */

Settings without_metadata()
{
	Settings settings;

	settings.changes = {region_without_metadata};
	return settings;
}

Settings conditional()
{
	Settings settings = without_metadata();

	settings.behaviours = {{RMM_BEHAVIOUR_TRACKING_DONATION_CONDITIONAL, true}};
	return settings;
}

uint64_t tracking_of(Machine &m, uint64_t region = kRegion)
{
	return get(m, region, region + kPage).x[2];
}

TEST(GranuleTrackingMemory, IsNotFirmwaresForEveryRegion)
{
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(RMI_TRACKING_FINE, tracking_of(m, kDramBase));
			EXPECT_EQ(RMI_TRACKING_COARSE, tracking_of(m));
		},
		without_metadata(), RMM_VERSION_2_0_BET1);
}

TEST(GranuleTrackingMemory, MakesAPartOfItsOwnForGet)
{
	Settings settings = without_metadata();

	settings.behaviours = {{RMM_BEHAVIOUR_TRACKING_GET_BASE_ONLY, false}};
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(kRegion + 2 * k1G, get(m, kRegion, kRegion + 2 * k1G).x[3]);
			make_fine_with(m, m.granules(kMetadataPages));
			EXPECT_EQ(kRegion + k1G, get(m, kRegion + kPage, kRegion + 2 * k1G).x[3]);
		},
		settings, RMM_VERSION_2_0_BET1);
}

TEST(GranuleTrackingMemory, IsAskedForAndGivenBack)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t pages = m.granules(kMetadataPages);
			const Answer begun = ask(m, RMI_TRACKING_FINE);

			EXPECT_EQ(kMetadataPages,
				  rmi_op_mem_donate_req_count(m.version(), begun.x[2]));
			m.call(RMM_CMD_RMI_OP_CANCEL, {begun.x[1]});
			EXPECT_EQ(RMI_TRACKING_COARSE, tracking_of(m));
			EXPECT_EQ(0u, make_fine_with(m, pages).x[0]);
			EXPECT_EQ(RMI_TRACKING_FINE, tracking_of(m));
			EXPECT_EQ(RMM_GRANULE_INTERNAL, m.state_of(pages));
			m.delegate(kRegion + 5 * kPage, 1);
			m.must(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
			       {kRegion + 5 * kPage, kRegion + 6 * kPage});
			set(m, RMI_TRACKING_NONE);
			EXPECT_EQ(RMI_TRACKING_NONE, tracking_of(m));
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(pages));
		},
		without_metadata(), RMM_VERSION_2_0_BET1);
}

TEST(GranuleTrackingMemory, MayLieInADelegatedRegion)
{
	in_every_version(
		[](Machine &m) {
			m.delegate(kRegion, k1G / kPage);
			EXPECT_EQ(0u, make_fine_with(m, kRegion + kPage).x[0]);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(kRegion));
			EXPECT_EQ(RMM_GRANULE_INTERNAL, m.state_of(kRegion + kPage));
			set(m, RMI_TRACKING_COARSE);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(kRegion + kPage));
			EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(kRegion + kPage));
		},
		without_metadata(), RMM_VERSION_2_0_BET1);
}

TEST(GranuleTrackingMemory, MayLieInAHostsRegion)
{
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(0u, make_fine_with(m, kRegion).x[0]);
			EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(kRegion));
			EXPECT_EQ(RMM_GRANULE_INTERNAL, m.state_of(kRegion));
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(kRegion + 4 * kPage));
			set(m, RMI_TRACKING_COARSE);
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(kRegion));
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(kRegion));
		},
		conditional(), RMM_VERSION_2_0_BET3);
}

TEST(GranuleTrackingMemory, ComesBackAsItWasWhenItIsUnfit)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t pages = m.host_pages(kMetadataPages);

			EXPECT_EQ(RMI_ERROR_INPUT, make_fine_with(m, pages).status());
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(pages));
			EXPECT_EQ(RMI_TRACKING_COARSE, tracking_of(m));
		},
		conditional(), RMM_VERSION_2_0_BET3);
}

TEST(GranuleTrackingMemory, HoldsUpRangesOfTheRegionWhileItIsOnItsWay)
{
	in_every_version(
		[](Machine &m) {
			const Answer begun = ask(m, RMI_TRACKING_FINE);

			EXPECT_EQ(RMI_ANY_BLOCKED, m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE,
							  {kRegion, kRegion + k1G})
							   .condition);
			m.finish(begun);
			m.delegate(kRegion, 1);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(kRegion));
		},
		without_metadata(), RMM_VERSION_2_0_BET1);
}

} // namespace
} // namespace conformance
