/* SPDX-License-Identifier: BSD-3-Clause */
/* Program files: good ones, and every way to be a bad one. */
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" {
#include "guest_image.h"
}

namespace
{

std::vector<uint8_t> read_file(const std::string &name)
{
	std::ifstream in(std::string(GUESTS) + "/" + name, std::ios::binary);

	return {std::istreambuf_iterator<char>(in), {}};
}

struct Parsed {
	explicit Parsed(const std::vector<uint8_t> &bytes, uint64_t base = 0x10000000)
	{
		ok = guest_image_parse(bytes.data(), bytes.size(), base, &image, why, sizeof(why));
	}
	~Parsed()
	{
		guest_image_free(&image);
	}
	Parsed(const Parsed &) = delete;
	Parsed &operator=(const Parsed &) = delete;

	bool ok;
	guest_image image{};
	char why[128] = "";
};

void put(std::vector<uint8_t> &bytes, size_t at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[at + i] = static_cast<uint8_t>(value >> (8 * i));
}

/* An ELF file with one segment per pair of address and size in memory. */
std::vector<uint8_t> elf(const std::vector<std::pair<uint64_t, uint64_t>> &segments)
{
	std::vector<uint8_t> bytes(64 + 56 * segments.size() + 8, 0);
	size_t at = 64;

	memcpy(bytes.data(), "\177ELF\2\1\1", 7);
	put(bytes, 18, 183, 2);
	put(bytes, 24, 0x1234, 8);
	put(bytes, 32, 64, 8);
	put(bytes, 54, 56, 2);
	put(bytes, 56, segments.size(), 2);
	for (const auto &segment : segments) {
		put(bytes, at, 1, 4);
		put(bytes, at + 8, bytes.size() - 8, 8);
		put(bytes, at + 24, segment.first, 8);
		put(bytes, at + 32, 8, 8);
		put(bytes, at + 40, segment.second, 8);
		at += 56;
	}
	return bytes;
}

} // namespace

TEST(GuestImage, LoadsAnElf)
{
	const Parsed p(read_file("hello.elf"));

	ASSERT_TRUE(p.ok) << p.why;
	EXPECT_TRUE(p.image.elf);
	EXPECT_EQ(0x10000000u, p.image.entry);
	ASSERT_LE(1u, p.image.num_segments);
	EXPECT_EQ(0x10000000u, p.image.segments[0].ipa);
}

TEST(GuestImage, TakesAnythingElseAsRawBytes)
{
	const Parsed p({1, 2, 3}, 0x40000000);

	ASSERT_TRUE(p.ok) << p.why;
	EXPECT_FALSE(p.image.elf);
	EXPECT_EQ(0x40000000u, p.image.entry);
	EXPECT_EQ(3u, p.image.segments[0].size);
}

TEST(GuestImage, RefusesAnEmptyFile)
{
	const Parsed p({});

	EXPECT_FALSE(p.ok);
	EXPECT_STREQ("the file is empty", p.why);
}

TEST(GuestImage, JoinsSegmentsThatShareAPage)
{
	const Parsed p(elf({{0x2100, 8}, {0x1010, 16}, {0x2200, 0x3000}, {0x9000, 8}}));

	ASSERT_TRUE(p.ok) << p.why;
	ASSERT_EQ(3u, p.image.num_segments);
	EXPECT_EQ(0x1000u, p.image.segments[0].ipa);
	EXPECT_EQ(0x18u, p.image.segments[0].size);
	EXPECT_EQ(0x20u, p.image.segments[0].mem_size);
	EXPECT_EQ(0x2000u, p.image.segments[1].ipa);
	EXPECT_EQ(0x208u, p.image.segments[1].size);
	EXPECT_EQ(0x3200u, p.image.segments[1].mem_size);
	EXPECT_EQ(0x9000u, p.image.segments[2].ipa);
}

TEST(GuestImage, RefusesSegmentsThatOverlapOrLieNowhere)
{
	EXPECT_FALSE(Parsed(elf({{0x1000, 64}, {0x1020, 64}})).ok);
	EXPECT_FALSE(Parsed(elf({{UINT64_MAX - 4, 8}})).ok);
	EXPECT_FALSE(Parsed(elf({{0, UINT64_C(1) << 40}})).ok);
	EXPECT_FALSE(Parsed(elf({})).ok);
	EXPECT_FALSE(Parsed(elf(std::vector<std::pair<uint64_t, uint64_t>>(17, {0, 8}))).ok);
}

TEST(GuestImage, RefusesOtherMachines)
{
	std::vector<uint8_t> bytes = elf({{0x1000, 8}});

	bytes[18] = 62;
	EXPECT_FALSE(Parsed(bytes).ok);
	bytes = elf({{0x1000, 8}});
	bytes[4] = 1;
	EXPECT_FALSE(Parsed(bytes).ok);
}

TEST(GuestImage, SurvivesEveryTruncation)
{
	const std::vector<uint8_t> whole = read_file("hello.elf");

	for (size_t n = 4; n < whole.size(); n += n < 512 ? 1 : 61) {
		const Parsed p({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(n)});

		if (n < 64 + 2 * 56) {
			EXPECT_FALSE(p.ok) << n;
		}
		EXPECT_EQ(p.ok, strlen(p.why) == 0) << n;
	}
}

TEST(GuestImage, SurvivesDamagedHeaders)
{
	const std::vector<uint8_t> whole = read_file("el0.elf");
	std::mt19937 random(1);

	for (int round = 0; round < 3000; round++) {
		std::vector<uint8_t> bytes = whole;

		for (int flips = 0; flips < 4; flips++)
			bytes[random() % 232] ^= static_cast<uint8_t>(1u << random() % 8);
		const Parsed p(bytes);
		for (size_t i = 0; i < p.image.num_segments; i++)
			ASSERT_LE(p.image.segments[i].size, p.image.segments[i].mem_size);
	}
}
