/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of rmm-abi: exit status, output, and files that are whole or absent. */
#include "description.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

struct Outcome {
	int status;
	std::string out;
	std::string err;
};

static Outcome run(const std::vector<std::string> &words)
{
	std::vector<const char *> args;
	char *buffers[2] = {nullptr, nullptr};
	size_t sizes[2] = {0, 0};
	FILE *out = open_memstream(&buffers[0], &sizes[0]);
	FILE *err = open_memstream(&buffers[1], &sizes[1]);

	for (const std::string &word : words)
		args.push_back(word.c_str());
	Outcome result = {abi_cli(static_cast<int>(args.size()), args.data(), out, err), "", ""};
	fclose(out);
	fclose(err);
	result.out.assign(buffers[0], sizes[0]);
	result.err.assign(buffers[1], sizes[1]);
	free(buffers[0]);
	free(buffers[1]);
	return result;
}

static std::string content(const std::string &path)
{
	std::ostringstream text;

	text << std::ifstream(path, std::ios::binary).rdbuf();
	return text.str();
}

class AbiCommandLine : public testing::Test
{
protected:
	TemporaryDirectory directory;
	std::string good = directory.write("versions.yaml", three_versions);
	std::string bad = directory.write("bad.yaml", "enums: 1\n");
};

TEST_F(AbiCommandLine, CheckSaysWhatItRead)
{
	const Outcome result = run({"check", good});

	EXPECT_EQ(result.status, 0) << result.err;
	EXPECT_NE(result.out.find("1 files, 3 versions"), std::string::npos) << result.out;
	EXPECT_EQ(result.err, "");
}

TEST_F(AbiCommandLine, BadInputGivesTwoAndNoOutput)
{
	const Outcome result = run({"check", bad, good});

	EXPECT_EQ(result.status, 2);
	EXPECT_EQ(result.out, "");
	EXPECT_NE(result.err.find("bad.yaml:1:8: error: enums must be a list"), std::string::npos)
		<< result.err;
}

TEST_F(AbiCommandLine, AnUnreadableFileGivesOne)
{
	EXPECT_EQ(run({"check", directory.path("nowhere.yaml")}).status, 1);
}

TEST_F(AbiCommandLine, WrongUsageGivesTwoAndShowsTheUsage)
{
	const std::vector<std::vector<std::string>> wrong = {
		{},
		{"chekc", good},
		{"check"},
		{"check", "--out", "x", good},
		{"json", "-o"},
		{"diff", "v1", "v2"},
		{"generate", "--bad", good},
	};

	for (const std::vector<std::string> &words : wrong) {
		const Outcome result = run(words);

		EXPECT_EQ(result.status, 2);
		EXPECT_NE(result.err.find("usage:"), std::string::npos) << result.err;
		EXPECT_EQ(result.out, "");
	}
	EXPECT_NE(run({"chekc", good}).err.find("did you mean 'check'?"), std::string::npos);
}

TEST_F(AbiCommandLine, HelpIsNoError)
{
	const Outcome result = run({"--help"});

	EXPECT_EQ(result.status, 0);
	EXPECT_NE(result.out.find("rmm-abi generate --out DIR FILE..."), std::string::npos);
}

TEST_F(AbiCommandLine, UnknownVersionsAndStylesNameTheKnownOnes)
{
	Outcome result = run({"diff", "v1", "v9", good});
	EXPECT_EQ(result.status, 2);
	EXPECT_NE(result.err.find("use one of: v1, v2, v3"), std::string::npos) << result.err;

	result = run({"header", good});
	EXPECT_EQ(result.status, 2);
	EXPECT_NE(result.err.find("no version given"), std::string::npos) << result.err;

	result = run({"header", "--style", "fancy", "--version", "v1", good});
	EXPECT_EQ(result.status, 2);
	EXPECT_NE(result.err.find("portable, plain, calls, linux"), std::string::npos)
		<< result.err;
}

TEST_F(AbiCommandLine, DiffPrintsToTheStandardOutputOrAFile)
{
	const std::string file = directory.path("diff.txt");
	const Outcome printed = run({"diff", "v1", "v2", good});
	const Outcome saved = run({"diff", "v1", "v2", "-o", file, good});

	EXPECT_EQ(printed.status, 0) << printed.err;
	EXPECT_EQ(printed.out, "From v1 to v2\nno difference\n");
	EXPECT_EQ(saved.status, 0) << saved.err;
	EXPECT_EQ(saved.out, "");
	EXPECT_EQ(content(file), printed.out);
}

TEST_F(AbiCommandLine, AnOutputThatDoesNotChangeIsNotTouched)
{
	const std::string file = directory.path("diff.txt");

	ASSERT_EQ(run({"diff", "v1", "v2", "-o", file, good}).status, 0);
	const auto old = fs::file_time_type(std::chrono::hours(1));
	fs::last_write_time(file, old);
	ASSERT_EQ(run({"diff", "v1", "v2", "-o", file, good}).status, 0);
	EXPECT_EQ(fs::last_write_time(file), old);
	ASSERT_EQ(run({"diff", "v1", "v3", "-o", file, good}).status, 0);
	EXPECT_NE(fs::last_write_time(file), old);
}

TEST_F(AbiCommandLine, APlaceThatCannotBeWrittenGivesOneAndLeavesNothing)
{
	const Outcome result = run({"diff", "v1", "v2", "-o", directory.path("no/such/x"), good});

	EXPECT_EQ(result.status, 1);
	EXPECT_NE(result.err.find("cannot write the file: No such file or directory"),
		  std::string::npos)
		<< result.err;
	EXPECT_NE(result.err.find("remedy: "), std::string::npos);
	EXPECT_FALSE(fs::exists(directory.path("no")));
}

TEST_F(AbiCommandLine, AFullDiskGivesOneAndLeavesNothing)
{
	if (!fs::exists("/dev/full"))
		GTEST_SKIP() << "no /dev/full here";
	const Outcome result = run({"diff", "v1", "v2", "-o", "/dev/full", good});

	EXPECT_EQ(result.status, 1);
	EXPECT_NE(result.err.find("No space left on device"), std::string::npos) << result.err;
	EXPECT_NE(result.err.find("free some space"), std::string::npos) << result.err;
}

TEST_F(AbiCommandLine, BadInputLeavesAnEarlierOutputAlone)
{
	const std::string file = directory.write("diff.txt", "earlier");

	EXPECT_EQ(run({"diff", "v1", "v2", "-o", file, good, bad}).status, 2);
	EXPECT_EQ(content(file), "earlier");
	EXPECT_EQ(run({"generate", "--out", directory.path("gen"), good, bad}).status, 2);
	EXPECT_FALSE(fs::exists(directory.path("gen")));
}

TEST_F(AbiCommandLine, NoTemporaryFileStays)
{
	ASSERT_EQ(run({"json", "-o", directory.path("abi.json"), good}).status, 0);
	for (const fs::directory_entry &entry : fs::directory_iterator(directory.path("")))
		EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
}
