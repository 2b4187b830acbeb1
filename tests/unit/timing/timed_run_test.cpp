/* SPDX-License-Identifier: BSD-3-Clause */
/* Properties of timed runs. They hold for any profile; no test knows an absolute number. */
#include <algorithm>
#include <cinttypes>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "timed_process.hpp"

namespace
{

constexpr std::uint64_t granule = 4096;

std::uint64_t sum_of(const rmm_timing_share &share)
{
	std::uint64_t sum = share.lock_wait + share.resource_wait;

	for (const std::uint64_t cycles : share.by_cost)
		sum += cycles;
	return sum;
}

/* One call as a delegation makes it; its granule is its PE's own or shared. */
void one_call(bench &b, unsigned int pe, std::uint64_t pa)
{
	rmm_timed_call_begin(b.timed, pe, static_cast<rmm_command>(0));
	b.charge(pe, RMM_COST_SMC, 1);
	b.charge(pe, RMM_COST_DISPATCH, 1);
	b.lock(pe, pa);
	b.charge(pe, RMM_COST_GRANULE_LOCK, 1, pa);
	b.charge(pe, RMM_COST_TABLE_READ, 3, pa);
	b.charge(pe, RMM_COST_WIPE, granule, pa);
	b.charge(pe, RMM_COST_TLBI_GPT, 1);
	b.unlock(pe, pa);
	b.charge(pe, RMM_COST_SMC_RETURN, 1);
	rmm_timed_call_end(b.timed, pe, static_cast<rmm_command>(0));
}

void calls_on_own_granules(bench &b, unsigned int pe)
{
	for (unsigned int i = 0; i < 50; i++)
		one_call(b, pe, (1000u * pe + i) * granule);
}

void calls_on_one_granule(bench &b, unsigned int pe)
{
	for (unsigned int i = 0; i < 50; i++)
		one_call(b, pe, granule);
}

/* Wipes without end: memory is what the PEs share. */
void wipes(bench &b, unsigned int pe)
{
	b.charge(pe, RMM_COST_WIPE, 1024 * granule, pe * 1024 * granule);
}

run_options with_pes(unsigned int pes)
{
	run_options options;

	options.pes = pes;
	return options;
}

} /* namespace */

TEST(TimedRun, IsSilent)
{
	const outcome out = run_timed(with_pes(2), calls_on_one_granule);

	ASSERT_EQ(out.result, 0) << out.error.text;
	EXPECT_TRUE(out.silent);
}

TEST(TimedRun, WorksOnceInAProcess)
{
	run_options options;

	options.runs = 2;
	const outcome out = run_timed(options, calls_on_own_granules);

	EXPECT_EQ(out.result, -1);
	EXPECT_NE(std::string(out.error.text).find("another process"), std::string::npos);
}

TEST(TimedRun, NeedsAnActor)
{
	EXPECT_EQ(run_timed(with_pes(0), calls_on_own_granules).result, -1);
}

TEST(TimedRun, AccountsForEveryCycle)
{
	const outcome out = run_timed(with_pes(4), calls_on_one_granule);

	ASSERT_EQ(out.result, 0) << out.error.text;
	ASSERT_EQ(out.num_pes, 4u);
	std::uint64_t by_pe = 0;
	for (unsigned int i = 0; i < 4; i++) {
		EXPECT_EQ(out.pes[i].calls, 50u);
		EXPECT_EQ(out.pes[i].share.total, sum_of(out.pes[i].share));
		EXPECT_EQ(out.pes[i].share.total, out.pes[i].cycles);
		by_pe += out.pes[i].share.total;
	}
	ASSERT_EQ(out.num_commands, 1u);
	EXPECT_EQ(out.commands[0].calls, 200u);
	EXPECT_EQ(out.commands[0].share.total, by_pe);
	EXPECT_LE(out.commands[0].min * 200, by_pe);
	EXPECT_GE(out.commands[0].max * 200, by_pe);
}

TEST(TimedRun, ChargesWhatTheProfileSays)
{
	const outcome out = run_timed({}, [](bench &b, unsigned int pe) {
		for (unsigned int c = 0; c < RMM_COST_COUNT; c++) {
			const std::uint64_t before = rmm_timed_cycles(b.timed);

			b.charge(pe, static_cast<rmm_cost>(c), 1000, 0);
			b.note(rmm_timed_cycles(b.timed) - before);
		}
	});
	rmm_timing_profile *profile = nullptr;

	ASSERT_EQ(out.result, 0) << out.error.text;
	ASSERT_EQ(rmm_profile_load(nullptr, &profile, nullptr), 0);
	ASSERT_EQ(out.num_notes, RMM_COST_COUNT);
	for (unsigned int c = 0; c < RMM_COST_COUNT; c++) {
		const rmm_rate &rate = profile->costs[c];
		const std::uint64_t expected =
			rate.once + (rate.cycles * 1000 + rate.per - 1) / rate.per;

		EXPECT_EQ(out.notes[c], expected) << rmm_cost_name(static_cast<rmm_cost>(c));
	}
	rmm_profile_free(profile);
}

TEST(TimedRun, IsMonotonicInTheAmount)
{
	for (unsigned int c = 0; c < RMM_COST_COUNT; c++) {
		run_options options;

		options.parameter = c;
		const outcome out = run_timed(options, [](bench &b, unsigned int pe) {
			for (std::uint64_t count = 0; count < 200; count++) {
				const std::uint64_t before = rmm_timed_cycles(b.timed);

				b.charge(pe, static_cast<rmm_cost>(b.parameter), count * 97);
				b.note(rmm_timed_cycles(b.timed) - before);
			}
		});

		ASSERT_EQ(out.result, 0) << out.error.text;
		EXPECT_TRUE(std::is_sorted(out.notes, out.notes + out.num_notes))
			<< rmm_cost_name(static_cast<rmm_cost>(c));
	}
}

TEST(TimedRun, SurvivesAbsurdAmounts)
{
	const outcome out = run_timed({}, [](bench &b, unsigned int pe) {
		b.charge(pe, RMM_COST_HASH, UINT64_MAX);
		b.charge(pe, static_cast<rmm_cost>(RMM_COST_COUNT), 1);
	});

	EXPECT_EQ(out.result, 0) << out.error.text;
}

TEST(TimedRun, ContentionIsNeverFasterThanBeingAlone)
{
	for (const bench_actor actor : {calls_on_own_granules, calls_on_one_granule, wipes}) {
		const outcome alone = run_timed(with_pes(1), actor);

		ASSERT_EQ(alone.result, 0) << alone.error.text;
		EXPECT_EQ(alone.pes[0].share.lock_wait, 0u);
		for (const unsigned int pes : {2u, 4u, 16u}) {
			const outcome together = run_timed(with_pes(pes), actor);

			ASSERT_EQ(together.result, 0) << together.error.text;
			for (unsigned int i = 0; i < pes; i++)
				EXPECT_GE(together.pes[i].cycles, alone.cycles) << pes << " PEs";
		}
	}
}

TEST(TimedRun, OneLockSerialises)
{
	const outcome alone = run_timed(with_pes(1), calls_on_one_granule);
	const outcome together = run_timed(with_pes(8), calls_on_one_granule);
	const auto inside = [](const rmm_timing_pe &pe) {
		return pe.share.by_cost[RMM_COST_WIPE] + pe.share.by_cost[RMM_COST_TLBI_GPT] +
		       pe.share.by_cost[RMM_COST_TABLE_READ];
	};

	ASSERT_EQ(together.result, 0) << together.error.text;
	EXPECT_GE(together.cycles, 8 * inside(alone.pes[0]));
	for (unsigned int i = 0; i < 8; i++)
		EXPECT_GT(together.pes[i].share.lock_wait, 0u);
}

TEST(TimedRun, MemoryIsShared)
{
	const outcome out = run_timed(with_pes(16), wipes);

	ASSERT_EQ(out.result, 0) << out.error.text;
	for (unsigned int i = 0; i < 16; i++)
		EXPECT_GT(out.pes[i].share.resource_wait, 0u);
}

TEST(TimedRun, LocksAreGrantedInOrderOfArrival)
{
	const outcome out = run_timed(with_pes(4), [](bench &b, unsigned int pe) {
		/* PE 0 comes first and stays; then 3, 2, 1. */
		rmm_timed_wait(b.timed, pe == 0 ? 0 : 100 * (4 - pe));
		b.lock(pe, granule);
		b.note(pe);
		rmm_timed_wait(b.timed, 100000);
		b.unlock(pe, granule);
	});

	ASSERT_EQ(out.result, 0) << out.error.text;
	ASSERT_EQ(out.num_notes, 4u);
	EXPECT_EQ(out.notes[0], 0u);
	EXPECT_EQ(out.notes[1], 3u);
	EXPECT_EQ(out.notes[2], 2u);
	EXPECT_EQ(out.notes[3], 1u);
}

TEST(TimedRun, CriticalSectionsExcludeEachOther)
{
	const outcome out = run_timed(with_pes(4), [](bench &b, unsigned int pe) {
		for (unsigned int i = 0; i < 20; i++) {
			b.lock(pe, granule);
			b.parameter++;
			b.charge(pe, RMM_COST_WIPE, 64 * granule); /* longer than a quantum */
			b.note(b.parameter);
			b.parameter--;
			b.unlock(pe, granule);
		}
	});

	ASSERT_EQ(out.result, 0) << out.error.text;
	ASSERT_EQ(out.num_notes, 80u);
	EXPECT_EQ(std::count(out.notes, out.notes + 80, 1u), 80);
}

TEST(TimedRun, ADeadlockIsASentence)
{
	const outcome out = run_timed(with_pes(2), [](bench &b, unsigned int pe) {
		b.lock(pe, pe * granule);
		rmm_timed_wait(b.timed, 1000);
		b.lock(pe, (1 - pe) * granule);
	});

	EXPECT_EQ(out.result, -1);
	EXPECT_STREQ(out.error.text, "deadlock: PE 0 waits for the lock of the granule at 0x1000, "
				     "which PE 1 holds");
}

TEST(TimedRun, AForeignReleaseIsASentence)
{
	const outcome out = run_timed({}, [](bench &b, unsigned int pe) { b.unlock(pe, granule); });

	EXPECT_EQ(out.result, -1);
	EXPECT_NE(std::string(out.error.text).find("did not hold"), std::string::npos);
}

/* Only the outer pair counts, and an end without a beginning does not. */
TEST(TimedRun, CallsInsideOfCallsAreOne)
{
	const outcome out = run_timed({}, [](bench &b, unsigned int pe) {
		const auto command = static_cast<rmm_command>(0);

		rmm_timed_call_end(b.timed, pe, command);
		rmm_timed_call_begin(b.timed, pe, command);
		rmm_timed_call_begin(b.timed, pe, command);
		b.charge(pe, RMM_COST_SMC, 1);
		rmm_timed_call_end(b.timed, pe, command);
		rmm_timed_call_end(b.timed, pe, command);
		b.charge(pe, RMM_COST_SMC, 0);
	});

	ASSERT_EQ(out.result, 0) << out.error.text;
	ASSERT_EQ(out.num_commands, 1u);
	EXPECT_EQ(out.commands[0].calls, 1u);
}

TEST(TimedRun, TheFirstComplaintIsKept)
{
	const outcome out = run_timed(with_pes(2), [](bench &b, unsigned int pe) {
		rmm_timed_wait(b.timed, pe * 100);
		b.unlock(pe, granule);
		b.unlock(pe, 2 * granule);
	});

	EXPECT_EQ(out.result, -1);
	EXPECT_STREQ(out.error.text, "a lock was released by a PE that did not hold it");
}

TEST(TimedRun, DependsLittleOnTheQuantum)
{
	for (const bench_actor actor : {calls_on_own_granules, calls_on_one_granule, wipes}) {
		run_options options = with_pes(8);

		options.quantum_ns = 10;
		const outcome exact = run_timed(options, actor);
		ASSERT_EQ(exact.result, 0) << exact.error.text;
		for (const std::uint64_t quantum : {100u, 1000u, 10000u}) {
			options.quantum_ns = quantum;
			const outcome out = run_timed(options, actor);

			EXPECT_NEAR(static_cast<double>(out.cycles),
				    static_cast<double>(exact.cycles),
				    0.02 * static_cast<double>(exact.cycles))
				<< quantum << " ns";
		}
	}
}

TEST(TimedRun, SeedsChooseInterleavings)
{
	const auto order = [](std::uint64_t seed) {
		run_options options = with_pes(8);

		options.seed = seed;
		options.start_skew = 10000;
		const outcome out = run_timed(options, [](bench &b, unsigned int pe) {
			b.lock(pe, granule);
			b.note(pe);
			b.unlock(pe, granule);
		});
		return std::vector<std::uint64_t>(out.notes, out.notes + out.num_notes);
	};

	EXPECT_EQ(order(1).size(), 8u);
	EXPECT_EQ(order(1), order(1));
	EXPECT_NE(order(1), order(2));
}

TEST(TimedRun, TheCounterFollowsLocalTime)
{
	const outcome out = run_timed(with_pes(1), [](bench &b, unsigned int pe) {
		for (unsigned int i = 0; i < 10; i++) {
			b.note(b.port.now(b.port.ctx, pe));
			b.charge(pe, RMM_COST_HASH, granule);
			b.port.guest_slice(b.port.ctx, pe);
		}
	});

	ASSERT_EQ(out.result, 0) << out.error.text;
	ASSERT_EQ(out.num_notes, 10u);
	for (unsigned int i = 1; i < 10; i++)
		EXPECT_GT(out.notes[i], out.notes[i - 1]);
}

TEST(TimedRun, ThePortIsFreeOutsideARun)
{
	rmm_timing_profile *profile = nullptr;
	rmm_timing_options options = {};
	rmm_timed *timed = nullptr;

	ASSERT_EQ(rmm_profile_load(nullptr, &profile, nullptr), 0);
	options.profile = profile;
	ASSERT_EQ(rmm_timed_create(&options, &timed, nullptr), 0);
	const rmm_port port = rmm_timed_port(timed);

	port.lock(port.ctx, 0, 0);
	port.charge(port.ctx, 0, RMM_COST_WIPE, granule, 0);
	port.guest_slice(port.ctx, 0);
	port.unlock(port.ctx, 0, 0);
	rmm_timed_call_begin(timed, 0, static_cast<rmm_command>(0));
	rmm_timed_call_end(timed, 0, static_cast<rmm_command>(0));
	EXPECT_EQ(port.now(port.ctx, 0), 0u);
	EXPECT_EQ(rmm_timed_report(timed)->num_commands, 0u);
	rmm_timed_destroy(timed);
	rmm_profile_free(profile);
}

TEST(TimedRun, OptionsAreChecked)
{
	rmm_timing_profile *profile = nullptr;
	rmm_timing_options options = {};
	rmm_timed *timed = nullptr;
	rmm_error error = {};

	EXPECT_EQ(rmm_timed_create(&options, &timed, &error), -1);
	EXPECT_NE(std::string(error.text).find("rmm_profile_load"), std::string::npos);
	ASSERT_EQ(rmm_profile_load(nullptr, &profile, nullptr), 0);
	options.profile = profile;
	options.stack_bytes = 1;
	EXPECT_EQ(rmm_timed_create(&options, &timed, &error), -1);
	options.stack_bytes = 0;
	options.quantum_ns = UINT64_MAX;
	EXPECT_EQ(rmm_timed_create(&options, &timed, &error), -1);
	rmm_profile_free(profile);
}
