/* SPDX-License-Identifier: BSD-3-Clause */
/* Deterministic ES384 against RFC 6979 A.2.6, and the test keys against themselves. */
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <cstring>

extern "C" {
#include "attestation/ecdsa.h"
#include "attestation/test_keys.h"
}
#include "hex.h"

namespace
{

constexpr char kKey[] = "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d8"
			"96d5724e4c70a825f872c9ea60d2edf5";

std::string sign(const std::string &message)
{
	ecdsa_key key{};
	uint8_t signature[ECDSA_SIGNATURE_BYTES];
	const std::vector<uint8_t> scalar = unhex(kKey);

	memcpy(key.private_key, scalar.data(), sizeof(key.private_key));
	EXPECT_TRUE(ecdsa_sign(&key, message.data(), message.size(), signature));
	return hex(signature, sizeof(signature));
}

TEST(Ecdsa, SignsTheSampleOfTheRfc)
{
	EXPECT_EQ("94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
		  "81a648152e44acf96e36dd1e80fabe46"
		  "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
		  "a329c145786e679e7b82c71a38628ac8",
		  sign("sample"));
}

TEST(Ecdsa, SignsTheTestOfTheRfc)
{
	EXPECT_EQ("8203b63d3c853e8d77227fb377bcf7b7b772e97892a80f36ab775d509d7a5feb"
		  "0542a7f0812998da8f1dd3ca3cf023db"
		  "ddd0760448d42d8a43af45af836fce4de8be06b485e9b61b827c2f13173923e0"
		  "6a739f040649a667bf3b828246baa5a5",
		  sign("test"));
}

/* The public half of a key pair is the private one times the base point. */
std::string public_half(const ecdsa_key &key)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_secp384r1);
	EC_POINT *point = EC_POINT_new(group);
	BIGNUM *scalar = BN_bin2bn(key.private_key, sizeof(key.private_key), nullptr);
	uint8_t bytes[97] = {};

	EXPECT_EQ(1, EC_POINT_mul(group, point, scalar, nullptr, nullptr, nullptr));
	EXPECT_EQ(sizeof(bytes), EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
						    bytes, sizeof(bytes), nullptr));
	BN_free(scalar);
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return hex(bytes, sizeof(bytes));
}

TEST(Ecdsa, TheTestKeysArePairs)
{
	for (const ecdsa_key *key : {&attestation_test_rak, &attestation_test_platform_key})
		EXPECT_EQ("04" + hex(key->x, sizeof(key->x)) + hex(key->y, sizeof(key->y)),
			  public_half(*key));
}

} /* namespace */
