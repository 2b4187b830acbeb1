/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers typed in by hand from the specification texts and the public client
 * headers, against the generated headers of all versions in one file. They
 * guard the description and the generator together: nothing here is generated.
 */
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "rmmsim/abi/rmm1_0.h"
#include "rmmsim/abi/rmm2_0b0.h"
#include "rmmsim/abi/rmm2_0b1.h"
#include "rmmsim/abi/rmm2_0b2.h"
#include "rmmsim/abi/rmm2_0b3.h"

/* The same number in 2.0-bet0 to 2.0-bet3. */
#define EXPECT_BETAS(name, number)                  \
	do {                                        \
		EXPECT_EQ(RMM2_0B0_##name, number); \
		EXPECT_EQ(RMM2_0B1_##name, number); \
		EXPECT_EQ(RMM2_0B2_##name, number); \
		EXPECT_EQ(RMM2_0B3_##name, number); \
	} while (0)

#define EXPECT_ALL(name, number)                  \
	do {                                      \
		EXPECT_EQ(RMM1_0_##name, number); \
		EXPECT_BETAS(name, number);       \
	} while (0)

#define EXPECT_OFFSET(type, field, number) EXPECT_EQ(offsetof(struct type, field), number)

#define EXPECT_BETA_OFFSETS(type, field, number)               \
	do {                                                   \
		EXPECT_OFFSET(rmm2_0b0_##type, field, number); \
		EXPECT_OFFSET(rmm2_0b1_##type, field, number); \
		EXPECT_OFFSET(rmm2_0b2_##type, field, number); \
		EXPECT_OFFSET(rmm2_0b3_##type, field, number); \
	} while (0)

#define EXPECT_ALL_OFFSETS(type, field, number)              \
	do {                                                 \
		EXPECT_OFFSET(rmm1_0_##type, field, number); \
		EXPECT_BETA_OFFSETS(type, field, number);    \
	} while (0)

#define WIDTH_OF(type, field) (8 * sizeof(((struct type *)0)->field))

namespace
{

TEST(KnownNumbers, IdentifiersThatNoVersionChanges)
{
	EXPECT_ALL(FID_RMI_VERSION, 0xC4000150u);
	EXPECT_ALL(FID_RMI_REALM_ACTIVATE, 0xC4000157u);
	EXPECT_ALL(FID_RMI_REALM_CREATE, 0xC4000158u);
	EXPECT_ALL(FID_RMI_REALM_DESTROY, 0xC4000159u);
	EXPECT_ALL(FID_RMI_REC_CREATE, 0xC400015Au);
	EXPECT_ALL(FID_RMI_REC_DESTROY, 0xC400015Bu);
	EXPECT_ALL(FID_RMI_REC_ENTER, 0xC400015Cu);
	EXPECT_ALL(FID_RMI_RTT_CREATE, 0xC400015Du);
	EXPECT_ALL(FID_RMI_RTT_DESTROY, 0xC400015Eu);
	EXPECT_ALL(FID_RMI_RTT_READ_ENTRY, 0xC4000161u);
	EXPECT_ALL(FID_RMI_PSCI_COMPLETE, 0xC4000164u);
	EXPECT_ALL(FID_RMI_FEATURES, 0xC4000165u);
	EXPECT_ALL(FID_RMI_RTT_FOLD, 0xC4000166u);
	EXPECT_ALL(FID_RMI_RTT_INIT_RIPAS, 0xC4000168u);
	EXPECT_ALL(FID_RMI_RTT_SET_RIPAS, 0xC4000169u);
}

TEST(KnownNumbers, IdentifiersOfOneMajorVersion)
{
	EXPECT_EQ(RMM1_0_FID_RMI_GRANULE_DELEGATE, 0xC4000151u);
	EXPECT_EQ(RMM1_0_FID_RMI_DATA_CREATE, 0xC4000153u);
	EXPECT_EQ(RMM1_0_FID_RMI_REC_AUX_COUNT, 0xC4000167u);
	EXPECT_EQ(RMM1_0_FID_RMI_RTT_MAP_UNPROTECTED, 0xC400015Fu);
	EXPECT_BETAS(FID_RMI_RTT_DATA_MAP_INIT, 0xC4000153u);
	EXPECT_BETAS(FID_RMI_RMM_CONFIG_SET, 0xC400016Eu);
	EXPECT_BETAS(FID_RMI_GRANULE_TRACKING_GET, 0xC40001E1u);
	EXPECT_BETAS(FID_RMI_RMM_CONFIG_GET, 0xC40001ECu);
	EXPECT_BETAS(FID_RMI_GRANULE_RANGE_DELEGATE, 0xC40001F1u);
	EXPECT_BETAS(FID_RMI_GRANULE_RANGE_UNDELEGATE, 0xC40001F2u);
	EXPECT_BETAS(FID_RMI_GPT_L1_CREATE, 0xC40001F3u);
	EXPECT_BETAS(FID_RMI_RTT_DATA_MAP, 0xC40001F5u);
	EXPECT_BETAS(FID_RMI_RTT_DATA_UNMAP, 0xC40001F6u);
	EXPECT_BETAS(FID_RMI_RTT_UNPROT_MAP, 0xC40001FBu);
	EXPECT_BETAS(FID_RMI_RTT_AUX_UNPROT_UNMAP, 0xC4000200u);
	EXPECT_BETAS(FID_RMI_REALM_TERMINATE, 0xC4000201u);
	EXPECT_BETAS(FID_RMI_RMM_ACTIVATE, 0xC4000202u);
	EXPECT_BETAS(FID_RMI_OP_CONTINUE, 0xC4000203u);
	EXPECT_BETAS(FID_RMI_OP_MEM_DONATE, 0xC4000208u);
	EXPECT_BETAS(FID_RMI_OP_MEM_RECLAIM, 0xC4000209u);
	EXPECT_BETAS(FID_RMI_OP_CANCEL, 0xC400020Au);
	EXPECT_BETAS(FID_RMI_VSMMU_CMD_COMPLETE, 0xC400020Du);
}

TEST(KnownNumbers, IdentifiersThatCameAndWent)
{
	EXPECT_EQ(RMM2_0B0_FID_RMI_VSMMU_EVENT_COMPLETE, 0xC40001EEu);
	EXPECT_EQ(RMM2_0B1_FID_RMI_RMM_STATE_GET, 0xC40001EEu);
	EXPECT_EQ(RMM2_0B0_FID_RMI_PSMMU_EVENT_DISCARD, 0xC40001F0u);
	EXPECT_EQ(RMM2_0B1_FID_RMI_PSMMU_EVENT_CONSUME, 0xC40001F0u);
	EXPECT_EQ(RMM2_0B1_FID_RMI_VSMMU_EVENT_NOTIFY, 0xC40001D6u);
	EXPECT_EQ(RMM2_0B2_FID_RMI_VSMMU_EVENT_HANDLE, 0xC40001D6u);
	EXPECT_EQ(RMM2_0B1_FID_RMI_VDEV_COMPLETE, 0xC400018Eu);
	EXPECT_EQ(RMM2_0B2_FID_RMI_CMEM_REMOVE_PDEV, 0xC40001E8u);
	EXPECT_EQ(RMM2_0B1_FID_RMI_PSMMU_INFO, 0xC400020Eu);
	EXPECT_EQ(RMM2_0B3_FID_RMI_RMM_DEACTIVATE, 0xC400020Fu);
	EXPECT_EQ(RMM2_0B3_FID_RMI_PDEV_STREAM_INFO, 0xC4000210u);
	EXPECT_EQ(RMM2_0B3_FID_RMI_GPT_INFO, 0xC4000211u);
#if defined(RMM2_0B1_FID_RMI_ATTEST_PLAT_TOKEN_REFRESH) ||                                  \
	defined(RMM2_0B1_FID_RMI_CMEM_CREATE) || defined(RMM2_0B3_FID_RMI_VDEV_COMPLETE) || \
	defined(RMM2_0B3_FID_RMI_VDEV_P2P_BIND) || defined(RMM2_0B2_FID_RMI_GPT_INFO) ||    \
	defined(RMM2_0B0_FID_RMI_PSMMU_INFO) || defined(RMM2_0B0_FID_RMI_GRANULE_DELEGATE)
	ADD_FAILURE() << "a version has a command that it must not have";
#endif
}

TEST(KnownNumbers, RealmAndPsciIdentifiers)
{
	EXPECT_ALL(FID_RSI_VERSION, 0xC4000190u);
	EXPECT_ALL(FID_RSI_FEATURES, 0xC4000191u);
	EXPECT_ALL(FID_RSI_MEASUREMENT_READ, 0xC4000192u);
	EXPECT_ALL(FID_RSI_MEASUREMENT_EXTEND, 0xC4000193u);
	EXPECT_ALL(FID_RSI_ATTESTATION_TOKEN_INIT, 0xC4000194u);
	EXPECT_ALL(FID_RSI_ATTESTATION_TOKEN_CONTINUE, 0xC4000195u);
	EXPECT_ALL(FID_RSI_REALM_CONFIG, 0xC4000196u);
	EXPECT_ALL(FID_RSI_IPA_STATE_SET, 0xC4000197u);
	EXPECT_ALL(FID_RSI_IPA_STATE_GET, 0xC4000198u);
	EXPECT_ALL(FID_RSI_HOST_CALL, 0xC4000199u);
	EXPECT_BETAS(FID_RSI_PLANE_ENTER, 0xC40001A3u);
	EXPECT_ALL(FID_PSCI_VERSION, 0x84000000u);
	EXPECT_ALL(FID_PSCI_CPU_OFF, 0x84000002u);
	EXPECT_ALL(FID_PSCI_CPU_ON, 0xC4000003u);
	EXPECT_ALL(FID_PSCI_SYSTEM_OFF, 0x84000008u);
	EXPECT_ALL(FID_PSCI_FEATURES, 0x8400000Au);
	EXPECT_ALL(FID_SMCCC_VERSION, 0x80000000u);
}

TEST(KnownNumbers, Statuses)
{
	EXPECT_ALL(RMI_SUCCESS, 0u);
	EXPECT_ALL(RMI_ERROR_INPUT, 1u);
	EXPECT_ALL(RMI_ERROR_REALM, 2u);
	EXPECT_ALL(RMI_ERROR_REC, 3u);
	EXPECT_ALL(RMI_ERROR_RTT, 4u);
	EXPECT_BETAS(RMI_ERROR_NOT_SUPPORTED, 5u);
	EXPECT_BETAS(RMI_ERROR_RTT_AUX, 7u);
	EXPECT_BETAS(RMI_BUSY, 10u);
	EXPECT_BETAS(RMI_ERROR_GLOBAL, 11u);
	EXPECT_BETAS(RMI_ERROR_TRACKING, 12u);
	EXPECT_BETAS(RMI_INCOMPLETE, 13u);
	EXPECT_BETAS(RMI_BLOCKED, 14u);
	EXPECT_BETAS(RMI_ERROR_GPT, 15u);
	EXPECT_BETAS(RMI_ERROR_GRANULE, 16u);
	EXPECT_ALL(RSI_ERROR_INPUT, 1u);
	EXPECT_ALL(RSI_ERROR_STATE, 2u);
	EXPECT_ALL(RSI_INCOMPLETE, 3u);
	EXPECT_ALL(PSCI_NOT_SUPPORTED, UINT64_C(0xFFFFFFFFFFFFFFFF));
	EXPECT_ALL(PSCI_DENIED, UINT64_C(0xFFFFFFFFFFFFFFFD));
	EXPECT_ALL(PSCI_ALREADY_ON, UINT64_C(0xFFFFFFFFFFFFFFFC));
#if defined(RMM1_0_RMI_BUSY) || defined(RMM1_0_RMI_INCOMPLETE)
	ADD_FAILURE() << "1.0-rel0 has five statuses";
#endif
}

TEST(KnownNumbers, ExitReasonsWereRenumbered)
{
	EXPECT_ALL(RMI_EXIT_SYNC, 0u);
	EXPECT_ALL(RMI_EXIT_PSCI, 3u);
	EXPECT_ALL(RMI_EXIT_RIPAS_CHANGE, 4u);
	EXPECT_ALL(RMI_EXIT_HOST_CALL, 5u);
	EXPECT_ALL(RMI_EXIT_SERROR, 6u);
	EXPECT_BETAS(RMI_EXIT_S2AP_CHANGE, 7u);
	EXPECT_BETAS(RMI_EXIT_VSMMU_COMMAND, 10u);
	EXPECT_EQ(RMM2_0B0_RMI_EXIT_VDEV_REQUEST, 8u);
	EXPECT_EQ(RMM2_0B1_RMI_EXIT_VDEV_VALIDATE_MAPPING, 9u);
	EXPECT_EQ(RMM2_0B2_RMI_EXIT_VDEV_VALIDATE_MAPPING, 8u);
	EXPECT_EQ(RMM2_0B3_RMI_EXIT_VDEV_VALIDATE_MAPPING, 8u);
	EXPECT_EQ(RMM2_0B2_RMI_EXIT_VDEV_P2P_BINDING, 11u);
#if defined(RMM2_0B3_RMI_EXIT_VDEV_P2P_BINDING) || defined(RMM1_0_RMI_EXIT_S2AP_CHANGE)
	ADD_FAILURE() << "a version has an exit reason that it must not have";
#endif
}

TEST(KnownNumbers, OtherLabels)
{
	EXPECT_ALL(RMI_HASH_SHA_256, 0u);
	EXPECT_ALL(RMI_HASH_SHA_512, 1u);
	EXPECT_BETAS(RMI_HASH_SHA_384, 2u);
	EXPECT_BETAS(RMI_OP_MEM_REQ_RECLAIM, 2u);
	EXPECT_BETAS(RMI_OP_MEM_UNDELEGATED, 1u);
	EXPECT_EQ(RMM2_0B3_RMI_OP_MEM_CONDITIONAL, 2u);
	EXPECT_BETAS(RMI_TRACKING_COARSE, 3u);
	EXPECT_EQ(RMM2_0B3_RMI_TRACKING_INTERMEDIATE, 4u);
	EXPECT_BETAS(RMI_ADDR_TYPE_LIST, 2u);
	EXPECT_BETAS(RMI_GRANULE_SIZE_64KB, 2u);
	EXPECT_BETAS(RMI_RTTE_AUX_DESTROYED, 4u);
	EXPECT_EQ(RMM1_0_RMI_TABLE, 2u);
	EXPECT_BETAS(RMI_RIPAS_DEV, 3u);
#if defined(RMM2_0B2_RMI_OP_MEM_CONDITIONAL) || defined(RMM1_0_RMI_HASH_SHA_384)
	ADD_FAILURE() << "a version has a label that it must not have";
#endif
}

TEST(KnownNumbers, FeatureRegisters)
{
	EXPECT_ALL(RMI_FEATURE_REGISTER0_S2SZ_MASK, 0xFFu);
	EXPECT_ALL(RMI_FEATURE_REGISTER0_NUM_BPS_MASK, 0xFC000u);
	EXPECT_ALL(RMI_FEATURE_REGISTER0_NUM_WPS_SHIFT, 20);
	EXPECT_ALL(RMI_FEATURE_REGISTER0_PMU_NUM_CTRS_MASK, 0xF8000000u);
	EXPECT_EQ(RMM1_0_RMI_FEATURE_REGISTER0_MAX_RECS_ORDER_MASK, UINT64_C(0x3C000000000));
	EXPECT_EQ(RMM1_0_RMI_FEATURE_REGISTER0_GICV3_NUM_LRS_SHIFT, 34);
	EXPECT_EQ(RMM2_0B3_RMI_FEATURE_REGISTER0_S2OASZ_MASK, UINT64_C(0x1FE00000000));
	EXPECT_BETAS(RMI_FEATURE_REGISTER1_HASH_SHA_384_SHIFT, 4);
	EXPECT_BETAS(RMI_FEATURE_REGISTER1_MAX_RECS_ORDER_MASK, 0x3C0u);
	EXPECT_EQ(RMM2_0B2_RMI_FEATURE_REGISTER2_MAX_CMEM_MASK, 0xFF000u);
	EXPECT_EQ(RMM2_0B3_RMI_FEATURE_REGISTER2_REALM_MAX_VDEVS_ORDER_MASK, 0x7C00u);
	EXPECT_BETAS(RMI_FEATURE_REGISTER3_RTT_S2AP_INDIRECT_SHIFT, 6);
	EXPECT_BETAS(RMI_FEATURE_REGISTER4_MEC_COUNT_MASK, UINT64_MAX);
}

TEST(KnownNumbers, BitFields)
{
	EXPECT_EQ(RMM1_0_RMI_COMMAND_RETURN_CODE_INDEX_MASK, 0xFF00u);
	EXPECT_BETAS(RMI_RESULT_STATUS_MASK, 0xFFu);
	EXPECT_BETAS(RMI_INTERFACE_VERSION_MAJOR_MASK, 0x7FFF0000u);
	EXPECT_BETAS(RMI_OP_MEM_DONATE_REQ_COUNT_MASK, 0xFFFCu);
	EXPECT_BETAS(RMI_OP_MEM_DONATE_REQ_CONTIG_SHIFT, 16);
	EXPECT_EQ(RMM2_0B2_RMI_OP_MEM_DONATE_REQ_STATE_MASK, 0x20000u);
	EXPECT_EQ(RMM2_0B3_RMI_OP_MEM_DONATE_REQ_STATE_MASK, 0x60000u);
	EXPECT_EQ(RMM2_0B1_RMI_ADDR_RANGE_DESC_STATE_SHIFT, 63);
	EXPECT_EQ(RMM2_0B3_RMI_ADDR_RANGE_DESC_STATE_SHIFT, 62);
	EXPECT_BETAS(RMI_ADDR_RANGE_DESC_COUNT_MASK, 0xFFCu);
	EXPECT_BETAS(RMI_ADDR_RANGE_DESC_ADDR_MASK, UINT64_C(0xFFFFFFFFFF000));
	EXPECT_BETAS(RMI_REALM_FLAGS0_MEC_POLICY_MASK, 0x180u);
	EXPECT_ALL(RMI_REC_ENTER_FLAGS_EMUL_MMIO_MASK, 0x1u);
	EXPECT_ALL(RMI_REC_ENTER_FLAGS_RIPAS_RESPONSE_MASK, 0x10u);
	EXPECT_BETAS(RMI_REC_ENTER_FLAGS_FORCE_P0_MASK, 0x80u);
	EXPECT_BETAS(RMI_RTT_UNPROT_MAP_FLAGS_S2AP_MASK, 0x780000u);
	EXPECT_BETAS(RMI_RTT_UNPROT_MAP_FLAGS_MEMATTR_SHIFT, 16);
	EXPECT_ALL(RMI_REC_MPIDR_AFF3_SHIFT, 24);
}

TEST(KnownNumbers, BitFieldFunctions)
{
	EXPECT_EQ(rmm2_0b2_rmi_op_mem_donate_req_set_state(0, 3), 0x20000u);
	EXPECT_EQ(rmm2_0b3_rmi_op_mem_donate_req_set_state(0, 3), 0x60000u);
	EXPECT_EQ(rmm2_0b1_rmi_op_mem_donate_req_get_count(0x2FFFF), 0x3FFFu);
	EXPECT_EQ(rmm2_0b3_rmi_feature_register4_set_mec_count(7, UINT64_MAX), UINT64_MAX);
	EXPECT_EQ(rmm1_0_rmi_command_return_code_get_index(0x0204), 2u);
}

TEST(KnownNumbers, RealmParams)
{
	EXPECT_OFFSET(rmm1_0_rmi_realm_params, flags, 0x0u);
	EXPECT_OFFSET(rmm1_0_rmi_realm_params, vmid, 0x800u);
	EXPECT_BETA_OFFSETS(rmi_realm_params, flags0, 0x0u);
	EXPECT_ALL_OFFSETS(rmi_realm_params, s2sz, 0x8u);
	EXPECT_ALL_OFFSETS(rmi_realm_params, hash_algo, 0x30u);
	EXPECT_BETA_OFFSETS(rmi_realm_params, num_aux_planes, 0x38u);
	EXPECT_ALL_OFFSETS(rmi_realm_params, rpv, 0x400u);
	EXPECT_BETA_OFFSETS(rmi_realm_params, ats_plane, 0x440u);
	EXPECT_ALL_OFFSETS(rmi_realm_params, rtt_base, 0x808u);
	EXPECT_ALL_OFFSETS(rmi_realm_params, rtt_level_start, 0x810u);
	EXPECT_ALL_OFFSETS(rmi_realm_params, rtt_num_start, 0x818u);
	EXPECT_BETA_OFFSETS(rmi_realm_params, flags1, 0x820u);
	EXPECT_OFFSET(rmm2_0b3_rmi_realm_params, max_num_vdevs, 0x828u);
	EXPECT_BETA_OFFSETS(rmi_realm_params, aux_rtt_base, 0xF80u);
	EXPECT_EQ(WIDTH_OF(rmm2_0b1_rmi_realm_params, s2sz), 8u);
	EXPECT_EQ(WIDTH_OF(rmm2_0b1_rmi_realm_params, rtt_num_start), 32u);
	EXPECT_EQ(sizeof(struct rmm2_0b1_rmi_realm_params), 0x1000u);
}

TEST(KnownNumbers, RecParams)
{
	EXPECT_ALL_OFFSETS(rmi_rec_params, mpidr, 0x100u);
	EXPECT_ALL_OFFSETS(rmi_rec_params, pc, 0x200u);
	EXPECT_ALL_OFFSETS(rmi_rec_params, gprs, 0x300u);
	EXPECT_OFFSET(rmm1_0_rmi_rec_params, num_aux, 0x800u);
	EXPECT_OFFSET(rmm1_0_rmi_rec_params, aux, 0x808u);
	EXPECT_EQ(WIDTH_OF(rmm1_0_rmi_rec_params, aux), 16u * 64);
	EXPECT_EQ(sizeof(struct rmm2_0b3_rmi_rec_params), 0x1000u);
}

TEST(KnownNumbers, RecRun)
{
	EXPECT_ALL_OFFSETS(rmi_rec_run, exit, 0x800u);
	EXPECT_ALL_OFFSETS(rmi_rec_enter, gprs, 0x200u);
	EXPECT_OFFSET(rmm1_0_rmi_rec_enter, gicv3_lrs, 0x308u);
	EXPECT_ALL_OFFSETS(rmi_rec_exit, esr, 0x100u);
	EXPECT_ALL_OFFSETS(rmi_rec_exit, hpfar, 0x110u);
	EXPECT_BETA_OFFSETS(rmi_rec_exit, rtt_tree, 0x118u);
	EXPECT_OFFSET(rmm1_0_rmi_rec_exit, gicv3_misr, 0x388u);
	EXPECT_OFFSET(rmm1_0_rmi_rec_exit, gicv3_vmcr, 0x390u);
	EXPECT_ALL_OFFSETS(rmi_rec_exit, cntv_cval, 0x418u);
	EXPECT_ALL_OFFSETS(rmi_rec_exit, ripas_base, 0x500u);
	EXPECT_ALL_OFFSETS(rmi_rec_exit, ripas_value, 0x510u);
	EXPECT_BETA_OFFSETS(rmi_rec_exit, s2ap_base, 0x520u);
	EXPECT_BETA_OFFSETS(rmi_rec_exit, dev_mem_pa, 0x550u);
	EXPECT_ALL_OFFSETS(rmi_rec_exit, imm, 0x600u);
	EXPECT_BETA_OFFSETS(rmi_rec_exit, plane, 0x608u);
	EXPECT_ALL_OFFSETS(rmi_rec_exit, pmu_ovf_status, 0x700u);
	EXPECT_BETA_OFFSETS(rmi_rec_exit, vsmmu, 0x710u);
	EXPECT_EQ(WIDTH_OF(rmm2_0b1_rmi_rec_exit, exit_reason), 8u);
	EXPECT_EQ(WIDTH_OF(rmm1_0_rmi_rec_exit, ripas_value), 8u);
	EXPECT_EQ(WIDTH_OF(rmm2_0b1_rmi_rec_exit, imm), 16u);
	EXPECT_EQ(sizeof(struct rmm2_0b1_rmi_rec_run), 0x1000u);
}

TEST(KnownNumbers, DeviceStructures)
{
	EXPECT_OFFSET(rmm2_0b1_rmi_pdev_params, pdev_id, 0x8u);
	EXPECT_OFFSET(rmm2_0b1_rmi_pdev_params, rid_base, 0x20u);
	EXPECT_EQ(WIDTH_OF(rmm2_0b1_rmi_pdev_params, rid_base), 16u);
	EXPECT_OFFSET(rmm2_0b2_rmi_pdev_params, hb_base, 0x8u);
	EXPECT_OFFSET(rmm2_0b2_rmi_pdev_params, rid_base, 0x28u);
	EXPECT_EQ(WIDTH_OF(rmm2_0b2_rmi_pdev_params, rid_base), 32u);
	EXPECT_BETA_OFFSETS(rmi_pdev_stream_params, addr_range, 0x100u);
	EXPECT_BETA_OFFSETS(rmi_public_key_params, metadata, 0x400u);
	EXPECT_BETA_OFFSETS(rmi_public_key_params, algo, 0x810u);
	EXPECT_BETA_OFFSETS(rmi_vdev_params, addr_range, 0x200u);
	EXPECT_BETA_OFFSETS(rmi_dev_comm_data, exit, 0x800u);
	EXPECT_BETA_OFFSETS(rmi_dev_comm_exit, req_delay, 0x38u);
	EXPECT_EQ(WIDTH_OF(rmm2_0b1_rmi_dev_comm_exit, req_delay), 64u);
	EXPECT_BETA_OFFSETS(rmi_psmmu_params, priq_data, 0x30u);
	EXPECT_EQ(sizeof(struct rmm2_0b0_rmi_addr_range), 0x10u);
	EXPECT_EQ(sizeof(struct rmm2_0b0_rmi_vsmmu_features), 0x100u);
}

TEST(KnownNumbers, ConfigurationAndMeasurement)
{
	EXPECT_BETA_OFFSETS(rmi_rmm_config, tracking_region_size, 0x0u);
	EXPECT_BETA_OFFSETS(rmi_rmm_config, rmi_granule_size, 0x8u);
	EXPECT_EQ(sizeof(struct rmm2_0b1_rmi_rmm_config), 0x1000u);
	EXPECT_ALL_OFFSETS(rmm_measurement_descriptor_data, rim, 0x10u);
	EXPECT_ALL_OFFSETS(rmm_measurement_descriptor_data, ipa, 0x50u);
	EXPECT_ALL_OFFSETS(rmm_measurement_descriptor_data, content, 0x60u);
	EXPECT_OFFSET(rmm1_0_rmm_measurement_descriptor_ripas, top, 0x58u);
	EXPECT_EQ(sizeof(struct rmm1_0_rmm_measurement_descriptor_ripas), 0x100u);
}

TEST(KnownNumbers, RealmStructures)
{
	EXPECT_ALL_OFFSETS(rsi_realm_config, hash_algo, 0x8u);
	EXPECT_BETA_OFFSETS(rsi_realm_config, num_aux_planes, 0x10u);
	EXPECT_BETA_OFFSETS(rsi_realm_config, gicv3_vtr, 0x18u);
	EXPECT_ALL_OFFSETS(rsi_realm_config, rpv, 0x200u);
	EXPECT_ALL_OFFSETS(rsi_host_call, gprs, 0x8u);
	EXPECT_EQ(sizeof(struct rmm1_0_rsi_host_call), 0x100u);
	EXPECT_BETA_OFFSETS(rsi_plane_run, exit, 0x800u);
	EXPECT_BETA_OFFSETS(rsi_plane_exit, esr_el2, 0x200u);
	EXPECT_BETA_OFFSETS(rsi_plane_exit, gicv3_misr, 0x388u);
	EXPECT_BETA_OFFSETS(rsi_vdev_info, negotiation_data_digest, 0x80u);
	EXPECT_BETA_OFFSETS(rsi_vdev_info, vsmmu_vsid, 0x1C8u);
	EXPECT_EQ(sizeof(struct rmm2_0b1_rsi_vdev_info), 0x200u);
}

} // namespace
