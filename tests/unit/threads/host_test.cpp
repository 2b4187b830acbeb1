/* SPDX-License-Identifier: BSD-3-Clause */
/* Hosts of the library on one machine, each on a thread and a PE of its own. */
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "oracle/rmm_oracle.h"
#include "pes.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/run.h"

namespace threads
{
namespace
{

constexpr uint64_t kPool = UINT64_C(8) << 20;
constexpr uint64_t kRam = HOST_DEFAULT_RAM_IPA;

/* Builds a realm, runs it until it switches itself off, and takes it down. */
bool live(host *host, rmm_scripts *scripts, const rmm_script *program, host_error *error)
{
	const host_ipa_range ram = {kRam, 1 << 20};
	host_rec_params cpu{};
	host_realm_params params = host_realm_params_default(host);
	host_run_result result{};
	host_realm *realm = nullptr;

	cpu.pc = kRam;
	cpu.runnable = true;
	params.ram = &ram;
	params.num_ram = 1;
	params.activate = false;
	const bool ended =
		host_realm_build(host, &params, &realm, error) == HOST_OK &&
		rmm_scripts_bind(scripts, host_realm_rd(realm), host_rec_mpidr(0), program) == 0 &&
		host_realm_add_rec(realm, &cpu, nullptr, error) == HOST_OK &&
		host_realm_activate(realm, error) == HOST_OK &&
		host_rec_run(realm, 0, nullptr, 1000, &result, error) == HOST_OK;
	return host_realm_destroy(realm, error) == HOST_OK && ended &&
	       result.end == HOST_RUN_SYSTEM_OFF;
}

/* A version, and how the machine differs from the usual one. */
struct Ground {
	const char *name;
	const char *version;
	void (*change)(rmm_config *config);
};

void PrintTo(const Ground &ground, std::ostream *to)
{
	*to << ground.name;
}

class Hosts : public ::testing::TestWithParam<Ground>
{
};

TEST_P(Hosts, BuildRunAndDestroyRealmsAtTheSameTime)
{
	constexpr unsigned kHosts = 4;
	rmm_config config = rmm_config_default();
	rmm_scripts *scripts = nullptr;
	rmm_system *sys = nullptr;
	rmm_error why{};
	std::atomic<unsigned> lives{0};
	std::vector<rmm_script_step> steps;

	for (unsigned page = 0; page < 16; page++) {
		steps.emplace_back();
		steps.back().op = RMM_SCRIPT_STORE_VALUE;
		steps.back().ipa = kRam + page * HOST_PAGE_SIZE;
		steps.back().size = 8;
	}
	steps.emplace_back();
	steps.back().op = RMM_SCRIPT_SMC;
	steps.back().num_args = 1;
	steps.back().args[0] = FID_PSCI_SYSTEM_OFF;
	const rmm_script program = {steps.data(), steps.size()};
	ASSERT_EQ(0, rmm_scripts_create(&scripts));
	ASSERT_TRUE(rmm_abi_version_find(GetParam().version, &config.version));
	GetParam().change(&config);
	config.threads = true;
	config.num_pes = kHosts;
	config.active_at_boot = true;
	config.guest = rmm_scripts_ops();
	config.guest_machine = scripts;
	ASSERT_EQ(0, rmm_system_create(&config, &sys, &why)) << why.text;
	/* One of them boots, for all: it has the level 1 GPTs built until the end. */
	rmm_conduit_ctx first_ctx{};
	const host_config boots = host_model_config(sys, 0, kPool, &first_ctx);
	host_error error{};
	host *first = nullptr;
	ASSERT_EQ(HOST_OK, host_create(&boots, &first, &error)) << error.text;
	on_pes(kHosts, [&](unsigned pe) {
		rmm_conduit_ctx ctx{};
		host_config mine = host_model_config(sys, pe, kPool, &ctx);
		host *host = nullptr;
		host_error why_not{};

		mine.pool_base += (1 + pe) * kPool;
		mine.first_vmid = static_cast<uint16_t>(0x100 * pe);
		ASSERT_EQ(HOST_OK, host_create(&mine, &host, &why_not)) << why_not.text;
		for (unsigned i = 0; i < 5; i++) {
			EXPECT_TRUE(live(host, scripts, &program, &why_not)) << why_not.text;
			lives++;
		}
		EXPECT_EQ(HOST_OK, host_destroy(host, &why_not)) << why_not.text;
	});
	EXPECT_EQ(HOST_OK, host_destroy(first, &error)) << error.text;
	EXPECT_EQ(5 * kHosts, lives);
	EXPECT_EQ(0u, rmm_check_invariants(sys, nullptr, 0));
	EXPECT_EQ(0u, rmm_num_delegated(sys));
	EXPECT_EQ(0u, rmm_num_operations(sys));
	rmm_system_destroy(sys);
	rmm_scripts_destroy(scripts);
}

INSTANTIATE_TEST_SUITE_P(
	Machines, Hosts,
	::testing::Values(Ground{"rel_1_0", "1.0-rel0", [](rmm_config *) {}},
			  Ground{"bet1", "2.0-bet1", [](rmm_config *) {}},
			  Ground{"bet2", "2.0-bet2", [](rmm_config *) {}},
			  Ground{"bet3", "2.0-bet3", [](rmm_config *) {}},
			  Ground{"bet1_level_1_gpt_of_the_host", "2.0-bet1",
				 [](rmm_config *config) { config->gpt_host_banks = 1; }},
			  Ground{"bet3_ranges_in_parts", "2.0-bet3",
				 [](rmm_config *config) { config->range_budget = 5; }}),
	[](const ::testing::TestParamInfo<Ground> &ground) { return ground.param.name; });

} // namespace
} // namespace threads
