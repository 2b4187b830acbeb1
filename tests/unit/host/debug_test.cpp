/* SPDX-License-Identifier: BSD-3-Clause */
/* Handles of realms that are gone, as a debug build of the library sees them. */
#include "model_machine.h"

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

} /* namespace */
