// SPDX-License-Identifier: BSD-3-Clause
// RSI calls that are answered inside.
#include "stage.h"

using namespace rec_tests;

namespace
{

/* Runs one call; the realm must not exit before it waits. */
void call(Stage &s, std::vector<rmm_script_step> steps)
{
	steps.push_back(wait_step());
	s.expect_idle(s.run(std::move(steps)));
}

uint64_t peek(Stage &s, uint64_t ipa)
{
	uint64_t word = 0;

	EXPECT_TRUE(rmm_realm_peek(s.m.sys(), s.realm.rd(), ipa, &word, sizeof(word)));
	return word;
}

} // namespace

TEST(Rsi, VersionComparesItsFieldsOrAllBits)
{
	for (bool whole : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_VERSION_MATCHES_WHOLE_REGISTER, whole));

		call(s, {smc({s.m.fid(RMM_CMD_RSI_VERSION), UINT64_C(1) << 63 | 0x10001})});
		EXPECT_EQ(whole ? static_cast<uint64_t>(RSI_ERROR_INPUT) : 0u, s.rec().x(0));
		EXPECT_EQ(0x10001u, s.rec().x(1));
		EXPECT_EQ(whole ? static_cast<uint64_t>(RMI_ERROR_INPUT) : 0u,
			  s.m.call(RMM_CMD_RMI_VERSION, {UINT64_C(1) << 63 | 0x20000}).status());
	}
}

TEST(Rsi, RealmConfigClearsItsPageOrNot)
{
	for (bool kept : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_REALM_CONFIG_PADDING_KEPT, kept));

		call(s, {store(kRam, 1), store(kRam + 0x180, 0x77), store(kRam + 0xff8, 0x88),
			 smc({s.m.fid(RMM_CMD_RSI_REALM_CONFIG), kRam})});
		EXPECT_EQ(40u, peek(s, kRam));
		EXPECT_EQ(kept ? 0x77u : 0u, peek(s, kRam + 0x180));
		EXPECT_EQ(kept ? 0x88u : 0u, peek(s, kRam + 0xff8));
	}
}

TEST(Rsi, MeasurementReadClearsItsRegistersOrNot)
{
	for (bool stale : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_MEASUREMENT_READ_STALE_REGISTERS, stale));
		const std::vector<uint64_t> x = {
			s.m.fid(RMM_CMD_RSI_MEASUREMENT_READ), 1, 2, 3, 4, 5, 6, 7, 8};

		call(s, {smc(x)});
		EXPECT_EQ(0u, s.rec().x(0));
		for (unsigned i = 1; i <= 4; i++)
			EXPECT_EQ(0u, s.rec().x(i)) << "an REM that was never extended";
		for (unsigned i = 5; i <= 7; i++)
			EXPECT_EQ(stale ? i : 0, s.rec().x(i));
		EXPECT_EQ(0u, s.rec().x(8));
	}
}

TEST(Rsi, Sha384IsReportedAsItselfOrAsSha512)
{
	for (bool as_512 : {false, true}) {
		Settings settings = with(RMM_BEHAVIOUR_REALM_CONFIG_SHA_384_AS_512, as_512);

		settings.changes = {[](rmm_config &config) { config.features.sha_384 = true; }};
		Machine m(settings);
		rmi_realm_params params = RealmPlan::usual();
		params.hash_algo = RMI_HASH_SHA_384;
		Realm realm(m, Realm::plan(m, params));
		realm.tables_to(kRam, 3);
		realm.init_ripas(kRam, kRam + kPage);
		realm.map(kRam);
		Rec rec(m, realm);
		realm.activate();
		rec.runs({smc({m.fid(RMM_CMD_RSI_REALM_CONFIG), kRam}), load(kRam + 8, 3, 1),
			  wait_step()});
		rec.run();
		EXPECT_EQ(as_512 ? RSI_HASH_SHA_512 : RSI_HASH_SHA_384, rec.x(3));
	}
}

TEST(Rsi, CallsThatNeedAPageThatIsNotThereAreMadeAgain)
{
	Stage s;

	s.rec().runs(
		{set(5, 55), smc({s.m.fid(RMM_CMD_RSI_REALM_CONFIG), kPromised}), wait_step()});
	const rmi_rec_exit exit = s.rec().run().exit;
	EXPECT_EQ(ec(0x24) | 7, exit.esr);
	EXPECT_EQ(hpfar(kPromised), exit.hpfar);
	EXPECT_EQ(s.m.fid(RMM_CMD_RSI_REALM_CONFIG), s.rec().x(0)) << "no register has changed";
	s.realm.map(kPromised);
	s.expect_idle(s.rec().run().exit);
	EXPECT_EQ(0u, s.rec().x(0));
	EXPECT_EQ(40u, peek(s, kPromised));
}

namespace
{

struct Outputs {
	const char *name;
	std::vector<uint64_t> arguments; /* X1.. */
	rmm_command command;
	std::vector<uint64_t> x; /* X0 to X3 after it */
};

constexpr uint64_t kFailed = RSI_ERROR_INPUT;
constexpr uint64_t kKept = 0x77;

} // namespace

/*
 * X1 to X3 are zero where the call defines nothing, X4 and up are the realm's;
 * X4 to X16 are zero, too, on return from an RSI command of 1.0.
 */
TEST(Rsi, RegistersThatACallDoesNotDefine)
{
	const Outputs rows[] = {
		{"version", {0x10001}, RMM_CMD_RSI_VERSION, {0, 0x10001, 0x10001, 0}},
		{"features", {0}, RMM_CMD_RSI_FEATURES, {0, 0, 0, 0}},
		{"realm_config", {kRam}, RMM_CMD_RSI_REALM_CONFIG, {0, 0, 0, 0}},
		{"realm_config_fails", {kRam + 1}, RMM_CMD_RSI_REALM_CONFIG, {kFailed, 0, 0, 0}},
		{"read_fails", {9}, RMM_CMD_RSI_MEASUREMENT_READ, {kFailed, 0, 0, 0}},
		{"extend", {1, 8, 1}, RMM_CMD_RSI_MEASUREMENT_EXTEND, {0, 0, 0, 0}},
		{"extend_fails", {0, 8, 1}, RMM_CMD_RSI_MEASUREMENT_EXTEND, {kFailed, 0, 0, 0}},
		{"token", {1, 2, 3}, RMM_CMD_RSI_ATTESTATION_TOKEN_INIT, {0, 4096, 0, 0}},
		{"state_get",
		 {kRam, kRam + kPage},
		 RMM_CMD_RSI_IPA_STATE_GET,
		 {0, kRam + kPage, 1, 0}},
		{"state_get_fails", {1}, RMM_CMD_RSI_IPA_STATE_GET, {kFailed, 0, 0, 0}},
		{"state_set_fails", {1, 2, 3}, RMM_CMD_RSI_IPA_STATE_SET, {kFailed, 0, 0, 0}},
		{"host_call_fails", {1, 2, 3}, RMM_CMD_RSI_HOST_CALL, {kFailed, 0, 0, 0}},
		{"psci_version", {}, RMM_CMD_PSCI_VERSION, {0x10001, 0, 0, 0}},
		{"cpu_on_fails",
		 {0, kRam, 7},
		 RMM_CMD_PSCI_CPU_ON,
		 {static_cast<uint64_t>(PSCI_ALREADY_ON), 0, 0, 0}},
	};

	for (const Outputs &row : rows)
		for (bool zero : {false, true}) {
			Stage s(with(RMM_BEHAVIOUR_UNUSED_OUTPUTS_ZERO, zero));
			const bool is_psci =
				rmm_command_interface[row.command] == RMM_INTERFACE_PSCI;
			std::vector<uint64_t> x = {s.m.fid(row.command)};

			x.insert(x.end(), row.arguments.begin(), row.arguments.end());
			x.resize(18, kKept);
			call(s, {smc(x)});
			for (unsigned i = 0; i < 4; i++)
				EXPECT_EQ(row.x[i], s.rec().x(i)) << row.name << ", X" << i;
			for (unsigned i = 4; i < 18; i++)
				EXPECT_EQ(zero && !is_psci && i < 17 ? 0 : kKept, s.rec().x(i))
					<< row.name << ", X" << i;
		}
}

TEST(Rsi, UnknownFunctionsClearTheirRegistersToo)
{
	Stage s;

	call(s, {smc({0x84000050, 1, 2, 3, 4})});
	EXPECT_EQ(UINT64_MAX, s.rec().x(0));
	for (unsigned i = 1; i < 4; i++)
		EXPECT_EQ(0u, s.rec().x(i));
	EXPECT_EQ(4u, s.rec().x(4));
}

/* The host has not answered yet: nothing has changed, but the PC. */
TEST(Rsi, RegistersStayWhileTheHostIsAsked)
{
	Stage s({}, 2);
	const std::vector<uint64_t> calls[] = {
		{s.m.fid(RMM_CMD_RSI_HOST_CALL), kRam, 2, 3, 4},
		{s.m.fid(RMM_CMD_PSCI_CPU_ON), 1, kRam, 3, 4},
	};

	for (const auto &x : calls) {
		s.rec().calls(x);
		for (unsigned i = 0; i < 5; i++)
			EXPECT_EQ(x[i], s.rec().x(i)) << i;
	}
	s.m.must(RMM_CMD_RMI_PSCI_COMPLETE, {s.rec().pa(), s.recs[1].pa(), PSCI_SUCCESS});
	for (unsigned i = 0; i < 4; i++)
		EXPECT_EQ(0u, s.rec().x(i)) << i;
}

TEST(Rsi, AnAnsweredHostCallLeavesItsRegistersOrNot)
{
	for (bool zero : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_UNUSED_OUTPUTS_ZERO, zero));

		s.rec().runs({smc({s.m.fid(RMM_CMD_RSI_HOST_CALL), kRam, 2, 3, 4}), wait_step()});
		s.rec().run();
		EXPECT_EQ(4u, s.rec().x(4)) << "the host has not answered yet";
		s.rec().run();
		EXPECT_EQ(0u, s.rec().x(0));
		EXPECT_EQ(zero ? 0 : kRam, s.rec().x(1));
		EXPECT_EQ(zero ? 0u : 4u, s.rec().x(4));
	}
}

/* X3[63:8] and X4[63:1] should be zero. */
TEST(Rsi, RipasChangeLooksAtFieldsOrAtWholeRegisters)
{
	struct {
		uint64_t ripas;
		uint64_t value, value_of_wide; /* RIPAS that the host sees; 9: RSI_ERROR_INPUT */
	} const rows[] = {
		{1, 1, 1},
		{0x101, 1, 9},
		{UINT64_C(0x100000001), 1, 1},
		{0x102, 9, 9},
	};

	for (const auto &row : rows)
		for (bool wide : {false, true}) {
			Stage s(with(RMM_BEHAVIOUR_IPA_STATE_SET_WIDE_FIELDS, wide));
			const uint64_t value = wide ? row.value_of_wide : row.value;
			const rmi_rec_exit exit =
				s.run({smc({s.m.fid(RMM_CMD_RSI_IPA_STATE_SET), kEmpty,
					    kEmpty + kPage, row.ripas, 0}),
				       wait_step()});

			if (value == 9) {
				EXPECT_EQ(kFailed, s.rec().x(0));
				continue;
			}
			EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_RIPAS_CHANGE), exit.exit_reason);
			EXPECT_EQ(value, exit.ripas_value);
		}
}

TEST(Rsi, OneBitOrAllOfTheFlagsAllowAChangeOfDestroyed)
{
	for (bool wide : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_IPA_STATE_SET_WIDE_FIELDS, wide));

		s.rec().calls(
			{s.m.fid(RMM_CMD_RSI_IPA_STATE_SET), kDestroyed, kDestroyed + kPage, 1, 3});
		const Answer a =
			s.m.call(RMM_CMD_RMI_RTT_SET_RIPAS,
				 {s.realm.rd(), s.rec().pa(), kDestroyed, kDestroyed + kPage});
		EXPECT_EQ(wide ? RMI_RTT_SET_RIPAS_NO_PROGRESS : RMM_CONDITION_NONE, a.condition);
	}
}

TEST(Rsi, RipasChangeLeavesNothingInX3)
{
	Stage s;

	s.rec().calls({s.m.fid(RMM_CMD_RSI_IPA_STATE_SET), kEmpty, kEmpty + kPage, 1, 0});
	s.rec().run();
	EXPECT_EQ(0u, s.rec().x(3));
}
