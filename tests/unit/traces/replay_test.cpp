// SPDX-License-Identifier: BSD-3-Clause
// Recordings: reading them, and how far the model agrees.
#include <gtest/gtest.h>

#include "rmmsim/replay.h"
#include "trace_text.h"

namespace
{

struct LogDeleter {
	void operator()(rmm_replay_log *log) const
	{
		rmm_replay_free(log);
	}
};
using Log = std::unique_ptr<rmm_replay_log, LogDeleter>;

Log parse(const std::string &text, std::string *errors)
{
	char *buffer = nullptr;
	size_t len = 0;
	FILE *file = open_memstream(&buffer, &len);
	Log log(rmm_replay_parse("test.log", text.data(), text.size(), file));

	fclose(file);
	*errors = std::string(buffer, len);
	free(buffer);
	return log;
}

std::string errors_of(const std::string &text)
{
	std::string errors;
	Log log = parse(text, &errors);

	EXPECT_EQ(log, nullptr);
	return errors;
}

std::unique_ptr<rmm_replay_result> replay(const std::string &text, rmm_profile profile)
{
	auto result = std::make_unique<rmm_replay_result>();
	rmm_replay_options options = {};
	rmm_error error = {};
	std::string errors;
	Log log = parse(text, &errors);

	EXPECT_EQ(errors, "");
	options.version = RMM_VERSION_2_0_BET1;
	options.profile = profile;
	EXPECT_EQ(rmm_replay_run(log.get(), &options, result.get(), &error), 0) << error.text;
	return result;
}

} // namespace

TEST(ReplayLog, MalformedLinesAreNamed)
{
	EXPECT_NE(errors_of("X 1 2\n").find("test.log:1:1: error: unknown event 'X'"),
		  std::string::npos);
	EXPECT_NE(errors_of("# c\nW 1\n").find("test.log:2:1:"), std::string::npos);
	EXPECT_NE(errors_of("W 12 0x5\n").find("test.log:1:6: error: '0x5' is no number"),
		  std::string::npos);
	EXPECT_NE(errors_of("M 3\n").find("a mode is 0, 1 or 2"), std::string::npos);
	EXPECT_NE(errors_of("E\n").find("a line of 2 words has 1"), std::string::npos);
	EXPECT_NE(errors_of("H 12 0\n").find("the registers are 0 to 11"), std::string::npos);
	EXPECT_NE(errors_of("G\n").find("an action has 1 to 7 words, not 0"), std::string::npos);
	EXPECT_NE(errors_of("P\n").find("a line of 2 words has 1"), std::string::npos);
	EXPECT_NE(errors_of("S c4000150 1\n").find("an arrow"), std::string::npos);
	EXPECT_NE(errors_of("S c4000150 1 2 3 4 5 6 7 8 -> 0 0 0 0 0\n").find("at most 7 inputs"),
		  std::string::npos);
	EXPECT_NE(errors_of("W 11111111111111111 0\n").find("at most 16"), std::string::npos);
	EXPECT_NE(errors_of("").find("no events"), std::string::npos);
}

TEST(Replay, AgreementIsCountedPerCommand)
{
	auto result = replay("S c4000165 0 -> 0 104130 0 0 0\n"
			     "S c4000165 1 -> 0 142a9 0 0 0\n"
			     "S c4000165 9 -> 0 1 0 0 0\n",
			     RMM_PROFILE_TF_RMM);

	ASSERT_EQ(result->num_rows, 1u);
	EXPECT_STREQ(result->rows[0].command->name, "RMI_FEATURES");
	EXPECT_EQ(result->total.calls, 3u);
	EXPECT_EQ(result->total.agree, 2u);
	EXPECT_EQ(result->total.unexplained, 1u);
	EXPECT_EQ(result->first_unexplained.line, 3u);
}

TEST(Replay, ADifferenceOfProfilesIsExplainedByItsBehaviour)
{
	const std::string log = "S c40001f1 880000000 880002000 -> 0 880001000 0 0 0\n";
	auto spec = replay(log, RMM_PROFILE_SPEC);
	enum rmm_behaviour one_granule;

	EXPECT_EQ(replay(log, RMM_PROFILE_TF_RMM)->total.agree, 1u);
	EXPECT_EQ(spec->total.explained, 1u);
	ASSERT_TRUE(rmm_abi_behaviour_find("delegate_one_granule", &one_granule));
	EXPECT_EQ(spec->by_behaviour[one_granule], 1u);
}

TEST(Replay, MemoryIsComparedToo)
{
	auto result = replay("W 880000000 1122334455667788\n"
			     "R 880000000 1122334455667788\n"
			     "R 880000008 5\n",
			     RMM_PROFILE_TF_RMM);

	EXPECT_EQ(result->reads.calls, 2u);
	EXPECT_EQ(result->reads.agree, 1u);
}

TEST(Replay, TfRmmProfileGivesTheRecordedAnswers)
{
	for (const char *name : {"tests/golden/tf-rmm-101.log", "tests/golden/tf-rmm-111.log"}) {
		auto result = replay(read_source(name), RMM_PROFILE_TF_RMM);

		EXPECT_EQ(result->total.unexplained, 0u)
			<< name << ": first at line " << result->first_unexplained.line;
		EXPECT_EQ(result->reads.unexplained, 0u) << name;
	}
}

TEST(Replay, SpecProfileDiffersOnlyWhereABehaviourSaysSo)
{
	for (const char *name : {"tests/golden/tf-rmm-101.log", "tests/golden/tf-rmm-111.log"}) {
		auto result = replay(read_source(name), RMM_PROFILE_SPEC);

		EXPECT_EQ(result->total.unexplained, 0u)
			<< name << ": first at line " << result->first_unexplained.line;
		EXPECT_GT(result->total.agree, 0u);
	}
}
