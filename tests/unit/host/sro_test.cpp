/* SPDX-License-Identifier: BSD-3-Clause */
#include <gtest/gtest.h>

#include <tuple>

#include "fake_rmm.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rmmsim/host/delegate.h"
#include "rmmsim/host/sro.h"

namespace
{

constexpr uint64_t kBase = 0x80000000;
constexpr uint64_t kPoolPages = 4096;

class Sro : public ::testing::Test
{
protected:
	void SetUp() override
	{
		make_pool(kPoolPages);
	}

	void TearDown() override
	{
		host_pages_destroy(pages_);
	}

	void make_pool(uint64_t count)
	{
		host_pages_destroy(pages_);
		ASSERT_EQ(HOST_OK, host_pages_create(kBase, count * kPage, &pages_, nullptr));
		sro_ = host_sro{};
		sro_.next = &rmm_.machine.conduit;
		sro_.memory = memory_.ops();
		sro_.pages = pages_;
		ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, 1, 1, "lists", &sro_.list_pa));
		conduit_ = host_sro_conduit(&sro_);
	}

	uint64_t in(host_page_state state) const
	{
		return host_pages_usage(pages_).in[state];
	}

	uint64_t create()
	{
		return rmi_rec_create(&conduit_, 1, 2, 3).result;
	}

	uint64_t destroy()
	{
		return rmi_rec_destroy(&conduit_, 2).result;
	}

	/* Nothing is on its way: all that is out is held by the RMM. */
	void expect_settled(uint64_t held)
	{
		EXPECT_EQ(held, in(HOST_PAGE_HELD));
		EXPECT_EQ(held, rmm_.count(FakeRmm::Granule::Donated));
		EXPECT_EQ(0u, in(HOST_PAGE_DELEGATED));
		EXPECT_EQ(0u, rmm_.count(FakeRmm::Granule::Delegated));
		EXPECT_EQ(0u, in(HOST_PAGE_LOST));
		EXPECT_EQ(1u, in(HOST_PAGE_UNDELEGATED)) << "the list page";
	}

	FakeMemory memory_;
	FakeRmm rmm_{memory_};
	host_pages *pages_ = nullptr;
	host_sro sro_{};
	smc_conduit conduit_{};
};

TEST_F(Sro, DonatesAndContinues)
{
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	EXPECT_EQ(HOST_OK, sro_.last.status);
	EXPECT_EQ(1u, sro_.operations);
	expect_settled(4);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), destroy());
	expect_settled(0);
}

TEST_F(Sro, TheCallerGetsTheOutputsOfItsCommand)
{
	smc_regs regs = rmi_rec_create_regs(1, 2, 3);

	smc_call(&conduit_, &regs);
	EXPECT_EQ(0x1111u, regs.x[1]);
	EXPECT_EQ(0x2222u, regs.x[2]);
	EXPECT_EQ(0x3333u, regs.x[3]);
}

TEST_F(Sro, CommandsThatCompleteAtOnceAreUntouched)
{
	smc_regs regs = rmi_granule_range_delegate_regs(kBase + kPage, kBase + 2 * kPage);

	smc_call(&conduit_, &regs);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), regs.x[0]);
	EXPECT_EQ(kBase + 2 * kPage, regs.x[1]);
	EXPECT_EQ(0u, sro_.operations);
}

TEST_F(Sro, OperationsCanBeDrivenByHand)
{
	smc_regs regs = rmi_rec_create_regs(1, 2, 3);

	smc_call(&rmm_.machine.conduit, &regs);
	regs = smc_regs{{FID_RMI_OP_MEM_DONATE, rmm_.handle, sro_.list_pa, 0}};
	smc_call(&conduit_, &regs);
	EXPECT_EQ(incomplete(RMI_OP_MEM_REQ_DONATE), regs.x[0]);
	EXPECT_EQ(0u, sro_.operations);
}

TEST_F(Sro, HandleZeroIsAHandle)
{
	rmm_.handle = UINT64_MAX;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	EXPECT_EQ(0u, rmm_.handle);
}

/* Pages that the RMM takes in one call, out of 16. */
class SroConsumption : public Sro, public ::testing::WithParamInterface<uint64_t>
{
};

TEST_P(SroConsumption, IsDonatedAgainUntilItIsEnough)
{
	rmm_.plan.count = 16;
	rmm_.plan.consume_at_most = GetParam();
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	expect_settled(16);
	EXPECT_EQ((16 + GetParam() - 1) / GetParam(), rmm_.lists.size());
	EXPECT_EQ(uint64_t(RMI_SUCCESS), destroy());
	expect_settled(0);
}

INSTANTIATE_TEST_SUITE_P(Odd, SroConsumption, ::testing::Values(1, 3, 5, 7, 15, 16));

TEST_F(Sro, LeftoversServeTheNextRound)
{
	rmm_.plan.count = 16;
	rmm_.plan.consume_at_most = 5;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	uint64_t delegations = 0;
	for (const smc_regs &call : rmm_.machine.calls)
		delegations += call.x[0] == FID_RMI_GRANULE_RANGE_DELEGATE;
	EXPECT_EQ(1u, delegations);
}

TEST_F(Sro, ContiguousRequestsGetOneAlignedRun)
{
	uint64_t pa = 0;

	ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, 3, 1, "in the way", &pa));
	rmm_.plan.count = 32;
	rmm_.plan.contig = true;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	EXPECT_EQ(32u, in(HOST_PAGE_HELD));
	ASSERT_EQ(1u, rmm_.lists.size());
	EXPECT_EQ(1u, rmm_.lists[0].size());
	host_pages_free(pages_, pa, 3);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), destroy());
	expect_settled(0);
}

TEST_F(Sro, LongContiguousRunsAreDescribedInLargerBlocks)
{
	rmm_.plan.count = 2048;
	rmm_.plan.contig = true;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	ASSERT_EQ(1u, rmm_.lists.size());
	EXPECT_EQ(uint64_t(RMI_BLOCK_L2), rmi_addr_range_desc_get_size(rmm_.lists[0][0]));
	EXPECT_EQ(4u, rmi_addr_range_desc_get_count(rmm_.lists[0][0]));
	expect_settled(2048);
}

TEST_F(Sro, BlocksAreAligned)
{
	rmm_.plan.size = RMI_BLOCK_L2;
	rmm_.plan.count = 3;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	expect_settled(3 * 512);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), destroy());
	expect_settled(0);
}

TEST_F(Sro, BlocksThatAreTakenInPartAreDonatedAnew)
{
	rmm_.plan.size = RMI_BLOCK_L2;
	rmm_.plan.count = 2;
	rmm_.plan.consume_at_most = 512;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	expect_settled(1024);
}

TEST_F(Sro, UndelegatedMemoryIsGivenAndTakenAsItIs)
{
	rmm_.plan.state = RMI_OP_MEM_UNDELEGATED;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	for (const smc_regs &call : rmm_.machine.calls)
		EXPECT_NE(uint64_t(FID_RMI_GRANULE_RANGE_DELEGATE), call.x[0]);
	EXPECT_EQ(4u, in(HOST_PAGE_HELD));
	EXPECT_EQ(uint64_t(RMI_SUCCESS), destroy());
	expect_settled(0);
}

TEST_F(Sro, FragmentedPoolsDonateScattered)
{
	std::vector<uint64_t> all;
	uint64_t pa = 0;

	while (host_pages_alloc(pages_, 1, 1, "x", &pa) == HOST_OK)
		all.push_back(pa);
	for (size_t i = 0; i < 300; i += 2)
		host_pages_free(pages_, all[i], 1);
	rmm_.plan.count = 130;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	EXPECT_EQ(130u, in(HOST_PAGE_HELD));
	EXPECT_EQ(0u, in(HOST_PAGE_DELEGATED));
}

TEST_F(Sro, ReclaimsInPieces)
{
	rmm_.plan.count = 16;
	sro_.reclaim_entries = 3;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	EXPECT_EQ(uint64_t(RMI_SUCCESS), destroy());
	expect_settled(0);

	rmm_.plan.reclaim_at_most = 5;
	rmm_.plan.reclaim_in_blocks = true;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	EXPECT_EQ(uint64_t(RMI_SUCCESS), destroy());
	expect_settled(0);
}

TEST_F(Sro, ContinuesWithoutMemoryAsLongAsItTakes)
{
	rmm_.plan.count = 0;
	rmm_.plan.none_steps = 1000;
	EXPECT_EQ(uint64_t(RMI_SUCCESS), create());
	expect_settled(0);
}

TEST_F(Sro, FailedCreationsHandTheirMemoryBack)
{
	rmm_.plan.result = RMI_ERROR_REALM;
	EXPECT_EQ(uint64_t(RMI_ERROR_REALM), create());
	EXPECT_EQ(HOST_OK, sro_.last.status) << "the operation itself went well";
	expect_settled(0);
	EXPECT_FALSE(rmm_.is_open);
}

TEST_F(Sro, OperationsThatNeverEndAreSuspended)
{
	rmm_.plan.count = 0;
	rmm_.plan.none_steps = UINT64_MAX;
	sro_.max_steps = 20;
	EXPECT_EQ(uint64_t(RMI_INCOMPLETE), create() & 0xff);
	EXPECT_EQ(1u, sro_.num_suspended);
	EXPECT_EQ(HOST_ERROR_BUSY, sro_.last.status);
	EXPECT_EQ(rmm_.handle, sro_.suspended[0].handle);
}

TEST_F(Sro, WithoutMemoryTheOperationIsCancelled)
{
	make_pool(3);
	rmm_.plan.can_cancel = true;
	EXPECT_EQ(uint64_t(RMI_ERROR_GLOBAL), create());
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, sro_.last.status);
	EXPECT_EQ(1u, sro_.cancelled);
	EXPECT_FALSE(rmm_.is_open);
	expect_settled(0);
}

TEST_F(Sro, WithoutMemoryAndCancelItIsSuspendedAndResumed)
{
	host_error error{};
	uint64_t hog = 0;

	ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, kPoolPages - 3, 1, "hog", &hog));
	EXPECT_EQ(uint64_t(RMI_INCOMPLETE), create() & 0xff);
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, sro_.last.status);
	ASSERT_EQ(1u, sro_.num_suspended);
	EXPECT_EQ(2u, sro_.suspended[0].donated);

	EXPECT_EQ(HOST_ERROR_SUSPENDED, host_sro_resume(&sro_, &error));
	EXPECT_NE(nullptr, strstr(error.text, "still open"));
	EXPECT_EQ(1u, sro_.num_suspended);

	host_pages_free(pages_, hog, kPoolPages - 3);
	EXPECT_EQ(HOST_OK, host_sro_resume(&sro_, &error));
	EXPECT_EQ(0u, sro_.num_suspended);
	EXPECT_FALSE(rmm_.is_open);
	expect_settled(4);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), destroy());
	expect_settled(0);
}

TEST_F(Sro, RequestsThatCannotBeMetAreReported)
{
	rmm_.plan.size = RMI_BLOCK_L0;
	rmm_.plan.count = 16383;
	EXPECT_EQ(uint64_t(RMI_INCOMPLETE), create() & 0xff);
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, sro_.last.status);
	expect_settled(0);
}

TEST_F(Sro, MoreConsumedThanGivenIsAProtocolError)
{
	FakeConduit machine([&](smc_regs &regs) {
		switch (uint32_t(regs.x[0])) {
		case FID_RMI_REC_CREATE:
			regs = answer(incomplete(RMI_OP_MEM_REQ_DONATE), 7,
				      donate_request(RMI_PAGE_L3, 2, false, RMI_OP_MEM_DELEGATED));
			return;
		case FID_RMI_OP_MEM_DONATE:
			regs = answer(incomplete(RMI_OP_MEM_REQ_NONE), 3);
			return;
		default:
			regs = answer(RMI_SUCCESS, regs.x[2]);
		}
	});
	sro_.next = &machine.conduit;
	EXPECT_EQ(uint64_t(RMI_INCOMPLETE), create() & 0xff);
	EXPECT_EQ(HOST_ERROR_PROTOCOL, sro_.last.status);
	EXPECT_EQ(2u, in(HOST_PAGE_HELD)) << "the RMM may have them";
}

TEST_F(Sro, ForeignPagesAreNotTakenBack)
{
	FakeConduit machine([&](smc_regs &regs) {
		switch (uint32_t(regs.x[0])) {
		case FID_RMI_REC_DESTROY:
			regs = answer(incomplete(RMI_OP_MEM_REQ_RECLAIM), 7);
			return;
		case FID_RMI_OP_MEM_RECLAIM:
			memory_.set_word(
				regs.x[2],
				rmi_addr_range_desc_set_count(
					rmi_addr_range_desc_set_addr(0, kBase / kPage + 9), 1));
			regs = answer(incomplete(RMI_OP_MEM_REQ_NONE), 1);
			return;
		default:
			regs = answer(RMI_SUCCESS, regs.x[2]);
		}
	});
	sro_.next = &machine.conduit;
	EXPECT_EQ(uint64_t(RMI_INCOMPLETE), destroy() & 0xff);
	EXPECT_EQ(HOST_ERROR_PROTOCOL, sro_.last.status);
	EXPECT_EQ(kPoolPages - 1, in(HOST_PAGE_FREE));
}

TEST_F(Sro, ListPageThatFaultsSuspends)
{
	memory_.refused.insert(sro_.list_pa);
	EXPECT_EQ(uint64_t(RMI_INCOMPLETE), create() & 0xff);
	EXPECT_EQ(HOST_ERROR_FAULT, sro_.last.status);
	expect_settled(0);
	memory_.refused.clear();
	EXPECT_EQ(HOST_OK, host_sro_resume(&sro_, nullptr));
	expect_settled(4);
}

/*
 * Every call of a creation, with and without unwinding, fails once with a
 * status that does not mean what it says. No page may get lost.
 */
class SroFailure : public Sro, public ::testing::WithParamInterface<std::tuple<uint64_t, uint64_t>>
{
protected:
	/* Calls that a creation takes when nothing fails. */
	size_t calls_of_creation()
	{
		rmm_.machine.calls.clear();
		(void)create();
		size_t calls = rmm_.machine.calls.size();
		(void)destroy();
		return calls;
	}
};

TEST_P(SroFailure, OfAnyCallLosesNoPage)
{
	rmm_.fail_with = std::get<0>(GetParam());
	rmm_.plan.result = std::get<1>(GetParam());
	rmm_.plan.count = 6;
	rmm_.plan.consume_at_most = 4;
	size_t calls = calls_of_creation();
	ASSERT_GE(calls, 5u);

	for (size_t n = 0; n < calls; n++) {
		SCOPED_TRACE(n);
		rmm_.machine.calls.clear();
		rmm_.fail_call = n;
		(void)create();
		rmm_.fail_call.reset();
		EXPECT_EQ(HOST_OK, host_sro_resume(&sro_, nullptr));
		/* Only a false end after the memory is back looks like the true one. */
		EXPECT_TRUE(!rmm_.is_open || rmm_.plan.result != RMI_SUCCESS);
		(void)destroy();
		(void)host_recover_lost(&conduit_, pages_, nullptr);
		expect_settled(0);
	}
}

INSTANTIATE_TEST_SUITE_P(
	Statuses, SroFailure,
	::testing::Combine(::testing::Values(uint64_t(RMI_ERROR_INPUT), uint64_t(RMI_ERROR_GLOBAL),
					     uint64_t(RMI_BUSY)),
			   ::testing::Values(uint64_t(RMI_SUCCESS), uint64_t(RMI_ERROR_REALM))));

} /* namespace */
