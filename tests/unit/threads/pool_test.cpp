/* SPDX-License-Identifier: BSD-3-Clause */
/* What all realms draw from: numbers, contexts of stateful operations. */
#include <atomic>
#include <set>

#include "threads.h"

namespace threads
{
namespace
{

TEST(Vmids, OfRealmsCreatedAtTheSameTimeDiffer)
{
	constexpr unsigned kEach = 12;
	Machine m(threaded());
	std::vector<RealmPlan> plans;

	for (unsigned i = 0; i < kPes * kEach; i++)
		plans.push_back(Realm::plan(m));
	on_pes(kPes, [&](unsigned pe) {
		for (unsigned i = 0; i < kEach; i++) {
			const RealmPlan &plan = plans[pe * kEach + i];

			EXPECT_EQ(RMI_SUCCESS,
				  m.call(RMM_CMD_RMI_REALM_CREATE, {plan.rd, plan.params_ptr}, pe)
					  .x[0]);
		}
	});
	std::set<uint16_t> vmids;
	for (const RealmPlan &plan : plans) {
		rmm_realm_view view{};

		ASSERT_TRUE(rmm_realm_at(m.sys(), plan.rd, &view));
		vmids.insert(view.vmid);
	}
	EXPECT_EQ(plans.size(), vmids.size());
}

TEST(Operations, OfDifferentThreadsHaveDifferentHandles)
{
	constexpr unsigned kEach = 8;
	Machine m(threaded());
	Realm realm(m);
	const RecPlan plan = Rec::plan(m);
	const uint64_t granules = m.granules(kPes * kEach);
	std::vector<uint64_t> handles(kPes * kEach);

	on_pes(kPes, [&](unsigned pe) {
		for (unsigned i = pe * kEach; i < (pe + 1) * kEach; i++) {
			const Answer answer =
				m.call(RMM_CMD_RMI_REC_CREATE,
				       {realm.rd(), granules + i * kPage, plan.params_ptr}, pe);

			EXPECT_EQ(RMI_INCOMPLETE, answer.status());
			handles[i] = answer.x[1];
		}
	});
	EXPECT_EQ(handles.size(), std::set<uint64_t>(handles.begin(), handles.end()).size());
	on_pes(kPes, [&](unsigned pe) {
		for (unsigned i = pe; i < handles.size(); i += kPes)
			EXPECT_EQ(RMI_SUCCESS,
				  m.call(RMM_CMD_RMI_OP_CANCEL, {handles[i]}, pe).x[0]);
	});
	EXPECT_EQ(0u, rmm_num_operations(m.sys()));
}

/* Two threads go on with one operation: each step is done by one of them. */
TEST(Operations, AreEndedByOneThread)
{
	Machine m(threaded());
	Realm realm(m);
	const RecPlan plan = Rec::plan(m);

	for (unsigned round = 0; round < 50; round++) {
		const Answer create =
			m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr}, 0);
		std::atomic<unsigned> ended{0};

		ASSERT_EQ(RMI_INCOMPLETE, create.status());
		on_pes(4, [&](unsigned pe) {
			ended += m.call(RMM_CMD_RMI_OP_CANCEL, {create.x[1]}, pe).x[0] ==
				 RMI_SUCCESS;
		});
		ASSERT_EQ(1u, ended);
		ASSERT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.rec));
	}
}

} // namespace
} // namespace threads
