/* SPDX-License-Identifier: BSD-3-Clause */
/* What one thread cannot do while another is in a call, and what waits for what. */
#include <atomic>

#include "threads.h"

namespace threads
{
namespace
{

/* A realm with one REC, whose guest works until an interrupt comes. */
struct Busy {
	explicit Busy(Settings settings = {}) : m(threaded(std::move(settings))), realm(m)
	{
		rec.emplace(m, realm);
		realm.activate();
		rmm_script_step work = step(RMM_SCRIPT_WORK);
		work.value = 1;
		rec->runs({work, step(RMM_SCRIPT_JUMP)});
		rec->write_enter();
	}

	Arguments entry() const
	{
		return {rec->pa(), rec->run_page()};
	}

	Machine m;
	Realm realm;
	std::optional<Rec> rec;
};

TEST(RecEnter, OneOfTwoPesGetsIn)
{
	Busy busy;
	const uint64_t other_run = busy.m.host_pages();
	Gate gate(0, RMM_COST_GUEST);
	Caller first(busy.m, RMM_CMD_RMI_REC_ENTER, busy.entry(), 0);

	gate.wait();
	const Answer second = busy.m.call(RMM_CMD_RMI_REC_ENTER, {busy.rec->pa(), other_run}, 1);
	rmm_set_irq(busy.m.sys(), 0, true);
	gate.open();
	EXPECT_EQ(RMI_REC_ENTER_REC_STATE, second.condition);
	EXPECT_EQ(RMI_SUCCESS, first.join().x[0]);
}

struct WhileRunning {
	const char *name;
	rmm_command command;
	Arguments (*arguments)(const Busy &busy);
	rmm_condition condition;
};

class RunningRec : public ::testing::TestWithParam<WhileRunning>
{
};

TEST_P(RunningRec, KeepsOtherPesOut)
{
	Busy busy;
	Gate gate(0, RMM_COST_GUEST);
	Caller runs(busy.m, RMM_CMD_RMI_REC_ENTER, busy.entry(), 0);

	gate.wait();
	const Answer answer = busy.m.call(GetParam().command, GetParam().arguments(busy), 1);
	rmm_set_irq(busy.m.sys(), 0, true);
	gate.open();
	EXPECT_EQ(GetParam().condition, answer.condition) << describe(answer);
	EXPECT_EQ(RMI_SUCCESS, runs.join().x[0]);
}

const WhileRunning while_running[] = {
	{"RecEnter", RMM_CMD_RMI_REC_ENTER, [](const Busy &busy) { return busy.entry(); },
	 RMI_REC_ENTER_REC_STATE},
	{"RecDestroy", RMM_CMD_RMI_REC_DESTROY,
	 [](const Busy &busy) { return Arguments{busy.rec->pa()}; }, RMI_REC_DESTROY_REC_STATE},
	{"RealmTerminate", RMM_CMD_RMI_REALM_TERMINATE,
	 [](const Busy &busy) { return Arguments{busy.realm.rd()}; },
	 RMI_REALM_TERMINATE_REC_RUNNING},
	{"RttSetRipas", RMM_CMD_RMI_RTT_SET_RIPAS,
	 [](const Busy &busy) {
		 return Arguments{busy.realm.rd(), busy.rec->pa(), 0, kPage};
	 },
	 RMI_RTT_SET_RIPAS_REC_STATE},
	{"PsciComplete", RMM_CMD_RMI_PSCI_COMPLETE,
	 [](const Busy &busy) {
		 return Arguments{busy.rec->pa(), busy.realm.rd(), 0};
	 },
	 RMI_PSCI_COMPLETE_TARGET_STATE},
};

INSTANTIATE_TEST_SUITE_P(Commands, RunningRec, ::testing::ValuesIn(while_running),
			 [](const auto &row) { return row.param.name; });

/* The other realm's calls go on meanwhile. */
TEST(GranuleLock, IsWaitedForUntilItsHolderIsDone)
{
	Machine m(threaded());
	Realm realm(m);
	Realm other(m);
	Gate gate(0, RMM_COST_GRANULE_LOCK, realm.rd());
	std::atomic<bool> finished{false};
	Caller holder(m, RMM_CMD_RMI_REALM_ACTIVATE, {realm.rd()}, 0);

	gate.wait();
	std::thread waiter([&] {
		(void)m.call(RMM_CMD_RMI_REALM_TERMINATE, {realm.rd()}, 1);
		finished = true;
	});
	EXPECT_EQ(RMI_SUCCESS, m.call(RMM_CMD_RMI_REALM_ACTIVATE, {other.rd()}, 2).x[0]);
	EXPECT_FALSE(finished);
	gate.open();
	EXPECT_EQ(RMI_SUCCESS, holder.join().x[0]);
	waiter.join();
	/* Activated first, then terminated. */
	EXPECT_EQ(RMM_REALM_ZOMBIE, realm.view().state);
}

TEST(TrackingSet, IsBusyWhileAGranuleOfTheRegionIsLocked)
{
	Settings settings;
	settings.version = RMM_VERSION_2_0_BET3;
	settings.changes = {spare_region};
	Machine m(threaded(settings));
	const Arguments coarse = {kSpareRegion, RMI_MEM_CATEGORY_CONVENTIONAL, RMI_TRACKING_COARSE};

	m.must(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {kSpareRegion, kSpareRegion + kPage});
	Gate gate(0, RMM_COST_WIPE, kSpareRegion);
	Caller holder(m, RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, {kSpareRegion, kSpareRegion + kPage},
		      0);
	gate.wait();
	const Answer answer = m.call(RMM_CMD_RMI_GRANULE_TRACKING_SET, coarse, 1);
	gate.open();
	EXPECT_EQ(RMI_ANY_BUSY, answer.condition);
	EXPECT_EQ(RMI_SUCCESS, holder.join().x[0]);
	EXPECT_EQ(RMI_SUCCESS, m.call(RMM_CMD_RMI_GRANULE_TRACKING_SET, coarse, 1).x[0]);
}

TEST(RmmDeactivate, IsBusyWhileAnotherThreadIsInACall)
{
	Settings settings;
	settings.version = RMM_VERSION_2_0_BET3;
	Machine m(threaded(settings));
	Gate gate(0, RMM_COST_DISPATCH);
	Caller other(m, RMM_CMD_RMI_FEATURES, {0}, 0);

	gate.wait();
	const Answer answer = m.call(RMM_CMD_RMI_RMM_DEACTIVATE, {}, 1);
	gate.open();
	(void)other.join();
	EXPECT_EQ(RMI_RMM_DEACTIVATE_OTHER_COMMAND, answer.condition);
	EXPECT_EQ(RMM_STATE_ACTIVE, rmm_system_state(m.sys()));
	EXPECT_EQ(RMI_SUCCESS, m.call(RMM_CMD_RMI_RMM_DEACTIVATE, {}, 1).x[0]);
}

/* As a TLBI with its DSB: the realm's accesses are over when the call returns. */
TEST(UnprotUnmap, ReturnsAfterTheLastAccessOfTheRealm)
{
	Machine m(threaded());
	Realm realm(m);
	const uint64_t shared = m.host_pages();
	const uint64_t flags =
		rmi_rtt_unmap_flags_with_oaddr_type(m.version(), 0, RMI_ADDR_TYPE_NONE);
	const Arguments unmap = {realm.rd(), kUnprotected, kUnprotected + kPage, flags, 0};

	realm.map_unprotected(kUnprotected, shared);
	Rec rec(m, realm);
	realm.activate();
	rec.runs({store(kUnprotected, 0x1234), step(RMM_SCRIPT_JUMP)});
	for (unsigned round = 0; round < 50; round++) {
		std::thread runs([&] { (void)rec.enter(0, {}, 1); });
		std::this_thread::yield();
		ASSERT_EQ(RMI_SUCCESS, m.call(RMM_CMD_RMI_RTT_UNPROT_UNMAP, unmap, 0).x[0]);
		m.write_words(shared, {round});
		std::this_thread::yield();
		ASSERT_EQ(round, m.read_word(shared));
		runs.join();
		realm.map_unprotected(kUnprotected, shared);
	}
}

TEST(Config, ThreadsBringTheirOwnLocks)
{
	rmm_config config = rmm_config_default();
	rmm_system *sys = nullptr;
	rmm_error error{};

	config.threads = true;
	config.port.lock = [](void *, unsigned, uint64_t) {};
	EXPECT_NE(0, rmm_system_create(&config, &sys, &error));
	EXPECT_NE(nullptr, strstr(error.text, "port.lock"));
}

} // namespace
} // namespace threads
