// SPDX-License-Identifier: BSD-3-Clause
// PSCI: what the RMM answers, what the host sees, and how requests are completed.
#include "stage.h"

using namespace rec_tests;

namespace
{

constexpr uint64_t kSveHint = 0x10000;
constexpr uint64_t kUnsupported = UINT64_MAX;
constexpr uint64_t kCpuOn32 = 0x84000003;
constexpr uint64_t kCpuSuspend32 = 0x84000001;
constexpr uint64_t kAffinityInfo32 = 0x84000004;

/* The answer to a call that does not exit. */
uint64_t answer(Stage &s, const std::vector<uint64_t> &x)
{
	s.expect_idle(s.run({smc(x), wait_step()}));
	return s.rec().x(0);
}

uint64_t features(Stage &s, uint64_t fid)
{
	return answer(s, {s.m.fid(RMM_CMD_PSCI_FEATURES), fid});
}

bool exits(Stage &s, const std::vector<uint64_t> &x)
{
	return s.run({smc(x), wait_step()}).exit_reason == RMI_EXIT_PSCI;
}

} // namespace

TEST(Psci, FeaturesNamesWhatThereIs)
{
	Stage s;

	for (uint64_t fid : {0x84000000u, 0xc4000001u, 0x84000002u, 0xc4000003u, 0xc4000004u,
			     0x84000008u, 0x84000009u, 0x8400000au})
		EXPECT_EQ(0u, features(s, fid)) << std::hex << fid;
	for (uint64_t fid :
	     {0x84000001u, 0x84000007u, 0x84000012u, 0x80000000u, 0xc4000190u, 0xc4000150u})
		EXPECT_EQ(kUnsupported, features(s, fid)) << std::hex << fid;
}

TEST(Psci, FeaturesOfTfRmm)
{
	for (bool on : {false, true}) {
		Stage version(with(RMM_BEHAVIOUR_PSCI_FEATURES_DENIES_VERSION, on));
		Stage smccc(with(RMM_BEHAVIOUR_PSCI_FEATURES_KNOWS_SMCCC, on));
		Stage smc32(with(RMM_BEHAVIOUR_PSCI_SMC32_ACCEPTED, on));

		EXPECT_EQ(on ? kUnsupported : 0, features(version, 0x84000000));
		EXPECT_EQ(on ? 0 : kUnsupported, features(smccc, 0x80000000));
		for (uint64_t fid : {kCpuSuspend32, kCpuOn32, kAffinityInfo32})
			EXPECT_EQ(on ? 0 : kUnsupported, features(smc32, fid));
		EXPECT_EQ(kUnsupported, features(smc32, 0xc4000008));
	}
}

TEST(Psci, Smc32FormsAreAcceptedOrNot)
{
	for (bool on : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_PSCI_SMC32_ACCEPTED, on), 2);

		EXPECT_EQ(on, exits(s, {kCpuSuspend32}));
		if (!on) {
			EXPECT_EQ(kUnsupported, s.rec().x(0));
			continue;
		}
		ASSERT_TRUE(exits(s, {kCpuOn32, 1, kRam, 0x77}));
		EXPECT_EQ(kCpuOn32, s.rec().read_exit().gprs[0]);
		s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
		EXPECT_TRUE(s.recs[1].view().runnable) << "it was a CPU_ON";
		EXPECT_EQ(0x77u, s.recs[1].x(0));
	}
}

TEST(Psci, TheSveHintIsIgnoredOrMakesItUnknown)
{
	for (bool unknown : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_PSCI_SVE_HINT_UNKNOWN, unknown), 2);
		const uint64_t cpu_on = s.m.fid(RMM_CMD_PSCI_CPU_ON);

		EXPECT_EQ(unknown ? kUnsupported : 0x10001,
			  answer(s, {s.m.fid(RMM_CMD_PSCI_VERSION) | kSveHint}));
		EXPECT_EQ(0u, answer(s, {s.m.fid(RMM_CMD_RSI_VERSION) | kSveHint, 0x10001}));
		if (unknown)
			continue;
		ASSERT_TRUE(exits(s, {cpu_on | kSveHint | UINT64_C(5) << 32, 1, kRam, 1}));
		EXPECT_EQ(cpu_on, s.rec().read_exit().gprs[0]) << "the function and nothing else";
		s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
		EXPECT_TRUE(s.recs[1].view().runnable);
	}
}

TEST(Psci, ContextOfCpuOnHas64Bits)
{
	Stage s({}, 2);
	const uint64_t context = UINT64_C(0x123456789abcdef0);

	ASSERT_TRUE(exits(s, {s.m.fid(RMM_CMD_PSCI_CPU_ON), 1, kRam, context}));
	s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
	EXPECT_EQ(context, s.recs[1].x(0));
	EXPECT_EQ(kRam, s.recs[1].view().vcpu.pc);
	EXPECT_EQ(0x3c5u, s.recs[1].view().vcpu.pstate);
}

TEST(Psci, RegistersOfACallHave32Or64Bits)
{
	const uint64_t junk = UINT64_C(7) << 32;

	for (bool wide : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_PSCI_REGISTERS_64_BITS, wide), 2);
		const uint64_t cpu_on = s.m.fid(RMM_CMD_PSCI_CPU_ON);
		const uint64_t info = s.m.fid(RMM_CMD_PSCI_AFFINITY_INFO);

		ASSERT_TRUE(exits(s, {cpu_on | junk, 1, kRam, 0}));
		EXPECT_EQ(wide ? cpu_on | junk : cpu_on, s.rec().read_exit().gprs[0]);
		s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
		EXPECT_EQ(static_cast<uint64_t>(wide ? PSCI_NOT_SUPPORTED : PSCI_SUCCESS),
			  s.rec().x(0));
		EXPECT_EQ(!wide, s.recs[1].view().runnable);
		EXPECT_EQ(!wide, exits(s, {info, 1, junk}));
	}
}

TEST(Psci, ArgumentsOfAnExitAreHiddenOrNot)
{
	for (bool hidden : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_PSCI_EXIT_HIDES_ARGUMENTS, hidden), 2);

		ASSERT_TRUE(exits(s, {s.m.fid(RMM_CMD_PSCI_CPU_ON), 1, kRam, 5, 6}));
		const rmi_rec_exit exit = s.rec().read_exit();
		EXPECT_EQ(1u, exit.gprs[1]);
		EXPECT_EQ(hidden ? 0 : kRam, exit.gprs[2]);
		EXPECT_EQ(hidden ? 0u : 5u, exit.gprs[3]);
		EXPECT_EQ(0u, exit.gprs[4]);
		s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
		ASSERT_TRUE(exits(s, {s.m.fid(RMM_CMD_PSCI_CPU_SUSPEND), 7, kRam, 5, 6}));
		const rmi_rec_exit suspended = s.rec().read_exit();
		EXPECT_EQ(hidden ? 0u : 7u, suspended.gprs[1]);
		EXPECT_EQ(hidden ? 0u : kRam, suspended.gprs[2]);
		EXPECT_EQ(hidden ? 0u : 5u, suspended.gprs[3]);
		EXPECT_EQ(0u, suspended.gprs[4]);
	}
}

TEST(Psci, DestroyedRecsCountOrNot)
{
	for (bool count : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_CPU_ON_COUNTS_DESTROYED_RECS, count), 2);
		const uint64_t cpu_on = s.m.fid(RMM_CMD_PSCI_CPU_ON);
		const uint64_t info = s.m.fid(RMM_CMD_PSCI_AFFINITY_INFO);

		s.m.must(RMM_CMD_RMI_REC_DESTROY, {s.recs[1].pa()});
		EXPECT_EQ(static_cast<uint64_t>(PSCI_INVALID_PARAMETERS),
			  answer(s, {cpu_on, 2, kRam, 0}));
		EXPECT_EQ(count, exits(s, {info, 1, 0}));
		if (!count) {
			EXPECT_FALSE(exits(s, {cpu_on, 1, kRam, 0}));
			EXPECT_EQ(static_cast<uint64_t>(PSCI_INVALID_PARAMETERS), s.rec().x(0));
		}
	}
}

TEST(Psci, AffinityInfoIsTheHostsOrTheRmms)
{
	for (bool rmm : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_AFFINITY_INFO_ANSWERED_BY_RMM, rmm), 2);
		const uint64_t info = s.m.fid(RMM_CMD_PSCI_AFFINITY_INFO);

		EXPECT_EQ(0u, answer(s, {info, 0, 0})) << "itself";
		EXPECT_EQ(static_cast<uint64_t>(PSCI_INVALID_PARAMETERS), answer(s, {info, 1, 1}));
		EXPECT_EQ(!rmm, exits(s, {info, 1, 0}));
		if (!rmm)
			s.m.must(RMM_CMD_RMI_PSCI_COMPLETE,
				 {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
		EXPECT_EQ(static_cast<uint64_t>(PSCI_OFF), s.rec().x(0));
	}
}

TEST(Psci, TheTargetIsRecognisedByMpidrOrIndex)
{
	/* RES1, MT, a reserved bit of Aff0, bits above Aff3: no affinity. */
	for (uint64_t bit :
	     {UINT64_C(1) << 31, UINT64_C(1) << 24, UINT64_C(1) << 4, UINT64_C(1) << 40})
		for (bool index : {false, true}) {
			Stage s(with(RMM_BEHAVIOUR_PSCI_COMPARES_INDEX, index), 2);

			EXPECT_EQ(index,
				  exits(s, {s.m.fid(RMM_CMD_PSCI_CPU_ON), 1 | bit, kRam, 0}));
			if (!index) {
				EXPECT_EQ(static_cast<uint64_t>(PSCI_INVALID_PARAMETERS),
					  s.rec().x(0));
				continue;
			}
			s.m.must(RMM_CMD_RMI_PSCI_COMPLETE,
				 {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS});
			EXPECT_TRUE(s.recs[1].view().runnable);
		}
}

TEST(Psci, TheMpidrOfARealmHasTheLayoutOfItsRegister)
{
	/* No test can create the 2^20 RECs that reach Aff3; REC 16 reaches Aff1. */
	for (bool raw : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_VMPIDR_HOLDS_REC_MPIDR, raw), 16);

		EXPECT_EQ(0x8000000fu, s.recs[15].view().vcpu.mpidr);
	}
}

TEST(Psci, CpuOnResetsTheTargetOrKeepsIt)
{
	for (bool keeps : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_CPU_ON_KEEPS_TARGET_GPRS, keeps), 2);
		const std::vector<uint64_t> on = {s.m.fid(RMM_CMD_PSCI_CPU_ON), 1, kRam, 0};
		const Arguments both = {s.recs[0].pa(), s.recs[1].pa(), PSCI_SUCCESS};

		ASSERT_TRUE(exits(s, on));
		s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, both);
		s.recs[1].runs({set(5, 55), smc({s.m.fid(RMM_CMD_PSCI_CPU_OFF)})});
		s.recs[1].run();
		ASSERT_TRUE(exits(s, on));
		s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, both);
		EXPECT_EQ(keeps ? 55u : 0u, s.recs[1].x(5));
	}
}
