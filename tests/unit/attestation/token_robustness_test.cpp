/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that are no token are refused with a sentence; nothing crashes, nothing passes. */
#include <cstring>
#include <random>

#include "hex.h"
#include "realm_with_token.h"

namespace
{

class TokenRobustness : public RealmWithToken
{
protected:
	void SetUp() override
	{
		RealmWithToken::SetUp();
		token_ = make_token();
	}

	/* In a block of its own, so that a sanitizer sees every byte too far. */
	static bool passes(const std::vector<uint8_t> &bytes)
	{
		rmm_token token{};
		rmm_token_result result{};
		rmm_error error{};

		if (rmm_token_decode(bytes.data(), bytes.size(), &token, &error) != 0) {
			EXPECT_NE('\0', error.text[0]);
			return false;
		}
		return rmm_token_verify(&token, {nullptr, 0}, &result);
	}

	std::vector<uint8_t> token_;
};

TEST_F(TokenRobustness, Truncations)
{
	for (size_t len = 0; len < token_.size(); len++) {
		rmm_token token{};

		const std::vector<uint8_t> shorter(token_.begin(), token_.begin() + long(len));
		EXPECT_EQ(-1, rmm_token_decode(shorter.data(), len, &token, nullptr)) << len;
	}
}

TEST_F(TokenRobustness, OneByteTooMany)
{
	token_.push_back(0);
	EXPECT_FALSE(passes(token_));
}

/* Every byte of a token is signed, or its place in the structure is fixed. */
TEST_F(TokenRobustness, ChangedBytes)
{
	static const uint8_t flips[] = {0x01, 0x80, 0xff};

	/* Verifying costs two signatures: not every byte, but every kind of byte. */
	for (size_t at = 0; at < token_.size(); at += at < 64 ? 1 : 5) {
		std::vector<uint8_t> changed = token_;

		changed[at] ^= flips[at % 3];
		EXPECT_FALSE(passes(changed)) << "byte " << at;
	}
}

TEST_F(TokenRobustness, ManyChanges)
{
	std::mt19937 random(1);

	for (int round = 0; round < 500; round++) {
		std::vector<uint8_t> changed = token_;

		for (unsigned int n = 1 + random() % 8; n > 0; n--)
			changed[random() % changed.size()] = uint8_t(random());
		passes(changed);
	}
}

TEST_F(TokenRobustness, Noise)
{
	std::mt19937 random(2);

	for (int round = 0; round < 5000; round++) {
		std::vector<uint8_t> noise(random() % 64);

		for (uint8_t &byte : noise)
			byte = uint8_t(random());
		if (noise.size() > 3) /* deeper than the first item */
			memcpy(noise.data(), "\xd9\x03\x8b\xa2", 4);
		EXPECT_FALSE(passes(noise));
	}
}

struct Crafted {
	const char *name;
	const char *bytes;
	const char *why;
};

void PrintTo(const Crafted &crafted, std::ostream *out)
{
	*out << crafted.name;
}

class TokenCrafted : public ::testing::TestWithParam<Crafted>
{
};

TEST_P(TokenCrafted, IsRefusedWithItsReason)
{
	const std::vector<uint8_t> bytes = unhex(GetParam().bytes);
	rmm_token token{};
	rmm_error error{};

	EXPECT_EQ(-1, rmm_token_decode(bytes.data(), bytes.size(), &token, &error));
	EXPECT_NE(nullptr, strstr(error.text, GetParam().why)) << error.text;
}

INSTANTIATE_TEST_SUITE_P(
	Bytes, TokenCrafted,
	::testing::Values(
		Crafted{"empty", "", "ends too early"},
		Crafted{"other_tag", "d2a0", "no CCA token"},
		Crafted{"no_tag", "a0", "no CCA token"},
		Crafted{"empty_map", "d9038ba0", "missing"},
		Crafted{"huge_map", "d9038bbb7fffffffffffffff", "longer than what follows"},
		Crafted{"huge_bytes", "d9018fa119acca5b7fffffffffffffff00", "inside an item"},
		Crafted{"indefinite_map", "d9038bbfff", "indefinite"},
		Crafted{"no_pair", "d9038ba119acca01", "pair"},
		Crafted{"other_type",
			"d9038ba119acca82190102"
			"40",
			"263"},
		Crafted{"twice", "d9018fa219acca4019acca40", "twice"},
		Crafted{"empty_platform", "d9018fa219acca4019acd140",
			"platform token: it ends too early"},
		Crafted{"no_sign1", "d9018fa219acca418019acd140", "tag 18"},
		Crafted{"label_text", "d9018fa1616100", "no integer"},
		Crafted{"label_too_large", "d9018fa11bffffffffffffffff00", "64 bits"},
		Crafted{"nested", "d9018fa1018181818181818181818181", "longer"},
		Crafted{"reserved", "d9018fa11c00", "no CBOR"}),
	[](const auto &row) { return std::string(row.param.name); });

} /* namespace */
