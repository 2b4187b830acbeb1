/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory of a realm: pages and blocks, private and shared, on the model. */
#include <algorithm>

#include "model_machine.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"

namespace
{

constexpr uint64_t kBlock = HOST_BLOCK_SIZE;
constexpr uint64_t kRam = 0x40000000;
constexpr uint64_t kRamSize = 8 * kBlock;
constexpr uint64_t kShared = UINT64_C(1) << 38;

class Mapping : public ModelMachine
{
protected:
	void SetUp() override
	{
		ModelMachine::SetUp();
		config_.pool_size = 64 << 20;
		ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
		host_realm_params params = host_realm_params_default(host_);
		params.ram = &ram_, params.num_ram = 1;
		ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_))
			<< error_.text;
		calls_.clear();
	}

	void TearDown() override
	{
		EXPECT_EQ(HOST_OK, host_realm_destroy(realm_, &error_)) << error_.text;
		EXPECT_EQ(HOST_OK, host_destroy(host_, &error_)) << error_.text;
		expect_clean();
		ModelMachine::TearDown();
	}

	rmi_rtt_read_entry_result entry(uint64_t ipa, int level)
	{
		return rmi_rtt_read_entry(host_conduit(host_), host_realm_rd(realm_), ipa, level);
	}

	/* Level at which the memory behind an IPA is mapped; -2: there is none. */
	int mapped_at(uint64_t ipa)
	{
		const auto leaf = entry(ipa, 3);
		const int level = int(leaf.walk_level);

		return leaf.result == RMI_SUCCESS && leaf.state == RMI_RTTE_DATA ? level : -2;
	}

	size_t calls_of(uint64_t fid) const
	{
		size_t n = 0;
		for (size_t i = 0; i < calls_.size(); i += 2)
			n += calls_[i] == fid;
		return n;
	}

	uint64_t out() const
	{
		return host_pages_out(host_);
	}

	const host_ipa_range ram_ = {kRam, kRamSize};
	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	host_error error_{};
};

TEST_F(Mapping, UsesBlocksBetweenUnevenEnds)
{
	const uint64_t before = out();

	ASSERT_EQ(HOST_OK,
		  host_realm_map(realm_, kRam + kBlock - kPage, 2 * kBlock + 2 * kPage, &error_))
		<< error_.text;
	EXPECT_EQ(3, mapped_at(kRam + kBlock - kPage));
	EXPECT_EQ(2, mapped_at(kRam + kBlock));
	EXPECT_EQ(2, mapped_at(kRam + 2 * kBlock));
	EXPECT_EQ(3, mapped_at(kRam + 3 * kBlock));
	EXPECT_EQ(-2, mapped_at(kRam + 3 * kBlock + kPage));
	/* The data, and a table of level 3 at each end. */
	EXPECT_EQ(before + 2 * 512 + 2 + 2, out());

	ASSERT_EQ(HOST_OK, host_realm_unmap(realm_, kRam, kRamSize, &error_)) << error_.text;
	EXPECT_EQ(before + 2, out());
}

TEST_F(Mapping, BlocksAreSplitWhereAPartGoes)
{
	uint64_t word = 1;

	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kRam, kBlock, &error_)) << error_.text;
	EXPECT_EQ(2, mapped_at(kRam));
	const uint64_t before = out();
	ASSERT_EQ(HOST_OK, host_realm_unmap(realm_, kRam + 4 * kPage, 2 * kPage, &error_))
		<< error_.text;
	EXPECT_EQ(3, mapped_at(kRam));
	EXPECT_EQ(-2, mapped_at(kRam + 5 * kPage));
	EXPECT_EQ(3, mapped_at(kRam + 6 * kPage));
	EXPECT_EQ(before + 1 - 2, out()) << "one table more, two pages less";
	EXPECT_TRUE(rmm_realm_peek(sys_, host_realm_rd(realm_), kRam, &word, sizeof(word)));
	EXPECT_EQ(0u, word);
}

TEST_F(Mapping, WithoutAnAlignedBlockInThePoolPagesDo)
{
	std::vector<uint64_t> kept;
	uint64_t pa = 0;

	/* One page of every 2 MiB is taken. */
	while (host_pages_alloc(host_pool(host_), 1, 512, "taken", &pa) == HOST_OK)
		kept.push_back(pa);
	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kRam, kBlock, &error_)) << error_.text;
	EXPECT_EQ(3, mapped_at(kRam));
	EXPECT_EQ(3, mapped_at(kRam + kBlock - kPage));
	for (uint64_t page : kept)
		EXPECT_EQ(0u, host_pages_free(host_pool(host_), page, 1));
}

TEST_F(Mapping, WhereATableStandsPagesDo)
{
	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kRam, kPage, &error_)) << error_.text;
	ASSERT_EQ(HOST_OK, host_realm_unmap(realm_, kRam, kPage, &error_)) << error_.text;
	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kRam, kBlock, &error_)) << error_.text;
	EXPECT_EQ(3, mapped_at(kRam));
	EXPECT_EQ(3, mapped_at(kRam + kBlock - kPage));
}

TEST_F(Mapping, AFaultBringsTheBlockAroundIt)
{
	uint64_t pages = 0;

	ASSERT_EQ(HOST_OK, host_realm_fault(realm_, kRam + 0x1234, true, &pages, &error_))
		<< error_.text;
	EXPECT_EQ(512u, pages);
	EXPECT_EQ(2, mapped_at(kRam));
	ASSERT_EQ(HOST_OK, host_realm_fault(realm_, kRam + kBlock + 0x5008, false, &pages, &error_))
		<< error_.text;
	EXPECT_EQ(1u, pages);
	EXPECT_EQ(3, mapped_at(kRam + kBlock + 0x5000));
	const uint64_t before = out();
	ASSERT_EQ(HOST_OK, host_realm_fault(realm_, kRam + kBlock, true, &pages, &error_))
		<< error_.text;
	EXPECT_EQ(1u, pages) << "a part of the block is mapped";
	EXPECT_EQ(before + 1, out());
	EXPECT_EQ(HOST_ERROR_CONFIG, host_realm_fault(realm_, kShared, true, &pages, &error_));
}

TEST_F(Mapping, WithRipasThatDiffersAFaultBringsAPage)
{
	uint64_t pages = 0;

	/* RAM ends in the middle of this block: what is mapped must not reach behind it. */
	const uint64_t end = kRam + kRamSize;
	ASSERT_EQ(HOST_OK, host_realm_destroy(realm_, &error_)) << error_.text;
	const host_ipa_range ram = {kRam, kRamSize + 4 * kPage};
	host_realm_params params = host_realm_params_default(host_);
	params.ram = &ram, params.num_ram = 1;
	ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_)) << error_.text;

	ASSERT_EQ(HOST_OK, host_realm_fault(realm_, end, true, &pages, &error_)) << error_.text;
	EXPECT_EQ(1u, pages);
	EXPECT_EQ(3, mapped_at(end));
	EXPECT_EQ(-2, mapped_at(end + kPage));
}

/* ---- shared ---------------------------------------------------------------------------- */

TEST_F(Mapping, SharedWindowsComeAndGo)
{
	const uint64_t before = out();
	uint64_t pa = 0, again = 0;

	ASSERT_EQ(HOST_OK, host_realm_share(realm_, kShared, 3 * kPage, &pa, &error_))
		<< error_.text;
	ASSERT_EQ(HOST_OK, host_realm_share(realm_, kShared + kBlock, kPage, nullptr, &error_))
		<< error_.text;
	EXPECT_EQ(3, mapped_at(kShared + kPage));
	const uint64_t tables = out() - before - 4;

	ASSERT_EQ(HOST_OK, host_realm_unshare(realm_, kShared, &error_)) << error_.text;
	EXPECT_EQ(-2, mapped_at(kShared + kPage));
	EXPECT_FALSE(host_realm_shared_pa(realm_, kShared, &again));
	EXPECT_TRUE(host_realm_shared_pa(realm_, kShared + kBlock, &again));
	EXPECT_EQ(before + tables + 1, out());
	EXPECT_EQ(HOST_ERROR_CONFIG, host_realm_unshare(realm_, kShared, &error_));
	EXPECT_NE(nullptr, strstr(error_.text, "no shared window")) << error_.text;
	ASSERT_EQ(HOST_OK, host_realm_share(realm_, kShared, 3 * kPage, &pa, &error_))
		<< error_.text;
}

/* A page is private or shared, as the realm asks: the host keeps the book. */
TEST_F(Mapping, APageChangesItsWorld)
{
	const uint64_t alias = kShared + kRam;

	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kRam, kPage, &error_)) << error_.text;
	ASSERT_EQ(HOST_OK, host_realm_unmap(realm_, kRam, kPage, &error_)) << error_.text;
	ASSERT_EQ(HOST_OK, host_realm_share(realm_, alias, kPage, nullptr, &error_)) << error_.text;
	EXPECT_EQ(-2, mapped_at(kRam));
	ASSERT_EQ(HOST_OK, host_realm_unshare(realm_, alias, &error_)) << error_.text;
	EXPECT_EQ(1u, calls_of(FID_RMI_RTT_UNPROT_UNMAP));
}

} /* namespace */
