/* SPDX-License-Identifier: BSD-3-Clause */
#include "toy_host.hpp"

#include <utility>

#include <rmmsim/abi/rmm2_0b1_plain_calls.h>

namespace
{

constexpr uint64_t PAGE = 4096;
constexpr uint8_t IPA_BITS = 39; /* one root table at level 1 */
constexpr int ROOT_LEVEL = 1;

} // namespace

ToyHost::ToyHost(smc_conduit conduit, WriteFn write, uint64_t memory)
	: conduit_(conduit), write_(std::move(write)), memory_(memory)
{
}

uint64_t ToyHost::delegate(uint64_t pa, uint64_t size)
{
	for (uint64_t at = pa; at < pa + size;) {
		auto r = rmi_granule_range_delegate(&conduit_, at, pa + size);

		if (r.result != RMI_SUCCESS)
			return r.result;
		at = r.out_top;
	}
	return 0;
}

uint64_t ToyHost::undelegate(uint64_t pa, uint64_t size)
{
	for (uint64_t at = pa; at < pa + size;) {
		auto r = rmi_granule_range_undelegate(&conduit_, at, pa + size);

		if (r.result != RMI_SUCCESS)
			return r.result;
		at = r.out_top;
	}
	return 0;
}

uint64_t ToyHost::createRealm()
{
	rmi_realm_params params{};
	uint64_t result = delegate(memory_, 3 * PAGE);

	params.s2sz = IPA_BITS;
	params.num_bps = 1;
	params.num_wps = 1;
	params.hash_algo = RMI_HASH_SHA_256;
	params.rtt_base = memory_ + PAGE;
	params.rtt_level_start = ROOT_LEVEL;
	params.rtt_num_start = 1;
	if (result != 0 || !write_(memory_ + 3 * PAGE, &params, sizeof(params)))
		return result;
	return rmi_realm_create(&conduit_, memory_, memory_ + 3 * PAGE).result;
}

uint64_t ToyHost::addTable(uint64_t ipa, int level)
{
	return rmi_rtt_create(&conduit_, memory_, memory_ + 2 * PAGE, ipa, level).result;
}

uint64_t ToyHost::removeTable(uint64_t ipa, int level)
{
	return rmi_rtt_destroy(&conduit_, memory_, ipa, level).result;
}

uint64_t ToyHost::destroyRealm()
{
	uint64_t result = rmi_realm_terminate(&conduit_, memory_).result;

	if (result == RMI_SUCCESS)
		result = rmi_realm_destroy(&conduit_, memory_).result;
	return result == RMI_SUCCESS ? undelegate(memory_, 3 * PAGE) : result;
}
