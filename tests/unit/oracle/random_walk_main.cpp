// SPDX-License-Identifier: BSD-3-Clause
// random-walk: walks as long as wanted; prints what it finds and how to find it again.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "random_walk.hpp"
#include "rmmsim/abi/introspect.h"

namespace
{

const char usage[] =
	"usage: random-walk [--seed N] [--calls N] [--episode N] [--version V] [--profile "
	"spec|tf-rmm]\n"
	"                   [--deep N] [--invariants N] [--log FILE] [--conditions] [--coverage]\n"
	"                   [--commands] [--cost] [--note FILE]\n"
	"       random-walk --total SUMMARY CALLS FILE...\n"
	"\n"
	"Makes random calls on small machines, each for one episode, and judges them.\n"
	"--note says in FILE what was done; --total sums up such files, in a line that goes to\n"
	"SUMMARY, and fails when there are less than CALLS calls.\n";

struct Arguments {
	WalkOptions walk;
	uint64_t calls = 100000;
	uint64_t episode = 5000;
	bool conditions = false;
	bool commands = false;
	bool coverage = false;
	bool cost = false;
	std::string note; /* empty: none */
};

bool parse(int argc, char **argv, Arguments *args)
{
	for (int i = 1; i < argc; i++) {
		const std::string name = argv[i];
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		bool takes_value = true;

		if (name == "--seed")
			args->walk.seed = strtoull(value, nullptr, 0);
		else if (name == "--calls")
			args->calls = strtoull(value, nullptr, 0);
		else if (name == "--episode")
			args->episode = strtoull(value, nullptr, 0);
		else if (name == "--deep")
			args->walk.deep_every = (unsigned int)strtoul(value, nullptr, 0);
		else if (name == "--invariants")
			args->walk.invariants_every = (unsigned int)strtoul(value, nullptr, 0);
		else if (name == "--log")
			args->walk.log_path = value;
		else if (name == "--note")
			args->note = value;
		else if (name == "--profile" && !strcmp(value, "tf-rmm"))
			args->walk.profile = RMM_PROFILE_TF_RMM;
		else if (name == "--profile" && !strcmp(value, "spec"))
			args->walk.profile = RMM_PROFILE_SPEC;
		else if (name == "--version") {
			if (!rmm_abi_version_find(value, &args->walk.version))
				return false;
		} else {
			takes_value = false;
			args->conditions |= name == "--conditions";
			args->commands |= name == "--commands";
			args->coverage |= name == "--coverage";
			args->cost |= name == "--cost";
			if (name != "--conditions" && name != "--commands" &&
			    name != "--coverage" && name != "--cost")
				return false;
		}
		i += takes_value;
	}
	return args->episode != 0;
}

void print_conditions(const std::vector<uint64_t> &seen)
{
	for (size_t i = 0; i < seen.size(); i++)
		if (seen[i])
			printf("%8llu %s\n", (unsigned long long)seen[i],
			       rmm_abi_condition_name((rmm_condition)i));
}

void print_commands(rmm_version version, const std::map<uint32_t, CallCounts> &counts)
{
	for (const auto &[fid, count] : counts) {
		const rmm_abi_command *command = rmm_abi_command_by_fid(version, fid);

		if (command)
			printf("%-32s %8llu calls %8llu successes\n", command->name,
			       (unsigned long long)count.made, (unsigned long long)count.succeeded);
	}
}

CallTimes measure(const Arguments &args, bool judged)
{
	WalkOptions options = args.walk;
	CallTimes all;

	options.judged = judged;
	options.timed = true;
	options.deep_every = 0;
	options.invariants_every = 0;
	for (uint64_t made = 0; made < args.calls; options.seed++) {
		options.calls = std::min(args.episode, args.calls - made);
		Walk walk(options);

		walk.run();
		made += walk.calls_made();
		for (const auto &times : walk.times())
			all[times.first].insert(all[times.first].end(), times.second.begin(),
						times.second.end());
	}
	return all;
}

uint32_t median(std::vector<uint32_t> times)
{
	if (times.empty())
		return 0;
	std::nth_element(times.begin(), times.begin() + (long)(times.size() / 2), times.end());
	return times[times.size() / 2];
}

/* The same calls with and without the oracle: medians, other programs run too. */
void print_cost(const Arguments &args)
{
	const CallTimes bare = measure(args, false);
	CallTimes judged = measure(args, true);
	double sum[2] = {0, 0};

	printf("%-32s %9s %9s %9s %7s\n", "", "calls", "bare ns", "judged ns", "ratio");
	for (const auto &times : bare) {
		const rmm_abi_command *command =
			rmm_abi_command_by_fid(args.walk.version, times.first);
		const double n = (double)times.second.size();
		const uint32_t without = median(times.second);
		const uint32_t with = median(judged[times.first]);

		sum[0] += n * without;
		sum[1] += n * with;
		if (command && n >= 100)
			printf("%-32s %9.0f %9u %9u %7.1f\n", command->name, n, without, with,
			       (double)with / without);
	}
	printf("%-32s %9s %9s %9s %7.1f\n", "all", "", "", "", sum[1] / sum[0]);
}

/* What a run did, as it stands in a note. */
struct Done {
	unsigned long long calls, deep, judged, accesses;
};

bool write_note(const std::string &path, const WalkOptions &walk, const Done &done)
{
	FILE *file = fopen(path.c_str(), "w");

	if (!file)
		return false;
	fprintf(file, "%s %s %llu %llu %llu %llu\n", rmm_abi_versions[walk.version].name,
		walk.profile == RMM_PROFILE_SPEC ? "spec" : "tf-rmm", done.calls, done.deep,
		done.judged, done.accesses);
	return fclose(file) == 0;
}

int print_total(const std::string &summary, unsigned long long wanted, int num_files, char **files)
{
	Done sum = {};

	for (int i = 0; i < num_files; i++) {
		FILE *file = fopen(files[i], "r");
		Done done = {};

		if (!file || fscanf(file, "%*s %*s %llu %llu %llu %llu", &done.calls, &done.deep,
				    &done.judged, &done.accesses) != 4) {
			fprintf(stderr, "random-walk: no note in %s: run the walks first\n",
				files[i]);
			if (file)
				fclose(file);
			return 1;
		}
		fclose(file);
		sum.calls += done.calls;
		sum.deep += done.deep;
		sum.judged += done.judged;
		sum.accesses += done.accesses;
	}
	std::ostringstream line;
	line << "random walks: " << sum.calls << " calls judged, " << sum.deep
	     << " of them with the whole machine, " << sum.judged << " success conditions, "
	     << sum.accesses << " accesses by realms, in " << num_files << " walks\n";
	std::filesystem::create_directories(std::filesystem::path(summary).parent_path());
	std::ofstream(summary) << line.str();
	fputs(line.str().c_str(), stdout);
	return sum.calls < wanted;
}

} // namespace

int main(int argc, char **argv)
{
	std::vector<uint64_t> seen(RMM_CONDITION_COUNT);
	std::map<uint32_t, CallCounts> counts;
	Arguments args;
	uint64_t made = 0, deep = 0, unknown = 0, judged = 0, accesses = 0;

	if (argc > 4 && !strcmp(argv[1], "--total"))
		return print_total(argv[2], strtoull(argv[3], nullptr, 0), argc - 4, argv + 4);
	if (!parse(argc, argv, &args)) {
		fputs(usage, stderr);
		return 2;
	}
	if (args.coverage) {
		rmm_oracle_coverage(args.walk.version, stdout);
		return 0;
	}
	if (args.cost) {
		print_cost(args);
		return 0;
	}
	const auto begin = std::chrono::steady_clock::now();
	for (; made < args.calls; args.walk.seed++) {
		args.walk.calls = std::min(args.episode, args.calls - made);
		Walk walk(args.walk);
		const bool ok = walk.run();

		made += walk.calls_made();
		deep += walk.tally().deep;
		judged += walk.tally().successes_judged;
		unknown += walk.tally().unknown;
		accesses += walk.tlb().accesses;
		for (size_t i = 0; i < seen.size(); i++)
			seen[i] += walk.conditions()[i];
		for (const auto &[fid, count] : walk.counts()) {
			counts[fid].made += count.made;
			counts[fid].succeeded += count.succeeded;
		}
		if (ok)
			continue;
		printf("seed %llu, call %llu: %s\n"
		       "again: random-walk --seed %llu --calls %llu --episode %llu --version %s "
		       "--profile %s\n",
		       (unsigned long long)args.walk.seed, (unsigned long long)walk.calls_made(),
		       walk.text().c_str(), (unsigned long long)args.walk.seed,
		       (unsigned long long)args.episode, (unsigned long long)args.episode,
		       rmm_abi_versions[args.walk.version].name,
		       args.walk.profile == RMM_PROFILE_SPEC ? "spec" : "tf-rmm");
		return 1;
	}
	const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
	size_t reached = 0;
	for (uint64_t n : seen)
		reached += n != 0;
	printf("%llu calls in %.1f s, %llu looked at as a whole, %llu success conditions judged "
	       "(%llu unknown), %zu conditions reached, %llu accesses by realms\n",
	       (unsigned long long)made, time.count(), (unsigned long long)deep,
	       (unsigned long long)judged, (unsigned long long)unknown, reached,
	       (unsigned long long)accesses);
	if (args.conditions)
		print_conditions(seen);
	if (args.commands)
		print_commands(args.walk.version, counts);
	if (!args.note.empty() &&
	    !write_note(args.note, args.walk, {made, deep, judged, accesses})) {
		fprintf(stderr, "random-walk: cannot write %s\n", args.note.c_str());
		return 2;
	}
	return 0;
}
