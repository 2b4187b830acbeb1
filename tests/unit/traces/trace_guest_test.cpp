// SPDX-License-Identifier: BSD-3-Clause
// Guests: what runs in a realm counts like what the host does, and cannot keep it for ever.
#include <gtest/gtest.h>

#include "trace_text.h"

namespace
{

// A realm with one REC that runs `program`, entered once.
std::string realm_running(const std::string &program)
{
	return "trace: t\n"
	       "machine: {active_at_boot: true, dram: [{base: 0x80000000, size: 16M}]}\n"
	       "let: {params: 0x80000000, run: 0x80001000, list: 0x80002000,\n"
	       "      rd: 0x80100000, rtt: 0x80101000, rec: 0x80102000, pool: 0x80200000}\n"
	       "guests:\n"
	       "  guest:\n" +
	       program +
	       "steps:\n"
	       "  - {call: RMI_GRANULE_RANGE_DELEGATE, with: {base: rd, top: rd + 12K}, range: 1}\n"
	       "  - write: {pa: params, struct: RmiRealmParams, fields: {s2sz: 39, num_bps: 1, "
	       "num_wps: 1, rtt_base: rtt, rtt_level_start: 1, rtt_num_start: 1}}\n"
	       "  - {sro: RMI_REALM_CREATE, with: {rd: rd, params_ptr: params}, list: list}\n"
	       "  - bind: {guest: guest, rd: rd, mpidr: 0}\n"
	       "  - write: {pa: params, struct: RmiRecParams, fields: {flags: {runnable: 1}}}\n"
	       "  - {sro: RMI_REC_CREATE, with: {rd: rd, rec_ptr: rec, params_ptr: params}, list: "
	       "list, pool: {base: pool, count: 16}}\n"
	       "  - {call: RMI_REALM_ACTIVATE, with: {rd: rd}}\n"
	       "  - {call: RMI_REC_ENTER, with: {rec_ptr: rec, run_ptr: run}}\n";
}

} // namespace

TEST(TraceGuest, ItsCallsAreAnswered)
{
	Played played = play_text(realm_running(
		"    - {rsi: RSI_VERSION, with: {req: 0x10001}, expect: {lower: 0x10001}}\n"
		"    - {rsi: RSI_MEASUREMENT_READ, with: {index: 9}, expect: "
		"RSI_ERROR_INPUT}\n"
		"    - {psci: PSCI_SYSTEM_OFF, expect: any}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
	EXPECT_NE(played.log.find("exit RMI_EXIT_PSCI"), std::string::npos) << played.log;
}

TEST(TraceGuest, ItsFailedExpectationFailsTheTrace)
{
	Played played = play_text(
		realm_running("    - {rsi: RSI_VERSION, with: {req: 0x10001}, expect: {lower: 7}}\n"
			      "    - {psci: PSCI_SYSTEM_OFF, expect: any}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_FAILED);
	ASSERT_EQ(played.mismatches.size(), 1u) << played.log;
	EXPECT_EQ(played.mismatches[0], "x1: expected 0x7, came 0x10001");
	EXPECT_NE(played.log.find("test.yaml:7"), std::string::npos) << played.log;
}

TEST(TraceGuest, AnEndlessLoopGivesThePeBack)
{
	Played played = play_text(realm_running("    - label: again\n"
						"    - {work: 1000}\n"
						"    - jump: again\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
	EXPECT_NE(played.log.find("exit RMI_EXIT_IRQ"), std::string::npos) << played.log;
}

TEST(TraceGuest, EndlessWaitingGivesThePeBack)
{
	Played played = play_text(realm_running("    - {wait: }\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
	EXPECT_NE(played.log.find("exit RMI_EXIT_IRQ"), std::string::npos) << played.log;
}

TEST(TraceGuest, ReadsAndWritesSystemRegisters)
{
	Played played = play_text(
		realm_running("    - {msr: {sysreg: ICC_PMR_EL1, value: 0xf0}}\n"
			      "    - {mrs: {sysreg: S3_0_C4_C6_0, reg: 3, expect: 0xf0}}\n"
			      "    - {mrs: {sysreg: ID_AA64PFR0_EL1, mask: 0xff, expect: 0x11}}\n"
			      "    - {expect_virq: 1023}\n"
			      "    - {timer: {physical: true, after: 100}}\n"
			      "    - {wait: }\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
}

TEST(TraceGuest, MissesAVirtualInterrupt)
{
	Played played = play_text(realm_running("    - {expect_virq: 27}\n    - {wait: }\n"));

	EXPECT_EQ(played.status, RMM_TRACE_FAILED);
	ASSERT_GE(played.mismatches.size(), 1u) << played.log;
	EXPECT_EQ(played.mismatches[0], "virtual IRQ: expected 0x1, came 0");
}

TEST(TraceGuest, HardwareStepsAreShownAndChecked)
{
	Played played = play_text("trace: t\nmachine: {pes: 2}\nsteps:\n"
				  "  - {pe: 1, ich: {LR3: 5, HCR: 1 << 3}}\n"
				  "  - {pe: 1, check: {ich: {LR3: 5, MISR: 0}}}\n"
				  "  - {check: {ich: {LR3: 0}}}\n"
				  "  - {serror: {esr: 0x11}}\n");

	EXPECT_EQ(played.status, RMM_TRACE_FAILED);
	ASSERT_EQ(played.mismatches.size(), 1u) << played.log;
	EXPECT_EQ(played.mismatches[0],
		  "serror: expected an error that an RMM survives, came one that is not contained");
	EXPECT_NE(played.log.find("virtual GIC of PE 1: LR3=0x5 HCR=0x8"), std::string::npos)
		<< played.log;
}
