/* SPDX-License-Identifier: BSD-3-Clause */
/* The generated call wrappers: which register gets what, and where outputs come from. */
#include <gtest/gtest.h>

#include "rmmsim/abi/rmm1_0_calls.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rmmsim/abi/rmm2_0b3_calls.h"

namespace
{

/* Remembers the registers of the last call and answers with numbers of its own. */
struct Callee {
	struct smc_regs seen;
	struct smc_regs answer;
	struct smc_conduit conduit;

	Callee() : seen(), answer(), conduit{answer_call, this}
	{
		for (unsigned i = 0; i < SMC_NUM_REGS; i++)
			answer.x[i] = 0xA0 + i;
	}

	static void answer_call(void *ctx, struct smc_regs *regs)
	{
		Callee *callee = static_cast<Callee *>(ctx);

		callee->seen = *regs;
		*regs = callee->answer;
	}

	void expect_zero_from(unsigned first) const
	{
		for (unsigned i = first; i < SMC_NUM_REGS; i++)
			EXPECT_EQ(seen.x[i], 0u) << "x" << i;
	}
};

TEST(Calls, InputsAndOutputs)
{
	Callee callee;
	auto out = rmm2_0b1_rmi_rtt_destroy(&callee.conduit, 0x1000, 0x2000, -1);

	EXPECT_EQ(callee.seen.x[0], 0xC400015Eu);
	EXPECT_EQ(callee.seen.x[1], 0x1000u);
	EXPECT_EQ(callee.seen.x[2], 0x2000u);
	EXPECT_EQ(callee.seen.x[3], UINT64_MAX);
	callee.expect_zero_from(4);
	EXPECT_EQ(out.result, 0xA0u);
	EXPECT_EQ(out.rtt, 0xA1u);
	EXPECT_EQ(out.top, 0xA2u);
}

TEST(Calls, PartsOfRegisters)
{
	Callee callee;

	callee.answer.x[2] = 0xFFFFFF02;
	callee.answer.x[4] = 0xFFFFFF01;
	auto entry = rmm1_0_rmi_rtt_read_entry(&callee.conduit, 1, 2, 3);
	EXPECT_EQ(entry.state, 0x02u);
	EXPECT_EQ(entry.desc, 0xA3u);
	EXPECT_EQ(entry.ripas, 0x01u);
}

TEST(Calls, CommandsWithoutInputs)
{
	Callee callee;
	auto out = rmm2_0b1_rmi_rmm_activate(&callee.conduit);

	EXPECT_EQ(callee.seen.x[0], 0xC4000202u);
	callee.expect_zero_from(1);
	EXPECT_EQ(out.result, 0xA0u);
}

TEST(Calls, FormsFollowTheVersion)
{
	Callee callee;

	(void)rmm1_0_rmi_psci_complete(&callee.conduit, 1, 2, 3);
	EXPECT_EQ(callee.seen.x[3], 3u);
	(void)rmm2_0b3_rmi_psci_complete(&callee.conduit, 1, 3);
	EXPECT_EQ(callee.seen.x[2], 3u);
	callee.expect_zero_from(3);
}

TEST(Calls, RegistersWithoutACall)
{
	struct smc_regs regs = rmm2_0b1_rmi_op_cancel_regs(0x77);

	EXPECT_EQ(regs.x[0], 0xC400020Au);
	EXPECT_EQ(regs.x[1], 0x77u);
	regs.x[0] = 13;
	EXPECT_EQ(rmm2_0b1_rmi_op_cancel_from(&regs).result, 13u);
}

TEST(Calls, ShortNames)
{
	Callee callee;
	struct rmi_rec_enter enter = {};
	struct rmi_rec_enter_result out = rmi_rec_enter(&callee.conduit, 5, 6);

	enter.flags = rmi_rec_enter_flags_set_trap_wfi(0, 1);
	EXPECT_EQ(enter.flags, RMI_REC_ENTER_FLAGS_TRAP_WFI_MASK);
	EXPECT_EQ(callee.seen.x[0], FID_RMI_REC_ENTER);
	EXPECT_EQ(out.result, 0xA0u);
	EXPECT_EQ(RMI_ERROR_INPUT, 1u);
	EXPECT_EQ(RMI_REC_RUN_SIZE, 0x1000u);
}

TEST(Calls, CallsOfARealm)
{
	Callee callee;

	(void)rmm1_0_rsi_measurement_extend(&callee.conduit, 1, 64, 3, 4, 5, 6, 7, 8, 9, 10);
	for (unsigned i = 3; i <= 10; i++)
		EXPECT_EQ(callee.seen.x[i], i);
	callee.expect_zero_from(11);
	(void)rmm1_0_psci_cpu_on(&callee.conduit, 1, 2, 3);
	EXPECT_EQ(callee.seen.x[0], 0xC4000003u);
}

} // namespace
