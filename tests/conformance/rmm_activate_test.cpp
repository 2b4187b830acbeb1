/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RMM_ACTIVATE, RMI_RMM_DEACTIVATE, RMI_RMM_STATE_GET. */
#include "granule_rows.h"

namespace conformance
{
namespace
{

Settings at_reset()
{
	Settings settings;

	settings.activate = false;
	return settings;
}

void activate_base(Scene &s)
{
	s.call(RMM_CMD_RMI_RMM_ACTIVATE, {});
}

const CommandTable &activate_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RMM_ACTIVATE,
		activate_base,
		{{"WhenItIsActive", RMI_RMM_ACTIVATE_STATE,
		  [](Scene &s) { s.m.must(RMM_CMD_RMI_RMM_ACTIVATE, {}); }}},
		kFirst,
		kLast,
		at_reset(),
	};

	return all;
}

CONFORMANCE_TESTS(RmmActivate, activate_table());

TEST(RmmActivate, NeedsNoConfiguration)
{
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(RMM_STATE_INIT, rmm_system_state(m.sys()));
			m.must(RMM_CMD_RMI_RMM_ACTIVATE, {});
			EXPECT_EQ(RMM_STATE_ACTIVE, rmm_system_state(m.sys()));
		},
		at_reset());
}

/* ---- deactivate ---------------------------------------------------------------------- */

void deactivate_base(Scene &s)
{
	s.call(RMM_CMD_RMI_RMM_DEACTIVATE, {});
}

/* The call comes while another PE is in the middle of a command. */
void while_another_works(Scene &s)
{
	s.perform = [](Scene &t) {
		Answer answer;

		t.m.on_lock = [&] { answer = t.m.call(RMM_CMD_RMI_RMM_DEACTIVATE, {}, 1); };
		t.m.call(RMM_CMD_RMI_REALM_ACTIVATE, {kDramBase});
		return answer;
	};
}

void begin_operation(Scene &s)
{
	const Realm &realm = s.other_realm();
	const RecPlan plan = Rec::plan(s.m);

	s.m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr});
}

const CommandTable &deactivate_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RMM_DEACTIVATE,
		deactivate_base,
		{
			{"WhenAnotherPeIsInTheMiddleOfOne", RMI_RMM_DEACTIVATE_OTHER_COMMAND,
			 while_another_works},
			Violation("WhenItIsNotActive", RMI_RMM_DEACTIVATE_RMM_STATE, [](Scene &) {})
				.not_activated()
				.does_not_combine(),
			{"WhenOneIsOpen", RMI_RMM_DEACTIVATE_OPERATION, begin_operation},
			{"WhenOneIsDelegated", RMI_RMM_DEACTIVATE_GRAN_STATE,
			 [](Scene &s) { s.m.granules(); }},
			{"WhenThereIsARealm", RMI_RMM_DEACTIVATE_GRAN_STATE,
			 [](Scene &s) { s.other_realm(); }},
		},
		RMM_VERSION_2_0_BET3,
		RMM_VERSION_2_0_BET3,
	};

	return all;
}

CONFORMANCE_TESTS(RmmDeactivate, deactivate_table());

TEST(RmmDeactivate, ReturnsToReset)
{
	in_every_version(
		[](Machine &m) {
			m.must(RMM_CMD_RMI_RMM_DEACTIVATE, {});
			EXPECT_EQ(RMM_STATE_INIT, rmm_system_state(m.sys()));
			m.must(RMM_CMD_RMI_RMM_CONFIG_SET, {m.host_pages()});
			m.must(RMM_CMD_RMI_RMM_ACTIVATE, {});
			Realm realm(m);
		},
		{}, RMM_VERSION_2_0_BET3);
}

TEST(RmmStateGet, FollowsTheLifeOfTheRmm)
{
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(RMI_RMM_STATE_INIT, m.must(RMM_CMD_RMI_RMM_STATE_GET, {}).x[1]);
			m.must(RMM_CMD_RMI_RMM_ACTIVATE, {});
			EXPECT_EQ(RMI_RMM_STATE_ACTIVE, m.must(RMM_CMD_RMI_RMM_STATE_GET, {}).x[1]);
		},
		at_reset(), RMM_VERSION_2_0_BET1);
}

} // namespace
} // namespace conformance
