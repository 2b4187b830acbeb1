// SPDX-License-Identifier: BSD-3-Clause
#include "fetch_watch.hpp"

#include <algorithm>
#include <sstream>

#include "rmmsim/memory.h"

void FetchWatch::join(rmm_config *config)
{
	config->port.ctx = this;
	config->port.charge = on_charge;
}

void FetchWatch::fetched(uint64_t pa, uint64_t size)
{
	Fetch fetch = {pa, std::vector<uint8_t>(size)};

	commands.insert(rmm_last_call(sys, 0)->command);
	for (const Fetch &earlier : fetches)
		if (pa < earlier.pa + earlier.bytes.size() && earlier.pa < pa + size &&
		    wrong.empty()) {
			std::ostringstream what;

			what << std::hex << "0x" << size << " bytes at 0x" << pa
			     << " were read, and 0x" << earlier.bytes.size() << " bytes at 0x"
			     << earlier.pa << " before in the same call";
			wrong = what.str();
		}
	if (!rmm_host_read(sys, pa, fetch.bytes.data(), size, nullptr))
		return;
	std::vector<uint8_t> others(fetch.bytes);
	for (uint8_t &byte : others)
		byte = (uint8_t)~byte;
	rmm_host_write(sys, pa, others.data(), size, nullptr);
	fetches.push_back(std::move(fetch));
}

/* What the RMM writes stays. */
void FetchWatch::stored(uint64_t pa, uint64_t size)
{
	for (Fetch &fetch : fetches) {
		const uint64_t end = fetch.pa + fetch.bytes.size();

		for (uint64_t at = std::max(pa, fetch.pa); at < std::min(pa + size, end); at++)
			rmm_host_read(sys, at, &fetch.bytes[at - fetch.pa], 1, nullptr);
	}
}

/* The call is over: the host's memory is as it was. The latest read goes first. */
void FetchWatch::restore()
{
	for (; !fetches.empty(); fetches.pop_back())
		rmm_host_write(sys, fetches.back().pa, fetches.back().bytes.data(),
			       fetches.back().bytes.size(), nullptr);
}

void FetchWatch::on_charge(void *ctx, unsigned, rmm_cost cost, uint64_t count, uint64_t pa)
{
	auto *self = static_cast<FetchWatch *>(ctx);

	if (!self->sys)
		return;
	if (cost == RMM_COST_NS_READ)
		self->fetched(pa, count);
	else if (cost == RMM_COST_NS_WRITE)
		self->stored(pa, count);
	else if (cost == RMM_COST_SMC_RETURN)
		self->restore();
}
