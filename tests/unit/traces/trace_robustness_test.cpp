// SPDX-License-Identifier: BSD-3-Clause
// Whatever stands in a file, loading ends and says what is wrong.
#include <gtest/gtest.h>

#include <random>

#include "trace_text.h"

TEST(TraceRobustness, EveryPrefixOfAScenarioIsSurvived)
{
	const std::string text = read_source("traces/scenarios/realm-lifecycle.yaml");

	for (size_t len = 0; len < text.size(); len += 97)
		load_trace(text.substr(0, len));
}

TEST(TraceRobustness, RandomDamageIsSurvivedAndPlayed)
{
	const std::string text = read_source("traces/scenarios/host-mistakes.yaml");
	const std::string bytes = "0123456789abcdefx[]{}:,-#\"' \n\t\xff\\()<|*+KMG_";
	std::mt19937 random(1);

	for (int round = 0; round < 300; round++) {
		std::string damaged = text;

		for (int i = 0; i < 3; i++)
			damaged[random() % damaged.size()] = bytes[random() % bytes.size()];
		Loaded loaded = load_trace(damaged);

		EXPECT_EQ(loaded.trace == nullptr, !loaded.errors.empty());
		if (loaded.trace)
			play(*loaded.trace);
	}
}

TEST(TraceRobustness, DeepNestingIsRefused)
{
	Loaded loaded = load_trace("trace: " + std::string(100000, '['));

	EXPECT_EQ(loaded.trace, nullptr);
	EXPECT_NE(loaded.errors, "");
}

TEST(TraceRobustness, AnchorsAndAliasesAreRefused)
{
	EXPECT_NE(load_trace("trace: &a t\nsteps: []\n").errors.find("anchors"), std::string::npos);
}

TEST(TraceRobustness, HostileNumbersAreAnswered)
{
	const char *const values[] = {
		"0",         "1", "0xffffffffffffffff", "0xfffffffffffff000", "0x8000000000000000",
		"0x80000fff"};

	for (const char *value : values) {
		const std::string v = value;
		Played played = play_text(steps(
			"  - write: {pa: " + v + ", u64: [1], fault: EXTERNAL}\n" +
			"  - read: {pa: " + v + ", u64: [1], fault: GPF}\n" +
			"  - {sro: RMI_REC_CREATE, with: {rd: " + v + ", rec_ptr: " + v +
			", params_ptr: " + v + "}, list: " + v + ", pool: {base: " + v +
			", count: " + v + "}, expect: any}\n" +
			"  - {call: RMI_GRANULE_RANGE_DELEGATE, with: {base: " + v + ", top: " + v +
			"}, range: true, expect: any}\n" + "  - assign: {base: " + v +
			", size: " + v + ", gpi: SECURE}\n" + "  - check: {granule: {pa: " + v +
			", state: X}, rec: {rec: " + v + ", pc: 0}, realm: {rd: " + v +
			", state: X}, gpi: {pa: " + v + ", is: X}}\n" + "  - call: " + v + "\n"));

		EXPECT_NE(played.status, -1) << value;
	}
}
