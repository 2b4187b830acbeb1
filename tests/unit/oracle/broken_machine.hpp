// SPDX-License-Identifier: BSD-3-Clause
// A small machine with one realm, and a way to break it in the middle of a call.
#ifndef RMM_TESTS_ORACLE_BROKEN_MACHINE_HPP
#define RMM_TESTS_ORACLE_BROKEN_MACHINE_HPP

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "oracle/rmm_oracle.h"
#include "recorded_machine.hpp"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/memory.h"
#include "tamper.h"

class BrokenMachine : public ::testing::Test
{
protected:
	static constexpr uint64_t page = 0x1000;
	static constexpr uint64_t dram = 0x880000000;
	static constexpr uint64_t host = dram; /* the host's own pages */
	static constexpr uint64_t rd = dram + 0x200000;
	static constexpr uint64_t root = rd + page;
	static constexpr uint64_t tables = rd + 2 * page; /* levels 2 and 3 at IPA 0 */
	static constexpr uint64_t spare = rd + 16 * page; /* delegated, in no use */
	static constexpr uint64_t rec = rd + 8 * page;
	static constexpr uint64_t aux = rd + 32 * page;

	void SetUp() override
	{
		rmm_config config = recorded_machine(RMM_VERSION_2_0_BET1, RMM_PROFILE_SPEC);
		rmm_oracle_options options = rmm_oracle_options_default();
		rmm_error error = {};

		config.port.ctx = this;
		config.port.charge = on_charge;
		config.rec_aux_granules = 2;
		configure(&config);
		ASSERT_EQ(rmm_system_create(&config, &sys, &error), 0) << error.text;
		options.deep_every = 1;
		oracle = rmm_oracle_create(sys, &options);
		ASSERT_NE(oracle, nullptr);
		build_realm();
	}
	void TearDown() override
	{
		rmm_oracle_destroy(oracle);
		rmm_system_destroy(sys);
	}

	/* What a test's machine has more than this one. */
	virtual void configure(rmm_config *config)
	{
		(void)config;
	}

	/* When the next call begins, or just before it returns. */
	void break_at(rmm_cost when, std::function<void()> what)
	{
		trigger = when;
		action = std::move(what);
	}

	bool call(uint32_t fid, std::initializer_list<uint64_t> args)
	{
		unsigned int i = 1;

		memset(&regs, 0, sizeof(regs));
		regs.x[0] = fid;
		for (uint64_t arg : args)
			regs.x[i++] = arg;
		return rmm_oracle_smc(oracle, 0, &regs);
	}

	std::string text() const
	{
		return rmm_oracle_text(oracle) ? rmm_oracle_text(oracle) : "";
	}

	/* The invariants that do not hold. */
	std::vector<std::string> violated() const
	{
		std::vector<rmm_violation> found(64);
		std::vector<std::string> names;
		const size_t n = rmm_check_invariants(sys, found.data(), found.size());

		for (size_t i = 0; i < n && i < found.size(); i++)
			names.push_back(found[i].invariant->name);
		return names;
	}

	uint64_t entry(uint64_t table, unsigned int i) const
	{
		return table + 8 * i;
	}

	rmm_system *sys = nullptr;
	rmm_oracle *oracle = nullptr;
	smc_regs regs = {};

private:
	static void on_charge(void *ctx, unsigned int, rmm_cost cost, uint64_t, uint64_t)
	{
		auto *self = static_cast<BrokenMachine *>(ctx);

		if (!self->action || cost != self->trigger)
			return;
		auto what = std::move(self->action);
		self->action = nullptr;
		what();
	}

	void build_realm()
	{
		const rmm_version v = RMM_VERSION_2_0_BET1;
		std::vector<uint8_t> image(RMI_REALM_PARAMS_SIZE);
		rmi_realm_params params = {};

		params.s2sz = 39;
		params.num_bps = params.num_wps = 1;
		params.rtt_level_start = 1;
		params.rtt_num_start = 1;
		params.rtt_base = root;
		rmi_realm_params_encode(v, &params, image.data());
		rmm_host_write(sys, host, image.data(), image.size(), nullptr);
		ASSERT_TRUE(call(FID_RMI_GRANULE_RANGE_DELEGATE, {rd, rd + 64 * page}));
		ASSERT_TRUE(call(FID_RMI_REALM_CREATE, {rd, host}));
		ASSERT_TRUE(call(FID_RMI_RTT_CREATE, {rd, tables, 0, 2}));
		ASSERT_TRUE(call(FID_RMI_RTT_CREATE, {rd, tables + page, 0, 3}));
		ASSERT_TRUE(call(FID_RMI_RTT_DATA_MAP_INIT, {rd, rd + 4 * page, 0, host, 0}));
		ASSERT_EQ(regs.x[0], 0u) << text();
		build_rec();
	}

	void build_rec()
	{
		const rmm_version v = RMM_VERSION_2_0_BET1;
		std::vector<uint8_t> image(RMI_REC_PARAMS_SIZE);
		rmi_rec_params params = {};

		params.flags = 1;
		rmi_rec_params_encode(v, &params, image.data());
		rmm_host_write(sys, host, image.data(), image.size(), nullptr);
		ASSERT_TRUE(call(FID_RMI_REC_CREATE, {rd, rec, host})) << text();
		const uint64_t handle = regs.x[1];
		uint64_t list = rmi_addr_range_desc_with_count(v, 0, 2);

		list = rmi_addr_range_desc_with_addr(v, list, aux >> 12);
		rmm_host_write(sys, host + page, &list, sizeof(list), nullptr);
		ASSERT_TRUE(call(FID_RMI_OP_MEM_DONATE, {handle, host + page, 1})) << text();
		ASSERT_TRUE(call(FID_RMI_OP_CONTINUE, {handle, 0})) << text();
		ASSERT_EQ(regs.x[0], 0u) << text();
	}

	rmm_cost trigger = RMM_COST_COUNT;
	std::function<void()> action;
};

#endif
