/* SPDX-License-Identifier: BSD-3-Clause */
/* Hosts of the library on one machine, each on a thread and a PE of its own. */
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "oracle/rmm_oracle.h"
#include "pes.h"
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
	if (host_realm_build(host, &params, &realm, error) != HOST_OK)
		return false;
	const bool ended =
		rmm_scripts_bind(scripts, host_realm_rd(realm), host_rec_mpidr(0), program) == 0 &&
		host_realm_add_rec(realm, &cpu, nullptr, error) == HOST_OK &&
		host_realm_activate(realm, error) == HOST_OK &&
		host_rec_run(realm, 0, nullptr, 1000, &result, error) == HOST_OK;
	return host_realm_destroy(realm, error) == HOST_OK && ended &&
	       result.end == HOST_RUN_SYSTEM_OFF;
}

TEST(Hosts, BuildRunAndDestroyRealmsAtTheSameTime)
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
	config.threads = true;
	config.num_pes = kHosts;
	config.active_at_boot = true;
	config.guest = rmm_scripts_ops();
	config.guest_machine = scripts;
	ASSERT_EQ(0, rmm_system_create(&config, &sys, &why)) << why.text;
	on_pes(kHosts, [&](unsigned pe) {
		rmm_conduit_ctx ctx{};
		host_config mine = host_model_config(sys, pe, kPool, &ctx);
		host_error error{};
		host *host = nullptr;

		mine.pool_base += pe * kPool;
		ASSERT_EQ(HOST_OK, host_create(&mine, &host, &error)) << error.text;
		for (unsigned i = 0; i < 5; i++) {
			EXPECT_TRUE(live(host, scripts, &program, &error)) << error.text;
			lives++;
		}
		EXPECT_EQ(HOST_OK, host_destroy(host, &error)) << error.text;
	});
	EXPECT_EQ(5 * kHosts, lives);
	EXPECT_EQ(0u, rmm_check_invariants(sys, nullptr, 0));
	EXPECT_EQ(0u, rmm_num_delegated(sys));
	EXPECT_EQ(0u, rmm_num_operations(sys));
	rmm_system_destroy(sys);
	rmm_scripts_destroy(scripts);
}

} // namespace
} // namespace threads
