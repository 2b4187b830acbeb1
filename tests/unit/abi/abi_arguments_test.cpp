/* SPDX-License-Identifier: BSD-3-Clause */
/* Pointers to nothing at the interface of calls and tables: a value, never a crash. */
#include <gmock/gmock.h>

#include "../../support/public_functions.h"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/abi/rmm2_0b1_calls.h"
#include "rmmsim/smc.h"

namespace
{

constexpr rmm_version kVersion = RMM_VERSION_2_0_BET1;

void answer_seven(void *, smc_regs *regs)
{
	regs->x[0] = 7;
}

smc_conduit *odd_conduit()
{
	return reinterpret_cast<smc_conduit *>(uintptr_t(0x1001));
}

TEST(AbiArguments, ACallThatLeadsNowhereAnswersNotSupported)
{
	smc_conduit empty{};

	for (smc_conduit *conduit : {static_cast<smc_conduit *>(nullptr), &empty, odd_conduit()}) {
		smc_regs regs = {{RMM2_0B1_FID_RMI_VERSION, 0x20000}};

		EXPECT_FALSE(smc_leads(conduit));
		smc_call(conduit, &regs);
		EXPECT_EQ(SMC_NOT_SUPPORTED, regs.x[0]);
		EXPECT_EQ(0x20000u, regs.x[1]);
		EXPECT_EQ(SMC_NOT_SUPPORTED, rmm2_0b1_rmi_features(conduit, 0).result);
	}
}

TEST(AbiArguments, ACallWithoutRegistersIsNotMade)
{
	smc_conduit machine = {answer_seven, nullptr};
	smc_regs regs{};

	EXPECT_FALSE(smc_is_argument(nullptr));
	EXPECT_TRUE(smc_leads(&machine));
	smc_call(&machine, nullptr);
	smc_call(nullptr, nullptr);
	smc_call(&machine, reinterpret_cast<smc_regs *>(uintptr_t(0x1004)));
	smc_call(&machine, &regs);
	EXPECT_EQ(7u, regs.x[0]);
}

TEST(AbiArguments, NothingIsFoundWithoutAName)
{
	rmm_version version{};
	rmm_behaviour behaviour{};
	rmm_condition condition{};
	uint64_t value = 0;
	const rmm_abi_type *type = rmm_abi_type_find("RmiHashAlgorithm");

	ASSERT_NE(nullptr, type);
	EXPECT_FALSE(rmm_abi_version_find(nullptr, &version));
	EXPECT_FALSE(rmm_abi_version_find("2.0-bet1", nullptr));
	EXPECT_FALSE(rmm_abi_behaviour_find(nullptr, &behaviour));
	EXPECT_FALSE(rmm_abi_behaviour_find(rmm_abi_behaviours[0].name, nullptr));
	EXPECT_FALSE(rmm_abi_condition_find(nullptr, &condition));
	EXPECT_FALSE(rmm_abi_condition_find("RMI_RTT_CREATE_RTT_WALK", nullptr));
	EXPECT_EQ(nullptr, rmm_abi_type_find(nullptr));
	EXPECT_EQ(nullptr, rmm_abi_command_find(kVersion, nullptr));
	EXPECT_EQ(nullptr, rmm_abi_field_find(nullptr, kVersion, "status"));
	EXPECT_EQ(nullptr, rmm_abi_field_find(type, kVersion, nullptr));
	EXPECT_FALSE(rmm_abi_label_value(nullptr, kVersion, "RMI_HASH_SHA_256", &value));
	EXPECT_FALSE(rmm_abi_label_value(type, kVersion, nullptr, &value));
	EXPECT_FALSE(rmm_abi_label_value(type, kVersion, "RMI_HASH_SHA_256", nullptr));
	EXPECT_FALSE(rmm_abi_label_find(kVersion, nullptr, &value));
	EXPECT_FALSE(rmm_abi_label_find(kVersion, "RMI_HASH_SHA_256", nullptr));
	EXPECT_EQ(nullptr, rmm_abi_value_label(nullptr, kVersion, 0));
}

TEST(AbiArguments, NothingIsReadOrWrittenWithoutAnImage)
{
	const rmm_abi_type *type = rmm_abi_type_find("RmiRealmParams");
	const rmm_abi_field *field = rmm_abi_field_find(type, kVersion, "s2sz");
	uint8_t image[RMI_ADDR_RANGE_SIZE] = {};
	rmi_addr_range range = {5, 6};

	ASSERT_NE(nullptr, field);
	EXPECT_EQ(0u, rmm_abi_field_get(nullptr, image, 0));
	EXPECT_EQ(0u, rmm_abi_field_get(field, nullptr, 0));
	rmm_abi_field_set(nullptr, image, 0, 1);
	rmm_abi_field_set(field, nullptr, 0, 1);
	EXPECT_EQ(0u, rmm_abi_bits_get(nullptr, 3));
	EXPECT_EQ(3u, rmm_abi_bits_set(nullptr, 3, 1));
	EXPECT_EQ(3, rmm_abi_format(nullptr, 8, kVersion, nullptr, nullptr, 7));
	rmi_addr_range_decode(kVersion, nullptr, &range);
	rmi_addr_range_decode(kVersion, image, nullptr);
	rmi_addr_range_encode(kVersion, nullptr, image);
	rmi_addr_range_encode(kVersion, &range, nullptr);
	EXPECT_EQ(5u, range.base);
	EXPECT_EQ(0u, image[0]);
}

/* The generated headers are all of one shape, of which the wrapper and the codec above are one. */
TEST(AbiArgumentsOfAllFunctions, AreTested)
{
	std::set<std::string> functions;

	for (const std::string &name : functions_with_pointers(ABI_HEADERS))
		if (name.rfind("rmm_abi_", 0) == 0 || name.rfind("smc_", 0) == 0)
			functions.insert(name);
	functions.erase("smc_regs");
	EXPECT_LT(14u, functions.size());
	EXPECT_THAT(never_called(functions, ARGUMENTS_TEST), ::testing::IsEmpty());
}

} /* namespace */
