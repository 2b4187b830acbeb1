/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting levels and concatenation: Arm ARM, 4 KiB granule; REC indices. */
#include <gtest/gtest.h>

#include "rmmsim/host/realm.h"

namespace
{

struct Geometry {
	uint8_t ipa_width;
	bool lpa2;
	int level; /* asked for; HOST_RTT_LEVEL_AUTO */
	int level_start;
	uint32_t num_tables; /* 0: impossible */
};

class RttGeometry : public ::testing::TestWithParam<Geometry>
{
};

TEST_P(RttGeometry, IsTheArchitectures)
{
	const Geometry &g = GetParam();
	int8_t level = 0;
	uint32_t tables = 0;
	bool possible = host_rtt_geometry(g.ipa_width, g.lpa2, int8_t(g.level), &level, &tables);

	ASSERT_EQ(g.num_tables != 0, possible);
	if (possible) {
		EXPECT_EQ(g.level_start, level);
		EXPECT_EQ(g.num_tables, tables);
	}
}

constexpr int kAuto = HOST_RTT_LEVEL_AUTO;

INSTANTIATE_TEST_SUITE_P(
	Automatic, RttGeometry,
	::testing::Values(Geometry{31, false, kAuto, 0, 0}, Geometry{32, false, kAuto, 2, 4},
			  Geometry{34, false, kAuto, 2, 16}, Geometry{35, false, kAuto, 1, 1},
			  Geometry{39, false, kAuto, 1, 1}, Geometry{40, false, kAuto, 1, 2},
			  Geometry{43, false, kAuto, 1, 16}, Geometry{44, false, kAuto, 0, 1},
			  Geometry{48, false, kAuto, 0, 1}, Geometry{49, false, kAuto, 0, 0},
			  Geometry{49, true, kAuto, 0, 2}, Geometry{52, true, kAuto, 0, 16},
			  Geometry{53, true, kAuto, 0, 0}));

INSTANTIATE_TEST_SUITE_P(
	Chosen, RttGeometry,
	::testing::Values(Geometry{32, false, 1, 1, 1}, Geometry{39, false, 1, 1, 1},
			  Geometry{43, false, 1, 1, 16}, Geometry{44, false, 1, 0, 0},
			  Geometry{39, false, 0, 0, 0}, Geometry{40, false, 0, 0, 1},
			  Geometry{35, false, 2, 0, 0}, Geometry{34, false, 2, 2, 16},
			  Geometry{40, false, 3, 0, 0}, Geometry{49, false, -1, 0, 0},
			  Geometry{48, true, -1, 0, 0}, Geometry{49, true, -1, -1, 1},
			  Geometry{52, true, -1, -1, 1}, Geometry{50, true, 0, 0, 4}));

TEST(RecMpidr, PacksFourBitsThenBytes)
{
	EXPECT_EQ(0x0u, host_rec_mpidr(0));
	EXPECT_EQ(0xfu, host_rec_mpidr(15));
	EXPECT_EQ(0x100u, host_rec_mpidr(16));
	EXPECT_EQ(0xff0fu, host_rec_mpidr(4095));
	EXPECT_EQ(0x10000u, host_rec_mpidr(4096));
	EXPECT_EQ(0x1000000u, host_rec_mpidr(1 << 20));
}

} /* namespace */
