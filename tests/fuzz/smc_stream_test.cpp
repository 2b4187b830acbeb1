// SPDX-License-Identifier: BSD-3-Clause
// The stream player with seeded noise: what the fuzzer does, a little of it, on every test run.
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "smc_stream.h"

namespace
{

std::vector<uint8_t> noise(uint32_t seed, size_t len)
{
	std::mt19937 engine(seed);
	std::vector<uint8_t> bytes(len);

	for (uint8_t &byte : bytes)
		byte = static_cast<uint8_t>(engine());
	return bytes;
}

class SmcStream : public testing::TestWithParam<uint32_t>
{
};

TEST_P(SmcStream, AnyRegistersGetAnAnswer)
{
	const std::vector<uint8_t> bytes = noise(GetParam(), 20000);

	EXPECT_GT(smc_stream_play(bytes.data(), bytes.size()), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SmcStream, testing::Range(0u, 64u));

} // namespace
