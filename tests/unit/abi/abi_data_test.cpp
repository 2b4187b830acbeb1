/* SPDX-License-Identifier: BSD-3-Clause */
/* The description of the project itself. */
#include "description.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

static std::vector<std::string> description_files()
{
	std::vector<std::string> files;

	for (const fs::directory_entry &entry : fs::directory_iterator(RMM_ABI_DIRECTORY))
		if (entry.path().extension() == ".yaml" && entry.path().filename() != "linux.yaml")
			files.push_back(entry.path().string());
	std::sort(files.begin(), files.end());
	return files;
}

TEST(AbiData, TheDescriptionIsFreeOfErrors)
{
	const Loaded loaded(description_files());

	ASSERT_NE(loaded.abi(), nullptr) << loaded.errors();
	EXPECT_EQ(loaded.abi()->versions.n, 5u);
	EXPECT_GT(loaded.abi()->commands.n, 100u);
}

TEST(AbiData, AnyFileAloneFindsTheRestOfWhatItNeeds)
{
	for (const std::string &file : description_files()) {
		const Loaded loaded({file});

		EXPECT_NE(loaded.abi(), nullptr) << file << "\n" << loaded.errors();
	}
}

TEST(AbiData, EveryExpressionHasAType)
{
	const Loaded loaded(description_files());

	ASSERT_NE(loaded.abi(), nullptr) << loaded.errors();
	for (size_t i = 0; i < loaded.abi()->commands.n; i++) {
		const struct abi_command &cmd = loaded.abi()->commands.v[i];

		for (size_t k = 0; k < cmd.fail.n; k++) {
			ASSERT_NE(cmd.fail.v[k].when_expr, nullptr);
			EXPECT_EQ(cmd.fail.v[k].when_expr->type->kind, ABI_TYPE_BOOL);
		}
		for (size_t k = 0; k < cmd.ok.n; k++) {
			ASSERT_NE(cmd.ok.v[k].then_expr, nullptr);
			EXPECT_EQ(cmd.ok.v[k].then_expr->type->kind, ABI_TYPE_BOOL);
		}
	}
}

static int generate(const std::string &directory)
{
	std::vector<std::string> files = description_files();
	std::vector<const char *> args = {"generate", "--out", directory.c_str()};

	for (const std::string &file : files)
		args.push_back(file.c_str());
	return abi_cli(static_cast<int>(args.size()), args.data(), stdout, stderr);
}

static std::string content(const fs::path &path)
{
	std::ostringstream text;

	text << std::ifstream(path, std::ios::binary).rdbuf();
	return text.str();
}

TEST(AbiData, GeneratingTwiceGivesTheSameBytes)
{
	const TemporaryDirectory directory;
	size_t files = 0;

	ASSERT_EQ(generate(directory.path("a")), 0);
	ASSERT_EQ(generate(directory.path("b")), 0);
	for (const fs::directory_entry &entry :
	     fs::recursive_directory_iterator(directory.path("a"))) {
		if (!entry.is_regular_file())
			continue;
		const fs::path other = fs::path(directory.path("b")) /
				       fs::relative(entry.path(), directory.path("a"));

		EXPECT_EQ(content(entry.path()), content(other)) << other;
		files++;
	}
	EXPECT_GT(files, 20u);
}
