/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_UNIT_ATTESTATION_HEX_H
#define TESTS_UNIT_ATTESTATION_HEX_H

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

inline std::string hex(const uint8_t *data, size_t len)
{
	std::string text;
	char digits[3];

	for (size_t i = 0; i < len; i++) {
		snprintf(digits, sizeof(digits), "%02x", data[i]);
		text += digits;
	}
	return text;
}

inline std::vector<uint8_t> unhex(const std::string &text)
{
	std::vector<uint8_t> bytes;

	for (size_t i = 0; i + 1 < text.size(); i += 2)
		bytes.push_back(uint8_t(std::stoul(text.substr(i, 2), nullptr, 16)));
	return bytes;
}

#endif
