// SPDX-License-Identifier: BSD-3-Clause
// What an entry makes of the previous exit.
#include "stage.h"

using namespace rec_tests;

namespace
{

/* RsiHostCall at kRam. */
constexpr uint64_t kCall = kRam + 0x100;

struct Load {
	const char *name;
	uint8_t size;
	bool is_signed;
	bool narrow;
	uint64_t expected;
};

class MmioRead : public testing::TestWithParam<Load>
{
};

constexpr uint64_t kValue = UINT64_C(0x8182838485868788);

const Load loads[] = {
	{"ldrb", 1, false, true, 0x88},
	{"ldrsb_w", 1, true, true, 0xffffff88},
	{"ldrsb_x", 1, true, false, UINT64_C(0xffffffffffffff88)},
	{"ldrh", 2, false, true, 0x8788},
	{"ldrsh_w", 2, true, true, 0xffff8788},
	{"ldrsh_x", 2, true, false, UINT64_C(0xffffffffffff8788)},
	{"ldr_w", 4, false, true, 0x85868788},
	{"ldrsw", 4, true, false, UINT64_C(0xffffffff85868788)},
	{"ldr_x", 8, false, false, kValue},
};

void make_call(Stage &s, uint64_t ipa = kCall)
{
	s.rec().runs({smc({s.m.fid(RMM_CMD_RSI_HOST_CALL), ipa}), wait_step()});
}

} // namespace

TEST_P(MmioRead, BringsWhatTheInstructionAskedFor)
{
	const Load &row = GetParam();

	for (uint8_t reg : {9, 31}) {
		Stage s;
		rmm_script_step access = load(kNothing + 8, reg, row.size);

		access.sign_extend = row.is_signed;
		access.narrow = row.narrow;
		s.run({set(9, 0x123), access, wait_step()});
		s.expect_idle(s.rec().run(enter_flags(s.m.version(), true), {kValue}).exit);
		EXPECT_EQ(reg == 9 ? row.expected : 0x123, s.rec().x(9));
		EXPECT_EQ(0u, s.rec().x(0));
	}
}

INSTANTIATE_TEST_SUITE_P(All, MmioRead, testing::ValuesIn(loads),
			 [](const auto &test) { return test.param.name; });

TEST(Completion, AnEmulatedWriteMovesOnlyThePc)
{
	Stage s;

	s.run({store(kNothing, 0x55), wait_step()});
	const uint64_t pc = s.rec().view().vcpu.pc;
	rmm_set_irq(s.m.sys(), 0, true);
	s.rec().run(enter_flags(s.m.version(), true), {0x99});
	EXPECT_EQ(pc + 4, s.rec().view().vcpu.pc);
	EXPECT_EQ(0x55u, s.rec().x(9));
}

TEST(Completion, EmulationCountsOnceAndOnlyNext)
{
	Stage s;
	const uint64_t mmio = enter_flags(s.m.version(), true);

	s.run({load(kNothing), wait_step()});
	/* A refused entry keeps it. */
	rmm_write_ich(s.m.sys(), 0, RMM_ICH_LR0, UINT64_C(3) << 61);
	EXPECT_EQ(RMI_REC_ENTER_REC_GICV3, s.rec().enter(mmio).answer.condition);
	rmm_write_ich(s.m.sys(), 0, RMM_ICH_LR0, 0);
	/* An accepted one without the flag loses it. */
	rmm_set_irq(s.m.sys(), 0, true);
	s.rec().run();
	EXPECT_EQ(RMI_REC_ENTER_REC_MMIO, s.rec().enter(mmio).answer.condition);
	rmm_set_irq(s.m.sys(), 0, false);
	EXPECT_EQ(hpfar(kNothing), s.rec().run().exit.hpfar) << "made again";
	s.expect_idle(s.rec().run(mmio, {7}).exit);
	EXPECT_EQ(7u, s.rec().x(9));
}

TEST(Completion, InjectedAbortKeepsTheSyndromeOfTheInstruction)
{
	Stage s;
	rmm_script_step access = load(kNothing + 0x44, 7, 2);

	access.sign_extend = true;
	s.run({access, wait_step()});
	s.rec().run(enter_flags(s.m.version(), false, true), {0x99});
	const rmm_script_status status = s.rec().script_status();
	/* ISV, SAS 1, SSE, SRT 7, SF, EA, external. */
	EXPECT_EQ(ec(0x25) | kIl | 0x1678210, status.last_esr);
	EXPECT_EQ(kNothing + 0x44, status.last_far);
	EXPECT_EQ(0u, s.rec().x(7));
}

TEST(Completion, InjectionElsewhereIsRefusedOrIgnored)
{
	for (bool refused : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_INJECT_SEA_REFUSED, refused));

		s.run({load(kPromised)});
		const Exit exit = s.rec().enter(enter_flags(s.m.version(), false, true));
		EXPECT_EQ(refused ? RMI_REC_ENTER_INJECT_SEA_TF : RMM_CONDITION_NONE,
			  exit.answer.condition);
		EXPECT_EQ(0u, s.rec().script_status().aborts);
	}
}

/* ---- host calls ---------------------------------------------------------------- */

TEST(Completion, HostCallCopiesTheAnswerAndNothingElse)
{
	Stage s;
	std::vector<uint64_t> answer(31);

	for (unsigned i = 0; i < 31; i++)
		answer[i] = 100 + i;
	s.rec().runs({store(kCall, 0x2a, 9, 2), smc({s.m.fid(RMM_CMD_RSI_HOST_CALL), kCall}),
		      wait_step()});
	EXPECT_EQ(0x2au, s.rec().run().exit.imm);
	s.expect_idle(s.rec().run(0, answer).exit);
	EXPECT_EQ(0u, s.rec().x(0));
	uint64_t words[32];
	ASSERT_TRUE(rmm_realm_peek(s.m.sys(), s.realm.rd(), kCall, words, sizeof(words)));
	EXPECT_EQ(0x2au, words[0]);
	for (unsigned i = 0; i < 31; i++)
		EXPECT_EQ(100 + i, words[1 + i]);
}

/* The answer is written under the locks of the page, which the realm then uses itself. */
TEST(Completion, HostCallLeavesItsPageUnlocked)
{
	Stage s;

	s.rec().runs({smc({s.m.fid(RMM_CMD_RSI_HOST_CALL), kCall}), load(kCall + 8), wait_step()});
	s.rec().run();
	s.rec().run(0, {7});
	EXPECT_EQ(7u, s.rec().x(9));
}

TEST(Completion, HostCallWhosePageIsGoneExitsAsAnAbort)
{
	for (bool low : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_HOST_CALL_HPFAR_LOW_BITS, low));

		make_call(s);
		s.rec().run();
		s.realm.unmap(kRam);
		const rmi_rec_exit exit = s.rec().run(0, {1, 2, 3}).exit;
		EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_SYNC), exit.exit_reason);
		EXPECT_EQ(ec(0x24) | 7, exit.esr);
		EXPECT_EQ(low ? kCall >> 8 : hpfar(kCall), exit.hpfar);
		EXPECT_EQ(0u, exit.cntv_ctl | exit.cntp_ctl | exit.cntv_cval | exit.cntp_cval);
	}
}

TEST(Completion, HostCallIntoEmptyMemoryIsDropped)
{
	for (bool keeps : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_HOST_CALL_EMPTY_KEEPS_X0, keeps), 2);
		const uint64_t fid = s.m.fid(RMM_CMD_RSI_HOST_CALL);

		s.recs[0].calls({s.m.fid(RMM_CMD_PSCI_CPU_ON), 1, kRam, 0});
		s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
		make_call(s);
		s.rec().run();
		/* The other REC gives the page up. */
		s.recs[1].calls({s.m.fid(RMM_CMD_RSI_IPA_STATE_SET), kRam, kRam + kPage, 0, 0});
		s.m.must(RMM_CMD_RMI_RTT_SET_RIPAS,
			 {s.realm.rd(), s.recs[1].pa(), kRam, kRam + kPage});
		s.expect_idle(s.rec().run(0, {1}).exit);
		EXPECT_EQ(keeps ? fid : 0, s.rec().x(0));
	}
}

TEST(Completion, ImmediateOfAHostCallHas16Or32Bits)
{
	for (bool wide : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_HOST_CALL_IMM_32_BITS, wide));

		s.rec().runs({store(kCall, 0x12345678, 9, 4),
			      smc({s.m.fid(RMM_CMD_RSI_HOST_CALL), kCall}), wait_step()});
		EXPECT_EQ(0x5678u, s.rec().run().exit.imm);
		EXPECT_EQ(wide ? 0x12345678u : 0x5678u, s.m.read_word(s.rec().run_page() + 0xe00));
		s.rec().run();
		EXPECT_EQ(0u, s.m.read_word(s.rec().run_page() + 0xe00));
	}
}

/* ---- RIPAS ---------------------------------------------------------------------- */

TEST(Completion, RipasChangeSaysHowFarItGot)
{
	struct {
		uint64_t ripas;
		unsigned pages_done;
		bool reject;
		uint64_t response;
	} const rows[] = {
		{1, 2, false, 0}, {1, 2, true, 0}, {1, 1, false, 0}, {1, 1, true, 1},
		{1, 0, false, 0}, {1, 0, true, 1}, {0, 0, true, 0},
	};

	for (const auto &row : rows) {
		Stage s;
		const uint64_t base = 0x10000;
		const uint64_t done = base + row.pages_done * kPage;

		s.rec().runs({smc({s.m.fid(RMM_CMD_RSI_IPA_STATE_SET), base, base + 2 * kPage,
				   row.ripas, 0}),
			      wait_step()});
		const rmi_rec_exit exit = s.rec().run().exit;
		EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_RIPAS_CHANGE), exit.exit_reason);
		EXPECT_EQ(base, exit.ripas_base);
		EXPECT_EQ(base + 2 * kPage, exit.ripas_top);
		EXPECT_EQ(row.ripas, exit.ripas_value);
		if (row.pages_done)
			s.m.must(RMM_CMD_RMI_RTT_SET_RIPAS,
				 {s.realm.rd(), s.rec().pa(), base, done});
		s.rec().run(rmi_rec_enter_flags_with_ripas_response(s.m.version(), 0, row.reject));
		EXPECT_EQ(0u, s.rec().x(0));
		EXPECT_EQ(done, s.rec().x(1));
		EXPECT_EQ(row.response, s.rec().x(2));
	}
}
