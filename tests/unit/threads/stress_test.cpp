/* SPDX-License-Identifier: BSD-3-Clause */
/* Eight hosts on one machine; whenever all of them rest, every invariant holds. */
#include "oracle/rmm_oracle.h"
#include "stress_actor.h"

namespace threads
{
namespace
{

constexpr unsigned kRounds = 12;
constexpr unsigned kSteps = 40;

void expect_invariants(const Machine &m, const std::string &when)
{
	rmm_violation violations[4];
	const size_t n = rmm_check_invariants(m.sys(), violations, 4);

	for (size_t i = 0; i < std::min<size_t>(n, 4); i++)
		ADD_FAILURE() << when << ": " << violations[i].invariant->name << ": "
			      << violations[i].text;
}

struct Ground {
	rmm_version version;
	uint64_t seed;
	std::vector<std::pair<rmm_behaviour, bool>> behaviours;
	void (*change)(rmm_config &);
	const char *name;
};

void PrintTo(const Ground &ground, std::ostream *to)
{
	*to << ground.name;
}

void as_it_is(rmm_config &)
{
}

void ranges_in_parts(rmm_config &config)
{
	config.range_budget = 9;
}

class Stress : public ::testing::TestWithParam<Ground>
{
};

TEST_P(Stress, InvariantsHoldWheneverAllRest)
{
	Settings settings;

	settings.version = GetParam().version;
	settings.behaviours = GetParam().behaviours;
	settings.changes.push_back(GetParam().change);
	Machine m(threaded(settings));
	Shared shared{};
	std::deque<Actor> actors;

	shared.arenas = m.host_pages(kPes * kEnd, 2 * kPage);
	shared.count = 1100; /* more than two blocks of the GPT */
	shared.base = m.host_pages(shared.count);
	for (unsigned pe = 0; pe < kPes; pe++)
		actors.emplace_back(m, pe, GetParam().seed * kPes + pe, shared);
	for (unsigned round = 0; round < kRounds && !HasFailure(); round++) {
		on_pes(kPes, [&](unsigned pe) { actors[pe].act(kSteps); });
		expect_invariants(m, "seed " + std::to_string(GetParam().seed) + ", round " +
					     std::to_string(round));
	}
	on_pes(kPes, [&](unsigned pe) { actors[pe].finish(); });
	expect_invariants(m, "at the end");
	for (uint64_t pa = shared.base; pa < shared.base + shared.count * kPage; pa += kPage)
		(void)m.call(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, {pa, pa + kPage});
	EXPECT_EQ(0u, rmm_num_operations(m.sys()));
	EXPECT_EQ(0u, rmm_num_delegated(m.sys()));
	uint64_t host_calls = 0;
	for (const Actor &actor : actors) {
		host_calls += actor.host_calls();
		EXPECT_GT(actor.realms(), 0u);
		EXPECT_GT(actor.entries(), 0u);
		EXPECT_GT(actor.moved(), 0u);
	}
	EXPECT_GT(host_calls, 0u);
}

INSTANTIATE_TEST_SUITE_P(
	Machines, Stress,
	::testing::Values(Ground{RMM_VERSION_2_0_BET1, 1, {}, as_it_is, "bet1"},
			  Ground{RMM_VERSION_2_0_BET1, 2, {}, ranges_in_parts, "bet1_in_parts"},
			  Ground{RMM_VERSION_2_0_BET2, 3, {}, as_it_is, "bet2"},
			  Ground{RMM_VERSION_2_0_BET3, 4, {}, as_it_is, "bet3"},
			  Ground{RMM_VERSION_2_0_BET3,
				 5,
				 {{RMM_BEHAVIOUR_RANGE_IS_STATEFUL, true}},
				 ranges_in_parts,
				 "bet3_stateful_ranges"}),
	[](const ::testing::TestParamInfo<Ground> &ground) { return ground.param.name; });

} // namespace
} // namespace threads
