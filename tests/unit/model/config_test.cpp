/* SPDX-License-Identifier: BSD-3-Clause */
/* A configuration that no machine can have is refused, with the reason. */
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "rmmsim/system.h"

namespace
{

struct Wrong {
	const char *name;
	void (*change)(rmm_config &config);
	const char *why; /* NULL: there is a machine like this */
};

void PrintTo(const Wrong &wrong, std::ostream *out)
{
	*out << wrong.name;
}

class Config : public ::testing::TestWithParam<Wrong>
{
};

void unlock(void *, unsigned, uint64_t)
{
}

TEST_P(Config, IsAMachineOrIsRefusedWithItsReason)
{
	rmm_config config = rmm_config_default();
	rmm_system *sys = nullptr;
	rmm_error error{};

	GetParam().change(config);
	EXPECT_EQ(GetParam().why ? -1 : 0, rmm_system_create(&config, &sys, &error)) << error.text;
	EXPECT_NE(nullptr, strstr(error.text, GetParam().why ? GetParam().why : "")) << error.text;
	rmm_system_destroy(sys);
}

INSTANTIATE_TEST_SUITE_P(
	Changes, Config,
	::testing::Values(
		Wrong{"default", [](rmm_config &) {}, nullptr},
		Wrong{"version", [](rmm_config &c) { c.version = RMM_VERSION_COUNT; },
		      "unknown specification version"},
		Wrong{"profile", [](rmm_config &c) { c.profile = rmm_profile(2); },
		      "unknown profile"},
		Wrong{"no_pes", [](rmm_config &c) { c.num_pes = 0; }, "PEs, not 0"},
		Wrong{"many_pes", [](rmm_config &c) { c.num_pes = RMM_MAX_PES + 1; }, "PEs, not"},
		Wrong{"all_pes", [](rmm_config &c) { c.num_pes = RMM_MAX_PES; }, nullptr},
		Wrong{"rec_aux", [](rmm_config &c) { c.rec_aux_granules = 17; },
		      "rec_aux_granules is 0 to 16, not 17"},
		Wrong{"rd_aux", [](rmm_config &c) { c.rd_aux_granules = 17; },
		      "rd_aux_granules is 0 to 16, not 17"},
		Wrong{"no_tracking_granules",
		      [](rmm_config &c) {
			      c.tracking_host_banks = 1;
			      c.tracking_granules = 0;
		      },
		      "tracking_granules is 1 to 512, not 0"},
		Wrong{"many_tracking_granules",
		      [](rmm_config &c) {
			      c.tracking_host_banks = 1;
			      c.tracking_granules = 513;
		      },
		      "tracking_granules is 1 to 512, not 513"},
		Wrong{"no_operations", [](rmm_config &c) { c.sro_contexts = 0; },
		      "sro_contexts is 1 to 4096, not 0"},
		Wrong{"many_operations", [](rmm_config &c) { c.sro_contexts = 4097; },
		      "sro_contexts is 1 to 4096, not 4097"},
		Wrong{"vmid_bits", [](rmm_config &c) { c.vmid_bits = 9; },
		      "vmid_bits is 8 or 16, not 9"},
		Wrong{"few_vmids", [](rmm_config &c) { c.vmid_bits = 8; }, nullptr},
		Wrong{"gpt_block", [](rmm_config &c) { c.gpt_max_block = 3; },
		      "gpt_max_block is 0, 2, 32 or 512 (MiB), not 3"},
		Wrong{"no_gpt_blocks", [](rmm_config &c) { c.gpt_max_block = 0; }, nullptr},
		Wrong{"large_gpt_blocks", [](rmm_config &c) { c.gpt_max_block = 512; }, nullptr},
		Wrong{"many_overrides",
		      [](rmm_config &c) { c.num_overrides = RMM_BEHAVIOUR_COUNT + 1; },
		      "more overrides than behaviours"},
		Wrong{"override_of_nothing",
		      [](rmm_config &c) {
			      c.overrides[0].behaviour = RMM_BEHAVIOUR_COUNT;
			      c.num_overrides = 1;
		      },
		      "override 0 names no behaviour"},
		Wrong{"no_banks", [](rmm_config &c) { c.num_banks = 0; }, "memory banks, not 0"},
		Wrong{"many_banks", [](rmm_config &c) { c.num_banks = RMM_MAX_BANKS + 1; },
		      "memory banks, not"},
		Wrong{"pa_bits", [](rmm_config &c) { c.pa_bits = 47; },
		      "pa_bits is 32, 36, 40, 42, 44, 48 or 52, not 47"},
		Wrong{"pa_52", [](rmm_config &c) { c.pa_bits = 52; }, nullptr},
		Wrong{"pa_44", [](rmm_config &c) { c.pa_bits = 44; }, nullptr},
		Wrong{"pa_42", [](rmm_config &c) { c.pa_bits = 42; }, nullptr},
		Wrong{"empty_bank", [](rmm_config &c) { c.banks[0].size = 0; },
		      "must begin and end at multiples of 4096 and hold something"},
		Wrong{"unaligned_bank", [](rmm_config &c) { c.banks[0].base += 8; },
		      "must begin and end at multiples of 4096"},
		Wrong{"bank_too_high", [](rmm_config &c) { c.banks[0].base = UINT64_C(1) << 48; },
		      "does not fit 48-bit physical addresses"},
		Wrong{"bank_too_large", [](rmm_config &c) { c.banks[0].size = UINT64_C(1) << 48; },
		      "does not fit 48-bit physical addresses"},
		Wrong{"bank_kind", [](rmm_config &c) { c.banks[0].kind = rmm_bank_kind(9); },
		      "bank 0 has an unknown kind"},
		Wrong{"banks_overlap",
		      [](rmm_config &c) {
			      c.banks[1] = {c.banks[0].base + 4096, 4096, RMM_BANK_DRAM};
			      c.num_banks = 2;
		      },
		      "banks 0 and 1 overlap"},
		Wrong{"banks_touch",
		      [](rmm_config &c) {
			      c.banks[1] = {c.banks[0].base - 4096, 4096, RMM_BANK_DRAM};
			      c.num_banks = 2;
		      },
		      nullptr},
		Wrong{"unaligned_root", [](rmm_config &c) { c.root_base = 8; },
		      "root_base must be a multiple of 4096"},
		Wrong{"root_too_high", [](rmm_config &c) { c.root_base = UINT64_C(1) << 48; },
		      "root"},
		Wrong{"root_beyond", [](rmm_config &c) { c.root_base = UINT64_C(1) << 49; },
		      "root"},
		Wrong{"small_ipa", [](rmm_config &c) { c.features.s2sz = 31; }, "s2sz is 32 to 48"},
		Wrong{"large_ipa", [](rmm_config &c) { c.features.s2sz = 53; }, "s2sz is 32 to 48"},
		Wrong{"ipa_without_lpa2",
		      [](rmm_config &c) {
			      c.features.s2sz = 49;
			      c.features.lpa2 = false;
		      },
		      "s2sz is 32 to 48"},
		Wrong{"ipa_with_lpa2", [](rmm_config &c) { c.features.s2sz = 52; }, nullptr},
		Wrong{"no_bps", [](rmm_config &c) { c.features.num_bps = 0; },
		      "num_bps and num_wps"},
		Wrong{"many_bps", [](rmm_config &c) { c.features.num_bps = 64; },
		      "num_bps and num_wps"},
		Wrong{"no_wps", [](rmm_config &c) { c.features.num_wps = 0; },
		      "num_bps and num_wps"},
		Wrong{"many_wps", [](rmm_config &c) { c.features.num_wps = 64; },
		      "num_bps and num_wps"},
		Wrong{"sve_vl", [](rmm_config &c) { c.features.sve_vl = 16; }, "sve_vl is 0 to 15"},
		Wrong{"counters", [](rmm_config &c) { c.features.pmu_num_ctrs = 32; },
		      "pmu_num_ctrs 0 to 31"},
		Wrong{"recs", [](rmm_config &c) { c.features.max_recs_order = 16; },
		      "max_recs_order"},
		Wrong{"vdevs", [](rmm_config &c) { c.features.max_vdevs_order = 16; },
		      "max_vdevs_order"},
		Wrong{"planes", [](rmm_config &c) { c.features.max_num_aux_planes = 4; },
		      "max_num_aux_planes is 0 to 3"},
		Wrong{"plane_feature", [](rmm_config &c) { c.features.rtt_plane = 3; },
		      "rtt_plane 0 to 2"},
		Wrong{"mecids", [](rmm_config &c) { c.features.mec_count = 0xffff; },
		      "mec_count is 0 to 65534"},
		Wrong{"locks_and_threads",
		      [](rmm_config &c) {
			      c.threads = true;
			      c.port.unlock = unlock;
		      },
		      "threads have locks of their own"}),
	[](const auto &row) { return std::string(row.param.name); });

} // namespace
