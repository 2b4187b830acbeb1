/* SPDX-License-Identifier: BSD-3-Clause */
/* From boot to an empty machine, through the library, on the model. */
#include <string>
#include <tuple>
#include <utility>

#include "model_machine.h"

namespace
{

constexpr uint64_t kRam = HOST_DEFAULT_RAM_IPA;
constexpr uint64_t kRamSize = 64 * kPage;
constexpr uint64_t kImageAt = kRam;
constexpr uint64_t kHeap = kRam + 16 * kPage;
constexpr uint64_t kCallBuffer = kRam + 32 * kPage;
constexpr uint64_t kShared = UINT64_C(1) << 38;
constexpr uint64_t kDevice = kShared + 0x100000;
constexpr uint64_t kDeviceBank = 0x10000000; /* PA */

rmm_script_step smc(std::initializer_list<uint64_t> args)
{
	rmm_script_step step{};
	step.op = RMM_SCRIPT_SMC;
	for (uint64_t arg : args)
		step.args[step.num_args++] = arg;
	return step;
}

rmm_script_step store(uint64_t ipa, uint64_t value, uint8_t size = 8)
{
	rmm_script_step step{};
	step.op = RMM_SCRIPT_STORE_VALUE;
	step.reg = 9;
	step.size = size;
	step.ipa = ipa;
	step.value = value;
	return step;
}

rmm_script_step load(uint8_t reg, uint64_t ipa, uint8_t size = 8)
{
	rmm_script_step step{};
	step.op = RMM_SCRIPT_LOAD;
	step.reg = reg;
	step.size = size;
	step.ipa = ipa;
	return step;
}

rmm_script_step expect(uint8_t reg, uint64_t value)
{
	rmm_script_step step{};
	step.op = RMM_SCRIPT_EXPECT_REG;
	step.reg = reg;
	step.value = value;
	step.mask = UINT64_MAX;
	return step;
}

class Lifecycle : public ModelMachine
{
protected:
	Lifecycle()
	{
		for (size_t i = 0; i < sizeof(image_); i++)
			image_[i] = uint8_t(i * 7 + 3);
		images_[0] = {kImageAt, image_, sizeof(image_), true};
		recs_[0].pc = kImageAt;
		recs_[0].runnable = true;
	}

	host_realm_params realm_params()
	{
		host_realm_params params = host_realm_params_default(host_);
		params.ram = ram_;
		params.num_ram = 1;
		params.images = images_;
		params.num_images = 1;
		params.shared = shared_;
		params.num_shared = 1;
		params.recs = recs_;
		params.num_recs = 2;
		return params;
	}

	host_status build()
	{
		host_status status = host_create(&config_, &host_, &error_);

		if (status != HOST_OK)
			return status;
		host_realm_params params = realm_params();
		return host_realm_build(host_, &params, &realm_, &error_);
	}

	/* As build, with a guest: its program is bound before the REC exists. */
	void build_with_guest()
	{
		ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
		host_realm_params params = realm_params();
		params.num_recs = 0;
		params.activate = false;
		ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_))
			<< error_.text;
		ASSERT_EQ(0, rmm_scripts_bind(scripts_, host_realm_rd(realm_), host_rec_mpidr(0),
					      &script_));
		ASSERT_EQ(HOST_OK, host_realm_add_rec(realm_, &recs_[0], nullptr, &error_));
		ASSERT_EQ(HOST_OK, host_realm_activate(realm_, &error_));
	}

	void tear_down_realm()
	{
		host_error why{};
		EXPECT_EQ(HOST_OK, host_realm_destroy(realm_, &why)) << why.text;
		realm_ = nullptr;
		if (!host_)
			return;
		EXPECT_EQ(0u, host_pages_out(host_));
		EXPECT_EQ(0u, host_pages_usage(host_pool(host_)).in[HOST_PAGE_LOST]);
		EXPECT_EQ(HOST_OK, host_destroy(host_, &why)) << why.text;
		host_ = nullptr;
	}

	void run_script(std::vector<rmm_script_step> steps, const host_run_ops *ops,
			host_run_result &result)
	{
		steps.push_back(smc({FID_PSCI_SYSTEM_OFF}));
		script_steps_ = std::move(steps);
		script_ = {script_steps_.data(), script_steps_.size()};
		build_with_guest();
		ASSERT_EQ(HOST_OK, host_rec_run(realm_, 0, ops, 1000, &result, &error_))
			<< error_.text;
		rmm_script_status status{};
		ASSERT_TRUE(rmm_scripts_status(scripts_, host_realm_rd(realm_), host_rec_mpidr(0),
					       &status));
		EXPECT_FALSE(status.failed) << "step " << status.failed_step << " read 0x"
					    << std::hex << status.failed_value;
	}

	/* Builds and tears down with ever larger pools, until one is large enough. */
	void try_pool_sizes(uint64_t first)
	{
		bool built = false;

		for (uint64_t pages = first; pages < 200 && !built; pages++) {
			SCOPED_TRACE(pages);
			restart();
			config_.pool_size = pages * kPage;
			built = build() == HOST_OK;
			EXPECT_TRUE(built || error_.status == HOST_ERROR_NO_MEMORY) << error_.text;
			tear_down_realm();
			expect_clean();
			if (HasFailure())
				return;
		}
		EXPECT_TRUE(built);
	}

	/* Pages of one owner, by the ledger. */
	uint64_t pages_of(const std::string &owner)
	{
		std::pair<std::string, uint64_t> count{owner, 0};

		host_pages_report(
			host_pool(host_),
			[](void *ctx, const host_pages_line *line) {
				auto *sum = static_cast<std::pair<std::string, uint64_t> *>(ctx);
				if (sum->first == line->owner)
					sum->second += line->count;
			},
			&count);
		return count.second;
	}

	uint8_t image_[2 * kPage + 100];
	host_image images_[1] = {};
	host_ipa_range ram_[1] = {{kRam, kRamSize}};
	host_ipa_range shared_[1] = {{kShared, 2 * kPage}};
	host_rec_params recs_[2] = {};
	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	host_error error_{};
	std::vector<rmm_script_step> script_steps_;
	rmm_script script_{};
};

TEST_F(Lifecycle, BuildRunTearDown)
{
	host_run_result result{};
	uint64_t first_word = 0;

	memcpy(&first_word, image_, sizeof(first_word));
	run_script({load(1, kImageAt), expect(1, first_word), /* the image */
		    store(kHeap, 0x1122334455667788), load(2, kHeap), expect(2, 0x1122334455667788),
		    store(kShared + 8, 0x99), load(3, kShared + 8), expect(3, 0x99)},
		   nullptr, result);
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, result.end);
	EXPECT_EQ(1u, result.pages_mapped) << "the heap, on demand";

	uint64_t pa = 0, word = 0;
	ASSERT_TRUE(host_realm_shared_pa(realm_, kShared + 8, &pa));
	EXPECT_TRUE(config_.memory.read(config_.memory.ctx, pa, &word, sizeof(word)));
	EXPECT_EQ(0x99u, word);

	EXPECT_EQ(HOST_OK, host_rec_run(realm_, 0, nullptr, 10, &result, &error_));
	EXPECT_EQ(HOST_RUN_REALM_GONE, result.end);
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, TheRealmIsWhatWasAskedFor)
{
	ASSERT_EQ(HOST_OK, build()) << error_.text;
	EXPECT_EQ(RMM_STATE_ACTIVE, rmm_system_state(sys_));

	rmm_realm_view realm{};
	ASSERT_TRUE(rmm_realm_at(sys_, host_realm_rd(realm_), &realm));
	EXPECT_EQ(RMM_REALM_ACTIVE, realm.state);
	EXPECT_EQ(39u, realm.ipa_width);
	EXPECT_EQ(1, realm.rtt_level_start);
	EXPECT_EQ(1u, realm.rtt_num_start);
	EXPECT_EQ(2u, realm.num_recs);

	rmm_rec_view rec{};
	ASSERT_TRUE(rmm_rec_at(sys_, host_realm_rec(realm_, 1), &rec));
	EXPECT_EQ(host_realm_rd(realm_), rec.owner);
	EXPECT_EQ(host_rec_mpidr(1), rec.mpidr);
	EXPECT_FALSE(rec.runnable);
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, TheImageIsNotAtItsPa)
{
	std::vector<uint8_t> seen(sizeof(image_));

	ASSERT_EQ(HOST_OK, build()) << error_.text;
	ASSERT_TRUE(
		rmm_realm_peek(sys_, host_realm_rd(realm_), kImageAt, seen.data(), seen.size()));
	EXPECT_EQ(0, memcmp(image_, seen.data(), seen.size()));
	EXPECT_EQ(HOST_PAGE_FREE, host_pages_state(host_pool(host_), kImageAt));
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, HandlesOfOperationsAreNotZero)
{
	unsigned int operations = 0;

	ASSERT_EQ(HOST_OK, build()) << error_.text;
	for (size_t i = 0; i < calls_.size(); i += 2) {
		if (calls_[i] != FID_RMI_OP_CONTINUE && calls_[i] != FID_RMI_OP_MEM_DONATE)
			continue;
		operations++;
		EXPECT_NE(0u, calls_[i + 1]);
	}
	EXPECT_GE(operations, 4u);
	EXPECT_EQ(0u, host_operations(host_)->num_suspended);
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, HostCallsReachTheHostAndReturn)
{
	host_run_ops ops{};
	host_run_result result{};
	uint16_t imm = 0;

	ops.ctx = &imm;
	ops.host_call = [](void *ctx, uint16_t i, uint64_t *gprs) {
		*static_cast<uint16_t *>(ctx) = i;
		gprs[0] *= 2;
		return HOST_CONTINUE;
	};
	run_script({store(kCallBuffer, 0x17, 2), store(kCallBuffer + 8, 21),
		    smc({FID_RSI_HOST_CALL, kCallBuffer}), expect(0, RSI_SUCCESS),
		    load(4, kCallBuffer + 8), expect(4, 42)},
		   &ops, result);
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, result.end);
	EXPECT_EQ(0x17u, imm);
	EXPECT_EQ(1u, result.by_reason[RMI_EXIT_HOST_CALL]);
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, MemoryThatTheRealmGivesUpComesBack)
{
	host_run_result result{};

	run_script({store(kHeap, 1), store(kHeap + kPage, 2),
		    smc({FID_RSI_IPA_STATE_SET, kHeap, kHeap + 2 * kPage, RSI_RIPAS_EMPTY, 0}),
		    expect(0, RSI_SUCCESS), expect(1, kHeap + 2 * kPage),
		    smc({FID_RSI_IPA_STATE_SET, kHeap, kHeap + kPage, RSI_RIPAS_RAM, 0}),
		    expect(0, RSI_SUCCESS), load(5, kHeap), expect(5, 0)},
		   nullptr, result);
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, result.end);
	EXPECT_EQ(2u, result.by_reason[RMI_EXIT_RIPAS_CHANGE]);
	EXPECT_EQ(3u, result.pages_mapped);
	host_pages_counts counts = host_pages_usage(host_pool(host_));
	EXPECT_EQ(0u, counts.in[HOST_PAGE_DELEGATED]);
	EXPECT_EQ(1u, pages_of("realm data") - 3) << "the image has three";
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, DevicesAreEmulated)
{
	host_run_ops ops{};
	host_run_result result{};
	uint64_t device = 0;

	ops.ctx = &device;
	ops.mmio = [](void *ctx, host_mmio *access) {
		auto *word = static_cast<uint64_t *>(ctx);
		if (access->ipa != kDevice + 4 || access->size != 4)
			return false;
		if (access->write)
			*word = access->value;
		else
			access->value = *word + 1;
		return true;
	};
	run_script({store(kDevice + 4, 0x1234, 4), load(6, kDevice + 4, 4), expect(6, 0x1235)},
		   &ops, result);
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, result.end);
	EXPECT_EQ(0x1234u, device);
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, ARealmThatIsNotActivatedComesDownToo)
{
	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	host_realm_params params = realm_params();
	params.activate = false;
	ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_)) << error_.text;
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, SeveralRealmsShareThePool)
{
	host_realm *realms[3] = {};

	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	host_realm_params params = realm_params();
	for (host_realm *&realm : realms)
		ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm, &error_))
			<< error_.text;
	for (host_realm *realm : {realms[1], realms[0], realms[2]})
		EXPECT_EQ(HOST_OK, host_realm_destroy(realm, &error_)) << error_.text;
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, UnmappingAPartLeavesTheRest)
{
	ASSERT_EQ(HOST_OK, build()) << error_.text;
	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kHeap, 8 * kPage, &error_)) << error_.text;
	uint64_t before = host_pages_out(host_);
	EXPECT_EQ(HOST_OK, host_realm_unmap(realm_, kHeap + kPage, 3 * kPage, &error_))
		<< error_.text;
	EXPECT_EQ(before - 3, host_pages_out(host_));
	EXPECT_EQ(HOST_OK, host_realm_unmap(realm_, kHeap, 8 * kPage, &error_)) << error_.text;
	EXPECT_EQ(before - 8, host_pages_out(host_));
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, BadRequestsAreRefusedBeforeAnyCall)
{
	host_realm_params params;
	host_image image = {kShared, image_, 1, false};

	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	params = realm_params();
	params.activate = false;
	ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_)) << error_.text;
	size_t calls = calls_.size();
	EXPECT_EQ(HOST_ERROR_CONFIG, host_realm_map(realm_, kShared, kPage, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_realm_map(realm_, kHeap + 1, kPage, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_realm_map(realm_, kHeap, 0, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG,
		  host_realm_map(realm_, kHeap, UINT64_MAX - kPage + 1, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_realm_unmap(realm_, kShared - kPage, 2 * kPage, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_realm_share(realm_, kHeap, kPage, nullptr, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_realm_init_ripas(realm_, kShared, kPage, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_realm_populate(realm_, &image, &error_));
	EXPECT_EQ(calls, calls_.size());
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, PopulationGoesOnWhereItStopped)
{
	std::vector<uint8_t> seen(sizeof(image_));
	size_t done = 0;

	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	host_realm_params params = realm_params();
	params.num_images = 0;
	params.activate = false;
	ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_)) << error_.text;

	/* Of the second page the content is refused. */
	fail_fid_ = FID_RMI_RTT_DATA_MAP_INIT;
	fail_after_ = 1;
	while (done == 0)
		ASSERT_NE(HOST_OK, host_realm_populate_from(realm_, images_, &done, &error_));
	EXPECT_EQ(kPage, done);
	fail_fid_ = 0;
	ASSERT_EQ(HOST_OK, host_realm_populate_from(realm_, images_, &done, &error_))
		<< error_.text;
	EXPECT_LE(sizeof(image_), done);
	ASSERT_TRUE(
		rmm_realm_peek(sys_, host_realm_rd(realm_), kImageAt, seen.data(), seen.size()));
	EXPECT_EQ(0, memcmp(image_, seen.data(), seen.size()));
	tear_down_realm();
	expect_clean();
}

TEST_F(Lifecycle, ARecStartsWithPcAndEightRegistersAndNoMore)
{
	rmm_rec_view rec{};

	for (uint64_t i = 0; i < HOST_REC_NUM_ARGS; i++)
		recs_[0].gprs[i] = 0x100 + i;
	ASSERT_EQ(HOST_OK, build()) << error_.text;
	ASSERT_TRUE(rmm_rec_at(sys_, host_realm_rec(realm_, 0), &rec));
	EXPECT_EQ(kImageAt, rec.vcpu.pc);
	for (uint64_t i = 0; i < RMM_NUM_GPRS; i++)
		EXPECT_EQ(i < HOST_REC_NUM_ARGS ? 0x100 + i : 0, rec.vcpu.x[i]) << i;
	tear_down_realm();
	expect_clean();
}

/* Nothing of a whole life asks for device memory. */
TEST_F(Lifecycle, NoDeviceMemoryIsMapped)
{
	host_run_result result{};

	run_script({store(kHeap, 1), store(kShared + 8, 2)}, nullptr, result);
	tear_down_realm();
	expect_clean();
	for (size_t i = 0; i < calls_.size(); i += 2) {
		EXPECT_NE(uint64_t(FID_RMI_RTT_DEV_MAP), calls_[i]);
		EXPECT_NE(uint64_t(FID_RMI_RTT_DEV_UNMAP), calls_[i]);
	}
}

class LifecycleDevice : public Lifecycle
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.banks[machine.num_banks++] = {kDeviceBank, 64 * kPage, RMM_BANK_DEV_NCOH};
	}
};

/* Memory of a device is not conventional: the host does not even start. */
TEST_F(LifecycleDevice, IsNoMemoryForRealms)
{
	config_.pool_base = config_.ram_base = kDeviceBank;
	config_.pool_size = config_.ram_size = 64 * kPage;
	EXPECT_EQ(HOST_ERROR_NOT_SUPPORTED, host_create(&config_, &host_, &error_));
	EXPECT_NE(nullptr, strstr(error_.text, "category")) << error_.text;
}

/* ---- other machines, other realms ------------------------------------------- */

/* A parameter that is more than the machine has. */
struct Excess {
	const char *name;
	void (*set)(host_realm_params &params, const host_caps &caps);
};

void PrintTo(const Excess &excess, std::ostream *out)
{
	*out << excess.name;
}

std::string excess_name(const ::testing::TestParamInfo<Excess> &parameter)
{
	return parameter.param.name;
}

class LifecycleExcess : public Lifecycle, public ::testing::WithParamInterface<Excess>
{
};

TEST_P(LifecycleExcess, IsRefusedAndLeavesNothing)
{
	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	host_realm_params params = realm_params();
	GetParam().set(params, *host_capabilities(host_));
	EXPECT_EQ(HOST_ERROR_RMI, host_realm_build(host_, &params, &realm_, &error_));
	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), rmi_result_get_status(error_.x0)) << error_.text;
	EXPECT_STREQ("RMI_REALM_CREATE", error_.call);
	tear_down_realm();
	expect_clean();
}

INSTANTIATE_TEST_SUITE_P(
	Parameters, LifecycleExcess,
	::testing::Values(
		Excess{"bps", [](host_realm_params &p,
				 const host_caps &c) { p.num_bps = uint8_t(c.num_bps + 1); }},
		Excess{"no_bps", [](host_realm_params &p, const host_caps &) { p.num_bps = 0; }},
		Excess{"wps", [](host_realm_params &p,
				 const host_caps &c) { p.num_wps = uint8_t(c.num_wps + 1); }},
		Excess{"no_wps", [](host_realm_params &p, const host_caps &) { p.num_wps = 0; }},
		Excess{"sve_vl",
		       [](host_realm_params &p, const host_caps &c) {
			       p.sve = true;
			       p.sve_vl = uint8_t(c.sve_vl + 1);
		       }},
		Excess{"hash", [](host_realm_params &p, const host_caps &) { p.hash_algo = 9; }}),
	excess_name);

class LifecycleLpa2 : public Lifecycle, public ::testing::WithParamInterface<int>
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.features.lpa2 = true;
		machine.features.s2sz = 52;
		machine.pa_bits = 52;
		machine.banks[0].base = UINT64_C(1) << 51;
	}
};

TEST_P(LifecycleLpa2, ComesUpAndDown)
{
	rmm_realm_view view{};

	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	EXPECT_TRUE(host_capabilities(host_)->lpa2);
	host_realm_params params = realm_params();
	params.lpa2 = true;
	params.ipa_width = 52;
	params.rtt_level_start = int8_t(GetParam());
	shared_[0].ipa = UINT64_C(1) << 51;
	ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_)) << error_.text;
	ASSERT_TRUE(rmm_realm_at(sys_, host_realm_rd(realm_), &view));
	EXPECT_EQ(GetParam(), view.rtt_level_start);
	EXPECT_EQ(GetParam() < 0 ? 1u : 16u, view.rtt_num_start);
	EXPECT_EQ(HOST_OK, host_realm_map(realm_, kHeap, 4 * kPage, &error_)) << error_.text;
	tear_down_realm();
	expect_clean();
}

INSTANTIATE_TEST_SUITE_P(Levels, LifecycleLpa2, ::testing::Values(-1, 0));

class LifecycleSve : public Lifecycle
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.features.sve = true;
		machine.features.sve_vl = 3;
	}
};

TEST_F(LifecycleSve, VectorLengthsUpToTheMachines)
{
	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	ASSERT_TRUE(host_capabilities(host_)->sve);
	for (uint8_t vl = 0; vl <= host_capabilities(host_)->sve_vl; vl++) {
		host_realm_params params = realm_params();
		params.sve = true;
		params.sve_vl = vl;
		ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_))
			<< error_.text;
		ASSERT_EQ(HOST_OK, host_realm_destroy(realm_, &error_)) << error_.text;
	}
	realm_ = nullptr;
	tear_down_realm();
	expect_clean();
}

class LifecycleWidth : public Lifecycle, public ::testing::WithParamInterface<int>
{
};

TEST_P(LifecycleWidth, ComesUpAndDown)
{
	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	host_realm_params params = realm_params();
	params.ipa_width = uint8_t(GetParam());
	shared_[0].ipa = UINT64_C(1) << (GetParam() - 1);
	ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_)) << error_.text;
	EXPECT_EQ(HOST_OK, host_realm_map(realm_, kHeap, 4 * kPage, &error_)) << error_.text;
	tear_down_realm();
	expect_clean();
}

INSTANTIATE_TEST_SUITE_P(Bits, LifecycleWidth,
			 ::testing::Values(32, 33, 34, 35, 39, 40, 43, 44, 48));

class LifecycleTfRmm : public Lifecycle
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.profile = RMM_PROFILE_TF_RMM;
	}
};

TEST_F(LifecycleTfRmm, ComesUpRunsAndComesDown)
{
	host_run_result result{};

	run_script({store(kHeap, 1), load(2, kHeap), expect(2, 1)}, nullptr, result);
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, result.end);
	tear_down_realm();
	expect_clean();
}

class LifecycleActive : public Lifecycle
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.active_at_boot = true;
	}
};

TEST_F(LifecycleActive, AttachesToAnActiveRmm)
{
	ASSERT_EQ(HOST_OK, build()) << error_.text;
	tear_down_realm();
	expect_clean();
}

/* An RMM of the released specification: the same library, other calls. */
class LifecycleReleased : public Lifecycle
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.version = RMM_VERSION_1_0_REL0;
	}
};

TEST_F(LifecycleReleased, ComesUpRunsAndComesDown)
{
	host_run_ops ops{};
	host_run_result result{};

	ops.host_call = [](void *, uint16_t, uint64_t *gprs) {
		gprs[0] *= 2;
		return HOST_CONTINUE;
	};
	run_script({store(kHeap, 0x1122), load(2, kHeap), expect(2, 0x1122),
		    store(kShared + 8, 0x99), load(3, kShared + 8), expect(3, 0x99),
		    store(kCallBuffer + 8, 21), smc({FID_RSI_HOST_CALL, kCallBuffer}),
		    expect(0, RSI_SUCCESS), load(4, kCallBuffer + 8), expect(4, 42),
		    smc({FID_RSI_IPA_STATE_SET, kHeap, kHeap + kPage, RSI_RIPAS_EMPTY, 0}),
		    expect(0, RSI_SUCCESS), expect(1, kHeap + kPage),
		    smc({FID_RSI_IPA_STATE_SET, kHeap, kHeap + kPage, RSI_RIPAS_RAM, 0}),
		    expect(0, RSI_SUCCESS), load(5, kHeap), expect(5, 0)},
		   &ops, result);
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, result.end);
	EXPECT_EQ(1u, host_capabilities(host_)->version_major);
	EXPECT_EQ(2u, result.by_reason[RMI_EXIT_RIPAS_CHANGE]);
	tear_down_realm();
	expect_clean();
}

TEST_F(LifecycleReleased, TheRealmIsWhatWasAskedFor)
{
	ASSERT_EQ(HOST_OK, build()) << error_.text;
	rmm_realm_view realm{};
	ASSERT_TRUE(rmm_realm_at(sys_, host_realm_rd(realm_), &realm));
	EXPECT_EQ(RMM_REALM_ACTIVE, realm.state);
	EXPECT_EQ(39u, realm.ipa_width);
	EXPECT_EQ(2u, realm.num_recs);
	tear_down_realm();
	expect_clean();
}

TEST_F(LifecycleReleased, SeveralRealmsHaveAVmidEach)
{
	host_realm *realms[3] = {};
	rmm_realm_view views[3] = {};

	ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
	host_realm_params params = realm_params();
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 3; i++) {
			ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realms[i], &error_))
				<< error_.text;
			ASSERT_TRUE(rmm_realm_at(sys_, host_realm_rd(realms[i]), &views[i]));
			EXPECT_LT(views[i].vmid, 3);
		}
		EXPECT_NE(views[0].vmid, views[1].vmid);
		EXPECT_NE(views[1].vmid, views[2].vmid);
		for (host_realm *realm : {realms[1], realms[0], realms[2]})
			EXPECT_EQ(HOST_OK, host_realm_destroy(realm, &error_)) << error_.text;
	}
	tear_down_realm();
	expect_clean();
}

TEST_F(LifecycleReleased, UnmappingAPartLeavesTheRest)
{
	ASSERT_EQ(HOST_OK, build()) << error_.text;
	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kHeap, 8 * kPage, &error_)) << error_.text;
	uint64_t before = host_pages_out(host_);
	EXPECT_EQ(HOST_OK, host_realm_unmap(realm_, kHeap + kPage, 3 * kPage, &error_))
		<< error_.text;
	EXPECT_EQ(before - 3, host_pages_out(host_));
	tear_down_realm();
	expect_clean();
}

TEST_F(LifecycleReleased, AnyPoolSizeLosesNothing)
{
	try_pool_sizes(1);
}

/* ---- failures ------------------------------------------------------------------ */

using Failure = std::tuple<uint64_t, rmm_profile, rmm_version>;

class LifecycleFailure : public Lifecycle, public ::testing::WithParamInterface<Failure>
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.profile = std::get<1>(GetParam());
		machine.version = std::get<2>(GetParam());
	}
};

/* No call of the build may fail in a way that leaves a page behind. */
TEST_P(LifecycleFailure, OfAnyCallOfTheBuildLosesNothing)
{
	ASSERT_EQ(HOST_OK, build()) << error_.text;
	size_t calls = calls_.size() / 2;
	tear_down_realm();
	expect_clean();

	for (size_t n = 0; n < calls; n++) {
		SCOPED_TRACE(n);
		restart();
		fail_call_ = n;
		fail_with_ = std::get<0>(GetParam());
		(void)build(); /* an answer may be one that the host can live with */
		fail_call_.reset();
		tear_down_realm();
		expect_clean();
		if (HasFailure())
			return;
	}
}

/* Nor may one of the teardown: a second attempt finishes it. */
TEST_P(LifecycleFailure, OfAnyCallOfTheTeardownIsMadeUpFor)
{
	ASSERT_EQ(HOST_OK, build()) << error_.text;
	size_t before = calls_.size() / 2;
	tear_down_realm();
	size_t calls = calls_.size() / 2 - before;

	for (size_t n = 0; n < calls; n++) {
		SCOPED_TRACE(n);
		restart();
		ASSERT_EQ(HOST_OK, build()) << error_.text;
		fail_call_ = calls_.size() / 2 + n;
		fail_with_ = std::get<0>(GetParam());
		if (host_realm_destroy(realm_, &error_) == HOST_OK)
			realm_ = nullptr;
		fail_call_.reset();
		tear_down_realm();
		expect_clean();
		if (HasFailure())
			return;
	}
}

INSTANTIATE_TEST_SUITE_P(Statuses, LifecycleFailure,
			 ::testing::Combine(::testing::Values(uint64_t(RMI_ERROR_INPUT),
							      uint64_t(RMI_ERROR_GLOBAL),
							      uint64_t(RMI_BUSY), UINT64_MAX),
					    ::testing::Values(RMM_PROFILE_SPEC, RMM_PROFILE_TF_RMM),
					    ::testing::Values(RMM_VERSION_2_0_BET1)));

INSTANTIATE_TEST_SUITE_P(StatusesOfTheReleasedVersion, LifecycleFailure,
			 ::testing::Combine(::testing::Values(uint64_t(RMI_ERROR_INPUT),
							      uint64_t(RMI_ERROR_REALM),
							      UINT64_MAX),
					    ::testing::Values(RMM_PROFILE_SPEC),
					    ::testing::Values(RMM_VERSION_1_0_REL0)));

/* A pool of any size either carries the realm or gives everything back. */
TEST_F(Lifecycle, AnyPoolSizeLosesNothing)
{
	try_pool_sizes(1);
}

/*
 * Operations that cannot be cancelled are suspended, and resumed by the teardown.
 * Below 24 pages (2 of the host, 16 for a REC, 6 that go last) there is no way out.
 */
TEST_F(LifecycleTfRmm, PoolsThatAreTooSmallLoseNothing)
{
	try_pool_sizes(24);
}

} /* namespace */
