/* SPDX-License-Identifier: BSD-3-Clause */
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rmmsim/host/pages.h"

namespace
{

constexpr uint64_t kPage = HOST_PAGE_SIZE;
constexpr uint64_t kBase = 0x80001000; /* on purpose aligned to one page only */

class Pages : public ::testing::Test
{
protected:
	void SetUp() override
	{
		ASSERT_EQ(HOST_OK, host_pages_create(kBase, 64 * kPage, &pages_, nullptr));
	}

	void TearDown() override
	{
		host_pages_destroy(pages_);
	}

	uint64_t used() const
	{
		host_pages_counts usage = host_pages_usage(pages_);
		return usage.total - usage.in[HOST_PAGE_FREE];
	}

	host_pages *pages_ = nullptr;
};

TEST(PagesCreate, RefusesBadRangesWithASentence)
{
	host_pages *pages = nullptr;
	host_error error{};

	EXPECT_EQ(HOST_ERROR_CONFIG, host_pages_create(kBase, 0, &pages, &error));
	EXPECT_NE(std::string(), error.text);
	EXPECT_EQ(HOST_ERROR_CONFIG, host_pages_create(kBase + 8, kPage, &pages, &error));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_pages_create(kBase, kPage + 1, &pages, &error));
	EXPECT_EQ(HOST_ERROR_CONFIG,
		  host_pages_create(UINT64_MAX - kPage + 1, 2 * kPage, &pages, &error));
	EXPECT_EQ(nullptr, pages);
}

TEST(PagesCreate, TakesTheLastPageOfTheAddressSpace)
{
	host_pages *pages = nullptr;
	uint64_t pa = 0;

	ASSERT_EQ(HOST_OK, host_pages_create(UINT64_MAX - kPage + 1, kPage, &pages, nullptr));
	EXPECT_EQ(HOST_OK, host_pages_alloc(pages, 1, 1, "x", &pa));
	EXPECT_EQ(UINT64_MAX - kPage + 1, pa);
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, host_pages_alloc(pages, 1, 1, "x", &pa));
	host_pages_destroy(pages);
}

TEST_F(Pages, AlignsByAddressAndNotByIndex)
{
	uint64_t pa = 0;

	ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, 4, 16, "run", &pa));
	EXPECT_EQ(0u, pa % (16 * kPage));
	EXPECT_TRUE(host_pages_contain(pages_, pa, 4));
	EXPECT_EQ(4u, used());
	EXPECT_EQ(0u, host_pages_free(pages_, pa, 4));
	EXPECT_EQ(0u, used());
}

TEST_F(Pages, GivesEveryPageOnceAndFindsHolesAgain)
{
	std::vector<uint64_t> all;
	uint64_t pa = 0;

	while (host_pages_alloc(pages_, 1, 1, "single", &pa) == HOST_OK)
		all.push_back(pa);
	EXPECT_EQ(64u, all.size());
	EXPECT_EQ(0u, host_pages_free(pages_, all[10], 2));
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, host_pages_alloc(pages_, 3, 1, "run", &pa));
	EXPECT_EQ(HOST_OK, host_pages_alloc(pages_, 2, 1, "run", &pa));
	EXPECT_EQ(all[10], pa);
}

TEST_F(Pages, RefusesNonsense)
{
	uint64_t pa = 0;

	EXPECT_EQ(HOST_ERROR_CONFIG, host_pages_alloc(pages_, 0, 1, "x", &pa));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_pages_alloc(pages_, 1, 3, "x", &pa));
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, host_pages_alloc(pages_, 65, 1, "x", &pa));
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, host_pages_alloc(pages_, UINT64_MAX, 1, "x", &pa));
	EXPECT_EQ(HOST_ERROR_NO_MEMORY, host_pages_alloc(pages_, 1, UINT64_C(1) << 63, "x", &pa));
	EXPECT_FALSE(host_pages_contain(pages_, kBase - kPage, 1));
	EXPECT_FALSE(host_pages_contain(pages_, kBase, 65));
	EXPECT_FALSE(host_pages_contain(pages_, kBase, UINT64_MAX));
}

TEST_F(Pages, KeepsWhatIsNotUndelegated)
{
	uint64_t pa = 0;

	ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, 3, 1, "realm data", &pa));
	EXPECT_EQ(1u, host_pages_mark(pages_, pa + kPage, 1, HOST_PAGE_HELD));
	EXPECT_EQ(1u, host_pages_free(pages_, pa, 3));
	EXPECT_EQ(HOST_PAGE_FREE, host_pages_state(pages_, pa));
	EXPECT_EQ(HOST_PAGE_HELD, host_pages_state(pages_, pa + kPage));
	EXPECT_STREQ("realm data", host_pages_owner(pages_, pa + kPage));
	EXPECT_EQ(1u, host_pages_free(pages_, pa, 1)) << "a double free is noticed";
	EXPECT_EQ(0u, host_pages_mark(pages_, pa, 1, HOST_PAGE_HELD)) << "free pages stay free";
}

TEST_F(Pages, FindsRunsByState)
{
	uint64_t pa = 0, found = 0, count = 0;

	ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, 5, 1, "x", &pa));
	host_pages_mark(pages_, pa + kPage, 2, HOST_PAGE_LOST);
	ASSERT_TRUE(host_pages_find(pages_, HOST_PAGE_LOST, 0, &found, &count));
	EXPECT_EQ(pa + kPage, found);
	EXPECT_EQ(2u, count);
	EXPECT_FALSE(host_pages_find(pages_, HOST_PAGE_LOST, pa + 3 * kPage, &found, &count));
	EXPECT_FALSE(host_pages_find(pages_, HOST_PAGE_HELD, 0, &found, &count));
}

TEST_F(Pages, ReportsEveryOwnerAndStateOnce)
{
	struct Line {
		std::string owner;
		host_page_state state;
		uint64_t count;
	};
	std::vector<Line> lines;
	uint64_t a = 0, b = 0, c = 0;

	ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, 2, 1, "table", &a));
	ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, 3, 1, "data", &b));
	ASSERT_EQ(HOST_OK, host_pages_alloc(pages_, 1, 1, "table", &c));
	host_pages_mark(pages_, b, 1, HOST_PAGE_LOST);
	host_pages_report(
		pages_,
		[](void *ctx, const host_pages_line *line) {
			static_cast<std::vector<Line> *>(ctx)->push_back(
				{line->owner, line->state, line->count});
		},
		&lines);
	ASSERT_EQ(3u, lines.size());
	EXPECT_EQ("table", lines[0].owner);
	EXPECT_EQ(3u, lines[0].count);
	EXPECT_EQ(HOST_PAGE_LOST, lines[1].state);
	EXPECT_EQ(1u, lines[1].count);
	EXPECT_EQ("data", lines[2].owner);
	EXPECT_EQ(2u, lines[2].count);
}

} /* namespace */
