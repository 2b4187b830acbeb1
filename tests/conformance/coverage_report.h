/* SPDX-License-Identifier: BSD-3-Clause */
/* What tests reached of what the description declares. */
#ifndef TESTS_CONFORMANCE_COVERAGE_REPORT_H
#define TESTS_CONFORMANCE_COVERAGE_REPORT_H

#include <iosfwd>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace coverage
{

using Pair = std::pair<std::string, std::string>;                     /* before, after */
using Transition = std::tuple<std::string, std::string, std::string>; /* machine, from, to */

/* What belongs to implemented commands, by the name of the version. */
struct Declared {
	std::map<std::string, std::set<std::string>> conditions;
	std::map<std::string, std::set<Pair>> pairs;
	std::set<Transition> transitions;
};
Declared read_declared();

/* What the test processes left, by the name of the version. */
struct Reached {
	std::map<std::string, std::set<std::string>> conditions;
	std::map<std::string, std::set<Pair>> pairs;
	std::set<Transition> transitions;
};
/* Throws std::runtime_error when there is nothing to read. */
Reached read_reached(const std::string &directory);

/*
 * `CONSTANT  reason`, `VERSION/CONSTANT  reason`, `BEFORE < AFTER  reason` or
 * `MACHINE FROM > TO  reason` a line; # begins a comment. VERSION may be the
 * beginning of several.
 */
struct Unreachable {
	std::map<std::string, std::string> conditions;
	std::map<std::pair<std::string, std::string>, std::string> in_versions;
	std::map<Pair, std::string> pairs;
	std::map<Transition, std::string> transitions;
};
Unreachable read_unreachable(const std::string &file);

struct Report {
	Declared declared;
	Reached reached;
	Unreachable unreachable;
	std::set<std::string> wanted, seen, missing;
	std::set<Pair> wanted_pairs, seen_pairs, missing_pairs;
	std::set<Transition> wanted_transitions, seen_transitions, missing_transitions;
	std::vector<std::string> gaps;     /* reached in other versions only */
	std::vector<std::string> mistakes; /* of the list of what cannot be reached */
};
Report make_report(Declared declared, Reached reached, Unreachable unreachable);

bool is_complete(const Report &report);

/* The lines that a test run shows, and what is wrong. */
void print_summary(std::ostream &os, const Report &report);
void print_problems(std::ostream &os, const Report &report);
void print_markdown(std::ostream &os, const Report &report);

} // namespace coverage

#endif
