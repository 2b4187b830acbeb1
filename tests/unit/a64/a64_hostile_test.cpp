/* SPDX-License-Identifier: BSD-3-Clause */
/* Guests that are broken or mean: an architected result or a limit, never more. */
#include <random>

#include "guests.h"

namespace
{

constexpr uint32_t kLoop = 0x14000000; /* b . */
constexpr uint32_t kNop = 0xd503201f;
constexpr uint32_t kSmc = 0xd4000003; /* smc #0 */
constexpr uint32_t kHvc = 0xd4000002; /* hvc #0 */
constexpr uint32_t kUndefined = 0;
constexpr uint32_t kBranchX0 = 0xd61f0000; /* br x0 */
constexpr uint32_t kBranchX1 = 0xd61f0020; /* br x1: to shared memory */
constexpr uint64_t kVectorSame = 0x200;    /* VBAR_EL1 is 0 at reset */

constexpr uint64_t ec(uint64_t esr)
{
	return esr >> 26;
}

guest_options limited(uint64_t instructions)
{
	guest_options o = default_guest_options();

	o.max_instructions = instructions;
	o.max_exits = 1000;
	o.timeout = 20;
	return o;
}

/* The vectors are at IPA 0, outside of RAM: the first exception is followed by aborts there. */
void expect_aborts_without_end(const Outcome &o)
{
	EXPECT_TRUE(o.ran);
	EXPECT_NE(GUEST_END_OFF, o.report.end);
	EXPECT_NE(GUEST_END_ERROR, o.report.end) << o.report.error;
	EXPECT_EQ(kVectorSame, o.report.recs[0].vcpu.pc);
	EXPECT_EQ(0x21u, ec(o.report.recs[0].vcpu.esr_el1));
}

guest_options few_exits()
{
	guest_options o = limited(1000);

	o.max_exits = 3;
	return o;
}

} // namespace

TEST(A64Hostile, ALoopEndsAtTheExactInstruction)
{
	const Outcome o = run_words({kNop, kLoop}, limited(123457));

	EXPECT_EQ(GUEST_END_INSTRUCTIONS, o.report.end);
	EXPECT_EQ(123457u, o.report.guest.instructions);
	EXPECT_EQ(0x10000004u, o.report.recs[0].vcpu.pc);
}

TEST(A64Hostile, ALoopWithoutLimitsEndsInTime)
{
	guest_options options = default_guest_options();

	options.timeout = 0.2;
	const Outcome o = run_words({kLoop}, options);
	EXPECT_EQ(GUEST_END_TIME, o.report.end);
}

TEST(A64Hostile, UnknownSmcsAreAnsweredAndGoOn)
{
	/* movz x0, #0xbeef, lsl 16; smc; b . */
	const Outcome o = run_words({0xd2b7dde0, kSmc, kLoop}, limited(10));

	EXPECT_EQ(GUEST_END_INSTRUCTIONS, o.report.end);
	EXPECT_EQ(UINT64_MAX, o.report.recs[0].vcpu.x[0]);
	EXPECT_EQ(0x10000008u, o.report.recs[0].vcpu.pc);
}

TEST(A64Hostile, HvcIsUndefined)
{
	expect_aborts_without_end(run_words({kHvc}, few_exits()));
}

TEST(A64Hostile, UndefinedInstructionsGoToTheVector)
{
	expect_aborts_without_end(run_words({kUndefined}, few_exits()));
}

/* Words at which the engine gives up rather than call them undefined. */
TEST(A64Hostile, EnginesThatGiveUpCostAnUndefinedInstruction)
{
	constexpr uint32_t kBad = 0x6ed71c10;
	constexpr uint32_t kCount = 0x91000400; /* add x0, x0, #1 */
	constexpr uint32_t kZero = 0xd2800000;  /* mov x0, #0 */
	constexpr uint32_t kBranchOver = 0x14000002;

	expect_aborts_without_end(run_words({kBad}, few_exits()));
	const Outcome met = run_words({kZero, kCount, kCount, kBad, kCount}, few_exits());
	expect_aborts_without_end(met);
	EXPECT_EQ(2u, met.report.recs[0].vcpu.x[0]);
	const Outcome passed =
		run_words({kZero, kCount, kBranchOver, kBad, kCount, kLoop}, limited(1000));
	EXPECT_EQ(GUEST_END_INSTRUCTIONS, passed.report.end);
	EXPECT_EQ(2u, passed.report.recs[0].vcpu.x[0]);
}

TEST(A64Hostile, JumpsIntoNowhere)
{
	/* mov x0, #0x4000: EMPTY; then beyond the IPA space. */
	expect_aborts_without_end(run_words({0xd2880000, kBranchX0}, few_exits()));
	expect_aborts_without_end(run_words({0xd2e00020, 0xd2fffe00, kBranchX0}, few_exits()));
}

TEST(A64Hostile, DoesNotExecuteUnprotectedMemory)
{
	expect_aborts_without_end(run_words({kBranchX1}, few_exits()));
}

TEST(A64Hostile, MisalignedPcIsAnException)
{
	/* add x0, x3, #2; br x0 */
	expect_aborts_without_end(run_words({0x91000860, kBranchX0}, few_exits()));
}

TEST(A64Hostile, FallsOffTheEndOfRam)
{
	guest_options options = few_exits();

	options.mem = 4096;
	options.max_instructions = 5000;
	expect_aborts_without_end(run_words(std::vector<uint32_t>(1024, kNop), options));
}

TEST(A64Hostile, RandomBytesNeverHarmTheHost)
{
	std::mt19937 random(20260723);

	for (int round = 0; round < 40; round++) {
		std::vector<uint32_t> words(256);

		for (uint32_t &word : words)
			word = random();
		guest_options options = limited(20000);
		options.max_exits = 2;
		const Outcome o = run_words(words, options);
		ASSERT_TRUE(o.ran) << o.report.error;
		ASSERT_NE(GUEST_END_ERROR, o.report.end) << o.report.error;
		ASSERT_GE(20000u, o.report.guest.instructions);
	}
}

/* System instructions at random: the ones that this module carries out itself. */
TEST(A64Hostile, RandomSystemInstructionsNeverHarmTheHost)
{
	std::mt19937 random(42);

	for (int round = 0; round < 40; round++) {
		std::vector<uint32_t> words(256);

		for (uint32_t &word : words)
			word = 0xd5000000 | (random() & 0x3fffff);
		guest_options options = limited(20000);
		options.max_exits = 2;
		const Outcome o = run_words(words, options);
		ASSERT_TRUE(o.ran) << o.report.error;
		ASSERT_NE(GUEST_END_ERROR, o.report.end) << o.report.error;
	}
}

/* Likewise FP and SIMD, switched on before. */
TEST(A64Hostile, RandomSimdInstructionsNeverHarmTheHost)
{
	std::mt19937 random(11);

	for (int round = 0; round < 40; round++) {
		/* mov x0, #3 << 20; msr cpacr_el1, x0 */
		std::vector<uint32_t> words = {0xd2a00600, 0xd5181040};

		for (int i = 0; i < 254; i++)
			words.push_back((random() & ~0x1e000000u) | 0x0e000000);
		guest_options options = limited(20000);
		options.max_exits = 2;
		const Outcome o = run_words(words, options);
		ASSERT_TRUE(o.ran) << o.report.error;
		ASSERT_NE(GUEST_END_ERROR, o.report.end) << o.report.error;
	}
}

/* Likewise loads and stores, with every register in RAM to begin with. */
TEST(A64Hostile, RandomLoadsAndStoresNeverHarmTheHost)
{
	std::mt19937 random(7);

	for (int round = 0; round < 40; round++) {
		std::vector<uint32_t> words;

		for (uint32_t reg = 0; reg < 31; reg++)
			words.push_back(0xaa0303e0 | reg); /* mov xN, x3; x3 is RAM */
		for (int i = 0; i < 256; i++)
			words.push_back((random() & ~0x0a000000u) | 0x08000000);
		guest_options options = limited(20000);
		options.max_exits = 2;
		const Outcome o = run_words(words, options);
		ASSERT_TRUE(o.ran) << o.report.error;
		ASSERT_NE(GUEST_END_ERROR, o.report.end) << o.report.error;
	}
}
