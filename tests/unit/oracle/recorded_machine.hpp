// SPDX-License-Identifier: BSD-3-Clause
// The machine that recordings are made on (docs/traces.md), small enough to be looked at as a
// whole.
#ifndef RMM_TESTS_ORACLE_RECORDED_MACHINE_HPP
#define RMM_TESTS_ORACLE_RECORDED_MACHINE_HPP

#include "rmmsim/system.h"

inline rmm_config recorded_machine(rmm_version version, rmm_profile profile)
{
	rmm_config config = rmm_config_default();
	rmm_features features = {};

	features.s2sz = 48;
	features.lpa2 = true;
	features.num_bps = 1;
	features.num_wps = 1;
	features.sha_256 = true;
	features.sha_512 = true;
	features.max_recs_order = 10;
	features.da = true;
	features.max_vdevs_order = 10;
	features.max_num_aux_planes = 3;
	features.mec_count = 0xfffe;
	config.version = version;
	config.profile = profile;
	config.num_pes = 1;
	config.num_banks = 2;
	config.banks[0] = {0x880000000, 0x20000000, RMM_BANK_DRAM};
	config.banks[1] = {0x60000000, 0xa000, RMM_BANK_DEV_NCOH};
	config.pa_bits = 48;
	config.features = features;
	config.rec_aux_granules = 16;
	config.active_at_boot = true;
	config.gpt_prebuilt = true;
	return config;
}

#endif
