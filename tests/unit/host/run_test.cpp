/* SPDX-License-Identifier: BSD-3-Clause */
/* The run loop against an RMM that says yes to everything and exits as told. */
#include <gtest/gtest.h>

#include <deque>

#include "fake_machine.h"
#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/host/run.h"

namespace
{

constexpr uint64_t kBase = 0x80000000;
constexpr uint64_t kRam = HOST_DEFAULT_RAM_IPA;
constexpr uint64_t kShared = UINT64_C(1) << 38;
constexpr uint64_t kSystemOff = FID_PSCI_SYSTEM_OFF;

rmi_rec_exit exit_of(uint8_t reason)
{
	rmi_rec_exit exit{};
	exit.exit_reason = reason;
	return exit;
}

rmi_rec_exit psci(uint64_t fid, uint64_t arg1 = 0)
{
	rmi_rec_exit exit = exit_of(RMI_EXIT_PSCI);
	exit.gprs[0] = fid;
	exit.gprs[1] = arg1;
	return exit;
}

rmi_rec_exit data_abort(uint64_t ipa, uint64_t iss = 0)
{
	rmi_rec_exit exit = exit_of(RMI_EXIT_SYNC);
	exit.esr = UINT64_C(0x24) << 26 | iss;
	exit.hpfar = (ipa >> 12) << 4;
	exit.far = ipa & 0xfff;
	return exit;
}

constexpr uint64_t kIsv = 1u << 24, kWrite = 1u << 6, kWord = 2u << 22;

class Run : public ::testing::Test
{
protected:
	void SetUp() override
	{
		host_config config = host_config_default();

		config.conduit = machine_.conduit;
		config.memory = memory_.ops();
		config.pool_base = kBase;
		config.pool_size = 256 * kPage;
		ASSERT_EQ(HOST_OK, host_create(&config, &host_, &error_)) << error_.text;

		host_rec_params recs[2] = {};
		host_realm_params params = host_realm_params_default(host_);
		recs[0].runnable = true;
		params.recs = recs;
		params.num_recs = 2;
		ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_))
			<< error_.text;
		machine_.calls.clear();
	}

	void TearDown() override
	{
		EXPECT_EQ(HOST_OK, host_realm_destroy(realm_, &error_)) << error_.text;
		EXPECT_EQ(HOST_OK, host_destroy(host_, &error_)) << error_.text;
	}

	void call(smc_regs &regs)
	{
		switch (uint32_t(regs.x[0])) {
		case FID_RMI_VERSION:
			regs = answer(RMI_SUCCESS, 0x20000, 0x20000);
			break;
		case FID_RMI_FEATURES:
			regs = answer(RMI_SUCCESS, regs.x[1] ? 9 : 48);
			break;
		case FID_RMI_GRANULE_TRACKING_GET:
			regs = answer(RMI_SUCCESS, RMI_MEM_CATEGORY_CONVENTIONAL, RMI_TRACKING_FINE,
				      regs.x[2]);
			break;
		case FID_RMI_GRANULE_RANGE_DELEGATE:
		case FID_RMI_GRANULE_RANGE_UNDELEGATE:
			regs = answer(RMI_SUCCESS, regs.x[2]);
			break;
		case FID_RMI_RTT_DATA_MAP:
			if (idle_map_ > 0) {
				idle_map_ -= idle_map_ != UINT64_MAX;
				regs = answer(RMI_SUCCESS, regs.x[2]);
				break;
			}
			if (map_result_ == RMI_SUCCESS)
				mapped_[regs.x[2]] = regs.x[5];
			regs = answer(map_result_, regs.x[3]);
			break;
		case FID_RMI_RTT_DATA_UNMAP:
			return unmap(regs);
		case FID_RMI_RTT_UNPROT_MAP:
			regs = answer(RMI_SUCCESS, regs.x[3]);
			break;
		case FID_RMI_RTT_SET_RIPAS:
			if (idle_ripas_ > 0) {
				idle_ripas_ -= idle_ripas_ != UINT64_MAX;
				regs = answer(RMI_SUCCESS, regs.x[3]);
				break;
			}
			regs = answer(ripas_result_, regs.x[4]);
			break;
		case FID_RMI_RTT_DESTROY: /* there is none */
			regs = answer(RMI_ERROR_RTT | (regs.x[3] - 1) << 8, 0, UINT64_MAX << 12);
			break;
		case FID_RMI_REC_ENTER:
			return enter(regs);
		default:
			regs = answer(RMI_SUCCESS);
		}
	}

	/* Every test maps pages one by one. */
	void unmap(smc_regs &regs)
	{
		auto page = mapped_.lower_bound(regs.x[2]);

		if (page == mapped_.end() || page->first >= regs.x[3]) {
			regs = answer(RMI_SUCCESS, regs.x[3]);
			return;
		}
		regs = answer(RMI_SUCCESS, page->first + kPage, page->second);
		mapped_.erase(page);
	}

	void enter(smc_regs &regs)
	{
		rmi_rec_enter in{};
		uint64_t run = regs.x[2];
		host_memory_ops ops = memory_.ops();

		regs = answer(enter_result_);
		if (enter_result_ != RMI_SUCCESS)
			return;
		ops.read(ops.ctx, run, &in, sizeof(in));
		entries_.push_back(in);
		rmi_rec_exit out = exits_.empty() ? psci(kSystemOff) : exits_.front();
		if (!exits_.empty())
			exits_.pop_front();
		ops.write(ops.ctx, run + sizeof(in), &out, sizeof(out));
	}

	host_run_end run(const host_run_ops *ops = nullptr, uint64_t max_exits = 100)
	{
		status_ = host_rec_run(realm_, 0, ops, max_exits, &result_, &error_);
		return result_.end;
	}

	std::vector<smc_regs> calls_of(uint64_t fid) const
	{
		std::vector<smc_regs> found;
		for (const smc_regs &call : machine_.calls) {
			if (call.x[0] == fid)
				found.push_back(call);
		}
		return found;
	}

	FakeMemory memory_;
	FakeConduit machine_{[this](smc_regs &regs) { call(regs); }};
	std::deque<rmi_rec_exit> exits_;
	std::vector<rmi_rec_enter> entries_;
	std::map<uint64_t, uint64_t> mapped_; /* IPA to descriptor */
	uint64_t enter_result_ = RMI_SUCCESS;
	uint64_t map_result_ = RMI_SUCCESS;
	uint64_t ripas_result_ = RMI_SUCCESS;
	uint64_t idle_map_ = 0;   /* calls that succeed without progress */
	uint64_t idle_ripas_ = 0; /* likewise */
	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	host_status status_ = HOST_OK;
	host_run_result result_{};
	host_error error_{};
};

TEST_F(Run, EndsAtSystemOff)
{
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	EXPECT_EQ(HOST_OK, status_);
	EXPECT_EQ(1u, result_.exits);
	EXPECT_EQ(1u, result_.by_reason[RMI_EXIT_PSCI]);
	EXPECT_EQ(kSystemOff, result_.last.gprs[0]);
}

TEST_F(Run, EndsAtOtherPsciCalls)
{
	exits_ = {psci(FID_PSCI_SYSTEM_RESET)};
	EXPECT_EQ(HOST_RUN_SYSTEM_RESET, run());
	exits_ = {psci(FID_PSCI_CPU_OFF)};
	EXPECT_EQ(HOST_RUN_CPU_OFF, run());
	exits_ = {psci(FID_PSCI_CPU_SUSPEND)};
	EXPECT_EQ(HOST_RUN_SUSPENDED, run());
	exits_ = {psci(0x84000001)}; /* SMC32 form of CPU_SUSPEND */
	EXPECT_EQ(HOST_RUN_SUSPENDED, run());
	exits_ = {psci(0x8400ffff)};
	EXPECT_EQ(HOST_RUN_UNHANDLED, run());
}

TEST_F(Run, TellsHowAnEntryWasRefused)
{
	enter_result_ = RMI_ERROR_REALM;
	EXPECT_EQ(HOST_RUN_REALM_GONE, run());
	EXPECT_EQ(HOST_OK, status_);
	enter_result_ = RMI_ERROR_REC;
	EXPECT_EQ(HOST_RUN_NOT_RUNNABLE, run());
	enter_result_ = RMI_ERROR_INPUT;
	(void)run();
	EXPECT_EQ(HOST_ERROR_RMI, status_);
	EXPECT_STREQ("RMI_REC_ENTER", error_.call);
	EXPECT_EQ(0u, result_.exits);
}

TEST_F(Run, RefusesARecThatIsNotThere)
{
	EXPECT_EQ(HOST_ERROR_STATE, host_rec_run(realm_, 2, nullptr, 1, &result_, &error_));
}

TEST_F(Run, IsBounded)
{
	for (int i = 0; i < 20; i++)
		exits_.push_back(exit_of(RMI_EXIT_IRQ));
	EXPECT_EQ(HOST_RUN_LIMIT, run(nullptr, 7));
	EXPECT_EQ(7u, result_.exits);
	EXPECT_EQ(7u, result_.by_reason[RMI_EXIT_IRQ]);
}

TEST_F(Run, ReturnsTheRegistersOfAHostCall)
{
	host_run_ops ops{};
	rmi_rec_exit exit = exit_of(RMI_EXIT_HOST_CALL);

	exit.imm = 0x42;
	exit.gprs[0] = 7;
	exit.gprs[30] = 9;
	exits_ = {exit};
	ops.host_call = [](void *, uint16_t imm, uint64_t *gprs) {
		gprs[0] += imm;
		return HOST_CONTINUE;
	};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	EXPECT_EQ(0x49u, entries_[1].gprs[0]);
	EXPECT_EQ(9u, entries_[1].gprs[30]);
}

TEST_F(Run, AnAnswerSurvivesAStop)
{
	host_run_ops ops{};
	rmi_rec_exit exit = exit_of(RMI_EXIT_HOST_CALL);

	exit.gprs[3] = 5;
	exits_ = {exit};
	ops.host_call = [](void *, uint16_t, uint64_t *) { return HOST_STOP; };
	EXPECT_EQ(HOST_RUN_STOPPED, run(&ops));
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	EXPECT_EQ(5u, entries_[1].gprs[3]);
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	EXPECT_EQ(0u, entries_[2].gprs[3]) << "once only";
}

TEST_F(Run, TheObserverMayStopAfterTheExitWasHandled)
{
	host_run_ops ops{};

	exits_ = {data_abort(kRam)};
	ops.exit = [](void *, const rmi_rec_exit *) { return HOST_STOP; };
	EXPECT_EQ(HOST_RUN_STOPPED, run(&ops));
	EXPECT_EQ(1u, result_.pages_mapped);
}

TEST_F(Run, MapsMissingPages)
{
	exits_ = {data_abort(kRam + 0x1234), data_abort(kRam + 0x5000)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	EXPECT_EQ(2u, result_.pages_mapped);
	auto maps = calls_of(FID_RMI_RTT_DATA_MAP);
	ASSERT_EQ(2u, maps.size());
	EXPECT_EQ(kRam + 0x1000, maps[0].x[2]);
	EXPECT_EQ(kRam + 0x2000, maps[0].x[3]);
	EXPECT_EQ(uint64_t(RMI_ADDR_TYPE_SINGLE), maps[0].x[4]);
	EXPECT_NE(maps[0].x[2], rmi_addr_range_desc_get_addr(maps[0].x[5]) * kPage);
}

TEST_F(Run, AFaultThatMappingDoesNotCureIsNotMappedForEver)
{
	exits_ = {data_abort(kRam), data_abort(kRam)};
	EXPECT_EQ(HOST_RUN_UNHANDLED, run());
	EXPECT_EQ(1u, calls_of(FID_RMI_RTT_DATA_MAP).size());
}

TEST_F(Run, AFailedMappingEndsTheRun)
{
	uint64_t out = host_pages_out(host_);

	map_result_ = RMI_ERROR_INPUT;
	exits_ = {data_abort(kRam)};
	(void)run();
	EXPECT_EQ(HOST_ERROR_RMI, status_);
	EXPECT_EQ(out, host_pages_out(host_));
}

TEST_F(Run, FaultsMayBeHandledByTheUser)
{
	host_run_ops ops{};
	uint64_t seen = 0;

	ops.ctx = &seen;
	ops.fault = [](void *ctx, host_realm *, uint64_t ipa, host_error *) {
		*static_cast<uint64_t *>(ctx) = ipa;
		return HOST_OK;
	};
	exits_ = {data_abort(kRam + 0x7008)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	EXPECT_EQ(kRam + 0x7000, seen);
	EXPECT_TRUE(calls_of(FID_RMI_RTT_DATA_MAP).empty());
}

TEST_F(Run, EmulatesDevices)
{
	host_run_ops ops{};
	host_mmio seen{};

	ops.ctx = &seen;
	ops.mmio = [](void *ctx, host_mmio *access) {
		*static_cast<host_mmio *>(ctx) = *access;
		if (!access->write)
			access->value = 0xcafe;
		return true;
	};
	exits_ = {data_abort(kShared + 0x9004, kIsv | kWord)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	EXPECT_EQ(kShared + 0x9004, seen.ipa);
	EXPECT_EQ(4u, seen.size);
	EXPECT_FALSE(seen.write);
	EXPECT_EQ(0xcafeu, entries_[1].gprs[0]);
	EXPECT_EQ(uint64_t(RMI_EMULATED_MMIO),
		  rmi_rec_enter_flags_get_emul_mmio(entries_[1].flags));

	rmi_rec_exit write = data_abort(kShared + 0x9000, kIsv | kWrite);
	write.gprs[0] = 0x5a;
	exits_ = {write};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	EXPECT_TRUE(seen.write);
	EXPECT_EQ(1u, seen.size);
	EXPECT_EQ(0x5au, seen.value);
}

TEST_F(Run, InjectsAnAbortWhereThereIsNoDevice)
{
	exits_ = {data_abort(kShared, kIsv), data_abort(kShared)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	for (int i = 1; i <= 2; i++)
		EXPECT_EQ(rmi_rec_enter_flags_set_inject_sea(0, RMI_INJECT_SEA), entries_[i].flags);
}

TEST_F(Run, AppliesRipasChanges)
{
	rmi_rec_exit exit = exit_of(RMI_EXIT_RIPAS_CHANGE);

	exit.ripas_base = kRam;
	exit.ripas_top = kRam + 4 * kPage;
	exit.ripas_value = RMI_RIPAS_RAM;
	exits_ = {exit};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	auto sets = calls_of(FID_RMI_RTT_SET_RIPAS);
	ASSERT_EQ(1u, sets.size());
	EXPECT_EQ(host_realm_rec(realm_, 0), sets[0].x[2]);
	EXPECT_EQ(kRam, sets[0].x[3]);
	EXPECT_EQ(kRam + 4 * kPage, sets[0].x[4]);
	EXPECT_EQ(0u, entries_[1].flags);
	EXPECT_TRUE(calls_of(FID_RMI_RTT_DATA_UNMAP).empty());

	exit.ripas_value = RMI_RIPAS_EMPTY;
	exits_ = {exit};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	EXPECT_EQ(1u, calls_of(FID_RMI_RTT_DATA_UNMAP).size()) << "memory is taken back";
}

TEST_F(Run, AnEntryThatCannotChangeIsTheRealmsAffair)
{
	rmi_rec_exit exit = exit_of(RMI_EXIT_RIPAS_CHANGE);

	exit.ripas_base = kRam;
	exit.ripas_top = kRam + kPage;
	exit.ripas_value = RMI_RIPAS_RAM;
	exits_ = {exit};
	ripas_result_ = RMI_ERROR_RTT | 3 << 8;
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	EXPECT_EQ(1u, calls_of(FID_RMI_RTT_SET_RIPAS).size());
}

TEST_F(Run, RejectsRipasChanges)
{
	host_run_ops ops{};

	ops.ripas_change = [](void *, uint64_t, uint64_t, uint8_t) { return false; };
	exits_ = {exit_of(RMI_EXIT_RIPAS_CHANGE)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	EXPECT_EQ(uint64_t(RMI_RESPONSE_REJECT),
		  rmi_rec_enter_flags_get_ripas_response(entries_[1].flags));
	EXPECT_TRUE(calls_of(FID_RMI_RTT_SET_RIPAS).empty());
}

TEST_F(Run, CompletesCpuOn)
{
	exits_ = {psci(FID_PSCI_CPU_ON, 0x80000001)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	auto done = calls_of(FID_RMI_PSCI_COMPLETE);
	ASSERT_EQ(1u, done.size());
	EXPECT_EQ(host_realm_rec(realm_, 0), done[0].x[1]);
	EXPECT_EQ(host_realm_rec(realm_, 1), done[0].x[2]);
	EXPECT_EQ(uint64_t(PSCI_SUCCESS), done[0].x[3]);
}

TEST_F(Run, CpuOnMayBeDeniedUnlessTheTargetIsOn)
{
	host_run_ops ops{};

	ops.cpu_on = [](void *, size_t) { return false; };
	exits_ = {psci(FID_PSCI_CPU_ON, 1)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	exits_ = {psci(FID_PSCI_CPU_ON, 1)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
	exits_ = {psci(FID_PSCI_CPU_ON, 1), psci(FID_PSCI_AFFINITY_INFO, 1)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	auto done = calls_of(FID_RMI_PSCI_COMPLETE);
	ASSERT_EQ(4u, done.size());
	EXPECT_EQ(uint64_t(PSCI_DENIED), done[0].x[3]);
	EXPECT_EQ(uint64_t(PSCI_SUCCESS), done[1].x[3]);
	EXPECT_EQ(uint64_t(PSCI_SUCCESS), done[2].x[3]) << "the RMM answers ALREADY_ON";
	EXPECT_EQ(uint64_t(PSCI_SUCCESS), done[3].x[3]);
}

TEST_F(Run, PsciForAnUnknownRecIsAnError)
{
	exits_ = {psci(FID_PSCI_CPU_ON, 0x100)};
	(void)run();
	EXPECT_EQ(HOST_ERROR_STATE, status_);
}

TEST_F(Run, WaitsAndInterruptsAreTheUsers)
{
	host_run_ops ops{};
	rmi_rec_exit wfe = exit_of(RMI_EXIT_SYNC);
	int waits[2] = {};

	wfe.esr = UINT64_C(1) << 26 | 1;
	ops.ctx = waits;
	ops.wait = [](void *ctx, bool is_wfe) {
		static_cast<int *>(ctx)[is_wfe]++;
		return HOST_CONTINUE;
	};
	ops.interrupt = [](void *, uint8_t reason) {
		return reason == RMI_EXIT_FIQ ? HOST_STOP : HOST_CONTINUE;
	};
	exits_ = {wfe, exit_of(RMI_EXIT_IRQ), exit_of(RMI_EXIT_FIQ)};
	EXPECT_EQ(HOST_RUN_STOPPED, run(&ops));
	EXPECT_EQ(1, waits[1]);
	EXPECT_EQ(3u, result_.exits);
}

TEST_F(Run, EveryEntryIsPreparedAndEveryExitSeen)
{
	host_run_ops ops{};
	std::string order;

	ops.ctx = &order;
	ops.enter = [](void *ctx, rmi_rec_enter *enter) {
		*static_cast<std::string *>(ctx) += 'e';
		enter->flags = rmi_rec_enter_flags_set_trap_wfi(enter->flags, RMI_TRAP);
	};
	ops.exit = [](void *ctx, const rmi_rec_exit *exit) {
		*static_cast<std::string *>(ctx) += exit->cntv_ctl == 5 ? 't' : 'x';
		return HOST_CONTINUE;
	};
	rmi_rec_exit timer = exit_of(RMI_EXIT_IRQ);
	timer.cntv_ctl = 5;
	exits_ = {timer};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	EXPECT_EQ("etex", order);
	EXPECT_EQ(uint64_t(RMI_TRAP), rmi_rec_enter_flags_get_trap_wfi(entries_[1].flags));
}

TEST_F(Run, EmulatesSystemRegisters)
{
	host_run_ops ops{};
	rmi_rec_exit read = exit_of(RMI_EXIT_SYNC);
	rmi_rec_exit write = read;
	std::vector<host_sysreg> seen;

	read.esr = UINT64_C(0x18) << 26 | UINT64_C(1) << 25 | 0x32f8f0 | 1;
	write.esr = UINT64_C(0x18) << 26 | UINT64_C(1) << 25 | 0x32f8f0;
	write.gprs[0] = 0x77;
	ops.ctx = &seen;
	ops.sysreg = [](void *ctx, host_sysreg *access) {
		static_cast<std::vector<host_sysreg> *>(ctx)->push_back(*access);
		access->value = 0x99;
	};
	exits_ = {read, write};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	ASSERT_EQ(2u, seen.size());
	EXPECT_FALSE(seen[0].write);
	EXPECT_EQ(0x32f8f1u, seen[0].iss);
	EXPECT_EQ(0x99u, entries_[1].gprs[0]);
	EXPECT_TRUE(seen[1].write);
	EXPECT_EQ(0x77u, seen[1].value);
	EXPECT_EQ(0u, entries_[2].gprs[0]) << "a write has no answer";
	EXPECT_EQ(0u, entries_[1].flags | entries_[2].flags);

	exits_ = {read};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run()) << "without a callback it reads 0";
}

TEST_F(Run, SharedMemoryMayComeOnDemand)
{
	host_run_ops ops{};
	std::vector<uint64_t> asked;

	ops.ctx = &asked;
	ops.shared_fault = [](void *ctx, host_realm *realm, uint64_t ipa) {
		static_cast<std::vector<uint64_t> *>(ctx)->push_back(ipa);
		return ipa == kShared &&
		       host_realm_share(realm, ipa, kPage, nullptr, nullptr) == HOST_OK;
	};
	exits_ = {data_abort(kShared + 8, kIsv), data_abort(kShared + kPage, kIsv)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	EXPECT_EQ((std::vector<uint64_t>{kShared, kShared + kPage}), asked);
	EXPECT_EQ(0u, entries_[1].flags) << "the realm tries again";
	EXPECT_EQ(rmi_rec_enter_flags_set_inject_sea(0, RMI_INJECT_SEA), entries_[2].flags);

	/* What was mapped and faults again is asked about once only. */
	asked.clear();
	exits_ = {data_abort(kShared), data_abort(kShared)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	EXPECT_EQ(1u, asked.size());
}

TEST_F(Run, RangesWithoutProgressAreTriedAgainAndNotForEver)
{
	rmi_rec_exit exit = exit_of(RMI_EXIT_RIPAS_CHANGE);

	exit.ripas_base = kRam;
	exit.ripas_top = kRam + kPage;
	exit.ripas_value = RMI_RIPAS_RAM;
	for (uint64_t *idle : {&idle_ripas_, &idle_map_}) {
		SCOPED_TRACE(idle == &idle_map_ ? "map" : "ripas");
		*idle = 3;
		exits_ = {idle == &idle_map_ ? data_abort(kRam) : exit};
		EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run());
		EXPECT_EQ(HOST_OK, status_) << error_.text;
		EXPECT_EQ(0u, *idle);

		*idle = UINT64_MAX;
		exits_ = {idle == &idle_map_ ? data_abort(kRam + kPage) : exit};
		(void)run();
		EXPECT_EQ(HOST_ERROR_BUSY, status_);
		EXPECT_NE(nullptr, strstr(error_.text, "no progress")) << error_.text;
		*idle = 0;
	}
}

TEST_F(Run, ReasonsItDoesNotKnowEndIt)
{
	exits_ = {exit_of(RMI_EXIT_SERROR)};
	EXPECT_EQ(HOST_RUN_SERROR, run());
	exits_ = {exit_of(0xee)};
	EXPECT_EQ(HOST_RUN_UNHANDLED, run());
	EXPECT_EQ(1u, result_.by_reason[HOST_NUM_EXIT_REASONS - 1]);
	EXPECT_EQ(0xeeu, result_.last.exit_reason);
}

TEST_F(Run, ReasonsItDoesNotKnowMayBeTheUsers)
{
	host_run_ops ops{};
	uint64_t esr = 0;

	ops.ctx = &esr;
	ops.serror = [](void *ctx, uint64_t syndrome) {
		*static_cast<uint64_t *>(ctx) = syndrome;
		return HOST_CONTINUE;
	};
	ops.other = [](void *, const rmi_rec_exit *exit, rmi_rec_enter *enter) {
		enter->gprs[1] = exit->exit_reason;
		return HOST_CONTINUE;
	};
	rmi_rec_exit serror = exit_of(RMI_EXIT_SERROR);
	serror.esr = 0x2f;
	exits_ = {serror, exit_of(RMI_EXIT_S2AP_CHANGE)};
	EXPECT_EQ(HOST_RUN_SYSTEM_OFF, run(&ops));
	EXPECT_EQ(0x2fu, esr);
	EXPECT_EQ(uint64_t(RMI_EXIT_S2AP_CHANGE), entries_[2].gprs[1]);
}

} /* namespace */
