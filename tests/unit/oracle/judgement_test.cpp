// SPDX-License-Identifier: BSD-3-Clause
#include "judgement.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

class Judgements : public ::testing::TestWithParam<const judgement *>
{
};

TEST_P(Judgements, FitTheAnswer)
{
	const judgement &made = *GetParam();
	char text[1024];

	ASSERT_EQ(0, judgement_make(&made, text, sizeof(text)));
	if (made.verdict)
		EXPECT_NE(nullptr, strstr(text, made.verdict)) << text;
	else
		EXPECT_STREQ("", text);
}

static std::vector<const judgement *> all_judgements()
{
	std::vector<const judgement *> all;

	for (size_t i = 0; i < num_judgements; i++)
		all.push_back(&judgements[i]);
	return all;
}

INSTANTIATE_TEST_SUITE_P(Oracle, Judgements, ::testing::ValuesIn(all_judgements()),
			 [](const auto &row) { return std::string(row.param->name); });
