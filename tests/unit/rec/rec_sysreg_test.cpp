// SPDX-License-Identifier: BSD-3-Clause
// System registers: the realm's own, emulated, undefined, and those that the host sees.
#include "stage.h"

using namespace rec_tests;

namespace
{

constexpr const char *kUnknown = "S3_0_C15_C2_0";

uint64_t read_in_realm(Stage &s, const char *name)
{
	s.expect_idle(s.run({set(3, 0xbad), mrs(name, 3), wait_step()}));
	EXPECT_EQ(0u, s.rec().script_status().aborts) << name;
	return s.rec().x(3);
}

void expect_undefined(Stage &s, const rmm_script_step &access)
{
	s.expect_idle(s.run({access, wait_step()}));
	EXPECT_EQ(1u, s.rec().script_status().aborts);
	EXPECT_EQ(kUndefined, s.rec().script_status().last_esr);
}

} // namespace

TEST(Sysreg, NamesAndNumbers)
{
	uint32_t reg = 0;

	EXPECT_TRUE(rmm_sysreg_find("S3_0_C12_C11_5", &reg));
	EXPECT_EQ(sysreg("ICC_SGI1R_EL1"), reg);
	EXPECT_FALSE(rmm_sysreg_find("S3_0_C12_C11_9", &reg));
	EXPECT_FALSE(rmm_sysreg_find("S3_0_C16_C11_1", &reg));
	EXPECT_FALSE(rmm_sysreg_find("S3_0_C12_C11_5x", &reg));
	EXPECT_FALSE(rmm_sysreg_find("TTBR9_EL1", &reg));
	for (unsigned i = 0; rmm_sysreg_name(i); i++)
		EXPECT_TRUE(rmm_sysreg_find(rmm_sysreg_name(i), &reg)) << rmm_sysreg_name(i);
}

TEST(Sysreg, IdRegistersAreEmulatedInside)
{
	Stage s;

	const uint64_t pfr0 = read_in_realm(s, "ID_AA64PFR0_EL1");
	EXPECT_EQ(1u, pfr0 & 0xf);
	EXPECT_EQ(0u, pfr0 >> 32 & 0xf) << "SVE";
	EXPECT_EQ(0u, pfr0 >> 40 & 0xff) << "MPAM, AMU";
	EXPECT_EQ(0u, read_in_realm(s, "ID_AA64PFR1_EL1") >> 16 & 0xfff) << "MPAM_frac, SME";
	EXPECT_EQ(0u, read_in_realm(s, "ID_AA64DFR0_EL1") >> 52) << "BRBE";
	EXPECT_EQ(0u, read_in_realm(s, "ID_AA64DFR0_EL1") >> 8 & 0xf) << "PMUVer";
	for (const char *zero : {"ID_AA64SMFR0_EL1", "ID_AA64ZFR0_EL1", "ID_AA64ISAR3_EL1",
				 "ID_AA64MMFR3_EL1", "S3_0_C0_C7_7"})
		EXPECT_EQ(0u, read_in_realm(s, zero)) << zero;
	expect_undefined(s, msr("ID_AA64PFR0_EL1", 1));
}

TEST(Sysreg, WhatIsNotForRealmsIsUndefined)
{
	for (const char *name : {"BRBCR_EL1", "MPAM0_EL1", "MPAM1_EL1", "MPAMIDR_EL1", "S2POR_EL1",
				 "ICC_SGI1R_EL1", "ICC_SGI0R_EL1", "ICC_ASGI1R_EL1"}) {
		Stage s;

		expect_undefined(s, mrs(name, 3));
	}
	Stage s;
	expect_undefined(s, msr("MPIDR_EL1", 1));
	expect_undefined(s, msr("CNTVCT_EL0", 1));
	expect_undefined(s, msr("ICC_IAR1_EL1", 1));
	expect_undefined(s, mrs("ICC_EOIR1_EL1", 1));
}

TEST(Sysreg, UnknownOnesAreUndefinedOrZero)
{
	{
		Stage s(with(RMM_BEHAVIOUR_UNKNOWN_SYSREG_UNDEFINED, true));

		expect_undefined(s, mrs(kUnknown, 3));
		expect_undefined(s, msr(kUnknown, 3));
	}
	Stage s(with(RMM_BEHAVIOUR_UNKNOWN_SYSREG_UNDEFINED, false));
	EXPECT_EQ(0u, read_in_realm(s, kUnknown));
	s.expect_idle(s.run({msr(kUnknown, 3), wait_step()}));
	EXPECT_EQ(0u, s.rec().script_status().aborts);
}

TEST(Sysreg, SgisAreSentByTheHost)
{
	for (bool shows : {false, true}) {
		for (const char *name : {"ICC_SGI0R_EL1", "ICC_SGI1R_EL1", "ICC_ASGI1R_EL1"}) {
			Stage s(with(RMM_BEHAVIOUR_SYSREG_EXIT_SHOWS_RT, shows));
			const rmi_rec_exit exit = s.run({msr(name, 0x1234, 9), wait_step()});

			EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_SYNC), exit.exit_reason);
			EXPECT_EQ(ec(0x18) | kIl | sysreg(name) | (shows ? 9u << 5 : 0), exit.esr);
			EXPECT_EQ(0x1234u, exit.gprs[0]);
			EXPECT_EQ(0u, exit.gprs[9]);
			s.expect_idle(s.rec().run(0, {0x99}).exit);
			EXPECT_EQ(0x1234u, s.rec().x(9)) << "a write brings nothing back";
		}
	}
}

TEST(Sysreg, ZeroRegisterIsWrittenAsZero)
{
	Stage s;
	const rmi_rec_exit exit = s.run({msr("ICC_SGI1R_EL1", 0x1234, 31)});

	EXPECT_EQ(0u, exit.gprs[0]);
	EXPECT_EQ(31u << 5, exit.esr & 0x3e0);
}

TEST(Sysreg, AReadIsCompletedByTheNextEntry)
{
	for (uint8_t reg : {4, 31}) {
		Stage s;

		s.rec().runs({set(4, 1), mrs("ICC_CTLR_EL1", reg), wait_step()});
		ASSERT_TRUE(rmm_write_ich(s.m.sys(), 0, RMM_ICH_HCR, 1u << 10));
		const rmi_rec_exit exit = s.rec().run().exit;
		EXPECT_EQ(ec(0x18) | kIl | sysreg("ICC_CTLR_EL1") |
				  static_cast<uint64_t>(reg) << 5 | 1,
			  exit.esr);
		EXPECT_EQ(0u, exit.gprs[0]);
		s.expect_idle(s.rec().run(0, {0x5678}).exit);
		EXPECT_EQ(reg == 4 ? 0x5678u : 1u, s.rec().x(4));
		/* Once only. */
		s.rec().run(0, {0x9abc});
		EXPECT_EQ(reg == 4 ? 0x5678u : 1u, s.rec().x(4));
	}
}

TEST(Sysreg, TrapsOfTheHostSelectGroupsOfRegisters)
{
	struct {
		unsigned bit;
		const char *name;
		bool write;
		bool exits;
	} const rows[] = {
		{10, "ICC_PMR_EL1", true, true},    {10, "ICC_CTLR_EL1", false, true},
		{10, "ICC_RPR_EL1", false, true},   {10, "ICC_DIR_EL1", true, true},
		{10, "ICC_IAR1_EL1", false, false}, {10, "ICC_IGRPEN1_EL1", true, false},
		{11, "ICC_IAR0_EL1", false, true},  {11, "ICC_IGRPEN0_EL1", true, true},
		{11, "ICC_IAR1_EL1", false, false}, {11, "ICC_PMR_EL1", true, false},
		{12, "ICC_IAR1_EL1", false, true},  {12, "ICC_IGRPEN1_EL1", true, true},
		{12, "ICC_BPR1_EL1", true, true},   {12, "ICC_IAR0_EL1", false, false},
		{14, "ICC_DIR_EL1", true, true},    {14, "ICC_CTLR_EL1", false, false},
		{14, "ICC_SRE_EL1", false, false},  {10, "ICC_SRE_EL1", false, false},
	};

	for (const auto &row : rows) {
		Stage s;

		rmm_write_ich(s.m.sys(), 0, RMM_ICH_HCR, UINT64_C(1) << row.bit);
		const rmi_rec_exit exit =
			s.run({row.write ? msr(row.name, 0) : mrs(row.name, 3), wait_step()});
		EXPECT_EQ(static_cast<uint64_t>(row.exits ? RMI_EXIT_SYNC : RMI_EXIT_IRQ),
			  exit.exit_reason)
			<< row.name << " with bit " << row.bit;
	}
}

TEST(Sysreg, TheRealmsOwnOnesStayWithIt)
{
	Stage s;

	s.expect_idle(
		s.run({msr("SCTLR_EL1", 0x30d00800), msr("DAIF", 0x340), mrs("SCTLR_EL1", 3),
		       mrs("DAIF", 4), mrs("MPIDR_EL1", 5), mrs("MIDR_EL1", 6), wait_step()}));
	EXPECT_EQ(0x30d00800u, s.rec().x(3));
	EXPECT_EQ(0x340u, s.rec().x(4));
	EXPECT_EQ(0x80000000u, s.rec().x(5));
	EXPECT_EQ(0x345u, s.rec().view().vcpu.pstate);
}
