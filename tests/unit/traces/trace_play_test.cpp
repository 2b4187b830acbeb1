// SPDX-License-Identifier: BSD-3-Clause
// Playing: what holds, what does not and how it is told.
#include <gtest/gtest.h>

#include "trace_text.h"

namespace
{

testing::AssertionResult mentions(const std::string &text, const std::string &part)
{
	if (text.find(part) != std::string::npos)
		return testing::AssertionSuccess();
	return testing::AssertionFailure() << "no '" << part << "' in:\n" << text;
}

} // namespace

TEST(TracePlay, ExpectationsThatHoldAreCounted)
{
	Played played = play_text(steps("  - call: RMI_VERSION\n"
					"    with: {req: {major: 2}}\n"
					"    expect: {lower: {major: 2, minor: 0}}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
	EXPECT_EQ(played.summary.calls, 1u);
	EXPECT_EQ(played.summary.expectations, 3u); // success and two fields
	EXPECT_EQ(played.summary.failures, 0u);
}

TEST(TracePlay, AFailureNamesExpectationAnswerAndCondition)
{
	Played played = play_text(steps("  - call: RMI_GRANULE_RANGE_DELEGATE\n"
					"    with: {base: 0x80000800, top: 0x80001000}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_FAILED);
	ASSERT_EQ(played.mismatches.size(), 1u);
	EXPECT_EQ(played.mismatches[0], "status: expected success, came RMI_ERROR_INPUT");
	EXPECT_TRUE(mentions(played.log, "RMI_GRANULE_RANGE_DELEGATE_BASE_ALIGN: base is not"));
	EXPECT_TRUE(mentions(played.log, "test.yaml:4"));
}

TEST(TracePlay, AWrongConditionIsAFailureOfItsOwn)
{
	Played played = play_text(steps("  - call: RMI_GRANULE_RANGE_DELEGATE\n"
					"    with: {base: 0x80000800, top: 0x80001000}\n"
					"    expect: {status: RMI_ERROR_INPUT, condition: "
					"RMI_GRANULE_RANGE_DELEGATE_TOP_ALIGN}\n"));

	ASSERT_EQ(played.mismatches.size(), 1u);
	EXPECT_EQ(played.mismatches[0], "condition: expected RMI_GRANULE_RANGE_DELEGATE_TOP_ALIGN, "
					"came RMI_GRANULE_RANGE_DELEGATE_BASE_ALIGN");
}

/* Their names are not looked at either: another version does not have them. */
TEST(TracePlay, StepsOfOtherVersionsAreLeftOut)
{
	const std::string list = "  - {since: 2.0-bet2, call: RMI_NO_SUCH_COMMAND}\n"
				 "  - {until: 2.0-bet0, read: {pa: nowhere, struct: No}}\n"
				 "  - {since: 2.0-bet1, until: 2.0-bet1, call: RMI_FEATURES}\n"
				 "  - {since: 1.0-rel0, call: RMI_FEATURES}\n"
				 "  - {until: 2.0-bet3, call: RMI_FEATURES}\n";
	Played played = play_text(steps(list));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
	EXPECT_EQ(played.summary.calls, 3u);
}

TEST(TracePlay, AnyAcceptsEverything)
{
	Played played =
		play_text(steps("  - {call: RMI_REALM_ACTIVATE, with: {rd: 1}, expect: any}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK);
}

TEST(TracePlay, AConditionAloneExpectsItsFailure)
{
	Played played = play_text(steps("  - call: RMI_REALM_ACTIVATE\n"
					"    with: {rd: 1}\n"
					"    expect: {condition: RMI_REALM_ACTIVATE_RD_ALIGN}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
}

TEST(TracePlay, TheRunGoesOnAfterAFailure)
{
	Played played = play_text(steps("  - {call: RMI_REALM_ACTIVATE, with: {rd: 1}}\n"
					"  - {call: RMI_REALM_ACTIVATE, with: {rd: 1}}\n"));

	EXPECT_EQ(played.summary.failures, 2u);
	EXPECT_EQ(played.summary.steps, 2u);
}

TEST(TracePlay, ACallByNumberAnswersNotSupported)
{
	Played played =
		play_text(steps("  - {call: 0xC40002FF, expect: {status: SMCCC_NOT_SUPPORTED}}\n"
				"  - {call: 0xC40002FF, expect: {x0: -1}}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
}

TEST(TracePlay, ARangeIsCalledUntilItsTop)
{
	const std::string text = "trace: t\n"
				 "machine: {active_at_boot: true, profile: tf-rmm}\n"
				 "steps:\n"
				 "  - call: RMI_GRANULE_RANGE_DELEGATE\n"
				 "    with: {base: 0x80000000, top: 0x80008000}\n"
				 "    range: true\n"
				 "    expect: {out_top: 0x80008000}\n"
				 "  - check: {delegated: 8}\n";
	Played played = play_text(text);

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
	EXPECT_EQ(played.summary.calls, 8u);
}

TEST(TracePlay, StructuresAreWrittenAndReadByField)
{
	Played played = play_text(
		steps("  - write: {pa: page, u64: [0xffff]}\n"
		      "  - write: {pa: page, struct: RmiRealmParams, fields: {s2sz: 40, flags0: "
		      "{sve: 1}, rpv: \"me\"}}\n"
		      "  - read: {pa: page, struct: RmiRealmParams, expect: {s2sz: 40, flags0: "
		      "{lpa2: 0, sve: 1}, rpv: [0x6d, 0x65, 0]}}\n"
		      "  - read: {pa: page, u64: [2, 40]}\n",
		      "page: 0x80000000"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
}

TEST(TracePlay, FieldsBecomeNames)
{
	Played played = play_text(steps(
		"  - write: {pa: 0x80000000, struct: RmiRecParams, fields: {gprs: [1, 2, 3]}}\n"
		"  - read: {pa: 0x80000000, struct: RmiRecParams, save: {third: 'gprs[2]'}}\n"
		"  - write: {pa: 0x80001000, u64: [third + 1]}\n"
		"  - read: {pa: 0x80001000, u64: [4]}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
}

TEST(TracePlay, ASavedNumberThatDoesNotFitIsAFailure)
{
	Played played = play_text(
		steps("  - write: {pa: 0x80000000, u64: [300]}\n"
		      "  - read: {pa: 0x80000000, u64: [300], save: {n: 'u64[0]'}}\n"
		      "  - write: {pa: 0x80001000, struct: RmiRealmParams, fields: {s2sz: n}}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_FAILED);
	EXPECT_TRUE(mentions(played.log, "a value of 8 bits"));
}

TEST(TracePlay, TheHostIsStoppedAtDelegatedMemory)
{
	Played played = play_text(steps("  - call: RMI_GRANULE_RANGE_DELEGATE\n"
					"    with: {base: 0x80000000, top: 0x80001000}\n"
					"  - read: {pa: 0x80000000, u64: [0], fault: GPF}\n"
					"  - read: {pa: 0x80000000, u64: [0]}\n"
					"  - read: {pa: 0x80001000, u64: [0], fault: GPF}\n"));

	EXPECT_EQ(played.summary.failures, 2u) << played.log;
}

TEST(TracePlay, ChecksSeeWhatNoHostSees)
{
	Played played = play_text(steps("  - call: RMI_GRANULE_RANGE_DELEGATE\n"
					"    with: {base: 0x80000000, top: 0x80002000}\n"
					"  - check: {rmm: ACTIVE, delegated: 2, operations: 0}\n"
					"  - check: {granule: {pa: 0x80001000, state: DELEGATED}}\n"
					"  - check: {gpi: {pa: 0x80000000, is: REALM}}\n"
					"  - check: {gpi: {pa: 0x80002000, is: NS}}\n"
					"  - check: {granule: {pa: 0, state: UNDELEGATED}}\n"));

	ASSERT_EQ(played.mismatches.size(), 1u) << played.log;
	EXPECT_EQ(played.mismatches[0], "granule state: expected UNDELEGATED, came no memory");
}

TEST(TracePlay, ActorsTakeTurns)
{
	Played played = play_text("trace: t\n"
				  "machine: {active_at_boot: true, pes: 2}\n"
				  "actors:\n"
				  "  - let: {page: 0x80000000}\n"
				  "    steps:\n"
				  "      - call: RMI_GRANULE_RANGE_DELEGATE\n"
				  "        with: {base: page, top: page + 4K}\n"
				  "      - call: RMI_GRANULE_RANGE_UNDELEGATE\n"
				  "        with: {base: page, top: page + 4K}\n"
				  "  - let: {page: 0x80010000}\n"
				  "    steps_of: 0\n");

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
	ASSERT_EQ(played.answers.size(), 4u);
	EXPECT_EQ(played.answers[0].actor, 0u);
	EXPECT_EQ(played.answers[1].actor, 1u);
	EXPECT_EQ(played.answers[1].registers[1], 0x80011000u);
	EXPECT_EQ(played.answers[2].actor, 0u);
}

TEST(TracePlay, OverridesReplaceTheTracesWords)
{
	const rmm_trace_overrides overrides = {"2.0-bet3", "tf-rmm"};
	Loaded loaded =
		load_trace("trace: t\nmachine: {version: 2.0-bet0}\nsteps: []\n", &overrides);

	ASSERT_NE(loaded.trace, nullptr) << loaded.errors;
	EXPECT_EQ(rmm_trace_config(loaded.trace.get())->version, RMM_VERSION_2_0_BET3);
	EXPECT_EQ(rmm_trace_config(loaded.trace.get())->profile, RMM_PROFILE_TF_RMM);
}

TEST(TracePlay, AMachineThatCannotBeBuiltIsBadInput)
{
	Played played = play_text("trace: t\n"
				  "machine: {dram: [{base: 0x1000, size: 0}]}\n"
				  "steps: []\n");

	EXPECT_EQ(played.status, RMM_TRACE_BAD_INPUT);
	EXPECT_NE(played.error, "");
}

TEST(TracePlay, TheSameTraceGivesTheSameLog)
{
	const std::string text = read_source("traces/scenarios/realm-lifecycle.yaml");
	Played first = play_text(text);
	Played second = play_text(text);

	EXPECT_EQ(first.status, RMM_TRACE_OK) << first.log;
	EXPECT_EQ(first.log, second.log);
}
