/* SPDX-License-Identifier: BSD-3-Clause */
/* The RSI calls of a realm: why they fail, and what they answer. */
#include <algorithm>
#include <cstring>

#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = k1G;

uint64_t rsi_revision(const Scene &s)
{
	const rmm_abi_version &version = rmm_abi_versions[s.version()];

	return static_cast<uint64_t>(version.rsi_major) << 16 | version.rsi_minor;
}

/* A realm with a page of RAM at kIpa. */
void realm_with_ram(Scene &s)
{
	s.add_realm();
	s.realm->map_init(kIpa);
	s.add_rec();
	s.last_touches.push_back([](Scene &at) { at.realm->activate(); });
	s.by_guest = true;
}

/* IPAs that are not Protected. */
std::vector<Violation> unprotected(int reg, rmm_condition condition)
{
	const auto put = [=](uint64_t value) {
		return [=](Scene &s) { s.x[static_cast<size_t>(reg)] = value; };
	};

	return {
		{"WhenItIsTheFirstUnprotectedPage", condition, put(kUnprotected)},
		{"WhenItIsTheEndOfTheIpaSpace", condition, put(kIpaEnd)},
		{"WhenItIsTheLastPageOfAll", condition, put(kLastPage)},
	};
}

Violation value_row(const char *when, rmm_condition condition, size_t reg, uint64_t value)
{
	return {when, condition, [=](Scene &s) { s.x[reg] = value; }};
}

/* ---- version ---------------------------------------------------------------------------- */

void version_base(Scene &s)
{
	realm_with_ram(s);
	s.call(RMM_CMD_RSI_VERSION, {rsi_revision(s)});
}

Violation version_row(const char *when, rmm_condition condition, uint64_t req)
{
	return value_row(when, condition, 1, req).gives(1, rsi_revision).gives(2, rsi_revision);
}

const CommandTable &version_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_VERSION,
		version_base,
		{
			version_row("WhenItsMinorNumberIsOneTooHigh", RSI_VERSION_INCOMPAT_LOWER,
				    0x10002),
			version_row("WhenItsMajorNumberIsOneTooHigh", RSI_VERSION_INCOMPAT_LOWER,
				    0x20000),
			version_row("WhenItIsZero", RSI_VERSION_INCOMPAT_HIGHER, 0),
			version_row("WhenItIsOlder", RSI_VERSION_INCOMPAT_HIGHER, 0xffff),
		},
	};

	return all;
}

CONFORMANCE_TESTS(RsiVersion, version_table());

/* ---- realm config -------------------------------------------------------------------------- */

void config_base(Scene &s)
{
	realm_with_ram(s);
	s.call(RMM_CMD_RSI_REALM_CONFIG, {kIpa});
}

const CommandTable &config_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_REALM_CONFIG,
		config_base,
		rows({
			unprotected(1, RSI_REALM_CONFIG_ADDR_BOUND),
			{
				value_row("WhenItIsOffByOne", RSI_REALM_CONFIG_ADDR_ALIGN, 1,
					  kIpa + 1),
				value_row("WhenItIsOffByHalf", RSI_REALM_CONFIG_ADDR_ALIGN, 1,
					  kIpa + kPage / 2),
				value_row("WhenNothingIsThere", RSI_REALM_CONFIG_ADDR_EMPTY, 1,
					  kIpa + kPage),
				value_row("WhenNoTableIsThere", RSI_REALM_CONFIG_ADDR_EMPTY, 1, 0),
				{"WhenTheMemoryIsNoRam", RSI_REALM_CONFIG_ADDR_EMPTY,
				 [](Scene &s) {
					 s.realm->map(kIpa + kPage);
					 s.x[1] = kIpa + kPage;
				 }},
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RsiRealmConfig, config_table());

TEST(RsiRealmConfig, TellsTheRealmWhatItIs)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		std::array<uint8_t, RSI_REALM_CONFIG_SIZE> image{};
		rsi_realm_config config = {};

		realm.map_init(kIpa);
		Rec rec(m, realm);
		realm.activate();
		rec.calls({FID_RSI_REALM_CONFIG, kIpa});
		EXPECT_EQ(RSI_SUCCESS, rec.x(0));
		ASSERT_TRUE(rmm_realm_peek(m.sys(), realm.rd(), kIpa, image.data(), image.size()));
		rsi_realm_config_decode(m.version(), image.data(), &config);
		EXPECT_EQ(40u, config.ipa_width);
		EXPECT_EQ(RSI_HASH_SHA_256, config.hash_algo);
	});
}

/* A page of RAM that is not there: the host is told, and the call is made again. */
TEST(RsiRealmConfig, ExitsWhenThePageIsMissing)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + kPage);
		realm.activate();
		const Exit exit = rec.calls({FID_RSI_REALM_CONFIG, kIpa});
		EXPECT_EQ(RMI_EXIT_SYNC, exit.exit.exit_reason);
		EXPECT_EQ(UINT64_C(0x24) << 26 | (0x04 + 3), exit.exit.esr);
		EXPECT_EQ(kIpa >> 8, exit.exit.hpfar);
		realm.map(kIpa);
		rec.run();
		EXPECT_EQ(RSI_SUCCESS, rec.x(0));
	});
}

/* ---- IPA state ------------------------------------------------------------------------------ */

void state_get_base(Scene &s)
{
	realm_with_ram(s);
	s.call(RMM_CMD_RSI_IPA_STATE_GET, {kIpa, kIpa + 4 * kPage});
}

std::vector<Violation> range_rows(rmm_condition base_align, rmm_condition top_align,
				  rmm_condition size, rmm_condition bound)
{
	return rows({
		granule_range(1, 2, base_align, top_align, size),
		{
			{"WhenItReachesIntoTheUnprotectedHalf", bound,
			 [](Scene &s) { s.x[2] = kUnprotected + kPage; }},
			{"WhenItIsUnprotected", bound,
			 [](Scene &s) {
				 s.x[1] = kUnprotected;
				 s.x[2] = kUnprotected + kPage;
			 }},
			{"WhenItEndsWithTheLastPageOfAll", bound,
			 [](Scene &s) { s.x[2] = kLastPage; }},
		},
	});
}

const CommandTable &state_get_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_IPA_STATE_GET,
		state_get_base,
		range_rows(RSI_IPA_STATE_GET_BASE_ALIGN, RSI_IPA_STATE_GET_END_ALIGN,
			   RSI_IPA_STATE_GET_SIZE_VALID, RSI_IPA_STATE_GET_RGN_BOUND),
	};

	return all;
}

CONFORMANCE_TESTS(RsiIpaStateGet, state_get_table());

TEST(RsiIpaStateGet, FindsTheEndOfARunOfOneRipas)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.tables_to(kIpa, 3);
		realm.init_ripas(kIpa, kIpa + 3 * kPage);
		realm.activate();
		rec.calls({FID_RSI_IPA_STATE_GET, kIpa, kIpa + 8 * kPage});
		EXPECT_EQ(kIpa + 3 * kPage, rec.x(1));
		EXPECT_EQ(RSI_RIPAS_RAM, rec.x(2));
		rec.calls({FID_RSI_IPA_STATE_GET, kIpa + 3 * kPage, kIpa + 8 * kPage});
		EXPECT_EQ(kIpa + 8 * kPage, rec.x(1));
		EXPECT_EQ(RSI_RIPAS_EMPTY, rec.x(2));
	});
}

void state_set_base(Scene &s)
{
	realm_with_ram(s);
	s.call(RMM_CMD_RSI_IPA_STATE_SET, {kIpa, kIpa + 4 * kPage, RSI_RIPAS_RAM, 0});
}

const CommandTable &state_set_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_IPA_STATE_SET,
		state_set_base,
		rows({
			range_rows(RSI_IPA_STATE_SET_BASE_ALIGN, RSI_IPA_STATE_SET_TOP_ALIGN,
				   RSI_IPA_STATE_SET_SIZE_VALID, RSI_IPA_STATE_SET_RGN_BOUND),
			{
				value_row("WhenItIsDestroyed", RSI_IPA_STATE_SET_RIPAS_VALID, 3, 2),
				value_row("WhenItIsDevice", RSI_IPA_STATE_SET_RIPAS_VALID, 3, 3),
				value_row("WhenItIsUnknown", RSI_IPA_STATE_SET_RIPAS_VALID, 3, 4),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RsiIpaStateSet, state_set_table());

TEST(RsiIpaStateSet, AsksTheHost)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		const Exit exit =
			rec.calls({FID_RSI_IPA_STATE_SET, kIpa, kIpa + kPage, RSI_RIPAS_RAM, 1});
		EXPECT_EQ(RMI_EXIT_RIPAS_CHANGE, exit.exit.exit_reason);
		EXPECT_EQ(kIpa, exit.exit.ripas_base);
		EXPECT_EQ(kIpa + kPage, exit.exit.ripas_top);
		EXPECT_EQ(RMI_RIPAS_RAM, exit.exit.ripas_value);
		EXPECT_EQ(0u, exit.exit.esr);
	});
}

/* ---- host call --------------------------------------------------------------------------------
 */

void host_call_base(Scene &s)
{
	realm_with_ram(s);
	s.call(RMM_CMD_RSI_HOST_CALL, {kIpa + 256});
}

const CommandTable &host_call_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_HOST_CALL,
		host_call_base,
		rows({
			unprotected(1, RSI_HOST_CALL_ADDR_BOUND),
			{
				value_row("WhenItIsOffByOne", RSI_HOST_CALL_ADDR_ALIGN, 1,
					  kIpa + 1),
				value_row("WhenItIsOffByHalf", RSI_HOST_CALL_ADDR_ALIGN, 1,
					  kIpa + 128),
				value_row("WhenNothingIsThere", RSI_HOST_CALL_ADDR_EMPTY, 1,
					  kIpa + kPage),
				value_row("WhenNoTableIsThere", RSI_HOST_CALL_ADDR_EMPTY, 1, 0),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RsiHostCall, host_call_table());

TEST(RsiHostCall, CarriesRegistersBothWays)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.map_init(kIpa);
		Rec rec(m, realm);
		realm.activate();
		rec.runs({store(kIpa, 0x77, 9, 2), store(kIpa + 8, 0x1111),
			  store(kIpa + 8 * 31, 0x3131), smc({FID_RSI_HOST_CALL, kIpa}),
			  load(kIpa + 8, 20), load(kIpa + 8 * 31, 21), load(kIpa, 22, 2)});
		const Exit exit = rec.run();
		EXPECT_EQ(RMI_EXIT_HOST_CALL, exit.exit.exit_reason);
		EXPECT_EQ(0x77u, exit.exit.imm);
		EXPECT_EQ(0x1111u, exit.exit.gprs[0]);
		EXPECT_EQ(0x3131u, exit.exit.gprs[30]);

		std::vector<uint64_t> gprs(31);
		gprs[0] = 0xaaaa;
		gprs[30] = 0xbbbb;
		rec.run(0, gprs);
		EXPECT_EQ(0xaaaau, rec.x(20));
		EXPECT_EQ(0xbbbbu, rec.x(21));
		EXPECT_EQ(0x77u, rec.x(22)) << "the immediate stays the realm's";
	});
}

TEST(RsiHostCall, MayBeFollowedByAPsciCallInTheSameEntry)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.map_init(kIpa);
		Rec rec(m, realm);
		const Rec other(m, realm, 1, false);
		realm.activate();
		rec.runs({smc({FID_RSI_HOST_CALL, kIpa}), smc({FID_PSCI_CPU_ON, 1, kIpa, 0})});
		EXPECT_EQ(RMI_EXIT_HOST_CALL, rec.run().exit.exit_reason);

		EXPECT_EQ(RMI_EXIT_PSCI, rec.run().exit.exit_reason);
		EXPECT_EQ(RMI_ERROR_REC, rec.enter().answer.status()) << "PSCI is pending now";
	});
}

/* ---- measurements
 * -------------------------------------------------------------------------------- */

void read_base(Scene &s)
{
	realm_with_ram(s);
	s.call(RMM_CMD_RSI_MEASUREMENT_READ, {0});
}

const CommandTable &read_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_MEASUREMENT_READ,
		read_base,
		{
			value_row("WhenItIsFive", RSI_MEASUREMENT_READ_INDEX_BOUND, 1, 5),
			value_row("WhenItIsRightModulo256", RSI_MEASUREMENT_READ_INDEX_BOUND, 1,
				  0x100),
			value_row("WhenItIsTheGreatestNumber", RSI_MEASUREMENT_READ_INDEX_BOUND, 1,
				  UINT64_MAX),
		},
	};

	return all;
}

CONFORMANCE_TESTS(RsiMeasurementRead, read_table());

void extend_base(Scene &s)
{
	realm_with_ram(s);
	s.call(RMM_CMD_RSI_MEASUREMENT_EXTEND, {1, 64, 1, 2, 3, 4, 5, 6, 7, 8});
}

const CommandTable &extend_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_MEASUREMENT_EXTEND,
		extend_base,
		{
			value_row("WhenItIsTheInitialMeasurement",
				  RSI_MEASUREMENT_EXTEND_INDEX_BOUND, 1, 0),
			value_row("WhenItIsFive", RSI_MEASUREMENT_EXTEND_INDEX_BOUND, 1, 5),
			value_row("WhenItIsTheGreatestNumber", RSI_MEASUREMENT_EXTEND_INDEX_BOUND,
				  1, UINT64_MAX),
			value_row("WhenItIs65Bytes", RSI_MEASUREMENT_EXTEND_SIZE_BOUND, 2, 65),
			value_row("WhenItIsTheGreatestNumber", RSI_MEASUREMENT_EXTEND_SIZE_BOUND, 2,
				  UINT64_MAX),
		},
	};

	return all;
}

CONFORMANCE_TESTS(RsiMeasurementExtend, extend_table());

TEST(RsiMeasurementExtend, ChangesOneMeasurement)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		rec.calls({FID_RSI_MEASUREMENT_EXTEND, 2, 8, 0x1234, 0, 0, 0, 0, 0, 0, 0});
		EXPECT_EQ(RSI_SUCCESS, rec.x(0));
		rec.calls({FID_RSI_MEASUREMENT_READ, 2});
		EXPECT_NE(0u, rec.x(1));
		rec.calls({FID_RSI_MEASUREMENT_READ, 3});
		EXPECT_EQ(0u, rec.x(1));
	});
}

TEST(RsiMeasurementRead, ShowsTheInitialMeasurement)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);
		uint64_t first = 0;

		realm.activate();
		rec.calls({FID_RSI_MEASUREMENT_READ, 0});
		std::memcpy(&first, realm.view().rim, sizeof(first));
		EXPECT_EQ(first, rec.x(1));
	});
}

/* ---- attestation
 * ------------------------------------------------------------------------------------ */

void no_key(rmm_config &config)
{
	config.no_attestation_key = true;
}

void token_init_base(Scene &s)
{
	realm_with_ram(s);
	s.call(RMM_CMD_RSI_ATTESTATION_TOKEN_INIT, {1, 2, 3, 4, 5, 6, 7, 8});
}

const CommandTable &token_init_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_ATTESTATION_TOKEN_INIT,
		token_init_base,
		{
			Violation("WhenThereIsNoKey", RSI_ATTESTATION_TOKEN_INIT_UNKNOWN_TF,
				  [](Scene &) {})
				.on_machine(no_key)
				.with(RMM_BEHAVIOUR_ATTESTATION_INIT_CAN_FAIL),
		},
	};

	return all;
}

CONFORMANCE_TESTS(RsiAttestationTokenInit, token_init_table());

/* The realm asks for a token first, unless told otherwise. */
void token_continue_base(Scene &s)
{
	realm_with_ram(s);
	s.last_touches.push_back([](Scene &at) {
		if (!at.request[0])
			at.rec->calls({FID_RSI_ATTESTATION_TOKEN_INIT, 1, 2, 3, 4, 5, 6, 7, 8});
	});
	s.call(RMM_CMD_RSI_ATTESTATION_TOKEN_CONTINUE, {kIpa, 0, kPage});
}

void without_request(Scene &s)
{
	s.request[0] = 1;
}

const CommandTable &token_continue_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_ATTESTATION_TOKEN_CONTINUE,
		token_continue_base,
		rows({
			unprotected(1, RSI_ATTESTATION_TOKEN_CONTINUE_ADDR_BOUND),
			{
				value_row("WhenItIsOffByOne",
					  RSI_ATTESTATION_TOKEN_CONTINUE_ADDR_ALIGN, 1, kIpa + 1),
				value_row("WhenItIsTheEndOfTheGranule",
					  RSI_ATTESTATION_TOKEN_CONTINUE_OFFSET_BOUND, 2, kPage),
				value_row("WhenItIsTheGreatestNumber",
					  RSI_ATTESTATION_TOKEN_CONTINUE_OFFSET_BOUND, 2,
					  UINT64_MAX),
				{"WhenTheirSumWrapsAround",
				 RSI_ATTESTATION_TOKEN_CONTINUE_SIZE_OVERFLOW,
				 [](Scene &s) {
					 s.x[2] = 1;
					 s.x[3] = UINT64_MAX;
				 }},
				value_row("WhenItIsOneByteTooLong",
					  RSI_ATTESTATION_TOKEN_CONTINUE_SIZE_BOUND, 3, kPage + 1),
				{"WhenNoTokenWasAskedFor", RSI_ATTESTATION_TOKEN_CONTINUE_STATE,
				 without_request},
				Violation("WhenThereIsNoKey",
					  RSI_ATTESTATION_TOKEN_CONTINUE_UNKNOWN, [](Scene &) {})
					.on_machine(no_key)
					.with(RMM_BEHAVIOUR_ATTESTATION_INIT_CAN_FAIL, false)
					.does_not_combine(),
			},
		}),
	};

	return all;
}

INSTANTIATE_TEST_SUITE_P(RsiAttestationTokenContinue, Fails,
			 ::testing::ValuesIn(failures(token_continue_table())), failure_name);

/* The tick of the host comes while the token is signed: the call is made until it is over. */
uint64_t continue_token(Rec &rec, uint64_t ipa, uint64_t size)
{
	do
		rec.calls({FID_RSI_ATTESTATION_TOKEN_CONTINUE, ipa, 0, size});
	while (rec.x(0) == RSI_INCOMPLETE && rec.x(1) == 0);
	return rec.x(0);
}

TEST(RsiAttestationToken, IsHandedOutInParts)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		realm.map_init(kIpa);
		Rec rec(m, realm);
		uint64_t total = 0;

		realm.activate();
		rec.calls({FID_RSI_ATTESTATION_TOKEN_INIT, 1, 2, 3, 4, 5, 6, 7, 8});
		const uint64_t most = rec.x(1);
		while (continue_token(rec, kIpa, 256) == RSI_INCOMPLETE) {
			EXPECT_EQ(256u, rec.x(1));
			total += rec.x(1);
		}
		EXPECT_EQ(RSI_SUCCESS, rec.x(0));
		total += rec.x(1);
		EXPECT_LE(total, most);
		EXPECT_EQ(RSI_ERROR_STATE, continue_token(rec, kIpa, 256)) << "the token is out";
	});
}

TEST(RsiAttestationToken, NeedsAPageOfRam)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		rec.calls({FID_RSI_ATTESTATION_TOKEN_INIT, 1, 2, 3, 4, 5, 6, 7, 8});
		EXPECT_EQ(RSI_ERROR_INPUT, continue_token(rec, kIpa, 256));
	});
}

/* ---- other calls
 * ------------------------------------------------------------------------------------- */

TEST(RsiFeatures, AnswersZero)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		for (uint64_t index : {UINT64_C(0), UINT64_C(1), UINT64_MAX}) {
			rec.calls({FID_RSI_FEATURES, index});
			EXPECT_EQ(RSI_SUCCESS, rec.x(0));
			EXPECT_EQ(0u, rec.x(1));
		}
	});
}

TEST(AnyRsiCall, ThatDoesNotExistIsUnknown)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		for (uint64_t fid : {UINT64_C(0xc400018f), UINT64_C(0xc4000158), UINT64_C(0)}) {
			rec.calls({fid, 1, 2, 3, 4});
			EXPECT_EQ(UINT64_MAX, rec.x(0));
			for (unsigned i = 1; i < 4; i++)
				EXPECT_EQ(0u, rec.x(i));
			EXPECT_EQ(4u, rec.x(4));
		}
	});
}

} // namespace
} // namespace conformance
