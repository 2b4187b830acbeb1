/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The generated codecs against the tables: both describe each structure, by
 * different code. A random image is written by table, decoded, and encoded into
 * an image whose reserved bytes hold a pattern; all fields must arrive, and no
 * other byte may change.
 */
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

extern "C" {
#include "rmmsim/abi/encoding.h"
#include "rmmsim/abi/introspect.h"
}

namespace
{

using Image = std::vector<uint8_t>;
using RoundTrip = void (*)(enum rmm_version version, const Image &in, Image &out);

struct Codec {
	const char *type;
	RoundTrip round_trip;
};

#define CODEC(type_name, tag)                                                          \
	{                                                                              \
		type_name, [](enum rmm_version version, const Image &in, Image &out) { \
			struct tag value;                                              \
			std::memset(&value, 0xA5, sizeof(value));                      \
			tag##_decode(version, in.data(), &value);                      \
			tag##_encode(version, &value, out.data());                     \
		}                                                                      \
	}

const Codec codecs[] = {
	CODEC("RmiAddrRange", rmi_addr_range),
	CODEC("RmiCmemParams", rmi_cmem_params),
	CODEC("RmiCmemPdevParams", rmi_cmem_pdev_params),
	CODEC("RmiDevCommData", rmi_dev_comm_data),
	CODEC("RmiDevCommEnter", rmi_dev_comm_enter),
	CODEC("RmiDevCommExit", rmi_dev_comm_exit),
	CODEC("RmiPdevParams", rmi_pdev_params),
	CODEC("RmiPdevStreamParams", rmi_pdev_stream_params),
	CODEC("RmiPsmmuInfo", rmi_psmmu_info),
	CODEC("RmiPsmmuParams", rmi_psmmu_params),
	CODEC("RmiPublicKeyParams", rmi_public_key_params),
	CODEC("RmiRealmParams", rmi_realm_params),
	CODEC("RmiRecEnter", rmi_rec_enter),
	CODEC("RmiRecExit", rmi_rec_exit),
	CODEC("RmiRecParams", rmi_rec_params),
	CODEC("RmiRecRun", rmi_rec_run),
	CODEC("RmiRmmConfig", rmi_rmm_config),
	CODEC("RmiVdevMeasureParams", rmi_vdev_measure_params),
	CODEC("RmiVdevParams", rmi_vdev_params),
	CODEC("RmiVsmmuFeatures", rmi_vsmmu_features),
	CODEC("RmiVsmmuParams", rmi_vsmmu_params),
	CODEC("RmmMeasurementDescriptorData", rmm_measurement_descriptor_data),
	CODEC("RmmMeasurementDescriptorRec", rmm_measurement_descriptor_rec),
	CODEC("RmmMeasurementDescriptorRipas", rmm_measurement_descriptor_ripas),
	CODEC("RsiHostCall", rsi_host_call),
	CODEC("RsiPlaneEnter", rsi_plane_enter),
	CODEC("RsiPlaneExit", rsi_plane_exit),
	CODEC("RsiPlaneRun", rsi_plane_run),
	CODEC("RsiRealmConfig", rsi_realm_config),
	CODEC("RsiVdevInfo", rsi_vdev_info),
};

const uint8_t pattern = 0x5A;

bool has(rmm_versions versions, enum rmm_version version)
{
	return (versions >> version) & 1u;
}

/* Writes random values into the fields of the version, those of nested structures too. */
void fill(const struct rmm_abi_type *type, enum rmm_version version, uint8_t *image,
	  std::mt19937_64 &random)
{
	for (size_t i = 0; i < type->num_fields; i++) {
		const struct rmm_abi_field *f = &type->fields[i];

		for (uint32_t k = 0; has(f->versions, version) && k < f->count; k++) {
			if (f->type && f->type->kind == RMM_ABI_STRUCT)
				fill(f->type, version, image + f->offset + k * f->type->size,
				     random);
			else
				rmm_abi_field_set(f, image, k, random());
		}
	}
}

void check_round_trip(const Codec &codec, const struct rmm_abi_type *type, enum rmm_version version,
		      std::mt19937_64 &random)
{
	Image in(type->size, pattern);
	Image out(type->size, pattern);

	fill(type, version, in.data(), random);
	codec.round_trip(version, in, out);
	EXPECT_EQ(in, out) << codec.type << " in " << rmm_abi_versions[version].name;
}

TEST(Encoding, EveryStructureHasItsCodecHere)
{
	for (size_t i = 0; i < rmm_abi_num_types; i++) {
		bool found = rmm_abi_types[i]->kind != RMM_ABI_STRUCT;

		for (const Codec &codec : codecs)
			found |= std::strcmp(codec.type, rmm_abi_types[i]->name) == 0;
		EXPECT_TRUE(found) << rmm_abi_types[i]->name;
	}
}

TEST(Encoding, FieldsSurviveAndReservedBytesStay)
{
	std::mt19937_64 random(1);

	for (const Codec &codec : codecs) {
		const struct rmm_abi_type *type = rmm_abi_type_find(codec.type);

		ASSERT_NE(type, nullptr) << codec.type;
		for (unsigned v = 0; v < RMM_VERSION_COUNT; v++) {
			for (int repeat = 0; repeat < 20; repeat++)
				check_round_trip(codec, type, static_cast<enum rmm_version>(v),
						 random);
		}
	}
}

TEST(Encoding, MembersThatAVersionLacksAreZero)
{
	const Image image(RMI_REALM_PARAMS_SIZE, 0xFF);
	struct rmi_realm_params params;

	rmi_realm_params_decode(RMM_VERSION_1_0_REL0, image.data(), &params);
	EXPECT_EQ(params.vmid, 0xFFFFu);
	EXPECT_EQ(params.flags, UINT64_MAX);
	EXPECT_EQ(params.flags0, 0u);
	EXPECT_EQ(params.num_aux_planes, 0u);
	EXPECT_EQ(params.aux_rtt_base[2], 0u);
	rmi_realm_params_decode(RMM_VERSION_2_0_BET1, image.data(), &params);
	EXPECT_EQ(params.vmid, 0u);
	EXPECT_EQ(params.aux_rtt_base[2], UINT64_MAX);
	EXPECT_EQ(params.rtt_level_start, -1);
	EXPECT_EQ(params.rtt_num_start, 0xFFFFFFFFu);
	EXPECT_EQ(params.s2sz, 0xFFu);
	EXPECT_EQ(params.max_num_vdevs, 0u);
}

TEST(Encoding, StructuresThatAVersionLacksAreZeroAndNotWritten)
{
	Image image(RMI_PDEV_PARAMS_SIZE, 0xFF);
	struct rmi_pdev_params params;

	rmi_pdev_params_decode(RMM_VERSION_1_0_REL0, image.data(), &params);
	EXPECT_EQ(params.pdev_id, 0u);
	rmi_pdev_params_encode(RMM_VERSION_1_0_REL0, &params, image.data());
	EXPECT_EQ(image, Image(RMI_PDEV_PARAMS_SIZE, 0xFF));
}

TEST(Encoding, FieldsThatMoved)
{
	struct rmi_pdev_params params = {};
	Image image(RMI_PDEV_PARAMS_SIZE, 0);

	params.rid_base = 0x123456;
	rmi_pdev_params_encode(RMM_VERSION_2_0_BET1, &params, image.data());
	EXPECT_EQ(image[0x20], 0x56);
	EXPECT_EQ(image[0x22], 0);
	image.assign(image.size(), 0);
	rmi_pdev_params_encode(RMM_VERSION_2_0_BET2, &params, image.data());
	EXPECT_EQ(image[0x20], 0);
	EXPECT_EQ(image[0x28], 0x56);
	EXPECT_EQ(image[0x2A], 0x12);
}

TEST(Encoding, BitsByVersion)
{
	EXPECT_EQ(rmi_op_mem_donate_req_state(RMM_VERSION_2_0_BET2, 0x60000), 1u);
	EXPECT_EQ(rmi_op_mem_donate_req_state(RMM_VERSION_2_0_BET3, 0x60000), 3u);
	EXPECT_EQ(rmi_op_mem_donate_req_state(RMM_VERSION_1_0_REL0, 0x60000), 0u);
	EXPECT_EQ(rmi_op_mem_donate_req_with_state(RMM_VERSION_2_0_BET2, 0, 3), 0x20000u);
	EXPECT_EQ(rmi_op_mem_donate_req_with_state(RMM_VERSION_2_0_BET3, 0, 3), 0x60000u);
	EXPECT_EQ(rmi_feature_register2_p2p(RMM_VERSION_2_0_BET2, UINT64_MAX), 1u);
	EXPECT_EQ(rmi_feature_register2_p2p(RMM_VERSION_2_0_BET3, UINT64_MAX), 0u);
	EXPECT_EQ(rmi_feature_register2_with_p2p(RMM_VERSION_2_0_BET3, 5, 1), 5u);
	EXPECT_EQ(rmi_rec_enter_flags_trap_wfe(RMM_VERSION_1_0_REL0, 8), 1u);
}

TEST(Encoding, AccessorsAgreeWithTheTables)
{
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiAddrRangeDesc");
	std::mt19937_64 random(2);

	for (unsigned v = RMM_VERSION_2_0_BET0; v < RMM_VERSION_COUNT; v++) {
		const enum rmm_version version = static_cast<enum rmm_version>(v);
		const struct rmm_abi_field *state = rmm_abi_field_find(type, version, "state");
		const struct rmm_abi_field *count = rmm_abi_field_find(type, version, "count");

		for (int repeat = 0; repeat < 100; repeat++) {
			const uint64_t word = random();
			const uint64_t value = random();

			EXPECT_EQ(rmi_addr_range_desc_state(version, word),
				  rmm_abi_bits_get(state, word));
			EXPECT_EQ(rmi_addr_range_desc_with_count(version, word, value),
				  rmm_abi_bits_set(count, word, value));
		}
	}
}

TEST(Encoding, LabelsThatChange)
{
	EXPECT_EQ(rmi_exit_vdev_validate_mapping_in(RMM_VERSION_2_0_BET1), 9u);
	EXPECT_EQ(rmi_exit_vdev_validate_mapping_in(RMM_VERSION_2_0_BET3), 8u);
	EXPECT_EQ(rmi_exit_vdev_validate_mapping_in(RMM_VERSION_1_0_REL0), UINT64_MAX);
	EXPECT_EQ(RMI_ERROR_GRANULE, 16u);
	EXPECT_EQ(PSCI_NOT_SUPPORTED, UINT64_MAX);
	EXPECT_EQ(FID_RMI_OP_CANCEL, 0xC400020Au);
	EXPECT_EQ(RMI_REC_ENTER_FLAGS_EMUL_MMIO_MASK, 1u);
}

} // namespace
