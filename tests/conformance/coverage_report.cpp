/* SPDX-License-Identifier: BSD-3-Clause */
#include "coverage_report.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "rmmsim/abi/introspect.h"

namespace coverage
{
namespace
{

template <typename T> std::set<T> union_of(const std::map<std::string, std::set<T>> &by_version)
{
	std::set<T> all;

	for (const auto &[version, items] : by_version)
		all.insert(items.begin(), items.end());
	return all;
}

/* RMI_ANY has no handler of its own: its conditions are everybody's. */
bool is_implemented(const rmm_abi_command &form)
{
	return form.handler || form.fid == 0;
}

void declare_form(Declared *declared, const rmm_abi_command &form, int version)
{
	const std::string name = rmm_abi_versions[version].name;

	for (size_t i = 0; i < form.num_fail; i++)
		if (form.fail[i].versions >> version & 1)
			declared->conditions[name].insert(form.fail[i].constant);
	for (size_t i = 0; i < form.num_order; i++) {
		const struct rmm_abi_condition &a = form.fail[form.order[i].before];
		const struct rmm_abi_condition &b = form.fail[form.order[i].after];

		if (a.versions & b.versions & rmm_versions{1} << version)
			declared->pairs[name].insert({a.constant, b.constant});
	}
}

/* "52.4 %" */
std::string percent(size_t part, size_t whole)
{
	std::ostringstream text;

	text.setf(std::ios::fixed);
	text.precision(1);
	text << (whole ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 100.0)
	     << " %";
	return text.str();
}

std::string trimmed(const std::string &text)
{
	const size_t first = text.find_first_not_of(" \t");

	return first == std::string::npos ? "" : text.substr(first);
}

std::string name_of(const Pair &pair)
{
	return pair.first + " < " + pair.second;
}

std::string name_of(const Transition &transition)
{
	const auto &[machine, from, to] = transition;

	return machine + ": " + from + " > " + to;
}

/* Does the model have one of the commands that make it? */
bool is_implemented(const rmm_abi_transition &transition)
{
	for (int v = 0; v < RMM_VERSION_COUNT; v++)
		for (size_t i = 0; i < transition.num_by; i++) {
			const rmm_abi_command *form = rmm_abi_command_by_id(
				static_cast<rmm_version>(v), transition.by[i]);

			if (transition.versions >> v & 1 && form && form->handler)
				return true;
		}
	return false;
}

void declare_transitions(Declared *declared)
{
	for (size_t m = 0; m < rmm_abi_num_state_machines; m++) {
		const rmm_abi_state_machine &machine = rmm_abi_state_machines[m];

		for (size_t i = 0; i < machine.num_transitions; i++) {
			const rmm_abi_transition &t = machine.transitions[i];

			if (is_implemented(t))
				declared->transitions.insert({machine.name, machine.states[t.from],
							      machine.states[t.to]});
		}
	}
}

} // namespace

/* ---- reading ----------------------------------------------------------------------- */

Declared read_declared()
{
	Declared declared;

	for (size_t i = 0; i < rmm_abi_num_commands; i++)
		for (int v = 0; v < RMM_VERSION_COUNT; v++)
			if (is_implemented(rmm_abi_commands[i]) &&
			    rmm_abi_commands[i].versions >> v & 1)
				declare_form(&declared, rmm_abi_commands[i], v);
	declare_transitions(&declared);
	return declared;
}

Reached read_reached(const std::string &directory)
{
	Reached reached;
	size_t files = 0;

	if (!std::filesystem::is_directory(directory))
		throw std::runtime_error("no coverage in " + directory +
					 ": run the conformance tests first");
	for (const auto &entry : std::filesystem::directory_iterator(directory)) {
		std::ifstream file(entry.path());
		std::string kind, version, profile, a, b, c;

		files++;
		while (file >> kind >> version >> profile >> a) {
			if (kind == "order" && file >> b)
				reached.pairs[version].insert({a, b});
			else if (kind == "transition" && file >> b >> c)
				reached.transitions.insert({a, b, c});
			else
				reached.conditions[version].insert(a);
		}
	}
	if (!files)
		throw std::runtime_error("no coverage in " + directory +
					 ": run the conformance tests first");
	return reached;
}

Unreachable read_unreachable(const std::string &path)
{
	Unreachable unreachable;
	std::ifstream file(path);
	std::string line;

	if (!file)
		throw std::runtime_error("cannot read " + path);
	while (std::getline(file, line)) {
		std::istringstream text(line.substr(0, line.find('#')));
		std::string name, sign, after, reason;

		if (!(text >> name))
			continue;
		const auto here = text.tellg();
		if (text >> sign && sign == "<" && text >> after) {
			std::getline(text, reason);
			unreachable.pairs[{name, after}] = trimmed(reason);
			continue;
		}
		text.clear();
		text.seekg(here);
		std::string from, to;
		if (text >> from >> sign && sign == ">" && text >> to) {
			std::getline(text, reason);
			unreachable.transitions[{name, from, to}] = trimmed(reason);
			continue;
		}
		text.clear();
		text.seekg(here);
		std::getline(text, reason);
		if (const size_t slash = name.find('/'); slash != std::string::npos)
			unreachable.in_versions[{name.substr(0, slash), name.substr(slash + 1)}] =
				trimmed(reason);
		else
			unreachable.conditions[name] = trimmed(reason);
	}
	return unreachable;
}

/* ---- comparing ------------------------------------------------------------------------ */

namespace
{

void compare_conditions(Report *r)
{
	const std::set<std::string> declared = union_of(r->declared.conditions);
	const std::set<std::string> reached = union_of(r->reached.conditions);

	for (const auto &[name, reason] : r->unreachable.conditions) {
		if (!declared.count(name))
			r->mistakes.push_back(name +
					      " is listed as unreachable, but no implemented "
					      "command declares it");
		if (reached.count(name))
			r->mistakes.push_back(name +
					      " is listed as unreachable, but a test reached it");
		if (reason.empty())
			r->mistakes.push_back(name + " is listed as unreachable without a reason");
	}
	for (const std::string &name : declared) {
		if (r->unreachable.conditions.count(name))
			continue;
		r->wanted.insert(name);
		(reached.count(name) ? r->seen : r->missing).insert(name);
	}
}

void compare_pairs(Report *r)
{
	const std::set<Pair> declared = union_of(r->declared.pairs);
	const std::set<Pair> reached = union_of(r->reached.pairs);
	const auto &never = r->unreachable.conditions;

	for (const auto &[pair, reason] : r->unreachable.pairs) {
		if (!declared.count(pair))
			r->mistakes.push_back(name_of(pair) + " is listed, but nobody declares it");
		if (reached.count(pair))
			r->mistakes.push_back(name_of(pair) + " is listed, but a test reached it");
	}
	for (const Pair &pair : declared) {
		if (never.count(pair.first) || never.count(pair.second) ||
		    r->unreachable.pairs.count(pair))
			continue;
		r->wanted_pairs.insert(pair);
		(reached.count(pair) ? r->seen_pairs : r->missing_pairs).insert(pair);
	}
}

bool can_occur(const Report &r, const std::string &version, const std::string &name)
{
	if (!r.wanted.count(name))
		return false;
	for (const auto &[place, reason] : r.unreachable.in_versions)
		if (place.second == name &&
		    version.compare(0, place.first.size(), place.first) == 0)
			return false;
	return true;
}

bool can_occur(const Report &r, const std::string &version, const Pair &pair)
{
	return r.wanted_pairs.count(pair) && can_occur(r, version, pair.first) &&
	       can_occur(r, version, pair.second);
}

std::string text_of(const std::string &name)
{
	return name;
}

std::string text_of(const Pair &pair)
{
	return name_of(pair);
}

/* What a version declares, and tests of other versions only have reached. */
template <typename Thing>
void find_gaps(Report *r, const std::map<std::string, std::set<Thing>> &declared,
	       const std::map<std::string, std::set<Thing>> &reached)
{
	for (const auto &[version, things] : declared) {
		const auto seen = reached.find(version);

		for (const Thing &thing : things) {
			const bool was_seen = seen != reached.end() && seen->second.count(thing);

			if (can_occur(*r, version, thing) && !was_seen)
				r->gaps.push_back(version + ": " + text_of(thing));
		}
	}
}

void compare_versions(Report *r)
{
	for (const auto &[place, reason] : r->unreachable.in_versions) {
		if (reason.empty() || !r->wanted.count(place.second))
			r->mistakes.push_back(place.first + "/" + place.second +
					      " has no reason, or is no condition that can occur");
		for (const auto &[version, names] : r->reached.conditions)
			if (version.compare(0, place.first.size(), place.first) == 0 &&
			    names.count(place.second))
				r->mistakes.push_back(place.second + " was reached in " + version);
	}
	find_gaps(r, r->declared.conditions, r->reached.conditions);
	find_gaps(r, r->declared.pairs, r->reached.pairs);
}

void compare_transitions(Report *r)
{
	for (const auto &[transition, reason] : r->unreachable.transitions) {
		if (!r->declared.transitions.count(transition))
			r->mistakes.push_back(name_of(transition) +
					      " is listed, but nobody declares it");
		if (r->reached.transitions.count(transition))
			r->mistakes.push_back(name_of(transition) +
					      " is listed, but a test reached it");
		if (reason.empty())
			r->mistakes.push_back(name_of(transition) + " is listed without a reason");
	}
	for (const Transition &transition : r->declared.transitions) {
		if (r->unreachable.transitions.count(transition))
			continue;
		r->wanted_transitions.insert(transition);
		(r->reached.transitions.count(transition) ? r->seen_transitions
							  : r->missing_transitions)
			.insert(transition);
	}
}

} // namespace

Report make_report(Declared declared, Reached reached, Unreachable unreachable)
{
	Report report;

	report.declared = std::move(declared);
	report.reached = std::move(reached);
	report.unreachable = std::move(unreachable);
	compare_conditions(&report);
	compare_pairs(&report);
	compare_versions(&report);
	compare_transitions(&report);
	return report;
}

bool is_complete(const Report &report)
{
	return report.missing.empty() && report.missing_pairs.empty() &&
	       report.missing_transitions.empty() && report.gaps.empty() && report.mistakes.empty();
}

/* ---- printing ----------------------------------------------------------------------------- */

void print_summary(std::ostream &os, const Report &r)
{
	os << "condition coverage: " << r.seen.size() << " of " << r.wanted.size() << " ("
	   << percent(r.seen.size(), r.wanted.size()) << ") of implemented commands; "
	   << r.unreachable.conditions.size() << " more cannot occur on this machine\n";
	os << "condition order coverage: " << r.seen_pairs.size() << " of " << r.wanted_pairs.size()
	   << " declared pairs (" << percent(r.seen_pairs.size(), r.wanted_pairs.size()) << ")\n";
	os << "state transition coverage: " << r.seen_transitions.size() << " of "
	   << r.wanted_transitions.size() << " ("
	   << percent(r.seen_transitions.size(), r.wanted_transitions.size()) << ") of "
	   << rmm_abi_num_state_machines << " state machines\n";
}

void print_problems(std::ostream &os, const Report &r)
{
	for (const std::string &name : r.missing)
		os << "not reached: " << name
		   << ": add a row to its command's table in tests/conformance, or say in "
		      "unreachable.txt why it cannot occur\n";
	for (const Pair &pair : r.missing_pairs)
		os << "order not tested: " << name_of(pair) << '\n';
	for (const Transition &transition : r.missing_transitions)
		os << "transition not seen: " << name_of(transition) << '\n';
	for (const std::string &gap : r.gaps)
		os << "reached in other versions only: " << gap << '\n';
	for (const std::string &mistake : r.mistakes)
		os << "unreachable.txt: " << mistake << '\n';
}

namespace
{

template <typename Thing>
size_t count_wanted(const Report &r, const std::string &version, const std::set<Thing> &things)
{
	size_t n = 0;

	for (const Thing &thing : things)
		n += can_occur(r, version, thing);
	return n;
}

template <typename Thing>
size_t count_wanted(const Report &r, const std::string &version,
		    const std::map<std::string, std::set<Thing>> &of)
{
	const auto things = of.find(version);

	return things == of.end() ? 0 : count_wanted(r, version, things->second);
}

void print_versions(std::ostream &os, const Report &r)
{
	os << "| Version | conditions that can occur | reached | order pairs | tested |\n"
	   << "| --- | --- | --- | --- | --- |\n";
	for (const auto &[version, names] : r.declared.conditions)
		os << "| " << version << " | " << count_wanted(r, version, names) << " | "
		   << count_wanted(r, version, r.reached.conditions) << " | "
		   << count_wanted(r, version, r.declared.pairs) << " | "
		   << count_wanted(r, version, r.reached.pairs) << " |\n";
	for (const auto &[place, reason] : r.unreachable.in_versions)
		os << "\n"
		   << place.second << " cannot occur in " << place.first << "*: " << reason
		   << ".\n";
}

void print_machines(std::ostream &os, const Report &r)
{
	os << "\n## State transitions\n\nOf state-machines.yaml; every other transition that a "
	      "test sees makes it fail.\n\n| State machine | transitions | seen |\n| --- | --- | "
	      "--- "
	      "|\n";
	for (size_t m = 0; m < rmm_abi_num_state_machines; m++) {
		const std::string name = rmm_abi_state_machines[m].name;
		size_t wanted = 0, seen = 0;

		for (const Transition &transition : r.wanted_transitions) {
			wanted += std::get<0>(transition) == name;
			seen += std::get<0>(transition) == name &&
				r.seen_transitions.count(transition);
		}
		os << "| " << name << " | " << wanted << " | " << seen << " |\n";
	}
	if (r.unreachable.transitions.empty())
		return;
	os << "\nTransitions that do not occur here:\n\n| Transition | Why |\n| --- | --- |\n";
	for (const auto &[transition, reason] : r.unreachable.transitions)
		os << "| " << name_of(transition) << " | " << reason << " |\n";
}

} // namespace

void print_markdown(std::ostream &os, const Report &r)
{
	os << "# Coverage of the specification\n\n"
	   << "What the conformance tests (tests/conformance) reach of what abi/*.yaml declares. "
	      "The "
	      "test run writes\nthis file; `ninja spec-coverage-doc` copies it here.\n\n```\n";
	print_summary(os, r);
	os << "```\n\n## By version\n\n";
	print_versions(os, r);
	print_machines(os, r);
	os << "\n## Conditions that cannot occur on this machine\n\n"
	   << "They are declared, and this model has nothing that could violate them. The run "
	      "fails "
	      "when one of them\noccurs after all.\n\n| Condition | Why |\n| --- | --- |\n";
	for (const auto &[name, reason] : r.unreachable.conditions)
		os << "| " << name << " | " << reason << " |\n";
	if (!r.unreachable.pairs.empty()) {
		os << "\n## Orders that cannot be observed\n\n| Order | Why |\n| --- | --- |\n";
		for (const auto &[pair, reason] : r.unreachable.pairs)
			os << "| " << name_of(pair) << " | " << reason << " |\n";
	}
	if (is_complete(r))
		return;
	os << "\n## Missing\n\n```\n";
	print_problems(os, r);
	os << "```\n";
}

} // namespace coverage
