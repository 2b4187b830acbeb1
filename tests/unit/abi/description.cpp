/* SPDX-License-Identifier: BSD-3-Clause */
#include "description.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>

const char *const three_versions = "versions:\n"
				   "  - {name: v1, ns: ns1, rmi: '1.0', rsi: '1.0'}\n"
				   "  - {name: v2, ns: ns2, rmi: '2.0', rsi: '1.1'}\n"
				   "  - {name: v3, ns: ns3, rmi: '2.0', rsi: '1.1'}\n";

TemporaryDirectory::TemporaryDirectory()
{
	std::string name = (std::filesystem::temp_directory_path() / "rmm-abi-XXXXXX").string();

	if (mkdtemp(name.data()) == nullptr)
		std::abort();
	directory = name;
}

TemporaryDirectory::~TemporaryDirectory()
{
	std::error_code ignored;

	std::filesystem::remove_all(directory, ignored);
}

std::string TemporaryDirectory::path(const std::string &name) const
{
	return directory + "/" + name;
}

std::string TemporaryDirectory::write(const std::string &name, const std::string &text) const
{
	std::ofstream(path(name), std::ios::binary) << text;
	return path(name);
}

static std::string printed(struct abi_diag *diag)
{
	char *buffer = nullptr;
	size_t size = 0;
	FILE *stream = open_memstream(&buffer, &size);

	abi_diag_print(diag, stream);
	fclose(stream);
	std::string text(buffer, size);
	free(buffer);
	return text;
}

Loaded::Loaded(const std::vector<std::string> &files)
{
	std::vector<const char *> names;
	struct abi_diag *diag = abi_diag_new();

	for (const std::string &file : files)
		names.push_back(file.c_str());
	description = abi_load(names.data(), names.size(), diag);
	number = abi_diag_errors(diag);
	exit_status = abi_diag_exit_status(diag);
	text = printed(diag);
	abi_diag_free(diag);
}

Loaded::~Loaded()
{
	abi_free(description);
}

static std::vector<std::string> write_set(const TemporaryDirectory &directory,
					  const std::string &text)
{
	directory.write("versions.yaml", three_versions);
	return {directory.write("set.yaml", text)};
}

Checked::Checked(const std::string &text) : loaded(write_set(directory, text))
{
}

std::string take_mark(std::string &text)
{
	const size_t at = text.find('@');
	size_t line = 1;
	size_t column = 1;

	if (at == std::string::npos)
		return "no mark";
	for (size_t i = 0; i < at; i++) {
		column++;
		if (text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	text.erase(at, 1);
	return std::to_string(line) + ":" + std::to_string(column);
}

void PrintTo(const BadCase &bad, std::ostream *out)
{
	*out << bad.name;
}

std::string case_name(const testing::TestParamInfo<BadCase> &info)
{
	return info.param.name;
}

void expect_one_error(const BadCase &bad)
{
	std::string text = std::string("uses: [versions.yaml]\n") + bad.text;
	const std::string place = take_mark(text);
	const Checked checked(text);
	const std::string &errors = checked.errors();

	EXPECT_EQ(checked.abi(), nullptr);
	EXPECT_EQ(checked.count(), 1u) << errors;
	EXPECT_NE(errors.find("set.yaml:" + place + ": error: "), std::string::npos)
		<< "expected at " << place << ", got:\n"
		<< errors;
	EXPECT_NE(errors.find(bad.message), std::string::npos) << errors;
	const size_t remedy = errors.find("\nremedy: ");
	ASSERT_NE(remedy, std::string::npos) << errors;
	EXPECT_NE(errors.find(bad.remedy, remedy), std::string::npos) << errors;
}
