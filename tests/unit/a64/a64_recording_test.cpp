/* SPDX-License-Identifier: BSD-3-Clause */
/* Real code in a realm, recorded, and replayed without the engine. */
#include <memory>

#include "guests.h"
#include "rmmsim/replay.h"

namespace
{

class A64Recording : public ::testing::TestWithParam<const char *>
{
};

TEST_P(A64Recording, ReplaysWithoutDifference)
{
	guest_options o = default_guest_options();
	Sink recording;

	o.record = recording.file();
	o.recs = 2;
	const Outcome outcome = run_guest(GetParam(), o);
	ASSERT_TRUE(outcome.ran);
	const std::string text = recording.text();
	rmm_replay_log *log = rmm_replay_parse("recording", text.data(), text.size(), stderr);
	ASSERT_NE(nullptr, log);
	EXPECT_TRUE(log->guests_take_pages);

	auto result = std::make_unique<rmm_replay_result>();
	rmm_replay_options options{};
	rmm_error why{};
	options.version = log->machine.version;
	options.profile = log->machine.profile;
	ASSERT_EQ(0, rmm_replay_run(log, &options, result.get(), &why)) << why.text;
	EXPECT_LT(outcome.report.num_exits, result->total.calls);
	EXPECT_EQ(result->total.calls, result->total.agree)
		<< "line " << result->first_unexplained.line;
	EXPECT_LT(0u, result->reads.calls);
	EXPECT_EQ(result->reads.calls, result->reads.agree);
	rmm_replay_free(log);
}

INSTANTIATE_TEST_SUITE_P(Guests, A64Recording,
			 ::testing::Values("hello", "mmio", "ripas", "timer", "smp", "ring", "el0",
					   "token"));

} /* namespace */
