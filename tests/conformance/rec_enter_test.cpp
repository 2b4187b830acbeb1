/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REC_ENTER: why it fails. What an entry does is tested in rec_run_test.cpp. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kLrHw = UINT64_C(1) << 61;
constexpr uint64_t kLrPending = UINT64_C(1) << 62;

void base(Scene &s)
{
	s.add_realm();
	s.add_rec();
	s.last_touches.push_back([](Scene &t) {
		if (t.realm->view().state == RMM_REALM_NEW)
			t.realm->activate();
	});
	s.rec->write_enter();
	s.call(RMM_CMD_RMI_REC_ENTER, {s.rec->pa(), s.rec->run_page()});
}

void load_lr(Scene &s, int n, uint64_t value)
{
	const auto reg = static_cast<rmm_ich_register>(RMM_ICH_LR0 + n);

	if (!rmm_write_ich(s.m.sys(), 0, reg, value))
		throw std::runtime_error("no such list register");
}

/* The REC waits for RMI_PSCI_COMPLETE. */
void wait_for_host(Scene &s)
{
	s.other_rec(*s.realm, 1, false);
	s.last_touches.push_back([](Scene &t) {
		if (t.realm->view().state == RMM_REALM_ACTIVE)
			t.rec->calls({FID_PSCI_CPU_ON, 1, 0x1000, 0});
		t.rec->write_enter();
	});
}

/* 1.0: what the host asks of the virtual GIC travels in the run page. */
Violation gic_row(const char *when, void (*change)(rmi_rec_enter &))
{
	return Violation(when, RMI_REC_ENTER_REC_GICV3,
			 [=](Scene &s) {
				 std::array<uint8_t, RMI_REC_ENTER_SIZE> image{};
				 rmi_rec_enter enter = {};

				 change(enter);
				 rmi_rec_enter_encode(s.version(), &enter, image.data());
				 s.m.write(s.rec->run_page(), image.data(), image.size());
			 })
		.until_1_0();
}

Violation flags_row(const char *when, rmm_condition condition, bool emul_mmio, bool inject_sea)
{
	return {when, condition, [=](Scene &s) {
			s.rec->write_enter(enter_flags(s.version(), emul_mmio, inject_sea));
		}};
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_REC_ENTER,
		base,
		rows({
			host_structure(2, kPage, RMI_REC_ENTER_RUN_ALIGN, RMI_REC_ENTER_RUN_PAS,
				       RMI_REC_ENTER_RUN_BOUND),
			object_granule(1, RMM_GRANULE_REC, RMI_REC_ENTER_REC_ALIGN,
				       RMI_REC_ENTER_REC_BOUND, RMI_REC_ENTER_REC_GRAN_STATE),
			{
				{"WhenItRuns", RMI_REC_ENTER_REC_STATE,
				 [](Scene &s) { s.while_running(*s.rec); }},
				{"WhenItIsNew", RMI_REC_ENTER_REALM_STATE,
				 [](Scene &s) { s.last_touches.clear(); }},
				/* 1.0 tells by an index which state it is. */
				Violation("WhenItIsNew", RMI_REC_ENTER_REALM_NEW,
					  [](Scene &s) { s.last_touches.clear(); })
					.at_level(0),
				Violation("WhenItIsSwitchedOff", RMI_REC_ENTER_SYSTEM_OFF,
					  [](Scene &s) { s.last_touches.push_back(switch_off); })
					.at_level(1),
				{"WhenItIsTerminated", RMI_REC_ENTER_REALM_STATE,
				 [](Scene &s) {
					 s.last_touches.push_back(
						 [](Scene &t) { t.realm->terminate(); });
				 }},
				{"WhenItIsSwitchedOff", RMI_REC_ENTER_REALM_STATE,
				 [](Scene &s) { s.last_touches.push_back(switch_off); }},
				{"WhenItWasCreatedSo", RMI_REC_ENTER_REC_RUNNABLE,
				 [](Scene &s) { s.x[1] = s.other_rec(*s.realm, 1, false).pa(); }},
				{"WhenItSwitchedItselfOff", RMI_REC_ENTER_REC_RUNNABLE,
				 [](Scene &s) {
					 s.last_touches.push_back([](Scene &t) {
						 t.rec->calls({FID_PSCI_CPU_OFF});
						 t.rec->write_enter();
					 });
				 }},
				{"WhenItWaitsForTheHost", RMI_REC_ENTER_REC_PENDING, wait_for_host},
				{"WhenItWaitsForTheHost", RMI_REC_ENTER_REC_PSCI, wait_for_host},
				Violation("WhenAListRegisterIsOfHardware", RMI_REC_ENTER_REC_GICV3,
					  [](Scene &s) { load_lr(s, 0, kLrPending | kLrHw | 40); })
					.since_2_0(),
				Violation("WhenTheLastListRegisterIsOfHardware",
					  RMI_REC_ENTER_REC_GICV3,
					  [](Scene &s) {
						  load_lr(s, RMM_NUM_LRS - 1,
							  kLrPending | kLrHw | 40);
					  })
					.since_2_0(),
				gic_row("WhenAnEntryOfTheListIsOfHardware",
					[](rmi_rec_enter &e) {
						e.gicv3_lrs[0] = kLrPending | kLrHw | 40;
					}),
				gic_row("WhenTheLastEntryOfTheListIsOfHardware",
					[](rmi_rec_enter &e) {
						e.gicv3_lrs[15] = kLrPending | kLrHw | 40;
					}),
				gic_row("WhenTwoEntriesNameTheSameInterrupt",
					[](rmi_rec_enter &e) {
						e.gicv3_lrs[1] = kLrPending | 40;
						e.gicv3_lrs[7] = kLrPending | 40;
					}),
				gic_row("WhenTheInterruptDoesNotExist",
					[](rmi_rec_enter &e) {
						e.gicv3_lrs[3] = kLrPending | 1020;
					}),
				gic_row("WhenTheInterfaceIsEnabled",
					[](rmi_rec_enter &e) { e.gicv3_hcr = 1; }),
				gic_row("WhenItTrapsWhatTheRmmTraps",
					[](rmi_rec_enter &e) { e.gicv3_hcr = 1u << 10; }),
				Violation("WhenTwoNameTheSameInterrupt",
					  RMI_REC_ENTER_REC_GICV3_DUP_TF,
					  [](Scene &s) {
						  load_lr(s, 1, kLrPending | 40);
						  load_lr(s, 7, kLrPending | 40);
					  })
					.with(RMM_BEHAVIOUR_GIC_DUPLICATES_REFUSED),
				flags_row("WhenNoAbortWasReported", RMI_REC_ENTER_INJECT_SEA_TF,
					  false, true)
					.with(RMM_BEHAVIOUR_INJECT_SEA_REFUSED),
				flags_row("WhenNoAbortWasReported", RMI_REC_ENTER_REC_MMIO, true,
					  false),
				flags_row("WhenNoAbortWasReportedAndOneIsToBeInjected",
					  RMI_REC_ENTER_REC_MMIO, true, true)
					.with(RMM_BEHAVIOUR_INJECT_SEA_OVER_EMUL_MMIO, false)
					.with(RMM_BEHAVIOUR_INJECT_SEA_REFUSED, false),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RecEnter, table());

TEST(RecEnter, LooksAtEmulMmioAlthoughAnAbortIsInjectedUnlessTheBehaviourSaysNo)
{
	for (bool over : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_INJECT_SEA_OVER_EMUL_MMIO, over},
				       {RMM_BEHAVIOUR_INJECT_SEA_REFUSED, false}};
		in_every_version_since_1_0(
			[=](Machine &m) {
				Realm realm(m);
				Rec rec(m, realm);
				realm.activate();
				EXPECT_EQ(over ? RMM_CONDITION_NONE : RMI_REC_ENTER_REC_MMIO,
					  rec.enter(enter_flags(m.version(), true, true))
						  .answer.condition);
			},
			settings);
	}
}

/* The realm has run, and its exit cannot be told any more. */
TEST(RecEnter, FailsWhenTheRunPageIsTakenAwayMeanwhile)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		rec.write_enter();
		rec.runs({step(RMM_SCRIPT_WAIT)});
		m.on_guest_slice = [&] { m.delegate(rec.run_page(), 1, 1); };
		EXPECT_EQ(RMI_REC_ENTER_RUN_PAS,
			  m.call(RMM_CMD_RMI_REC_ENTER, {rec.pa(), rec.run_page()}).condition);
		EXPECT_FALSE(rec.view().running);
	});
}

} // namespace
} // namespace conformance
