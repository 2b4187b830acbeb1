/* SPDX-License-Identifier: BSD-3-Clause */
/* Machines that leave level 1 GPTs to the host. */
#include "model_machine.h"

namespace
{

constexpr uint64_t kDram = 0x80000000;
constexpr uint64_t kGiB = UINT64_C(1) << 30;
constexpr uint64_t kTablePages = 32;

/* Firmware describes the first gigabyte of RAM, the host has to see to the second. */
class HalfDescribed : public ModelMachine
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.banks[0] = {kDram, kGiB, RMM_BANK_DRAM};
		machine.banks[1] = {kDram + kGiB, kGiB, RMM_BANK_DRAM};
		machine.num_banks = 2;
		machine.gpt_host_banks = 1u << 1;
	}

	void boot()
	{
		config_.ram_base = kDram;
		config_.ram_size = 2 * kGiB;
		ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	}

	host *host_ = nullptr;
	host_error error_{};
};

/* No table at all: the first one describes the memory that it lies in. */
class Undescribed : public HalfDescribed
{
protected:
	void adjust(rmm_config &machine) override
	{
		HalfDescribed::adjust(machine);
		machine.gpt_prebuilt = false;
	}
};

TEST_F(HalfDescribed, GetsATableAtBoot)
{
	boot();
	EXPECT_EQ(kTablePages, rmm_num_delegated(sys_));
	EXPECT_EQ(0u, host_pages_out(host_));
	EXPECT_EQ(HOST_OK, host_destroy(host_, &error_)) << error_.text;
	expect_clean();
}

TEST_F(HalfDescribed, IsAsBeforeWhenTheBootFails)
{
	config_.ram_base = kDram;
	config_.ram_size = 3 * kGiB;
	EXPECT_NE(HOST_OK, host_create(&config_, &host_, &error_));
	expect_clean();
}

TEST_F(HalfDescribed, NeedsAPoolWithRoomForTheTable)
{
	config_.ram_base = kDram;
	config_.ram_size = 2 * kGiB;
	config_.pool_size = kTablePages / 2 * kPage;
	EXPECT_NE(HOST_OK, host_create(&config_, &host_, &error_));
	EXPECT_NE(std::string::npos, std::string(error_.text).find("RMI_GPT_L1_CREATE"))
		<< error_.text;
	expect_clean();
}

TEST_F(Undescribed, GetsATableForEachRegion)
{
	boot();
	EXPECT_EQ(2 * kTablePages, rmm_num_delegated(sys_));
	EXPECT_EQ(HOST_OK, host_destroy(host_, &error_)) << error_.text;
	expect_clean();
}

} // namespace
