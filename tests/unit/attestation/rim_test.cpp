/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Known answers for RIM and REM. They were computed from the published layouts
 * alone. R: RIPAS of one 2 MiB entry; D: two granules, the second unmeasured;
 * C: one REC.
 */
#include <gtest/gtest.h>

#include <openssl/evp.h>

#include <cstring>

extern "C" {
#include "attestation/rim.h"
}
#include "hex.h"
#include "rmmsim/attestation.h"

namespace
{

enum Step { kRipas = 1, kData = 2, kData2 = 4, kRec = 8 };

struct Vector {
	const char *name;
	uint8_t hash_algo;
	rmm_version version;
	rmm_profile profile;
	int steps;
	const char *rim;
};

void PrintTo(const Vector &vector, std::ostream *out)
{
	*out << vector.name;
}

std::string predict(const Vector &vector)
{
	const rmm_rim_params params = {0, 40, 0, 1, 1, 0, vector.hash_algo};
	const uint64_t gprs[8] = {0x88000000};
	uint8_t page[4096];
	rmm_rim rim{};
	rmm_error error{};

	for (size_t i = 0; i < sizeof(page); i++)
		page[i] = uint8_t(i);
	EXPECT_EQ(0, rmm_rim_begin(&rim, vector.version, vector.profile, &params, &error))
		<< error.text;
	if (vector.steps & kRipas)
		rmm_rim_add_ripas(&rim, 0x80000000, 0x80200000);
	if (vector.steps & kData)
		rmm_rim_add_data(&rim, 0x80000000, true, page);
	if (vector.steps & kData2)
		rmm_rim_add_data(&rim, 0x80001000, false, page);
	if (vector.steps & kRec)
		rmm_rim_add_rec(&rim, true, 0x80000000, gprs);
	for (size_t i = rim.size; i < sizeof(rim.value); i++)
		EXPECT_EQ(0, rim.value[i]) << "byte " << i << " beyond the hash";
	return hex(rim.value, rim.size);
}

class Rim : public ::testing::TestWithParam<Vector>
{
};

TEST_P(Rim, IsTheKnownAnswer)
{
	EXPECT_EQ(GetParam().rim, predict(GetParam()));
}

constexpr int kAll = kData | kData2 | kRec;
constexpr rmm_profile kSpec = RMM_PROFILE_SPEC;
constexpr rmm_profile kTfRmm = RMM_PROFILE_TF_RMM;

const Vector kVectors[] = {
	{"create_1_0", 0, RMM_VERSION_1_0_REL0, kSpec, 0,
	 "045cb3602843a6845cb710fbbfbb92f0c7d611afe0106ac2953e46950a70c42b"},
	{"create_tf", 0, RMM_VERSION_2_0_BET1, kTfRmm, 0,
	 "045cb3602843a6845cb710fbbfbb92f0c7d611afe0106ac2953e46950a70c42b"},
	{"create_2_0", 0, RMM_VERSION_2_0_BET1, kSpec, 0,
	 "0000000000000000000000000000000000000000000000000000000000000000"},
	{"R_1_0", 0, RMM_VERSION_1_0_REL0, kSpec, kRipas,
	 "7ca45e3aec88361274bb4a7157ac88c9f2325e4b125241674ec2f53f4f2c039e"},
	{"R_D_1_0", 0, RMM_VERSION_1_0_REL0, kSpec, kRipas | kData,
	 "6e8f99c409cbb5cff6a8b2abd0e485cf017e3a8cd626f3f718a6fda0f6ff63c9"},
	{"R_D_D_1_0", 0, RMM_VERSION_1_0_REL0, kSpec, kRipas | kData | kData2,
	 "ba19f4e7c8fe59c7f37330681cc2da6e9a2c9814b82365b5513a06163d407580"},
	{"R_D_D_C_1_0", 0, RMM_VERSION_1_0_REL0, kSpec, kRipas | kAll,
	 "2ebd4ab01a6efb1146f4459f958b2ec60f63a9425add2b4fc3d9b935f674eb70"},
	{"D_tf", 0, RMM_VERSION_2_0_BET1, kTfRmm, kRipas | kData,
	 "085d9a9ef5d8f4e55a693d29a3ecd43c8d4df141ee550ff4d11ea38e02bbde40"},
	{"D_D_C_tf", 0, RMM_VERSION_2_0_BET1, kTfRmm, kAll,
	 "eb0fcfb947f513c8d9975981077f282e8694af83feb92086f12822aa3c2334f3"},
	{"D_2_0", 0, RMM_VERSION_2_0_BET1, kSpec, kRipas | kData,
	 "269e6e5fa823fe7d4a143545b48f933ae716d4bd1c0a7ff9e61970fbe655ca12"},
	{"D_D_2_0", 0, RMM_VERSION_2_0_BET3, kSpec, kData | kData2,
	 "4a5658b4acf2c8291b93477c571697989648fafd30e030158766aecc48466dbf"},
	{"D_D_C_2_0", 0, RMM_VERSION_2_0_BET2, kSpec, kAll,
	 "979520e203373a19fc6f676ac37b10324565481d7401fcdf9fceb61d35048c32"},
	{"create_tf_512", 1, RMM_VERSION_2_0_BET1, kTfRmm, 0,
	 "066e19aa2c3418dadc20ef31b5595907c612991952553e1e99731a677b5797c9"
	 "898dffb6e3963a20b8e1af6d136cd2fe6fe25f048577dc3d7e5bf3a79a4b1e81"},
	{"R_D_D_C_1_0_512", 1, RMM_VERSION_1_0_REL0, kSpec, kRipas | kAll,
	 "f6e1b2fb77c3d731d3e0d44c5354bf9fc34c3ef2f8acb850a054b125d58ea0d2"
	 "1da95dbdcfbfb227cae4becd549dc50bfedec23e6f453c0d96ac9239a5b44312"},
	{"D_D_C_tf_512", 1, RMM_VERSION_2_0_BET1, kTfRmm, kAll,
	 "55322db9403f6863bffe939488550e2f3ef93daa2b3cf4a75107bb769b67bbcd"
	 "5aa3e112e3a3507b85cf6a59cf2f2a518691b682de6df9d86df25be941b0f0df"},
	{"D_D_C_2_0_512", 1, RMM_VERSION_2_0_BET1, kSpec, kAll,
	 "9cd0b981650f05fcac359080fc98f75776715b6d48c6fc8f7450b1039dab8417"
	 "a272b20c76673b1156aa9e3681a970c68b54db3ee4c331a2e3b2592517684969"},
	{"create_tf_384", 2, RMM_VERSION_2_0_BET1, kTfRmm, 0,
	 "a944de8245ff038a0fb8849087b7541cae4b197318d3d5ad2865a74e544bdf3e"
	 "0f752281a3800bc69f05270e952ea5b0"},
	{"D_D_C_tf_384", 2, RMM_VERSION_2_0_BET1, kTfRmm, kAll,
	 "3d0255d537606bbd72745ddcc56b91b19663e596190dd4876446a1ccf00360e1"
	 "1404191d2c635f924310eb702caf48f7"},
	{"D_D_C_2_0_384", 2, RMM_VERSION_2_0_BET1, kSpec, kAll,
	 "c3b4b0ee8ea4a808cdbba8bde0b1ae476684e2eb241eb5b0d038fcf7b304c133"
	 "82b2dc3fbd963288ae3a93f3c9a72442"},
};

INSTANTIATE_TEST_SUITE_P(Vectors, Rim, ::testing::ValuesIn(kVectors),
			 [](const auto &row) { return std::string(row.param.name); });

TEST(RimApi, ARecThatIsNotRunnableIsNotMeasured)
{
	const rmm_rim_params params = {0, 40, 0, 1, 1, 0, 0};
	const uint64_t gprs[8] = {};
	rmm_rim rim{}, before{};

	ASSERT_EQ(0, rmm_rim_begin(&rim, RMM_VERSION_2_0_BET1, kTfRmm, &params, nullptr));
	before = rim;
	rmm_rim_add_rec(&rim, false, 0x1000, gprs);
	EXPECT_EQ(0, memcmp(&before, &rim, sizeof(rim)));
}

TEST(RimApi, Sha384IsNotIn1_0)
{
	const rmm_rim_params params = {0, 40, 0, 1, 1, 0, 2};
	rmm_rim rim{};
	rmm_error error{};

	EXPECT_EQ(-1, rmm_rim_begin(&rim, RMM_VERSION_1_0_REL0, kSpec, &params, &error));
	EXPECT_NE(nullptr, strstr(error.text, "hash algorithm 2")) << error.text;
}

/* ---- REM ---------------------------------------------------------------------- */

struct RemVector {
	const char *name;
	uint8_t hash_algo;
	size_t size;
	const char *unpadded;
	const char *padded;
};

void PrintTo(const RemVector &vector, std::ostream *out)
{
	*out << vector.name;
}

void openssl_hash(void *ctx, const void *data, size_t len, uint8_t out[64])
{
	memset(out, 0, 64);
	EVP_Digest(data, len, out, nullptr, static_cast<const EVP_MD *>(ctx), nullptr);
}

std::string extend(const RemVector &vector, bool padded)
{
	const EVP_MD *const digests[] = {EVP_sha256(), EVP_sha512(), EVP_sha384()};
	const rim_hasher hasher = {openssl_hash, const_cast<EVP_MD *>(digests[vector.hash_algo])};
	uint8_t value[64];
	uint8_t rem[64] = {};

	for (size_t i = 0; i < sizeof(value); i++)
		value[i] = uint8_t(i);
	rem_extend(&hasher, vector.hash_algo, padded, rem, value, vector.size);
	return hex(rem, rim_hash_size(vector.hash_algo));
}

class Rem : public ::testing::TestWithParam<RemVector>
{
};

TEST_P(Rem, IsTheKnownAnswer)
{
	EXPECT_EQ(GetParam().unpadded, extend(GetParam(), false));
	EXPECT_EQ(GetParam().padded, extend(GetParam(), true));
}

#define REM_512                                                            \
	"3317cc3c3c68eadf60825ca04a9a4d238c73cd2ad755d2ac479352ee6e56127a" \
	"5fc8c65dcc5073246ac82b1be0797c4bdcc1a6c06195558d1955739fa607db03"

const RemVector kRemVectors[] = {
	{"sha_256_size_32", 0, 32,
	 "bb2275c49f28ad52cae6d55e34a974a58c7a3ba26f976e8ecbbe7a536918dc73",
	 "ddac6f7ab79e3d15d934a5db4dae62fbac04f8e13c6f0a74363cef2e071a1fb4"},
	{"sha_256_size_64", 0, 64,
	 "dc7a48014fc1fac8b52af39bc7ea5cafafabf8bb81fb8f880fdf3b4a4566795c",
	 "c5c03655a9aea55b2e35f32f3081d610592dd22fc1f758463d057337163b80ec"},
	{"sha_256_size_0", 0, 0, "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925",
	 "38723a2e5e8a17aa7950dc008209944e898f69a7bd10a23c839d341e935fd5ca"},
	{"sha_512_size_64", 1, 64, REM_512, REM_512},
	{"sha_384_size_32", 2, 32,
	 "8498da6aec792ce69960fa38f4197e1e42e924a9aa6515191d759d4d82ee5ed7"
	 "24354ac8f5564406f079b51d5e0e34f6",
	 "8b781e038bcca4a4ee613901543a7e972c0a0617206264961e162258d89cb095"
	 "dc662320ccab8df4d20feb18aaa35ca6"},
};

INSTANTIATE_TEST_SUITE_P(Vectors, Rem, ::testing::ValuesIn(kRemVectors),
			 [](const auto &row) { return std::string(row.param.name); });

} /* namespace */
