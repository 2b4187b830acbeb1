/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A few instructions at a time, on a vCPU without a realm around it: what they do to its registers,
 * and what they ask of the RMM.
 */
#include "a64_vcpu.h"

#include <string>

#include "rmmsim/a64.h"
#include "rmmsim/sysreg.h"

namespace
{

/* Instructions by their names. */
constexpr uint32_t kNop = 0xd503201f, kBrk5 = 0xd42000a0, kHlt1 = 0xd4400020, kHvc3 = 0xd4000062;
constexpr uint32_t kSvc7 = 0xd40000e1, kWfi = 0xd503207f, kWfe = 0xd503205f, kEret = 0xd69f03e0;
constexpr uint32_t kDcZvaX0 = 0xd50b7420, kIcIvauX0 = 0xd50b7520, kIcIallu = 0xd508751f;
constexpr uint32_t kTlbi = 0xd508871f;
constexpr uint32_t kAtE1r = 0xd5087800, kAtE1w = 0xd5087820, kAtE0r = 0xd5087840;
constexpr uint32_t kAtE0w = 0xd5087860, kAtE12 = 0xd5087880;
constexpr uint32_t kSetPan = 0xd500419f, kClearPan = 0xd500409f, kMrsX5Pan = 0xd5384265;
constexpr uint32_t kMsrPanX0 = 0xd5184260;
constexpr uint32_t kMrsX1Ttbr0 = 0xd5382001, kMrsX2Ttbr1 = 0xd5382022, kMrsX3Tcr = 0xd5382043;
constexpr uint32_t kMrsX4Par = 0xd5387404, kMsrParX4 = 0xd5187404;
constexpr uint32_t kMsrTtbr0X1 = 0xd5182001, kMsrTtbr1X2 = 0xd5182022, kMsrTcrX3 = 0xd5182043;
constexpr uint32_t kMsrSctlrX0 = 0xd5181000, kMsrCntkctlX6 = 0xd518e106;
constexpr uint32_t kMsrElrX7 = 0xd5184027, kMsrSpsrX8 = 0xd5184008;
constexpr uint32_t kMrsCntfrq = 0xd53be000, kMrsCntpct = 0xd53be020, kMrsCntvct = 0xd53be040;
constexpr uint32_t kMrsCntpCtl = 0xd53be220, kMrsCntvCtl = 0xd53be320;
constexpr uint32_t kMrsPfr0 = 0xd5380400, kMrsPmr = 0xd5384600;
constexpr uint32_t kMsrDaifclr2 = 0xd50342ff, kMsrDaifX0 = 0xd51b4220;
constexpr uint32_t kLdrUxtw = 0xb8624820, kLdrSxtw3 = 0xf862d820, kLdrLsl3 = 0xf8627820;
constexpr uint32_t kLdarW0 = 0x88dffc20, kStlrX0 = 0xc89ffc20;
constexpr uint32_t kLdtrX0 = 0xf8400820, kSttrW0 = 0xb8000820, kLdtrb = 0x38400820;
constexpr uint32_t kLdtrshX0 = 0x78800820, kLdtrshW0 = 0x78c00820, kLdtrsbW0 = 0x38c00820;
constexpr uint32_t kLdtrswX0 = 0xb8800820, kLdtrXzr = 0xf840083f, kSttrXzr = 0xf800083f;
constexpr uint32_t kLdrX0 = 0xf9400020, kStrX0 = 0xf9000020, kLdpX0 = 0xa9400820;

class A64Step : public A64Vcpu
{
protected:
	void SetUp() override
	{
		rmm_error why{};

		ASSERT_EQ(0, rmm_a64_load(MODULE, &a64_, &why)) << why.text;
		ops_ = rmm_a64_ops(a64_);
		guest_ = ops_->attach(rmm_a64_machine(a64_), 0, 0, 0);
		ASSERT_NE(nullptr, guest_);
		reset();
	}
	void TearDown() override
	{
		EXPECT_FALSE(endless_);
		ops_->detach(rmm_a64_machine(a64_), guest_);
		rmm_a64_unload(a64_);
	}

	rmm_a64 *a64_ = nullptr;
};

/* ---- exceptions -------------------------------------------------------------------------- */

struct Taken {
	const char *name;
	uint64_t pstate;
	uint32_t word;
	uint64_t sctlr;
	uint64_t ec;
};

void PrintTo(const Taken &taken, std::ostream *out)
{
	*out << taken.name;
}

class A64Exception : public A64Step, public ::testing::WithParamInterface<Taken>
{
};

TEST_P(A64Exception, IsTakenToEl1)
{
	vcpu_.pstate = GetParam().pstate;
	vcpu_.sctlr_el1 = GetParam().sctlr;
	run({kNop, GetParam().word});
	expect_exception(GetParam().ec);
	EXPECT_EQ(GetParam().pstate & 0xf, vcpu_.spsr_el1 & 0xf);
}

INSTANTIATE_TEST_SUITE_P(
	Instructions, A64Exception,
	::testing::Values(
		Taken{"brk", kEl1, kBrk5, 0, 0x3c}, Taken{"hlt", kEl1, kHlt1, 0, 0},
		Taken{"svc", kEl1, kSvc7, 0, 0x15},
		Taken{"svc_with_sp_of_el0", 0x3c4, kSvc7, 0, 0x15},
		Taken{"svc_at_el0", kEl0, kSvc7, 0, 0x15}, Taken{"hvc_at_el0", kEl0, kHvc3, 0, 0},
		Taken{"smc_at_el0", kEl0, kSmc, 0, 0}, Taken{"eret_at_el0", kEl0, kEret, 0, 0},
		Taken{"wfi_at_el0", kEl0, kWfi, 0, 0x01}, Taken{"wfe_at_el0", kEl0, kWfe, 0, 0x01},
		Taken{"dc_zva_at_el0", kEl0, kDcZvaX0, 0, 0x18},
		Taken{"ic_at_el0", kEl0, kIcIvauX0, 0, 0x18},
		Taken{"tlbi_at_el0", kEl0, kTlbi, 0, 0}, Taken{"at_at_el0", kEl0, kAtE1r, 0, 0},
		Taken{"at_stage_2", kEl1, kAtE12, 0, 0}, Taken{"pan_at_el0", kEl0, kSetPan, 0, 0},
		Taken{"ttbr_at_el0", kEl0, kMrsX1Ttbr0, 0, 0},
		Taken{"id_register_at_el0", kEl0, kMrsPfr0, 0, 0},
		Taken{"gic_at_el0", kEl0, kMrsPmr, 0, 0},
		Taken{"frequency_at_el0", kEl0, kMrsCntfrq, 0, 0x18},
		Taken{"physical_count_at_el0", kEl0, kMrsCntpct, 0, 0x18},
		Taken{"virtual_count_at_el0", kEl0, kMrsCntvct, 0, 0x18},
		Taken{"physical_timer_at_el0", kEl0, kMrsCntpCtl, 0, 0x18},
		Taken{"at_of_another_level", kEl1, 0xd5097800, 0, 0},
		Taken{"prefetch_as_el0_would", kEl1, 0xf8800820, 0, 0},
		Taken{"virtual_timer_at_el0", kEl0, kMrsCntvCtl, 0, 0x18}),
	[](const auto &row) { return std::string(row.param.name); });

TEST_F(A64Step, EretToAModeThatThereIsNotIsIllegal)
{
	vcpu_.x[7] = kCode;
	vcpu_.x[8] = 0x3c9; /* EL2h */
	run({kMsrElrX7, kMsrSpsrX8, kEret});
	expect_exception(0x0e);
	EXPECT_EQ(kEl1 & 0xf, vcpu_.spsr_el1 & 0xf);
}

TEST_F(A64Step, EretGoesWhereItIsSent)
{
	vcpu_.x[7] = kCode + 4 * 4;
	vcpu_.x[8] = kEl0;
	run({kMsrElrX7, kMsrSpsrX8, kEret, kBrk5, kNop, kBrk5});
	expect_exception(0x3c);
	EXPECT_EQ(kCode + 5 * 4, vcpu_.elr_el1);
	EXPECT_EQ(kEl0, vcpu_.spsr_el1 & 0xf);
}

TEST_F(A64Step, ExceptionsSetPanUnlessToldNotTo)
{
	constexpr uint64_t pan = UINT64_C(1) << 22;

	run({kBrk5});
	EXPECT_EQ(pan, vcpu_.pstate & pan);
	vcpu_.pstate = kEl1;
	vcpu_.sctlr_el1 = 1u << 23; /* SPAN */
	run({kBrk5});
	EXPECT_EQ(0u, vcpu_.pstate & pan);
}

/* ---- what is asked of the RMM ---------------------------------------------------------------- */

TEST_F(A64Step, CallsAndWaits)
{
	run({kHvc3});
	EXPECT_EQ(RMM_GUEST_HVC, event_.kind);
	EXPECT_EQ(3u, event_.imm);
	run({kWfi});
	EXPECT_EQ(RMM_GUEST_WFI, event_.kind);
	run({kWfe});
	EXPECT_EQ(RMM_GUEST_WFE, event_.kind);
	vcpu_.pstate = kEl0;
	vcpu_.sctlr_el1 = 1u << 16 | 1u << 18; /* nTWI, nTWE */
	run({kWfi});
	EXPECT_EQ(RMM_GUEST_WFI, event_.kind);
	run({kWfe});
	EXPECT_EQ(RMM_GUEST_WFE, event_.kind);
}

TEST_F(A64Step, TimersOfEl0AsCntkctlSays)
{
	static const struct {
		uint32_t word;
		uint64_t control;
	} rows[] = {{kMrsCntfrq, 1}, {kMrsCntfrq, 2},    {kMrsCntpct, 1},
		    {kMrsCntvct, 2}, {kMrsCntvCtl, 256}, {kMrsCntpCtl, 512}};

	for (const auto &row : rows) {
		for (bool permitted : {false, true}) {
			vcpu_.pstate = kEl1;
			vcpu_.x[6] = permitted ? row.control
					       : 0x303 & ~row.control &
							 (row.word == kMrsCntfrq ? ~UINT64_C(3)
										 : ~UINT64_C(0));
			run({kMsrCntkctlX6});
			expect_end();
			vcpu_.pstate = kEl0;
			run({row.word});
			if (permitted)
				EXPECT_EQ(RMM_GUEST_SYSREG, event_.kind);
			else
				expect_exception(0x18);
		}
	}
}

TEST_F(A64Step, RegistersOfTheRmm)
{
	run({kMrsPfr0});
	ASSERT_EQ(RMM_GUEST_SYSREG, event_.kind);
	EXPECT_FALSE(event_.write);
	EXPECT_EQ(0u, event_.reg);
	EXPECT_EQ(RMM_SYSREG(3, 0, 0, 4, 0), event_.sysreg);
	run({kMrsPmr});
	EXPECT_EQ(RMM_SYSREG(3, 0, 4, 6, 0), event_.sysreg);
}

/* Unmasking with an interrupt pending: the RMM looks before the next instruction. */
TEST_F(A64Step, UnmaskingEndsTheSlice)
{
	stop_at_nothing_ = true;
	vcpu_.virq = true;
	for (uint32_t word : {kMsrDaifclr2, kMsrDaifX0}) {
		vcpu_.pstate = kEl1;
		vcpu_.x[0] = 0x340;
		run({kNop, word, kBrk5});
		for (int i = 0; i < 4 && vcpu_.pc != kCode + 8; i++)
			go_on();
		EXPECT_EQ(RMM_GUEST_NOTHING, event_.kind);
		EXPECT_EQ(kCode + 8, vcpu_.pc);
		EXPECT_EQ(0x340u, vcpu_.pstate & 0x3c0);
	}
	vcpu_.pstate = kEl1;
	vcpu_.x[7] = kCode + 16;
	vcpu_.x[8] = 5;
	run({kMsrElrX7, kMsrSpsrX8, kEret, kBrk5, kBrk5});
	EXPECT_EQ(kCode + 16, vcpu_.pc);
}

/* ---- registers of its own ---------------------------------------------------------------------
 */

TEST_F(A64Step, KeepsTheRegistersOfTranslation)
{
	vcpu_.x[1] = 0x10000;
	vcpu_.x[2] = 0x11000;
	vcpu_.x[3] = 0x80100010;
	vcpu_.x[4] = 0x1234;
	run({kMsrTtbr0X1, kMsrTtbr1X2, kMsrTcrX3, kMsrParX4, kMsrTcrX3});
	expect_end();
	memset(vcpu_.x, 0, sizeof(vcpu_.x));
	run({kMrsX1Ttbr0, kMrsX2Ttbr1, kMrsX3Tcr, kMrsX4Par, kMrsX5Pan, kMrsX1Ttbr0 | 31});
	expect_end();
	EXPECT_EQ(0x10000u, vcpu_.x[1]);
	EXPECT_EQ(0x11000u, vcpu_.x[2]);
	EXPECT_EQ(0x80100010u, vcpu_.x[3]);
	EXPECT_EQ(0x1234u, vcpu_.x[4]);
	EXPECT_EQ(0u, vcpu_.x[5]);
}

TEST_F(A64Step, PanIsABitOfPstate)
{
	constexpr uint64_t pan = UINT64_C(1) << 22;

	run({kSetPan, kMrsX5Pan, kSetPan});
	expect_end();
	EXPECT_EQ(pan, vcpu_.x[5]);
	EXPECT_EQ(pan, vcpu_.pstate & pan);
	run({kClearPan, kMrsX5Pan});
	EXPECT_EQ(0u, vcpu_.x[5]);
	vcpu_.x[0] = UINT64_MAX;
	run({kMsrPanX0, kMrsX5Pan});
	expect_end();
	EXPECT_EQ(pan, vcpu_.x[5]);
}

/* ---- memory ------------------------------------------------------------------------------------
 */

TEST_F(A64Step, DcZvaZeroesABlock)
{
	for (bool mapped : {false, true}) {
		for (uint64_t at = kData; at < kData + 256; at += 8)
			put64(at, UINT64_MAX);
		vcpu_.x[0] = kData + 64 + 12;
		run({kDcZvaX0});
		expect_end();
		EXPECT_EQ(UINT64_MAX, get64(kData + 56)) << mapped;
		EXPECT_EQ(0u, get64(kData + 64));
		EXPECT_EQ(0u, get64(kData + 120));
		EXPECT_EQ(UINT64_MAX, get64(kData + 128));
	}
	vcpu_.pstate = kEl0;
	vcpu_.sctlr_el1 = 1u << 14; /* DZE */
	vcpu_.x[0] = kData + 128;
	run({kDcZvaX0, kBrk5});
	expect_exception(0x3c);
	EXPECT_EQ(0u, get64(kData + 128));
}

TEST_F(A64Step, DcZvaOfMemoryThatIsNotThereAsks)
{
	vcpu_.x[0] = kNowhere;
	run({kDcZvaX0});
	EXPECT_EQ(RMM_GUEST_ACCESS, event_.kind);
	EXPECT_EQ(kNowhere, event_.ipa);
	EXPECT_TRUE(event_.write);
	EXPECT_FALSE(event_.syndrome);
}

TEST_F(A64Step, CachesAreForgotten)
{
	vcpu_.x[0] = kCode;
	run({kIcIallu, kIcIvauX0, kTlbi});
	expect_end();
	vcpu_.pstate = kEl0;
	vcpu_.sctlr_el1 = 1u << 26; /* UCI */
	run({kIcIvauX0, kBrk5});
	expect_exception(0x3c);
}

struct Load {
	const char *name;
	uint32_t word;
	uint64_t x1, x2;
	uint64_t va; /* of the access */
	uint8_t size;
	bool write, syndrome, sign_extend, sixty_four;
};

void PrintTo(const Load &load, std::ostream *out)
{
	*out << load.name;
}

class A64Access : public A64Step, public ::testing::WithParamInterface<Load>
{
};

/* Memory that is not the realm's: the syndrome is what a host emulates a device by. */
TEST_P(A64Access, HasTheSyndromeOfItsInstruction)
{
	const Load &load = GetParam();

	vcpu_.x[1] = load.x1;
	vcpu_.x[2] = load.x2;
	run({load.word});
	ASSERT_EQ(RMM_GUEST_ACCESS, event_.kind);
	EXPECT_EQ(load.va, event_.ipa);
	EXPECT_EQ(load.va, event_.va);
	EXPECT_EQ(load.write, event_.write);
	EXPECT_EQ(load.syndrome, event_.syndrome);
	if (!load.syndrome)
		return;
	EXPECT_EQ(load.size, event_.size);
	EXPECT_EQ(load.sign_extend, event_.sign_extend);
	EXPECT_EQ(load.sixty_four, event_.sixty_four);
	EXPECT_EQ(load.word & 31, event_.reg);
}

INSTANTIATE_TEST_SUITE_P(
	Instructions, A64Access,
	::testing::Values(
		Load{"ldr", kLdrX0, kNowhere, 0, kNowhere, 8, false, true, false, true},
		Load{"str", kStrX0, kNowhere, 0, kNowhere, 8, true, true, false, true},
		Load{"ldr_uxtw", kLdrUxtw, kNowhere, 0xffffffff00000008, kNowhere + 8, 4, false,
		     true, false, false},
		Load{"ldr_sxtw", kLdrSxtw3, kNowhere + 16, 0xffffffff, kNowhere + 8, 8, false, true,
		     false, true},
		Load{"ldr_lsl", kLdrLsl3, kNowhere, 2, kNowhere + 16, 8, false, true, false, true},
		Load{"ldar", kLdarW0, kNowhere, 0, kNowhere, 4, false, true, false, false},
		Load{"stlr", kStlrX0, kNowhere, 0, kNowhere, 8, true, true, false, true},
		Load{"ldp", kLdpX0, kNowhere, 0, kNowhere, 8, false, false, false, false},
		Load{"ldr_literal", 0x58400000, 0, 0, kCode + 0x80000, 8, false, true, false, true},
		Load{"ldr_literal_of_a_word", 0x18400000, 0, 0, kCode + 0x80000, 4, false, true,
		     false, false},
		Load{"ldrsw_literal", 0x98400000, 0, 0, kCode + 0x80000, 4, false, true, true,
		     true},
		Load{"ldr_to_nowhere", 0xf940003f, kNowhere, 0, kNowhere, 8, false, true, false,
		     true},
		Load{"str_of_zero", 0xf900003f, kNowhere, 0, kNowhere, 8, true, true, false, true},
		Load{"ldrsb_to_32_bits", 0x39c00020, kNowhere, 0, kNowhere, 1, false, true, true,
		     false},
		Load{"ldr_post_index", 0xf8408420, kNowhere, 0, kNowhere, 8, false, false, false,
		     false},
		Load{"ldr_pre_index", 0xf8408c20, kNowhere, 0, kNowhere + 8, 8, false, false, false,
		     false},
		Load{"ldr_over_the_end_of_a_page", kLdrX0, kNowhere + kPage - 4, 0,
		     kNowhere + kPage - 4, 8, false, false, false, false},
		Load{"ldadd", 0xf8200022, kNowhere, 0, kNowhere, 8, false, false, false, false},
		Load{"ldr_literal_of_a_pair", kLdpX0 | 1u << 22, kNowhere + 8, 0, kNowhere + 8, 8,
		     false, false, false, false}),
	[](const auto &row) { return std::string(row.param.name); });

/* 16 bytes at a time have no syndrome, and are allowed once CPACR_EL1 says so. */
TEST_F(A64Step, VectorsAreLoadedWhereTheyAreOn)
{
	vcpu_.x[0] = 3u << 20;
	run({0xd5181040, 0xd5033fdf}); /* MSR CPACR_EL1, X0; ISB */
	expect_end();
	vcpu_.x[1] = kNowhere;
	run({0x3dc00020}); /* LDR Q0, [X1] */
	EXPECT_EQ(RMM_GUEST_ACCESS, event_.kind);
	EXPECT_FALSE(event_.syndrome);
}

/* LDTR and STTR: accesses as EL0 would make them. */
TEST_F(A64Step, UnprivilegedAccesses)
{
	static const struct {
		uint32_t word;
		uint64_t value;
	} loads[] = {
		{kLdtrX0, 0xf0f0f0f0f0f0f0f0},   {kLdtrb, 0xf0},
		{kLdtrshX0, 0xfffffffffffff0f0}, {kLdtrshW0, 0xfffff0f0},
		{kLdtrsbW0, 0xfffffff0},         {kLdtrswX0, 0xfffffffff0f0f0f0},
	};

	put64(kData, 0xf0f0f0f0f0f0f0f0);
	for (const auto &load : loads) {
		vcpu_.x[0] = 0;
		vcpu_.x[1] = kData;
		run({load.word, kLdtrXzr});
		expect_end();
		EXPECT_EQ(load.value, vcpu_.x[0]) << std::hex << load.word;
	}
	vcpu_.x[0] = 0x1111111122222222;
	run({kSttrW0});
	EXPECT_EQ(0xf0f0f0f022222222, get64(kData));
	run({kSttrXzr});
	EXPECT_EQ(0u, get64(kData));
}

/* A block in the page that is being executed. */
TEST_F(A64Step, DcZvaOfCodeIsSeenByTheNextInstruction)
{
	vcpu_.x[0] = kCode + 64;
	std::vector<uint32_t> words(40, kNop);
	words[0] = kDcZvaX0;
	run(words);
	expect_exception(0); /* a word of zeroes is undefined */
	EXPECT_EQ(kCode + 64, vcpu_.elr_el1);
}

TEST_F(A64Step, MasksAreNotEl0s)
{
	vcpu_.pstate = kEl0 | 0x3c0;
	vcpu_.virq = true;
	run({kMsrDaifclr2});
	expect_exception(0x18);
}

/* ---- machines ----------------------------------------------------------------------------------
 */

TEST_F(A64Step, OtherRealmsKeepTheirCaches)
{
	void *machine = rmm_a64_machine(a64_);
	void *const first = guest_;
	void *const other = ops_->attach(machine, 0x1000, 0, 0);
	void *const third = ops_->attach(machine, 0, 0, 1);

	run({kTlbi, kIcIallu});
	expect_end();
	guest_ = other;
	reset();
	run({kNop, kTlbi});
	expect_end();
	/* Some are detached by the RMM, in any order, and the last one with the machine. */
	ops_->detach(machine, first);
	guest_ = third;
	ops_->detach(machine, nullptr);
	ops_->invalidate(nullptr, 0, kPage);
}

TEST_F(A64Step, PagesAreAsManyAsTheRmmHandsOut)
{
	for (uint64_t i = 0; i < 1000; i++) {
		const rmm_guest_page page = {kNowhere + i * kPage, &ram_[kData], i % 2 == 0, false};

		ops_->map(guest_, &page);
	}
	put64(kData, 0x1234);
	vcpu_.x[1] = kNowhere + 998 * kPage;
	run({kLdrX0});
	expect_end();
	EXPECT_EQ(0x1234u, vcpu_.x[0]);
	vcpu_.x[1] = kNowhere + 999 * kPage;
	run({kStrX0});
	EXPECT_EQ(RMM_GUEST_ACCESS, event_.kind); /* it may not be written */
}

/* ---- stage 1 --------------------------------------------------------------------------------- */

constexpr uint64_t kL1 = 0x10000, kL2 = 0x11000, kL2b = 0x12000, kL3 = 0x13000;
constexpr uint64_t kAf = 1u << 10, kApEl0 = 1u << 6, kApRo = 1u << 7;
constexpr uint64_t kUxn = UINT64_C(1) << 54, kPxn = UINT64_C(1) << 53;
constexpr uint64_t kTcr = 25 | 25 << 16 | UINT64_C(2) << 30; /* 39 bits, 4 KiB, both halves */

struct Translation {
	const char *name;
	uint32_t at; /* the instruction */
	uint64_t va;
	uint64_t tcr;
	uint64_t ipa; /* of the page; without a fault */
	uint8_t fsc;  /* 0: none */
	uint64_t sctlr = 1;
	bool high = true; /* where the code runs: the half that the row leaves alone */
};

void PrintTo(const Translation &row, std::ostream *out)
{
	*out << row.name;
}

/* Tables of a guest: pages of its own, and something wrong here and there. */
class A64Tables : public A64Step
{
protected:
	void SetUp() override
	{
		A64Step::SetUp();
		put64(kL1 + 8 * 0, kL2 | 3 | kAf);
		put64(kL1 + 8 * 1, 0x40000000 | 1 | kAf | kApEl0);
		put64(kL1 + 8 * 3, kL2b | 3 | UINT64_C(0xf) << 59);
		put64(kL1 + 8 * 4, kNowhere | 3);
		put64(kL1 + 8 * 511, 0x80000000 | 1 | kAf | kApRo);
		put64(kL2 + 8 * 0, kL3 | 3);
		put64(kL2 + 8 * 1, 0x200000 | 1 | kAf | kApRo);
		put64(kL2 + 8 * 2, 0x400000 | 1);
		put64(kL2b, 0x600000 | 1 | kAf | kApEl0);
		for (uint64_t i = 0; i < kRam / kPage; i++)
			put64(kL3 + 8 * i, i * kPage | 3 | kAf);
		put64(kL3 + 8 * 100, 0x1000 | 1 | kAf);
		put64(kL3 + 8 * 101, 0x65000 | 3 | kAf | kApEl0 | kUxn | kPxn);
		put64(kL3 + 8 * 102, 0x66000 | 3 | kAf | kApEl0 | kApRo);
	}

	/* Switches translation on, then sets TCR_EL1 as the row wants it. */
	void translate_by(uint64_t tcr, uint64_t sctlr, bool high)
	{
		vcpu_.x[0] = sctlr;
		vcpu_.x[1] = vcpu_.x[2] = kL1;
		vcpu_.x[3] = kTcr;
		run({kMsrTtbr0X1, kMsrTtbr1X2, kMsrTcrX3, kMsrSctlrX0, kTlbi});
		expect_end();
		if (high) {
			vcpu_.pc = kHigh + kCode;
			vcpu_.vbar_el1 = kHigh + kVectors;
		}
		vcpu_.x[3] = tcr;
	}
};

class A64Stage1 : public A64Tables, public ::testing::WithParamInterface<Translation>
{
};

TEST_P(A64Stage1, IsTranslatedByTheTables)
{
	const Translation &row = GetParam();

	translate_by(row.tcr, row.sctlr, row.high);
	vcpu_.x[0] = row.va;
	run({kMsrTcrX3, row.at, kMrsX4Par});
	expect_end();
	if (row.fsc) {
		EXPECT_EQ(1u, vcpu_.x[4] & 1);
		EXPECT_EQ(row.fsc, vcpu_.x[4] >> 1 & 0x3f);
	} else {
		EXPECT_EQ(0u, vcpu_.x[4] & 1) << std::hex << vcpu_.x[4];
		EXPECT_EQ(row.ipa, vcpu_.x[4] & 0xfffffffff000);
	}
}

INSTANTIATE_TEST_SUITE_P(
	Rows, A64Stage1,
	::testing::Values(
		Translation{"page", kAtE1r, 0x1008, kTcr, 0x1000, 0},
		Translation{"page_to_write", kAtE1w, 0x1008, kTcr, 0x1000, 0},
		Translation{"page_of_el1", kAtE0r, 0x1008, kTcr, 0, 0x0f},
		Translation{"page_of_el0", kAtE0w, 0x65008, kTcr, 0x65000, 0},
		Translation{"page_to_read", kAtE0r, 0x66000, kTcr, 0x66000, 0},
		Translation{"page_not_to_write", kAtE0w, 0x66000, kTcr, 0, 0x0f},
		Translation{"block_of_1g", kAtE1w, 0x40123000, kTcr, 0x40123000, 0},
		Translation{"block_of_1g_of_el0", kAtE0w, 0x40123000, kTcr, 0x40123000, 0},
		Translation{"block_of_2m", kAtE1r, 0x212000, kTcr, 0x212000, 0},
		Translation{"block_not_to_write", kAtE1w, 0x212000, kTcr, 0, 0x0e},
		Translation{"below_a_table_of_el1", kAtE0r, 0xc0000000, kTcr, 0, 0x0e},
		Translation{"below_a_table_not_to_write", kAtE1w, 0xc0000000, kTcr, 0, 0x0e},
		Translation{"below_a_table_to_read", kAtE1r, 0xc0000000, kTcr, 0x600000, 0},
		Translation{"nothing_at_level_1", kAtE1r, 0x80000000, kTcr, 0, 0x05},
		Translation{"nothing_at_level_2", kAtE1r, 0x600000, kTcr, 0, 0x06},
		Translation{"block_at_level_3", kAtE1r, 0x64000, kTcr, 0, 0x07},
		Translation{"without_access_flag", kAtE1r, 0x400000, kTcr, 0, 0x0a},
		Translation{"beyond_the_input", kAtE1r, UINT64_C(1) << 39, kTcr, 0, 0x04},
		Translation{"tagged", kAtE1r, UINT64_C(0x0100000000001000),
			    kTcr | UINT64_C(1) << 37, 0x1000, 0},
		Translation{"tag_that_is_none", kAtE1r, UINT64_C(0x0100000000001000), kTcr, 0,
			    0x04},
		Translation{"half_that_is_off", kAtE1r, 0x1000, kTcr | 1 << 7, 0, 0x04},
		Translation{"input_too_large", kAtE1r, 0x1000, (kTcr & ~UINT64_C(0x3f)) | 15, 0,
			    0x04},
		Translation{"input_too_small", kAtE1r, 0x1000, (kTcr & ~UINT64_C(0x3f)) | 40, 0,
			    0x04},
		Translation{"granule_16k", kAtE1r, 0,
			    (kTcr & ~UINT64_C(0x3f)) | 28 | UINT64_C(2) << 14, 0x10000, 0},
		Translation{"granule_64k", kAtE1r, 0,
			    (kTcr & ~UINT64_C(0x3f)) | 22 | UINT64_C(1) << 14, 0x10000, 0},
		Translation{"upper_half", kAtE1r, UINT64_C(0xffffffffffffe000), kTcr, 0xbfffe000, 0,
			    1, false},
		Translation{"upper_half_that_is_off", kAtE1r, UINT64_C(0xffffffffffffe000),
			    kTcr | 1 << 23, 0, 0x04, 1, false},
		Translation{"upper_half_beyond_the_input", kAtE1r, UINT64_C(0xfff0000000000000),
			    kTcr, 0, 0x04, 1, false}),
	[](const auto &row) { return std::string(row.param.name); });

TEST_F(A64Step, AtWithoutStage1)
{
	vcpu_.x[0] = 0x123456;
	run({kAtE1r, kMrsX4Par});
	expect_end();
	EXPECT_EQ(0x123000u, vcpu_.x[4] & 0xfffffffff000);
	vcpu_.x[0] = UINT64_C(1) << 48;
	run({kAtE1r, kMrsX4Par});
	EXPECT_EQ(1u, vcpu_.x[4] & 0x7f);
}

/* A table that the RMM has not handed out: the walk is an access like any other. */
TEST_F(A64Tables, OutsideOfMemoryAreAskedFor)
{
	constexpr uint64_t va = UINT64_C(4) << 30;

	translate_by(kTcr, 1, true);
	for (uint32_t word : {kAtE1r, kLdrX0, kLdtrX0, kDcZvaX0}) {
		vcpu_.x[0] = vcpu_.x[1] = va;
		run({word});
		EXPECT_EQ(RMM_GUEST_ACCESS, event_.kind) << std::hex << word;
		EXPECT_EQ(kNowhere, event_.ipa);
		EXPECT_EQ(8u, event_.size);
		EXPECT_FALSE(event_.write);
		EXPECT_FALSE(event_.syndrome);
	}
}

/* With UAO, LDTR is what LDR is. */
TEST_F(A64Tables, UnprivilegedAccessesAreThoseOfEl0)
{
	constexpr uint64_t uao = UINT64_C(1) << 23;

	put64(kData, 0x5678);
	translate_by(kTcr, 1, true);
	vcpu_.x[1] = kData;
	run({kLdtrX0});
	expect_exception(0x25);
	EXPECT_EQ(0x0fu, vcpu_.esr_el1 & 0x3f);
	EXPECT_EQ(kData, vcpu_.far_el1);
	vcpu_.pstate = kEl1 | uao;
	vcpu_.pc = kHigh;
	run({kLdtrX0});
	expect_end();
	EXPECT_EQ(0x5678u, vcpu_.x[0]);
}

} // namespace
