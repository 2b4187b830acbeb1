/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REALM_ACTIVATE, RMI_REALM_TERMINATE, RMI_REALM_DESTROY. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

void activate_base(Scene &s)
{
	s.add_realm();
	s.call(RMM_CMD_RMI_REALM_ACTIVATE, {s.realm->rd()});
}

const CommandTable &activate_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_REALM_ACTIVATE,
		activate_base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_REALM_ACTIVATE_RD_ALIGN,
				       RMI_REALM_ACTIVATE_RD_BOUND, RMI_REALM_ACTIVATE_RD_STATE),
			realm_not_new(RMI_REALM_ACTIVATE_REALM_STATE),
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RealmActivate, activate_table());

TEST(RealmActivate, NeedsNoRec)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.activate();
		EXPECT_EQ(RMM_REALM_ACTIVE, realm.view().state);
	});
}

/* ---- terminate --------------------------------------------------------------------- */

void terminate_base(Scene &s)
{
	s.add_realm();
	s.add_rec();
	s.realm->activate();
	s.call(RMM_CMD_RMI_REALM_TERMINATE, {s.realm->rd()});
}

const CommandTable &terminate_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_REALM_TERMINATE,
		terminate_base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_REALM_TERMINATE_RD_ALIGN,
				       RMI_REALM_TERMINATE_RD_TRACKING,
				       RMI_REALM_TERMINATE_RD_STATE),
			{{"WhenOneRuns", RMI_REALM_TERMINATE_REC_RUNNING,
			  [](Scene &s) { s.while_running(*s.rec); }}},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RealmTerminate, terminate_table());

TEST(RealmTerminate, WorksInEveryState)
{
	in_every_version([](Machine &m) {
		Realm fresh(m);
		Realm active(m);
		Realm off(m);
		Rec rec(m, off);

		active.activate();
		off.activate();
		rec.calls({FID_PSCI_SYSTEM_OFF});
		EXPECT_EQ(RMM_REALM_SYSTEM_OFF, off.view().state);
		for (Realm *realm : {&fresh, &active, &off, &off}) {
			realm->terminate();
			EXPECT_EQ(RMM_REALM_ZOMBIE, realm->view().state);
		}
	});
}

/* ---- destroy ------------------------------------------------------------------------ */

void destroy_base(Scene &s)
{
	s.add_realm();
	s.last_touches.push_back([](Scene &t) { t.realm->terminate(); });
	s.call(RMM_CMD_RMI_REALM_DESTROY, {s.realm->rd()});
}

const CommandTable &destroy_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_REALM_DESTROY,
		destroy_base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_REALM_DESTROY_RD_ALIGN,
				       RMI_REALM_DESTROY_RD_TRACKING, RMI_REALM_DESTROY_RD_STATE),
			places_in_1_0(1, RMI_REALM_DESTROY_RD_BOUND),
			{
				{"WhenItHasARec", RMI_REALM_DESTROY_REALM_LIVE,
				 [](Scene &s) { s.add_rec(); }},
				{"WhenItHasATable", RMI_REALM_DESTROY_REALM_LIVE,
				 [](Scene &s) { s.realm->tables_to(0, 2); }},
				{"WhenItHasATableInTheUnprotectedHalf",
				 RMI_REALM_DESTROY_REALM_LIVE,
				 [](Scene &s) { s.realm->tables_to(kIpaEnd - k1G, 2); }},
				{"WhenItIsNew", RMI_REALM_DESTROY_REALM_STATE,
				 [](Scene &s) { s.last_touches.clear(); }},
				{"WhenItIsActive", RMI_REALM_DESTROY_REALM_STATE,
				 [](Scene &s) {
					 s.last_touches = {
						 [](Scene &other) { other.realm->activate(); }};
				 }},
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RealmDestroy, destroy_table());

TEST(RealmDestroy, ReturnsAllGranules)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const uint64_t delegated = rmm_num_delegated(m.sys());

		realm.terminate();
		m.must(RMM_CMD_RMI_REALM_DESTROY, {realm.rd()});
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(realm.rd()));
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(realm.params().rtt_base));
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(realm.params().rtt_base + kPage));
		EXPECT_EQ(delegated, rmm_num_delegated(m.sys()));
	});
}

TEST(RealmDestroy, TakesARealmThatIsSwitchedOff)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		rec.calls({FID_PSCI_SYSTEM_OFF});
		m.must(RMM_CMD_RMI_REC_DESTROY, {rec.pa()});
		realm.terminate();
		m.must(RMM_CMD_RMI_REALM_DESTROY, {realm.rd()});
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(realm.rd()));
	});
}

/* Non-secure mappings make no table live, also not at the starting level. */
TEST(RealmDestroy, DoesNotMindNonSecureBlocksInTheStartingTables)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.map_unprotected(kUnprotected, k1G, 1);
		realm.terminate();
		m.must(RMM_CMD_RMI_REALM_DESTROY, {realm.rd()});
	});
}

TEST(RealmDestroy, FreesTheVmid)
{
	in_every_version([](Machine &m) {
		Realm first(m);
		const uint16_t vmid = first.view().vmid;
		first.terminate();
		m.must(RMM_CMD_RMI_REALM_DESTROY, {first.rd()});
		EXPECT_EQ(vmid, Realm(m).view().vmid) << "the lowest free one is taken";
	});
}

} // namespace
} // namespace conformance
