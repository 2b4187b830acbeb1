/* SPDX-License-Identifier: BSD-3-Clause */
#include <gtest/gtest.h>

#include "fake_machine.h"
#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/host/smc.h"

namespace
{

/* Answers `status` n times, then success. */
FakeConduit::Handler n_times(unsigned int n, uint64_t status)
{
	return [n, status](smc_regs &regs) mutable {
		if (n > 0) {
			n--;
			regs = answer(status, 0xbad);
		} else {
			regs = answer(RMI_SUCCESS, regs.x[1]);
		}
	};
}

class Retry : public ::testing::TestWithParam<uint64_t>
{
};

TEST_P(Retry, RepeatsWithTheOriginalInputs)
{
	FakeConduit machine(n_times(3, GetParam()));
	host_smc_retry retry{};
	smc_regs regs = answer(FID_RMI_REC_ENTER, 0x1234, 0x5678);

	retry.next = &machine.conduit;
	retry.bound = 3;
	smc_conduit conduit = host_smc_retry_conduit(&retry);
	smc_call(&conduit, &regs);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), regs.x[0]);
	EXPECT_EQ(0x1234u, regs.x[1]);
	EXPECT_EQ(4u, machine.calls.size());
	EXPECT_EQ(3u, retry.retries);
	EXPECT_EQ(0u, retry.exhausted);
	for (const smc_regs &call : machine.calls) {
		EXPECT_EQ(uint64_t(FID_RMI_REC_ENTER), call.x[0]);
		EXPECT_EQ(0x5678u, call.x[2]);
	}
}

TEST_P(Retry, StopsAtTheBound)
{
	FakeConduit machine(n_times(100, GetParam()));
	host_smc_retry retry{};
	smc_regs regs = answer(FID_RMI_REC_ENTER);

	retry.next = &machine.conduit;
	retry.bound = 5;
	smc_conduit conduit = host_smc_retry_conduit(&retry);
	smc_call(&conduit, &regs);
	EXPECT_EQ(GetParam(), regs.x[0]);
	EXPECT_EQ(6u, machine.calls.size());
	EXPECT_EQ(1u, retry.exhausted);
}

TEST_P(Retry, StopsWhenWaitSaysSo)
{
	FakeConduit machine(n_times(100, GetParam()));
	host_smc_retry retry{};
	smc_regs regs = answer(FID_RMI_REC_ENTER);

	retry.next = &machine.conduit;
	retry.bound = 50;
	retry.wait = [](void *, uint32_t attempt) { return attempt == 3 ? 1 : 0; };
	smc_conduit conduit = host_smc_retry_conduit(&retry);
	smc_call(&conduit, &regs);
	EXPECT_EQ(3u, machine.calls.size());
}

INSTANTIATE_TEST_SUITE_P(Statuses, Retry,
			 ::testing::Values(uint64_t(RMI_BUSY), uint64_t(RMI_BLOCKED)));

TEST(RetryConduit, LeavesOtherAnswersAndOtherCallsAlone)
{
	FakeConduit machine([](smc_regs &regs) { regs = answer(RMI_BUSY); });
	host_smc_retry retry{};
	smc_regs regs = answer(FID_SMCCC_VERSION);

	retry.next = &machine.conduit;
	retry.bound = 5;
	smc_conduit conduit = host_smc_retry_conduit(&retry);
	smc_call(&conduit, &regs);
	EXPECT_EQ(1u, machine.calls.size()) << "10 is a value of that call, not RMI_BUSY";

	FakeConduit none([](smc_regs &r) { r = answer(UINT64_MAX); });
	retry.next = &none.conduit;
	regs = answer(FID_RMI_VERSION);
	smc_call(&conduit, &regs);
	EXPECT_EQ(1u, none.calls.size());
}

TEST(Stats, CountsCallsAndStatuses)
{
	FakeConduit machine(n_times(2, RMI_ERROR_RTT));
	host_smc_stats stats{};
	smc_regs regs{};

	stats.next = &machine.conduit;
	smc_conduit conduit = host_smc_stats_conduit(&stats);
	for (int i = 0; i < 3; i++) {
		regs = answer(FID_RMI_RTT_CREATE | (i == 1 ? 0x10000u : 0u));
		smc_call(&conduit, &regs);
	}
	EXPECT_EQ(3u, stats.calls);
	EXPECT_EQ(3u, host_smc_stats_calls(&stats, FID_RMI_RTT_CREATE));
	EXPECT_EQ(0u, host_smc_stats_calls(&stats, FID_RMI_RTT_DESTROY));
	EXPECT_EQ(2u, stats.by_status[RMI_ERROR_RTT]);
	EXPECT_EQ(1u, stats.by_status[RMI_SUCCESS]);
}

TEST(Stats, CountsUnknownFunctions)
{
	FakeConduit machine([](smc_regs &regs) { regs = answer(UINT64_MAX); });
	host_smc_stats stats{};
	smc_regs regs = answer(0x84000000);

	stats.next = &machine.conduit;
	smc_conduit conduit = host_smc_stats_conduit(&stats);
	smc_call(&conduit, &regs);
	regs = answer(FID_RMI_VERSION);
	smc_call(&conduit, &regs);
	EXPECT_EQ(2u, stats.not_supported);
	EXPECT_EQ(0u, stats.by_status[31]);
	EXPECT_EQ(0u, host_smc_stats_calls(&stats, 0x84000000));
}

} /* namespace */
