/* SPDX-License-Identifier: BSD-3-Clause */
/* What a token says, in each form, and that its reader believes no other. */
#include <openssl/evp.h>

#include <cstring>

#include "hex.h"
#include "realm_with_token.h"

namespace
{

class Token : public RealmWithToken
{
protected:
	void adjust(rmm_config &machine) override
	{
		for (size_t i = 0; i < overrides_.size(); i++)
			machine.overrides[i] = {overrides_[i], false};
		machine.num_overrides = unsigned(overrides_.size());
	}

	void make()
	{
		rmm_error error{};

		bytes_ = make_token();
		ASSERT_EQ(0, rmm_token_decode(bytes_.data(), bytes_.size(), &token_, &error))
			<< error.text;
		EXPECT_TRUE(rmm_token_verify(&token_, {nullptr, 0}, &result_of_checks_));
		for (int i = 0; i < RMM_TOKEN_CHECK_COUNT; i++)
			EXPECT_TRUE(result_of_checks_.ok[i]) << result_of_checks_.why[i].text;
	}

	static std::string bytes_of(const rmm_signed_claims &claims, int64_t key)
	{
		const rmm_claim *claim = rmm_token_claim(&claims, key);

		return claim && claim->kind == RMM_CLAIM_BYTES
			       ? hex(claim->bytes.data, claim->bytes.len)
			       : "none";
	}

	static std::string text_of(const rmm_signed_claims &claims, int64_t key)
	{
		const rmm_claim *claim = rmm_token_claim(&claims, key);

		return claim && claim->kind == RMM_CLAIM_TEXT
			       ? std::string(reinterpret_cast<const char *>(claim->bytes.data),
					     claim->bytes.len)
			       : "none";
	}

	/* Verifies after a change of one byte somewhere. */
	rmm_token_result verify_changed(const uint8_t *at)
	{
		std::vector<uint8_t> changed = bytes_;
		rmm_token token{};
		rmm_token_result result{};

		changed[size_t(at - bytes_.data())] ^= 1;
		EXPECT_EQ(0, rmm_token_decode(changed.data(), changed.size(), &token, nullptr));
		EXPECT_FALSE(rmm_token_verify(&token, {nullptr, 0}, &result));
		return result;
	}

	std::vector<rmm_behaviour> overrides_;
	std::vector<uint8_t> bytes_;
	rmm_token token_{};
	rmm_token_result result_of_checks_{};
};

TEST_F(Token, Claims2_0)
{
	make();
	rmm_realm_view view{};
	ASSERT_TRUE(rmm_realm_at(sys_, rd(), &view));

	EXPECT_EQ(uint64_t(RMM_TOKEN_TAG_CMW), token_.tag);
	EXPECT_EQ("tag:arm.com,2024:realm#2.0.0", text_of(token_.realm, RMM_CLAIM_PROFILE));
	EXPECT_EQ("tag:arm.com,2024:cca_platform#2.0.0",
		  text_of(token_.platform, RMM_CLAIM_PROFILE));
	EXPECT_EQ("sha-256", text_of(token_.realm, RMM_CLAIM_HASH_ALGORITHM));
	EXPECT_EQ(hex(view.rim, 32), bytes_of(token_.realm, RMM_CLAIM_RIM));
	EXPECT_EQ("a0a1a2", bytes_of(token_.realm, RMM_CLAIM_RPV).substr(0, 6));
	EXPECT_EQ("0011000000000000"
		  "0111000000000000",
		  bytes_of(token_.realm, RMM_CLAIM_CHALLENGE).substr(0, 32));
	EXPECT_EQ("01", bytes_of(token_.realm, RMM_CLAIM_INSTANCE_ID).substr(0, 2));
	EXPECT_EQ("a401022002215830", bytes_of(token_.realm, RMM_CLAIM_RAK).substr(0, 16));
	EXPECT_EQ(10u, token_.realm.num_claims);
	EXPECT_EQ(9u, token_.platform.num_claims);
	EXPECT_EQ(2u, token_.num_components);
}

/* Sizes as the fact that TF-RMM's token of the same claims has them. */
TEST_F(Token, SizeOfTheRealmToken)
{
	make();
	const size_t platform = size_t(token_.realm.payload.data - bytes_.data());
	const size_t realm = token_.realm.payload.len + token_.realm.signature.len + 13;

	EXPECT_EQ(632u, realm);
	EXPECT_LT(platform + realm, bytes_.size() + 13);
	EXPECT_EQ("a1013822",
		  hex(token_.realm.protected_header.data, token_.realm.protected_header.len));
	EXPECT_EQ(96u, token_.realm.signature.len);
}

TEST_F(Token, Claims1_0)
{
	overrides_ = {RMM_BEHAVIOUR_TOKEN_IS_CMW_COLLECTION, RMM_BEHAVIOUR_TOKEN_HAS_2_0_CLAIMS};
	TearDown();
	SetUp();
	make();
	EXPECT_EQ(uint64_t(RMM_TOKEN_TAG_EAT), token_.tag);
	EXPECT_EQ("tag:arm.com,2023:realm#1.0.0", text_of(token_.realm, RMM_CLAIM_PROFILE));
	EXPECT_EQ("none", bytes_of(token_.realm, RMM_CLAIM_INSTANCE_ID));
	EXPECT_EQ(nullptr, rmm_token_claim(&token_.realm, RMM_CLAIM_MEC_POLICY));
	EXPECT_EQ(nullptr, rmm_token_claim(&token_.platform, RMM_CLAIM_CLIENT_ID));
	EXPECT_EQ(590u, token_.realm.payload.len + token_.realm.signature.len + 13);
	EXPECT_EQ(8u, token_.platform.num_claims);
}

TEST_F(Token, OtherHashes)
{
	for (const auto &[algo, size, realm_bytes] :
	     {std::tuple{RMI_HASH_SHA_384, 48u, 712u}, std::tuple{RMI_HASH_SHA_512, 64u, 792u}}) {
		hash_algo_ = uint8_t(algo);
		make();
		EXPECT_EQ(2 * size, bytes_of(token_.realm, RMM_CLAIM_RIM).size());
		EXPECT_EQ(size, token_.rems[3].len);
		EXPECT_EQ(realm_bytes, token_.realm.payload.len + token_.realm.signature.len + 13);
		TearDown();
		SetUp();
	}
}

TEST_F(Token, TheSameRunGivesTheSameToken)
{
	const std::vector<uint8_t> first = make_token();

	TearDown();
	SetUp();
	EXPECT_EQ(first, make_token());
}

TEST_F(Token, RealmsHaveInstancesOfTheirOwn)
{
	make();
	const std::string first = bytes_of(token_.realm, RMM_CLAIM_INSTANCE_ID);
	host_error why{};

	ASSERT_EQ(HOST_OK, host_realm_destroy(realm_, &why)) << why.text;
	realm_ = nullptr;
	make();
	EXPECT_NE(first, bytes_of(token_.realm, RMM_CLAIM_INSTANCE_ID));
}

/* ---- tampering ------------------------------------------------------------------------ */

TEST_F(Token, AChangedRealmClaimBreaksItsSignatureOnly)
{
	make();
	const rmm_claim *rim = rmm_token_claim(&token_.realm, RMM_CLAIM_RIM);
	const rmm_token_result result = verify_changed(rim->bytes.data);

	EXPECT_FALSE(result.ok[RMM_TOKEN_REALM_SIGNATURE]);
	EXPECT_TRUE(result.ok[RMM_TOKEN_PLATFORM_SIGNATURE]);
	EXPECT_TRUE(result.ok[RMM_TOKEN_BINDING]);
	EXPECT_STREQ("the key did not sign this", result.why[RMM_TOKEN_REALM_SIGNATURE].text);
}

TEST_F(Token, AChangedPlatformClaimBreaksItsSignature)
{
	make();
	const rmm_claim *id = rmm_token_claim(&token_.platform, RMM_CLAIM_IMPLEMENTATION_ID);
	const rmm_token_result result = verify_changed(id->bytes.data);

	EXPECT_FALSE(result.ok[RMM_TOKEN_PLATFORM_SIGNATURE]);
	EXPECT_TRUE(result.ok[RMM_TOKEN_REALM_SIGNATURE]);
}

TEST_F(Token, AnotherChallengeOfThePlatformIsNoBinding)
{
	make();
	const rmm_claim *challenge = rmm_token_claim(&token_.platform, RMM_CLAIM_CHALLENGE);
	const rmm_token_result result = verify_changed(challenge->bytes.data);

	EXPECT_FALSE(result.ok[RMM_TOKEN_BINDING]);
	EXPECT_TRUE(result.ok[RMM_TOKEN_REALM_SIGNATURE]);
}

TEST_F(Token, ARakThatIsNotOnTheCurve)
{
	make();
	const rmm_claim *rak = rmm_token_claim(&token_.realm, RMM_CLAIM_RAK);
	const rmm_token_result result = verify_changed(rak->bytes.data + 20);

	EXPECT_FALSE(result.ok[RMM_TOKEN_REALM_SIGNATURE]);
	EXPECT_STREQ("the realm token holds no usable RAK",
		     result.why[RMM_TOKEN_REALM_SIGNATURE].text);
}

TEST_F(Token, AnotherPlatformsKey)
{
	static const char other[] =
		"-----BEGIN PUBLIC KEY-----\n"
		"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
		"6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n"
		"-----END PUBLIC KEY-----\n";
	rmm_token_result result{};

	make();
	EXPECT_FALSE(rmm_token_verify(
		&token_, {reinterpret_cast<const uint8_t *>(other), sizeof(other) - 1}, &result));
	EXPECT_NE(nullptr, strstr(result.why[RMM_TOKEN_PLATFORM_SIGNATURE].text, "P-256"))
		<< result.why[RMM_TOKEN_PLATFORM_SIGNATURE].text;
	EXPECT_FALSE(rmm_token_verify(&token_, {bytes_.data(), bytes_.size()}, &result));
	EXPECT_STREQ("the platform's key is no public key in PEM",
		     result.why[RMM_TOKEN_PLATFORM_SIGNATURE].text);
}

/* ---- prediction ----------------------------------------------------------------------- */

TEST_F(Token, ThePredictedRimIsTheRealmsRim)
{
	make();
	const rmm_rim_params params = {0, 39, 0, 1, 1, 0, RMI_HASH_SHA_256};
	const uint64_t gprs[8] = {0x1234};
	uint8_t padded[3 * kPage] = {};
	rmm_rim rim{};

	memcpy(padded, image_, sizeof(image_));
	ASSERT_EQ(0, rmm_rim_begin(&rim, RMM_VERSION_2_0_BET1, RMM_PROFILE_SPEC, &params, nullptr));
	for (unsigned int i = 0; i < 3; i++)
		rmm_rim_add_data(&rim, kImage + i * kPage, true, padded + i * kPage);
	rmm_rim_add_rec(&rim, true, kImage, gprs);
	EXPECT_EQ(bytes_of(token_.realm, RMM_CLAIM_RIM), hex(rim.value, rim.size));
}

class TokenOfTfRmm : public Token
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.profile = RMM_PROFILE_TF_RMM;
	}
};

TEST_F(TokenOfTfRmm, ThePredictedRimStartsFromTheParameters)
{
	make();
	rmm_rim_params params = {0, 39, 0, 1, 1, 0, RMI_HASH_SHA_256};
	const host_realm_params defaults = host_realm_params_default(host_);
	const uint64_t gprs[8] = {0x1234};
	uint8_t padded[3 * kPage] = {};
	rmm_rim rim{};

	params.num_bps = defaults.num_bps;
	params.num_wps = defaults.num_wps;
	memcpy(padded, image_, sizeof(image_));
	ASSERT_EQ(0,
		  rmm_rim_begin(&rim, RMM_VERSION_2_0_BET1, RMM_PROFILE_TF_RMM, &params, nullptr));
	for (unsigned int i = 0; i < 3; i++)
		rmm_rim_add_data(&rim, kImage + i * kPage, true, padded + i * kPage);
	rmm_rim_add_rec(&rim, true, kImage, gprs);
	EXPECT_EQ(bytes_of(token_.realm, RMM_CLAIM_RIM), hex(rim.value, rim.size));
}

} /* namespace */
