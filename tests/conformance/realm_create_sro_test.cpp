/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REALM_CREATE and RMI_REALM_DESTROY where they transfer memory: 2.0-bet3. */
#include <gtest/gtest.h>

#include "realm.h"

namespace conformance
{
namespace
{

Settings bet3()
{
	Settings settings;
	settings.version = RMM_VERSION_2_0_BET3;
	return settings;
}

class StatefulRealm : public testing::Test
{
protected:
	Machine m{bet3()};
	RealmPlan plan = Realm::plan(m);

	Answer begin()
	{
		return m.call(RMM_CMD_RMI_REALM_CREATE, {plan.rd, plan.params_ptr});
	}
	void ask_for_too_many_address_bits()
	{
		plan.params.s2sz = 255;
		Realm::write_params(m, plan);
	}
	uint64_t wants(const Answer &answer) const
	{
		const uint64_t data = rmi_result_data(m.version(), answer.x[0]);

		return rmi_result_data_incomplete_mem(m.version(), data);
	}
};

TEST_F(StatefulRealm, AsksForMemoryAndLeavesTheTablesAlone)
{
	const Answer answer = begin();

	EXPECT_EQ(RMI_INCOMPLETE, answer.status());
	EXPECT_EQ(RMI_OP_MEM_REQ_DONATE, wants(answer));
	EXPECT_EQ(4u, rmi_op_mem_donate_req_count(m.version(), answer.x[2]));
	EXPECT_EQ(RMM_GRANULE_PARTIAL, m.state_of(plan.rd));
	EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.params.rtt_base));
}

TEST_F(StatefulRealm, IsNewWhenTheOperationIsComplete)
{
	const Answer answer = m.finish(begin());

	EXPECT_EQ(RMI_SUCCESS, answer.x[0]);
	EXPECT_EQ(RMM_GRANULE_RD, m.state_of(plan.rd));
	EXPECT_EQ(RMM_GRANULE_RTT, m.state_of(plan.params.rtt_base));
	EXPECT_EQ(0u, m.snapshot().operations);
}

TEST_F(StatefulRealm, ReadsTheParametersWhenItHasItsMemory)
{
	const Answer first = begin();

	ask_for_too_many_address_bits();
	const Answer answer = m.finish(first);

	EXPECT_EQ(RMI_ERROR_INPUT, answer.status());
	EXPECT_EQ(RMI_REALM_CREATE_PARAMS_SUPP, answer.condition);
}

TEST_F(StatefulRealm, ReturnsAllMemoryBeforeItReportsAFailure)
{
	const Machine::Snapshot before = m.snapshot({m.scratch()});

	ask_for_too_many_address_bits();
	const Answer answer = m.finish(begin());
	const Machine::Snapshot after = m.snapshot({m.scratch()});

	EXPECT_EQ(RMI_ERROR_INPUT, answer.status());
	EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.rd));
	EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.params.rtt_base));
	EXPECT_EQ(before.operations, after.operations);
}

TEST_F(StatefulRealm, CanBeCancelled)
{
	const Answer first = begin();
	const Answer answer = m.finish(m.call(RMM_CMD_RMI_OP_CANCEL, {first.x[1]}));

	EXPECT_EQ(RMI_SUCCESS, answer.x[0]);
	EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.rd));
}

TEST_F(StatefulRealm, HasAnRdThatNobodyElseCanTakeMeanwhile)
{
	begin();
	const Answer answer = begin();

	EXPECT_EQ(RMI_ERROR_INPUT, answer.status());
	EXPECT_EQ(RMI_REALM_CREATE_RD_STATE, answer.condition);
}

TEST_F(StatefulRealm, GivesItsMemoryBackWhenItIsDestroyed)
{
	m.finish(begin());
	m.must(RMM_CMD_RMI_REALM_TERMINATE, {plan.rd});
	const Answer first = m.call(RMM_CMD_RMI_REALM_DESTROY, {plan.rd});

	EXPECT_EQ(RMI_INCOMPLETE, first.status());
	EXPECT_EQ(RMI_OP_MEM_REQ_RECLAIM, wants(first));
	EXPECT_EQ(RMM_GRANULE_PARTIAL, m.state_of(plan.rd));
	EXPECT_EQ(RMI_SUCCESS, m.finish(first).x[0]);
	EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.rd));
	EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.params.rtt_base));
}

TEST_F(StatefulRealm, IsBlockedWhenEveryOperationWaitsForItsHost)
{
	Settings settings = bet3();
	settings.changes.push_back([](rmm_config &config) { config.sro_contexts = 1; });
	Machine small(settings);
	const RealmPlan first = Realm::plan(small);
	const RealmPlan second = Realm::plan(small);

	small.call(RMM_CMD_RMI_REALM_CREATE, {first.rd, first.params_ptr});
	const Answer answer = small.call(RMM_CMD_RMI_REALM_CREATE, {second.rd, second.params_ptr});

	EXPECT_EQ(RMI_BLOCKED, answer.status());
	EXPECT_EQ(RMM_GRANULE_DELEGATED, small.state_of(second.rd));
}

} // namespace
} // namespace conformance
