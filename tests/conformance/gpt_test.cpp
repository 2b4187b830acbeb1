/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GPT_L1_CREATE, RMI_GPT_INFO. */
#include "granule_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kPaEnd = UINT64_C(1) << 44;

Violation create_row(const char *when, rmm_condition condition, uint64_t addr)
{
	return Violation(when, condition,
			 [=](Scene &s) { s.call(RMM_CMD_RMI_GPT_L1_CREATE, {addr}); })
		.with(RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT, false);
}

void no_base(Scene &s)
{
	/* This platform keeps its tables for itself: no call succeeds. */
	s.call(RMM_CMD_RMI_VERSION, {0x20000});
}

const CommandTable &create_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GPT_L1_CREATE,
		no_base,
		{
			create_row("WhenItIsOffByOne", RMI_GPT_L1_CREATE_ADDR_ALIGN, kDramBase + 1),
			create_row("WhenItIsOffByOnePage", RMI_GPT_L1_CREATE_ADDR_ALIGN,
				   kDramBase + kPage),
			create_row("WhenItIsTheEndOfThePaSpace", RMI_GPT_L1_CREATE_ADDR_BOUND,
				   kPaEnd),
			create_row("WhenItIsTheLastRegionOfAll", RMI_GPT_L1_CREATE_ADDR_BOUND,
				   UINT64_C(0) - k1G),
			create_row("WhenTheRegionIsDram", RMI_GPT_L1_CREATE_ENTRY_STATE, kDramBase),
			create_row("WhenTheRegionHasNoMemory", RMI_GPT_L1_CREATE_UNFOLD_DENIED,
				   16 * k1G),
			Violation("WhenEveryRegionHasATable", RMI_GPT_L1_CREATE_ENTRY_STATE,
				  [](Scene &s) { s.call(RMM_CMD_RMI_GPT_L1_CREATE, {16 * k1G}); })
				.with(RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT)
				.does_not_combine(),
		},
	};

	return all;
}

CONFORMANCE_TESTS(GptL1Create, create_table());

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

TEST(GptInfo, TellsPlatformRegionsFromReservedOnes)
{
	in_every_version(
		[](Machine &m) {
			const Answer dram = m.must(RMM_CMD_RMI_GPT_INFO, {kDramBase, kPaEnd});
			EXPECT_EQ(kDramBase + k1G, dram.x[1]);
			EXPECT_EQ(RMI_GPT_PAR_PLAT, dram.x[2]);
			EXPECT_EQ(RMI_GPT_PAR_RESERVED,
				  m.must(RMM_CMD_RMI_GPT_INFO, {16 * k1G, 17 * k1G}).x[2]);
		},
		{}, RMM_VERSION_2_0_BET3);
}

} // namespace
} // namespace conformance
