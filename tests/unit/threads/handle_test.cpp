/* SPDX-License-Identifier: BSD-3-Clause */
/* Systems used against the rules of rmmsim/system.h: builds with RMMSIM_CHECKED say so. */
#include <gtest/gtest.h>

#include <thread>

#include "rmmsim/memory.h"
#include "rmmsim/system.h"

namespace
{

constexpr uint64_t kDram = 0x80000000;
constexpr uint32_t kVersion = 0xc4000150;

/* What another thread does while PE 0 is in a call. */
void (*meanwhile)(rmm_system *sys);
rmm_system *used;

void act_meanwhile(void *, unsigned pe, rmm_cost cost, uint64_t, uint64_t)
{
	if (pe == 0 && cost == RMM_COST_DISPATCH && meanwhile)
		std::thread([] { std::exchange(meanwhile, nullptr)(used); }).join();
}

class Handle : public ::testing::Test
{
protected:
	void SetUp() override
	{
		GTEST_FLAG_SET(death_test_style, "threadsafe");
	}
	void TearDown() override
	{
		rmm_system_destroy(sys);
	}

	void create(bool threads)
	{
		rmm_config config = rmm_config_default();
		rmm_error error{};

		config.threads = threads;
		config.port.charge = act_meanwhile;
		ASSERT_EQ(0, rmm_system_create(&config, &sys, &error)) << error.text;
		used = sys;
	}

	/* A call of PE 0 in the middle of which somebody else uses the system. */
	void call_while(void (*what)(rmm_system *))
	{
		meanwhile = what;
		call(sys, 0);
	}

	static void call(rmm_system *sys, unsigned pe)
	{
		smc_regs regs = {{kVersion, 0x20000}};

		rmm_smc(sys, pe, &regs);
	}

	rmm_system *sys = nullptr;
};

TEST_F(Handle, OfADestroyedSystemIsRefused)
{
	create(false);
	rmm_system *const gone = sys;
	rmm_system_destroy(std::exchange(sys, nullptr));
	uint64_t word = 0;

	EXPECT_DEATH(call(gone, 0), "rmm_smc: the system has been destroyed");
	EXPECT_DEATH(rmm_host_read(gone, kDram, &word, sizeof(word), nullptr),
		     "rmm_memory_read: the system has been destroyed");
	EXPECT_DEATH((void)rmm_system_config(gone), "the system has been destroyed");
	EXPECT_DEATH(rmm_system_destroy(gone), "rmm_system_destroy: the system has been destroyed");
}

TEST_F(Handle, OfADestroyedSystemIsNotThatOfTheNext)
{
	create(false);
	rmm_system *const gone = sys;
	rmm_system_destroy(std::exchange(sys, nullptr));

	create(false);
	EXPECT_NE(gone, sys);
	EXPECT_DEATH(rmm_set_irq(gone, 0, true), "rmm_set_irq: the system has been destroyed");
}

TEST_F(Handle, IsUsedByOneThreadAtATime)
{
	create(false);
	EXPECT_DEATH(call_while([](rmm_system *s) { call(s, 1); }),
		     "rmm_smc: two threads use one system at a time: set `threads`");
	EXPECT_DEATH(call_while([](rmm_system *s) { rmm_set_irq(s, 1, true); }),
		     "rmm_set_irq: two threads use one system");
	/* One after the other is no offence. */
	std::thread([this] { call(sys, 0); }).join();
	call(sys, 0);
}

TEST_F(Handle, WithThreadsIsUsedByOneThreadAPe)
{
	create(true);
	EXPECT_DEATH(call_while([](rmm_system *s) { call(s, 0); }),
		     "rmm_smc: two threads use one PE at a time");
	call_while([](rmm_system *s) {
		uint64_t word;

		call(s, 1);
		rmm_set_irq(s, 0, true);
		(void)rmm_host_read(s, kDram, &word, sizeof(word), nullptr);
	});
}

/* Ports and guests' hosts call back. */
TEST_F(Handle, MayBeUsedInsideACallByTheSameThread)
{
	static bool nested;
	rmm_config config = rmm_config_default();
	rmm_error error{};

	nested = false;
	config.port.charge = [](void *, unsigned, rmm_cost, uint64_t, uint64_t) {
		if (!std::exchange(nested, true))
			call(used, 1);
	};
	ASSERT_EQ(0, rmm_system_create(&config, &sys, &error)) << error.text;
	used = sys;
	call(sys, 0);
	EXPECT_TRUE(nested);
	EXPECT_EQ(1u, rmm_last_call(sys, 1)->calls);
}

} // namespace
