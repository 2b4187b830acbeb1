/* SPDX-License-Identifier: BSD-3-Clause */
/* The guests of traces/guests: what they print, and how they leave the realm. */
#include "guests.h"

TEST(A64Guest, SaysHelloByHostCall)
{
	const Outcome o = run_guest("hello");

	EXPECT_EQ("hello from a realm\n", o.console);
	EXPECT_EQ(GUEST_END_OFF, o.report.end);
	EXPECT_EQ(19u, o.report.exits[GUEST_EXIT_HOST_CALL]);
	EXPECT_EQ(1u, o.report.exits[GUEST_EXIT_PSCI]);
	EXPECT_EQ(0u, o.report.exits[GUEST_EXIT_MMIO]);
}

TEST(A64Guest, DrivesTheConsoleDevice)
{
	const Outcome o = run_guest("mmio");

	EXPECT_EQ("hello by MMIO\nno device: external abort\n", o.console);
	/* One read of the flags a byte and one for the end, one write a byte, one to nowhere. */
	EXPECT_EQ(14u + 15u + 1u, o.report.exits[GUEST_EXIT_MMIO]);
	EXPECT_EQ(GUEST_END_OFF, o.report.end);
}

TEST(A64Guest, FillsARingInSharedMemoryWithoutLeaving)
{
	const Outcome o = run_guest("ring");

	EXPECT_EQ("first line through the ring\nsecond line, over the wrap of the ring\n",
		  o.console);
	EXPECT_EQ(2u, o.report.exits[GUEST_EXIT_HOST_CALL]);
	EXPECT_EQ(0u, o.report.exits[GUEST_EXIT_MMIO]);
}

TEST(A64Guest, ChangesRipasAndLosesTheContent)
{
	const Outcome o = run_guest("ripas");

	EXPECT_EQ("RIPAS is EMPTY\nexternal abort\nRIPAS is RAM, and zero\n", o.console);
	EXPECT_LE(2u, o.report.exits[GUEST_EXIT_RIPAS]);
}

TEST(A64Guest, StartsOtherRecs)
{
	guest_options options = default_guest_options();

	options.recs = 5;
	const Outcome o = run_guest("smp", options);
	EXPECT_EQ("all RECs are done, counter 0000000000001388\n", o.console);
	/* CPU_ON and CPU_OFF of four, SYSTEM_OFF. */
	EXPECT_EQ(9u, o.report.exits[GUEST_EXIT_PSCI]);
	EXPECT_EQ(GUEST_END_OFF, o.report.end);
}

TEST(A64Guest, HandsOverAnAttestationTokenWhereThereIsOne)
{
	const Outcome o = run_guest("token");

	EXPECT_EQ(GUEST_END_OFF, o.report.end);
	if (o.console == "this RMM has no attestation\n")
		GTEST_SKIP() << o.console;
	EXPECT_EQ(0u, o.console.find("token of ")) << o.console;
	EXPECT_FALSE(o.dump.empty());
	EXPECT_EQ(o.dump.size(), o.report.dumped);
}

TEST(A64Guest, WaitsForItsTimer)
{
	const Outcome o = run_guest("timer");

	EXPECT_EQ("tick\ntick\ntick\ntick\ntick\n", o.console);
	EXPECT_LE(5u, o.report.exits[GUEST_EXIT_IRQ]);
}

TEST(A64Guest, TranslatesByItsOwnTablesAndRunsEl0)
{
	const Outcome o = run_guest("el0");

	/* LDTR of memory of EL1, STTR to what EL0 may only read, an unaligned load from a device.
	 */
	EXPECT_EQ("MMU is on\nEL0 may read its code\n"
		  "EL1 took a data abort, ESR 000000009600000d\n"
		  "EL1 took a data abort, ESR 000000009600004f\n"
		  "EL1 took a data abort, ESR 0000000096000021\n"
		  "hello from EL0\n"
		  "EL0 took a data abort, ESR 000000009200000d\n"
		  "EL0 took an undefined instruction\nEL0 may use FP from now on\n"
		  "EL0 moved a number through D0\nEL0 is done\n",
		  o.console);
	EXPECT_EQ(GUEST_END_OFF, o.report.end);
}

TEST(A64Guest, GivesTheSameEveryTime)
{
	const Outcome a = run_guest("timer");
	const Outcome b = run_guest("timer");

	EXPECT_EQ(a.report.guest.instructions, b.report.guest.instructions);
	EXPECT_EQ(a.report.num_exits, b.report.num_exits);
}

/* A long loop gives the PE back now and then, and loses nothing by it. */
TEST(A64Guest, IsInterruptedInLoops)
{
	const Outcome o = run_guest("count");

	EXPECT_EQ("done\n", o.console);
	EXPECT_LE(2u, o.report.exits[GUEST_EXIT_IRQ]);
	EXPECT_LT(30000000u, o.report.guest.instructions);
	EXPECT_GT(30010000u, o.report.guest.instructions);
}

/* sttr x0, [x3]; ldtrsb x4, [x3]; ldtrh w5, [x3, #6]; ldtrsh w6, [x3, #6]; ldtrsw x7, [x3, #4]; b .
 */
TEST(A64Guest, AccessesWithTheRightsOfEl0WithoutAnMmu)
{
	guest_options options = default_guest_options();

	options.max_instructions = 100;
	/* x0 = 0x8899 << 48 | 0xaa; x3 = x3 + 0x802 */
	const Outcome o = run_words({0xd2801540, 0xf2f11320, 0x91200863, 0xf8000860, 0x38800864,
				     0x78406865, 0x78c06866, 0xb8804867, 0x14000000},
				    options);
	EXPECT_EQ(GUEST_END_INSTRUCTIONS, o.report.end);
	EXPECT_EQ(UINT64_C(0xffffffffffffffaa), o.report.recs[0].vcpu.x[4]);
	EXPECT_EQ(0x8899u, o.report.recs[0].vcpu.x[5]);
	EXPECT_EQ(0xffff8899u, o.report.recs[0].vcpu.x[6]);
	EXPECT_EQ(UINT64_C(0xffffffff88990000), o.report.recs[0].vcpu.x[7]);
}
