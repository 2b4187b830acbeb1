/* SPDX-License-Identifier: BSD-3-Clause */
#include "command_table.h"

#include <algorithm>

#include "coverage.h"

namespace conformance
{

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Order);

namespace
{

constexpr int kFirstPreserved = 4; /* X4 and up survive a failing call */
constexpr int kLastUnused = 16;    /* ... unless all up to here are cleared */

Settings merge(const Settings &a, const Settings &b)
{
	Settings s = a;

	if (b.profile == RMM_PROFILE_TF_RMM)
		s.profile = b.profile;
	s.activate = a.activate && b.activate;
	s.behaviours.insert(s.behaviours.end(), b.behaviours.begin(), b.behaviours.end());
	for (auto change : b.changes)
		if (std::find(s.changes.begin(), s.changes.end(), change) == s.changes.end())
			s.changes.push_back(change);
	return s;
}

Settings settings_of(const CommandTable &table, rmm_version version,
		     std::initializer_list<const Violation *> rows)
{
	Settings s = table.settings;

	for (const Violation *row : rows)
		s = merge(s, row->settings);
	s.version = version;
	return s;
}

bool is_declared(rmm_version version, rmm_condition condition)
{
	return rmm_abi_condition(version, condition) != nullptr;
}

bool applies(const CommandTable &table, const Violation &row, rmm_version version)
{
	return rmm_abi_command_by_id(version, table.command) &&
	       version >= std::max(table.first, row.first) &&
	       version <= std::min(table.last, row.last) && is_declared(version, row.condition);
}

uint64_t expected_x0(rmm_version version, rmm_condition condition, std::optional<int> level)
{
	const uint64_t status = rmm_abi_condition(version, condition)->status_value;

	return level ? status | static_cast<uint64_t>(static_cast<uint8_t>(*level)) << 8 : status;
}

/* What may change when a call fails: nothing; a guest's own REC moves on. */
std::set<uint64_t> outside_state(const Scene &s)
{
	if (!s.by_guest)
		return {};
	return {s.rec->pa(), s.rec->run_page()};
}

bool is_cleared(const Scene &s, int reg)
{
	return reg < kFirstPreserved ||
	       (reg <= kLastUnused && s.m.behaves(RMM_BEHAVIOUR_UNUSED_OUTPUTS_ZERO));
}

void expect_outputs(const Scene &s, const Violation &row, const Answer &answer)
{
	if (s.by_guest) {
		for (auto &[reg, value] : row.outputs)
			EXPECT_EQ(value(s), answer.x[static_cast<size_t>(reg)]) << "in X" << reg;
		return;
	}
	const int last = s.took_several_calls ? kFirstPreserved : SMC_NUM_REGS;
	for (int reg = 1; reg < last; reg++) {
		const auto given = row.outputs.find(reg);
		const auto n = static_cast<size_t>(reg);

		if (given != row.outputs.end())
			EXPECT_EQ(given->second(s), answer.x[n]) << "in X" << reg;
		else
			EXPECT_EQ(is_cleared(s, reg) ? 0 : s.x[n], answer.x[n]) << "in X" << reg;
	}
}

void expect_failure(Scene &s, const Violation &row)
{
	get_ready(s);
	const Machine::Snapshot before = s.m.snapshot(outside_state(s));
	const Answer answer = perform(s);

	ASSERT_EQ(row.condition, answer.condition)
		<< "expected " << rmm_abi_condition_name(row.condition) << ", got "
		<< describe(answer);
	EXPECT_EQ(expected_x0(s.version(), row.condition, row.level), answer.x[0]);
	if (!s.perform)
		expect_outputs(s, row, answer);
	if (!row.state_may_change && !s.perform) {
		EXPECT_EQ("", difference(before, s.m.snapshot(outside_state(s))));
	}
}

std::string camel(const std::string &constant)
{
	std::string text;
	bool upper = true;

	for (char c : constant) {
		if (c == '_') {
			upper = true;
			continue;
		}
		text += upper ? c : static_cast<char>(std::tolower(c));
		upper = false;
	}
	return text;
}

/* "RTT_WALK" of RMI_RTT_CREATE_RTT_WALK. */
std::string short_name(rmm_condition condition)
{
	for (int v = kFirst; v <= kLast; v++)
		if (auto *c = rmm_abi_condition(static_cast<rmm_version>(v), condition)) {
			std::string name = c->name;
			std::transform(name.begin(), name.end(), name.begin(), ::toupper);
			return camel(name);
		}
	return "Unknown";
}

/* As below, in one version. */
const Violation *representative_in(const CommandTable &table, rmm_condition condition,
				   rmm_version version)
{
	for (const Violation &row : table.violations)
		if (row.condition == condition && !row.alone && applies(table, row, version))
			return &row;
	return nullptr;
}

/* The row that stands for a condition: one that combines, as plain as possible. */
const Violation *representative(const CommandTable &table, rmm_condition condition)
{
	for (const Violation &row : table.violations)
		if (row.condition == condition && !row.alone)
			return &row;
	return nullptr;
}

bool is_ordered(rmm_version version, rmm_command command, rmm_condition a, rmm_condition b)
{
	const rmm_abi_command *form = rmm_abi_command_by_id(version, command);

	for (size_t i = 0; form && i < form->num_order; i++)
		if (form->fail[form->order[i].before].id == a &&
		    form->fail[form->order[i].after].id == b)
			return true;
	return false;
}

std::vector<rmm_condition> conditions_of(const CommandTable &table)
{
	std::vector<rmm_condition> all;

	for (const Violation &row : table.violations)
		if (!row.alone && std::find(all.begin(), all.end(), row.condition) == all.end())
			all.push_back(row.condition);
	return all;
}

} // namespace

/* ---- enumeration -------------------------------------------------------------------- */

/* Rows that several commands share may be about versions that this one is not in. */
static bool is_about(const CommandTable &table, const Violation &row)
{
	for (int v = std::max(table.first, row.first); v <= std::min(table.last, row.last); v++)
		if (rmm_abi_command_by_id(static_cast<rmm_version>(v), table.command))
			return true;
	return false;
}

std::vector<FailureCase> failures(const CommandTable &table)
{
	std::vector<FailureCase> cases;

	for (const Violation &row : table.violations)
		if (is_about(table, row))
			cases.push_back({&table, &row});
	return cases;
}

std::vector<OrderCase> pair_cases(const CommandTable &table)
{
	std::vector<OrderCase> cases;

	for (rmm_condition a : conditions_of(table))
		for (rmm_condition b : conditions_of(table))
			if (a != b)
				cases.push_back({&table, representative(table, a),
						 representative(table, b)});
	return cases;
}

std::vector<OrderCase> order_cases(const CommandTable &table)
{
	std::vector<OrderCase> cases;

	for (const OrderCase &pair : pair_cases(table))
		for (int v = table.first; v <= table.last; v++)
			if (is_ordered(static_cast<rmm_version>(v), table.command,
				       pair.before->condition, pair.after->condition)) {
				cases.push_back(pair);
				break;
			}
	return cases;
}

std::ostream &operator<<(std::ostream &os, const FailureCase &value)
{
	return os << rmm_abi_condition_name(value.violation->condition) << ' '
		  << value.violation->when;
}

std::ostream &operator<<(std::ostream &os, const OrderCase &value)
{
	return os << rmm_abi_condition_name(value.before->condition) << " < "
		  << rmm_abi_condition_name(value.after->condition);
}

std::string failure_name(const ::testing::TestParamInfo<FailureCase> &info)
{
	return short_name(info.param.violation->condition) + info.param.violation->when;
}

std::string order_name(const ::testing::TestParamInfo<OrderCase> &info)
{
	return short_name(info.param.before->condition) + "RatherThan" +
	       short_name(info.param.after->condition);
}

/* ---- tests ----------------------------------------------------------------------------- */

TEST_P(Base, Succeeds)
{
	const CommandTable &table = *GetParam();

	for (int v = table.first; v <= table.last; v++) {
		const auto version = static_cast<rmm_version>(v);

		if (!rmm_abi_command_by_id(version, table.command))
			continue;
		for (rmm_profile profile : {RMM_PROFILE_SPEC, RMM_PROFILE_TF_RMM}) {
			Settings settings = settings_of(table, version, {});

			SCOPED_TRACE(version_name(version));
			settings.profile = profile;
			Scene s(settings);
			table.base(s);
			get_ready(s);
			const Answer answer = perform(s);
			EXPECT_EQ(RMM_CONDITION_NONE, answer.condition) << describe(answer);
		}
	}
}

TEST_P(Fails, With)
{
	const auto [table, row] = GetParam();
	bool done = false;

	for (int v = kFirst; v <= kLast; v++) {
		const auto version = static_cast<rmm_version>(v);

		if (!applies(*table, *row, version))
			continue;
		SCOPED_TRACE(version_name(version));
		Scene s(settings_of(*table, version, {row}));
		table->base(s);
		row->arrange(s);
		expect_failure(s, *row);
		done = true;
	}
	EXPECT_TRUE(done) << "no version has this condition";
}

TEST_P(Order, Reports)
{
	const CommandTable *table = GetParam().table;

	for (int v = kFirst; v <= kLast; v++) {
		const auto version = static_cast<rmm_version>(v);
		const Violation *before =
			representative_in(*table, GetParam().before->condition, version);
		const Violation *after =
			representative_in(*table, GetParam().after->condition, version);

		if (!before || !after ||
		    !is_ordered(version, table->command, before->condition, after->condition))
			continue;
		SCOPED_TRACE(version_name(version));
		Scene s(settings_of(*table, version, {before, after}));
		table->base(s);
		after->arrange(s);
		before->arrange(s);
		get_ready(s);
		const Answer answer = perform(s);
		EXPECT_EQ(before->condition, answer.condition) << describe(answer);
		if (before->condition == answer.condition)
			cover_order(s.m.sys(), before->condition, after->condition);
	}
}

/*
 * Two things done to the call. They may cancel out; else it fails for a reason
 * of its own, and changes nothing.
 */
void expect_no_effect(Scene &s, const CommandTable &table)
{
	if (s.perform)
		return;
	const Machine::Snapshot before = s.m.snapshot(outside_state(s));
	const Answer answer = perform(s);

	if (answer.condition == RMM_CONDITION_NONE)
		return;
	EXPECT_EQ(table.command, rmm_abi_condition_command(answer.condition)) << describe(answer);
	EXPECT_EQ("", difference(before, s.m.snapshot(outside_state(s))));
}

/* False: the two need the same thing in two ways. */
bool arrange_both(Scene &s, const CommandTable &table, const OrderCase &pair)
{
	table.base(s);
	try {
		pair.after->arrange(s);
		pair.before->arrange(s);
		get_ready(s);
	} catch (const std::runtime_error &) {
		return false;
	}
	return true;
}

TEST_P(Pairs, FailWithoutAnEffect)
{
	const CommandTable &table = *GetParam();
	const rmm_version version =
		std::min(table.last, std::max(table.first, RMM_VERSION_2_0_BET1));

	for (const OrderCase &pair : pair_cases(table)) {
		if (!applies(table, *pair.before, version) ||
		    !applies(table, *pair.after, version) || pair.before->state_may_change ||
		    pair.after->state_may_change)
			continue;
		SCOPED_TRACE(::testing::PrintToString(pair));
		Scene s(settings_of(table, version, {pair.before, pair.after}));
		if (arrange_both(s, table, pair))
			expect_no_effect(s, table);
	}
}

} // namespace conformance
