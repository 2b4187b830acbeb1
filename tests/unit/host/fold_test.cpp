/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables whose entries are alike are folded, and come back to the pool. */
#include "model_machine.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"

namespace
{

constexpr uint64_t kBlock = HOST_BLOCK_SIZE;
constexpr uint64_t kPages = kBlock / kPage;
constexpr uint64_t kAt = UINT64_C(1) << 30; /* no table is there at first; RIPAS is EMPTY */

class Fold : public ModelMachine, public ::testing::WithParamInterface<rmm_version>
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.version = GetParam();
	}

	void SetUp() override
	{
		ModelMachine::SetUp();
		ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
		const host_realm_params params = host_realm_params_default(host_);
		ASSERT_EQ(HOST_OK, host_realm_create(host_, &params, &realm_, &error_))
			<< error_.text;
		ASSERT_EQ(HOST_OK, host_realm_activate(realm_, &error_)) << error_.text;
	}

	void TearDown() override
	{
		EXPECT_EQ(HOST_OK, host_realm_destroy(realm_, &error_)) << error_.text;
		EXPECT_EQ(0u, host_pages_out(host_));
		EXPECT_EQ(HOST_OK, host_destroy(host_, &error_)) << error_.text;
		expect_clean();
		ModelMachine::TearDown();
	}

	uint64_t fold(uint64_t ipa, uint64_t size)
	{
		uint64_t folded = 99;

		EXPECT_EQ(HOST_OK, host_realm_fold(realm_, ipa, size, &folded, &error_))
			<< error_.text;
		return folded;
	}

	uint64_t held() const
	{
		return host_pages_usage(host_pool(host_)).in[HOST_PAGE_HELD];
	}

	/* State of the entry and level of the walk. */
	rmi_rtt_read_entry_result entry(int level)
	{
		return rmi_rtt_read_entry(host_conduit(host_), host_realm_rd(realm_), kAt, level);
	}

	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	host_error error_{};
};

TEST_P(Fold, TablesWithNothingInThemGo)
{
	const uint64_t before = held();

	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kAt + 5 * kPage, kPage, &error_));
	ASSERT_EQ(HOST_OK, host_realm_unmap(realm_, kAt + 5 * kPage, kPage, &error_));
	EXPECT_EQ(before + 2, held()) << "tables of level 2 and 3";
	EXPECT_EQ(0u, fold(kAt, kBlock - kPage)) << "not all that the table maps";
	EXPECT_EQ(1u, fold(kAt, kBlock));
	EXPECT_EQ(1u, fold(kAt, UINT64_C(1) << 30)) << "and what is above";
	EXPECT_EQ(0u, fold(kAt, UINT64_C(1) << 30));
	EXPECT_EQ(before, held());
}

TEST_P(Fold, AWholeTreeGoesAtOnce)
{
	const uint64_t before = held();

	for (uint64_t i = 0; i < 3; i++) {
		ASSERT_EQ(HOST_OK, host_realm_map(realm_, kAt + i * kBlock, kPage, &error_));
		ASSERT_EQ(HOST_OK, host_realm_unmap(realm_, kAt + i * kBlock, kPage, &error_));
	}
	EXPECT_EQ(4u, fold(kAt, UINT64_C(1) << 30));
	EXPECT_EQ(before, held());
}

TEST_P(Fold, WhatIsInUseStays)
{
	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kAt, kPage, &error_));
	EXPECT_EQ(0u, fold(kAt, kBlock));
	EXPECT_EQ(uint64_t(RMI_RTTE_DATA), entry(3).state);
}

/* Pages of adjacent memory, aligned as a block, become one. */
TEST_P(Fold, AdjacentPagesBecomeABlock)
{
	uint64_t filler = 0;
	std::vector<uint64_t> fillers;

	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kAt, kPage, &error_));
	ASSERT_EQ(HOST_OK, host_realm_unmap(realm_, kAt, kPage, &error_));
	/* What the pool gives next begins at a block's boundary. */
	do {
		ASSERT_EQ(HOST_OK, host_pages_alloc(host_pool(host_), 1, 1, "filler", &filler));
		fillers.push_back(filler);
	} while ((filler + kPage) % kBlock != 0);
	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kAt, kBlock / 2, &error_)) << error_.text;
	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kAt + kBlock / 2, kBlock / 2, &error_));
	EXPECT_EQ(uint64_t(3), entry(3).walk_level);
	const uint64_t before = held();

	EXPECT_EQ(1u, fold(kAt, kBlock));
	EXPECT_EQ(before - 1, held());
	EXPECT_EQ(uint64_t(2), entry(3).walk_level);
	EXPECT_EQ(uint64_t(RMI_RTTE_DATA), entry(2).state);
	EXPECT_EQ(HOST_OK, host_realm_unmap(realm_, kAt, kBlock, &error_)) << error_.text;
	EXPECT_EQ(before - 1 - kPages, held());
	for (uint64_t page : fillers)
		host_pages_free(host_pool(host_), page, 1);
}

INSTANTIATE_TEST_SUITE_P(Versions, Fold,
			 ::testing::Values(RMM_VERSION_2_0_BET1, RMM_VERSION_2_0_BET3));

} /* namespace */
