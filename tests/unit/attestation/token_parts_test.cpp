/* SPDX-License-Identifier: BSD-3-Clause */
/* Tokens with one part that is not as it should be: what the reader and the verifier say of it. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstring>
#include <string>

#include "hex.h"
#include "realm_with_token.h"

extern "C" {
#include "attestation/test_keys.h"
}

namespace
{

/* ---- CBOR -------------------------------------------------------------------------- */

using Bytes = std::string;

Bytes item(unsigned major, size_t count)
{
	const Bytes head(1, char(major << 5 | (count < 24 ? count : 25)));

	return count < 24 ? head : head + char(count >> 8) + char(count & 0xff);
}

Bytes bstr(const Bytes &bytes)
{
	return item(2, bytes.size()) + bytes;
}

Bytes cbor(const char *text)
{
	const std::vector<uint8_t> bytes = unhex(text);

	return Bytes(bytes.begin(), bytes.end());
}

Bytes sign1(const Bytes &payload, const char *header = "a10126", const char *signature = "40")
{
	return cbor("d284") + bstr(cbor(header)) + cbor("a0") + bstr(payload) + cbor(signature);
}

/* A collection in the form of 1.0. */
Bytes collection(const Bytes &platform, const Bytes &realm)
{
	return cbor("d9018fa2") + cbor("19acca") + bstr(platform) + cbor("19acd1") + bstr(realm);
}

/* ---- what is refused when it is read -------------------------------------------------- */

struct Part {
	const char *name;
	Bytes token;
	const char *why; /* NULL: nothing is wrong with it */
};

void PrintTo(const Part &part, std::ostream *out)
{
	*out << part.name;
}

Bytes with_realm(const char *claims)
{
	return collection(sign1(cbor("a0")), sign1(cbor(claims)));
}

Bytes with_platform(const char *claims)
{
	return collection(sign1(cbor(claims)), sign1(cbor("a0")));
}

Bytes with_header(const char *header)
{
	return collection(sign1(cbor("a0"), header), sign1(cbor("a0")));
}

class TokenPart : public ::testing::TestWithParam<Part>
{
};

TEST_P(TokenPart, IsReadOrRefusedWithItsReason)
{
	const Part &part = GetParam();
	rmm_token token{};
	rmm_error error{};
	const int result = rmm_token_decode(part.token.data(), part.token.size(), &token, &error);

	EXPECT_EQ(part.why ? -1 : 0, result) << error.text;
	EXPECT_NE(nullptr, strstr(error.text, part.why ? part.why : "")) << error.text;
}

INSTANTIATE_TEST_SUITE_P(
	Parts, TokenPart,
	::testing::Values(
		Part{"smallest", with_realm("a0"), nullptr},
		Part{"other_tag_than_sign1", collection(cbor("d184"), sign1(cbor("a0"))), "tag 18"},
		Part{"sign1_of_three", collection(cbor("d28340a040"), sign1(cbor("a0"))),
		     "array of four"},
		Part{"protected_header_no_bytes", collection(cbor("d28400a04040"), Bytes()),
		     "the protected header is no byte string"},
		Part{"unprotected_header_no_map", collection(cbor("d28440004040"), Bytes()),
		     "the unprotected header is no map"},
		Part{"payload_no_bytes", collection(cbor("d28440a00040"), Bytes()),
		     "the payload is no byte string"},
		Part{"signature_no_bytes", collection(cbor("d28440a04000"), Bytes()),
		     "the signature is no byte string"},
		Part{"header_no_map", with_header("00"), "the protected header is no map"},
		Part{"header_label_no_integer", with_header("a1616126"),
		     "a header label is no integer"},
		Part{"algorithm_no_integer", with_header("a10140"), "the algorithm is no integer"},
		Part{"no_algorithm", with_header("a10440"), "names no algorithm"},
		Part{"header_too_short", with_header("a201260458"), "ends inside an item"},
		Part{"another_header", with_header("a204400126"), nullptr},
		Part{"header_and_more", with_header("a1012600"), "something follows the end"},
		Part{"no_claims", with_realm("00"), "the payload is no map of claims"},
		Part{"claim_key_no_integer", with_realm("a1616100"), "the key of a claim"},
		Part{"claim_without_value", with_realm("a10a5820"), "ends inside an item"},
		Part{"too_many_claims", with_realm(("b821" + std::string(2 * 66, '0')).c_str()),
		     "more claims than any profile"},
		Part{"rems_no_array", with_realm("a119accf00"), "the REMs are no array of four"},
		Part{"rems_of_three", with_realm("a119accf83404040"),
		     "the REMs are no array of four"},
		Part{"rem_no_bytes", with_realm("a119accf8440404000"), "a REM is no byte string"},
		Part{"rems", with_realm("a119accf8440404040"), nullptr},
		Part{"components_no_array", with_platform("a119095f00"), "are no array"},
		Part{"too_many_components",
		     with_platform(("a119095f9821" + std::string(2 * 33, '0')).c_str()),
		     "more software components than this reads"},
		Part{"component_no_map", with_platform("a119095f8100"),
		     "a software component is no map"},
		Part{"component_key_no_integer", with_platform("a119095f81a1616100"),
		     "a key of a software component"},
		Part{"component_type_no_text", with_platform("a119095f81a10100"),
		     "the type of a component"},
		Part{"component_hash_no_text", with_platform("a119095f81a10600"),
		     "the hash algorithm of a component"},
		Part{"component_with_hash", with_platform("a119095f81a106677368612d323536"),
		     nullptr},
		Part{"component_with_more", with_platform("a119095f81a1186300"), nullptr}),
	[](const auto &row) { return std::string(row.param.name); });

/* ---- what is refused when it is verified ----------------------------------------------- */

struct Claimed;

class TokenVerified : public RealmWithToken, public ::testing::WithParamInterface<Claimed>
{
protected:
	void SetUp() override
	{
		RealmWithToken::SetUp();
		bytes_ = make_token();
		ASSERT_EQ(0, rmm_token_decode(bytes_.data(), bytes_.size(), &token_, nullptr));
	}

public:
	static rmm_claim *claim(rmm_signed_claims &claims, int64_t key)
	{
		return const_cast<rmm_claim *>(rmm_token_claim(&claims, key));
	}
	static rmm_bytes text(const char *value)
	{
		return {reinterpret_cast<const uint8_t *>(value), strlen(value)};
	}

	std::vector<uint8_t> bytes_;
	rmm_token token_{};
};

struct Claimed {
	const char *name;
	rmm_token_check check;
	void (*change)(rmm_token &token);
	const char *why;
};

void PrintTo(const Claimed &claimed, std::ostream *out)
{
	*out << claimed.name;
}

TEST_P(TokenVerified, IsRefusedWithItsReason)
{
	rmm_token_result result{};

	GetParam().change(token_);
	EXPECT_FALSE(rmm_token_verify(&token_, {nullptr, 0}, &result));
	EXPECT_FALSE(result.ok[GetParam().check]);
	EXPECT_NE(nullptr, strstr(result.why[GetParam().check].text, GetParam().why))
		<< result.why[GetParam().check].text;
}

using T = TokenVerified;

/* COSE keys: EC2 on P-384 and what is wrong with it. */
const uint8_t kOctetKey[] = {0xa1, 0x01, 0x04};
const uint8_t kKeyLabelText[] = {0xa1, 0x61, 0x61, 0x04};
const uint8_t kKeyTooShort[] = {0xa1, 0x01};
const uint8_t kOtherCurve[] = {0xa2, 0x01, 0x02, 0x20, 0x08};
const uint8_t kShortX[] = {0xa4, 0x01, 0x02, 0x20, 0x02, 0x21, 0x41, 0x00, 0x22, 0x41, 0x00};
const uint8_t kNoMap[] = {0x00};

template <const uint8_t *key, size_t len> void change_rak(rmm_token &token)
{
	T::claim(token.realm, RMM_CLAIM_RAK)->bytes = {key, len};
}

INSTANTIATE_TEST_SUITE_P(
	Changes, TokenVerified,
	::testing::Values(
		Claimed{"wrong_type", RMM_TOKEN_REALM_CLAIMS,
			[](rmm_token &changed) {
				T::claim(changed.realm, RMM_CLAIM_CHALLENGE)->kind = RMM_CLAIM_INT;
			},
			"has the wrong type"},
		Claimed{"wrong_size", RMM_TOKEN_REALM_CLAIMS,
			[](rmm_token &changed) {
				T::claim(changed.realm, RMM_CLAIM_CHALLENGE)->bytes.len = 63;
			},
			"has the wrong size"},
		Claimed{"missing", RMM_TOKEN_REALM_CLAIMS,
			[](rmm_token &changed) { T::claim(changed.realm, RMM_CLAIM_RPV)->key = 9; },
			"is missing"},
		Claimed{"hash_of_another_name", RMM_TOKEN_REALM_CLAIMS,
			[](rmm_token &changed) {
				T::claim(changed.realm, RMM_CLAIM_HASH_ALGORITHM)->bytes =
					T::text("sha-384");
			},
			"not of the size"},
		Claimed{"rem_of_another_size", RMM_TOKEN_REALM_CLAIMS,
			[](rmm_token &changed) { changed.rems[2].len = 48; }, "not of the size"},
		Claimed{"no_components", RMM_TOKEN_PLATFORM_CLAIMS,
			[](rmm_token &changed) { changed.num_components = 0; },
			"there is no software component"},
		Claimed{"component_without_measurement", RMM_TOKEN_PLATFORM_CLAIMS,
			[](rmm_token &changed) {
				changed.components[1].measurement.data = nullptr;
			},
			"software component 1 lacks"},
		Claimed{"component_without_signer", RMM_TOKEN_PLATFORM_CLAIMS,
			[](rmm_token &changed) { changed.components[0].signer.data = nullptr; },
			"software component 0 lacks"},
		Claimed{"other_algorithm", RMM_TOKEN_PLATFORM_SIGNATURE,
			[](rmm_token &changed) { changed.platform.algorithm = -7; },
			"COSE algorithm -7 does not go with a key on P-384"},
		Claimed{"short_signature", RMM_TOKEN_PLATFORM_SIGNATURE,
			[](rmm_token &changed) { changed.platform.signature.len = 64; },
			"the signature has 64 bytes, not 96"},
		Claimed{"no_rak", RMM_TOKEN_REALM_SIGNATURE,
			[](rmm_token &changed) { T::claim(changed.realm, RMM_CLAIM_RAK)->key = 9; },
			"no usable RAK"},
		Claimed{"rak_of_octets", RMM_TOKEN_REALM_SIGNATURE,
			change_rak<kOctetKey, sizeof(kOctetKey)>, "no usable RAK"},
		Claimed{"rak_with_a_text_for_a_label", RMM_TOKEN_REALM_SIGNATURE,
			change_rak<kKeyLabelText, sizeof(kKeyLabelText)>, "no usable RAK"},
		Claimed{"rak_too_short", RMM_TOKEN_REALM_SIGNATURE,
			change_rak<kKeyTooShort, sizeof(kKeyTooShort)>, "no usable RAK"},
		Claimed{"rak_on_another_curve", RMM_TOKEN_REALM_SIGNATURE,
			change_rak<kOtherCurve, sizeof(kOtherCurve)>, "no usable RAK"},
		Claimed{"rak_with_a_short_coordinate", RMM_TOKEN_REALM_SIGNATURE,
			change_rak<kShortX, sizeof(kShortX)>, "no usable RAK"},
		Claimed{"rak_no_map", RMM_TOKEN_REALM_SIGNATURE, change_rak<kNoMap, sizeof(kNoMap)>,
			"no usable RAK"},
		Claimed{"no_rak_to_bind", RMM_TOKEN_BINDING,
			[](rmm_token &changed) { T::claim(changed.realm, RMM_CLAIM_RAK)->key = 9; },
			"is missing"},
		Claimed{"no_challenge", RMM_TOKEN_BINDING,
			[](rmm_token &changed) {
				T::claim(changed.platform, RMM_CLAIM_CHALLENGE)->key = 9;
			},
			"is missing"},
		Claimed{"challenge_of_another_size", RMM_TOKEN_BINDING,
			[](rmm_token &changed) {
				T::claim(changed.platform, RMM_CLAIM_CHALLENGE)->bytes.len = 31;
			},
			"not the hash of the RAK"},
		Claimed{"unknown_hash", RMM_TOKEN_BINDING,
			[](rmm_token &changed) {
				T::claim(changed.realm, RMM_CLAIM_RAK_HASH_ALGORITHM)->bytes =
					T::text("sha-111");
			},
			"is not known"},
		Claimed{"another_hash", RMM_TOKEN_BINDING,
			[](rmm_token &changed) {
				T::claim(changed.realm, RMM_CLAIM_RAK_HASH_ALGORITHM)->bytes =
					T::text("sha-512");
			},
			"not the hash of the RAK"}),
	[](const auto &row) { return std::string(row.param.name); });

class TokenKeys : public TokenVerified
{
protected:
	/* Verifies with a platform key in PEM. */
	std::string why_of(EVP_PKEY *key)
	{
		BIO *bio = BIO_new(BIO_s_mem());
		char *text = nullptr;
		rmm_token_result result{};

		PEM_write_bio_PUBKEY(bio, key);
		const long len = BIO_get_mem_data(bio, &text);
		rmm_token_verify(&token_, {reinterpret_cast<uint8_t *>(text), size_t(len)},
				 &result);
		BIO_free(bio);
		EVP_PKEY_free(key);
		return result.why[RMM_TOKEN_PLATFORM_SIGNATURE].text;
	}
};

TEST_F(TokenKeys, OfAnotherKindAreNoPlatformKeys)
{
	EXPECT_EQ("the key is on none of the curves P-256, P-384, P-521",
		  why_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")));
	EXPECT_EQ("the key is on none of the curves P-256, P-384, P-521",
		  why_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp224r1")));
	EXPECT_EQ("COSE algorithm -35 does not go with a key on P-521",
		  why_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-521")));
	EXPECT_EQ("the key did not sign this",
		  why_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384")));
}

/* Drafts had the bare point: it is the same key. */
TEST_F(TokenKeys, ABarePointIsARak)
{
	rmm_token_result result{};
	uint8_t point[97] = {0x04};

	memcpy(point + 1, attestation_test_rak.x, 48);
	memcpy(point + 49, attestation_test_rak.y, 48);
	claim(token_.realm, RMM_CLAIM_RAK)->bytes = {point, sizeof(point)};
	rmm_token_verify(&token_, {nullptr, 0}, &result);
	EXPECT_TRUE(result.ok[RMM_TOKEN_REALM_SIGNATURE])
		<< result.why[RMM_TOKEN_REALM_SIGNATURE].text;
	point[0] = 0x02;
	rmm_token_verify(&token_, {nullptr, 0}, &result);
	EXPECT_FALSE(result.ok[RMM_TOKEN_REALM_SIGNATURE]);
}

/* The collection tells the version then. */
TEST_F(TokenKeys, AProfileThatIsNoTextSaysNothing)
{
	rmm_token_result result{};

	claim(token_.realm, RMM_CLAIM_PROFILE)->kind = RMM_CLAIM_INT;
	EXPECT_TRUE(rmm_token_verify(&token_, {nullptr, 0}, &result));
}

TEST_F(TokenKeys, NothingIsVerifiedOfNothing)
{
	rmm_token_result result{};

	EXPECT_FALSE(rmm_token_verify(nullptr, {nullptr, 0}, &result));
	EXPECT_FALSE(rmm_token_verify(&token_, {nullptr, 0}, nullptr));
	EXPECT_EQ(nullptr, rmm_claim_name(1));
	EXPECT_STREQ("unknown", rmm_token_check_name(RMM_TOKEN_CHECK_COUNT));
}

} /* namespace */
