/* SPDX-License-Identifier: BSD-3-Clause */
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "fake_machine.h"
#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/host/host.h"
#include "rmmsim/host/realm.h"

namespace
{

constexpr uint64_t kBase = 0x80000000;
constexpr uint64_t kGiB = UINT64_C(1) << 30;

/* An RMM that boots and does nothing else; a test replaces single answers. */
class Boot : public ::testing::Test
{
protected:
	Boot()
	{
		answers_[FID_RMI_VERSION] = answer(RMI_SUCCESS, 0x20000, 0x20000);
		answers_[FID_RMI_RMM_CONFIG_SET] = answer(RMI_SUCCESS);
		answers_[FID_RMI_RMM_ACTIVATE] = answer(RMI_SUCCESS);
		answers_[FID_RMI_GPT_L1_CREATE] = answer(RMI_ERROR_GPT);
		answers_[FID_RMI_GPT_L1_DESTROY] = answer(RMI_SUCCESS);
		features_[0] = rmi_feature_register0_set_s2sz(0, 48);
		features_[0] = rmi_feature_register0_set_num_bps(features_[0], 5);
		features_[1] = rmi_feature_register1_set_rmi_gran_sz_4kb(0, 1);
		features_[1] = rmi_feature_register1_set_hash_sha_512(features_[1], 1);
		features_[1] = rmi_feature_register1_set_max_recs_order(features_[1], 9);
		config_ = host_config_default();
		config_.conduit = machine_.conduit;
		config_.memory = memory_.ops();
		config_.pool_base = kBase;
		config_.pool_size = 64 * kPage;
	}

	~Boot() override
	{
		host_destroy(host_, nullptr);
	}

	void call(smc_regs &regs)
	{
		uint32_t fid = uint32_t(regs.x[0]);
		auto found = answers_.find(fid);

		if (fail_call_ >= 0 && machine_.calls.size() - 1 == size_t(fail_call_))
			regs = answer(RMI_ERROR_GLOBAL);
		else if (found != answers_.end())
			regs = found->second;
		else if (fid == FID_RMI_FEATURES)
			regs = answer(RMI_SUCCESS, features_[regs.x[1]]);
		else if (fid == FID_RMI_GRANULE_TRACKING_GET)
			regs = answer(RMI_SUCCESS, category_, state_,
				      std::min(regs.x[1] + tracking_step_, regs.x[2]));
		else
			regs = answer(UINT64_MAX);
	}

	host_status create()
	{
		return host_create(&config_, &host_, &error_);
	}

	uint64_t calls_of(uint64_t fid) const
	{
		uint64_t n = 0;
		for (const smc_regs &call : machine_.calls)
			n += call.x[0] == fid;
		return n;
	}

	FakeMemory memory_;
	FakeConduit machine_{[this](smc_regs &regs) { call(regs); }};
	std::map<uint32_t, smc_regs> answers_;
	uint64_t features_[5] = {};
	uint64_t category_ = RMI_MEM_CATEGORY_CONVENTIONAL;
	uint64_t state_ = RMI_TRACKING_FINE;
	uint64_t tracking_step_ = UINT64_C(1) << 40;
	int fail_call_ = -1;
	host_config config_{};
	host *host_ = nullptr;
	host_error error_{};
};

TEST_F(Boot, NegotiatesConfiguresAndActivates)
{
	ASSERT_EQ(HOST_OK, create()) << error_.text;
	EXPECT_EQ(uint64_t(FID_RMI_VERSION), machine_.calls.front().x[0]);
	EXPECT_EQ(0x20000u, machine_.calls.front().x[1]);
	EXPECT_EQ(5u, calls_of(FID_RMI_FEATURES));
	EXPECT_EQ(1u, calls_of(FID_RMI_RMM_CONFIG_SET));
	EXPECT_EQ(1u, calls_of(FID_RMI_RMM_ACTIVATE));
	EXPECT_EQ(1u, calls_of(FID_RMI_GPT_L1_CREATE));
	EXPECT_EQ(0u, host_pages_out(host_));

	const host_caps *caps = host_capabilities(host_);
	EXPECT_EQ(48u, caps->s2sz);
	EXPECT_EQ(5u, caps->num_bps);
	EXPECT_EQ(511u, caps->max_recs);
	EXPECT_EQ(30u, caps->l0gpt_shift);
	EXPECT_TRUE(caps->sha_512);
	EXPECT_FALSE(caps->sha_256);
	EXPECT_EQ(uint64_t(RMI_HASH_SHA_512), host_realm_params_default(host_).hash_algo);
}

TEST_F(Boot, CreatesTheGptOfEveryRegionThatRamTouches)
{
	config_.ram_base = kBase - kPage;
	config_.ram_size = kGiB + 2 * kPage;
	answers_[FID_RMI_GPT_L1_CREATE] = answer(RMI_SUCCESS);
	tracking_step_ = kGiB / 2;
	ASSERT_EQ(HOST_OK, create()) << error_.text;
	EXPECT_EQ(3u, calls_of(FID_RMI_GPT_L1_CREATE));
	EXPECT_EQ(3u, calls_of(FID_RMI_GRANULE_TRACKING_GET));
	EXPECT_EQ(HOST_OK, host_destroy(host_, &error_));
	host_ = nullptr;
	EXPECT_EQ(3u, calls_of(FID_RMI_GPT_L1_DESTROY)) << "what it created";
}

TEST_F(Boot, LeavesGptsThatWereThereAlone)
{
	ASSERT_EQ(HOST_OK, create());
	EXPECT_EQ(HOST_OK, host_destroy(host_, &error_));
	host_ = nullptr;
	EXPECT_EQ(0u, calls_of(FID_RMI_GPT_L1_DESTROY));
}

TEST_F(Boot, AttachesWithoutConfiguring)
{
	config_.boot = HOST_BOOT_ATTACH;
	ASSERT_EQ(HOST_OK, create()) << error_.text;
	EXPECT_EQ(0u, calls_of(FID_RMI_RMM_CONFIG_SET));
	EXPECT_EQ(0u, calls_of(FID_RMI_RMM_ACTIVATE));
}

TEST_F(Boot, SaysThatThereIsNoRmm)
{
	answers_.erase(FID_RMI_VERSION);
	EXPECT_EQ(HOST_ERROR_NOT_SUPPORTED, create());
	EXPECT_NE(std::string::npos, std::string(error_.text).find("no RMM"));
	EXPECT_EQ(1u, machine_.calls.size());
	EXPECT_EQ(nullptr, host_);
}

TEST_F(Boot, SaysWhichVersionsTheRmmOffers)
{
	answers_[FID_RMI_VERSION] = answer(RMI_ERROR_INPUT, 0x10000, 0x10001);
	EXPECT_EQ(HOST_ERROR_NOT_SUPPORTED, create());
	EXPECT_NE(std::string::npos, std::string(error_.text).find("1.0 to 1.1"));
}

TEST_F(Boot, NeedsCpusThatHaveRealms)
{
	config_.without_vhe = true;
	EXPECT_EQ(HOST_ERROR_NOT_SUPPORTED, create());
	EXPECT_NE(nullptr, strstr(error_.text, "VHE")) << error_.text;
	config_.without_rme = true;
	EXPECT_EQ(HOST_ERROR_NOT_SUPPORTED, create());
	EXPECT_NE(nullptr, strstr(error_.text, "FEAT_RME")) << error_.text;
	EXPECT_TRUE(machine_.calls.empty());
}

TEST_F(Boot, NeedsGranulesOf4KiB)
{
	features_[1] = rmi_feature_register1_set_rmi_gran_sz_4kb(features_[1], 0);
	EXPECT_EQ(HOST_ERROR_NOT_SUPPORTED, create());
}

TEST_F(Boot, NeedsFineTrackingOfConventionalMemory)
{
	state_ = RMI_TRACKING_NONE;
	EXPECT_EQ(HOST_ERROR_NOT_SUPPORTED, create());
	state_ = RMI_TRACKING_FINE;
	category_ = RMI_MEM_CATEGORY_DEV_COH;
	EXPECT_EQ(HOST_ERROR_NOT_SUPPORTED, create());
}

TEST_F(Boot, TrackingWithoutProgressIsAProtocolError)
{
	tracking_step_ = 0;
	EXPECT_EQ(HOST_ERROR_PROTOCOL, create());
}

TEST_F(Boot, AnyCallThatFailsEndsItWithASentence)
{
	ASSERT_EQ(HOST_OK, create());
	size_t calls = machine_.calls.size();
	host_destroy(host_, nullptr);

	for (size_t n = 0; n < calls; n++) {
		SCOPED_TRACE(n);
		machine_.calls.clear();
		fail_call_ = int(n);
		error_ = host_error{};
		EXPECT_NE(HOST_OK, create());
		EXPECT_EQ(nullptr, host_);
		EXPECT_NE(std::string(), error_.text);
	}
}

TEST_F(Boot, RefusesIncompleteConfigurations)
{
	host_config good = config_;

	config_.conduit.call = nullptr;
	EXPECT_EQ(HOST_ERROR_CONFIG, create());
	config_ = good;
	config_.memory.write = nullptr;
	EXPECT_EQ(HOST_ERROR_CONFIG, create());
	config_ = good;
	config_.pool_size = 0;
	EXPECT_EQ(HOST_ERROR_CONFIG, create());
	config_ = good;
	config_.pool_size = kPage; /* no room for the host's own two pages */
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, create());
	config_ = good;
	config_.ram_base = kBase + 1;
	config_.ram_size = kPage;
	EXPECT_EQ(HOST_ERROR_CONFIG, create());
	EXPECT_TRUE(machine_.calls.empty());
}

TEST_F(Boot, PagesThatAreNotGivenBackAreReported)
{
	uint64_t pa = 0;

	ASSERT_EQ(HOST_OK, create());
	ASSERT_EQ(HOST_OK, host_pages_alloc(host_pool(host_), 3, 1, "forgotten", &pa));
	EXPECT_EQ(3u, host_pages_out(host_));
	EXPECT_EQ(HOST_ERROR_STATE, host_destroy(host_, &error_));
	EXPECT_NE(std::string::npos, std::string(error_.text).find("3 pages"));
	host_ = nullptr;
}

} /* namespace */
