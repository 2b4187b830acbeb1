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
		"*=yield:1; poison",
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
	uint64_t ram_size = 0;

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
			WholeLife life(self->machine);
			life.ram_size = self->ram_size;
			life.live(bench);
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

void expect_all_clean(Everything &all, bool every_status)
{
	host_exhaustive_config config = all.config();
	host_exhaustive_result result{};

	config.every_status = every_status;
	ASSERT_EQ(0, host_exhaustive(&config, &result));
	EXPECT_LT(50u, result.calls);
	EXPECT_LT(result.calls, result.attempts);
	EXPECT_EQ(result.attempts, result.outcomes[HOST_OUTCOME_CLEAN]) << all.told;
}

TEST(Exhaustive, HostLibraryIsCleanWhateverFails)
{
	Everything all;

	expect_all_clean(all, true);
}

/* The same where firmware has left GPTs and tracking to the host. */
class ExhaustiveBoot : public ::testing::TestWithParam<rmm_version>
{
};

TEST_P(ExhaustiveBoot, IsCleanWhateverFails)
{
	constexpr uint64_t kGiB = UINT64_C(1) << 30;
	Everything all;
	rmm_config &machine = all.machine.config;

	machine.version = GetParam();
	machine.banks[0] = {kDram, kGiB, RMM_BANK_DRAM};
	machine.banks[1] = {kDram + kGiB, kGiB, RMM_BANK_DRAM};
	machine.num_banks = 2;
	machine.gpt_prebuilt = false;
	machine.tracking_host_banks = 1u << 1;
	machine.tracking_granules = 8;
	all.ram_size = 2 * kGiB;
	expect_all_clean(all, false);
}

INSTANTIATE_TEST_SUITE_P(Versions, ExhaustiveBoot,
			 ::testing::Values(RMM_VERSION_2_0_BET1, RMM_VERSION_2_0_BET3));

/* ---- out of memory --------------------------------------------------------------------- */

class PoolOfAnySize : public Bench, public ::testing::WithParamInterface<rmm_version>
{
};

/*
 * Whatever allocation is the one that fails: what stateful operations have is
 * cancelled or handed back, and nothing is held in the end.
 */
TEST_P(PoolOfAnySize, IsEnoughOrNothingIsHeld)
{
	uint64_t failures = 0;
	bool lived = false;

	machine_.config.version = GetParam();
	for (uint64_t pages = 3; pages < 200 && !lived; pages++) {
		SCOPED_TRACE(pages);
		restart("");
		WholeLife life(machine_);
		life.pool_size = pages * kPage;
		lived = life.live(bench_);
		failures += !lived && life.error.status != HOST_OK;
		EXPECT_EQ(0u, host_workbench_finish(bench_)) << all_findings();
		EXPECT_EQ(0u, host_ledger_operations(host_workbench_ledger(bench_)));
		EXPECT_EQ(0u, rmm_num_operations(machine_.sys()));
		EXPECT_EQ(0u, rmm_num_delegated(machine_.sys()));
	}
	EXPECT_TRUE(lived) << "never enough";
	EXPECT_LT(20u, failures);
}

INSTANTIATE_TEST_SUITE_P(Versions, PoolOfAnySize,
			 ::testing::Values(RMM_VERSION_1_0_REL0, RMM_VERSION_2_0_BET1,
					   RMM_VERSION_2_0_BET2, RMM_VERSION_2_0_BET3));

/* The operation asks for more than the pool has, and may be cancelled. */
TEST_F(Bench, AnOperationThatTheHostCannotFeedIsCancelled)
{
	host_config config = host_on(machine_, bench_);
	host_error why{};
	host *host = nullptr;
	host_realm *realm = nullptr;
	uint64_t pa = 0;

	ASSERT_EQ(HOST_OK, host_create(&config, &host, &why)) << why.text;
	const host_realm_params params = host_realm_params_default(host);
	ASSERT_EQ(HOST_OK, host_realm_create(host, &params, &realm, &why)) << why.text;
	const uint64_t free_pages = host_pages_usage(host_pool(host)).in[HOST_PAGE_FREE];
	/* A REC and its entry page, and four of the granules that it asks for. */
	ASSERT_EQ(HOST_OK, host_pages_alloc(host_pool(host), free_pages - 6, 1, "the test", &pa));

	const host_rec_params cpu{};
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, host_realm_add_rec(realm, &cpu, nullptr, &why));
	EXPECT_NE(nullptr, strstr(why.text, "RMI_REC_CREATE")) << why.text;
	EXPECT_EQ(1u, host_operations(host)->cancelled);
	EXPECT_EQ(0u, host_operations(host)->num_suspended);
	EXPECT_EQ(1u,
		  host_injector_calls_of(host_workbench_injector(bench_), RMM_CMD_RMI_OP_CANCEL));
	EXPECT_EQ(0u, host_ledger_operations(host_workbench_ledger(bench_)));
	expect_agreement();

	EXPECT_EQ(0u, host_pages_free(host_pool(host), pa, free_pages - 6));
	/* What has been cancelled may exist all the same, for all that a host can tell. */
	EXPECT_EQ(HOST_OK, host_realm_destroy(realm, &why)) << why.text;
	ASSERT_EQ(HOST_OK, host_realm_create(host, &params, &realm, &why)) << why.text;
	EXPECT_EQ(HOST_OK, host_realm_add_rec(realm, &cpu, nullptr, &why)) << why.text;
	EXPECT_EQ(HOST_OK, host_realm_destroy(realm, &why)) << why.text;
	EXPECT_EQ(HOST_OK, host_destroy(host, &why)) << why.text;
	EXPECT_EQ(0u, host_workbench_finish(bench_)) << all_findings();
}

} /* namespace */
