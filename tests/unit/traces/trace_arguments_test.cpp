/* SPDX-License-Identifier: BSD-3-Clause */
/* Pointers to nothing at the interface of traces and recordings: an error or a value. */
#include <gmock/gmock.h>

#include <cstdio>

#include "../../support/public_functions.h"
#include "rmmsim/replay.h"
#include "rmmsim/trace.h"
#include "trace_text.h"

namespace
{

constexpr rmm_version kVersion = RMM_VERSION_2_0_BET1;
const char kText[] = "trace: t\nsteps:\n  - say: hello\n";

class TraceArguments : public ::testing::Test
{
protected:
	std::string sentence()
	{
		const std::string text = error_.text;
		error_ = {};
		return text;
	}

	rmm_error error_{};
};

TEST_F(TraceArguments, OfATrace)
{
	EXPECT_EQ(nullptr, rmm_trace_load(nullptr, nullptr, nullptr));
	EXPECT_EQ(nullptr, rmm_trace_parse("t", nullptr, 4, nullptr, nullptr));
	rmm_trace *trace = rmm_trace_parse(nullptr, kText, sizeof(kText) - 1, nullptr, nullptr);
	ASSERT_NE(nullptr, trace);
	EXPECT_STREQ("", rmm_trace_file(trace));
	EXPECT_EQ(0u, rmm_trace_actor_pe(trace, 77));
	rmm_trace_free(trace);
	rmm_trace_free(nullptr);
	EXPECT_STREQ("", rmm_trace_name(nullptr));
	EXPECT_STREQ("", rmm_trace_file(nullptr));
	EXPECT_STREQ("", rmm_trace_about(nullptr));
	EXPECT_EQ(nullptr, rmm_trace_config(nullptr));
	EXPECT_EQ(0u, rmm_trace_num_actors(nullptr));
	EXPECT_EQ(0u, rmm_trace_actor_pe(nullptr, 0));
}

TEST_F(TraceArguments, OfASession)
{
	Loaded loaded = load_trace(kText);
	rmm_trace_session *session = nullptr;

	ASSERT_NE(nullptr, loaded.trace);
	EXPECT_EQ(-1, rmm_trace_session_create(nullptr, nullptr, &session, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_trace_session_create(loaded.trace.get(), nullptr, nullptr, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_trace_session_create(nullptr, nullptr, &session, nullptr));
	rmm_trace_session_destroy(nullptr);
	EXPECT_EQ(nullptr, rmm_trace_session_system(nullptr));
	EXPECT_FALSE(rmm_trace_session_step(nullptr, 0));
	EXPECT_EQ(0u, rmm_trace_session_summary(nullptr).steps);
	EXPECT_EQ(RMM_TRACE_BAD_INPUT, rmm_trace_play(nullptr, nullptr, nullptr, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(RMM_TRACE_OK, rmm_trace_play(loaded.trace.get(), nullptr, nullptr, nullptr));
}

TEST_F(TraceArguments, OfTheLog)
{
	rmm_trace_log log{};
	rmm_trace_event event{};
	rmm_trace_summary summary{};

	rmm_trace_log_event(nullptr, &event);
	rmm_trace_log_event(&log, &event);
	log.out = stderr;
	rmm_trace_log_event(&log, nullptr);
	rmm_trace_log_heading(nullptr, nullptr);
	rmm_trace_log_heading(&log, nullptr);
	rmm_trace_log_summary(nullptr, nullptr, &summary);
	rmm_trace_log_summary(&log, nullptr, nullptr);
}

TEST_F(TraceArguments, OfWords)
{
	char text[8] = "before";
	smc_regs regs{};

	rmm_trace_format_inputs(nullptr, 8, kVersion, nullptr, &regs);
	rmm_trace_format_inputs(text, 0, kVersion, nullptr, &regs);
	EXPECT_STREQ("before", text);
	rmm_trace_format_inputs(text, sizeof(text), kVersion, nullptr, nullptr);
	EXPECT_STREQ("", text);
	rmm_trace_format_answer(nullptr, 8, kVersion, nullptr, &regs);
	rmm_trace_format_answer(text, sizeof(text), kVersion, nullptr, nullptr);
	rmm_trace_format_value(nullptr, 8, kVersion, nullptr, 8, 1);
	EXPECT_STREQ("", text);
}

TEST_F(TraceArguments, OfARecording)
{
	rmm_replay_options options{};
	rmm_replay_result result{};
	rmm_replay_log log{};

	EXPECT_EQ(nullptr, rmm_replay_load(nullptr, stderr));
	EXPECT_EQ(nullptr, rmm_replay_parse("t", nullptr, 4, stderr));
	EXPECT_EQ(nullptr, rmm_replay_parse(nullptr, "x", 1, stderr));
	EXPECT_EQ(nullptr, rmm_replay_parse("t", "x", 1, nullptr));
	rmm_replay_free(nullptr);
	EXPECT_EQ(-1, rmm_replay_run(nullptr, &options, &result, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_replay_run(&log, nullptr, &result, nullptr));
	EXPECT_EQ(-1, rmm_replay_run(&log, &options, nullptr, nullptr));
	rmm_replay_print(nullptr, &log, &options, &result);
	rmm_replay_print(stderr, nullptr, &options, &result);
	rmm_replay_print_json(stderr, &log, nullptr, &result);
	rmm_replay_print_json(stderr, &log, &options, nullptr);
}

/* Every function of the public headers that takes a pointer is called above. */
TEST(TraceArgumentsOfAllFunctions, AreTested)
{
	const std::set<std::string> functions = functions_with_pointers(TRACE_HEADERS);

	EXPECT_LT(20u, functions.size());
	EXPECT_THAT(never_called(functions, ARGUMENTS_TEST), ::testing::IsEmpty());
}

} /* namespace */
