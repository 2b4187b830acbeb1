// SPDX-License-Identifier: BSD-3-Clause
// No byte that the Realm or Root world wrote is ever readable by the host, and none of one realm by
// another: random walks whose secrets are marked, and machines that are broken on purpose.
#include <gtest/gtest.h>

#include "random_walk.hpp"
#include "rmmsim/abi/introspect.h"

namespace
{

struct Leak {
	const char *name;
	Sabotage sabotage;
	const char *seen_as;
};

std::ostream &operator<<(std::ostream &os, const Leak &leak)
{
	return os << leak.name;
}

/* Not judged: the oracle would see some of these leaks first. */
WalkOptions bare(uint64_t calls)
{
	WalkOptions options;

	options.calls = calls;
	options.judged = false;
	options.isolation_every = 499;
	return options;
}

class Isolation : public ::testing::TestWithParam<Leak>
{
};

} // namespace

TEST(IsolationWalk, HoldsInEveryVersionAndProfile)
{
	for (int v = RMM_VERSION_2_0_BET0; v < RMM_VERSION_COUNT; v++)
		for (rmm_profile profile : {RMM_PROFILE_SPEC, RMM_PROFILE_TF_RMM}) {
			WalkOptions options = bare(20000);

			options.version = static_cast<rmm_version>(v);
			options.profile = profile;
			options.seed = 77 + (uint64_t)profile;
			Walk walk(options);
			EXPECT_TRUE(walk.run())
				<< rmm_abi_versions[v].name << ", profile " << profile << ", call "
				<< walk.calls_made() << ": " << walk.text();
		}
}

/* Not every walk comes by: a realm has to read what another one wrote before. */
TEST_P(Isolation, SeesTheLeak)
{
	WalkOptions options = bare(50000);
	std::string seen;

	options.sabotage = GetParam().sabotage;
	for (options.seed = 1; options.seed <= 40 && seen.empty(); options.seed++) {
		Walk walk(options);

		if (!walk.run())
			seen = walk.text();
	}
	EXPECT_NE(seen.find(GetParam().seen_as), std::string::npos) << seen;
}

INSTANTIATE_TEST_SUITE_P(, Isolation,
			 ::testing::Values(Leak{"UndelegateWithoutWipe",
						Sabotage::undelegate_without_wipe,
						"the host can read what the Realm world wrote"},
					   Leak{"MapWithoutWipe", Sabotage::map_without_wipe,
						"a realm reads what another realm wrote"},
					   Leak{"RegisterInExit", Sabotage::register_in_exit,
						"a REC exit shows what a realm wrote"},
					   Leak{"RegisterInOutput", Sabotage::register_in_output,
						"X3 shows what the Realm world wrote"}),
			 [](const auto &leak) { return std::string(leak.param.name); });
