// SPDX-License-Identifier: BSD-3-Clause
// Parameters are fetched once: a host that changes them behind the RMM's back gains nothing.
#include <gtest/gtest.h>

#include "fetch_watch.hpp"
#include "random_walk.hpp"
#include "recorded_machine.hpp"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/memory.h"
#include "tamper.h"

namespace
{

constexpr uint64_t dram = 0x880000000;

/* A machine whose host changes what is read. */
class SingleFetch : public ::testing::Test
{
protected:
	void SetUp() override
	{
		rmm_config config = recorded_machine(RMM_VERSION_2_0_BET1, RMM_PROFILE_SPEC);

		watch.join(&config);
		ASSERT_EQ(rmm_system_create(&config, &sys, nullptr), 0);
		watch.watch(sys);
	}
	void TearDown() override
	{
		rmm_system_destroy(sys);
	}

	FetchWatch watch;
	rmm_system *sys = nullptr;
};

} // namespace

/* Judged: results are those of the memory as it was before the call. */
TEST(SingleFetchWalk, HoldsInEveryVersionAndProfile)
{
	const std::set<rmm_command> with_parameters = {
		RMM_CMD_RMI_REALM_CREATE, RMM_CMD_RMI_REC_CREATE,     RMM_CMD_RMI_REC_ENTER,
		RMM_CMD_RMI_RTT_DATA_MAP, RMM_CMD_RMI_RTT_UNPROT_MAP, RMM_CMD_RMI_RTT_DATA_MAP_INIT,
		RMM_CMD_RMI_OP_MEM_DONATE};
	std::set<rmm_command> seen;

	for (int v = RMM_VERSION_2_0_BET0; v < RMM_VERSION_COUNT; v++)
		for (rmm_profile profile : {RMM_PROFILE_SPEC, RMM_PROFILE_TF_RMM}) {
			WalkOptions options;
			FetchWatch watch;

			options.version = static_cast<rmm_version>(v);
			options.profile = profile;
			options.calls = 6000 / RMM_WALK_DIVISOR;
			options.seed = 500 + (uint64_t)v;
			options.fetches = &watch;
			Walk walk(options);
			EXPECT_TRUE(walk.run())
				<< rmm_abi_versions[v].name << ", profile " << profile << ", call "
				<< walk.calls_made() << ": " << walk.text();
			EXPECT_EQ(watch.text(), "") << rmm_abi_versions[v].name;
			seen.insert(watch.readers().begin(), watch.readers().end());
		}
	for (rmm_command command : with_parameters)
		EXPECT_EQ(seen.count(command), 1u) << "nobody made command " << command;
}

TEST_F(SingleFetch, SeesASecondReadOfTheSameBytes)
{
	tamper_fetch(sys, dram + 0x100, 64);
	EXPECT_EQ(watch.text(), "");
	tamper_fetch(sys, dram + 0x120, 8);

	EXPECT_NE(watch.text().find("0x8 bytes at 0x880000120 were read"), std::string::npos)
		<< watch.text();
}

TEST_F(SingleFetch, ASecondReadWouldSeeSomethingElse)
{
	const uint64_t before = 0x1234;

	rmm_host_write(sys, dram, &before, sizeof(before), nullptr);
	EXPECT_EQ(tamper_fetch(sys, dram, sizeof(before)), before);
	EXPECT_EQ(tamper_fetch(sys, dram, sizeof(before)), ~before);
}

TEST_F(SingleFetch, MemoryIsAsItWasAfterTheCall)
{
	const uint64_t before = 0x1234;
	uint64_t after = 0;
	smc_regs regs = {{FID_RMI_REC_ENTER}};

	rmm_host_write(sys, dram, &before, sizeof(before), nullptr);
	tamper_fetch(sys, dram, sizeof(before));
	rmm_smc(sys, 0, &regs);

	rmm_host_read(sys, dram, &after, sizeof(after), nullptr);
	EXPECT_EQ(after, before);
}
