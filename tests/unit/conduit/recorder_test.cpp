/* SPDX-License-Identifier: BSD-3-Clause */
/* A recording replays: same calls, same answers on a fresh machine. */
#include <cstdio>

#include "bench_machine.h"
#include "rmmsim/replay.h"

namespace
{

constexpr uint64_t kRecordedDram = 0x880000000;

/* A fresh machine gives the answers of the recording, `calls` or more of them. */
void expect_replay(const char *text, size_t size, uint64_t calls)
{
	rmm_replay_log *log = rmm_replay_parse("recording", text, size, stderr);
	ASSERT_NE(nullptr, log) << text;
	rmm_replay_options options{};
	rmm_replay_result result{};
	options.version = RMM_VERSION_2_0_BET1;
	options.profile = RMM_PROFILE_SPEC;
	rmm_error error{};
	ASSERT_EQ(0, rmm_replay_run(log, &options, &result, &error)) << error.text;
	EXPECT_LE(calls, result.total.calls);
	EXPECT_EQ(result.total.calls, result.total.agree)
		<< "line " << result.first_unexplained.line << "/" << result.first_explained.line
		<< "\n"
		<< text;
	rmm_replay_free(log);
}

/* The machine of the recordings (docs/traces.md). */
class Recorder : public Bench
{
protected:
	Recorder()
	{
		rmm_config &config = machine_.config;

		config.num_pes = 1;
		config.num_banks = 2;
		config.banks[0] = {kRecordedDram, 0x20000000, RMM_BANK_DRAM};
		config.banks[1] = {0x60000000, 0xa000, RMM_BANK_DEV_NCOH};
		config.features = {};
		config.features.s2sz = 48;
		config.features.lpa2 = true;
		config.features.num_bps = 1;
		config.features.num_wps = 1;
		config.features.sha_256 = true;
		config.features.sha_512 = true;
		config.features.max_recs_order = 10;
		config.features.da = true;
		config.features.max_vdevs_order = 10;
		config.features.max_num_aux_planes = 3;
		config.features.mec_count = 0xfffe;
		config.active_at_boot = true;
		out_ = open_memstream(&text_, &size_);
	}

	~Recorder() override
	{
		fclose(out_);
		free(text_);
	}

	void adjust(host_workbench_config &config) override
	{
		config.record = out_;
	}

	FILE *out_ = nullptr;
	char *text_ = nullptr;
	size_t size_ = 0;
};

TEST_F(Recorder, ReplaysWithoutDifference)
{
	host_config config = host_on(machine_, bench_);
	host *host = nullptr;
	host_error why{};
	ASSERT_EQ(HOST_OK, host_create(&config, &host, &why)) << why.text;
	const host_ipa_range ram = {HOST_DEFAULT_RAM_IPA, 16 * kPage};
	const host_image image = {HOST_DEFAULT_RAM_IPA, "hello", 5, true};
	const host_rec_params cpu{};
	host_realm_params params = host_realm_params_default(host);
	host_realm *realm = nullptr;
	params.ram = &ram, params.num_ram = 1;
	params.images = &image, params.num_images = 1;
	params.recs = &cpu, params.num_recs = 1;
	for (int round = 0; round < 2; round++) {
		ASSERT_EQ(HOST_OK, host_realm_build(host, &params, &realm, &why)) << why.text;
		ASSERT_EQ(HOST_OK, host_realm_destroy(realm, &why)) << why.text;
	}
	ASSERT_EQ(HOST_OK, host_destroy(host, &why)) << why.text;
	fflush(out_);

	expect_replay(text_, size_, 50);
}

/* A machine like no other: the recording says which it was. */
class RecorderOfAMachine : public Bench
{
protected:
	RecorderOfAMachine()
	{
		machine_.config.rec_aux_granules = 3;
		machine_.config.features.num_bps = 9;
		out_ = open_memstream(&text_, &size_);
	}

	~RecorderOfAMachine() override
	{
		fclose(out_);
		free(text_);
		free(head_);
	}

	void adjust(host_workbench_config &config) override
	{
		head_ = host_model_recording(machine_.sys());
		config.record = out_;
		config.record_head = head_;
	}

	char *head_ = nullptr;
	FILE *out_ = nullptr;
	char *text_ = nullptr;
	size_t size_ = 0;
};

TEST_F(RecorderOfAMachine, ReplaysOnTheSame)
{
	host_config config = host_on(machine_, bench_);
	host *host = nullptr;
	host_realm *realm = nullptr;
	host_error why{};
	const host_rec_params cpu{};

	ASSERT_EQ(HOST_OK, host_create(&config, &host, &why)) << why.text;
	host_realm_params params = host_realm_params_default(host);
	params.recs = &cpu, params.num_recs = 1;
	ASSERT_EQ(HOST_OK, host_realm_build(host, &params, &realm, &why)) << why.text;
	ASSERT_EQ(HOST_OK, host_realm_destroy(realm, &why)) << why.text;
	ASSERT_EQ(HOST_OK, host_destroy(host, &why)) << why.text;
	fflush(out_);

	rmm_replay_log *log = rmm_replay_parse("recording", text_, size_, stderr);
	ASSERT_NE(nullptr, log) << text_;
	EXPECT_TRUE(log->has_machine);
	EXPECT_EQ(RMM_VERSION_2_0_BET1, log->machine.version);
	EXPECT_EQ(9u, log->machine.features.num_bps);
	EXPECT_EQ(1u, log->machine.num_banks);
	rmm_replay_free(log);
	expect_replay(text_, size_, 20);
}

TEST_F(Recorder, LedgerNamesItsLines)
{
	host_held_entry entry{};

	rmi_granule_range_delegate(&conduit_, kRecordedDram, kRecordedDram + kPage);
	rmi_granule_range_delegate(&conduit_, kRecordedDram + kPage, kRecordedDram + 2 * kPage);
	ASSERT_TRUE(host_ledger_at(host_workbench_ledger(bench_), kRecordedDram + kPage, &entry));
	EXPECT_EQ(2u, entry.taken.line);
	fflush(out_);
	EXPECT_STREQ("S c40001f1 880000000 880001000 -> 0 880001000 0 0 0\n"
		     "S c40001f1 880001000 880002000 -> 0 880002000 0 0 0\n",
		     text_);
}

} /* namespace */
