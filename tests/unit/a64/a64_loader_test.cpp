/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the module is looked for, and what is not taken for it. */
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include "rmmsim/a64.h"

namespace
{

std::string complaint(const char *path)
{
	rmm_a64 *a64 = nullptr;
	rmm_error error{};

	EXPECT_EQ(-1, rmm_a64_load(path, &a64, &error));
	EXPECT_EQ(-1, rmm_a64_load(path, &a64, nullptr));
	EXPECT_EQ(nullptr, a64);
	return error.text;
}

class A64Loader : public ::testing::Test
{
protected:
	void SetUp() override
	{
		const char *named = getenv("RMMSIM_A64_MODULE");

		named_ = named ? named : "";
	}
	void TearDown() override
	{
		name(named_);
	}
	static void name(const std::string &path)
	{
		setenv("RMMSIM_A64_MODULE", path.c_str(), 1);
	}

	std::string named_;
};

TEST_F(A64Loader, RefusesALibraryThatIsNoModule)
{
	EXPECT_NE(std::string::npos, complaint("libcrypto.so.3").find("this is no rmmsim-a64.so"));
}

TEST_F(A64Loader, RefusesAModuleOfAnotherVersion)
{
	for (const char *path : {OTHER_INTERFACE_MODULE, OTHER_VCPU_MODULE})
		EXPECT_NE(std::string::npos, complaint(path).find("another version of rmmsim"));
}

TEST_F(A64Loader, TakesWhatTheEnvironmentNames)
{
	rmm_a64 *a64 = nullptr;
	rmm_error error{};

	name(MODULE);
	EXPECT_EQ(0, rmm_a64_load(nullptr, &a64, &error)) << error.text;
	rmm_a64_unload(a64);
	name("/nowhere/rmmsim-a64.so");
	EXPECT_NE(std::string::npos, complaint(nullptr).find("Unicorn 2"));
	name(std::string(10000, 'x'));
	EXPECT_NE(std::string::npos, complaint(nullptr).find("is not there"));
}

TEST_F(A64Loader, NeedsAPlace)
{
	rmm_error error{};

	EXPECT_EQ(-1, rmm_a64_load(MODULE, nullptr, &error));
	EXPECT_STRNE("", error.text);
}

/* ---- the signal that engines die of -------------------------------------------------------- */

volatile std::sig_atomic_t aborts;

void count(int)
{
	aborts = aborts + 1;
}

/* What was there before gets what is not an engine's. */
TEST_F(A64Loader, LeavesOtherAbortsToOthers)
{
	rmm_a64 *a64 = nullptr;
	struct sigaction before = {}, mine = {};

	mine.sa_handler = count;
	ASSERT_EQ(0, sigaction(SIGABRT, &mine, &before));
	ASSERT_EQ(0, rmm_a64_load(MODULE, &a64, nullptr));
	aborts = 0;
	raise(SIGABRT);
	EXPECT_EQ(1, aborts);
	rmm_a64_unload(a64);
	raise(SIGABRT);
	EXPECT_EQ(2, aborts) << "it has not been put back";
	sigaction(SIGABRT, &before, nullptr);
}

} // namespace
