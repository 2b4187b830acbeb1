/* SPDX-License-Identifier: BSD-3-Clause */
/* Contiguous GPT entries of 2, 32 and 512 MiB, bit by bit (Arm ARM, RME). */
#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <vector>

#include "raw_gpt.h"
#include "rmmsim/memory.h"

namespace
{

constexpr uint64_t kBase = 0x80000000;
constexpr uint64_t kPage = 4096;
constexpr uint64_t kEntry = 16 * kPage; /* what one descriptor describes */
constexpr uint64_t kMiB = 1 << 20;
constexpr uint64_t kRegion = 1024 * kMiB;

/* GPI at [7:4], Contig at [9:8], type 1. */
constexpr uint64_t kNs2M = 0x191;
constexpr uint64_t kNs32M = 0x291;
constexpr uint64_t kNs512M = 0x391;
constexpr uint64_t kSecure2M = 0x181;
constexpr uint64_t kSecure32M = 0x281;
constexpr uint64_t kSecure512M = 0x381;
constexpr uint64_t kNsGranules = 0x9999999999999999;

class Gpt
{
public:
	explicit Gpt(unsigned max_block = 512)
	{
		rmm_config config = rmm_config_default();
		rmm_error error{};

		config.gpt_max_block = max_block;
		if (rmm_system_create(&config, &sys_, &error))
			throw std::runtime_error(error.text);
	}
	~Gpt()
	{
		rmm_system_destroy(sys_);
	}
	Gpt(const Gpt &) = delete;
	Gpt &operator=(const Gpt &) = delete;

	void assign(uint64_t offset, uint64_t size, rmm_gpi gpi)
	{
		rmm_error error{};

		if (rmm_platform_assign(sys_, kBase + offset, size, gpi, &error))
			throw std::runtime_error(error.text);
	}
	uint64_t entry(uint64_t offset) const
	{
		return raw_gpt_l1(sys_, kBase + offset);
	}
	rmm_gpi gpi(uint64_t offset) const
	{
		rmm_gpi gpi = RMM_GPI_NO_ACCESS;

		rmm_gpi_at(sys_, kBase + offset, &gpi);
		return gpi;
	}
	/* Every entry of the range holds this descriptor. */
	void expect(uint64_t desc, uint64_t offset, uint64_t size) const
	{
		for (uint64_t at = offset; at < offset + size; at += kEntry)
			ASSERT_EQ(desc, entry(at)) << std::hex << "at 0x" << at;
	}
	rmm_system *sys() const
	{
		return sys_;
	}

private:
	rmm_system *sys_ = nullptr;
};

TEST(GptBlocks, AreAsLargeAsThePlatformFormsThem)
{
	const std::pair<unsigned, uint64_t> largest[] = {
		{0, kNsGranules}, {2, kNs2M}, {32, kNs32M}, {512, kNs512M}};

	for (auto [mib, desc] : largest)
		Gpt(mib).expect(desc, 0, kRegion);
}

TEST(GptBlocks, AreBrokenUpAroundOnePage)
{
	Gpt gpt;
	const uint64_t page = 512 * kMiB + 34 * kMiB + 3 * kEntry + 5 * kPage;

	gpt.assign(page, kPage, RMM_GPI_SECURE);
	gpt.expect(kNs512M, 0, 512 * kMiB);
	gpt.expect(kNs32M, 512 * kMiB, 32 * kMiB);
	gpt.expect(kNs2M, 544 * kMiB, 2 * kMiB);
	gpt.expect(kNsGranules, 546 * kMiB, 3 * kEntry);
	gpt.expect(0x9999999999899999, 546 * kMiB + 3 * kEntry, kEntry);
	gpt.expect(kNsGranules, 546 * kMiB + 4 * kEntry, 28 * kEntry);
	gpt.expect(kNs2M, 548 * kMiB, 28 * kMiB);
	gpt.expect(kNs32M, 576 * kMiB, 448 * kMiB);
}

TEST(GptBlocks, AreJoinedWhenTheLastPageFits)
{
	Gpt gpt;

	gpt.assign(700 * kMiB + kPage, kPage, RMM_GPI_SECURE);
	gpt.assign(3 * kMiB, kPage, RMM_GPI_SECURE);
	gpt.assign(700 * kMiB + kPage, kPage, RMM_GPI_NS);
	gpt.expect(kNs512M, 512 * kMiB, 512 * kMiB);
	gpt.assign(3 * kMiB, kPage, RMM_GPI_NS);
	gpt.expect(kNs512M, 0, kRegion);
}

TEST(GptBlocks, AreFormedOfARangeAsLargeAsItAllows)
{
	Gpt gpt;

	gpt.assign(30 * kMiB, 38 * kMiB, RMM_GPI_SECURE);
	gpt.expect(kNs2M, 0, 30 * kMiB);
	gpt.expect(kSecure2M, 30 * kMiB, 2 * kMiB);
	gpt.expect(kSecure32M, 32 * kMiB, 32 * kMiB);
	gpt.expect(kSecure2M, 64 * kMiB, 4 * kMiB);
	gpt.expect(kNs2M, 68 * kMiB, 28 * kMiB);
	gpt.expect(kNs32M, 96 * kMiB, 416 * kMiB);
	gpt.expect(kNs512M, 512 * kMiB, 512 * kMiB);
	gpt.assign(512 * kMiB, 512 * kMiB, RMM_GPI_SECURE);
	gpt.expect(kSecure512M, 512 * kMiB, 512 * kMiB);
}

TEST(GptBlocks, GrowFromPages)
{
	Gpt gpt;

	for (uint64_t at = 0; at < 32 * kMiB; at += kPage)
		gpt.assign(at, kPage, RMM_GPI_SECURE);
	gpt.expect(kSecure32M, 0, 32 * kMiB);
	gpt.expect(kNs32M, 32 * kMiB, 480 * kMiB);
}

/* Contig 0 and the bits above Contig are reserved: the walk faults, at level 1. */
TEST(GptBlocks, WithReservedBitsFault)
{
	const uint64_t bad[] = {0x091, 0x791, UINT64_C(1) << 63 | kNs2M, 0x1d1 /* GPI 0xd */};

	for (uint64_t desc : bad) {
		Gpt gpt;
		rmm_fault fault{};
		uint8_t byte;

		raw_gpt_set_l1(gpt.sys(), kBase, desc);
		EXPECT_FALSE(rmm_host_read(gpt.sys(), kBase, &byte, 1, &fault)) << std::hex << desc;
		EXPECT_EQ(RMM_FAULT_GPT_WALK, fault.kind);
		EXPECT_EQ(1, fault.level);
	}
}

/* What a table with these GPIs looks like, if blocks are as large as they can be. */
uint64_t canonical(const std::vector<rmm_gpi> &flat, uint64_t offset, unsigned max_block)
{
	for (uint64_t contig = 3; contig > 0; contig--) {
		const uint64_t size = kMiB << (4 * contig - 3);
		const uint64_t first = offset / size * size / kPage;
		bool alike = size <= max_block * kMiB;

		for (uint64_t i = 0; alike && i < size / kPage; i++)
			alike = flat[first + i] == flat[first];
		if (alike)
			return 1 | static_cast<uint64_t>(flat[first]) << 4 | contig << 8;
	}
	uint64_t desc = 0;
	for (unsigned i = 0; i < 16; i++)
		desc |= static_cast<uint64_t>(flat[offset / kPage + i]) << 4 * i;
	return desc;
}

/* A range of any kind: of pages, of blocks, beginning and ending anywhere. */
std::pair<uint64_t, uint64_t> any_range(std::mt19937_64 &random)
{
	const uint64_t units[] = {kPage, kEntry, 2 * kMiB, 32 * kMiB, 512 * kMiB};
	const uint64_t unit = units[random() % 5];
	const uint64_t base = random() % (kRegion / unit) * unit;
	const uint64_t most = (kRegion - base) / unit;
	const uint64_t count = 1 + random() % (most < 40 ? most : 40);

	return {base, count * unit};
}

TEST(GptBlocks, AgreeWithAFlatTable)
{
	for (unsigned max_block : {0, 2, 32, 512}) {
		Gpt gpt(max_block);
		std::vector<rmm_gpi> flat(kRegion / kPage, RMM_GPI_NS);
		std::mt19937_64 random(max_block);

		for (int step = 0; step < 300; step++) {
			const auto [base, size] = any_range(random);
			const rmm_gpi gpi = random() % 2 ? RMM_GPI_NS : RMM_GPI_SECURE;

			gpt.assign(base, size, gpi);
			std::fill_n(flat.begin() + static_cast<long>(base / kPage), size / kPage,
				    gpi);
			for (int probe = 0; probe < 20; probe++) {
				const uint64_t at = random() % (kRegion / kPage) * kPage;
				ASSERT_EQ(flat[at / kPage], gpt.gpi(at)) << std::hex << at;
				ASSERT_EQ(canonical(flat, at / kEntry * kEntry, max_block),
					  gpt.entry(at))
					<< std::hex << "at 0x" << at << " in step " << step;
			}
		}
	}
}

} // namespace
