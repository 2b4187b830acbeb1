// SPDX-License-Identifier: BSD-3-Clause
// Exits that are no aborts: waiting, interrupts, errors; and what never exits.
#include "stage.h"

using namespace rec_tests;

namespace
{

uint64_t traps(bool wfi, bool wfe)
{
	const uint64_t flags = rmi_rec_enter_flags_with_trap_wfi(RMM_VERSION_2_0_BET1, 0, wfi);

	return rmi_rec_enter_flags_with_trap_wfe(RMM_VERSION_2_0_BET1, flags, wfe);
}

rmm_script_step until(rmm_script_op op, uint64_t counter)
{
	rmm_script_step s = step(op);

	s.reg = 5;
	s.value = counter;
	return s;
}

constexpr uint64_t kFar = UINT64_C(1) << 60;

} // namespace

TEST(Exit, WfxIsSeenWhenAskedFor)
{
	struct {
		rmm_script_step step;
		uint64_t flags;
		bool seen;
		uint64_t esr;
		uint64_t timeout;
	} const rows[] = {
		{step(RMM_SCRIPT_WFI), traps(true, false), true, ec(1), 0},
		{step(RMM_SCRIPT_WFI), traps(false, true), false, 0, 0},
		{step(RMM_SCRIPT_WFE), traps(false, true), true, ec(1) | 1, 0},
		{step(RMM_SCRIPT_WFE), traps(true, false), false, 0, 0},
		{until(RMM_SCRIPT_WFIT, kFar), traps(true, true), true, ec(1) | 2, kFar},
		{until(RMM_SCRIPT_WFET, kFar), traps(true, true), true, ec(1) | 3, kFar},
		{until(RMM_SCRIPT_WFIT, 0), traps(true, true), false, 0, 0},
	};

	for (const auto &row : rows) {
		Stage s;
		const rmi_rec_exit exit = s.run({row.step, wait_step()}, row.flags);

		EXPECT_EQ(static_cast<uint64_t>(row.seen ? RMI_EXIT_SYNC : RMI_EXIT_IRQ),
			  exit.exit_reason);
		EXPECT_EQ(row.esr, exit.esr);
		EXPECT_EQ(row.timeout, exit.gprs[0]);
		/* The instruction is over. */
		s.expect_idle(s.rec().run().exit);
	}
}

TEST(Exit, TheTimeoutOfWfitIsReportedOrNot)
{
	for (bool on : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_WFXT_TIMEOUT_REPORTED, on));
		const rmi_rec_exit exit = s.run({until(RMM_SCRIPT_WFIT, kFar)}, traps(true, false));

		EXPECT_EQ(on ? kFar : 0, exit.gprs[0]);
		EXPECT_EQ(ec(1) | (on ? 2 : 0), exit.esr);
	}
}

TEST(Exit, WfitThatNobodySeesEndsByItself)
{
	Stage s;
	const uint64_t timeout = rmm_counter(s.m.sys(), 0) + 5000;

	s.m.host_ticks = false;

	s.expect_idle(s.run({until(RMM_SCRIPT_WFIT, timeout), set(1, 7), wait_step()}));
	EXPECT_EQ(7u, s.rec().x(1));
	EXPECT_GE(rmm_counter(s.m.sys(), 0), timeout);
}

TEST(Exit, HvcIsUndefinedAndUnknownSmcsAreUnknown)
{
	Stage s;

	s.expect_idle(s.run({step(RMM_SCRIPT_HVC), smc({0x84000050}), wait_step()}));
	EXPECT_EQ(1u, s.rec().script_status().aborts);
	EXPECT_EQ(kUndefined, s.rec().script_status().last_esr);
	EXPECT_EQ(UINT64_MAX, s.rec().x(0));
}

TEST(Exit, HostCommandsAreUnknownToRealms)
{
	Stage s;

	s.expect_idle(s.run({smc({s.m.fid(RMM_CMD_RMI_VERSION), 0x20000}), wait_step()}));
	EXPECT_EQ(UINT64_MAX, s.rec().x(0));
}

TEST(Exit, InterruptsOfTheHost)
{
	Stage s;

	rmm_set_irq(s.m.sys(), 0, true);
	EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_IRQ), s.run({set(1, 7), wait_step()}).exit_reason);
	EXPECT_EQ(0u, s.rec().x(1)) << "nothing was executed";
	rmm_set_fiq(s.m.sys(), 0, true);
	EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_FIQ), s.rec().run().exit.exit_reason);
	ASSERT_TRUE(rmm_set_serror(s.m.sys(), 0, 0x1811));
	EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_SERROR), s.rec().run().exit.exit_reason);
	EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_FIQ), s.rec().run().exit.exit_reason);
}

TEST(Exit, SErrors)
{
	struct {
		uint64_t esr;
		bool survives;
		bool reaches_realm;
	} const kinds[] = {
		{0x0011, false, false},                     /* UC */
		{0x0411, true, true},                       /* UEU */
		{0x0811, true, false},                      /* UEO */
		{0x0c11, true, true},                       /* UER */
		{0x1811, true, false},                      /* CE */
		{0x1411, false, false},                     /* unknown */
		{0x0412, false, false},                     /* DFSC */
		{UINT64_C(1) << 24 | 0x0411, false, false}, /* IDS */
	};

	for (const auto &kind : kinds) {
		Stage s;

		ASSERT_EQ(kind.survives, rmm_set_serror(s.m.sys(), 0, kind.esr))
			<< std::hex << kind.esr;
		const rmi_rec_exit exit = s.run({msr("DAIF", 0x2c0), wait_step(), wait_step()});
		if (!kind.survives) {
			s.expect_idle(exit);
			continue;
		}
		EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_SERROR), exit.exit_reason);
		EXPECT_EQ(ec(0x2f) | kind.esr, exit.esr);
		s.rec().run();
		s.rec().run();
		const rmm_script_status status = s.rec().script_status();
		EXPECT_EQ(kind.reaches_realm ? 1u : 0u, status.interrupts);
		EXPECT_EQ(kind.reaches_realm ? ec(0x2f) | kIl | kind.esr : 0, status.last_esr);
	}
	Stage s;
	EXPECT_FALSE(rmm_set_serror(s.m.sys(), 99, 0x1811));
}

TEST(Exit, FieldsOfOneExitAreGoneInTheNext)
{
	Stage s;

	s.rec().runs({store(kNothing, 0x77), wait_step()});
	const rmi_rec_exit first = s.rec().run().exit;
	EXPECT_NE(0u, first.esr);
	const rmi_rec_exit second = s.rec().run(enter_flags(s.m.version(), true)).exit;
	s.expect_idle(second);
	EXPECT_EQ(0u, second.far);
	EXPECT_EQ(0u, second.hpfar);
	EXPECT_EQ(0u, second.gprs[0]);
}
