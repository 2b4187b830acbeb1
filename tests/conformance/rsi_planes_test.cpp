/* SPDX-License-Identifier: BSD-3-Clause */
/* The RSI calls of planes and of permissions, in a realm that has no auxiliary planes. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = k1G;
constexpr uint64_t kReadWriteExecute = 15;
constexpr uint64_t kIndices = 15;

void realm_with_ram(Scene &s)
{
	s.add_realm();
	s.realm->map_init(kIpa);
	s.add_rec();
	s.last_touches.push_back([](Scene &at) { at.realm->activate(); });
	s.by_guest = true;
}

Violation value_row(const char *when, rmm_condition condition, size_t reg, uint64_t value)
{
	return {when, condition, [=](Scene &s) { s.x[reg] = value; }};
}

/* ---- labels ---------------------------------------------------------------------------------- */

const CommandTable &get_value_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_MEM_GET_PERM_VALUE,
		[](Scene &s) {
			realm_with_ram(s);
			s.call(RMM_CMD_RSI_MEM_GET_PERM_VALUE, {0, kIndices - 1});
		},
		{
			value_row("WhenThereIsNoSuchPlane", RSI_MEM_GET_PERM_VALUE_PLANE_BOUND, 1,
				  1),
			value_row("WhenThePlaneIsTheGreatestNumber",
				  RSI_MEM_GET_PERM_VALUE_PLANE_BOUND, 1, UINT64_MAX),
			value_row("WhenTheIndexIsOneTooHigh", RSI_MEM_GET_PERM_VALUE_PERM_BOUND, 2,
				  kIndices),
		},
	};

	return all;
}

CONFORMANCE_TESTS(RsiMemGetPermValue, get_value_table());

TEST(RsiMemGetPermValue, ThePrimaryPlaneMayDoEverything)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm);

		realm.activate();
		for (uint64_t index = 0; index < kIndices; index++) {
			rec.calls({FID_RSI_MEM_GET_PERM_VALUE, 0, index});
			EXPECT_EQ(RSI_SUCCESS, rec.x(0));
			EXPECT_EQ(kReadWriteExecute, rec.x(1));
		}
	});
}

/* Nothing is a success here: there is no plane whose permissions could be set. */
const CommandTable &set_value_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_MEM_SET_PERM_VALUE,
		[](Scene &s) {
			realm_with_ram(s);
			s.call(RMM_CMD_RSI_MEM_SET_PERM_VALUE, {0, 1, kReadWriteExecute});
		},
		{
			value_row("WhenItIsThePrimaryPlane", RSI_MEM_SET_PERM_VALUE_PLANE_BOUND, 1,
				  0),
			value_row("WhenThereIsNoSuchPlane", RSI_MEM_SET_PERM_VALUE_PLANE_BOUND, 1,
				  1),
		},
	};

	return all;
}

INSTANTIATE_TEST_SUITE_P(RsiMemSetPermValue, Fails,
			 ::testing::ValuesIn(failures(set_value_table())), failure_name);

/* ---- permission indices -------------------------------------------------------------------------
 */

const CommandTable &set_index_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_MEM_SET_PERM_INDEX,
		[](Scene &s) {
			realm_with_ram(s);
			s.call(RMM_CMD_RSI_MEM_SET_PERM_INDEX, {kIpa, kIpa + kPage, 1, 0});
		},
		{
			value_row("WhenTheBaseIsOffByOne", RSI_MEM_SET_PERM_INDEX_BASE_ALIGN, 1,
				  kIpa + 1),
			value_row("WhenTheTopIsOffByOne", RSI_MEM_SET_PERM_INDEX_TOP_ALIGN, 2,
				  kIpa + kPage + 1),
			value_row("WhenTheRangeIsEmpty", RSI_MEM_SET_PERM_INDEX_SIZE_VALID, 2,
				  kIpa),
			value_row("WhenTheRangeIsReversed", RSI_MEM_SET_PERM_INDEX_SIZE_VALID, 2,
				  kIpa - kPage),
			value_row("WhenItReachesUnprotectedMemory",
				  RSI_MEM_SET_PERM_INDEX_RGN_BOUND, 2, kUnprotected + kPage),
			value_row("WhenTheIndexIsOneTooHigh", RSI_MEM_SET_PERM_INDEX_PERM_BOUND, 3,
				  kIndices),
			value_row("WhenNobodyGaveTheHandle", RSI_MEM_SET_PERM_INDEX_HANDLE, 4, 1),
		},
	};

	return all;
}

CONFORMANCE_TESTS(RsiMemSetPermIndex, set_index_table());

/* The host makes no progress: nothing serves such a change here. */
TEST(RsiMemSetPermIndex, IsTheHostsToAnswer)
{
	in_every_version([](Machine &m) {
		for (bool reject : {false, true}) {
			Realm realm(m);
			Rec rec(m, realm);

			realm.activate();
			const Exit exit = rec.calls(
				{FID_RSI_MEM_SET_PERM_INDEX, kIpa, kIpa + 2 * kPage, 1, 0});
			EXPECT_EQ(RMI_EXIT_S2AP_CHANGE, exit.exit.exit_reason);
			EXPECT_EQ(kIpa, exit.exit.s2ap_base);
			EXPECT_EQ(kIpa + 2 * kPage, exit.exit.s2ap_top);
			rec.run(rmi_rec_enter_flags_with_s2ap_response(m.version(), 0, reject));
			EXPECT_EQ(RSI_SUCCESS, rec.x(0));
			EXPECT_EQ(kIpa, rec.x(1));
			EXPECT_EQ(reject ? RSI_RESPONSE_REJECT : RSI_RESPONSE_ACCEPT, rec.x(2));
			EXPECT_EQ(0u, rec.x(3));
		}
	});
}

/* ---- planes
 * ---------------------------------------------------------------------------------------- */

const CommandTable &enter_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_PLANE_ENTER,
		[](Scene &s) {
			realm_with_ram(s);
			s.call(RMM_CMD_RSI_PLANE_ENTER, {0, kIpa});
		},
		{
			value_row("WhenItIsThePrimaryPlane", RSI_PLANE_ENTER_IDX_BOUND, 1, 0),
			value_row("WhenThereIsNoSuchPlane", RSI_PLANE_ENTER_IDX_BOUND, 1, 1),
		},
	};

	return all;
}

INSTANTIATE_TEST_SUITE_P(RsiPlaneEnter, Fails, ::testing::ValuesIn(failures(enter_table())),
			 failure_name);

const CommandTable &read_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_PLANE_SYSREG_READ,
		[](Scene &s) {
			realm_with_ram(s);
			s.call(RMM_CMD_RSI_PLANE_SYSREG_READ, {0, 0});
		},
		{
			value_row("WhenThereIsNoSuchPlane", RSI_PLANE_SYSREG_READ_IDX_BOUND, 1, 1),
			value_row("WhenItIsTheCallersOwn", RSI_PLANE_SYSREG_READ_SYSREG_VALID, 1,
				  0),
		},
	};

	return all;
}

INSTANTIATE_TEST_SUITE_P(RsiPlaneSysregRead, Fails, ::testing::ValuesIn(failures(read_table())),
			 failure_name);

const CommandTable &write_table()
{
	static const CommandTable all = {
		RMM_CMD_RSI_PLANE_SYSREG_WRITE,
		[](Scene &s) {
			realm_with_ram(s);
			s.call(RMM_CMD_RSI_PLANE_SYSREG_WRITE, {0, 0, 1, 2});
		},
		{
			value_row("WhenThereIsNoSuchPlane", RSI_PLANE_SYSREG_WRITE_IDX_BOUND, 1, 1),
			value_row("WhenItIsTheCallersOwn", RSI_PLANE_SYSREG_WRITE_SYSREG_VALID, 1,
				  0),
		},
	};

	return all;
}

INSTANTIATE_TEST_SUITE_P(RsiPlaneSysregWrite, Fails, ::testing::ValuesIn(failures(write_table())),
			 failure_name);

} // namespace
} // namespace conformance
