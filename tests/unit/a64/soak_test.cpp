/* SPDX-License-Identifier: BSD-3-Clause */
/* The soak, short; soak_main.cpp is the long one. */
#include <gtest/gtest.h>

#include <cstdlib>

#include "soak.hpp"

namespace
{

soak::Report run(uint64_t seed)
{
	soak::Options options;

	setenv("RMMSIM_A64_MODULE", MODULE, 1);
	options.seed = seed;
	options.image = GUESTS "/soak.elf";
	return soak::run(options);
}

} // namespace

TEST(A64Soak, FourVcpusOnAHostThatMeddles)
{
	const soak::Report report = run(1);

	EXPECT_EQ("", report.error);
	EXPECT_EQ(0u, report.delegated);
	EXPECT_LE(soak::Options().exits, report.exits);
	/* Everything that it is about has happened. */
	for (unsigned reason : {0, 1, 3, 4, 5})
		EXPECT_LT(0u, report.by_reason[reason]) << "exit reason " << reason;
	EXPECT_LT(100u, report.nested);
	EXPECT_LT(100u, report.refused);
	EXPECT_LT(100u, report.interrupts);
	EXPECT_LT(100u, report.mapped);
	EXPECT_LT(100u, report.unmapped);
}

TEST(A64Soak, IsTheSameForTheSameSeedOnly)
{
	const soak::Report first = run(2);
	const soak::Report again = run(2);
	const soak::Report other = run(3);

	EXPECT_EQ("", first.error);
	EXPECT_EQ(first.digest, again.digest);
	EXPECT_EQ(first.exits, again.exits);
	EXPECT_EQ(first.instructions, again.instructions);
	EXPECT_NE(first.digest, other.digest);
}
