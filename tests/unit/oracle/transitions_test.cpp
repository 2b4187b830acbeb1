// SPDX-License-Identifier: BSD-3-Clause
// State machines: what a machine that is broken on purpose does, and what the description allows.
#include <gtest/gtest.h>

#include "broken_machine.hpp"
#include "rmmsim/abi/introspect.h"

namespace
{

class Transitions : public BrokenMachine
{
protected:
	void SetUp() override
	{
		BrokenMachine::SetUp();
		transitions = rmm_transitions_create(sys);
		ASSERT_NE(transitions, nullptr);
	}
	void TearDown() override
	{
		rmm_transitions_destroy(transitions);
		BrokenMachine::TearDown();
	}

	bool look(rmm_command command = RMM_CMD_COUNT)
	{
		seen[0] = '\0';
		return rmm_transitions_look(transitions, command, seen, sizeof(seen));
	}

	uint64_t count(const char *machine, const char *from, const char *to) const
	{
		for (size_t m = 0; m < rmm_abi_num_state_machines; m++) {
			const rmm_abi_state_machine &sm = rmm_abi_state_machines[m];
			uint64_t sum = 0;

			if (strcmp(sm.name, machine) != 0)
				continue;
			for (size_t i = 0; i < sm.num_transitions; i++)
				if (!strcmp(sm.states[sm.transitions[i].from], from) &&
				    !strcmp(sm.states[sm.transitions[i].to], to))
					sum += rmm_transitions_count(transitions, m, i);
			return sum;
		}
		ADD_FAILURE() << "no state machine " << machine;
		return 0;
	}

	rmm_transitions *transitions = nullptr;
	char seen[256] = "";
};

struct Wrong {
	const char *name;
	std::function<void(rmm_system *sys, uint64_t rd, uint64_t table, uint64_t spare)> tamper;
	const char *says;
};

std::ostream &operator<<(std::ostream &os, const Wrong &wrong)
{
	return os << wrong.name;
}

class WrongTransition : public Transitions, public ::testing::WithParamInterface<Wrong>
{
};

} // namespace

TEST_F(Transitions, NothingHappensByItself)
{
	EXPECT_TRUE(look());
	EXPECT_EQ(count("granule", "DELEGATED", "RTT"), 0u);
}

TEST_F(Transitions, AreCountedByObject)
{
	ASSERT_TRUE(call(FID_RMI_REALM_ACTIVATE, {rd})) << text();
	ASSERT_TRUE(look(RMM_CMD_RMI_REALM_ACTIVATE)) << seen;
	EXPECT_EQ(count("realm", "NEW", "ACTIVE"), 1u);

	ASSERT_TRUE(call(FID_RMI_RTT_DATA_UNMAP, {rd, 0, page, 0, 0})) << text();
	ASSERT_TRUE(look(RMM_CMD_RMI_RTT_DATA_UNMAP)) << seen;
	EXPECT_EQ(count("hipas", "DATA", "VOID"), 1u);
	EXPECT_EQ(count("ripas", "RAM", "DESTROYED"), 1u);
	EXPECT_EQ(count("granule", "DATA", "DELEGATED"), 1u);
}

TEST_F(Transitions, BelongToTheirCommands)
{
	ASSERT_TRUE(call(FID_RMI_REALM_TERMINATE, {rd})) << text();

	EXPECT_FALSE(look(RMM_CMD_RMI_REALM_ACTIVATE));
	EXPECT_NE(std::string(seen).find("from NEW to ZOMBIE, which this command does not do"),
		  std::string::npos)
		<< seen;
}

TEST_F(Transitions, AreNotCountedOverASkip)
{
	ASSERT_TRUE(call(FID_RMI_REALM_TERMINATE, {rd})) << text();
	rmm_transitions_skip(transitions);

	EXPECT_TRUE(look(RMM_CMD_RMI_VERSION)) << seen;
	EXPECT_EQ(count("realm", "NEW", "ZOMBIE"), 0u);
}

/* A realm that runs may change its state, but not in any way. */
TEST_F(Transitions, AreFollowedByTheOracle)
{
	const std::vector<uint8_t> image(RMI_REC_ENTER_SIZE);

	ASSERT_TRUE(call(FID_RMI_REALM_ACTIVATE, {rd})) << text();
	rmm_host_write(sys, host, image.data(), image.size(), nullptr);
	break_at(RMM_COST_SMC_RETURN, [&] { tamper_realm_state(sys, rd, RMM_REALM_NEW); });

	EXPECT_FALSE(call(FID_RMI_REC_ENTER, {rec, host}));
	EXPECT_NE(text().find("state machine 'realm' at 0x880200000: from ACTIVE to NEW"),
		  std::string::npos)
		<< text();
}

TEST_P(WrongTransition, IsReported)
{
	GetParam().tamper(sys, rd, tables + page, spare);

	EXPECT_FALSE(look());
	EXPECT_NE(std::string(seen).find(GetParam().says), std::string::npos) << seen;
}

INSTANTIATE_TEST_SUITE_P(
	, WrongTransition,
	::testing::Values(
		Wrong{"RealmThatBeginsAnew",
		      [](rmm_system *sys, uint64_t rd, uint64_t, uint64_t) {
			      tamper_realm_state(sys, rd, RMM_REALM_SYSTEM_OFF);
		      },
		      "'realm' at 0x880200000: from NEW to SYSTEM_OFF, which is no transition"},
		Wrong{"GranuleThatBecomesMemoryOfADevice",
		      [](rmm_system *sys, uint64_t, uint64_t, uint64_t spare) {
			      tamper_state(sys, spare, RMM_GRANULE_DEV);
		      },
		      "'granule' at 0x880210000: from DELEGATED to DEV, which is no transition"},
		Wrong{"EntryThatChangesHalves",
		      [](rmm_system *sys, uint64_t, uint64_t table, uint64_t) {
			      tamper_word(sys, table + 8, UINT64_C(1) << 55);
		      },
		      "'hipas' at 0x880203008: from VOID to UNMAPPED_NS, which is no transition"},
		Wrong{"RipasThatIsDestroyedWhileEmpty",
		      [](rmm_system *sys, uint64_t, uint64_t table, uint64_t) {
			      tamper_word(sys, table + 8, 2 << 1);
		      },
		      "'ripas' at 0x880203008: from EMPTY to DESTROYED, which is no transition"}),
	[](const auto &wrong) { return std::string(wrong.param.name); });
