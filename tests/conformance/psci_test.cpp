/* SPDX-License-Identifier: BSD-3-Clause */
/* The PSCI and SMCCC calls of a realm. */
#include "granule_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kEntry = 0x4000;
const uint64_t kNotSupported = static_cast<uint64_t>(-1);
const uint64_t kAlreadyOn = static_cast<uint64_t>(-4);

void two_recs(Scene &s)
{
	s.add_realm();
	s.add_rec();
	s.other_rec(*s.realm, 1, false);
	s.last_touches.push_back([](Scene &at) { at.realm->activate(); });
	s.by_guest = true;
}

void cpu_on_base(Scene &s)
{
	two_recs(s);
	s.call(RMM_CMD_PSCI_CPU_ON, {1, kEntry, 0});
}

Violation value_row(const char *when, rmm_condition condition, size_t reg, uint64_t value)
{
	return {when, condition, [=](Scene &s) { s.x[reg] = value; }};
}

const CommandTable &cpu_on_table()
{
	static const CommandTable all = {
		RMM_CMD_PSCI_CPU_ON,
		cpu_on_base,
		{
			value_row("WhenItIsUnprotected", PSCI_CPU_ON_ENTRY, 2, kUnprotected),
			value_row("WhenItIsOutsideTheIpaSpace", PSCI_CPU_ON_ENTRY, 2, kIpaEnd),
			value_row("WhenItIsTheGreatestNumber", PSCI_CPU_ON_ENTRY, 2, UINT64_MAX),
			value_row("WhenNoSuchProcessorExists", PSCI_CPU_ON_MPIDR, 1, 2),
			value_row("WhenOnlyAff1Differs", PSCI_CPU_ON_MPIDR, 1, 0x101),
			value_row("WhenOnlyAff3Differs", PSCI_CPU_ON_MPIDR, 1,
				  (UINT64_C(1) << 32) + 1),
			value_row("WhenItIsTheCaller", PSCI_CPU_ON_RUNNABLE, 1, 0),
		},
	};

	return all;
}

CONFORMANCE_TESTS(PsciCpuOn, cpu_on_table());

TEST(PsciCpuOn, AsksTheHost)
{
	for (bool hides : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_PSCI_EXIT_HIDES_ARGUMENTS, hides}};
		in_every_version_since_1_0(
			[=](Machine &m) {
				Realm realm(m);
				Rec caller(m, realm, 0);
				Rec target(m, realm, 1, false);
				realm.activate();
				const Exit exit = caller.calls({FID_PSCI_CPU_ON, 1, kEntry, 0x66});

				EXPECT_EQ(RMI_EXIT_PSCI, exit.exit.exit_reason);
				EXPECT_EQ(FID_PSCI_CPU_ON, exit.exit.gprs[0]);
				EXPECT_EQ(1u, exit.exit.gprs[1]);
				EXPECT_EQ(hides ? 0u : kEntry, exit.exit.gprs[2]);
				EXPECT_EQ(hides ? 0u : 0x66u, exit.exit.gprs[3]);
				EXPECT_EQ(m.is_rmi_1() ? RMI_REC_ENTER_REC_PSCI
						       : RMI_REC_ENTER_REC_PENDING,
					  caller.enter().answer.condition);
			},
			settings);
	}
}

/* ---- affinity info ------------------------------------------------------------------- */

void affinity_base(Scene &s)
{
	two_recs(s);
	s.call(RMM_CMD_PSCI_AFFINITY_INFO, {1, 0});
}

const CommandTable &affinity_table()
{
	static const CommandTable all = {
		RMM_CMD_PSCI_AFFINITY_INFO,
		affinity_base,
		{
			value_row("WhenItIsOne", PSCI_AFFINITY_INFO_TARGET_BOUND, 2, 1),
			value_row("WhenItIsThree", PSCI_AFFINITY_INFO_TARGET_BOUND, 2, 3),
			value_row("WhenNoSuchProcessorExists", PSCI_AFFINITY_INFO_TARGET_MATCH, 1,
				  2),
			value_row("WhenOnlyAff2Differs", PSCI_AFFINITY_INFO_TARGET_MATCH, 1,
				  0x10001),
		},
	};

	return all;
}

CONFORMANCE_TESTS(PsciAffinityInfo, affinity_table());

TEST(PsciAffinityInfo, IsAnsweredInsideTheRmmWhereTheBehaviourSaysSo)
{
	for (bool inside : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_AFFINITY_INFO_ANSWERED_BY_RMM, inside}};
		in_every_version_since_1_0(
			[=](Machine &m) {
				Realm realm(m);
				Rec caller(m, realm, 0);
				Rec off(m, realm, 1, false);
				Rec on(m, realm, 2, true);
				realm.activate();
				const Exit exit = caller.calls({FID_PSCI_AFFINITY_INFO, 1, 0});

				if (!inside) {
					EXPECT_EQ(RMI_EXIT_PSCI, exit.exit.exit_reason);
					EXPECT_EQ(FID_PSCI_AFFINITY_INFO, exit.exit.gprs[0]);
					return;
				}
				EXPECT_EQ(1u, caller.x(0)) << "off";
				caller.calls({FID_PSCI_AFFINITY_INFO, 2, 0});
				EXPECT_EQ(0u, caller.x(0)) << "on";
			},
			settings);
	}
}

TEST(PsciAffinityInfo, OfTheCallerIsOn)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm, 0);

		realm.activate();
		rec.calls({FID_PSCI_AFFINITY_INFO, 0, 0});
		EXPECT_EQ(0u, rec.x(0));
	});
}

/* ---- the others ------------------------------------------------------------------------ */

TEST(PsciCpuOff, MakesTheRecNotRunnable)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		const Exit exit = rec.calls({FID_PSCI_CPU_OFF, 7, 7, 7});
		EXPECT_EQ(RMI_EXIT_PSCI, exit.exit.exit_reason);
		EXPECT_EQ(FID_PSCI_CPU_OFF, exit.exit.gprs[0]);
		EXPECT_EQ(0u, exit.exit.gprs[1]);
		EXPECT_FALSE(rec.view().runnable);
		EXPECT_EQ(RMI_REC_ENTER_REC_RUNNABLE, rec.enter().answer.condition);
	});
}

TEST(PsciCpuSuspend, LeavesAndComesBack)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		const Exit exit = rec.calls({FID_PSCI_CPU_SUSPEND, 0, 0, 0});
		EXPECT_EQ(RMI_EXIT_PSCI, exit.exit.exit_reason);
		rec.run();
		EXPECT_EQ(0u, rec.x(0));
	});
}

TEST(PsciSystemOff, AndResetEndTheRealm)
{
	for (uint64_t fid : {FID_PSCI_SYSTEM_OFF, FID_PSCI_SYSTEM_RESET})
		in_every_version_since_1_0([=](Machine &m) {
			Realm realm(m);
			Rec rec(m, realm);

			realm.activate();
			const Exit exit = rec.calls({fid});
			EXPECT_EQ(RMI_EXIT_PSCI, exit.exit.exit_reason);
			EXPECT_EQ(fid, exit.exit.gprs[0]);
			EXPECT_EQ(RMM_REALM_SYSTEM_OFF, realm.view().state);
			EXPECT_EQ(m.is_rmi_1() ? RMI_REC_ENTER_SYSTEM_OFF
					       : RMI_REC_ENTER_REALM_STATE,
				  rec.enter().answer.condition);
		});
}

TEST(PsciVersion, Is1Point1)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		rec.calls({FID_PSCI_VERSION});
		EXPECT_EQ(0x10001u, rec.x(0));
	});
}

TEST(PsciFeatures, KnowsTheFunctionsThereAre)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		for (uint64_t fid :
		     {FID_PSCI_CPU_ON, FID_PSCI_CPU_OFF, FID_PSCI_SYSTEM_OFF, FID_PSCI_FEATURES}) {
			rec.calls({FID_PSCI_FEATURES, fid});
			EXPECT_EQ(0u, rec.x(0)) << std::hex << fid;
		}
		for (uint64_t fid :
		     {UINT64_C(0x84000005), UINT64_C(0xc4000158), FID_RSI_VERSION + 0ul}) {
			rec.calls({FID_PSCI_FEATURES, fid});
			EXPECT_EQ(kNotSupported, rec.x(0)) << std::hex << fid;
		}
	});
}

TEST(PsciCpuOn, OfWhatIsOnIsAnsweredByCompletion)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec caller(m, realm, 0);
		Rec target(m, realm, 1, true);

		realm.activate();
		caller.calls({FID_PSCI_CPU_ON, 1, kEntry, 0});
		if (m.version() <= RMM_VERSION_2_0_BET1)
			m.must(RMM_CMD_RMI_PSCI_COMPLETE, {caller.pa(), target.pa(), 0});
		else
			m.must(RMM_CMD_RMI_PSCI_COMPLETE, {caller.pa(), 0});
		EXPECT_EQ(kAlreadyOn, caller.x(0));
	});
}

TEST(SmcccVersion, Is1Point2OrLater)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		rec.calls({FID_SMCCC_VERSION});
		EXPECT_LE(0x10002u, rec.x(0));
		EXPECT_EQ(0u, rec.x(0) >> 31) << "a version is not negative";
	});
}

TEST(SmcccArchFeatures, KnowsItself)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		rec.calls({FID_SMCCC_ARCH_FEATURES, FID_SMCCC_VERSION});
		EXPECT_EQ(0u, rec.x(0));
		rec.calls({FID_SMCCC_ARCH_FEATURES, 0x80008000});
		EXPECT_EQ(kNotSupported, rec.x(0));
	});
}

} // namespace
} // namespace conformance
