/* SPDX-License-Identifier: BSD-3-Clause */
/* The host library under the workbench: nothing to find, whatever fails. */
#include "bench_machine.h"

namespace
{

TEST_F(Bench, HostLibraryHasNoFindings)
{
	WholeLife life(machine_);

	EXPECT_TRUE(life.live(bench_)) << life.error.text;
	EXPECT_EQ(0u, host_workbench_finish(bench_)) << all_findings();
	expect_agreement();
	EXPECT_EQ(0u, host_ledger_granules(host_workbench_ledger(bench_)));
}

TEST_F(Bench, HostLibraryCopesWithRareAnswers)
{
	const char *const rare[] = {
		"poison",
		"*/3=RMI_BUSY",
		"*%200=RMI_BUSY; seed=7",
		"RMI_GRANULE_RANGE_DELEGATE=progress:1",
		"RMI_GRANULE_RANGE_UNDELEGATE=progress:1; RMI_RTT_DATA_UNMAP@1x20=progress:1",
		"RMI_GRANULE_RANGE_DELEGATE/2=progress:0",
		"RMI_RTT_INIT_RIPAS=progress:1; RMI_RTT_UNPROT_MAP=progress:1",
		"RMI_RTT_DATA_MAP@1x20=progress:0; RMI_RTT_UNPROT_MAP@1x64=progress:0",
		"RMI_RTT_INIT_RIPAS/2=progress:0; RMI_RTT_DATA_UNMAP/2=progress:0",
		"RMI_RTT_DATA_MAP=yield:3; RMI_RTT_DATA_UNMAP=yield:1",
		"RMI_REC_CREATE=yield:2; RMI_REC_DESTROY=yield:2",
		"RMI_REC_CREATE=ask:5; RMI_REALM_CREATE=ask:3",
		"RMI_OP_MEM_DONATE=consume:3",
		"RMI_OP_MEM_DONATE@1=consume:0; RMI_OP_MEM_DONATE=consume:1",
		"RMI_RTT_DATA_UNMAP=yield:2; poison; */5=RMI_BLOCKED",
	};

	for (const char *text : rare) {
		SCOPED_TRACE(text);
		restart(text);
		WholeLife life(machine_);
		EXPECT_TRUE(life.live(bench_)) << life.error.text;
		EXPECT_EQ(0u, host_workbench_finish(bench_)) << all_findings();
		EXPECT_LT(0u, host_injector_injected(host_workbench_injector(bench_)) +
				      (std::string(text) == "poison"));
		EXPECT_EQ(0u, rmm_num_delegated(machine_.sys()));
		EXPECT_EQ(0u, rmm_num_operations(machine_.sys()));
	}
}

TEST_F(Bench, HostLibraryFailsCleanly)
{
	const char *const hopeless[] = {
		"RMI_REC_CREATE@1=RMI_REC_CREATE_REC_BOUND",
		"second-boot",
		"RMI_VERSION=NOT_SUPPORTED",
		"RMI_GRANULE_RANGE_DELEGATE@5+=RMI_GRANULE_RANGE_DELEGATE_PAS",
		"refuse=0x80004000+0x400000",
		"RMI_RTT_DATA_MAP=progress:0",
		"RMI_RTT_UNPROT_MAP=progress:0",
		"RMI_RTT_INIT_RIPAS=progress:0",
		"no-gpt=0x80000000+1G; RMI_GPT_L1_CREATE=RMI_GPT_L1_CREATE_UNFOLD_DENIED",
	};

	for (const char *text : hopeless) {
		SCOPED_TRACE(text);
		restart(text);
		WholeLife life(machine_);
		EXPECT_FALSE(life.live(bench_));
		EXPECT_EQ(0u, host_workbench_finish(bench_)) << all_findings();
		EXPECT_EQ(0u, rmm_num_delegated(machine_.sys()));
	}
}

TEST_F(Bench, MissingGptIsCreated)
{
	restart("no-gpt=0x80000000+1G");
	WholeLife life(machine_);

	EXPECT_TRUE(life.live(bench_)) << life.error.text;
	EXPECT_EQ(0u, host_workbench_finish(bench_)) << all_findings();
	EXPECT_LE(1u, host_injector_calls_of(host_workbench_injector(bench_),
					     RMM_CMD_RMI_GPT_L1_DESTROY));
}

/* ---- exhaustive ---------------------------------------------------------------------- */

struct Everything {
	Machine machine;
	std::string told;
	bool life = true;

	host_exhaustive_config config()
	{
		host_exhaustive_config config{};

		config.ctx = this;
		config.setup = [](void *ctx, host_workbench_config *bench) {
			auto *self = static_cast<Everything *>(ctx);
			if (!self->machine.start())
				return -1;
			auto stuck = bench->stuck;
			auto *stuck_ctx = bench->stuck_ctx;
			*bench = self->machine.bench();
			bench->stuck = stuck;
			bench->stuck_ctx = stuck_ctx;
			return 0;
		};
		config.run = [](void *ctx, host_workbench *bench) {
			auto *self = static_cast<Everything *>(ctx);
			WholeLife(self->machine).live(bench);
		};
		config.teardown = [](void *ctx) { static_cast<Everything *>(ctx)->machine.stop(); };
		config.report = [](void *ctx, const host_attempt *attempt) {
			auto *self = static_cast<Everything *>(ctx);
			if (attempt->outcome == HOST_OUTCOME_CLEAN)
				return;
			self->told += std::to_string(attempt->call) + " " + attempt->command + " " +
				      attempt->failure + ": " + host_outcome_name(attempt->outcome);
			for (unsigned i = 0; i < 4 && i < attempt->num_findings; i++)
				self->told += std::string("\n  ") + attempt->findings[i].text;
			self->told += "\n";
		};
		return config;
	}
};

TEST(Exhaustive, HostLibraryIsCleanWhateverFails)
{
	Everything all;
	host_exhaustive_config config = all.config();
	host_exhaustive_result result{};

	config.every_status = true;
	ASSERT_EQ(0, host_exhaustive(&config, &result));
	EXPECT_LT(50u, result.calls);
	EXPECT_LT(result.calls, result.attempts);
	EXPECT_EQ(result.attempts, result.outcomes[HOST_OUTCOME_CLEAN]) << all.told;
}

} /* namespace */
