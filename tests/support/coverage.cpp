/* SPDX-License-Identifier: BSD-3-Clause */
#include "coverage.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "rmmsim/abi/introspect.h"

namespace conformance
{
namespace
{

std::set<std::string> &lines()
{
	static std::set<std::string> all;

	return all;
}

std::string machine_of(const rmm_system *sys)
{
	const rmm_config *config = rmm_system_config(sys);

	return std::string(rmm_abi_versions[config->version].name) + " " +
	       (config->profile == RMM_PROFILE_TF_RMM ? "tf-rmm" : "spec");
}

/* Tests that run one after the other must not share a file: the name is the process's. */
std::string file_name(const char *directory)
{
	return std::string(directory) + "/" + std::to_string(getpid()) + "-" +
	       std::to_string(std::hash<std::string>{}(::testing::GTEST_FLAG(filter))) + ".cov";
}

class Writer : public ::testing::Environment
{
public:
	void TearDown() override
	{
		const char *directory = std::getenv("RMMSIM_COVERAGE_DIR");

		if (!directory || lines().empty())
			return;
		std::error_code ignored;
		std::filesystem::create_directories(directory, ignored);
		std::ofstream file(file_name(directory));
		for (const std::string &line : lines())
			file << line << '\n';
		if (!file.flush())
			ADD_FAILURE() << "cannot write coverage below " << directory
				      << ": create it, or unset RMMSIM_COVERAGE_DIR";
	}
};

::testing::Environment *const writer = ::testing::AddGlobalTestEnvironment(new Writer);

} // namespace

void cover_machine(const rmm_system *sys)
{
	const uint64_t *counts = rmm_condition_counts(sys);

	for (int i = 0; i < RMM_CONDITION_COUNT; i++)
		if (counts[i])
			lines().insert("condition " + machine_of(sys) + " " +
				       rmm_abi_condition_name(static_cast<rmm_condition>(i)));
}

void cover_transitions(const rmm_system *sys, const rmm_transitions *transitions)
{
	for (size_t m = 0; m < rmm_abi_num_state_machines; m++) {
		const rmm_abi_state_machine &machine = rmm_abi_state_machines[m];

		for (size_t i = 0; i < machine.num_transitions; i++)
			if (rmm_transitions_count(transitions, m, i))
				lines().insert("transition " + machine_of(sys) + " " +
					       machine.name + " " +
					       machine.states[machine.transitions[i].from] + " " +
					       machine.states[machine.transitions[i].to]);
	}
}

void cover_order(const rmm_system *sys, rmm_condition before, rmm_condition after)
{
	lines().insert("order " + machine_of(sys) + " " + rmm_abi_condition_name(before) + " " +
		       rmm_abi_condition_name(after));
}

} // namespace conformance
