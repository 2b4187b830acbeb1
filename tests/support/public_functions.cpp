/* SPDX-License-Identifier: BSD-3-Clause */
#include "public_functions.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

static std::string text_of(const std::filesystem::path &path)
{
	std::ifstream file(path);
	std::stringstream text;

	text << file.rdbuf();
	return text.str();
}

/* Comments speak of functions, too. */
static std::string without_comments(const std::string &text)
{
	static const std::regex comment("/\\*[^*]*\\*+(?:[^/*][^*]*\\*+)*/|//[^\n]*");

	return std::regex_replace(text, comment, "");
}

std::set<std::string> functions_with_pointers(const std::string &folder)
{
	static const std::regex declaration(
		"\\b((?:host|rmm|smc)_[a-z0-9_]+)\\(([^;{}]*)\\)(?:\\s*;|\\s*\\{)");
	std::set<std::string> functions;

	for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
		if (entry.path().extension() != ".h")
			continue;
		const std::string text = without_comments(text_of(entry.path()));
		for (std::sregex_iterator i(text.begin(), text.end(), declaration), end; i != end;
		     ++i)
			if (std::string((*i)[2]).find('*') != std::string::npos)
				functions.insert((*i)[1]);
	}
	return functions;
}

std::set<std::string> never_called(const std::set<std::string> &functions, const std::string &file)
{
	const std::string text = without_comments(text_of(file));
	std::set<std::string> left;

	for (const std::string &name : functions)
		if (!std::regex_search(text, std::regex("\\b" + name + "\\(")))
			left.insert(name);
	return left;
}
