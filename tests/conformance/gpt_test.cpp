/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GPT_L1_CREATE, RMI_GPT_L1_DESTROY, RMI_GPT_INFO. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kPaEnd = UINT64_C(1) << 44;
constexpr uint64_t kRegion = kSpareRegion; /* without level 1 table */
constexpr uint64_t kTablePages = 32;
constexpr uint64_t kTableSize = kTablePages * kPage;

Settings without_gpt()
{
	Settings settings;

	settings.changes = {region_without_gpt};
	settings.behaviours = {{RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT, false}};
	return settings;
}

uint64_t table_desc(const Machine &m, uint64_t base, uint64_t pages = kTablePages)
{
	return range_desc(m.version(), base, pages, 3, RMI_OP_MEM_UNDELEGATED);
}

Answer begin(Machine &m, uint64_t region = kRegion)
{
	return m.call(RMM_CMD_RMI_GPT_L1_CREATE, {region});
}

Answer donate(Machine &m, const Answer &begun, std::initializer_list<uint64_t> descs)
{
	return m.call(RMM_CMD_RMI_OP_MEM_DONATE,
		      {begun.x[1], address_list(m, descs), descs.size(), 0});
}

/* Has the table built in this memory; the last answer. */
Answer create_in(Machine &m, uint64_t table, uint64_t region = kRegion)
{
	const Answer begun = begin(m, region);
	Answer answer = donate(m, begun, {table_desc(m, table)});

	answer.x[1] = begun.x[1];
	return m.finish(answer);
}

uint64_t info(Machine &m, uint64_t region)
{
	return m.must(RMM_CMD_RMI_GPT_INFO, {region, region + k1G}).x[2];
}

/* ---- create ----------------------------------------------------------------------------- */

void create_base(Scene &s)
{
	s.call(RMM_CMD_RMI_GPT_L1_CREATE, {kRegion});
}

std::function<void(Scene &)> region(uint64_t addr)
{
	return [=](Scene &s) { s.x[1] = addr; };
}

/* The command gets memory that is no good for a table. */
Violation memory_row(const char *when, uint64_t (*memory)(Machine &))
{
	return Violation(when, RMI_GPT_L1_CREATE_GRAN,
			 [=](Scene &s) {
				 const uint64_t base = memory(s.m);
				 s.perform = [=](Scene &t) {
					 t.took_several_calls = true;
					 return create_in(t.m, base, t.x[1]);
				 };
			 })
		.does_not_combine();
}

uint64_t partly_secure(Machine &m)
{
	const uint64_t base = m.host_pages(kTablePages, kTableSize);

	if (rmm_platform_assign(m.sys(), base + kTableSize - kPage, kPage, RMM_GPI_SECURE, nullptr))
		throw std::runtime_error("the platform does not take the page");
	return base;
}

uint64_t device_memory(Machine &)
{
	return kDeviceBase;
}

/* In another region that has no table: nothing could make it Root. */
uint64_t undescribed_memory(Machine &)
{
	return kRegion + k1G;
}

const CommandTable &create_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GPT_L1_CREATE,
		create_base,
		{
			{"WhenItIsOffByOne", RMI_GPT_L1_CREATE_ADDR_ALIGN, region(kRegion + 1)},
			{"WhenItIsOffByOnePage", RMI_GPT_L1_CREATE_ADDR_ALIGN,
			 region(kRegion + kPage)},
			{"WhenItIsOffByHalf", RMI_GPT_L1_CREATE_ADDR_ALIGN,
			 region(kRegion + k1G / 2)},
			{"WhenItIsTheEndOfThePaSpace", RMI_GPT_L1_CREATE_ADDR_BOUND,
			 region(kPaEnd)},
			{"WhenItIsTheLastRegionOfAll", RMI_GPT_L1_CREATE_ADDR_BOUND,
			 region(UINT64_C(0) - k1G)},
			Violation("WhenFirmwareHasBuiltOne", RMI_GPT_L1_CREATE_ENTRY_STATE,
				  region(kDramBase))
				.with(RMM_BEHAVIOUR_PLATFORM_GPT_DENIED, false),
			{"WhenTheHostHasCreatedOne", RMI_GPT_L1_CREATE_ENTRY_STATE,
			 [](Scene &s) { s.m.must(RMM_CMD_RMI_GPT_L1_CREATE, {s.x[1]}); }},
			{"WhenTheRegionHasNoMemory", RMI_GPT_L1_CREATE_UNFOLD_DENIED,
			 region(16 * k1G)},
			{"WhenTheRegionIsRootMemory", RMI_GPT_L1_CREATE_UNFOLD_DENIED,
			 region(kRootBase)},
			Violation("WhenFirmwareDescribesTheRegion", RMI_GPT_L1_CREATE_UNFOLD_DENIED,
				  region(kDramBase))
				.with(RMM_BEHAVIOUR_PLATFORM_GPT_DENIED),
			memory_row("WhenAPageIsSecure", partly_secure),
			memory_row("WhenItIsDeviceMemory", device_memory),
			memory_row("WhenItCanNotBecomeRoot", undescribed_memory),
			Violation("WhenTheHostGoesOnWithoutATable", RMI_GPT_L1_CREATE_DONATION,
				  [](Scene &s) { s.go_on_without_memory(); })
				.with(RMM_BEHAVIOUR_CONTINUE_AFTER_FAILED_TRANSFER)
				.does_not_combine(),
			Violation("WhenEveryRegionHasATable", RMI_GPT_L1_CREATE_ENTRY_STATE,
				  region(16 * k1G))
				.with(RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT)
				.does_not_combine(),
			Violation("WhenAnotherOperationCreatesIt", RMI_ANY_BLOCKED,
				  [](Scene &s) { begin(s.m, s.x[1]); })
				.does_not_combine(),
		},
		kFirst,
		kLast,
		without_gpt(),
	};

	return all;
}

CONFORMANCE_TESTS(GptL1Create, create_table());

TEST(GptL1Create, AsksForAContiguousTable)
{
	in_every_version(
		[](Machine &m) {
			const rmm_version v = m.version();
			const uint64_t request = begin(m).x[2];

			EXPECT_EQ(kTablePages, rmi_op_mem_donate_req_count(v, request));
			EXPECT_EQ(RMI_PAGE_L3, rmi_op_mem_donate_req_size(v, request));
			EXPECT_EQ(RMI_OP_MEM_CONTIG, rmi_op_mem_donate_req_contig(v, request));
			EXPECT_EQ(RMI_OP_MEM_UNDELEGATED, rmi_op_mem_donate_req_state(v, request));
		},
		without_gpt());
}

TEST(GptL1Create, LetsTheRegionBeDelegated)
{
	in_every_version(
		[](Machine &m) {
			const Arguments page = {kRegion + kPage, kRegion + 2 * kPage};
			const Answer before = m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, page);

			EXPECT_EQ(RMI_ERROR_GPT, before.status());
			m.must(RMM_CMD_RMI_GPT_L1_CREATE, {kRegion});
			m.must(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, page);
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(kRegion));
			EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(kRegion + kPage));
		},
		without_gpt());
}

TEST(GptL1Create, TakesTheTableOutOfTheHostsReach)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t table = m.host_pages(kTablePages, kTableSize);
			rmm_fault fault{};
			uint8_t byte;

			ASSERT_EQ(0u, create_in(m, table).x[0]);
			for (uint64_t pa : {table, table + kTableSize - kPage}) {
				EXPECT_EQ(RMM_GRANULE_GPT_L1, m.state_of(pa));
				EXPECT_EQ(RMM_GPI_ROOT, m.gpi_of(pa));
				EXPECT_FALSE(rmm_host_read(m.sys(), pa, &byte, 1, &fault));
				EXPECT_EQ(RMM_FAULT_GPF, fault.kind);
			}
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(table + kTableSize));
			EXPECT_EQ(0u, m.snapshot().operations);
		},
		without_gpt());
}

TEST(GptL1Create, TakesATableThatDescribesItself)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t table = kRegion + 4 * kTableSize;

			ASSERT_EQ(0u, create_in(m, table).x[0]);
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(table - kPage));
			EXPECT_EQ(RMM_GPI_ROOT, m.gpi_of(table));
			EXPECT_EQ(RMM_GPI_ROOT, m.gpi_of(table + kTableSize - kPage));
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(table + kTableSize));
		},
		without_gpt());
}

TEST(GptL1Create, LeavesMemoryThatIsNoGoodToTheHost)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t base = partly_secure(m);
			const Answer begun = begin(m);
			Answer a = donate(m, begun, {table_desc(m, base)});

			EXPECT_EQ(RMM_GRANULE_INTERNAL, m.state_of(base));
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(base));
			a.x[1] = begun.x[1];
			EXPECT_EQ(RMI_GPT_L1_CREATE_GRAN, m.finish(a).condition);
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(base));
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(base));
			EXPECT_EQ(RMM_GPI_SECURE, m.gpi_of(base + kTableSize - kPage));
		},
		without_gpt());
}

TEST(GptL1Create, CanBeCancelledWithItsMemoryGiven)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t table = m.host_pages(kTablePages, kTableSize);
			const Answer begun = begin(m);

			donate(m, begun, {table_desc(m, table, 16)});
			Answer a = m.call(RMM_CMD_RMI_OP_CANCEL, {begun.x[1]});
			a.x[1] = begun.x[1];
			EXPECT_EQ(0u, m.finish(a).x[0]);
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(table));
			EXPECT_EQ(RMI_ERROR_GPT, m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE,
							{kRegion, kRegion + kPage})
							 .status());
		},
		without_gpt());
}

Settings in_parts()
{
	Settings settings = without_gpt();

	settings.behaviours.emplace_back(RMM_BEHAVIOUR_DONATE_CONTIGUOUS_WHOLE, false);
	return settings;
}

TEST(GptL1Create, MayBeGivenTheTableInParts)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t table = m.host_pages(kTablePages, kTableSize);
			const Answer begun = begin(m);
			Answer a = donate(m, begun, {table_desc(m, table, 16)});

			EXPECT_EQ(16u, a.x[1]);
			EXPECT_EQ(16u, rmi_op_mem_donate_req_count(m.version(), a.x[2]));
			a = donate(m, begun, {table_desc(m, table + 17 * kPage, 15)});
			EXPECT_EQ(RMI_OP_MEM_DONATE_MEM_CONTIG, a.condition);
			a = donate(m, begun, {table_desc(m, table + 16 * kPage, 16)});
			a.x[1] = begun.x[1];
			EXPECT_EQ(0u, m.finish(a).x[0]);
		},
		in_parts());
}

TEST(GptL1Create, WorksOnSeveralRegionsAtATime)
{
	in_every_version(
		[](Machine &m) {
			const Answer first = begin(m);
			const Answer second = begin(m, kRegion + k1G);

			EXPECT_EQ(0u, m.finish(second).x[0]);
			EXPECT_EQ(0u, m.finish(first).x[0]);
		},
		without_gpt());
}

/* ---- destroy ------------------------------------------------------------------------------ */

void destroy_base(Scene &s)
{
	s.m.must(RMM_CMD_RMI_GPT_L1_CREATE, {kRegion});
	s.call(RMM_CMD_RMI_GPT_L1_DESTROY, {kRegion});
}

const CommandTable &destroy_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GPT_L1_DESTROY,
		destroy_base,
		{
			{"WhenItIsOffByOne", RMI_GPT_L1_DESTROY_ADDR_ALIGN, region(kRegion + 1)},
			{"WhenItIsOffByOnePage", RMI_GPT_L1_DESTROY_ADDR_ALIGN,
			 region(kRegion + kPage)},
			{"WhenItIsTheEndOfThePaSpace", RMI_GPT_L1_DESTROY_ADDR_BOUND,
			 region(kPaEnd)},
			{"WhenItIsTheLastRegionOfAll", RMI_GPT_L1_DESTROY_ADDR_BOUND,
			 region(UINT64_C(0) - k1G)},
			{"WhenFirmwareHasBuiltIt", RMI_GPT_L1_DESTROY_FOLD_DENIED,
			 region(kDramBase)},
			Violation("WhenTheRegionHasNoMemory", RMI_GPT_L1_DESTROY_FOLD_DENIED,
				  region(16 * k1G))
				.with(RMM_BEHAVIOUR_PLATFORM_GPT_DENIED),
			Violation("WhenTheRegionHasNoMemoryAndNoOwner",
				  RMI_GPT_L1_DESTROY_ENTRY_STATE, region(16 * k1G))
				.with(RMM_BEHAVIOUR_PLATFORM_GPT_DENIED, false),
			{"WhenThereIsNone", RMI_GPT_L1_DESTROY_ENTRY_STATE, region(kRegion + k1G)},
			Violation("WhenTheFirstPageIsDelegated", RMI_GPT_L1_DESTROY_GPT_L1_HOMO,
				  [](Scene &s) { s.m.delegate(kRegion, 1); })
				.until(RMM_VERSION_2_0_BET2),
			Violation("WhenTheLastPageIsDelegated", RMI_GPT_L1_DESTROY_GPT_L1_HOMO,
				  [](Scene &s) { s.m.delegate(kRegion + k1G - kPage, 1); })
				.until(RMM_VERSION_2_0_BET2),
			Violation("WhenTheLastPageIsTheRealmWorlds", RMI_GPT_L1_DESTROY_GPT_L1_HOMO,
				  [](Scene &s) { s.m.delegate(kRegion + k1G - kPage, 1); })
				.since(RMM_VERSION_2_0_BET3)
				.at_level(1),
			Violation("WhenAnotherOperationCreatesIt", RMI_ANY_BLOCKED,
				  [](Scene &s) {
					  s.x[1] = kRegion + k1G;
					  begin(s.m, s.x[1]);
				  })
				.does_not_combine(),
			Violation("WhenAnotherOperationDestroysIt", RMI_ANY_BLOCKED,
				  [](Scene &s) { s.m.call(RMM_CMD_RMI_GPT_L1_DESTROY, {s.x[1]}); })
				.does_not_combine(),
		},
		kFirst,
		kLast,
		without_gpt(),
	};

	return all;
}

CONFORMANCE_TESTS(GptL1Destroy, destroy_table());

TEST(GptL1Destroy, GivesTheTableBack)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t table = m.host_pages(kTablePages, kTableSize);

			ASSERT_EQ(0u, create_in(m, table).x[0]);
			m.must(RMM_CMD_RMI_GPT_L1_DESTROY, {kRegion});
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(table));
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(table));
			EXPECT_EQ(0u, m.read_word(table));
			EXPECT_EQ(0u, m.read_word(table + kTableSize - 8));
			EXPECT_EQ(0u, rmm_num_delegated(m.sys()));
			EXPECT_EQ(RMI_ERROR_GPT, m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE,
							{kRegion, kRegion + kPage})
							 .status());
		},
		without_gpt());
}

TEST(GptL1Destroy, LooksPastTheTablesOwnMemory)
{
	in_every_version(
		[](Machine &m) {
			ASSERT_EQ(0u, create_in(m, kRegion + k1G - kTableSize).x[0]);
			m.must(RMM_CMD_RMI_GPT_L1_DESTROY, {kRegion});
			EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(kRegion + k1G - kPage));
		},
		without_gpt());
}

TEST(GptL1Destroy, KeepsADelegatedRegionDelegated)
{
	in_every_version(
		[](Machine &m) {
			m.must(RMM_CMD_RMI_GPT_L1_CREATE, {kRegion});
			m.delegate(kRegion, k1G / kPage);
			m.must(RMM_CMD_RMI_GPT_L1_DESTROY, {kRegion});
			EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(kRegion));
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(kRegion + k1G - kPage));
			EXPECT_EQ(RMI_ERROR_GPT, m.call(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
							{kRegion, kRegion + kPage})
							 .status());
			m.must(RMM_CMD_RMI_GPT_L1_CREATE, {kRegion});
			m.must(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, {kRegion, kRegion + kPage});
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(kRegion));
			EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(kRegion + kPage));
		},
		without_gpt());
}

/* Its granules would be the host's, in the Realm PAS. */
TEST(GptL1Destroy, KeepsATableInADelegatedRegion)
{
	in_every_version(
		[](Machine &m) {
			ASSERT_EQ(0u, create_in(m, kRegion).x[0]);
			m.delegate(kRegion + kTableSize, (k1G - kTableSize) / kPage);
			EXPECT_EQ(RMI_GPT_L1_DESTROY_GPT_L1_HOMO,
				  m.call(RMM_CMD_RMI_GPT_L1_DESTROY, {kRegion}).condition);
		},
		without_gpt());
}

/* ---- the last level of protection ---------------------------------------------------------- */

/* With l0gpt_block_delegate a region needs no table to move as a whole. */
TEST(GptL0Block, IsDelegatedAsAWholeWhereThePlatformDoesThat)
{
	Settings settings = without_gpt();

	settings.changes.push_back(
		[](rmm_config &config) { config.features.l0gpt_block_delegate = true; });
	in_every_version(
		[](Machine &m) {
			const auto part = [&](rmm_command command, uint64_t size) {
				return m.call(command, {kRegion, kRegion + size});
			};

			EXPECT_EQ(RMI_ERROR_GPT,
				  part(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, k1G - kPage).status());
			EXPECT_EQ(kRegion + k1G,
				  part(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, k1G).x[1]);
			EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(kRegion + k1G - kPage));
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(kRegion + k1G));
			EXPECT_EQ(RMI_ERROR_GPT,
				  part(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, kPage).status());
			EXPECT_EQ(kRegion + k1G,
				  part(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, k1G).x[1]);
			EXPECT_EQ(RMM_GPI_NS, m.gpi_of(kRegion));
		},
		settings);
}

/* ---- info ------------------------------------------------------------------------------- */

void info_base(Scene &s)
{
	s.call(RMM_CMD_RMI_GPT_INFO, {kDramBase, kDramBase + 2 * k1G});
}

std::function<void(Scene &)> range(uint64_t base, uint64_t top)
{
	return [=](Scene &s) {
		s.x[1] = base;
		s.x[2] = top;
	};
}

const CommandTable &info_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GPT_INFO,
		info_base,
		{
			{"WhenItIsOffByOne", RMI_GPT_INFO_BASE_ALIGN,
			 [](Scene &s) { s.x[1] += 1; }},
			{"WhenItIsOffByOnePage", RMI_GPT_INFO_BASE_ALIGN,
			 [](Scene &s) { s.x[1] += kPage; }},
			{"WhenItIsOffByOne", RMI_GPT_INFO_TOP_ALIGN, [](Scene &s) { s.x[2] += 1; }},
			{"WhenItIsOffByOnePage", RMI_GPT_INFO_TOP_ALIGN,
			 [](Scene &s) { s.x[2] -= kPage; }},
			{"WhenItIsTheEndOfThePaSpace", RMI_GPT_INFO_BASE_BOUND,
			 range(kPaEnd, kPaEnd + k1G)},
			{"WhenItIsBeyondThePaSpace", RMI_GPT_INFO_TOP_BOUND,
			 range(kDramBase, kPaEnd + k1G)},
			{"WhenItIsEmpty", RMI_GPT_INFO_SIZE_VALID, range(kDramBase, kDramBase)},
			{"WhenItIsReversed", RMI_GPT_INFO_SIZE_VALID, range(kDramBase, k1G)},
			{"WhenTheTopIsZero", RMI_GPT_INFO_SIZE_VALID, range(kDramBase, 0)},
		},
		RMM_VERSION_2_0_BET3,
	};

	return all;
}

CONFORMANCE_TESTS(GptInfo, info_table());

TEST(GptInfo, TellsWhoDescribesARegion)
{
	in_every_version(
		[](Machine &m) {
			const Answer dram = m.must(RMM_CMD_RMI_GPT_INFO, {kDramBase, kPaEnd});
			EXPECT_EQ(kDramBase + k1G, dram.x[1]);
			EXPECT_EQ(RMI_GPT_PAR_PLAT, dram.x[2]);
			EXPECT_EQ(RMI_GPT_PAR_RESERVED, info(m, 16 * k1G));
			EXPECT_EQ(RMI_GPT_PAR_HOST_NOT_CREATED, info(m, kRegion));
			m.must(RMM_CMD_RMI_GPT_L1_CREATE, {kRegion});
			EXPECT_EQ(RMI_GPT_PAR_HOST_CREATED, info(m, kRegion));
			m.must(RMM_CMD_RMI_GPT_L1_DESTROY, {kRegion});
			EXPECT_EQ(RMI_GPT_PAR_HOST_NOT_CREATED, info(m, kRegion));
		},
		without_gpt(), RMM_VERSION_2_0_BET3);
}

TEST(GptInfo, KnowsAMachineWhoseHostCreatesAllTables)
{
	Settings settings;

	settings.changes = {[](rmm_config &config) { config.gpt_prebuilt = false; }};
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(RMI_GPT_PAR_HOST_NOT_CREATED, info(m, kDramBase));
			ASSERT_EQ(0u, create_in(m, kDramBase + kTableSize, kDramBase).x[0]);
			EXPECT_EQ(RMI_GPT_PAR_HOST_CREATED, info(m, kDramBase));
		},
		settings, RMM_VERSION_2_0_BET3);
}

} // namespace
} // namespace conformance
