// SPDX-License-Identifier: BSD-3-Clause
// Timers: when they interrupt a realm, and what the host is told about them.
#include "stage.h"

using namespace rec_tests;

namespace
{

constexpr uint64_t kAsserted = 5; /* ENABLE, ISTATUS */

rmm_script_step work(uint64_t instructions)
{
	rmm_script_step s = step(RMM_SCRIPT_WORK);

	s.value = instructions;
	return s;
}

uint64_t clock_of(void *ctx, unsigned)
{
	return *static_cast<uint64_t *>(ctx);
}

} // namespace

TEST(Timer, CountersAreTheMachines)
{
	Stage s;

	s.expect_idle(s.run({mrs("CNTVCT_EL0", 1), work(100), mrs("CNTPCT_EL0", 2),
			     mrs("CNTFRQ_EL0", 3), wait_step()}));
	EXPECT_GE(s.rec().x(2), s.rec().x(1) + 100);
	EXPECT_LE(s.rec().x(2), rmm_counter(s.m.sys(), 1));
	EXPECT_EQ(1000000000u, s.rec().x(3));
	EXPECT_EQ(rmm_counter(s.m.sys(), 0), rmm_counter(s.m.sys(), 1));
}

TEST(Timer, ThatFiresExitsOnceAndIsReported)
{
	struct {
		const char *ctl, *tval;
		bool is_virtual;
	} const timers[] = {{"CNTV_CTL_EL0", "CNTV_TVAL_EL0", true},
			    {"CNTP_CTL_EL0", "CNTP_TVAL_EL0", false}};

	for (const auto &timer : timers) {
		Stage s;
		const rmi_rec_exit exit = s.run({msr(timer.tval, 500), msr(timer.ctl, 1), work(100),
						 work(1000), set(1, 7), wait_step()});
		const rmm_vcpu vcpu = s.rec().view().vcpu;

		EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_IRQ), exit.exit_reason);
		EXPECT_EQ(timer.is_virtual ? kAsserted : 0, exit.cntv_ctl);
		EXPECT_EQ(timer.is_virtual ? 0 : kAsserted, exit.cntp_ctl);
		EXPECT_EQ(vcpu.cntv_cval, exit.cntv_cval);
		EXPECT_EQ(vcpu.cntp_cval, exit.cntp_cval);
		EXPECT_EQ(0u, s.rec().x(1)) << "it fired before";
		/* The host knows: the line is masked, and the realm runs. */
		s.rec().run();
		EXPECT_EQ(7u, s.rec().x(1));
	}
}

TEST(Timer, ThatExpiresBetweenEntriesExitsAtOnce)
{
	Stage s;

	s.run({msr("CNTV_TVAL_EL0", 1000), msr("CNTV_CTL_EL0", 1), step(RMM_SCRIPT_WFE),
	       smc({s.m.fid(RMM_CMD_PSCI_CPU_SUSPEND)}), set(1, 7), wait_step()});
	while (rmm_counter(s.m.sys(), 0) < s.rec().view().vcpu.cntv_cval)
		s.m.call(RMM_CMD_RMI_VERSION, {0x20000});
	const rmi_rec_exit exit = s.rec().run().exit;
	EXPECT_EQ(kAsserted, exit.cntv_ctl);
	EXPECT_EQ(0u, s.rec().x(1)) << "the realm has not run";
	s.rec().run();
	EXPECT_EQ(7u, s.rec().x(1));
}

TEST(Timer, MaskedOnesDoNotInterrupt)
{
	Stage s;
	const rmi_rec_exit exit = s.run({msr("CNTV_CVAL_EL0", 0), msr("CNTV_CTL_EL0", 3), work(10),
					 set(1, 7), mrs("CNTV_CTL_EL0", 2), wait_step()});

	EXPECT_EQ(7u, s.rec().x(1));
	EXPECT_EQ(7u, s.rec().x(2)) << "the realm sees ISTATUS";
	EXPECT_EQ(7u, exit.cntv_ctl);
}

TEST(Timer, ALineThatFallsIsReportedAtTheNextTrap)
{
	Stage s;

	s.run({msr("CNTV_CVAL_EL0", 0), msr("CNTV_CTL_EL0", 1), msr("CNTV_CTL_EL0", 0), work(10),
	       set(10, 7), smc({s.m.fid(RMM_CMD_RSI_VERSION), 0x10001}), set(11, 8), wait_step()});
	const rmi_rec_exit exit = s.rec().run().exit;
	EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_IRQ), exit.exit_reason);
	EXPECT_EQ(0u, exit.cntv_ctl);
	EXPECT_EQ(7u, s.rec().x(10)) << "switching it off does not trap";
	EXPECT_EQ(0u, s.rec().x(11)) << "the call did";
	s.rec().run();
	EXPECT_EQ(8u, s.rec().x(11));
}

TEST(Timer, WaitingEndsWhenItFires)
{
	Stage s;

	s.m.host_ticks = false;
	const rmi_rec_exit exit = s.run({msr("CNTP_TVAL_EL0", 1000000), msr("CNTP_CTL_EL0", 1),
					 step(RMM_SCRIPT_WFI), wait_step()});

	EXPECT_EQ(kAsserted, exit.cntp_ctl);
	EXPECT_GE(rmm_counter(s.m.sys(), 0), exit.cntp_cval);
}

TEST(Timer, TimerValuesAreSignedAndRelative)
{
	Stage s;

	s.run({msr("CNTV_CTL_EL0", 3), msr("CNTV_TVAL_EL0", 0xffffffff), mrs("CNTV_TVAL_EL0", 1),
	       mrs("CNTV_CTL_EL0", 2), wait_step()});
	EXPECT_EQ(7u, s.rec().x(2)) << "one tick ago";
	EXPECT_LT(static_cast<int32_t>(s.rec().x(1)), 0);
}

TEST(Timer, TimeOfThePortCounts)
{
	uint64_t now = 100;
	rmm_config config = rmm_config_default();
	rmm_system *sys = nullptr;
	config.port.now = clock_of;
	config.port.ctx = &now;
	ASSERT_EQ(0, rmm_system_create(&config, &sys, nullptr));
	EXPECT_EQ(100u, rmm_counter(sys, 0));
	now = 250;
	EXPECT_EQ(250u, rmm_counter(sys, 3));
	rmm_system_destroy(sys);
}

TEST(Timer, SwitchingOnResetsTheTimersOfTheTarget)
{
	Stage s({}, 2);

	const Arguments both = {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS};
	const uint64_t cpu_on = s.m.fid(RMM_CMD_PSCI_CPU_ON);

	s.run({smc({cpu_on, 1, kRam, 0}), smc({cpu_on, 1, kRam, 0})});
	s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, both);
	/* It switches itself off while its timer asserts. */
	s.recs[1].runs({msr("CNTV_CTL_EL0", 1), smc({s.m.fid(RMM_CMD_PSCI_CPU_OFF)})});
	EXPECT_EQ(kAsserted, s.recs[1].run().exit.cntv_ctl);
	s.recs[1].run();
	s.rec().run();
	s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, both);
	s.recs[1].runs({set(1, 7), wait_step()});
	EXPECT_EQ(0u, s.recs[1].run().exit.cntv_ctl);
	EXPECT_EQ(7u, s.recs[1].x(1));
}
