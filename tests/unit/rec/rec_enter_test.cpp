// SPDX-License-Identifier: BSD-3-Clause
// RMI_REC_ENTER: what it refuses, in which order, and that refusing has no effect.
#include "stage.h"

using namespace rec_tests;

namespace
{

struct Refusal {
	const char *name;
	rmm_condition condition;
	void (*arrange)(Stage &s);
	bool arrange_by_running;
	uint64_t flags; /* of the entry: 1 emul_mmio, 2 inject_sea */
};

void nothing(Stage &)
{
}

void end_realm(Stage &s)
{
	s.realm.terminate();
}

void switch_off(Stage &s)
{
	s.rec().calls({s.m.fid(RMM_CMD_PSCI_CPU_OFF)});
}

void ask_for_cpu(Stage &s)
{
	s.rec().calls({s.m.fid(RMM_CMD_PSCI_CPU_ON), 1, kRam, 0});
}

void tie_interrupt(Stage &s)
{
	rmm_write_ich(s.m.sys(), 0, RMM_ICH_LR0, UINT64_C(3) << 61 | 40);
}

void name_twice(Stage &s)
{
	rmm_write_ich(s.m.sys(), 0, static_cast<rmm_ich_register>(2), UINT64_C(1) << 62 | 41);
	rmm_write_ich(s.m.sys(), 0, static_cast<rmm_ich_register>(3), UINT64_C(1) << 62 | 41);
}

const Refusal refusals[] = {
	{"realm_state", RMI_REC_ENTER_REALM_STATE, end_realm, false, 0},
	{"rec_runnable", RMI_REC_ENTER_REC_RUNNABLE, switch_off, true, 0},
	{"rec_pending", RMI_REC_ENTER_REC_PENDING, ask_for_cpu, true, 0},
	{"rec_gicv3", RMI_REC_ENTER_REC_GICV3, tie_interrupt, false, 0},
	{"rec_gicv3_dup", RMI_REC_ENTER_REC_GICV3_DUP_TF, name_twice, false, 0},
	{"inject_sea", RMI_REC_ENTER_INJECT_SEA_TF, nothing, false, 2},
	{"rec_mmio", RMI_REC_ENTER_REC_MMIO, nothing, false, 1},
};

Settings tf_rmm()
{
	Settings settings;

	settings.profile = RMM_PROFILE_TF_RMM;
	return settings;
}

class Enter : public testing::TestWithParam<Refusal>
{
};

} // namespace

TEST_P(Enter, IsRefusedWithoutAnEffect)
{
	const Refusal &row = GetParam();
	Stage s(tf_rmm(), 2);

	row.arrange(s);
	s.rec().runs({set(1, 7), wait_step()});
	s.rec().write_enter(row.flags, {0x99});
	const auto before = s.m.snapshot();
	const Answer answer = s.m.call(RMM_CMD_RMI_REC_ENTER, {s.rec().pa(), s.rec().run_page()});
	EXPECT_EQ(row.condition, answer.condition) << describe(answer);
	EXPECT_EQ("", difference(before, s.m.snapshot()));
}

INSTANTIATE_TEST_SUITE_P(All, Enter, testing::ValuesIn(refusals),
			 [](const auto &test) { return test.param.name; });

/* When two hold, the earlier one is reported. */
TEST(EnterOrder, IsThatOfTheDescription)
{
	const size_t n = sizeof(refusals) / sizeof(refusals[0]);

	for (size_t a = 0; a < n; a++) {
		for (size_t b = a + 1; b < n; b++) {
			/* Who is off asks for nothing; a flag that injects hides the other one. */
			if ((a == 1 && b == 2) || a == 5)
				continue;
			Stage s(tf_rmm(), 2);

			/* What the REC does by itself comes first: later it cannot run. */
			refusals[b].arrange_by_running ? refusals[b].arrange(s)
						       : refusals[a].arrange(s);
			refusals[b].arrange_by_running ? refusals[a].arrange(s)
						       : refusals[b].arrange(s);
			s.rec().write_enter(refusals[a].flags | refusals[b].flags, {});
			const Answer answer =
				s.m.call(RMM_CMD_RMI_REC_ENTER, {s.rec().pa(), s.rec().run_page()});
			EXPECT_EQ(refusals[a].condition, answer.condition)
				<< refusals[a].name << " before " << refusals[b].name << ": "
				<< describe(answer);
		}
	}
}

TEST(Enter, RunningRecsAreNotEnteredAgain)
{
	Stage s({}, 2);
	Answer again{}, terminate{}, other{};

	s.recs[0].runs({wait_step()});
	s.m.on_guest_slice = [&] {
		again = s.recs[0].enter(0, {}, 1).answer;
		terminate = s.m.call(RMM_CMD_RMI_REALM_TERMINATE, {s.realm.rd()}, 1);
		other = s.recs[1].enter(0, {}, 1).answer;
	};
	EXPECT_EQ(0u, s.recs[0].enter().answer.x[0]);
	EXPECT_EQ(RMI_REC_ENTER_REC_STATE, again.condition);
	EXPECT_EQ(RMI_REALM_TERMINATE_REC_RUNNING, terminate.condition);
	EXPECT_EQ(RMI_REC_ENTER_REC_RUNNABLE, other.condition);
	s.realm.terminate();
}

TEST(Enter, TwoRecsOfARealmRunSideBySide)
{
	Stage s({}, 2);

	s.recs[0].calls({s.m.fid(RMM_CMD_PSCI_CPU_ON), 1, kRam, 5});
	s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
	s.recs[0].runs({store(kRam, 0x11), wait_step(), load(kRam, 3), wait_step()});
	s.recs[1].runs({load(kRam, 3), store(kRam, 0x22), wait_step()});
	s.m.on_guest_slice = [&] { EXPECT_EQ(0u, s.recs[1].enter(0, {}, 1).answer.x[0]); };
	EXPECT_EQ(0u, s.recs[0].enter().answer.x[0]);
	EXPECT_EQ(0x11u, s.recs[1].x(3));
	s.recs[0].run();
	EXPECT_EQ(0x22u, s.recs[0].x(3));
}

TEST(Enter, TheOtherRecsOfARealmThatSwitchesOffEndWithTheirNextExit)
{
	Stage s({}, 2);

	s.recs[0].calls({s.m.fid(RMM_CMD_PSCI_CPU_ON), 1, kRam, 5});
	s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
	s.recs[0].runs({wait_step(), set(1, 7), wait_step()});
	s.recs[1].runs({smc({s.m.fid(RMM_CMD_PSCI_SYSTEM_OFF)})});
	s.m.on_guest_slice = [&] { EXPECT_EQ(0u, s.recs[1].enter(0, {}, 1).answer.x[0]); };
	EXPECT_EQ(0u, s.recs[0].enter().answer.x[0]);
	EXPECT_EQ(RMI_REC_ENTER_REALM_STATE, s.recs[0].enter().answer.condition);
	EXPECT_EQ(RMI_REC_ENTER_REALM_STATE, s.recs[1].enter().answer.condition);
}

TEST(Enter, LosesTheExitWhenItsPageIsTakenAway)
{
	Stage s;

	s.rec().runs({set(1, 7), wait_step()});
	s.rec().write_enter();
	s.m.on_guest_slice = [&] { s.m.delegate(s.rec().run_page(), 1); };
	const Answer answer = s.m.call(RMM_CMD_RMI_REC_ENTER, {s.rec().pa(), s.rec().run_page()});
	EXPECT_EQ(RMI_REC_ENTER_RUN_PAS, answer.condition);
	EXPECT_EQ(7u, s.rec().x(1)) << "the realm has run all the same";
	EXPECT_FALSE(s.rec().view().running);
}

TEST(Enter, UnknownFlagsAndUnusedFieldsHaveNoEffect)
{
	Stage s;

	s.rec().runs({set(1, 7), wait_step()});
	const Exit exit = s.rec().enter(UINT64_MAX << 8, std::vector<uint64_t>(31, 0x5a5a));
	EXPECT_EQ(0u, exit.answer.x[0]);
	for (unsigned i = 2; i < 31; i++)
		EXPECT_EQ(0u, s.rec().x(i)) << i;
}

TEST(Enter, EmulMmioBesideInjectSeaIsLookedAtOrNot)
{
	for (bool over : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_INJECT_SEA_OVER_EMUL_MMIO, over));

		/* Unprotected, not emulatable: only the injection fits. */
		s.run({without_syndrome(load(kNothing)), wait_step()});
		const Answer answer = s.rec().enter(enter_flags(s.m.version(), true, true)).answer;
		EXPECT_EQ(over ? RMM_CONDITION_NONE : RMI_REC_ENTER_REC_MMIO, answer.condition);
	}
}
