// SPDX-License-Identifier: BSD-3-Clause
#include "facts.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

class Facts : public ::testing::TestWithParam<const fact_sheet *>
{
};

TEST_P(Facts, AreWhatTheTextSays)
{
	facts f;

	ASSERT_EQ(0, facts_check(GetParam(), &f));
	EXPECT_LT(0u, f.num);
	EXPECT_STREQ("", f.wrong);
}

static std::vector<const fact_sheet *> sheets()
{
	std::vector<const fact_sheet *> all;

	for (size_t i = 0; i < num_fact_sheets; i++)
		all.push_back(&fact_sheets[i]);
	return all;
}

INSTANTIATE_TEST_SUITE_P(Oracle, Facts, ::testing::ValuesIn(sheets()),
			 [](const auto &sheet) { return std::string(sheet.param->name); });
