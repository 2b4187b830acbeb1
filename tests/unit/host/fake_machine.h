/* SPDX-License-Identifier: BSD-3-Clause */
/* Machines without an RMM for the host library: a scripted conduit and flat memory. */
#ifndef TESTS_UNIT_HOST_FAKE_MACHINE_H
#define TESTS_UNIT_HOST_FAKE_MACHINE_H

#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "rmmsim/host/memory.h"
#include "rmmsim/smc.h"

constexpr uint64_t kPage = HOST_PAGE_SIZE;

/* A conduit that calls a function, and records what passed. */
class FakeConduit
{
public:
	using Handler = std::function<void(smc_regs &)>;

	explicit FakeConduit(Handler handler) : handler_(std::move(handler))
	{
		conduit.call = [](void *ctx, smc_regs *regs) {
			auto *self = static_cast<FakeConduit *>(ctx);
			self->calls.push_back(*regs);
			self->handler_(*regs);
			self->answers.push_back(*regs);
		};
		conduit.ctx = this;
	}
	FakeConduit(const FakeConduit &) = delete;
	FakeConduit &operator=(const FakeConduit &) = delete;

	smc_conduit conduit{};
	std::vector<smc_regs> calls;
	std::vector<smc_regs> answers;

private:
	Handler handler_;
};

inline smc_regs answer(uint64_t x0, uint64_t x1 = 0, uint64_t x2 = 0, uint64_t x3 = 0)
{
	return smc_regs{{x0, x1, x2, x3}};
}

/* Pages that come into being when they are written; `refused` ones fault. */
class FakeMemory
{
public:
	host_memory_ops ops()
	{
		return {read, write, this};
	}

	std::set<uint64_t> refused;

	uint64_t word(uint64_t pa)
	{
		uint64_t value = 0;
		read(this, pa, &value, sizeof(value));
		return value;
	}

	void set_word(uint64_t pa, uint64_t value)
	{
		write(this, pa, &value, sizeof(value));
	}

private:
	static bool read(void *ctx, uint64_t pa, void *buf, size_t len)
	{
		auto *self = static_cast<FakeMemory *>(ctx);
		auto *out = static_cast<uint8_t *>(buf);

		for (size_t i = 0; i < len; i++) {
			uint64_t at = pa + i;
			if (self->refused.count(at & ~(kPage - 1)))
				return false;
			out[i] = self->page(at)[at % kPage];
		}
		return true;
	}

	static bool write(void *ctx, uint64_t pa, const void *buf, size_t len)
	{
		auto *self = static_cast<FakeMemory *>(ctx);
		auto *in = static_cast<const uint8_t *>(buf);

		for (size_t i = 0; i < len; i++) {
			uint64_t at = pa + i;
			if (self->refused.count(at & ~(kPage - 1)))
				return false;
			self->page(at)[at % kPage] = in[i];
		}
		return true;
	}

	std::vector<uint8_t> &page(uint64_t pa)
	{
		auto &bytes = pages_[pa & ~(kPage - 1)];
		bytes.resize(kPage);
		return bytes;
	}

	std::map<uint64_t, std::vector<uint8_t>> pages_;
};

#endif
