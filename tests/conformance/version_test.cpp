/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_VERSION, RMI_FEATURES, and what any command may answer. */
#include "granule_rows.h"

namespace conformance
{
namespace
{

uint64_t revision_of(const Machine &m)
{
	return static_cast<uint64_t>(rmm_abi_versions[m.version()].rmi_major) << 16;
}

std::function<uint64_t(const Scene &)> revision()
{
	return [](const Scene &s) { return revision_of(s.m); };
}

void version_base(Scene &s)
{
	s.call(RMM_CMD_RMI_VERSION, {revision_of(s.m)});
}

Violation version_row(const char *when, rmm_condition condition, uint64_t req)
{
	return Violation(when, condition, [=](Scene &s) { s.x[1] = req; })
		.gives(1, revision())
		.gives(2, revision())
		.since_2_0();
}

Violation version_1_row(const char *when, rmm_condition condition, uint64_t req)
{
	return version_row(when, condition, req).since(kFirst).until_1_0();
}

const CommandTable &version_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_VERSION,
		version_base,
		{
			version_row("WhenItsMinorNumberIsOneTooHigh", RMI_VERSION_INCOMPAT_LOWER,
				    0x20001),
			version_row("WhenItsMinorNumberIsTheGreatest", RMI_VERSION_INCOMPAT_LOWER,
				    0x2ffff),
			version_row("WhenItsMajorNumberIsOneTooHigh", RMI_VERSION_INCOMPAT_LOWER,
				    0x30000),
			version_row("WhenItsMajorNumberIsTheGreatest", RMI_VERSION_INCOMPAT_LOWER,
				    0x7fff0000),
			version_row("WhenItIsTheReleasedOne", RMI_VERSION_INCOMPAT_HIGHER, 0x10000),
			version_row("WhenItIsOlderButItsMinorNumberIsHigh",
				    RMI_VERSION_INCOMPAT_HIGHER, 0x1ffff),
			version_row("WhenItIsZero", RMI_VERSION_INCOMPAT_HIGHER, 0),
			version_1_row("WhenItIsOfTheNextRelease", RMI_VERSION_INCOMPAT_LOWER,
				      0x10001),
			version_1_row("WhenItIsTheDraft", RMI_VERSION_INCOMPAT_LOWER, 0x20000),
			version_1_row("WhenItComesBeforeTheFirst", RMI_VERSION_INCOMPAT_HIGHER,
				      0xffff),
		},
	};

	return all;
}

CONFORMANCE_TESTS(RmiVersion, version_table());

TEST(RmiVersion, AnswersTheRequestedAndTheHighestRevision)
{
	in_every_version_since_1_0([](Machine &m) {
		const Answer a = m.call(RMM_CMD_RMI_VERSION, {revision_of(m)});

		EXPECT_EQ(0u, a.x[0]);
		EXPECT_EQ(revision_of(m), a.x[1]);
		EXPECT_EQ(revision_of(m), a.x[2]);
	});
}

TEST(RmiFeatures, AnswersZeroForRegistersThatDoNotExist)
{
	in_every_version_since_1_0([](Machine &m) {
		for (uint64_t index :
		     {UINT64_C(5), UINT64_C(0x100), UINT64_C(1) << 32, UINT64_MAX}) {
			const Answer a = m.call(RMM_CMD_RMI_FEATURES, {index});

			EXPECT_EQ(0u, a.x[0]);
			EXPECT_EQ(0u, a.x[1]);
		}
	});
}

TEST(RmiFeatures, DescribesTheMachine)
{
	in_every_version([](Machine &m) {
		const rmm_version v = m.version();
		const uint64_t r0 = m.call(RMM_CMD_RMI_FEATURES, {0}).x[1];
		const uint64_t r1 = m.call(RMM_CMD_RMI_FEATURES, {1}).x[1];

		EXPECT_EQ(48u, rmi_feature_register0_s2sz(v, r0));
		EXPECT_EQ(5u, rmi_feature_register0_num_bps(v, r0));
		EXPECT_EQ(3u, rmi_feature_register0_num_wps(v, r0));
		EXPECT_EQ(1u, rmi_feature_register1_rmi_gran_sz_4kb(v, r1));
		EXPECT_EQ(1u, rmi_feature_register1_hash_sha_256(v, r1));
		EXPECT_EQ(10u, rmi_feature_register1_max_recs_order(v, r1));
		EXPECT_EQ(4u, rmi_feature_register1_pps(v, r1)) << "44-bit physical addresses";
	});
}

TEST(RmiFeatures, HasOneRegisterIn1)
{
	Settings settings;

	settings.version = RMM_VERSION_1_0_REL0;
	Machine m(settings);
	const rmm_version v = m.version();
	const uint64_t r0 = m.must(RMM_CMD_RMI_FEATURES, {0}).x[1];

	EXPECT_EQ(48u, rmi_feature_register0_s2sz(v, r0));
	EXPECT_EQ(1u, rmi_feature_register0_lpa2(v, r0));
	EXPECT_EQ(0u, rmi_feature_register0_sve_en(v, r0));
	EXPECT_EQ(0u, rmi_feature_register0_pmu_en(v, r0));
	EXPECT_EQ(1u, rmi_feature_register0_hash_sha_256(v, r0));
	EXPECT_EQ(1u, rmi_feature_register0_hash_sha_512(v, r0));
	EXPECT_EQ(RMM_NUM_LRS - 1u, rmi_feature_register0_gicv3_num_lrs(v, r0));
	EXPECT_EQ(10u, rmi_feature_register0_max_recs_order(v, r0));
	for (uint64_t index = 1; index < 5; index++)
		EXPECT_EQ(0u, m.must(RMM_CMD_RMI_FEATURES, {index}).x[1]);
}

/* ---- any command ---------------------------------------------------------------- */

TEST(AnyCommand, WithoutAHandlerIsNotSupported)
{
	in_every_version([](Machine &m) {
		for (size_t i = 0; i < rmm_abi_num_commands; i++) {
			const rmm_abi_command &form = rmm_abi_commands[i];

			if (std::string(form.interface) != "RMI" || !form.fid || form.handler ||
			    !(form.versions >> m.version() & 1))
				continue;
			const Answer a = m.call(form.id, {1, 2, 3, 4});
			EXPECT_EQ(RMI_ANY_NOT_IMPLEMENTED, a.condition) << form.name;
			EXPECT_EQ(RMI_ERROR_NOT_SUPPORTED, a.x[0]) << form.name;
			EXPECT_EQ(0u, a.x[1]) << form.name;
		}
	});
}

TEST(AnyCommand, ThatDoesNotExistIsUnknown)
{
	in_every_version_since_1_0([](Machine &m) {
		for (uint64_t fid : {UINT64_C(0), UINT64_C(0xc400014f), UINT64_C(0x84000158),
				     UINT64_C(0xc4000199), UINT64_MAX}) {
			std::array<uint64_t, SMC_NUM_REGS> x{};

			x[0] = fid;
			x[5] = 5;
			const Answer a = m.call_raw(x);
			EXPECT_EQ(UINT64_MAX, a.x[0]) << std::hex << fid;
			EXPECT_EQ(5u, a.x[5]);
			EXPECT_EQ(RMM_CONDITION_NONE, a.condition);
		}
	});
}

TEST(AnyCommand, IsFoundWithTheSveHint)
{
	in_every_version_since_1_0([](Machine &m) {
		std::array<uint64_t, SMC_NUM_REGS> x{};

		x[0] = m.fid(RMM_CMD_RMI_VERSION) | 0x10000;
		x[1] = revision_of(m);
		EXPECT_EQ(0u, m.call_raw(x).x[0]);
	});
}

TEST(AnyCommand, KeepsTheRegistersThatItDoesNotDefine)
{
	in_every_version([](Machine &m) {
		std::array<uint64_t, SMC_NUM_REGS> x{};

		for (size_t i = 0; i < x.size(); i++)
			x[i] = 0x100 + i;
		x[0] = m.fid(RMM_CMD_RMI_FEATURES);
		x[1] = 5;
		const Answer a = m.call_raw(x);
		EXPECT_EQ(0u, a.x[2]);
		EXPECT_EQ(0u, a.x[3]);
		for (size_t i = 4; i < x.size(); i++)
			EXPECT_EQ(x[i], a.x[i]);
	});
}

TEST(AnyCommand, ClearsTheRegistersThatItDoesNotDefineIn1)
{
	Settings settings;
	std::array<uint64_t, SMC_NUM_REGS> x{};

	settings.version = RMM_VERSION_1_0_REL0;
	Machine m(settings);
	for (size_t i = 0; i < x.size(); i++)
		x[i] = 0x100 + i;
	x[0] = m.fid(RMM_CMD_RMI_FEATURES);
	const Answer a = m.call_raw(x);
	for (size_t i = 2; i <= 16; i++)
		EXPECT_EQ(0u, a.x[i]) << i;
}

TEST(AnyCommand, IsUnknownOnAPeThatDoesNotExist)
{
	Machine m;
	smc_regs regs{};

	regs.x[0] = m.fid(RMM_CMD_RMI_VERSION);
	rmm_smc(m.sys(), 2, &regs);
	EXPECT_EQ(UINT64_MAX, regs.x[0]);
}

/* RMI_VERSION and the like are always answered; the state gate is TF-RMM's. */
TEST(AnyCommand, NeedsAnActiveRmmWhereAGateStandsBeforeIt)
{
	for (bool gate : {false, true}) {
		Settings settings;
		settings.activate = false;
		settings.behaviours = {{RMM_BEHAVIOUR_RMM_STATE_GATE, gate}};
		in_every_version(
			[=](Machine &m) {
				EXPECT_EQ(gate ? RMI_ANY_RMM_STATE : RMI_REALM_ACTIVATE_RD_ALIGN,
					  m.call(RMM_CMD_RMI_REALM_ACTIVATE, {1}).condition);
				EXPECT_EQ(0u, m.call(RMM_CMD_RMI_VERSION, {revision_of(m)}).x[0]);
				EXPECT_EQ(0u, m.call(RMM_CMD_RMI_FEATURES, {0}).x[0]);
			},
			settings);
	}
}

TEST(AnyCommand, ThatIsNotImplementedIsUnknownWhereTheBehaviourSaysSo)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_UNIMPLEMENTED_IS_UNKNOWN, true}};
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(UINT64_MAX, m.call(RMM_CMD_RMI_PDEV_CREATE, {1, 2}).x[0]);
		},
		settings);
}

} // namespace
} // namespace conformance
