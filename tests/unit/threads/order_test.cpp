/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls that name the same granules in other orders: none waits for ever. */
#include "threads.h"

namespace threads
{
namespace
{

constexpr unsigned kRounds = 300;

/* The RD comes before the granule that is to become something, in whatever register it is. */
TEST(LockOrder, OfRttCreateAndRecCreateIsTheSame)
{
	Machine m(threaded());
	Realm realm(m);
	const uint64_t granule = m.granules();
	const RecPlan plan = Rec::plan(m);

	on_pes(3, [&](unsigned pe) {
		for (unsigned i = 0; i < kRounds; i++) {
			const Answer created =
				pe == 0 ? m.call(RMM_CMD_RMI_REC_CREATE,
						 {realm.rd(), granule, plan.params_ptr}, pe)
					: m.call(RMM_CMD_RMI_RTT_CREATE,
						 {realm.rd(), granule, pe * k1G, 2}, pe);
			if (pe == 0 && created.status() == RMI_INCOMPLETE) {
				m.call(RMM_CMD_RMI_OP_CANCEL, {created.x[1]}, pe);
			} else if (pe && !created.x[0]) {
				m.call(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), pe * k1G, 2}, pe);
			}
		}
	});
	EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(granule));
	EXPECT_EQ(0u, rmm_num_operations(m.sys()));
}

TEST(LockOrder, OfTwoRealmsThatNameEachOtherDoesNotMatter)
{
	Machine m(threaded());
	const uint64_t size = 2 * kPage;
	const uint64_t pair[2] = {m.granules(2, size), m.granules(2, size)};
	RealmPlan plans[2] = {Realm::plan(m), Realm::plan(m)};

	/* Each one's RD is the first table of the other. */
	for (unsigned i = 0; i < 2; i++) {
		plans[i].rd = pair[i];
		plans[i].params.rtt_base = pair[1 - i];
		Realm::write_params(m, plans[i]);
	}
	std::atomic<unsigned> created{0};
	on_pes(2, [&](unsigned pe) {
		for (unsigned i = 0; i < kRounds; i++) {
			if (m.call(RMM_CMD_RMI_REALM_CREATE, {plans[pe].rd, plans[pe].params_ptr},
				   pe)
				    .x[0])
				continue;
			created++;
			m.call(RMM_CMD_RMI_REALM_TERMINATE, {plans[pe].rd}, pe);
			m.call(RMM_CMD_RMI_REALM_DESTROY, {plans[pe].rd}, pe);
		}
	});
	EXPECT_GT(created, 0u);
	for (uint64_t base : pair)
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(base));
}

TEST(LockOrder, OfRecsOfOneRealmDoesNotMatter)
{
	Machine m(threaded());
	Realm realm(m);
	Rec a(m, realm, 0);
	Rec b(m, realm, 1);

	realm.activate();
	on_pes(4, [&](unsigned pe) {
		for (unsigned i = 0; i < kRounds; i++) {
			const Answer answer =
				pe % 2 ? m.call(RMM_CMD_RMI_PSCI_COMPLETE, {a.pa(), b.pa(), 0}, pe)
				       : m.call(RMM_CMD_RMI_PSCI_COMPLETE, {b.pa(), a.pa(), 0}, pe);

			EXPECT_EQ(RMI_PSCI_COMPLETE_PENDING, answer.condition);
		}
	});
}

/* A range sweep passes over everything that the others lock one by one. */
TEST(LockOrder, OfSweepsAndTablesDoesNotMatter)
{
	Machine m(threaded());
	const uint64_t low = m.granules(64);
	Realm realm(m);
	const uint64_t high = m.granules(64);

	on_pes(4, [&](unsigned pe) {
		for (unsigned i = 0; i < kRounds; i++) {
			const uint64_t table = (i % 2 ? low : high) + (i + pe) % 64 * kPage;

			if (pe == 0) {
				m.call(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
				       {low + i % 64 * kPage, high + 64 * kPage}, pe);
				m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE,
				       {low + i % 64 * kPage, high + 64 * kPage}, pe);
			} else if (!m.call(RMM_CMD_RMI_RTT_CREATE, {realm.rd(), table, pe * k1G, 2},
					   pe)
					    .x[0]) {
				m.call(RMM_CMD_RMI_RTT_DESTROY, {realm.rd(), pe * k1G, 2}, pe);
			}
		}
	});
	EXPECT_EQ(RMM_GRANULE_RD, m.state_of(realm.rd()));
}

} // namespace
} // namespace threads
