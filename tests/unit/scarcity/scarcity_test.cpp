// SPDX-License-Identifier: BSD-3-Clause
// Whatever is refused, and whenever: a sentence instead of a system, a wrong answer never, nothing
// lost.
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <vector>

extern "C" {
#include "attestation/cose.h"
#include "attestation/ecdsa.h"
#include "attestation/test_keys.h"
#include "attestation/token.h"
}
#include "oracle/rmm_oracle.h"
#include "rmmsim/a64.h"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/attestation.h"
#include "rmmsim/guest.h"
#include "rmmsim/memory.h"
#include "rmmsim/tlb_lint.h"
#include "rmmsim/window.h"
#include "scarcity.h"

namespace
{

constexpr uint64_t kDram = 0x80000000;
constexpr uint64_t kPage = 4096;

class Scarcity : public ::testing::Test
{
protected:
	static void SetUpTestSuite()
	{
		ecdsa_key key{};

		scarcity_begin();
		/* What OpenSSL keeps once and for all is granted. */
		key.private_key[0] = 1;
		uint8_t signature[ECDSA_SIGNATURE_BYTES];
		ASSERT_TRUE(ecdsa_sign(&key, "", 0, signature));
		rmm_system *sys = nullptr;
		rmm_config config = machine();
		ASSERT_EQ(0, rmm_system_create(&config, &sys, nullptr));
		rmm_system_destroy(sys);
	}

	static rmm_config machine()
	{
		rmm_config config = rmm_config_default();

		config.active_at_boot = true;
		config.banks[0] = {kDram, 16 << 20, RMM_BANK_DRAM};
		config.num_banks = 1;
		config.sro_contexts = 2;
		return config;
	}

	void create(const rmm_config &config)
	{
		rmm_error error{};

		ASSERT_EQ(0, rmm_system_create(&config, &sys, &error)) << error.text;
	}

	void TearDown() override
	{
		rmm_system_destroy(sys);
	}

	/*
	 * Does it again and again, with another request refused each time, until all are granted.
	 * Returns how often something was refused.
	 */
	static unsigned int refuse_each(bool lasting,
					const std::function<void(bool refused)> &check,
					const std::function<void()> &act)
	{
		for (unsigned int nth = 1;; nth++) {
			scarcity_refuse(nth, lasting);
			act();
			const bool refused = scarcity_end();
			check(refused);
			if (!refused || ::testing::Test::HasFailure())
				return nth - 1;
		}
	}

	rmm_system *sys = nullptr;
};

void expect_error_or_system(const rmm_config &config)
{
	for (bool lasting : {false, true}) {
		rmm_system *sys = nullptr;
		rmm_error error{};
		int result = 0;

		for (unsigned int nth = 1;; nth++) {
			error = {};
			scarcity_refuse(nth, lasting);
			result = rmm_system_create(&config, &sys, &error);
			const bool refused = scarcity_end();
			EXPECT_EQ(result != 0, error.text[0] != 0) << nth;
			if (result == 0)
				rmm_system_destroy(sys);
			if (!refused) {
				EXPECT_EQ(0, result) << error.text;
				EXPECT_LT(10u, nth);
				break;
			}
		}
	}
}

} // namespace

TEST_F(Scarcity, ASystemIsCreatedOrNot)
{
	rmm_config config = machine();

	expect_error_or_system(config);
	config.threads = true;
	expect_error_or_system(config);
	config.threads = false;
	config.windows = true;
	expect_error_or_system(config);
}

TEST_F(Scarcity, AnOracleIsCreatedOrNot)
{
	const rmm_oracle_options options = rmm_oracle_options_default();
	rmm_oracle *oracle = nullptr;

	create(machine());
	EXPECT_LT(10u, refuse_each(
			       false,
			       [&](bool refused) {
				       /* Without its first picture it judges all the same. */
				       EXPECT_TRUE(refused || oracle != nullptr);
				       rmm_oracle_destroy(oracle);
			       },
			       [&] { oracle = rmm_oracle_create(sys, &options); }));
}

/* An oracle that cannot look has no opinion. */
TEST_F(Scarcity, AnOracleThatCannotLookFindsNothingWrong)
{
	create(machine());
	for (unsigned int nth = 1; nth < 40; nth++) {
		rmm_oracle_options options = rmm_oracle_options_default();
		options.deep_every = 1;
		options.invariants_every = 1;
		rmm_oracle *oracle = rmm_oracle_create(sys, &options);
		ASSERT_NE(nullptr, oracle);
		const uint64_t at = kDram + nth * 16 * kPage;

		smc_regs regs = {{FID_RMI_GRANULE_RANGE_DELEGATE, at, at + 4 * kPage}};
		scarcity_refuse(nth, nth % 2);
		EXPECT_TRUE(rmm_oracle_smc(oracle, 0, &regs)) << rmm_oracle_text(oracle);
		scarcity_end();
		rmm_oracle_destroy(oracle);
	}
}

TEST_F(Scarcity, InvariantsThatCannotBeCheckedAreNotViolated)
{
	create(machine());
	refuse_each(
		false, [](bool) {}, [&] { EXPECT_EQ(0u, rmm_check_invariants(sys, nullptr, 0)); });
}

TEST_F(Scarcity, ASignatureIsMadeOrNot)
{
	const char data[] = "data";
	uint8_t expected[ECDSA_SIGNATURE_BYTES], made[ECDSA_SIGNATURE_BYTES];
	bool ok = false;
	unsigned int refusals = 0;

	ASSERT_TRUE(ecdsa_sign(&attestation_test_rak, data, sizeof(data), expected));
	refusals = refuse_each(
		false,
		[&](bool refused) {
			EXPECT_TRUE(ok ? memcmp(expected, made, sizeof(made)) == 0 : refused);
		},
		[&] { ok = ecdsa_sign(&attestation_test_rak, data, sizeof(data), made); });
	EXPECT_LT(10u, refusals);
}

TEST_F(Scarcity, ARimIsPredictedOrSaysThatItIsNot)
{
	rmm_rim_params params{};
	std::vector<uint8_t> granule(kPage, 0x5a);
	rmm_rim whole{}, rim{};
	rmm_error error{};
	unsigned int failures = 0;
	int begun = 0;

	params.hash_algo = RMI_HASH_SHA_512;
	const auto predict = [&](rmm_rim *to) {
		error = {};
		begun = rmm_rim_begin(to, RMM_VERSION_1_0_REL0, RMM_PROFILE_SPEC, &params, &error);
		if (begun == 0)
			rmm_rim_add_data(to, 0x1000, true, granule.data());
	};
	predict(&whole);
	ASSERT_EQ(0, begun);
	EXPECT_LT(1u, refuse_each(
			      false,
			      [&](bool refused) {
				      EXPECT_EQ(begun != 0, error.text[0] != 0);
				      const bool failed = begun != 0 || rim.failed;
				      EXPECT_TRUE(refused || !failed);
				      EXPECT_TRUE(failed || !memcmp(whole.value, rim.value, 64));
				      failures += failed;
			      },
			      [&] { predict(&rim); }));
	EXPECT_LT(1u, failures);
}

TEST_F(Scarcity, APlatformTokenIsMadeOrNot)
{
	const token_form form = {true, true};
	uint8_t expected[TOKEN_PLATFORM_MAX_BYTES], made[TOKEN_PLATFORM_MAX_BYTES];
	const size_t len = token_make_platform(&form, expected);
	size_t got = 0;

	EXPECT_LT(10u, refuse_each(
			       false,
			       [&](bool refused) {
				       EXPECT_TRUE(got == len ? memcmp(expected, made, len) == 0
							      : got == 0 && refused);
			       },
			       [&] { got = token_make_platform(&form, made); }));
}

/* Claims that are all right, signed by nobody: what is looked at before the signature. */
TEST_F(Scarcity, ATokenIsNeverVerifiedByAccident)
{
	const token_form form = {true, true};
	const uint8_t zeros[TOKEN_CHALLENGE_BYTES] = {};
	realm_claims claims = {};
	uint8_t platform[TOKEN_PLATFORM_MAX_BYTES], bytes[TOKEN_MAX_BYTES];
	uint8_t signature[ECDSA_SIGNATURE_BYTES];
	rmm_token token{};
	rmm_token_result result{};
	bool ok = false;

	claims.challenge = claims.instance_id = claims.rpv = claims.rim = zeros;
	for (const uint8_t *&rem : claims.rems)
		rem = zeros;
	ASSERT_TRUE(token_sign_realm(&form, &claims, signature));
	const size_t len = token_assemble(&form, {platform, token_make_platform(&form, platform)},
					  &claims, signature, bytes, sizeof(bytes));
	ASSERT_EQ(0, rmm_token_decode(bytes, len, &token, nullptr));
	EXPECT_LT(10u, refuse_each(
			       false, [&](bool refused) { EXPECT_TRUE(ok || refused); },
			       [&] {
				       ok = rmm_token_verify(&token, {nullptr, 0}, &result);
			       }));
	signature[0] ^= 1;
	memcpy(const_cast<uint8_t *>(token.realm.signature.data), signature, 1);
	refuse_each(
		false, [&](bool) { EXPECT_FALSE(ok); },
		[&] {
			ok = rmm_token_verify(&token, {nullptr, 0}, &result);
		});
}

/* A buffer of any size: the whole token, or none. */
TEST_F(Scarcity, ATokenNeedsItsRoom)
{
	const token_form form = {true, true};
	const uint8_t zeros[TOKEN_CHALLENGE_BYTES] = {};
	realm_claims claims = {};
	uint8_t platform[TOKEN_PLATFORM_MAX_BYTES], bytes[TOKEN_MAX_BYTES];
	const uint8_t signature[ECDSA_SIGNATURE_BYTES] = {};

	claims.challenge = claims.instance_id = claims.rpv = claims.rim = zeros;
	for (const uint8_t *&rem : claims.rems)
		rem = zeros;
	const rmm_bytes part = {platform, token_make_platform(&form, platform)};
	const size_t len = token_assemble(&form, part, &claims, signature, bytes, sizeof(bytes));
	ASSERT_LT(0u, len);
	for (size_t size = 0; size < len; size++)
		EXPECT_EQ(0u, token_assemble(&form, part, &claims, signature, bytes, size)) << size;
	EXPECT_EQ(len, token_assemble(&form, part, &claims, signature, bytes, len));
}

TEST_F(Scarcity, TheLintBeginsOrNot)
{
	create(machine());
	scarcity_refuse(1, false);
	EXPECT_EQ(-1, rmm_tlb_lint_begin(sys, nullptr, nullptr));
	EXPECT_TRUE(scarcity_end());
	EXPECT_EQ(0, rmm_tlb_lint_begin(sys, nullptr, nullptr));
}

TEST_F(Scarcity, AWindowOpensOrNot)
{
	rmm_config config = machine();
	rmm_window_config wanted{};
	rmm_window *window = nullptr;
	rmm_error error{};
	int result = 0;

	config.windows = true;
	create(config);
	wanted.pa = kDram;
	wanted.size = 16 * kPage;
	wanted.guard = true;
	refuse_each(
		false,
		[&](bool) {
			EXPECT_EQ(result != 0, error.text[0] != 0);
			if (result == 0)
				rmm_window_close(window);
		},
		[&] {
			error = {};
			result = rmm_window_open(sys, &wanted, &window, &error);
		});
	EXPECT_EQ(0, result);
}

TEST_F(Scarcity, AWindowCountsWhatItCouldNotGuard)
{
	rmm_config config = machine();
	rmm_window_config wanted{};
	rmm_window *window = nullptr;

	config.windows = true;
	create(config);
	wanted.pa = kDram;
	wanted.size = 16 * kPage;
	wanted.guard = true;
	ASSERT_EQ(0, rmm_window_open(sys, &wanted, &window, nullptr));
	ASSERT_EQ(0u, rmm_window_unguarded(window));
	smc_regs regs = {{FID_RMI_GRANULE_RANGE_DELEGATE, kDram, kDram + kPage}};
	scarcity_refuse(1, true);
	rmm_smc(sys, 0, &regs);
	EXPECT_TRUE(scarcity_end());
	EXPECT_EQ(0u, regs.x[0]);
	EXPECT_LT(0u, rmm_window_unguarded(window));
	rmm_window_close(window);
}

TEST_F(Scarcity, ScriptsAndModules)
{
	rmm_scripts *scripts = nullptr;
	rmm_a64 *a64 = nullptr;
	rmm_error error{};

	refuse_each(
		false,
		[&](bool refused) {
			EXPECT_EQ(refused, scripts == nullptr);
			rmm_scripts_destroy(scripts);
			scripts = nullptr;
		},
		[&] { rmm_scripts_create(&scripts); });
	scarcity_refuse(1, false);
	EXPECT_EQ(-1, rmm_a64_load(nullptr, &a64, &error));
	scarcity_end();
	EXPECT_STRNE("", error.text);
}
