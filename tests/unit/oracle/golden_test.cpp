// SPDX-License-Identifier: BSD-3-Clause
// The recordings of another implementation, with every call judged.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "oracle/rmm_oracle.h"
#include "recorded_machine.hpp"
#include "rmmsim/memory.h"
#include "rmmsim/replay.h"

namespace
{

class Replayer
{
public:
	Replayer(rmm_version version, rmm_profile profile)
		: config(recorded_machine(version, profile))
	{
		rmm_error error = {};
		rmm_oracle_options options = rmm_oracle_options_default();

		EXPECT_EQ(rmm_system_create(&config, &sys, &error), 0) << error.text;
		options.deep_every = 16;
		options.invariants_every = 64;
		oracle = rmm_oracle_create(sys, &options);
	}
	~Replayer()
	{
		rmm_oracle_destroy(oracle);
		rmm_system_destroy(sys);
	}
	Replayer(const Replayer &) = delete;
	Replayer &operator=(const Replayer &) = delete;

	/* False: the oracle objects. */
	bool play(const rmm_replay_event &event)
	{
		if (event.kind == RMM_REPLAY_WRITE) {
			rmm_host_write(sys, event.pa, &event.value, sizeof(event.value), nullptr);
			return true;
		}
		if (event.kind == RMM_REPLAY_MODE)
			irq = event.value == 1;
		return event.kind != RMM_REPLAY_CALL || call(event);
	}

	const char *text() const
	{
		return rmm_oracle_text(oracle);
	}

private:
	bool call(const rmm_replay_event &event)
	{
		smc_regs regs = {};
		const bool operation = (event.fid & 0xfff) >= 0x203 && (event.fid & 0xfff) <= 0x20a;

		regs.x[0] = event.fid;
		for (int i = 0; i < RMM_REPLAY_INPUTS; i++)
			regs.x[i + 1] = event.in[i];
		if (operation && handles.count(event.in[0]))
			regs.x[1] = handles[event.in[0]];
		rmm_set_fiq(sys, 0, !irq);
		rmm_set_irq(sys, 0, irq);
		const bool ok = rmm_oracle_smc(oracle, 0, &regs);
		if (!operation && (regs.x[0] & 0xff) == 13)
			handles[event.out[1]] = regs.x[1];
		return ok;
	}

	rmm_config config;
	rmm_system *sys = nullptr;
	rmm_oracle *oracle = nullptr;
	std::map<uint64_t, uint64_t> handles;
	bool irq = false;
};

int judge(const std::string &path, rmm_version version, rmm_profile profile, int max_texts = 3)
{
	std::unique_ptr<rmm_replay_log, void (*)(rmm_replay_log *)> log(
		rmm_replay_load(path.c_str(), stderr), rmm_replay_free);
	Replayer replayer(version, profile);
	int wrong = 0;

	if (!log)
		return -1;
	for (size_t i = 0; i < log->num_events; i++) {
		if (replayer.play(log->events[i]))
			continue;
		if (wrong++ < max_texts)
			ADD_FAILURE()
				<< path << ":" << log->events[i].line << ": " << replayer.text();
	}
	return wrong;
}

const std::string golden = RMM_SOURCE_DIRECTORY "/tests/golden/";

} // namespace

TEST(OracleGolden, TheRecordedProfileIsAllowed)
{
	EXPECT_EQ(judge(golden + "tf-rmm-101.log", RMM_VERSION_2_0_BET1, RMM_PROFILE_TF_RMM), 0);
	EXPECT_EQ(judge(golden + "tf-rmm-111.log", RMM_VERSION_2_0_BET1, RMM_PROFILE_TF_RMM), 0);
}

TEST(OracleGolden, TheSpecificationIsAllowed)
{
	for (int v = RMM_VERSION_2_0_BET0; v < RMM_VERSION_COUNT; v++)
		EXPECT_EQ(judge(golden + "tf-rmm-101.log", static_cast<rmm_version>(v),
				RMM_PROFILE_SPEC),
			  0);
}

/* Further recordings, named by hand: a file, or nothing. */
TEST(OracleGolden, ARecordingFromOutside)
{
	const char *path = std::getenv("RMM_ORACLE_RECORDING");

	if (!path)
		GTEST_SKIP() << "RMM_ORACLE_RECORDING names no file";
	EXPECT_EQ(judge(path, RMM_VERSION_2_0_BET1, RMM_PROFILE_TF_RMM), 0);
	EXPECT_EQ(judge(path, RMM_VERSION_2_0_BET1, RMM_PROFILE_SPEC), 0);
}
