// SPDX-License-Identifier: BSD-3-Clause
// The virtual GIC: what the host may load, what the realm sees, what is left behind.
#include "stage.h"

extern "C" {
#include "rmm/vgic.h"
}

using namespace rec_tests;

namespace
{

constexpr uint64_t kPending = UINT64_C(1) << 62;
constexpr uint64_t kActive = UINT64_C(1) << 63;
constexpr uint64_t kHw = UINT64_C(1) << 61;
constexpr uint64_t kGroup1 = UINT64_C(1) << 60;
constexpr uint64_t kEoi = UINT64_C(1) << 41;
constexpr uint64_t kOpen = UINT64_C(0xf8) << 24 | 3; /* VMCR: nothing masked, both groups */

uint64_t lr(uint64_t intid, uint64_t priority = 0x80, uint64_t flags = kPending | kGroup1)
{
	return flags | priority << 48 | intid;
}

void load_lr(Stage &s, unsigned n, uint64_t value)
{
	ASSERT_TRUE(
		rmm_write_ich(s.m.sys(), 0, static_cast<rmm_ich_register>(RMM_ICH_LR0 + n), value));
}

uint64_t ich(const Stage &s, int reg)
{
	uint64_t value = 0;

	EXPECT_TRUE(rmm_read_ich(s.m.sys(), 0, static_cast<rmm_ich_register>(reg), &value));
	return value;
}

void enable(Stage &s, uint64_t hcr = 1, uint64_t vmcr = kOpen)
{
	rmm_write_ich(s.m.sys(), 0, RMM_ICH_HCR, hcr);
	rmm_write_ich(s.m.sys(), 0, RMM_ICH_VMCR, vmcr);
}

rmm_condition enter(Stage &s)
{
	const Exit exit = s.rec().enter();

	EXPECT_EQ(exit.answer.condition == RMM_CONDITION_NONE ? 0u : RMI_ERROR_REC,
		  exit.answer.status());
	return exit.answer.condition;
}

} // namespace

TEST(Vgic, HwBitsAreRefusedInRegistersThatAreLoaded)
{
	Stage s;

	load_lr(s, 15, lr(40, 0x80, kPending | kGroup1 | kHw));
	EXPECT_EQ(RMI_REC_ENTER_REC_GICV3, enter(s));
	load_lr(s, 15, lr(40, 0x80, kActive | kGroup1 | kHw));
	EXPECT_EQ(RMI_REC_ENTER_REC_GICV3, enter(s));
	load_lr(s, 15, lr(40, 0x80, kGroup1 | kHw));
	EXPECT_EQ(RMM_CONDITION_NONE, enter(s));
}

TEST(Vgic, DuplicatesAreRefusedOrNot)
{
	for (bool on : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_GIC_DUPLICATES_REFUSED, on));

		load_lr(s, 0, lr(40));
		load_lr(s, 7, lr(40, 0x60));
		EXPECT_EQ(on ? RMI_REC_ENTER_REC_GICV3_DUP_TF : RMM_CONDITION_NONE, enter(s));
		load_lr(s, 7, lr(40, 0x60, kGroup1));
		EXPECT_EQ(RMM_CONDITION_NONE, enter(s));
	}
}

TEST(Vgic, TheHostsRegistersAreChecked)
{
	Stage s;
	uint64_t value;

	EXPECT_FALSE(rmm_write_ich(s.m.sys(), 0, RMM_ICH_MISR, 1));
	EXPECT_FALSE(rmm_write_ich(s.m.sys(), 99, RMM_ICH_HCR, 1));
	EXPECT_FALSE(rmm_write_ich(s.m.sys(), 0, RMM_ICH_COUNT, 1));
	EXPECT_FALSE(rmm_read_ich(s.m.sys(), 0, RMM_ICH_COUNT, &value));
	EXPECT_FALSE(rmm_read_ich(s.m.sys(), 99, RMM_ICH_HCR, &value));
	EXPECT_STREQ("LR15", rmm_ich_name(static_cast<rmm_ich_register>(15)));
}

TEST(Vgic, TheRealmHandlesInterruptsByPriority)
{
	Stage s;

	enable(s);
	load_lr(s, 2, lr(41, 0x80));
	load_lr(s, 3, lr(40, 0x60));
	s.expect_idle(
		s.run({mrs("ICC_HPPIR1_EL1", 1), mrs("ICC_IAR1_EL1", 2), mrs("ICC_RPR_EL1", 3),
		       mrs("ICC_IAR1_EL1", 4), msr("ICC_EOIR1_EL1", 40), mrs("ICC_IAR1_EL1", 5),
		       mrs("ICC_IAR1_EL1", 6), wait_step()}));
	EXPECT_EQ(40u, s.rec().x(1));
	EXPECT_EQ(40u, s.rec().x(2));
	EXPECT_EQ(0x60u, s.rec().x(3));
	EXPECT_EQ(1023u, s.rec().x(4)) << "the other one is less urgent";
	EXPECT_EQ(41u, s.rec().x(5));
	EXPECT_EQ(1023u, s.rec().x(6));
	EXPECT_EQ(lr(40, 0x60, kGroup1), ich(s, 3));
	EXPECT_EQ(lr(41, 0x80, kGroup1 | kActive), ich(s, 2));
	EXPECT_EQ(0u, ich(s, RMM_ICH_HCR)) << "off on exit";
}

TEST(Vgic, MasksKeepTheLineDown)
{
	struct {
		uint64_t hcr, vmcr, lr;
		bool irq;
	} const rows[] = {
		{1, kOpen, lr(40), true},
		{0, kOpen, lr(40), false},                    /* the interface is off */
		{1, kOpen & ~UINT64_C(2), lr(40), false},     /* the group is off */
		{1, UINT64_C(0x80) << 24 | 3, lr(40), false}, /* the priority is masked */
		{1, UINT64_C(0x88) << 24 | 3, lr(40), true},
		{1, kOpen, lr(40, 0x80, kActive | kGroup1), false}, /* not pending */
		{1, kOpen, lr(40, 0x80, kPending), false},          /* group 0 is an FIQ */
	};

	for (const auto &row : rows) {
		Stage s;

		enable(s, row.hcr, row.vmcr);
		load_lr(s, 0, row.lr);
		s.run({wait_step()});
		EXPECT_EQ(row.irq, s.rec().view().vcpu.virq);
	}
}

TEST(Vgic, UnmaskedInterruptsAreTaken)
{
	Stage s;

	enable(s);
	load_lr(s, 0, lr(40));
	s.expect_idle(s.run({msr("DAIF", 0x340), set(1, 7), wait_step()}));
	EXPECT_EQ(1u, s.rec().script_status().interrupts);
	EXPECT_EQ(7u, s.rec().x(1));
	EXPECT_TRUE(s.rec().view().vcpu.virq);
}

TEST(Vgic, WfiDoesNotWaitForWhatIsPending)
{
	Stage s;

	enable(s);
	load_lr(s, 0, lr(40));
	const uint64_t trap = rmi_rec_enter_flags_with_trap_wfi(s.m.version(), 0, 1);
	s.expect_idle(s.run({step(RMM_SCRIPT_WFI), set(1, 7), wait_step()}, trap));
	EXPECT_EQ(7u, s.rec().x(1));
}

TEST(Vgic, MaintenanceInterruptsAreTheHosts)
{
	struct {
		uint64_t hcr, misr;
	} const rows[] = {
		{1 | ICH_HCR_UIE, 2}, {1 | ICH_HCR_NPIE, 8}, {1 | ICH_HCR_VGRP1EIE, 1 << 6}};

	for (const auto &row : rows) {
		Stage s;

		enable(s, row.hcr);
		EXPECT_EQ(row.misr, ich(s, RMM_ICH_MISR));
		const rmi_rec_exit exit = s.run({set(1, 7), wait_step()});
		EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_IRQ), exit.exit_reason);
		EXPECT_EQ(0u, s.rec().x(1));
	}
	/* An interrupt that is to be reported when it ends. */
	Stage s;
	enable(s);
	load_lr(s, 0, lr(40, 0x80, kPending | kGroup1 | kEoi));
	s.run({mrs("ICC_IAR1_EL1", 1), msr("ICC_EOIR1_EL1", 40), set(2, 7), wait_step()});
	EXPECT_EQ(0u, s.rec().x(2));
}

TEST(Vgic, EndsThatNobodyKnowsAreCounted)
{
	Stage s;

	enable(s);
	s.run({msr("ICC_EOIR1_EL1", 99), msr("ICC_EOIR1_EL1", 99), msr("ICC_EOIR1_EL1", 8192),
	       msr("ICC_EOIR1_EL1", 1023), wait_step()});
	EXPECT_EQ(UINT64_C(2) << 27, ich(s, RMM_ICH_HCR));
}

TEST(Vgic, EndAndDeactivationCanBeSeparate)
{
	Stage s;

	enable(s);
	load_lr(s, 0, lr(40));
	s.run({msr("ICC_CTLR_EL1", 2), mrs("ICC_IAR1_EL1", 1), msr("ICC_EOIR1_EL1", 40),
	       wait_step()});
	EXPECT_EQ(lr(40, 0x80, kActive | kGroup1), ich(s, 0));
	enable(s, 1, ich(s, RMM_ICH_VMCR));
	s.run({msr("ICC_DIR_EL1", 40), mrs("ICC_CTLR_EL1", 2), wait_step()});
	EXPECT_EQ(lr(40, 0x80, kGroup1), ich(s, 0));
	EXPECT_EQ(0x402u, s.rec().x(2));
}

/* Gicv3ConfigIsValid of 1.0-rel0. */
TEST(Vgic, ConfigurationsOfTheFirstVersion)
{
	struct {
		const char *name;
		uint64_t hcr, lr0, lr1;
		bool valid;
	} const rows[] = {
		{"empty", 0, 0, 0, true},
		{"host bits", ICH_HCR_FOR_HOST, 0, 0, true},
		{"En", 1, 0, 0, false},
		{"TC", ICH_HCR_TC, 0, 0, false},
		{"two", 0, lr(40), lr(41), true},
		{"duplicate", 0, lr(40), lr(40), false},
		{"invalid ones are not looked at", 0, lr(40), lr(40, 0x80, kHw), true},
		{"HW", 0, lr(40, 0x80, kPending | kHw), 0, false},
		{"priority", 0, lr(40, 0x81), 0, false},
		{"EOI", 0, lr(40) | kEoi, 0, true},
		{"pINTID", 0, lr(40) | UINT64_C(1) << 32, 0, false},
		{"reserved", 0, lr(40) | UINT64_C(1) << 56, 0, false},
		{"special INTID", 0, lr(1020), 0, false},
		{"extended PPI", 0, lr(1056), 0, true},
		{"extended SPI", 0, lr(5120), 0, false},
		{"LPI", 0, lr(8192), 0, true},
		{"beyond", 0, lr(65536), 0, false},
	};

	for (const auto &row : rows) {
		const uint64_t lrs[RMM_NUM_LRS] = {row.lr0, row.lr1};

		EXPECT_EQ(row.valid, vgic_config_is_valid(row.hcr, lrs)) << row.name;
	}
}
