/* SPDX-License-Identifier: BSD-3-Clause */
/* The model as the host's machine, and a conduit that fails calls on demand. */
#ifndef TESTS_UNIT_HOST_MODEL_MACHINE_H
#define TESTS_UNIT_HOST_MODEL_MACHINE_H

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <vector>

#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/guest.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/run.h"
#include "rmmsim/memory.h"
#include "rmmsim/system.h"

constexpr uint64_t kPage = HOST_PAGE_SIZE;

/* A machine with scripted guests, and a host configuration for its first PE. */
class ModelMachine : public ::testing::Test
{
protected:
	void SetUp() override
	{
		ASSERT_EQ(0, rmm_scripts_create(&scripts_));
		rmm_config machine = rmm_config_default();
		machine.guest = rmm_scripts_ops();
		machine.guest_machine = scripts_;
		adjust(machine);
		rmm_error why{};
		ASSERT_EQ(0, rmm_system_create(&machine, &sys_, &why)) << why.text;
		config_ = host_model_config(sys_, 0, 0, &pe_);
		direct_ = config_.conduit;
		config_.conduit = {intercept, this};
	}

	void TearDown() override
	{
		rmm_system_destroy(sys_);
		rmm_scripts_destroy(scripts_);
	}

	virtual void adjust(rmm_config &)
	{
	}

	/* A machine at reset again. */
	void restart()
	{
		TearDown();
		sys_ = nullptr;
		scripts_ = nullptr;
		calls_.clear();
		fail_call_.reset();
		SetUp();
	}

	/* The machine has nothing left of what the host did. */
	void expect_clean()
	{
		EXPECT_EQ(0u, rmm_num_delegated(sys_));
		EXPECT_EQ(0u, rmm_num_operations(sys_));
	}

	rmm_system *sys_ = nullptr;
	rmm_scripts *scripts_ = nullptr;
	host_config config_{};
	std::vector<uint64_t> calls_;     /* X0, X1 of every call, in turn */
	std::optional<size_t> fail_call_; /* number of a call that does not reach the RMM */
	uint64_t fail_with_ = RMI_ERROR_INPUT;
	uint64_t fail_fid_ = 0;   /* calls of this command do not reach the RMM ... */
	uint64_t fail_after_ = 0; /* ... after so many that do with success */

private:
	static void intercept(void *ctx, smc_regs *regs)
	{
		auto *self = static_cast<ModelMachine *>(ctx);
		size_t number = self->calls_.size() / 2;

		self->calls_.push_back(regs->x[0]);
		self->calls_.push_back(regs->x[1]);
		const bool chosen = self->fail_fid_ && regs->x[0] == self->fail_fid_;
		if ((self->fail_call_ && *self->fail_call_ == number) ||
		    (chosen && self->fail_after_ == 0)) {
			std::memset(regs, 0, sizeof(*regs));
			regs->x[0] = self->fail_with_;
			return;
		}
		smc_call(&self->direct_, regs);
		if (chosen && regs->x[0] == RMI_SUCCESS)
			self->fail_after_--;
	}

	rmm_conduit_ctx pe_{};
	smc_conduit direct_{};
};

#endif
