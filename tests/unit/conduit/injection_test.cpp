/* SPDX-License-Identifier: BSD-3-Clause */
/* Fault injection: the text form, and what each means does. */
#include "bench_machine.h"

namespace
{

class Injection : public Bench
{
protected:
	Injection()
	{
		machine_.config.active_at_boot = true;
	}

	uint64_t status(uint64_t x0)
	{
		return rmi_result_get_status(x0);
	}

	rmi_granule_range_delegate_result delegate(uint64_t page, uint64_t pages)
	{
		return rmi_granule_range_delegate(&conduit_, kDram + page * kPage,
						  kDram + (page + pages) * kPage);
	}

	std::string rejected(const char *text)
	{
		host_error why{};
		host_injector *injector = nullptr;
		host_injector_config config{};
		config.version = RMM_VERSION_2_0_BET1;
		EXPECT_EQ(0, host_injector_create(&config, &injector));
		EXPECT_EQ(HOST_ERROR_CONFIG, host_injector_parse(injector, text, &why)) << text;
		host_injector_destroy(injector);
		return why.text;
	}
};

TEST_F(Injection, FailsTheNthCall)
{
	open("RMI_GRANULE_RANGE_DELEGATE@2=RMI_GRANULE_RANGE_DELEGATE_STATE");
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(0, 1).result);
	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), delegate(1, 1).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(1, 1).result);
	EXPECT_EQ(1u, host_injector_injected(host_workbench_injector(bench_)));
	EXPECT_EQ(3u, host_injector_calls_of(host_workbench_injector(bench_),
					     RMM_CMD_RMI_GRANULE_RANGE_DELEGATE));
}

TEST_F(Injection, SchedulesBusy)
{
	open("RMI_GRANULE_RANGE_DELEGATE@2x2=RMI_BUSY; RMI_VERSION/2=NOT_SUPPORTED");
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(0, 1).result);
	EXPECT_EQ(uint64_t(RMI_BUSY), delegate(1, 1).result);
	EXPECT_EQ(uint64_t(RMI_BUSY), delegate(1, 1).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(1, 1).result);
	EXPECT_EQ(UINT64_MAX, rmi_version(&conduit_, 0x20000).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), rmi_version(&conduit_, 0x20000).result);
	EXPECT_EQ(UINT64_MAX, rmi_version(&conduit_, 0x20000).result);
}

TEST_F(Injection, LevelOfAWalk)
{
	open("RMI_RTT_CREATE=RMI_RTT_CREATE_RTT_WALK:1");
	EXPECT_EQ(uint64_t(RMI_ERROR_RTT | 1 << 8), rmi_rtt_create(&conduit_, 0, 0, 0, 3).result);
}

TEST_F(Injection, SameSeedSameChoices)
{
	std::string first;

	for (int run = 0; run < 2; run++) {
		std::string choices;
		restart("seed=5; *%300=RMI_BUSY");
		for (uint64_t i = 0; i < 64; i++)
			choices += delegate(i, 1).result == RMI_BUSY ? 'b' : '-';
		EXPECT_NE(std::string::npos, choices.find('b'));
		EXPECT_NE(std::string::npos, choices.find('-'));
		first = run ? first : choices;
		EXPECT_EQ(first, choices);
	}
}

TEST_F(Injection, ShortProgress)
{
	open("RMI_GRANULE_RANGE_DELEGATE@1=progress:3; RMI_GRANULE_RANGE_DELEGATE@2=progress:0");
	EXPECT_EQ(kDram + 3 * kPage, delegate(0, 8).out_top);
	EXPECT_EQ(kDram + 3 * kPage, delegate(3, 5).out_top);
	EXPECT_EQ(kDram + 8 * kPage, delegate(3, 5).out_top);
	EXPECT_EQ(8u, rmm_num_delegated(machine_.sys()));
}

TEST_F(Injection, El3KeepsMemory)
{
	open("refuse=0x80002000+4K");
	EXPECT_EQ(kDram + 2 * kPage, delegate(0, 4).out_top);
	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), delegate(2, 1).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(3, 1).result);
	EXPECT_EQ(3u, rmm_num_delegated(machine_.sys()));
}

TEST_F(Injection, YieldsThenExecutes)
{
	open("RMI_GRANULE_RANGE_UNDELEGATE=yield:2");
	delegate(0, 2);
	smc_regs regs = {{FID_RMI_GRANULE_RANGE_UNDELEGATE, kDram, kDram + 2 * kPage}};
	smc_call(&conduit_, &regs);
	ASSERT_EQ(uint64_t(RMI_INCOMPLETE), status(regs.x[0]));
	const uint64_t handle = regs.x[1];

	EXPECT_EQ(uint64_t(RMI_INCOMPLETE), status(rmi_op_continue(&conduit_, handle, 0).result));
	EXPECT_EQ(2u, rmm_num_delegated(machine_.sys()));
	regs = {{FID_RMI_OP_CONTINUE, handle, 0}};
	smc_call(&conduit_, &regs);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), status(regs.x[0]));
	EXPECT_EQ(kDram + 2 * kPage, regs.x[1]);
	EXPECT_EQ(0u, rmm_num_delegated(machine_.sys()));
	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), rmi_op_continue(&conduit_, handle, 0).result);
	EXPECT_EQ(1u, found(HOST_FINDING_HANDLE_STALE));
}

TEST_F(Injection, LimitsContexts)
{
	open("RMI_GRANULE_RANGE_UNDELEGATE@1=yield:1; contexts=1");
	delegate(0, 2);
	auto first = rmi_granule_range_undelegate(&conduit_, kDram, kDram + kPage);
	ASSERT_EQ(uint64_t(RMI_INCOMPLETE), status(first.result));
	EXPECT_EQ(uint64_t(RMI_BLOCKED), status(delegate(4, 1).result));
	rmi_op_continue(&conduit_, first.out_top, 0);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), status(delegate(4, 1).result));
}

TEST_F(Injection, PoisonsUndefinedOutputs)
{
	open("poison");
	auto r = delegate(0, 0);
	uint64_t call = 0;

	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), r.result);
	EXPECT_TRUE(host_poison_call(r.out_top, &call));
	EXPECT_EQ(1u, call);
	EXPECT_TRUE(host_poison_call(r.out_top + 17 * kPage, &call));
	EXPECT_EQ(1u, call);
	EXPECT_FALSE(host_poison_call(kDram, &call));
	/* What a failure defines stays. */
	EXPECT_NE(uint64_t(RMI_SUCCESS), rmi_version(&conduit_, 0x10000).result);
	EXPECT_EQ(0x20000u, rmi_version(&conduit_, 0x10000).higher);
}

TEST_F(Injection, TextErrorsNameTheItem)
{
	EXPECT_NE(std::string::npos, rejected("RMI_NONE=RMI_BUSY").find("no such command"));
	EXPECT_NE(std::string::npos, rejected("RMI_VERSION@0=RMI_BUSY").find("@N"));
	EXPECT_NE(std::string::npos, rejected("RMI_VERSION=RMI_MAYBE").find("RMI_MAYBE"));
	EXPECT_NE(std::string::npos,
		  rejected("RMI_VERSION=RMI_RTT_CREATE_RTT_WALK").find("another command"));
	EXPECT_NE(std::string::npos, rejected("RMI_VERSION").find("COMMAND=ACTION"));
	EXPECT_NE(std::string::npos, rejected("poison; refuse=12+4K").find("refuse=12+4K"));
	EXPECT_NE(std::string::npos, rejected("contexts").find("number"));
	EXPECT_NE(std::string::npos, rejected(std::string(500, 'A').c_str()).find("too long"));
	/* From 1.0: the same text means nothing there. */
	EXPECT_NE(std::string::npos, rejected("RMI_DATA_CREATE=RMI_BUSY").find("no such command"));
}

} /* namespace */
