/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_PSCI_COMPLETE, in both of its forms. */
#include "granule_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kEntry = 0x4000;
constexpr uint64_t kContext = 0x55;
const uint64_t kDenied = static_cast<uint64_t>(-3);
const uint64_t kAlreadyOn = static_cast<uint64_t>(-4);

/* The target is named until 2.0-bet1. */
bool names_target(rmm_version v)
{
	return v <= RMM_VERSION_2_0_BET1;
}

void base(Scene &s)
{
	s.add_realm();
	s.add_rec();
	const Rec &target = s.other_rec(*s.realm, 1, false);

	s.last_touches.push_back([](Scene &t) {
		t.realm->activate();
		t.rec->calls({FID_PSCI_CPU_ON, 1, kEntry, kContext});
	});
	if (names_target(s.version()))
		s.call(RMM_CMD_RMI_PSCI_COMPLETE, {s.rec->pa(), target.pa(), 0});
	else
		s.call(RMM_CMD_RMI_PSCI_COMPLETE, {s.rec->pa(), 0});
}

uint64_t &status(Scene &s)
{
	return s.x[names_target(s.version()) ? 3 : 2];
}

std::vector<Violation> named_target_only(std::vector<Violation> all)
{
	for (Violation &row : all)
		row.until(RMM_VERSION_2_0_BET1);
	return all;
}

Violation status_row(const char *when, uint64_t value)
{
	return {when, RMI_PSCI_COMPLETE_STATUS, [=](Scene &s) { status(s) = value; }};
}

/* The target is on when the host denies. */
void deny_what_is_on(Scene &s)
{
	const Rec &on = s.other_rec(*s.realm, 2, true);

	s.last_touches = {[](Scene &t) {
		t.realm->activate();
		t.rec->calls({FID_PSCI_CPU_ON, 2, kEntry, kContext});
	}};
	if (names_target(s.version()))
		s.x[2] = on.pa();
	status(s) = kDenied;
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_PSCI_COMPLETE,
		base,
		rows({
			object_granule(1, RMM_GRANULE_REC, RMI_PSCI_COMPLETE_CALLING_ALIGN,
				       RMI_PSCI_COMPLETE_CALLING_BOUND,
				       RMI_PSCI_COMPLETE_CALLING_STATE),
			named_target_only(rows({
				object_granule(2, RMM_GRANULE_REC, RMI_PSCI_COMPLETE_TARGET_ALIGN,
					       RMI_PSCI_COMPLETE_TARGET_BOUND,
					       RMI_PSCI_COMPLETE_TARGET_STATE),
				{
					{"WhenTheyAreTheSame", RMI_PSCI_COMPLETE_ALIAS,
					 [](Scene &s) { s.x[2] = s.x[1]; }},
					{"WhenTheTargetIsAnotherRealms", RMI_PSCI_COMPLETE_OWNER,
					 [](Scene &s) {
						 s.x[2] = s.other_rec(s.other_realm()).pa();
					 }},
					{"WhenItIsNotTheOneThatWasNamed", RMI_PSCI_COMPLETE_TARGET,
					 [](Scene &s) {
						 s.x[2] = s.other_rec(*s.realm, 2, false).pa();
					 }},
				},
			})),
			{
				Violation("WhenTheCallerRuns", RMI_PSCI_COMPLETE_CALLING_RUNNING_TF,
					  [](Scene &s) {
						  s.last_touches = {
							  [](Scene &t) { t.realm->activate(); }};
						  s.while_running(*s.rec);
					  })
					.with(RMM_BEHAVIOUR_PSCI_COMPLETE_RUNNING_REFUSED),
				{"WhenTheCallerAsksForNothing", RMI_PSCI_COMPLETE_PENDING,
				 [](Scene &s) {
					 s.last_touches = {[](Scene &t) { t.realm->activate(); }};
				 }},
				{"WhenTheCallerMadeAnotherCall", RMI_PSCI_COMPLETE_PENDING,
				 [](Scene &s) {
					 s.last_touches = {[](Scene &t) {
						 t.realm->activate();
						 t.rec->calls({FID_PSCI_CPU_SUSPEND, 0, 0, 0});
					 }};
				 }},
				status_row("WhenItIsAlreadyOn", kAlreadyOn),
				status_row("WhenItIsAPositiveNumber", 1),
				status_row("WhenItIsInvalidParameters", static_cast<uint64_t>(-2)),
				status_row("WhenItIsDeniedIn32Bits", 0xfffffffd),
				Violation("WhenWhatIsOnIsDenied", RMI_PSCI_COMPLETE_STATUS,
					  deny_what_is_on)
					.with(RMM_BEHAVIOUR_PSCI_COMPLETE_DENIED_QUIRK, false)
					.does_not_combine(),
				Violation("WhenWhatIsOnIsDeniedAndTheRequestEnds",
					  RMI_PSCI_COMPLETE_STATUS, deny_what_is_on)
					.with(RMM_BEHAVIOUR_PSCI_COMPLETE_DENIED_QUIRK)
					.changes_state()
					.does_not_combine(),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(PsciComplete, table());

/* ---- effects ------------------------------------------------------------------ */

class PsciRequest
{
public:
	PsciRequest(Machine &m, bool target_runnable)
		: m_(m), realm(m), caller(m, realm, 0), target(m, realm, 1, target_runnable)
	{
		realm.activate();
	}

	Answer complete(uint64_t status_code)
	{
		return names_target(m_.version())
			       ? m_.call(RMM_CMD_RMI_PSCI_COMPLETE,
					 {caller.pa(), target.pa(), status_code})
			       : m_.call(RMM_CMD_RMI_PSCI_COMPLETE, {caller.pa(), status_code});
	}

	void expect_answer(uint64_t x0) const
	{
		EXPECT_EQ(x0, caller.x(0));
		for (unsigned i = 1; i <= 3; i++)
			EXPECT_EQ(0u, caller.x(i));
	}

private:
	Machine &m_;

public:
	Realm realm;
	Rec caller;
	Rec target;
};

TEST(PsciComplete, SwitchesTheTargetOn)
{
	in_every_version_since_1_0([](Machine &m) {
		PsciRequest r(m, false);
		r.caller.calls({FID_PSCI_CPU_ON, 1, kEntry, kContext});
		EXPECT_EQ(0u, r.complete(0).x[0]);
		const rmm_rec_view on = r.target.view();

		r.expect_answer(0);
		EXPECT_TRUE(on.runnable);
		EXPECT_EQ(kEntry, on.vcpu.pc);
		EXPECT_EQ(kContext, on.vcpu.x[0]);
		EXPECT_EQ(0x3c5u, on.vcpu.pstate);
		r.caller.run();
		r.target.run();
	});
}

TEST(PsciComplete, TellsThatTheTargetIsOnAlready)
{
	in_every_version_since_1_0([](Machine &m) {
		PsciRequest r(m, true);
		r.caller.calls({FID_PSCI_CPU_ON, 1, kEntry, kContext});
		EXPECT_EQ(0u, r.complete(0).x[0]);
		r.expect_answer(kAlreadyOn);
		EXPECT_NE(kEntry, r.target.view().vcpu.pc);
	});
}

TEST(PsciComplete, PassesADenialOn)
{
	in_every_version_since_1_0([](Machine &m) {
		PsciRequest r(m, false);
		r.caller.calls({FID_PSCI_CPU_ON, 1, kEntry, kContext});
		EXPECT_EQ(0u, r.complete(kDenied).x[0]);
		r.expect_answer(kDenied);
		EXPECT_FALSE(r.target.view().runnable);
	});
}

TEST(PsciComplete, OfADenialOfWhatIsOnEndsTheRequestWhereTheBehaviourSaysSo)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_PSCI_COMPLETE_DENIED_QUIRK, true}};
	in_every_version_since_1_0(
		[](Machine &m) {
			PsciRequest r(m, true);
			r.caller.calls({FID_PSCI_CPU_ON, 1, kEntry, kContext});
			EXPECT_EQ(RMI_PSCI_COMPLETE_STATUS, r.complete(kDenied).condition);
			r.expect_answer(kAlreadyOn);
			r.caller.run();
		},
		settings);
}

TEST(PsciComplete, ClearsTheRegistersOfTheTargetUnlessTheBehaviourKeepsThem)
{
	for (bool keeps : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_CPU_ON_KEEPS_TARGET_GPRS, keeps}};
		in_every_version_since_1_0(
			[=](Machine &m) {
				PsciRequest r(m, true);
				rmm_script_step set = step(RMM_SCRIPT_SET_REG);
				set.reg = 20;
				set.value = 0x1234;
				r.target.runs({set, smc({FID_PSCI_CPU_OFF})});
				r.target.run();
				r.caller.calls({FID_PSCI_CPU_ON, 1, kEntry, kContext});
				r.complete(0);
				EXPECT_EQ(keeps ? 0x1234u : 0u, r.target.x(20));
			},
			settings);
	}
}

/* AFFINITY_INFO reaches the host until 2.0-bet1. */
TEST(PsciComplete, OfAffinityInfoTellsWhetherTheTargetIsOn)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_AFFINITY_INFO_ANSWERED_BY_RMM, false}};
	for (bool on : {false, true})
		in_every_version(
			[=](Machine &m) {
				PsciRequest r(m, on);
				r.caller.calls({FID_PSCI_AFFINITY_INFO, 1, 0});
				EXPECT_EQ(0u, r.complete(0).x[0]);
				r.expect_answer(on ? 0 : 1);
			},
			settings, kFirst, RMM_VERSION_2_0_BET1);
}

TEST(PsciComplete, CountsARunningTargetAsOn)
{
	in_every_version_since_1_0([](Machine &m) {
		PsciRequest r(m, true);
		Answer answer;

		r.caller.calls({FID_PSCI_CPU_ON, 1, kEntry, kContext});
		r.target.runs({step(RMM_SCRIPT_WAIT)});
		m.on_guest_slice = [&] {
			answer = names_target(m.version())
					 ? m.call(RMM_CMD_RMI_PSCI_COMPLETE,
						  {r.caller.pa(), r.target.pa(), 0}, 1)
					 : m.call(RMM_CMD_RMI_PSCI_COMPLETE, {r.caller.pa(), 0}, 1);
		};
		r.target.run();
		EXPECT_EQ(0u, answer.x[0]);
		r.expect_answer(kAlreadyOn);
	});
}

} // namespace
} // namespace conformance
