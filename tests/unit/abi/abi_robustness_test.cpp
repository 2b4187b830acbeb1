/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whatever a file holds, loading it ends with a description or with errors that
 * have a place and a remedy. The seeds are fixed: every run is the same.
 */
#include "command_text.h"
#include "description.h"

#include <random>

static const std::string valid =
	std::string(three_versions) + COMMAND
	"    context:\n"
	"      - {name: params, value: ParamsAt(rd), at: after}\n"
	"    fail:\n"
	"      - {id: align, when: \"!IsAligned(rd, 2 ^ 12)\", then: INPUT, says: it is not "
	"aligned}\n"
	"      - {id: walk, when: \"params.gprs[0..3] != 0\", then: RTT, says: x, data: {index: "
	"level}, since: v2}\n"
	"    order: [align < walk]\n"
	"    ok:\n"
	"      - {id: state, then: GranuleAt(rd).state == USED}\n"
	"    footprint: [GranuleAt(rd).state]\n"
	"behaviours:\n"
	"  - {name: odd, doc: d, source: s, spec: {since: v2}, tf_rmm: false}\n";

static void expect_sane(const Loaded &loaded)
{
	if (loaded.abi() != nullptr) {
		EXPECT_EQ(loaded.count(), 0u);
		return;
	}
	EXPECT_GT(loaded.count(), 0u);
	EXPECT_NE(loaded.errors().find("set.yaml:"), std::string::npos) << loaded.errors();
	EXPECT_NE(loaded.errors().find("remedy: "), std::string::npos) << loaded.errors();
}

static void load_text(const std::string &text)
{
	const TemporaryDirectory directory;

	expect_sane(Loaded({directory.write("set.yaml", text)}));
}

TEST(AbiRobustness, TheTextBehindTheseTestsIsValid)
{
	const TemporaryDirectory directory;
	const Loaded loaded({directory.write("set.yaml", valid)});

	EXPECT_NE(loaded.abi(), nullptr) << loaded.errors();
}

TEST(AbiRobustness, EveryPrefixOfAFileIsHandled)
{
	for (size_t length = 0; length < valid.size(); length += 3)
		load_text(valid.substr(0, length));
}

TEST(AbiRobustness, FlippedBitsAreHandled)
{
	std::mt19937 random(20240607);

	for (int round = 0; round < 1500; round++) {
		std::string text = valid;

		for (int flips = 1 + round % 4; flips > 0; flips--)
			text[random() % text.size()] ^= static_cast<char>(1u << random() % 8);
		load_text(text);
	}
}

TEST(AbiRobustness, RandomPrintableBytesAreHandled)
{
	static const char bytes[] = " \n:-[]{},'\"#&*!|>%@`0aA_^.=<()";
	std::mt19937 random(31);

	for (int round = 0; round < 1500; round++) {
		std::string text = valid;

		for (int changes = 1 + round % 6; changes > 0; changes--)
			text[random() % text.size()] = bytes[random() % (sizeof(bytes) - 1)];
		load_text(text);
	}
}

/* Cuts lines out and doubles others: well-formed more often, wrong in other ways. */
TEST(AbiRobustness, MixedUpLinesAreHandled)
{
	std::mt19937 random(8);
	std::vector<std::string> lines;

	for (size_t at = 0; at < valid.size();) {
		const size_t end = valid.find('\n', at) + 1;

		lines.push_back(valid.substr(at, end - at));
		at = end;
	}
	for (int round = 0; round < 600; round++) {
		std::string text;

		for (const std::string &line : lines) {
			const unsigned int choice = random() % 24;

			text += choice == 0 ? "" : choice == 1 ? line + line : line;
		}
		load_text(text);
	}
}

TEST(AbiRobustness, ManyErrorsAreCountedAndBounded)
{
	std::string text = std::string(three_versions) + "enums:\n";

	for (int i = 0; i < 5000; i++)
		text += "  - {x: 1}\n";
	const TemporaryDirectory directory;
	const Loaded loaded({directory.write("set.yaml", text)});

	EXPECT_GE(loaded.count(), 5000u);
	EXPECT_NE(loaded.errors().find("further errors are not shown"), std::string::npos);
	EXPECT_LT(loaded.errors().size(), 1u << 20);
}

TEST(AbiRobustness, LargeEnumerationsAreCheckedInReasonableTime)
{
	std::string text = std::string(three_versions) +
			   "enums:\n  - name: E\n    width: 64\n    source: s\n    values:\n";

	for (int i = 0; i < 20000; i++)
		text += "      - {name: L" + std::to_string(i % 15000) +
			", value: " + std::to_string(i % 12000) + "}\n";
	load_text(text);
}

TEST(AbiRobustness, ManyUnknownNamesAreReportedInReasonableTime)
{
	std::string text = std::string(three_versions) +
			   "interface: RMI\n"
			   "enums:\n  - name: E\n    width: 64\n    source: s\n    values:\n";

	for (int i = 0; i < 10000; i++)
		text += "      - {name: A_LABEL_OF_SOME_LENGTH_" + std::to_string(i) +
			", value: " + std::to_string(i) + "}\n";
	text += "commands:\n  - name: C\n    fid: 1\n    source: s\n    doc: d\n"
		"    outputs: [{name: result, reg: 0, type: E}]\n    fail:\n";
	for (int i = 0; i < 2000; i++)
		text += "      - {id: c" + std::to_string(i) + ", when: A_LABLE_OF_SOME_LENGHT_" +
			std::to_string(i) + " == 1, then: A_LABEL_OF_SAME_LENGTH, says: x}\n";
	const TemporaryDirectory directory;
	const Loaded loaded({directory.write("set.yaml", text)});

	EXPECT_EQ(loaded.count(), 4000u);
}

TEST(AbiRobustness, LongTextsInMessagesAreCut)
{
	const std::string word(200000, 'x');
	const TemporaryDirectory directory;
	const Loaded loaded(
		{directory.write("set.yaml", std::string(three_versions) + word + ": 1\n")});

	EXPECT_EQ(loaded.abi(), nullptr);
	EXPECT_LT(loaded.errors().size(), 4000u);
}
