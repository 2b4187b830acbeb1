/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REC_DESTROY. */
#include "granule_rows.h"

namespace conformance
{
namespace
{

void base(Scene &s)
{
	s.add_realm();
	s.add_rec();
	s.realm->activate();
	s.call(RMM_CMD_RMI_REC_DESTROY, {s.rec->pa()});
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_REC_DESTROY,
		base,
		rows({
			object_granule(1, RMM_GRANULE_REC, RMI_REC_DESTROY_REC_ALIGN,
				       RMI_REC_DESTROY_REC_TRACKING,
				       RMI_REC_DESTROY_REC_GRAN_STATE),
			places_in_1_0(1, RMI_REC_DESTROY_REC_BOUND),
			{{"WhenItRuns", RMI_REC_DESTROY_REC_STATE,
			  [](Scene &s) { s.while_running(*s.rec); }}},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RecDestroy, table());

/* ---- effects ------------------------------------------------------------------ */

TEST(RecDestroy, ReturnsTheMemoryThatWasDonated)
{
	in_every_version([](Machine &m) {
		const rmm_version v = m.version();
		Realm realm(m);
		Rec rec(m, realm);
		const uint64_t list = m.host_pages();
		Answer a = m.call(RMM_CMD_RMI_REC_DESTROY, {rec.pa()});
		const uint64_t handle = a.x[1];

		EXPECT_EQ(RMI_OP_MEM_REQ_RECLAIM,
			  rmi_result_data_incomplete_mem(v, rmi_result_data(v, a.x[0])));
		EXPECT_EQ(RMM_GRANULE_PARTIAL, m.state_of(rec.pa()));
		EXPECT_EQ(0u, realm.view().num_recs);
		a = m.call(RMM_CMD_RMI_OP_MEM_RECLAIM, {handle, list, 16});
		EXPECT_EQ(1u, a.x[1]) << "neighbours are merged";
		const uint64_t desc = m.read_word(list);
		EXPECT_EQ(2u, rmi_addr_range_desc_count(v, desc));
		const uint64_t aux = rmi_addr_range_desc_addr(v, desc) * kPage;
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(aux));
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(aux + kPage));
		a = m.call(RMM_CMD_RMI_OP_CONTINUE, {handle, 0});
		EXPECT_EQ(0u, a.x[0]);
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(rec.pa()));
	});
}

TEST(RecDestroy, NeedsNoOperationWhenARecHasNoMemory)
{
	Settings settings;

	settings.changes = {[](rmm_config &config) { config.rec_aux_granules = 0; }};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			Rec rec(m, realm);
			EXPECT_EQ(0u, m.call(RMM_CMD_RMI_REC_DESTROY, {rec.pa()}).x[0]);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(rec.pa()));
			EXPECT_EQ(0u, realm.view().num_recs);
		},
		settings);
}

TEST(RecDestroy, WorksInEveryStateOfTheRealm)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec a(m, realm, 0);
		Rec b(m, realm, 1);
		Rec c(m, realm, 2);

		m.must(RMM_CMD_RMI_REC_DESTROY, {a.pa()});
		realm.activate();
		m.must(RMM_CMD_RMI_REC_DESTROY, {b.pa()});
		realm.terminate();
		m.must(RMM_CMD_RMI_REC_DESTROY, {c.pa()});
		m.must(RMM_CMD_RMI_REALM_DESTROY, {realm.rd()});
	});
}

TEST(RecDestroy, WorksWhileARequestIsPending)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec a(m, realm, 0);
		Rec b(m, realm, 1, false);

		realm.activate();
		a.calls({FID_PSCI_CPU_ON, 1, 0x1000, 0});
		m.must(RMM_CMD_RMI_REC_DESTROY, {a.pa()});
	});
}

TEST(RecDestroy, IsBlockedByAFullPoolBeforeItLooksAtAnythingWhereTheBehaviourSaysSo)
{
	for (bool first : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_SRO_RESERVED_FIRST, first}};
		settings.changes = {[](rmm_config &config) { config.sro_contexts = 1; }};
		in_every_version(
			[=](Machine &m) {
				Realm realm(m);
				Rec rec(m, realm);
				m.call(RMM_CMD_RMI_REC_DESTROY, {rec.pa()});
				EXPECT_EQ(first ? RMI_ANY_BLOCKED : RMI_REC_DESTROY_REC_ALIGN,
					  m.call(RMM_CMD_RMI_REC_DESTROY, {1}).condition);
			},
			settings);
	}
}

/* RMI_BUSY: the only context is being used by a command of another PE. */
TEST(RecDestroy, IsBusyWhileAnotherPeUsesTheOnlyContext)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_SRO_RESERVED_FIRST, true}};
	settings.changes = {[](rmm_config &config) { config.sro_contexts = 1; }};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			Rec a(m, realm, 0);
			Rec b(m, realm, 1);
			Answer second;

			m.on_lock = [&] { second = m.call(RMM_CMD_RMI_REC_DESTROY, {b.pa()}, 1); };
			m.must(RMM_CMD_RMI_REC_DESTROY, {a.pa()});
			EXPECT_EQ(RMI_ANY_BUSY, second.condition);
			EXPECT_EQ(RMI_BUSY, second.x[0]);
			EXPECT_EQ(RMM_GRANULE_REC, m.state_of(b.pa()));
		},
		settings);
}

} // namespace
} // namespace conformance
