/* SPDX-License-Identifier: BSD-3-Clause */
/* A realm whose only REC runs a script that asks for an attestation token. */
#ifndef TESTS_UNIT_ATTESTATION_REALM_WITH_TOKEN_H
#define TESTS_UNIT_ATTESTATION_REALM_WITH_TOKEN_H

#include "model_machine.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/attestation.h"

constexpr uint64_t kRam = HOST_DEFAULT_RAM_IPA;
constexpr uint64_t kImage = kRam;
constexpr uint64_t kBuffer = kRam + 8 * kPage;
constexpr uint64_t kFidTokenInit = 0xC4000194;
constexpr uint64_t kFidTokenContinue = 0xC4000195;
constexpr uint64_t kFidMeasurementExtend = 0xC4000193;

using Steps = std::vector<rmm_script_step>;

inline rmm_script_step smc_step(std::initializer_list<uint64_t> args)
{
	rmm_script_step step{};
	step.op = RMM_SCRIPT_SMC;
	for (uint64_t arg : args)
		step.args[step.num_args++] = arg;
	return step;
}

inline rmm_script_step expect_step(uint8_t reg, uint64_t value)
{
	rmm_script_step step{};
	step.op = RMM_SCRIPT_EXPECT_REG;
	step.reg = reg;
	step.value = value;
	step.mask = UINT64_MAX;
	return step;
}

/* Keeps X1 of the call before where length() finds it. */
constexpr uint64_t kLengths = kRam + 6 * kPage;

inline rmm_script_step keep_length_step(unsigned int n = 0)
{
	rmm_script_step step{};
	step.op = RMM_SCRIPT_STORE;
	step.reg = 1;
	step.size = 8;
	step.ipa = kLengths + 8 * n;
	return step;
}

/* Challenge doubleword i is 0x1100 + i. */
inline rmm_script_step init_step(uint64_t first = 0x1100)
{
	return smc_step(
		{kFidTokenInit, first, 0x1101, 0x1102, 0x1103, 0x1104, 0x1105, 0x1106, 0x1107});
}

inline rmm_script_step continue_step(uint64_t addr, uint64_t offset, uint64_t size)
{
	return smc_step({kFidTokenContinue, addr, offset, size});
}

class RealmWithToken : public ModelMachine
{
protected:
	RealmWithToken()
	{
		for (size_t i = 0; i < sizeof(image_); i++)
			image_[i] = uint8_t(i * 5 + 1);
	}

	void TearDown() override
	{
		host_error why{};

		EXPECT_EQ(HOST_OK, host_realm_destroy(realm_, &why)) << why.text;
		if (host_ != nullptr) {
			EXPECT_EQ(HOST_OK, host_destroy(host_, &why)) << why.text;
		}
		realm_ = nullptr;
		host_ = nullptr;
		ModelMachine::TearDown();
	}

	/* Builds a realm with the script, SYSTEM_OFF at its end, and runs it. */
	void run(Steps steps, const host_run_ops *ops = nullptr)
	{
		steps.push_back(smc_step({0x84000008}));
		steps_ = std::move(steps);
		script_ = {steps_.data(), steps_.size()};
		build();
		ASSERT_EQ(HOST_OK, host_rec_run(realm_, 0, ops, 1000, &result_, &error_))
			<< error_.text;
		rmm_script_status status{};
		ASSERT_TRUE(rmm_scripts_status(scripts_, rd(), host_rec_mpidr(0), &status));
		ASSERT_FALSE(status.failed) << "step " << status.failed_step << " read 0x"
					    << std::hex << status.failed_value;
		ASSERT_EQ(HOST_RUN_SYSTEM_OFF, result_.end);
		EXPECT_EQ(0u, status.aborts);
	}

	/* As the script left it in the realm's memory. */
	std::vector<uint8_t> peek(uint64_t ipa, size_t len)
	{
		std::vector<uint8_t> bytes(len);

		EXPECT_TRUE(rmm_realm_peek(sys_, rd(), ipa, bytes.data(), len));
		return bytes;
	}

	uint64_t length(unsigned int n = 0)
	{
		uint64_t value = 0;

		EXPECT_TRUE(rmm_realm_peek(sys_, rd(), kLengths + 8 * n, &value, sizeof(value)));
		return value;
	}

	/* Runs INIT and one CONTINUE; returns the token. */
	std::vector<uint8_t> make_token()
	{
		run({init_step(), continue_step(kBuffer, 0, kPage), expect_step(0, RSI_SUCCESS),
		     keep_length_step()});
		return HasFatalFailure() ? std::vector<uint8_t>() : peek(kBuffer, length());
	}

	uint64_t rd() const
	{
		return host_realm_rd(realm_);
	}

	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	host_error error_{};
	uint8_t hash_algo_ = RMI_HASH_SHA_256;
	uint8_t image_[2 * kPage + 100];
	bool map_buffer_ = true;
	host_run_result result_{};

private:
	void build()
	{
		const host_ipa_range ram = {kRam, 64 * kPage};
		const host_image image = {kImage, image_, sizeof(image_), true};

		if (host_ == nullptr) {
			ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
		}
		host_realm_params params = host_realm_params_default(host_);
		params.hash_algo = hash_algo_;
		params.ram = &ram;
		params.num_ram = 1;
		params.images = &image;
		params.num_images = 1;
		params.activate = false;
		for (size_t i = 0; i < sizeof(params.rpv); i++)
			params.rpv[i] = uint8_t(0xa0 + i);
		ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_))
			<< error_.text;
		if (map_buffer_) {
			ASSERT_EQ(HOST_OK, host_realm_map(realm_, kBuffer, 2 * kPage, &error_))
				<< error_.text;
		}
		add_rec();
		ASSERT_EQ(HOST_OK, host_realm_activate(realm_, &error_)) << error_.text;
	}

	void add_rec()
	{
		host_rec_params rec{};

		rec.pc = kImage;
		rec.gprs[0] = 0x1234;
		rec.runnable = true;
		ASSERT_EQ(0, rmm_scripts_bind(scripts_, rd(), host_rec_mpidr(0), &script_));
		ASSERT_EQ(HOST_OK, host_realm_add_rec(realm_, &rec, nullptr, &error_))
			<< error_.text;
	}

	Steps steps_;
	rmm_script script_{};
};

#endif
