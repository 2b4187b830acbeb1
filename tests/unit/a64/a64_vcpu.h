/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A vCPU without a realm around it: some pages of memory, and an engine that executes a few
 * instructions at a time.
 */
#ifndef TESTS_UNIT_A64_VCPU_H
#define TESTS_UNIT_A64_VCPU_H

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "rmmsim/guest.h"

constexpr uint64_t kPage = 4096;
constexpr uint64_t kCode = 0x1000;
constexpr uint64_t kVectors = 0x2000;
constexpr uint64_t kData = 0x5000;
constexpr uint64_t kRam = 0x20000; /* from IPA 0 */
constexpr uint64_t kNowhere = 0xf0000000;
constexpr uint64_t kHigh = 0xffffff8000000000; /* the other half, the same tables */

constexpr uint64_t kEl0 = 0, kEl1 = 0x3c5; /* PSTATE: EL0t; EL1h, all masked */
constexpr uint32_t kSmc = 0xd4000003;
constexpr uint32_t kInVector = 0x55; /* immediate of the SMC in each vector */

class A64Vcpu : public ::testing::Test
{
protected:
	/* What is in memory and in registers when the first instruction is executed. */
	void reset()
	{
		vcpu_ = {};
		for (uint64_t at = kVectors; at < kVectors + kPage; at += 4)
			put32(at, kSmc | kInVector << 5);
		vcpu_.pc = kCode;
		vcpu_.pstate = kEl1;
		vcpu_.vbar_el1 = kVectors;
	}
	void put32(uint64_t ipa, uint32_t word)
	{
		memcpy(&ram_[ipa], &word, sizeof(word));
	}
	void put64(uint64_t ipa, uint64_t word)
	{
		memcpy(&ram_[ipa], &word, sizeof(word));
	}
	uint64_t get64(uint64_t ipa) const
	{
		uint64_t word;

		memcpy(&word, &ram_[ipa], sizeof(word));
		return word;
	}

	void invalidate_code()
	{
		ops_->invalidate(guest_, kCode, kPage);
	}

	/* Executes the words and an SMC behind them, until the first event that is not about RAM.
	 */
	void run(const std::vector<uint32_t> &words)
	{
		uint64_t at = kCode;

		for (uint32_t word : words) {
			put32(at, word);
			at += 4;
		}
		put32(at, kSmc);
		invalidate_code();
		vcpu_.pc = (vcpu_.pc & ~(kPage - 1)) >= kHigh ? kHigh + kCode : kCode;
		go_on();
	}

	void go_on()
	{
		for (int turn = 0; turn < 200; turn++) {
			event_ = {};
			ops_->run(guest_, &vcpu_, &event_);
			const bool memory =
				event_.kind == RMM_GUEST_ACCESS || event_.kind == RMM_GUEST_FETCH;
			if (memory && event_.ipa < kRam)
				hand_out(event_.ipa & ~(kPage - 1));
			else if (event_.kind != RMM_GUEST_NOTHING || stop_at_nothing_)
				return;
		}
		endless_ = true;
	}

	void hand_out(uint64_t ipa)
	{
		const rmm_guest_page page = {ipa, &ram_[ipa], true, true};

		ops_->map(guest_, &page);
	}

	/* It came to the end of the words. */
	void expect_end()
	{
		EXPECT_EQ(RMM_GUEST_SMC, event_.kind);
		EXPECT_EQ(0u, event_.imm) << "exception 0x" << std::hex << vcpu_.esr_el1;
	}
	/* It took an exception with this class. */
	void expect_exception(uint64_t ec)
	{
		EXPECT_EQ(RMM_GUEST_SMC, event_.kind);
		EXPECT_EQ(kInVector, event_.imm);
		EXPECT_EQ(ec, vcpu_.esr_el1 >> 26) << std::hex << vcpu_.esr_el1;
	}

	const rmm_guest_ops *ops_ = nullptr;
	void *guest_ = nullptr;
	rmm_vcpu vcpu_{};
	rmm_guest_event event_{};
	bool stop_at_nothing_ = false;
	bool endless_ = false; /* it went on and on, and was left alone */
	alignas(kPage) std::array<uint8_t, kRam> ram_{};
};

#endif
