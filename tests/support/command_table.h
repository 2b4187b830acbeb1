/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Conformance as data: for each command one call that succeeds, and the ways to
 * make it fail. Every way names the condition that must be reported. The same
 * rows, two at a time, test the order of conditions.
 */
#ifndef TESTS_SUPPORT_COMMAND_TABLE_H
#define TESTS_SUPPORT_COMMAND_TABLE_H

#include <gtest/gtest.h>

#include "scene.h"

namespace conformance
{

/* A table and its rows are about every version that has the command and the condition. */
constexpr rmm_version kFirst = RMM_VERSION_1_0_REL0;
constexpr rmm_version kFirst2 = RMM_VERSION_2_0_BET0;
constexpr rmm_version kLast = RMM_VERSION_2_0_BET3;

/* One way to make the call fail. */
struct Violation {
	Violation(std::string when_, rmm_condition condition_,
		  std::function<void(Scene &)> arrange_)
		: when(std::move(when_)), condition(condition_), arrange(std::move(arrange_))
	{
	}

	std::string when; /* "WhenTheWalkStopsEarly" */
	rmm_condition condition;
	std::function<void(Scene &)> arrange;
	std::optional<int> level;                                      /* in X0 */
	std::map<int, std::function<uint64_t(const Scene &)>> outputs; /* others are 0 */
	Settings settings;
	rmm_version first = kFirst, last = kLast;
	bool state_may_change = false;
	bool alone = false; /* does not combine with other rows */

	/* ---- modifiers ---- */
	Violation &at_level(int l)
	{
		level = l;
		return *this;
	}
	Violation &with(rmm_behaviour behaviour, bool on = true)
	{
		settings.behaviours.emplace_back(behaviour, on);
		return *this;
	}
	Violation &in_tf_rmm()
	{
		settings.profile = RMM_PROFILE_TF_RMM;
		return *this;
	}
	Violation &on_machine(void (*change)(rmm_config &))
	{
		settings.changes.push_back(change);
		return *this;
	}
	Violation &not_activated()
	{
		settings.activate = false;
		return *this;
	}
	Violation &since(rmm_version v)
	{
		first = v;
		return *this;
	}
	Violation &until(rmm_version v)
	{
		last = v;
		return *this;
	}
	Violation &since_2_0()
	{
		return since(kFirst2);
	}
	Violation &until_1_0()
	{
		return until(RMM_VERSION_1_0_REL0);
	}
	Violation &gives(int reg, std::function<uint64_t(const Scene &)> value)
	{
		outputs[reg] = std::move(value);
		return *this;
	}
	Violation &changes_state()
	{
		state_may_change = true;
		return *this;
	}
	Violation &does_not_combine()
	{
		alone = true;
		return *this;
	}
};

struct CommandTable {
	rmm_command command;
	void (*base)(Scene &); /* makes the call that succeeds */
	std::vector<Violation> violations;
	rmm_version first = kFirst, last = kLast;
	Settings settings = {};
};

/* ---- instantiation --------------------------------------------------------------- */

struct FailureCase {
	const CommandTable *table;
	const Violation *violation;
};

struct OrderCase {
	const CommandTable *table;
	const Violation *before;
	const Violation *after;
};

std::ostream &operator<<(std::ostream &os, const FailureCase &value);
std::ostream &operator<<(std::ostream &os, const OrderCase &value);

std::vector<FailureCase> failures(const CommandTable &table);

/* Every declared `A < B` of the command's forms that two rows can violate. */
std::vector<OrderCase> order_cases(const CommandTable &table);

/* Every pair of conditions that rows can violate together. */
std::vector<OrderCase> pair_cases(const CommandTable &table);

std::string failure_name(const ::testing::TestParamInfo<FailureCase> &info);
std::string order_name(const ::testing::TestParamInfo<OrderCase> &info);

/* The unchanged call succeeds: a row's violation is all that is wrong. */
class Base : public ::testing::TestWithParam<const CommandTable *>
{
};
class Fails : public ::testing::TestWithParam<FailureCase>
{
};
class Order : public ::testing::TestWithParam<OrderCase>
{
};
class Pairs : public ::testing::TestWithParam<const CommandTable *>
{
};

} // namespace conformance

/* All tests of a table; NAME is the command in camel case. */
#define CONFORMANCE_TESTS(NAME, TABLE)                                                             \
	INSTANTIATE_TEST_SUITE_P(NAME, Base, ::testing::Values(&(TABLE)),                          \
				 [](const auto &) { return std::string("EveryVersion"); });        \
	INSTANTIATE_TEST_SUITE_P(NAME, Fails, ::testing::ValuesIn(failures(TABLE)), failure_name); \
	INSTANTIATE_TEST_SUITE_P(NAME, Order, ::testing::ValuesIn(order_cases(TABLE)),             \
				 order_name);                                                      \
	INSTANTIATE_TEST_SUITE_P(NAME, Pairs, ::testing::Values(&(TABLE)),                         \
				 [](const auto &) { return std::string("AllConditions"); })

#endif
