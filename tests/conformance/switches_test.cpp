/* SPDX-License-Identifier: BSD-3-Clause */
/* Behaviour switches of memory and of stateful operations, each alone. */
#include <gtest/gtest.h>

#include "realm.h"

namespace conformance
{
namespace
{

Settings with(rmm_behaviour behaviour, bool on)
{
	Settings settings;
	settings.behaviours = {{behaviour, on}};
	return settings;
}

void bank_up_to_the_last_granule(rmm_config &config)
{
	config.pa_bits = 32;
	config.banks[config.num_banks++] = {0xffe00000, k2M, RMM_BANK_DRAM};
}

struct Donation {
	Machine m;
	RealmPlan plan = Realm::plan(m);
	Answer begun;

	explicit Donation(bool continues)
		: m([continues] {
			  Settings s =
				  with(RMM_BEHAVIOUR_CONTINUE_AFTER_FAILED_TRANSFER, continues);
			  s.version = RMM_VERSION_2_0_BET3;
			  return s;
		  }()),
		  begun(m.call(RMM_CMD_RMI_REALM_CREATE, {plan.rd, plan.params_ptr}))
	{
		const uint64_t not_delegated = m.host_pages();

		m.write_words(m.scratch(), {range_desc(m.version(), not_delegated)});
		m.call(RMM_CMD_RMI_OP_MEM_DONATE, {begun.x[1], m.scratch(), 1, 0});
	}
	Answer go_on()
	{
		return m.call(RMM_CMD_RMI_OP_CONTINUE, {begun.x[1], 0});
	}
};

TEST(ContinueAfterFailedTransfer, EndsTheOperation)
{
	Donation donation(true);
	const Answer answer = donation.m.finish(donation.go_on());

	EXPECT_EQ(RMI_ERROR_INPUT, answer.status());
	EXPECT_EQ(RMI_REALM_CREATE_DONATION_TF, answer.condition);
	EXPECT_EQ(RMM_GRANULE_DELEGATED, donation.m.state_of(donation.plan.rd));
}

TEST(ContinueAfterFailedTransfer, IsRefusedWithoutTheSwitch)
{
	Donation donation(false);
	const Answer answer = donation.go_on();

	EXPECT_EQ(RMI_OP_CONTINUE_MEM_REQ, answer.condition);
	EXPECT_EQ(RMM_GRANULE_PARTIAL, donation.m.state_of(donation.plan.rd));
}

class PartialObject : public testing::TestWithParam<bool>
{
};

TEST_P(PartialObject, IsBlockedOrInTheWrongState)
{
	Settings settings = with(RMM_BEHAVIOUR_PARTIAL_OBJECT_BLOCKED, GetParam());
	settings.version = RMM_VERSION_2_0_BET3;
	Machine m(settings);
	const RealmPlan plan = Realm::plan(m);

	m.call(RMM_CMD_RMI_REALM_CREATE, {plan.rd, plan.params_ptr});
	const Answer answer = m.call(RMM_CMD_RMI_REALM_ACTIVATE, {plan.rd});

	EXPECT_EQ(GetParam() ? RMI_BLOCKED : RMI_ERROR_INPUT, answer.status());
}

INSTANTIATE_TEST_SUITE_P(Switch, PartialObject, testing::Bool());

class LastGranule : public testing::TestWithParam<bool>
{
};

TEST_P(LastGranule, CannotBeDelegatedWithLastGranuleFixed)
{
	Settings settings = with(RMM_BEHAVIOUR_LAST_GRANULE_FIXED, GetParam());
	settings.changes.push_back(bank_up_to_the_last_granule);
	Machine m(settings);
	const uint64_t top = UINT64_C(1) << 32;

	const Answer range = m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {top - 2 * kPage, top});
	const Answer last = m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {top - kPage, top});

	EXPECT_EQ(RMI_SUCCESS, range.x[0]);
	EXPECT_EQ(GetParam() ? top - kPage : top, range.x[1]);
	EXPECT_EQ(RMI_ERROR_INPUT, last.status());
	EXPECT_EQ(GetParam() ? RMI_GRANULE_RANGE_DELEGATE_PAS : RMI_GRANULE_RANGE_DELEGATE_STATE,
		  last.condition);
}

INSTANTIATE_TEST_SUITE_P(Switch, LastGranule, testing::Bool());

} // namespace
} // namespace conformance
