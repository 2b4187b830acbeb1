/* SPDX-License-Identifier: BSD-3-Clause */
#include "toy_host.hpp"

#include <gtest/gtest.h>

#include <rmmsim/abi/introspect.h>
#include <rmmsim/memory.h>
#include <rmmsim/system.h>

namespace
{

constexpr uint64_t MEMORY = 0x80100000; /* DRAM of the default machine */

/* A machine whose platform has made everything ready for realms. */
class ToyHostTest : public testing::Test
{
protected:
	void SetUp() override
	{
		rmm_config config = rmm_config_default();
		rmm_error error{};

		config.active_at_boot = true;
		config.gpt_prebuilt = true;
		ASSERT_EQ(rmm_system_create(&config, &sys_, &error), 0) << error.text;
		ctx_ = {sys_, 0};
	}

	void TearDown() override
	{
		rmm_system_destroy(sys_);
	}

	ToyHost host()
	{
		auto write = [this](uint64_t pa, const void *data, size_t len) {
			return rmm_host_write(sys_, pa, data, len, nullptr);
		};

		return ToyHost(rmm_conduit(&ctx_), write, MEMORY);
	}

	/* Why the last command failed. */
	std::string reason() const
	{
		return rmm_abi_condition_name(rmm_last_call(sys_, 0)->condition);
	}

	rmm_system *sys_ = nullptr;
	rmm_conduit_ctx ctx_{};
};

TEST_F(ToyHostTest, GivesEveryPageBack)
{
	ToyHost toy = host();

	ASSERT_EQ(toy.createRealm(), 0u) << reason();
	ASSERT_EQ(toy.addTable(0, 2), 0u) << reason();
	EXPECT_EQ(rmm_num_delegated(sys_), 3u);
	ASSERT_EQ(toy.removeTable(0, 2), 0u) << reason();
	ASSERT_EQ(toy.destroyRealm(), 0u) << reason();
	EXPECT_EQ(rmm_num_delegated(sys_), 0u);
}

TEST_F(ToyHostTest, CannotReadItsRealmDescriptor)
{
	ToyHost toy = host();
	rmm_fault fault{};
	uint64_t word = 0;

	ASSERT_EQ(toy.createRealm(), 0u) << reason();
	EXPECT_FALSE(rmm_host_read(sys_, toy.rd(), &word, sizeof(word), &fault));
	EXPECT_EQ(fault.kind, RMM_FAULT_GPF);
	EXPECT_EQ(fault.pa, toy.rd());
}

TEST_F(ToyHostTest, LearnsWhyATableIsRefused)
{
	ToyHost toy = host();

	ASSERT_EQ(toy.createRealm(), 0u) << reason();
	EXPECT_NE(toy.addTable(0, 3), 0u); /* there is no table of level 2 above it */
	EXPECT_EQ(reason(), "RMI_RTT_CREATE_RTT_WALK");
}

} // namespace
