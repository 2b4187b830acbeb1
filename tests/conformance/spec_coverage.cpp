/* SPDX-License-Identifier: BSD-3-Clause */
/* spec-coverage RAW-DIR UNREACHABLE SUMMARY MARKDOWN: fails when something is missing. */
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "coverage_report.h"

namespace
{

std::ofstream open_output(const std::string &path)
{
	std::filesystem::create_directories(std::filesystem::path(path).parent_path());
	std::ofstream file(path);

	if (!file)
		throw std::runtime_error("cannot write " + path);
	return file;
}

int run(char **arguments)
{
	const coverage::Report report = coverage::make_report(
		coverage::read_declared(), coverage::read_reached(arguments[0]),
		coverage::read_unreachable(arguments[1]));
	std::ofstream summary = open_output(arguments[2]);
	std::ofstream markdown = open_output(arguments[3]);

	print_summary(summary, report);
	print_problems(summary, report);
	print_markdown(markdown, report);
	print_summary(std::cout, report);
	print_problems(std::cout, report);
	return is_complete(report) ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
	if (argc != 5) {
		std::cerr << "usage: spec-coverage RAW-DIR UNREACHABLE SUMMARY MARKDOWN\n";
		return 2;
	}
	try {
		return run(argv + 1);
	} catch (const std::exception &problem) {
		std::cerr << "spec-coverage: " << problem.what() << '\n';
		return 2;
	}
}
