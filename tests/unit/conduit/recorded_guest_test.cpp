/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Entries of RECs in recordings: whatever the realm did and whatever ended the
 * entry, a fresh machine without that realm's program answers the same, exit
 * records and shared memory included.
 */
#include <cstdio>
#include <functional>
#include <memory>
#include <set>

#include "bench_machine.h"
#include "rmmsim/a64.h"
#include "rmmsim/guest_record.h"
#include "rmmsim/host/recorder_guests.h"
#include "rmmsim/replay.h"
#include "rmmsim/sysreg.h"

namespace
{

constexpr uint64_t kRam = HOST_DEFAULT_RAM_IPA;
constexpr uint64_t kRamSize = 64 * kPage;
constexpr uint64_t kShared = UINT64_C(1) << 38;
constexpr uint64_t kDevice = kShared + 0x100000;
constexpr uint64_t kBuffer = kRam + 32 * kPage;

rmm_script_step make(rmm_script_op op, uint64_t ipa = 0, uint64_t value = 0, uint8_t reg = 9)
{
	rmm_script_step step{};
	step.op = op;
	step.reg = reg;
	step.size = 8;
	step.ipa = ipa;
	step.value = value;
	return step;
}

rmm_script_step call(std::initializer_list<uint64_t> args)
{
	rmm_script_step step = make(RMM_SCRIPT_SMC);
	for (uint64_t arg : args)
		step.args[step.num_args++] = arg;
	return step;
}

rmm_script_step write_register(const char *name, uint64_t value)
{
	rmm_script_step step = make(RMM_SCRIPT_MSR_VALUE, 0, value);
	EXPECT_TRUE(rmm_sysreg_find(name, &step.sysreg));
	return step;
}

/* What a program does, what the host's hardware does before an entry, and the exit to be seen. */
struct Exit {
	const char *name;
	uint64_t reason;
	std::function<std::vector<rmm_script_step>()> steps;
	std::function<void(rmm_system *)> disturb = [](rmm_system *) {};
};

void PrintTo(const Exit &exit, std::ostream *out)
{
	*out << exit.name;
}

/* A realm on a machine whose guests and calls are recorded. */
class RecordedRun
{
public:
	RecordedRun(const rmm_guest_ops *ops, void *guests, rmm_config config)
	{
		out_ = open_memstream(&text_, &size_);
		EXPECT_EQ(0, rmm_guest_recorder_create(ops, guests, &recorder_));
		config.guest = rmm_guest_recorder_ops(recorder_);
		config.guest_machine = recorder_;
		rmm_error why{};
		EXPECT_EQ(0, rmm_system_create(&config, &sys, &why)) << why.text;
		pe_ = {sys, 0};
		head_ = host_model_recording(sys);
		host_workbench_config bench{};
		bench.version = config.version;
		bench.machine = rmm_conduit(&pe_);
		bench.memory = host_model_memory(sys);
		bench.record = out_;
		bench.record_head = head_;
		EXPECT_EQ(HOST_OK, host_workbench_create(&bench, &bench_, &error)) << error.text;
		EXPECT_EQ(0,
			  host_recorder_listen(host_workbench_recorder(bench_), recorder_, &pe_));
		host_config host_config = host_model_config(sys, 0, 0, &unused_);
		host_config.conduit = host_workbench_conduit(bench_);
		host_config.memory = host_workbench_memory(bench_);
		EXPECT_EQ(HOST_OK, host_create(&host_config, &host, &error)) << error.text;
	}

	~RecordedRun()
	{
		host_destroy(host, nullptr);
		rmm_guest_recorder_listen(recorder_, nullptr, nullptr);
		host_workbench_destroy(bench_);
		rmm_system_destroy(sys);
		rmm_guest_recorder_destroy(recorder_);
		fclose(out_);
		free(text_);
		free(head_);
	}

	RecordedRun(const RecordedRun &) = delete;
	RecordedRun &operator=(const RecordedRun &) = delete;

	/* A realm with RAM, a shared window, and `image` at its start. */
	void build(const std::string &image)
	{
		const host_ipa_range ram = {kRam, kRamSize};
		const host_ipa_range shared = {kShared, 2 * kPage};
		const host_image at = {kRam, image.data(), image.size(), true};
		host_realm_params params = host_realm_params_default(host);

		params.ram = &ram, params.num_ram = 1;
		params.images = &at, params.num_images = 1;
		params.shared = &shared, params.num_shared = 1;
		params.activate = false;
		ASSERT_EQ(HOST_OK, host_realm_build(host, &params, &realm, &error)) << error.text;
	}

	void start(size_t cpus)
	{
		for (size_t i = 0; i < cpus; i++) {
			host_rec_params cpu{};
			cpu.pc = kRam;
			cpu.runnable = i == 0;
			ASSERT_EQ(HOST_OK, host_realm_add_rec(realm, &cpu, nullptr, &error))
				<< error.text;
		}
		ASSERT_EQ(HOST_OK, host_realm_activate(realm, &error)) << error.text;
	}

	/* Enters until the program is over; what the exits were. */
	void run(const std::function<void(rmm_system *)> &disturb)
	{
		struct Ctx {
			RecordedRun *self;
			const std::function<void(rmm_system *)> *disturb;
		} ctx = {this, &disturb};
		host_run_ops ops{};
		host_run_result result{};

		ops.ctx = &ctx;
		ops.enter = [](void *c, struct rmm2_0b1_rmi_rec_enter *) {
			auto *at = static_cast<Ctx *>(c);
			if (at->self->reasons.empty())
				(*at->disturb)(at->self->sys);
		};
		ops.exit = [](void *c, const struct rmm2_0b1_rmi_rec_exit *exit) {
			auto *at = static_cast<Ctx *>(c);
			at->self->reasons.insert(exit->exit_reason);
			rmm_set_irq(at->self->sys, 0, false);
			rmm_set_fiq(at->self->sys, 0, false);
			return HOST_CONTINUE;
		};
		ops.mmio = [](void *, host_mmio *access) {
			access->value = 0x1234;
			return true;
		};
		ops.serror = [](void *, uint64_t) { return HOST_CONTINUE; };
		ops.other = [](void *, const struct rmm2_0b1_rmi_rec_exit *,
			       struct rmm2_0b1_rmi_rec_enter *) { return HOST_CONTINUE; };
		ASSERT_EQ(HOST_OK, host_rec_run(realm, 0, &ops, 200, &result, &error))
			<< error.text;
	}

	void finish()
	{
		EXPECT_EQ(HOST_OK, host_realm_destroy(realm, &error)) << error.text;
		EXPECT_EQ(HOST_OK, host_destroy(host, &error)) << error.text;
		host = nullptr;
		fflush(out_);
	}

	void expect_replay() const
	{
		rmm_replay_log *log = rmm_replay_parse("recording", text_, size_, stderr);
		ASSERT_NE(nullptr, log);
		rmm_replay_options options{};
		auto result = std::make_unique<rmm_replay_result>();
		rmm_error why{};
		options.version = log->machine.version;
		options.profile = log->machine.profile;
		ASSERT_EQ(0, rmm_replay_run(log, &options, result.get(), &why)) << why.text;
		EXPECT_LT(40u, result->total.calls);
		EXPECT_LT(0u, result->reads.calls);
		EXPECT_EQ(result->total.calls, result->total.agree)
			<< "line " << result->first_unexplained.line;
		EXPECT_EQ(result->reads.calls, result->reads.agree);
		rmm_replay_free(log);
	}

	std::string text() const
	{
		return std::string(text_, size_);
	}

	rmm_system *sys = nullptr;
	struct host *host = nullptr;
	host_realm *realm = nullptr;
	std::set<uint64_t> reasons;
	host_error error{};

private:
	rmm_guest_recorder *recorder_ = nullptr;
	host_workbench *bench_ = nullptr;
	rmm_conduit_ctx pe_{}, unused_{};
	FILE *out_ = nullptr;
	char *text_ = nullptr;
	size_t size_ = 0;
	char *head_ = nullptr;
};

class RecordedExit : public ::testing::TestWithParam<std::tuple<rmm_version, Exit>>
{
};

TEST_P(RecordedExit, Replays)
{
	const Exit &exit = std::get<1>(GetParam());
	rmm_config config = rmm_config_default();
	rmm_scripts *scripts = nullptr;
	std::vector<rmm_script_step> steps = exit.steps();
	const rmm_script_step off = call({FID_PSCI_CPU_OFF});
	const rmm_script second = {&off, 1};

	config.version = std::get<0>(GetParam());
	steps.push_back(call({FID_PSCI_SYSTEM_OFF}));
	const rmm_script program = {steps.data(), steps.size()};
	ASSERT_EQ(0, rmm_scripts_create(&scripts));
	{
		RecordedRun run(rmm_scripts_ops(), scripts, config);
		run.build("image");
		const uint64_t rd = host_realm_rd(run.realm);
		ASSERT_EQ(0, rmm_scripts_bind(scripts, rd, host_rec_mpidr(0), &program));
		ASSERT_EQ(0, rmm_scripts_bind(scripts, rd, host_rec_mpidr(1), &second));
		run.start(2);
		run.run(exit.disturb);
		run.finish();
		EXPECT_EQ(1u, run.reasons.count(exit.reason)) << "it did not come to that";
		run.expect_replay();
	}
	rmm_scripts_destroy(scripts);
}

using Steps = std::vector<rmm_script_step>;

std::vector<Exit> all_exits()
{
	return {
		{"DataAbort", RMI_EXIT_SYNC,
		 [] { return Steps{make(RMM_SCRIPT_STORE_VALUE, kRam + 20 * kPage, 7)}; }},
		{"InstructionAbort", RMI_EXIT_SYNC,
		 [] { return Steps{make(RMM_SCRIPT_FETCH, kRam + 21 * kPage)}; }},
		{"EmulatedDevice", RMI_EXIT_SYNC,
		 [] {
			 return Steps{make(RMM_SCRIPT_LOAD, kDevice, 0, 3),
				      make(RMM_SCRIPT_STORE, kShared, 0, 3),
				      make(RMM_SCRIPT_STORE_VALUE, kDevice + 8, 9)};
		 }},
		{"SystemRegister", RMI_EXIT_SYNC,
		 [] { return Steps{write_register("ICC_SGI1R_EL1", 1 << 24)}; }},
		{"ExternalAbort", RMI_EXIT_SERROR,
		 [] { return Steps{make(RMM_SCRIPT_WORK, 0, 5)}; },
		 [](rmm_system *sys) { EXPECT_TRUE(rmm_set_serror(sys, 0, 0x411)); }},
		{"Irq", RMI_EXIT_IRQ, [] { return Steps{make(RMM_SCRIPT_WORK, 0, 5)}; },
		 [](rmm_system *sys) { rmm_set_irq(sys, 0, true); }},
		{"Fiq", RMI_EXIT_FIQ, [] { return Steps{make(RMM_SCRIPT_WORK, 0, 5)}; },
		 [](rmm_system *sys) { rmm_set_fiq(sys, 0, true); }},
		{"HostsTick", RMI_EXIT_IRQ,
		 [] {
			 return Steps{make(RMM_SCRIPT_WORK, 0, 5), make(RMM_SCRIPT_WAIT)};
		 }},
		{"Timer", RMI_EXIT_IRQ,
		 [] {
			 return Steps{write_register("CNTV_CVAL_EL0", 100000),
				      write_register("CNTV_CTL_EL0", 1), make(RMM_SCRIPT_WFI)};
		 }},
		{"VirtualInterrupt", RMI_EXIT_IRQ,
		 [] {
			 rmm_script_step taken = make(RMM_SCRIPT_EXPECT_VIRQ, 0, 40);
			 return Steps{make(RMM_SCRIPT_WORK, 0, 5), taken, make(RMM_SCRIPT_WAIT)};
		 },
		 [](rmm_system *sys) {
			 EXPECT_TRUE(rmm_write_ich(sys, 0, RMM_ICH_LR0,
						   UINT64_C(1) << 62 | UINT64_C(1) << 60 |
							   UINT64_C(0x10) << 48 | 40));
			 EXPECT_TRUE(rmm_write_ich(sys, 0, RMM_ICH_HCR, 1));
		 }},
		{"CpuOn", RMI_EXIT_PSCI,
		 [] {
			 return Steps{call({FID_PSCI_CPU_ON, 1, kRam, 0})};
		 }},
		{"RipasChange", RMI_EXIT_RIPAS_CHANGE,
		 [] {
			 return Steps{call({FID_RSI_IPA_STATE_SET, kRam + 40 * kPage,
					    kRam + 42 * kPage, 0, 0})};
		 }},
		{"HostCall", RMI_EXIT_HOST_CALL,
		 [] {
			 return Steps{make(RMM_SCRIPT_STORE_VALUE, kBuffer, 5),
				      make(RMM_SCRIPT_STORE_VALUE, kBuffer + 8, 77),
				      call({FID_RSI_HOST_CALL, kBuffer}),
				      make(RMM_SCRIPT_LOAD, kBuffer + 8, 0, 4),
				      make(RMM_SCRIPT_STORE, kShared, 0, 4)};
		 }},
	};
}

/* What 1.0 has no calls for. */
std::vector<Exit> exits_of_2_0()
{
	return {
		{"PermissionsChange", RMI_EXIT_S2AP_CHANGE,
		 [] {
			 return Steps{call({FID_RSI_MEM_SET_PERM_INDEX, kRam, kRam + kPage, 1})};
		 }},
	};
}

std::string name_of_exit(const ::testing::TestParamInfo<std::tuple<rmm_version, Exit>> &info)
{
	return std::string(std::get<1>(info.param).name) + "_" +
	       std::to_string(std::get<0>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Exits, RecordedExit,
			 ::testing::Combine(::testing::Values(RMM_VERSION_1_0_REL0,
							      RMM_VERSION_2_0_BET1,
							      RMM_VERSION_2_0_BET3),
					    ::testing::ValuesIn(all_exits())),
			 name_of_exit);

INSTANTIATE_TEST_SUITE_P(ExitsOf20, RecordedExit,
			 ::testing::Combine(::testing::Values(RMM_VERSION_2_0_BET1,
							      RMM_VERSION_2_0_BET3),
					    ::testing::ValuesIn(exits_of_2_0())),
			 name_of_exit);

} /* namespace */
