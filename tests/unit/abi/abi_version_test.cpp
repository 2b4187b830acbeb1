/* SPDX-License-Identifier: BSD-3-Clause */
/* Which versions an item exists in. */
#include "description.h"

class AbiVersionCheck : public testing::TestWithParam<BadCase>
{
};

TEST_P(AbiVersionCheck, Reports)
{
	expect_one_error(GetParam());
}

static const BadCase scopes[] = {
	{"SinceLaterThanUntil",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, since: v3, until: @v1, values: [{name: A, value: "
	 "1}]}\n",
	 "'since' v3 is later than 'until' v1", "swap the two"},
	{"UnknownVersion",
	 "enums:\n  - {name: E, width: 8, source: s, since: @v4, values: [{name: A, value: 1}]}\n",
	 "unknown version 'v4'", "use one of: v1, v2, v3"},
	{"UnknownVersionInAList",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, versions: [v1, @next], values: [{name: A, value: "
	 "1}]}\n",
	 "unknown version 'next'", "use one of: v1, v2, v3"},
	{"EmptyList",
	 "enums:\n  - {name: E, width: 8, source: s, versions: @[], values: [{name: A, value: "
	 "1}]}\n",
	 "'versions' is empty", "name the versions"},
	{"ListBesideSince",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, since: v2, versions: @[v2], values: [{name: A, value: "
	 "1}]}\n",
	 "'versions' beside 'since' or 'until'", "keep one"},
	{"ItemOutsideOfWhatContainsIt",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, since: v2, values: [@{name: A, value: 1, until: v1}, "
	 "{name: B, value: 2}]}\n",
	 "exists in no version: what contains it exists in v2, v3", "correct the versions"},
	{"BehaviourThatIsNeitherTrueNorFalse",
	 "behaviours:\n  - {name: b, doc: d, source: s, spec: @maybe}\n",
	 "spec must be true or false", "write true or false"},
	{"TwoBehavioursOfOneName",
	 "behaviours:\n"
	 "  - {name: b, doc: d, source: s, spec: true}\n"
	 "  - {name: @b, doc: d, source: s, spec: true}\n",
	 "the behaviour 'b' is declared twice", "rename"},
};

INSTANTIATE_TEST_SUITE_P(Scope, AbiVersionCheck, testing::ValuesIn(scopes), case_name);

static void expect_version_error(const std::string &text, const std::string &message)
{
	const TemporaryDirectory directory;
	const Loaded loaded({directory.write("set.yaml", text)});

	EXPECT_EQ(loaded.abi(), nullptr);
	EXPECT_NE(loaded.errors().find(message), std::string::npos) << loaded.errors();
	EXPECT_NE(loaded.errors().find("remedy: "), std::string::npos) << loaded.errors();
}

TEST(AbiVersions, ASetNeedsAList)
{
	expect_version_error("enums: []\n", "no file of this set has the key 'versions'");
	expect_version_error("versions: []\n", "'versions' is empty");
}

TEST(AbiVersions, NamesAndNameSpacesAreUnique)
{
	expect_version_error("versions:\n"
			     "  - {name: v1, ns: a, rmi: '1.0', rsi: '1.0'}\n"
			     "  - {name: v1, ns: b, rmi: '1.0', rsi: '1.0'}\n",
			     "set.yaml:3:12: error: two versions are called 'v1'");
	expect_version_error("versions:\n"
			     "  - {name: v1, ns: a, rmi: '1.0', rsi: '1.0'}\n"
			     "  - {name: v2, ns: a, rmi: '1.0', rsi: '1.0'}\n",
			     "set.yaml:3:20: error: two versions are called 'a'");
}

TEST(AbiVersions, RevisionsAreTwoNumbers)
{
	for (const char *revision : {"2", "2.", ".1", "2.0.1", "two"})
		expect_version_error(std::string("versions:\n  - {name: v, ns: n, rmi: '") +
					     revision + "', rsi: '1.0'}\n",
				     "is no interface revision");
}

TEST(AbiVersions, MoreThanThereIsRoomForAreRefused)
{
	std::string text = "versions:\n";

	for (int i = 0; i <= ABI_MAX_VERSIONS; i++)
		text += "  - {name: v" + std::to_string(i) + ", ns: n" + std::to_string(i) +
			", rmi: '1.0', rsi: '1.0'}\n";
	expect_version_error(text, "more than 32 versions");
}

TEST(AbiVersions, ABehaviourFollowsTheSpecificationUnlessItSaysOtherwise)
{
	const Checked checked("uses: [versions.yaml]\n"
			      "behaviours:\n"
			      "  - {name: a, doc: d, source: s, spec: {since: v2}}\n"
			      "  - {name: b, doc: d, source: s, spec: true, tf_rmm: false}\n");

	ASSERT_NE(checked.abi(), nullptr) << checked.errors();
	const struct abi_behaviour *b = checked.abi()->behaviours.v;
	EXPECT_EQ(b[0].spec, 6u);
	EXPECT_EQ(b[0].tf_rmm, 6u);
	EXPECT_EQ(b[1].spec, 7u);
	EXPECT_EQ(b[1].tf_rmm, 0u);
}
