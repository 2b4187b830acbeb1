/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of a set: how they find each other, and what a file must be. */
#include "description.h"

#include <sys/stat.h>

static void expect_error(const Loaded &loaded, const std::string &message)
{
	EXPECT_EQ(loaded.abi(), nullptr);
	EXPECT_EQ(loaded.count(), 1u) << loaded.errors();
	EXPECT_NE(loaded.errors().find(message), std::string::npos) << loaded.errors();
	EXPECT_NE(loaded.errors().find("remedy: "), std::string::npos) << loaded.errors();
}

static void expect_text_error(const std::string &text, const std::string &message)
{
	const TemporaryDirectory directory;

	SCOPED_TRACE(message);
	expect_error(Loaded({directory.write("set.yaml", text)}), message);
}

TEST(AbiFiles, TheSmallestDescriptionIsAListOfVersions)
{
	const TemporaryDirectory directory;
	const Loaded loaded({directory.write("versions.yaml", three_versions)});

	ASSERT_NE(loaded.abi(), nullptr) << loaded.errors();
	EXPECT_EQ(loaded.errors(), "");
	EXPECT_EQ(loaded.status(), 0);
	EXPECT_EQ(abi_all_versions(loaded.abi()), 7u);
	EXPECT_EQ(abi_version_index(loaded.abi(), "v2"), 1);
	EXPECT_EQ(abi_version_index(loaded.abi(), "v9"), -1);
}

TEST(AbiFiles, FilesUseEachOtherAndAreLoadedOnce)
{
	const TemporaryDirectory directory;

	directory.write("versions.yaml",
			std::string("uses: [a.yaml, ./b.yaml]\n") + three_versions);
	directory.write("b.yaml",
			"uses: [versions.yaml, a.yaml]\n"
			"enums:\n"
			"  - {name: E, width: 8, source: s, values: [{name: A, value: 0}]}\n");
	const std::string a =
		directory.write("a.yaml", "uses: [b.yaml]\n"
					  "bitfields:\n"
					  "  - {name: B, width: 8, source: s, fields: [{name: e, "
					  "lsb: 0, width: 8, type: E}]}\n");
	const Loaded loaded({a, directory.path("b.yaml"), a});

	ASSERT_NE(loaded.abi(), nullptr) << loaded.errors();
	EXPECT_EQ(loaded.abi()->files.n, 3u);
	EXPECT_EQ(loaded.abi()->types.n, 2u);
}

TEST(AbiFiles, AMissingFileIsReportedWhereItIsUsed)
{
	const TemporaryDirectory directory;
	const Loaded loaded(
		{directory.write("set.yaml", std::string(three_versions) +
						     "uses: [versions.yaml, nowhere.yaml]\n")});

	EXPECT_NE(loaded.errors().find("set.yaml:5:23: error: cannot read"), std::string::npos)
		<< loaded.errors();
	EXPECT_EQ(loaded.status(), 2);
}

TEST(AbiFiles, AMissingArgumentIsAFailureToRead)
{
	const Loaded loaded({"/nowhere/set.yaml"});

	expect_error(loaded, "/nowhere/set.yaml: error: cannot read the file: No such file");
	EXPECT_EQ(loaded.status(), 1);
}

TEST(AbiFiles, OnlyOrdinaryFilesAreRead)
{
	const TemporaryDirectory directory;

	ASSERT_EQ(mkfifo(directory.path("pipe").c_str(), 0600), 0);
	expect_error(Loaded({directory.path("pipe")}), "not an ordinary file");
	expect_error(Loaded({directory.path("")}), "not an ordinary file");
	expect_error(Loaded({"/dev/zero"}), "not an ordinary file");
}

TEST(AbiFiles, WhatIsNoYamlIsRefused)
{
	expect_text_error("", "set.yaml:1:1: error: the file is empty");
	expect_text_error("# nothing\n", "error: the file is empty");
	expect_text_error("versions: [\n", "error: not YAML");
	expect_text_error("a: 'b\n", "error: not YAML");
	expect_text_error("versions:\n\t- x\n", "set.yaml:2:1: error: not YAML");
	expect_text_error("a: 1\n---\nb: 2\n", "set.yaml:2:1: error: a second document");
}

TEST(AbiFiles, WhatIsNoTextIsRefused)
{
	expect_text_error(std::string("a: 1\nb\0c: 2\n", 12),
			  "set.yaml:2:2: error: the file is not UTF-8");
	expect_text_error("a: 1\nb: \xff\xfe\n", "set.yaml:2:4: error: the file is not UTF-8");
	expect_text_error("a: \xc0\xaf\n", "set.yaml:1:4: error: the file is not UTF-8");
	expect_text_error("a: \xed\xa0\x80\n", "set.yaml:1:4: error: the file is not UTF-8");
	expect_text_error("\xff\xfe\x61\x00", "set.yaml:1:1: error: the file is not UTF-8");
	expect_text_error("a: \x1b[31m\n", "set.yaml:1:4: error: the file is not UTF-8");
	expect_text_error("a: \"\\0\"\n", "set.yaml:1:4: error: the text contains a NUL");
}

TEST(AbiFiles, AFileOfUnreasonableSizeIsRefused)
{
	expect_text_error(std::string(5u << 20, '#'), "the file is larger than");
}

TEST(AbiFiles, DeepNestingIsRefused)
{
	expect_text_error("a: " + std::string(100000, '[') + "\n",
			  "nested more than 32 levels deep");

	std::string blocks;
	for (int i = 0; i < 200; i++)
		blocks += std::string(static_cast<size_t>(i), ' ') + "a:\n";
	expect_text_error(blocks, "nested more than 32 levels deep");
}

TEST(AbiFiles, AnchorsAliasesAndTagsAreRefused)
{
	expect_text_error("a: &x 1\n", "set.yaml:1:4: error: anchors are not used");
	expect_text_error("a: *x\n", "error: aliases are not used");
	expect_text_error("a: !!str 1\n", "set.yaml:1:4: error: tags are not used");
}

TEST(AbiFiles, AKeyOccursOnce)
{
	const TemporaryDirectory directory;
	const Loaded loaded({directory.write("set.yaml", std::string(three_versions) +
								 "enums: []\nenums: []\n")});

	expect_error(loaded, "set.yaml:6:1: error: the key 'enums' occurs twice (first in line 5)");
}

TEST(AbiFiles, KeysAreWords)
{
	expect_text_error("? [a]\n: 1\n", "set.yaml:1:3: error: a key must be a word, not a list");
}

class AbiKindCheck : public testing::TestWithParam<BadCase>
{
};

TEST_P(AbiKindCheck, Reports)
{
	expect_one_error(GetParam());
}

static const BadCase kinds[] = {
	{"MappingInsteadOfAList", "enums: @{}\n", "enums must be a list, not a mapping",
	 "schema.md"},
	{"ValueInsteadOfAList", "enums: @none\n", "enums must be a list, not a value", "schema.md"},
	{"ValueInsteadOfAMapping", "enums:\n  - @E\n", "an enumeration must be a mapping",
	 "schema.md"},
	{"ListInsteadOfAName",
	 "enums:\n  - {name: @[E], width: 8, source: s, values: [{name: A, value: 0}]}\n",
	 "name must be a value, not a list", "schema.md"},
	{"EmptyText",
	 "enums:\n  - {name: E, width: 8, source: @'', values: [{name: A, value: 0}]}\n",
	 "'source' is empty", "write the text"},
	{"QuotedInteger",
	 "enums:\n  - {name: E, width: @'8', source: s, values: [{name: A, value: 0}]}\n",
	 "width must be an unsigned integer, not '8'", "without quotes"},
	{"Fraction",
	 "enums:\n  - {name: E, width: @8.5, source: s, values: [{name: A, value: 0}]}\n",
	 "width must be an unsigned integer", "in decimal or with 0x"},
	{"LeadingZero",
	 "enums:\n  - {name: E, width: @010, source: s, values: [{name: A, value: 0}]}\n",
	 "width must be an unsigned integer", "leading zero"},
	{"NegativeWidth",
	 "enums:\n  - {name: E, width: @-8, source: s, values: [{name: A, value: 0}]}\n",
	 "width must be an unsigned integer", "sign"},
	{"IntegerOfMoreThan64Bits",
	 "enums:\n  - {name: E, width: 64, source: s, values: [{name: A, value: "
	 "@0x10000000000000000}]}\n",
	 "out of range", "from 0 to 18446744073709551615"},
	{"UnknownTopLevelKey", "@enmus: []\n", "a description has no key 'enmus'",
	 "did you mean 'enums'?"},
	{"UnknownTopLevelKeyThatIsNearNothing", "@something: []\n", "has no key 'something'",
	 "use one of: uses, versions, interface"},
	{"UnknownInterface", "interface: @SBI\n", "'interface' cannot be 'SBI'",
	 "RMI, RSI, PSCI, SMCCC"},
};

INSTANTIATE_TEST_SUITE_P(Kinds, AbiKindCheck, testing::ValuesIn(kinds), case_name);
