/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The header in the kernel's style of one version, used as a host would use it,
 * against the portable header of that version. Built once per version, with
 * RMM_LINUX_HEADER, RMM_PORTABLE_HEADER, RMM_TEST_VERSION (10, 20, 21, ...) and
 * names of its own (RMM_SUITE).
 */
#include <gtest/gtest.h>

#include RMM_LINUX_HEADER
#include RMM_PORTABLE_HEADER

/* RMM_NAME(FID_RMI_VERSION) is RMM2_0B1_FID_RMI_VERSION in 2.0-bet1. */
#define PASTE_TOO(a, b) a##b
#define PASTE(a, b)     PASTE_TOO(a, b)
#define RMM_NAME(name)  PASTE(RMM_UPPER_NS, name)
#define RMM_TYPE(name)  PASTE(RMM_LOWER_NS, name)

namespace
{

TEST(RMM_SUITE, Calls)
{
	EXPECT_EQ(SMC_RMI_VERSION, RMM_NAME(FID_RMI_VERSION));
	EXPECT_EQ(SMC_RMI_REC_ENTER, RMM_NAME(FID_RMI_REC_ENTER));
	EXPECT_EQ(SMC_RMI_RTT_SET_RIPAS, 0xC4000169u);
#if RMM_TEST_VERSION == 10
	EXPECT_EQ(SMC_RMI_DATA_CREATE_UNKNOWN, 0xC4000154u);
#else
	EXPECT_EQ(SMC_RMI_GRANULE_RANGE_DELEGATE, 0xC40001F1u);
	EXPECT_EQ(SMC_RMI_OP_CANCEL, 0xC400020Au);
#endif
#if RMM_TEST_VERSION == 23
	EXPECT_EQ(SMC_RMI_GPT_INFO, 0xC4000211u);
#endif
}

TEST(RMM_SUITE, Revision)
{
	EXPECT_EQ(RMI_ABI_VERSION(2, 1), 0x20001u);
	EXPECT_EQ(RMI_ABI_VERSION_GET_MAJOR(0x20001u), 2u);
	EXPECT_EQ(RMI_ABI_VERSION_GET_MINOR(0x20001u), 1u);
	EXPECT_EQ(RMI_ABI_MAJOR_VERSION, RMM_TEST_VERSION / 10);
}

TEST(RMM_SUITE, Results)
{
#if RMM_TEST_VERSION == 23
	EXPECT_EQ(RMI_RESULT_STATUS(0x204u), unsigned{RMI_ERROR_RTT});
	EXPECT_EQ(RMI_RESULT_DATA_LEVEL(0x204u), 2u);
	EXPECT_EQ(RMI_RESULT_MEMREQ(0x50Du), unsigned{RMI_OP_MEM_REQ_DONATE});
	EXPECT_EQ(RMI_RESULT_CAN_CANCEL(0x50Du), unsigned{RMI_OP_CAN_CANCEL});
#else
	EXPECT_EQ(RMI_RETURN_STATUS(0x204u), unsigned{RMI_ERROR_RTT});
	EXPECT_EQ(RMI_RETURN_INDEX(0x204u), 2u);
#endif
}

#if RMM_TEST_VERSION > 10
TEST(RMM_SUITE, AddressRanges)
{
	const u64 range = 0x8000000088123455ull;

	EXPECT_EQ(RMI_ADDR_RANGE_ADDR(range), 0x88123000u);
	EXPECT_EQ(RMI_ADDR_RANGE_COUNT(range), 0x115u);
#if RMM_TEST_VERSION == 23
	EXPECT_EQ(RMI_ADDR_RANGE_STATE(range), unsigned{RMI_OP_MEM_CONDITIONAL});
	EXPECT_EQ(RMI_DONATE_STATE(0x60000u), 3u);
#else
	EXPECT_EQ(RMI_ADDR_RANGE_STATE(range), unsigned{RMI_OP_MEM_UNDELEGATED});
	EXPECT_EQ(RMI_DONATE_STATE(0x60000u), 1u);
#endif
}
#endif

TEST(RMM_SUITE, Labels)
{
	EXPECT_EQ(static_cast<int>(RMI_EMPTY), 0);
	EXPECT_EQ(static_cast<int>(RMI_DESTROYED), 2);
	EXPECT_EQ(RMI_EXIT_RIPAS_CHANGE, 4);
#if RMM_TEST_VERSION <= 21
	EXPECT_EQ(RMI_UNASSIGNED, 0);
	EXPECT_EQ(RMI_TABLE, 2);
#endif
#if RMM_TEST_VERSION == 21
	EXPECT_EQ(RMI_EXIT_VDEV_VALIDATE_MAPPING, 9);
#elif RMM_TEST_VERSION >= 22
	EXPECT_EQ(RMI_EXIT_VDEV_VALIDATE_MAPPING, 8);
#endif
}

/* What a host fills in for a new REC and reads after an exit. */
TEST(RMM_SUITE, RecStructures)
{
	struct rec_params params = {};
	struct rec_run run = {};
	struct RMM_TYPE(rmi_rec_params) image;
	struct RMM_TYPE(rmi_rec_run) portable = {};

	params.flags = REC_PARAMS_FLAG_RUNNABLE;
	params.gprs[REC_CREATE_NR_GPRS - 1] = 7;
	static_assert(sizeof(image) == sizeof(params), "one page");
	memcpy(&image, &params, sizeof(image));
	EXPECT_EQ(image.flags, 1u);
	EXPECT_EQ(image.gprs[7], 7u);

	portable.exit.imm = 0x1234;
	portable.exit.gprs[30] = 30;
	portable.exit.pmu_ovf_status = 1;
	memcpy(&run, &portable, sizeof(run));
	EXPECT_EQ(run.exit.imm, 0x1234);
	EXPECT_EQ(run.exit.gprs[REC_RUN_GPRS - 1], 30u);
	EXPECT_EQ(run.exit.pmu_ovf_status, 1);
	EXPECT_EQ(REC_ENTER_FLAG_EMULATED_MMIO, 1u);
}

TEST(RMM_SUITE, RealmParams)
{
	struct realm_params params = {};

	params.s2sz = 40;
	params.rtt_level_start = -1;
	EXPECT_EQ(params.s2sz, 40);
	EXPECT_EQ(params.rtt_level_start, -1);
	EXPECT_EQ(offsetof(struct realm_params, rtt_base), 0x808u);
#if RMM_TEST_VERSION == 10
	EXPECT_EQ(offsetof(struct realm_params, vmid), 0x800u);
	EXPECT_EQ(RMI_FEATURE_REGISTER_0_GICV3_NUM_LRS, 0x3C00000000ull);
#elif RMM_TEST_VERSION <= 21
	params.flags = RMI_REALM_PARAM_FLAG_SVE;
	EXPECT_EQ(offsetof(struct realm_params, aux_rtt_base), 0xF80u);
#else
	params.flags0 = RMI_REALM_PARAM_FLAG_SVE;
	EXPECT_EQ(offsetof(struct realm_params, aux_rtt_base), 0xF80u);
#endif
}

} // namespace
