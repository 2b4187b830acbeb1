/* SPDX-License-Identifier: BSD-3-Clause */
/* The real core on several PEs. */
#include <algorithm>
#include <gtest/gtest.h>
#include <string>

#include "rmmsim/abi/encoding.h"
#include "timed_process.hpp"

namespace
{

constexpr std::uint64_t dram = 0x80000000;
constexpr unsigned int granules = 64;

/* PEs stay clear of each other's contiguous GPT entries: who splits one pays for it. */
constexpr std::uint64_t distance = 32 * 1024 * 1024;

std::uint64_t call(bench &b, unsigned int pe, std::uint32_t fid, rmm_command command,
		   std::uint64_t x1 = 0, std::uint64_t x2 = 0)
{
	smc_regs regs = {};

	regs.x[0] = fid;
	regs.x[1] = x1;
	regs.x[2] = x2;
	rmm_timed_call_begin(b.timed, pe, command);
	rmm_smc(b.sys, pe, &regs);
	rmm_timed_call_end(b.timed, pe, command);
	return regs.x[0];
}

std::uint64_t delegate(bench &b, unsigned int pe, std::uint64_t pa)
{
	return call(b, pe, FID_RMI_GRANULE_RANGE_DELEGATE, RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, pa,
		    pa + RMM_GRANULE_SIZE);
}

std::uint64_t undelegate(bench &b, unsigned int pe, std::uint64_t pa)
{
	return call(b, pe, FID_RMI_GRANULE_RANGE_UNDELEGATE, RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
		    pa, pa + RMM_GRANULE_SIZE);
}

/* There and back on granules of its own; notes calls that failed. */
void own_granules(bench &b, unsigned int pe)
{
	const std::uint64_t base = dram + pe * distance;

	for (unsigned int i = 0; i < granules; i++)
		if (delegate(b, pe, base + i * RMM_GRANULE_SIZE) != RMI_SUCCESS)
			b.note(i);
	for (unsigned int i = 0; i < granules; i++)
		if (undelegate(b, pe, base + i * RMM_GRANULE_SIZE) != RMI_SUCCESS)
			b.note(i);
}

/* Everybody wants the same granules; notes who got one. */
void same_granules(bench &b, unsigned int pe)
{
	for (unsigned int i = 0; i < granules; i++)
		if (delegate(b, pe, dram + i * RMM_GRANULE_SIZE) == RMI_SUCCESS)
			b.note(pe);
}

outcome run_core(unsigned int pes, bench_actor actor)
{
	run_options options;

	options.pes = pes;
	options.with_core = true;
	return run_timed(options, actor);
}

} /* namespace */

TEST(TimedCore, WorksAndIsAccountedFor)
{
	const outcome out = run_core(4, own_granules);

	ASSERT_EQ(out.result, 0) << out.error.text;
	EXPECT_TRUE(out.silent);
	EXPECT_EQ(out.num_notes, 0u);
	ASSERT_EQ(out.num_commands, 2u);
	for (unsigned int i = 0; i < 2; i++) {
		EXPECT_EQ(out.commands[i].calls, 4u * granules);
		EXPECT_GT(out.commands[i].share.by_cost[RMM_COST_SMC], 0u);
		EXPECT_GT(out.commands[i].share.by_cost[RMM_COST_TLBI_GPT], 0u);
	}
}

TEST(TimedCore, EveryGranuleIsDelegatedOnce)
{
	const outcome out = run_core(4, same_granules);

	ASSERT_EQ(out.result, 0) << out.error.text;
	EXPECT_EQ(out.num_notes, granules);
}

TEST(TimedCore, ContentionIsNeverFasterThanBeingAlone)
{
	const outcome alone = run_core(1, own_granules);

	ASSERT_EQ(alone.result, 0) << alone.error.text;
	for (const unsigned int pes : {2u, 8u}) {
		const outcome together = run_core(pes, own_granules);

		ASSERT_EQ(together.result, 0) << together.error.text;
		for (unsigned int i = 0; i < pes; i++)
			EXPECT_GE(together.pes[i].cycles, alone.cycles) << pes << " PEs";
	}
}

TEST(TimedCore, TwoProcessesAgree)
{
	const outcome first = run_core(4, same_granules);
	const outcome second = run_core(4, same_granules);

	ASSERT_EQ(first.result, 0) << first.error.text;
	EXPECT_EQ(first.cycles, second.cycles);
	EXPECT_TRUE(std::equal(first.notes, first.notes + first.num_notes, second.notes));
	for (unsigned int i = 0; i < 4; i++)
		EXPECT_EQ(first.pes[i].cycles, second.pes[i].cycles);
}
