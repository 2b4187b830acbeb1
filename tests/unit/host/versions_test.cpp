/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A realm from boot to an empty machine, in every version of the text, on
 * machines where firmware has seen to GPTs and tracking, and where the host has to.
 */
#include <functional>
#include <string>
#include <tuple>

#include "model_machine.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/host/ledger_check.h"
#include "rmmsim/host/workbench.h"

namespace
{

constexpr uint64_t kDram = 0x80000000;
constexpr uint64_t kGiB = UINT64_C(1) << 30;
constexpr uint64_t kRam = HOST_DEFAULT_RAM_IPA;
constexpr uint64_t kRamSize = 16 * kPage;
constexpr uint64_t kShared = UINT64_C(1) << 38;
constexpr uint64_t kTablePages = 32;
constexpr unsigned int kTrackingPages = 256;

/* What firmware has left to the host. Two banks of a region each; the pool lies in the first. */
enum class Left { Nothing, Gpts, Tracking, GptsAndTracking, TrackingOfThePool };

const char *name_of(Left left)
{
	switch (left) {
	case Left::Nothing:
		return "prebuilt";
	case Left::Gpts:
		return "gpts";
	case Left::Tracking:
		return "tracking";
	case Left::GptsAndTracking:
		return "gpts_and_tracking";
	default:
		return "tracking_of_the_pool";
	}
}

using Case = std::tuple<rmm_version, Left>;

class Versions : public ModelMachine, public ::testing::WithParamInterface<Case>
{
protected:
	static bool leaves_gpts()
	{
		const Left left = std::get<1>(GetParam());
		return left == Left::Gpts || left == Left::GptsAndTracking;
	}

	static bool leaves_tracking()
	{
		const Left left = std::get<1>(GetParam());
		return left == Left::Tracking || left == Left::GptsAndTracking;
	}

	static bool leaves_tracking_of_the_pool()
	{
		return std::get<1>(GetParam()) == Left::TrackingOfThePool;
	}

	void adjust(rmm_config &machine) override
	{
		machine.version = std::get<0>(GetParam());
		machine.banks[0] = {kDram, kGiB, RMM_BANK_DRAM};
		machine.banks[1] = {kDram + kGiB, kGiB, RMM_BANK_DRAM};
		machine.num_banks = 2;
		machine.gpt_prebuilt = !leaves_gpts();
		machine.tracking_granules = kTrackingPages;
		if (leaves_tracking())
			machine.tracking_host_banks = 1u << 1;
		if (leaves_tracking_of_the_pool())
			machine.tracking_host_banks = 1u << 0;
	}

	void SetUp() override
	{
		ModelMachine::SetUp();
		config_.ram_base = kDram;
		config_.ram_size = 2 * kGiB;
		bench_config_.version = std::get<0>(GetParam());
		bench_config_.machine = config_.conduit;
		bench_config_.memory = config_.memory;
		ASSERT_EQ(HOST_OK, host_workbench_create(&bench_config_, &bench_, &error_))
			<< error_.text;
		config_.conduit = host_workbench_conduit(bench_);
		config_.memory = host_workbench_memory(bench_);
	}

	void TearDown() override
	{
		EXPECT_EQ(0u, host_workbench_finish(bench_));
		if (host_findings_count(host_workbench_findings(bench_)))
			host_findings_print(host_workbench_findings(bench_), stderr);
		host_workbench_destroy(bench_);
		ModelMachine::TearDown();
	}

	/* The boot's own memory in the RMM. */
	static uint64_t pages_of_the_boot()
	{
		const uint64_t tracking = leaves_tracking() || leaves_tracking_of_the_pool();

		return (leaves_gpts() ? 2 * kTablePages : 0) + tracking * kTrackingPages;
	}

	host_workbench_config bench_config_{};
	host_workbench *bench_ = nullptr;
	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	host_error error_{};
};

rmm_script_step step(rmm_script_op op, uint64_t ipa, uint64_t value)
{
	rmm_script_step s{};
	s.op = op;
	s.reg = 9;
	s.size = 8;
	s.ipa = ipa;
	s.value = value;
	return s;
}

rmm_script_step smc(std::initializer_list<uint64_t> args)
{
	rmm_script_step s{};
	s.op = RMM_SCRIPT_SMC;
	for (uint64_t arg : args)
		s.args[s.num_args++] = arg;
	return s;
}

/* Demand paging, a shared page, a second CPU, and power off. */
TEST_P(Versions, ARealmLivesAndLeavesNothing)
{
	const rmm_script_step first[] = {
		step(RMM_SCRIPT_STORE_VALUE, kRam + 8 * kPage, 7),
		step(RMM_SCRIPT_STORE_VALUE, kShared, 0x5a),
		smc({FID_PSCI_CPU_ON, 1, kRam, 0}),
		smc({FID_PSCI_SYSTEM_OFF}),
	};
	const rmm_script_step second[] = {smc({FID_PSCI_CPU_OFF})};
	const rmm_script programs[] = {{first, 4}, {second, 1}};
	const uint8_t image[] = {1, 2, 3};
	const host_image images[] = {{kRam, image, sizeof(image), true}};
	const host_ipa_range ram[] = {{kRam, kRamSize}};
	const host_ipa_range shared[] = {{kShared, kPage}};

	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	EXPECT_EQ(pages_of_the_boot(), host_pages_usage(host_pool(host_)).in[HOST_PAGE_HELD]);
	EXPECT_EQ(0u, host_pages_out(host_));

	host_realm_params params = host_realm_params_default(host_);
	params.ram = ram, params.num_ram = 1;
	params.images = images, params.num_images = 1;
	params.shared = shared, params.num_shared = 1;
	params.activate = false;
	ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_)) << error_.text;
	for (size_t cpu = 0; cpu < 2; cpu++) {
		host_rec_params rec{};
		rec.pc = kRam;
		rec.runnable = cpu == 0;
		ASSERT_EQ(0, rmm_scripts_bind(scripts_, host_realm_rd(realm_), host_rec_mpidr(cpu),
					      &programs[cpu]));
		ASSERT_EQ(HOST_OK, host_realm_add_rec(realm_, &rec, nullptr, &error_))
			<< error_.text;
	}
	ASSERT_EQ(HOST_OK, host_realm_activate(realm_, &error_)) << error_.text;

	host_run_result result{};
	ASSERT_EQ(HOST_OK, host_rec_run(realm_, 0, nullptr, 100, &result, &error_)) << error_.text;
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, result.end);
	uint64_t pa = 0, word = 0;
	ASSERT_TRUE(host_realm_shared_pa(realm_, kShared, &pa));
	ASSERT_TRUE(config_.memory.read(config_.memory.ctx, pa, &word, sizeof(word)));
	EXPECT_EQ(0x5au, word);

	EXPECT_EQ(HOST_OK, host_ledger_compare(host_workbench_ledger(bench_), sys_, &error_))
		<< error_.text;
	EXPECT_EQ(HOST_OK, host_realm_destroy(realm_, &error_)) << error_.text;
	EXPECT_EQ(0u, host_pages_out(host_));
	EXPECT_EQ(HOST_OK, host_destroy(host_, &error_)) << error_.text;
	expect_clean();
}

std::string name_of_case(const ::testing::TestParamInfo<Case> &info)
{
	std::string name = rmm_abi_versions[std::get<0>(info.param)].name;

	for (char &c : name)
		if (!isalnum(static_cast<unsigned char>(c)))
			c = '_';
	return name + "_" + name_of(std::get<1>(info.param));
}

/* 1.0 has no commands for either: firmware has done it all. */
INSTANTIATE_TEST_SUITE_P(Released, Versions,
			 ::testing::Values(Case{RMM_VERSION_1_0_REL0, Left::Nothing}),
			 name_of_case);
INSTANTIATE_TEST_SUITE_P(
	Betas, Versions,
	::testing::Combine(::testing::Values(RMM_VERSION_2_0_BET1, RMM_VERSION_2_0_BET2,
					     RMM_VERSION_2_0_BET3),
			   ::testing::Values(Left::Nothing, Left::Gpts, Left::Tracking,
					     Left::GptsAndTracking)),
	name_of_case);
/* Memory that describes itself: since 2.0-bet3 it need not be delegated before. */
INSTANTIATE_TEST_SUITE_P(SelfDescribing, Versions,
			 ::testing::Values(Case{RMM_VERSION_2_0_BET3, Left::TrackingOfThePool}),
			 name_of_case);

} /* namespace */
