/* SPDX-License-Identifier: BSD-3-Clause */
#include <gtest/gtest.h>

#include "fake_rmm.h"
#include "rmmsim/host/delegate.h"

namespace
{

constexpr uint64_t kBase = 0x80000000;

class Delegate : public ::testing::Test
{
protected:
	void SetUp() override
	{
		ASSERT_EQ(HOST_OK, host_pages_create(kBase, 64 * kPage, &pages_, nullptr));
		ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, 8, 1, "test", &pa_));
	}

	void TearDown() override
	{
		host_pages_destroy(pages_);
	}

	uint64_t in(host_page_state state) const
	{
		return host_pages_usage(pages_).in[state];
	}

	smc_conduit *conduit()
	{
		return &rmm_.machine.conduit;
	}

	FakeMemory memory_;
	FakeRmm rmm_{memory_};
	host_pages *pages_ = nullptr;
	uint64_t pa_ = 0;
	host_error error_{};
};

TEST_F(Delegate, OneCallWhenTheRmmTakesTheWholeRange)
{
	EXPECT_EQ(HOST_OK, host_delegate(conduit(), pages_, pa_, 8, &error_));
	EXPECT_EQ(1u, rmm_.machine.calls.size());
	EXPECT_EQ(8u, in(HOST_PAGE_DELEGATED));
	EXPECT_EQ(8u, rmm_.count(FakeRmm::Granule::Delegated));
}

TEST_F(Delegate, LoopsOverPartialProgress)
{
	rmm_.granules_per_call = 3;
	EXPECT_EQ(HOST_OK, host_delegate(conduit(), pages_, pa_, 8, &error_));
	EXPECT_EQ(3u, rmm_.machine.calls.size());
	EXPECT_EQ(HOST_OK, host_undelegate(conduit(), pages_, pa_, 8, &error_));
	EXPECT_EQ(8u, in(HOST_PAGE_UNDELEGATED));
	EXPECT_EQ(0u, rmm_.count(FakeRmm::Granule::Delegated));
}

TEST_F(Delegate, RollsBackWhatWasDelegated)
{
	rmm_.refuse_delegate = {pa_ + 5 * kPage};
	EXPECT_EQ(HOST_ERROR_RMI, host_delegate(conduit(), pages_, pa_, 8, &error_));
	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), error_.x0);
	EXPECT_STREQ("RMI_GRANULE_RANGE_DELEGATE", error_.call);
	EXPECT_NE(nullptr, strstr(error_.text, "RMI_ERROR_INPUT"));
	EXPECT_EQ(8u, in(HOST_PAGE_UNDELEGATED));
	EXPECT_EQ(0u, rmm_.count(FakeRmm::Granule::Delegated));
}

TEST_F(Delegate, RollbackNeverTouchesPagesThatWereNotDelegated)
{
	rmm_.refuse_delegate = {pa_};
	EXPECT_EQ(HOST_ERROR_RMI, host_delegate(conduit(), pages_, pa_, 8, &error_));
	EXPECT_EQ(1u, rmm_.machine.calls.size());
}

TEST_F(Delegate, RefusedPagesAreLostAndTheRestIsSaved)
{
	ASSERT_EQ(HOST_OK, host_delegate(conduit(), pages_, pa_, 8, nullptr));
	rmm_.refuse_undelegate = {pa_ + 2 * kPage, pa_ + 7 * kPage};
	EXPECT_EQ(HOST_ERROR_RMI, host_give_back(conduit(), pages_, pa_, 8, &error_));
	EXPECT_EQ(2u, in(HOST_PAGE_LOST));
	EXPECT_EQ(62u, in(HOST_PAGE_FREE));
	EXPECT_EQ(HOST_PAGE_LOST, host_pages_state(pages_, pa_ + 2 * kPage));

	EXPECT_EQ(HOST_ERROR_RMI, host_recover_lost(conduit(), pages_, &error_));
	rmm_.refuse_undelegate.clear();
	EXPECT_EQ(HOST_OK, host_recover_lost(conduit(), pages_, &error_));
	EXPECT_EQ(64u, in(HOST_PAGE_FREE));
}

TEST_F(Delegate, GivesBackMixedRuns)
{
	ASSERT_EQ(HOST_OK, host_delegate(conduit(), pages_, pa_ + 2 * kPage, 3, nullptr));
	host_pages_mark(pages_, pa_ + 3 * kPage, 1, HOST_PAGE_HELD);
	EXPECT_EQ(HOST_OK, host_give_back(conduit(), pages_, pa_, 8, &error_));
	EXPECT_EQ(64u, in(HOST_PAGE_FREE));
	EXPECT_EQ(2u, rmm_.machine.calls.size()) << "one range each way";
}

TEST_F(Delegate, TakeLeavesNothingBehindOnFailure)
{
	uint64_t pa = 0;

	rmm_.fail_call = 0;
	rmm_.fail_with = RMI_ERROR_GLOBAL;
	EXPECT_EQ(HOST_ERROR_RMI,
		  host_take_delegated(conduit(), pages_, 4, 4, "run", &pa, &error_));
	EXPECT_EQ(56u, in(HOST_PAGE_FREE));
	EXPECT_EQ(HOST_ERROR_NO_MEMORY,
		  host_take_delegated(conduit(), pages_, 60, 1, "run", &pa, &error_));
	EXPECT_NE(nullptr, strstr(error_.text, "run"));
}

TEST_F(Delegate, RefusesRunsOutsideThePool)
{
	EXPECT_EQ(HOST_ERROR_CONFIG,
		  host_delegate(conduit(), pages_, kBase + 60 * kPage, 5, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_delegate(conduit(), pages_, pa_ + 8, 1, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_undelegate(conduit(), pages_, pa_, 0, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_give_back(conduit(), pages_, 0, 1, &error_));
	EXPECT_TRUE(rmm_.machine.calls.empty());
}

TEST(DelegateProgress, IsCheckedAndBounded)
{
	uint64_t out_top = 0;
	FakeConduit machine([&](smc_regs &regs) { regs = answer(RMI_SUCCESS, out_top); });
	host_pages *pages = nullptr;
	host_error error{};
	uint64_t pa = 0;

	ASSERT_EQ(HOST_OK, host_pages_create(kBase, 8 * kPage, &pages, nullptr));
	ASSERT_EQ(HOST_OK, host_pages_alloc(pages, 4, 1, "test", &pa));
	out_top = pa + 5 * kPage;
	EXPECT_EQ(HOST_ERROR_PROTOCOL, host_delegate(&machine.conduit, pages, pa, 4, &error));
	out_top = pa - kPage;
	EXPECT_EQ(HOST_ERROR_PROTOCOL, host_delegate(&machine.conduit, pages, pa, 4, &error));
	out_top = pa + 8;
	EXPECT_EQ(HOST_ERROR_PROTOCOL, host_delegate(&machine.conduit, pages, pa, 4, &error));
	out_top = pa;
	EXPECT_EQ(HOST_ERROR_BUSY, host_delegate(&machine.conduit, pages, pa, 4, &error));
	host_pages_destroy(pages);
}

} /* namespace */
