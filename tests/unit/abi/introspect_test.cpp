/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables at run time: look-ups, values, printing. */
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "rmmsim/abi/dispatch.h"
#include "rmmsim/abi/introspect.h"

namespace
{

const enum rmm_version rel0 = RMM_VERSION_1_0_REL0;
const enum rmm_version bet1 = RMM_VERSION_2_0_BET1;
const enum rmm_version bet3 = RMM_VERSION_2_0_BET3;

enum rmm_version version_at(unsigned i)
{
	return static_cast<enum rmm_version>(i);
}

bool has(rmm_versions versions, unsigned version)
{
	return (versions >> version) & 1u;
}

std::string format(enum rmm_version version, const char *type, uint64_t value)
{
	char text[256];

	rmm_abi_format(text, sizeof(text), version, rmm_abi_type_find(type), type, value);
	return text;
}

TEST(Introspect, VersionsByName)
{
	enum rmm_version version;

	ASSERT_TRUE(rmm_abi_version_find("2.0-bet1", &version));
	EXPECT_EQ(version, bet1);
	EXPECT_STREQ(rmm_abi_versions[bet1].ns, "rmm2_0b1");
	EXPECT_EQ(rmm_abi_versions[bet1].rmi_major, 2);
	EXPECT_EQ(rmm_abi_versions[rel0].rmi_minor, 0);
	EXPECT_EQ(rmm_abi_versions[bet3].rsi_minor, 1);
	EXPECT_FALSE(rmm_abi_version_find("2.0-BET1", &version));
}

TEST(Introspect, EveryFormIsFoundByNameNumberAndFid)
{
	for (size_t i = 0; i < rmm_abi_num_commands; i++) {
		const struct rmm_abi_command *c = &rmm_abi_commands[i];

		for (unsigned v = 0; v < RMM_VERSION_COUNT; v++) {
			if (!has(c->versions, v))
				continue;
			EXPECT_EQ(rmm_abi_command_find(version_at(v), c->name), c);
			EXPECT_EQ(rmm_abi_command_by_id(version_at(v), c->id), c);
			if (c->fid == 0)
				continue;
			EXPECT_EQ(rmm_abi_command_by_fid(version_at(v), c->fid), c);
		}
	}
}

TEST(Introspect, UnknownCommandsAreNotFound)
{
	EXPECT_EQ(rmm_abi_command_find(bet1, "RMI_NOTHING"), nullptr);
	EXPECT_EQ(rmm_abi_command_find(rel0, "RMI_RMM_ACTIVATE"), nullptr);
	EXPECT_EQ(rmm_abi_command_by_id(rel0, RMM_CMD_RMI_RMM_ACTIVATE), nullptr);
	EXPECT_EQ(rmm_abi_command_by_id(rel0, RMM_CMD_COUNT), nullptr);
	for (uint32_t fid : {0u, 0x84000001u, 0xC400014Fu, 0xC4000171u, 0xC4000212u, 0xFFFFFFFFu})
		EXPECT_EQ(rmm_abi_command_by_fid(bet1, fid), nullptr) << std::hex << fid;
	EXPECT_EQ(rmm_abi_command_by_fid(rel0, 0xC4000202u), nullptr);
}

TEST(Introspect, OneFidMayNameTwoCommands)
{
	EXPECT_STREQ(rmm_abi_command_by_fid(RMM_VERSION_2_0_BET0, 0xC40001EEu)->name,
		     "RMI_VSMMU_EVENT_COMPLETE");
	EXPECT_STREQ(rmm_abi_command_by_fid(bet1, 0xC40001EEu)->name, "RMI_RMM_STATE_GET");
	EXPECT_STREQ(rmm_abi_command_by_fid(rel0, 0xC4000153u)->name, "RMI_DATA_CREATE");
	EXPECT_STREQ(rmm_abi_command_by_fid(bet1, 0xC4000153u)->name, "RMI_RTT_DATA_MAP_INIT");
	EXPECT_STREQ(rmm_abi_command_by_fid(bet1, 0x84000000u)->name, "PSCI_VERSION");
}

TEST(Introspect, FirstOutputIsTheResult)
{
	for (size_t i = 0; i < rmm_abi_num_commands; i++) {
		const struct rmm_abi_command *c = &rmm_abi_commands[i];

		ASSERT_GE(c->num_outputs, 1u) << c->name;
		EXPECT_STREQ(c->outputs[0].name, "result") << c->name;
		EXPECT_EQ(c->outputs[0].reg, 0) << c->name;
	}
}

TEST(Introspect, ConditionsByNameAndNumber)
{
	for (unsigned i = 1; i < RMM_CONDITION_COUNT; i++) {
		enum rmm_condition id = static_cast<enum rmm_condition>(i);
		enum rmm_condition found = RMM_CONDITION_NONE;
		const char *name = rmm_abi_condition_name(id);

		ASSERT_TRUE(rmm_abi_condition_find(name, &found)) << name;
		EXPECT_EQ(found, id) << name;
		EXPECT_LT(rmm_abi_condition_command(id), RMM_CMD_COUNT) << name;
	}
	enum rmm_condition found;
	EXPECT_FALSE(rmm_abi_condition_find("", &found));
	EXPECT_FALSE(rmm_abi_condition_find("RMI_RTT_CREATE_NOTHING", &found));
}

TEST(Introspect, ConditionRecordsBelongToTheirForm)
{
	for (unsigned v = 0; v < RMM_VERSION_COUNT; v++) {
		for (unsigned i = 1; i < RMM_CONDITION_COUNT; i++) {
			enum rmm_condition id = static_cast<enum rmm_condition>(i);
			const struct rmm_abi_condition *c = rmm_abi_condition(version_at(v), id);
			const struct rmm_abi_command *form =
				rmm_abi_command_by_id(version_at(v), rmm_abi_condition_command(id));

			if (!c)
				continue;
			ASSERT_NE(form, nullptr) << c->constant;
			EXPECT_GE(c, form->fail) << c->constant;
			EXPECT_LT(c, form->fail + form->num_fail) << c->constant;
			EXPECT_EQ(c->id, id);
			EXPECT_TRUE(has(c->versions, v)) << c->constant;
			EXPECT_EQ(rmm_condition_status_word(version_at(v), id), c->status_value);
		}
	}
}

TEST(Introspect, OrderNamesConditionsOfTheForm)
{
	for (size_t i = 0; i < rmm_abi_num_commands; i++) {
		const struct rmm_abi_command *c = &rmm_abi_commands[i];

		for (size_t k = 0; k < c->num_order; k++) {
			EXPECT_LT(c->order[k].before, c->num_fail) << c->name;
			EXPECT_LT(c->order[k].after, c->num_fail) << c->name;
		}
	}
}

TEST(Introspect, Labels)
{
	const struct rmm_abi_type *reason = rmm_abi_type_find("RmiRecExitReason");
	uint64_t value = 0;

	ASSERT_NE(reason, nullptr);
	EXPECT_STREQ(rmm_abi_value_label(reason, bet1, 8), "RMI_EXIT_VDEV_REQUEST");
	EXPECT_STREQ(rmm_abi_value_label(reason, bet3, 8), "RMI_EXIT_VDEV_VALIDATE_MAPPING");
	EXPECT_EQ(rmm_abi_value_label(reason, rel0, 8), nullptr);
	EXPECT_TRUE(rmm_abi_label_value(reason, bet1, "RMI_EXIT_VDEV_VALIDATE_MAPPING", &value));
	EXPECT_EQ(value, 9u);
	EXPECT_TRUE(rmm_abi_label_find(bet3, "RMI_EXIT_VDEV_VALIDATE_MAPPING", &value));
	EXPECT_EQ(value, 8u);
	EXPECT_TRUE(rmm_abi_label_find(rel0, "RMI_HASH_SHA_512", &value));
	EXPECT_EQ(value, 1u);
	EXPECT_FALSE(rmm_abi_label_find(rel0, "RMI_HASH_SHA_384", &value));
	EXPECT_FALSE(rmm_abi_label_find(bet1, "RMI_HASH", &value));
	EXPECT_FALSE(rmm_abi_label_find(bet1, "zzz", &value));
}

TEST(Introspect, FieldsFollowTheVersion)
{
	const struct rmm_abi_type *params = rmm_abi_type_find("RmiRealmParams");

	ASSERT_NE(params, nullptr);
	EXPECT_EQ(params->size, 0x1000u);
	EXPECT_EQ(rmm_abi_field_find(params, bet1, "aux_rtt_base")->offset, 0xF80u);
	EXPECT_EQ(rmm_abi_field_find(params, bet1, "aux_rtt_base")->count, 3u);
	EXPECT_EQ(rmm_abi_field_find(params, rel0, "vmid")->width, 16);
	EXPECT_EQ(rmm_abi_field_find(params, bet1, "vmid"), nullptr);
	EXPECT_TRUE(rmm_abi_field_find(params, bet1, "rtt_level_start")->is_signed);
}

TEST(Introspect, ReadsAndWritesImages)
{
	const struct rmm_abi_type *params = rmm_abi_type_find("RmiRealmParams");
	const struct rmm_abi_field *level = rmm_abi_field_find(params, bet1, "rtt_level_start");
	const struct rmm_abi_field *number = rmm_abi_field_find(params, bet1, "rtt_num_start");
	const struct rmm_abi_field *base = rmm_abi_field_find(params, bet1, "aux_rtt_base");
	uint8_t image[0x1000] = {};

	rmm_abi_field_set(level, image, 0, static_cast<uint64_t>(-1));
	rmm_abi_field_set(number, image, 0, UINT64_C(0x1122334455667788));
	rmm_abi_field_set(base, image, 2, UINT64_C(0x0102030405060708));
	EXPECT_EQ(rmm_abi_field_get(level, image, 0), UINT64_MAX);
	EXPECT_EQ(rmm_abi_field_get(number, image, 0), 0x55667788u);
	EXPECT_EQ(image[0x818], 0x88);
	EXPECT_EQ(image[0x81B], 0x55);
	EXPECT_EQ(image[0x81C], 0);
	EXPECT_EQ(image[0xF90], 0x08);
	EXPECT_EQ(image[0xF97], 0x01);
	EXPECT_EQ(rmm_abi_field_get(base, image, 1), 0u);
}

TEST(Introspect, ReadsAndWritesBits)
{
	const struct rmm_abi_type *request = rmm_abi_type_find("RmiOpMemDonateReq");
	const struct rmm_abi_field *count = rmm_abi_field_find(request, bet1, "count");
	const struct rmm_abi_type *mec = rmm_abi_type_find("RmiFeatureRegister4");

	EXPECT_EQ(rmm_abi_bits_set(count, UINT64_MAX, 0), ~UINT64_C(0xFFFC));
	EXPECT_EQ(rmm_abi_bits_set(count, 0, UINT64_MAX), 0xFFFCu);
	EXPECT_EQ(rmm_abi_bits_get(count, 0x40), 16u);
	EXPECT_EQ(rmm_abi_bits_get(rmm_abi_field_find(mec, bet1, "mec_count"), UINT64_MAX),
		  UINT64_MAX);
}

TEST(Introspect, PrintsValues)
{
	EXPECT_EQ(format(bet1, "RmiStatusCode", 4), "RMI_ERROR_RTT");
	EXPECT_EQ(format(bet1, "RmiStatusCode", 200), "0xc8");
	EXPECT_EQ(format(bet1, "RmiResult", 0), "RMI_SUCCESS");
	EXPECT_EQ(format(bet1, "RmiResult", 0x204), "RMI_ERROR_RTT {level=2}");
	EXPECT_EQ(format(bet1, "RmiResult", 0x50D),
		  "RMI_INCOMPLETE {mem=RMI_OP_MEM_REQ_DONATE cancel=RMI_OP_CAN_CANCEL}");
	EXPECT_EQ(format(rel0, "RmiCommandReturnCode", 0x304), "RMI_ERROR_RTT {index=3}");
	EXPECT_EQ(format(bet1, "Address", 0x88000000), "0x88000000");
	EXPECT_EQ(format(bet1, "Int64", static_cast<uint64_t>(-1)), "-1");
	EXPECT_EQ(format(bet1, "UInt64", 12), "12");
	EXPECT_EQ(format(bet1, "RmiOpMemDonateReq", 0x20040),
		  "{size=RMI_PAGE_L3 count=16 contig=RMI_OP_MEM_NON_CONTIG "
		  "state=RMI_OP_MEM_UNDELEGATED}");
	EXPECT_EQ(format(bet1, "RmiRecCreateFlags", 3), "{runnable=RMI_RUNNABLE reserved=0x2}");
}

TEST(Introspect, PrintingIsBounded)
{
	const struct rmm_abi_type *status = rmm_abi_type_find("RmiStatusCode");
	char text[4] = "xyz";

	EXPECT_EQ(rmm_abi_format(text, sizeof(text), bet1, status, "RmiStatusCode", 0), 11);
	EXPECT_STREQ(text, "RMI");
	EXPECT_EQ(rmm_abi_format(nullptr, 0, bet1, status, "RmiStatusCode", 0), 11);
}

TEST(Introspect, Behaviours)
{
	for (unsigned i = 0; i < RMM_BEHAVIOUR_COUNT; i++) {
		enum rmm_behaviour found;

		ASSERT_TRUE(rmm_abi_behaviour_find(rmm_abi_behaviours[i].name, &found));
		EXPECT_EQ(static_cast<unsigned>(found), i);
		EXPECT_STRNE(rmm_abi_behaviours[i].doc, "");
	}
	enum rmm_behaviour found;
	EXPECT_FALSE(rmm_abi_behaviour_find("no_such_behaviour", &found));
}

TEST(Introspect, NegativeStatusesKeepAllBits)
{
	for (unsigned i = 1; i < RMM_CONDITION_COUNT; i++) {
		enum rmm_condition id = static_cast<enum rmm_condition>(i);
		const struct rmm_abi_condition *c = rmm_abi_condition(bet1, id);

		if (!c || std::strcmp(c->status, "PSCI_DENIED") != 0)
			continue;
		EXPECT_EQ(rmm_condition_status_word(bet1, id), static_cast<uint64_t>(-3));
	}
}

} // namespace
