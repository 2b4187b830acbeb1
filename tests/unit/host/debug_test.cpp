/* SPDX-License-Identifier: BSD-3-Clause */
/* What is gone, or another thread's, as a debug build of the library sees it. */
#include <thread>
#include <utility>

#include "model_machine.h"
#include "rmmsim/host/workbench.h"

namespace
{

using DebugBuild = ModelMachine;

TEST_F(DebugBuild, ARealmThatWasDestroyedIsKnown)
{
	host *host = nullptr;
	host_realm *realm = nullptr;
	host_error error{};
	host_run_result result{};
	const host_rec_params cpu{};

	ASSERT_EQ(HOST_OK, host_create(&config_, &host, &error)) << error.text;
	host_realm_params params = host_realm_params_default(host);
	params.recs = &cpu, params.num_recs = 1;
	ASSERT_EQ(HOST_OK, host_realm_build(host, &params, &realm, &error)) << error.text;
	ASSERT_EQ(HOST_OK, host_realm_destroy(realm, &error)) << error.text;
	calls_.clear();

	EXPECT_EQ(HOST_ERROR_STATE, host_realm_map(realm, kPage, kPage, &error));
	EXPECT_STREQ("host_realm_map: the realm was destroyed: forget a handle when "
		     "host_realm_destroy() says HOST_OK",
		     error.text);
	EXPECT_EQ(HOST_ERROR_STATE, host_rec_run(realm, 0, nullptr, 1, &result, &error));
	EXPECT_EQ(HOST_ERROR_STATE, host_realm_terminate(realm, &error));
	EXPECT_EQ(HOST_ERROR_STATE, host_realm_destroy(realm, &error)) << "twice";
	EXPECT_EQ(0u, host_realm_rd(realm));
	EXPECT_EQ(0u, host_realm_rec(realm, 0));
	EXPECT_EQ(nullptr, host_realm_host(realm));
	EXPECT_TRUE(calls_.empty()) << "the RMM hears nothing of it";

	/* Another realm is not confused with it. */
	host_realm *next = nullptr;
	ASSERT_EQ(HOST_OK, host_realm_build(host, &params, &next, &error)) << error.text;
	EXPECT_NE(realm, next);
	EXPECT_EQ(HOST_ERROR_STATE, host_realm_activate(realm, &error));
	EXPECT_EQ(HOST_OK, host_realm_destroy(next, &error)) << error.text;
	EXPECT_EQ(HOST_OK, host_destroy(host, &error)) << error.text;
	expect_clean();
}

TEST_F(DebugBuild, AHostThatWasDestroyedIsKnown)
{
	host *host = nullptr;
	host_realm *realm = nullptr;
	host_error error{};
	smc_regs regs = {{FID_RMI_VERSION, 0x20000}};

	ASSERT_EQ(HOST_OK, host_create(&config_, &host, &error)) << error.text;
	const host_realm_params params = host_realm_params_default(host);
	ASSERT_EQ(HOST_OK, host_realm_build(host, &params, &realm, &error)) << error.text;
	smc_conduit *const conduit = host_conduit(host);
	EXPECT_EQ(HOST_ERROR_STATE, host_destroy(host, &error)) << "with a realm";
	calls_.clear();

	host_realm *out = nullptr;
	EXPECT_EQ(HOST_ERROR_STATE, host_realm_build(host, &params, &out, &error));
	EXPECT_STREQ("host_realm_build: host was destroyed", error.text);
	EXPECT_EQ(HOST_ERROR_STATE, host_destroy(host, &error)) << "twice";
	EXPECT_EQ(nullptr, host_capabilities(host));
	EXPECT_EQ(nullptr, host_pool(host));
	EXPECT_EQ(nullptr, host_conduit(host));
	EXPECT_EQ(0u, host_pages_out(host));
	EXPECT_EQ(HOST_ERROR_STATE, host_realm_map(realm, kPage, kPage, &error));
	EXPECT_STREQ("host_realm_map: realm was destroyed", error.text);
	EXPECT_EQ(HOST_ERROR_STATE, host_realm_destroy(realm, &error));
	smc_call(conduit, &regs);
	EXPECT_EQ(SMC_NOT_SUPPORTED, regs.x[0]) << "its chain leads nowhere";
	EXPECT_TRUE(calls_.empty()) << "the RMM hears nothing of it";
}

/* While one thread is inside, another one is refused, and does no harm. */
TEST_F(DebugBuild, AHostBelongsToOneThreadAtATime)
{
	struct Meanwhile {
		smc_conduit next;
		host_realm *realm = nullptr;
		host_error error{};
		host_status status = HOST_OK;
	} meanwhile{config_.conduit};
	config_.conduit = {[](void *ctx, smc_regs *regs) {
				   auto *m = static_cast<Meanwhile *>(ctx);
				   host_realm *const realm = std::exchange(m->realm, nullptr);
				   if (realm)
					   std::thread([&] {
						   m->status = host_realm_map(realm, kPage, kPage,
									      &m->error);
					   }).join();
				   smc_call(&m->next, regs);
			   },
			   &meanwhile};
	host *host = nullptr;
	host_realm *realm = nullptr;
	host_error error{};

	ASSERT_EQ(HOST_OK, host_create(&config_, &host, &error)) << error.text;
	const host_realm_params params = host_realm_params_default(host);
	ASSERT_EQ(HOST_OK, host_realm_build(host, &params, &realm, &error)) << error.text;
	meanwhile.realm = realm;
	EXPECT_EQ(HOST_OK, host_realm_map(realm, 0, kPage, &error)) << error.text;
	EXPECT_EQ(HOST_ERROR_STATE, meanwhile.status);
	EXPECT_EQ(0u, std::string(meanwhile.error.text)
			      .find("host_realm_map: two threads use one host at a time"))
		<< meanwhile.error.text;

	/* One after the other is within the rule. */
	std::thread([&] {
		EXPECT_EQ(HOST_OK, host_realm_map(realm, kPage, kPage, &error)) << error.text;
		EXPECT_EQ(HOST_OK, host_realm_destroy(realm, &error)) << error.text;
	}).join();
	EXPECT_EQ(HOST_OK, host_destroy(host, &error)) << error.text;
	expect_clean();
}

TEST_F(DebugBuild, AWorkbenchThatWasDestroyedIsKnown)
{
	host_workbench_config config{};
	host_workbench *bench = nullptr;
	host_error error{};
	smc_regs regs = {{FID_RMI_VERSION, 0x20000}};

	config.version = RMM_VERSION_2_0_BET1;
	config.machine = config_.conduit;
	config.memory = config_.memory;
	ASSERT_EQ(HOST_OK, host_workbench_create(&config, &bench, &error)) << error.text;
	smc_conduit conduit = host_workbench_conduit(bench);
	host_ledger *const ledger = host_workbench_ledger(bench);
	host_injector *const injector = host_workbench_injector(bench);
	host_ledger_link link = {ledger, &config.machine};
	smc_conduit ledgered = host_ledger_conduit(&link);
	host_workbench_destroy(bench);

	smc_call(&conduit, &regs);
	EXPECT_EQ(SMC_NOT_SUPPORTED, regs.x[0]);
	regs.x[0] = FID_RMI_VERSION;
	smc_call(&ledgered, &regs);
	EXPECT_EQ(SMC_NOT_SUPPORTED, regs.x[0]);
	EXPECT_TRUE(calls_.empty()) << "the RMM hears nothing of it";
	EXPECT_EQ(nullptr, host_workbench_conduit(bench).call);
	EXPECT_EQ(nullptr, host_workbench_findings(bench));
	EXPECT_EQ(0u, host_workbench_finish(bench));
	EXPECT_EQ(0u, host_ledger_calls(ledger));
	EXPECT_EQ(HOST_ERROR_STATE, host_injector_parse(injector, "poison", &error));
	EXPECT_STREQ("host_injector_parse: injector was destroyed", error.text);
	host_ledger_destroy(ledger);
	host_workbench_destroy(bench);
}

} /* namespace */
