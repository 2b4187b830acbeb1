// SPDX-License-Identifier: BSD-3-Clause
// Machines that break their promises are found out.
#include "broken_machine.hpp"

using Oracle = BrokenMachine;

TEST_F(Oracle, AllowsAMachineThatKeepsThem)
{
	EXPECT_TRUE(call(FID_RMI_VERSION, {0x20000}));
	EXPECT_TRUE(call(FID_RMI_REALM_ACTIVATE, {rd})) << text();
	EXPECT_TRUE(call(FID_RMI_REALM_ACTIVATE, {rd})) << text();
	EXPECT_EQ(regs.x[0] & 0xff, RMI_ERROR_REALM);
	EXPECT_EQ(violated(), std::vector<std::string>());
	EXPECT_EQ(rmm_oracle_tally(oracle)->mismatches, 0u);
}

TEST_F(Oracle, FindsAFailureWithoutReason)
{
	break_at(RMM_COST_SMC, [&] { tamper_state(sys, spare, RMM_GRANULE_DATA); });
	EXPECT_FALSE(call(FID_RMI_RTT_CREATE, {rd, spare, 0x40000000, 2}));
	EXPECT_NE(text().find("RMI_RTT_CREATE_RTT_STATE was reported and did not hold"),
		  std::string::npos)
		<< text();
	EXPECT_NE(text().find("x2 rtt = 0x880210000"), std::string::npos) << text();
	EXPECT_NE(text().find("RD, realm NEW"), std::string::npos) << text();
}

TEST_F(Oracle, FindsASuccessInSpiteOfACondition)
{
	tamper_realm_state(sys, rd, RMM_REALM_ACTIVE);
	break_at(RMM_COST_SMC, [&] { tamper_realm_state(sys, rd, RMM_REALM_NEW); });
	EXPECT_FALSE(call(FID_RMI_REALM_ACTIVATE, {rd}));
	EXPECT_NE(text().find("it succeeded although RMI_REALM_ACTIVATE_REALM_STATE held"),
		  std::string::npos)
		<< text();
}

TEST_F(Oracle, FindsASuccessWithoutEffect)
{
	break_at(RMM_COST_SMC_RETURN, [&] { tamper_realm_state(sys, rd, RMM_REALM_NEW); });
	EXPECT_FALSE(call(FID_RMI_REALM_ACTIVATE, {rd}));
	EXPECT_NE(text().find("realm_state did not hold afterwards: realm.state == REALM_ACTIVE"),
		  std::string::npos)
		<< text();
}

TEST_F(Oracle, FindsAWrongMeasurement)
{
	break_at(RMM_COST_SMC_RETURN, [&] { tamper_rim(sys, rd); });
	EXPECT_FALSE(call(FID_RMI_RTT_DATA_MAP_INIT, {rd, spare, page, host, 1}));
	EXPECT_NE(text().find("it succeeded and rim did not hold"), std::string::npos) << text();
}

TEST_F(Oracle, FindsAViolatedOrder)
{
	/* The walk stops early and the realm is not new: realm_state comes first. */
	tamper_realm_state(sys, rd, RMM_REALM_ACTIVE);
	break_at(RMM_COST_SMC, [&] {
		tamper_realm_state(sys, rd, RMM_REALM_NEW);
		tamper_state(sys, rd, RMM_GRANULE_RD);
	});
	EXPECT_FALSE(call(FID_RMI_RTT_INIT_RIPAS, {rd, 0x40001000, 0x40003000}));
	EXPECT_NE(text().find("RMI_RTT_INIT_RIPAS_"), std::string::npos) << text();
}

TEST_F(Oracle, FindsAWrongLevel)
{
	/* The walk of the RMM ends one level higher than that of the oracle. */
	const uint64_t kept = tamper_read(sys, entry(root, 0));

	break_at(RMM_COST_SMC, [&] { tamper_word(sys, entry(root, 0), 0); });
	EXPECT_FALSE(call(FID_RMI_RTT_DATA_MAP_INIT, {rd, spare, page, host, 0}));
	tamper_word(sys, entry(root, 0), kept);
	EXPECT_NE(text().find("RMI_RTT_DATA_MAP_INIT_RTT_WALK was reported and did not hold"),
		  std::string::npos)
		<< text();
}

TEST_F(Oracle, FindsAChangeOutsideOfTheFootprint)
{
	break_at(RMM_COST_SMC_RETURN, [&] { tamper_state(sys, spare, RMM_GRANULE_INTERNAL); });
	EXPECT_FALSE(call(FID_RMI_REALM_ACTIVATE, {rd}));
	EXPECT_NE(text().find("outside of the footprint: the granule at 0x880210000 went from "
			      "DELEGATED to INTERNAL"),
		  std::string::npos)
		<< text();
}

TEST_F(Oracle, FindsAChangedEntryOfAnotherTable)
{
	break_at(RMM_COST_SMC_RETURN, [&] { tamper_word(sys, entry(tables + page, 9), 2); });
	EXPECT_FALSE(call(FID_RMI_REALM_ACTIVATE, {rd}));
	EXPECT_NE(text().find("entry 9 of the table at 0x880203000"), std::string::npos) << text();
}

TEST_F(Oracle, FindsAFailureThatChangesSomething)
{
	break_at(RMM_COST_SMC_RETURN, [&] { tamper_rim(sys, rd); });
	EXPECT_FALSE(call(FID_RMI_RTT_CREATE, {rd, spare, 0, 9}));
	EXPECT_NE(text().find("although the command failed: the realm at 0x880200000 changed"),
		  std::string::npos)
		<< text();
}

TEST_F(Oracle, FindsChangedRealmMemory)
{
	break_at(RMM_COST_SMC_RETURN, [&] { tamper_word(sys, rd + 4 * page + 64, 1); });
	EXPECT_FALSE(call(FID_RMI_FEATURES, {0}));
	EXPECT_NE(text().find("the contents of the realm memory at 0x880204000 changed"),
		  std::string::npos)
		<< text();
}

TEST_F(Oracle, FindsMemoryThatWasNotWiped)
{
	break_at(RMM_COST_SMC_RETURN, [&] { tamper_word(sys, spare + 8, 1); });
	EXPECT_FALSE(call(FID_RMI_GRANULE_RANGE_UNDELEGATE, {spare, spare + page}));
	EXPECT_NE(text().find("content did not hold afterwards"), std::string::npos) << text();
}

TEST_F(Oracle, SavesTheCallsSoFar)
{
	const std::string path = ::testing::TempDir() + "oracle_calls.log";
	rmm_oracle_options options = rmm_oracle_options_default();
	char line[256] = "";

	options.log_path = path.c_str();
	rmm_oracle_destroy(oracle);
	oracle = rmm_oracle_create(sys, &options);
	rmm_oracle_note_write(oracle, host, 0x55);
	break_at(RMM_COST_SMC, [&] { tamper_state(sys, spare, RMM_GRANULE_DATA); });
	EXPECT_FALSE(call(FID_RMI_RTT_CREATE, {rd, spare, 0x40000000, 2}));
	FILE *file = fopen(path.c_str(), "r");
	ASSERT_NE(file, nullptr);
	ASSERT_NE(fgets(line, sizeof(line), file), nullptr);
	EXPECT_STREQ(line, "W 880000000 55\n");
	ASSERT_NE(fgets(line, sizeof(line), file), nullptr);
	EXPECT_STREQ(line, "S c400015d 880200000 880210000 40000000 2 -> 1 0 0 0 2\n");
	fclose(file);
	remove(path.c_str());
}

TEST_F(Oracle, IsAConduit)
{
	rmm_oracle_conduit_ctx ctx = {oracle, 0};
	smc_conduit conduit = rmm_oracle_conduit(&ctx);

	memset(&regs, 0, sizeof(regs));
	regs.x[0] = FID_RMI_VERSION;
	regs.x[1] = 0x20000;
	smc_call(&conduit, &regs);
	EXPECT_EQ(regs.x[0], 0u);
	EXPECT_EQ(regs.x[2], 0x20000u);
}

TEST(OracleCoverage, IsHonest)
{
	char *text = nullptr;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	rmm_oracle_coverage(RMM_VERSION_2_0_BET1, out);
	fclose(out);
	EXPECT_NE(std::string(text).find("RMI_RTT_CREATE"), std::string::npos);
	EXPECT_NE(std::string(text).find("functions without an answer:"), std::string::npos);
	free(text);
}
