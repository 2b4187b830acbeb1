/* SPDX-License-Identifier: BSD-3-Clause */
/* Pointers to nothing at the interface of the machine: an error or a value, never a crash. */
#include <gmock/gmock.h>

#include "../../support/public_functions.h"
#include "rmmsim/a64.h"
#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/attestation.h"
#include "rmmsim/config_text.h"
#include "rmmsim/guest_record.h"
#include "rmmsim/memory.h"
#include "rmmsim/sysreg.h"
#include "rmmsim/system.h"
#include "rmmsim/tlb_lint.h"
#include "rmmsim/window.h"

namespace
{

constexpr uint64_t kDram = 0x80000000;
rmm_system *const kNone = nullptr;

class ModelArguments : public ::testing::Test
{
protected:
	void SetUp() override
	{
		ASSERT_EQ(0, rmm_system_create(&config_, &sys_, &error_)) << error_.text;
	}

	void TearDown() override
	{
		rmm_system_destroy(sys_);
	}

	/* The sentence of the last refusal; empty again afterwards. */
	std::string sentence()
	{
		const std::string text = error_.text;
		error_ = {};
		return text;
	}

	rmm_config config_ = rmm_config_default();
	rmm_system *sys_ = nullptr;
	rmm_error error_{};
	uint64_t word_ = 0;
};

TEST_F(ModelArguments, OfASystem)
{
	rmm_system *out = nullptr;
	smc_regs regs = {{FID_RMI_VERSION, 0x20000}};

	EXPECT_EQ(-1, rmm_system_create(nullptr, &out, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_system_create(&config_, nullptr, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_system_create(nullptr, &out, nullptr));
	rmm_system_destroy(nullptr);
	EXPECT_EQ(nullptr, rmm_system_config(nullptr));
	EXPECT_FALSE(rmm_behaves(nullptr, RMM_BEHAVIOUR_INIT_RIPAS_MEASURED));
	rmm_smc(nullptr, 0, &regs);
	EXPECT_EQ(UINT64_MAX, regs.x[0]);
	rmm_smc(sys_, 0, nullptr);
	smc_conduit nowhere = rmm_conduit(nullptr);
	regs.x[0] = FID_RMI_VERSION;
	smc_call(&nowhere, &regs);
	EXPECT_EQ(UINT64_MAX, regs.x[0]);
	EXPECT_EQ(nullptr, rmm_last_call(nullptr, 0));
	EXPECT_EQ(nullptr, rmm_condition_counts(nullptr));
	EXPECT_EQ(RMM_STATE_INIT, rmm_system_state(nullptr));
	EXPECT_EQ(0u, rmm_num_operations(nullptr));
	EXPECT_EQ(0u, rmm_num_delegated(nullptr));
}

TEST_F(ModelArguments, OfAConfigurationInWords)
{
	rmm_config_describe(
		nullptr, [](void *, const char *) { ADD_FAILURE(); }, nullptr);
	rmm_config_describe(&config_, nullptr, nullptr);
	EXPECT_EQ(-1, rmm_config_apply(nullptr, "pes 1", &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_config_apply(&config_, nullptr, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_config_apply(&config_, "pes", nullptr));
	EXPECT_EQ(nullptr, rmm_config_member_at(SIZE_MAX));
	EXPECT_EQ(0u, rmm_config_get(nullptr, rmm_config_member_at(0)));
	EXPECT_EQ(0u, rmm_config_get(&config_, nullptr));
	EXPECT_EQ(-1, rmm_config_set(nullptr, rmm_config_member_at(0), 1));
	EXPECT_EQ(-1, rmm_config_set(&config_, nullptr, 1));
}

TEST_F(ModelArguments, OfThePes)
{
	rmm_set_irq(nullptr, 0, true);
	rmm_set_fiq(nullptr, 0, true);
	EXPECT_FALSE(rmm_irq_is_up(nullptr, 0));
	EXPECT_FALSE(rmm_fiq_is_up(nullptr, 0));
	rmm_set_irq(sys_, 0, true);
	EXPECT_TRUE(rmm_irq_is_up(sys_, 0));
	EXPECT_FALSE(rmm_fiq_is_up(sys_, 0) || rmm_irq_is_up(sys_, 99));
	EXPECT_FALSE(rmm_set_serror(nullptr, 0, 0));
	EXPECT_FALSE(rmm_write_ich(nullptr, 0, RMM_ICH_HCR, 0));
	EXPECT_FALSE(rmm_read_ich(nullptr, 0, RMM_ICH_HCR, &word_));
	EXPECT_FALSE(rmm_read_ich(sys_, 0, RMM_ICH_HCR, nullptr));
	EXPECT_EQ(0u, rmm_counter(nullptr, 0));
}

TEST_F(ModelArguments, OfMemory)
{
	rmm_granule_state state{};
	rmm_gpi gpi{};
	rmm_realm_view realm{};
	rmm_rec_view rec{};
	rmm_fault fault{};

	EXPECT_FALSE(rmm_host_read(kNone, kDram, &word_, 8, &fault));
	EXPECT_EQ(RMM_FAULT_EXTERNAL, fault.kind);
	EXPECT_FALSE(rmm_host_write(kNone, kDram, &word_, 8, nullptr));
	EXPECT_FALSE(rmm_host_read(sys_, kDram, nullptr, 8, &fault));
	EXPECT_FALSE(rmm_host_write(sys_, kDram, nullptr, 8, &fault));
	EXPECT_FALSE(rmm_memory_read(kNone, RMM_PAS_NS, kDram, &word_, 8, &fault));
	EXPECT_FALSE(rmm_memory_write(kNone, RMM_PAS_NS, kDram, &word_, 8, &fault));
	EXPECT_TRUE(rmm_host_read(sys_, kDram, nullptr, 0, nullptr)) << "nothing is asked for";
	EXPECT_EQ(-1, rmm_platform_assign(kNone, kDram, 4096, RMM_GPI_SECURE, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_platform_assign(sys_, kDram + 8, 4096, RMM_GPI_SECURE, &error_));
	EXPECT_NE(std::string::npos, sentence().find("granule-aligned"));
	EXPECT_EQ(-1, rmm_platform_assign(sys_, kDram, 4095, RMM_GPI_SECURE, nullptr));
	EXPECT_FALSE(rmm_realm_peek(kNone, kDram, 0, &word_, 8));
	EXPECT_FALSE(rmm_realm_peek(sys_, kDram, 0, nullptr, 8));
	EXPECT_FALSE(rmm_granule_state_at(kNone, kDram, &state));
	EXPECT_FALSE(rmm_granule_state_at(sys_, kDram, nullptr));
	EXPECT_FALSE(rmm_gpi_at(kNone, kDram, &gpi));
	EXPECT_FALSE(rmm_gpi_at(sys_, kDram, nullptr));
	EXPECT_FALSE(rmm_realm_at(kNone, kDram, &realm));
	EXPECT_FALSE(rmm_realm_at(sys_, kDram, nullptr));
	EXPECT_FALSE(rmm_rec_at(kNone, kDram, &rec));
	EXPECT_FALSE(rmm_rec_at(sys_, kDram, nullptr));
}

TEST_F(ModelArguments, OfWindows)
{
	rmm_window_config config{};
	rmm_window *out = nullptr;

	EXPECT_EQ(-1, rmm_window_open(kNone, &config, &out, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_window_open(sys_, nullptr, &out, &error_));
	EXPECT_EQ(-1, rmm_window_open(sys_, &config, nullptr, &error_));
	EXPECT_EQ(-1, rmm_window_open(sys_, nullptr, nullptr, nullptr));
	rmm_window_close(nullptr);
	EXPECT_EQ(nullptr, rmm_window_address(nullptr));
	EXPECT_EQ(nullptr, rmm_window_pointer(nullptr, kDram));
	EXPECT_FALSE(rmm_window_pa(nullptr, &config, &word_));
	EXPECT_EQ(0u, rmm_window_unguarded(nullptr));
	EXPECT_EQ(0, rmm_window_catch_faults(nullptr, nullptr)) << "NULL is the default report";
	rmm_window_release_faults();
}

TEST_F(ModelArguments, OfGuests)
{
	rmm_scripts *scripts = nullptr;
	rmm_script_status status{};
	rmm_a64_stats stats{};
	uint32_t sysreg = 0;

	EXPECT_EQ(-1, rmm_scripts_create(nullptr));
	rmm_scripts_destroy(nullptr);
	EXPECT_EQ(-1, rmm_scripts_bind(nullptr, 0, 0, nullptr));
	EXPECT_FALSE(rmm_scripts_status(nullptr, 0, 0, &status));
	ASSERT_EQ(0, rmm_scripts_create(&scripts));
	EXPECT_FALSE(rmm_scripts_status(scripts, 0, 0, nullptr));
	rmm_scripts_destroy(scripts);
	EXPECT_EQ(-1, rmm_a64_load(nullptr, nullptr, &error_));
	EXPECT_NE("", sentence());
	rmm_a64_unload(nullptr);
	EXPECT_EQ(nullptr, rmm_a64_ops(nullptr));
	EXPECT_EQ(nullptr, rmm_a64_machine(nullptr));
	rmm_a64_limit(nullptr, 1);
	rmm_a64_read_stats(nullptr, &stats);
	EXPECT_FALSE(rmm_sysreg_find(nullptr, &sysreg));
	EXPECT_FALSE(rmm_sysreg_find("CNTV_CTL_EL0", nullptr));
}

TEST_F(ModelArguments, OfAttestation)
{
	rmm_rim rim{};
	rmm_rim_params params{};
	rmm_token token{};
	rmm_token_result result{};
	const uint64_t gprs[8] = {};

	EXPECT_EQ(-1, rmm_rim_begin(nullptr, config_.version, config_.profile, &params, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_rim_begin(&rim, config_.version, config_.profile, nullptr, &error_));
	EXPECT_EQ(-1, rmm_rim_begin(&rim, RMM_VERSION_COUNT, config_.profile, &params, nullptr));
	rmm_rim_add_data(nullptr, 0, true, gprs);
	rmm_rim_add_data(&rim, 0, true, nullptr);
	rmm_rim_add_rec(nullptr, true, 0, gprs);
	rmm_rim_add_rec(&rim, true, 0, nullptr);
	rmm_rim_add_ripas(nullptr, 0, 4096);
	EXPECT_EQ(-1, rmm_token_decode(nullptr, 8, &token, &error_));
	EXPECT_NE("", sentence());
	EXPECT_EQ(-1, rmm_token_decode(gprs, 8, nullptr, nullptr));
	EXPECT_EQ(-1, rmm_token_decode(nullptr, 0, &token, nullptr));
	EXPECT_EQ(nullptr, rmm_token_claim(nullptr, RMM_CLAIM_RIM));
	EXPECT_FALSE(rmm_token_verify(nullptr, {nullptr, 0}, &result));
	EXPECT_FALSE(rmm_token_verify(&token, {nullptr, 0}, nullptr));
}

TEST_F(ModelArguments, OfRecordedGuests)
{
	rmm_guest_recorder *recorder = nullptr;
	rmm_guest_player *player = nullptr;
	const rmm_guest_ops empty{};
	const auto nothing = [](void *, rmm_guest_action *) { return false; };

	EXPECT_EQ(-1, rmm_guest_recorder_create(nullptr, nullptr, &recorder));
	EXPECT_EQ(-1, rmm_guest_recorder_create(&empty, nullptr, &recorder)) << "nothing runs";
	EXPECT_EQ(-1, rmm_guest_recorder_create(rmm_scripts_ops(), nullptr, nullptr));
	EXPECT_EQ(nullptr, rmm_guest_recorder_ops(nullptr));
	rmm_guest_recorder_listen(nullptr, nullptr, nullptr);
	rmm_guest_recorder_destroy(nullptr);
	EXPECT_EQ(-1, rmm_guest_player_create(nullptr, nullptr, &player));
	EXPECT_EQ(-1, rmm_guest_player_create(nothing, nullptr, nullptr));
	rmm_guest_player_destroy(nullptr);
}

TEST_F(ModelArguments, OfTheLint)
{
	rmm_tlb_finding finding{};
	char text[8] = "";

	EXPECT_EQ(-1, rmm_tlb_lint_begin(nullptr, nullptr, nullptr));
	rmm_tlb_lint_end(nullptr);
	EXPECT_EQ(0u, rmm_tlb_lint_tally(nullptr).accesses);
	rmm_tlb_finding_text(nullptr, text, sizeof(text));
	rmm_tlb_finding_text(&finding, nullptr, sizeof(text));
	EXPECT_STREQ("", text);
}

/* ---- completeness ------------------------------------------------------------------------ */

using ::testing::IsEmpty;

/* Every function of the public headers that takes a pointer is called above. */
TEST(ModelArgumentsOfAllFunctions, AreTested)
{
	const std::set<std::string> functions = functions_with_pointers(MODEL_HEADERS);

	EXPECT_LT(50u, functions.size());
	EXPECT_THAT(never_called(functions, ARGUMENTS_TEST), IsEmpty());
}

} /* namespace */
