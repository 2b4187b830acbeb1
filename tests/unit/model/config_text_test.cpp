/* SPDX-License-Identifier: BSD-3-Clause */
/* A configuration in words is the configuration. */
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "rmmsim/config_text.h"

namespace
{

std::vector<std::string> describe(const rmm_config &config)
{
	std::vector<std::string> lines;

	rmm_config_describe(
		&config,
		[](void *ctx, const char *text) {
			static_cast<std::vector<std::string> *>(ctx)->push_back(text);
		},
		&lines);
	return lines;
}

rmm_config without_memory()
{
	rmm_config config = rmm_config_default();

	config.num_banks = 0;
	return config;
}

TEST(ConfigText, SaysEverything)
{
	rmm_config config = without_memory();
	config.version = RMM_VERSION_2_0_BET3;
	config.profile = RMM_PROFILE_TF_RMM;
	config.num_pes = 7;
	config.banks[config.num_banks++] = {0x880000000, 0x20000000, RMM_BANK_DRAM};
	config.banks[config.num_banks++] = {0x60000000, 0xa000, RMM_BANK_DEV_NCOH};
	config.banks[config.num_banks++] = {0x70000000, 0x1000, RMM_BANK_DEV_COH};
	config.features.s2sz = 52;
	config.features.sve = true;
	config.features.mec_count = 0xfffe;
	config.seed = UINT64_MAX;
	config.active_at_boot = true;
	config.gpt_host_banks = 1;
	config.tracking_host_banks = 2;
	config.gpt_max_block = 32;
	config.range_budget = 9;
	config.aux_contiguous = true;
	config.overrides[0] = {RMM_BEHAVIOUR_INIT_RIPAS_MEASURED, true};
	config.num_overrides = 1;

	const std::vector<std::string> lines = describe(config);
	rmm_config again = without_memory();
	rmm_error error{};
	for (const std::string &line : lines)
		ASSERT_EQ(0, rmm_config_apply(&again, line.c_str(), &error)) << error.text;
	EXPECT_EQ(lines, describe(again));
	EXPECT_EQ(3u, again.num_banks);
	EXPECT_EQ(52u, again.features.s2sz);
	EXPECT_EQ(UINT64_MAX, again.seed);
	EXPECT_EQ(1u, again.gpt_host_banks);
	EXPECT_EQ(2u, again.tracking_host_banks);
	EXPECT_EQ(32u, again.gpt_max_block);
	EXPECT_EQ(9u, again.range_budget);
	EXPECT_TRUE(again.aux_contiguous);
	EXPECT_TRUE(again.active_at_boot);
	EXPECT_EQ(RMM_PROFILE_TF_RMM, again.profile);
	ASSERT_EQ(1u, again.num_overrides);
	EXPECT_TRUE(again.overrides[0].on);
}

/* Members that are neither described nor left out on purpose would be lost in recordings. */
TEST(ConfigText, KnowsTheFeaturesByTheirBytes)
{
	rmm_config config = without_memory();
	rmm_config again = without_memory();
	auto *bytes = reinterpret_cast<uint8_t *>(&config.features);

	for (size_t i = 0; i < offsetof(rmm_features, mec_count); i++)
		bytes[i] = i < offsetof(rmm_features, rtt_s2ap_indirect) + 1;
	for (const std::string &line : describe(config))
		ASSERT_EQ(0, rmm_config_apply(&again, line.c_str(), nullptr)) << line;
	EXPECT_EQ(0, memcmp(&config.features, &again.features, sizeof(config.features)));
}

TEST(ConfigText, KeepsEveryNumberAtItsLargestAndRefusesMore)
{
	rmm_config config = without_memory();
	rmm_config again = without_memory();
	const rmm_config_member *m;

	for (size_t i = 0; (m = rmm_config_member_at(i)) != nullptr; i++) {
		ASSERT_EQ(0, rmm_config_set(&config, m, m->max)) << m->name;
		if (m->max == UINT64_MAX)
			continue;
		EXPECT_EQ(-1, rmm_config_set(&config, m, m->max + 1)) << m->name;
	}
	for (const std::string &line : describe(config))
		ASSERT_EQ(0, rmm_config_apply(&again, line.c_str(), nullptr)) << line;
	for (size_t i = 0; (m = rmm_config_member_at(i)) != nullptr; i++)
		EXPECT_EQ(m->max, rmm_config_get(&again, m)) << m->name;
}

TEST(ConfigText, RefusesWhatItDoesNotKnow)
{
	rmm_config config = without_memory();
	rmm_error error{};

	for (const char *line :
	     {"",
	      "pes",
	      "pes 1 2",
	      "pes 0x4",
	      "pes 100000000",
	      "s2sz 100",
	      "lpa2 2",
	      "seed 11111111111111111",
	      "version 9.9",
	      "profile other",
	      "bank rom 0 1000",
	      "bank dram 0",
	      "bank dram 0 zero",
	      "bank dram zero 1000",
	      "behaviour x 1",
	      "behaviour delegate_one_granule 2",
	      "behaviour delegate_one_granule on",
	      "behaviour delegate_one_granule",
	      "pes -1",
	      "nonsense 1",
	      "a line that is far longer than any line of a description can be, and that goes on "
	      "for quite a while after it has made its point"}) {
		error = {};
		EXPECT_EQ(-1, rmm_config_apply(&config, line, &error)) << line;
		EXPECT_NE(nullptr, strstr(error.text, "says nothing")) << line;
	}
	for (unsigned int i = 0; i < RMM_MAX_BANKS; i++)
		EXPECT_EQ(0, rmm_config_apply(&config, "bank dram 0 1000", nullptr));
	EXPECT_EQ(-1, rmm_config_apply(&config, "bank dram 0 1000", nullptr)) << "too many";
	EXPECT_EQ(-1, rmm_config_apply(&config, std::string(1000, 'x').c_str(), nullptr));
	config.num_overrides = RMM_BEHAVIOUR_COUNT;
	EXPECT_EQ(-1, rmm_config_apply(&config, "behaviour delegate_one_granule 1", nullptr));
}

} /* namespace */
