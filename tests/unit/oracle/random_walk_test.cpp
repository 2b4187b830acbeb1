// SPDX-License-Identifier: BSD-3-Clause
// Walks of fixed seeds: short ones here, long ones under the label `long`.
#include <gtest/gtest.h>

#include "random_walk.hpp"
#include "rmmsim/abi/introspect.h"

namespace
{

void walk(rmm_version version, rmm_profile profile, uint64_t seed, uint64_t calls)
{
	WalkOptions options;

	options.seed = seed;
	options.calls = calls;
	options.version = version;
	options.profile = profile;
	Walk w(options);
	ASSERT_TRUE(w.run()) << rmm_abi_versions[version].name << ", seed " << seed << ", call "
			     << w.calls_made() << ": " << w.text();
}

} // namespace

TEST(RandomWalk, EveryVersionKeepsItsConditions)
{
	for (int v = RMM_VERSION_1_0_REL0; v < RMM_VERSION_COUNT; v++)
		for (uint64_t seed = 1; seed <= 2; seed++)
			walk(static_cast<rmm_version>(v), RMM_PROFILE_SPEC, seed,
			     4000 / RMM_WALK_DIVISOR);
}

TEST(RandomWalk, TheOtherProfileKeepsThem)
{
	for (uint64_t seed = 1; seed <= 4; seed++)
		walk(RMM_VERSION_2_0_BET1, RMM_PROFILE_TF_RMM, seed, 4000 / RMM_WALK_DIVISOR);
}
