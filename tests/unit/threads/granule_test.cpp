/* SPDX-License-Identifier: BSD-3-Clause */
/* Granules that several threads move and use. */
#include <atomic>
#include <cstring>
#include <numeric>

#include "threads.h"

namespace threads
{
namespace
{

constexpr uint64_t kGranules = 3 * 512 + 100; /* whole chunks and a part */

uint64_t word_of(unsigned pe, unsigned round)
{
	return UINT64_C(0x0101010101010101) * (pe * 16 + round % 16);
}

/* Moves [base, top) granule by granule or in runs; returns how many it moved itself. */
uint64_t sweep(Machine &m, rmm_command command, uint64_t base, uint64_t top, unsigned pe,
	       uint64_t stride)
{
	uint64_t moved = 0;

	while (base < top) {
		const uint64_t end = std::min(base + stride * kPage, top);
		const Answer answer = m.call(command, {base, end}, pe);

		if (answer.x[0]) {
			base += kPage;
			continue;
		}
		moved += (answer.x[1] - base) / kPage;
		base = answer.x[1];
	}
	return moved;
}

TEST(GranuleRange, OverlappingSweepsMoveEveryGranuleOnce)
{
	static const uint64_t strides[kPes] = {1, kGranules, 512, 7, kGranules, 64, 3, 1024};
	Machine m(threaded());
	const uint64_t base = m.host_pages(kGranules, k2M);

	for (unsigned round = 0; round < 10; round++) {
		const bool delegate = round % 2 == 0;
		std::atomic<uint64_t> moved{0};

		on_pes(kPes, [&](unsigned pe) {
			moved += sweep(m,
				       delegate ? RMM_CMD_RMI_GRANULE_RANGE_DELEGATE
						: RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
				       base, base + kGranules * kPage, pe, strides[pe]);
		});
		ASSERT_EQ(kGranules, moved) << "round " << round;
		for (uint64_t i = 0; i < kGranules; i++) {
			ASSERT_EQ(delegate ? RMM_GRANULE_DELEGATED : RMM_GRANULE_UNDELEGATED,
				  m.state_of(base + i * kPage));
			ASSERT_EQ(delegate ? RMM_GPI_REALM : RMM_GPI_NS,
				  m.gpi_of(base + i * kPage));
		}
	}
}

/* 16 granules share a descriptor, 512 a block that is shattered and fused. */
TEST(GranuleRange, NeighboursInOneDescriptorDoNotLoseTheirGpi)
{
	Machine m(threaded());
	const uint64_t base = m.host_pages(512, k2M);
	std::atomic<unsigned> failed{0};

	for (unsigned round = 0; round < 20; round++) {
		on_pes(kPes, [&](unsigned pe) {
			for (uint64_t i = pe; i < 512; i += kPes) {
				const uint64_t pa = base + i * kPage;

				failed += m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE,
						 {pa, pa + kPage}, pe)
						  .x[0] != 0;
				if (m.gpi_of(pa) != RMM_GPI_REALM)
					failed++;
				if ((i / kPes + round) % 3)
					continue;
				failed += m.call(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
						 {pa, pa + kPage}, pe)
						  .x[0] != 0;
			}
		});
		ASSERT_EQ(0u, failed);
		for (uint64_t i = 0; i < 512; i++) {
			const bool back = (i / kPes + round) % 3 == 0;

			ASSERT_EQ(back ? RMM_GPI_NS : RMM_GPI_REALM, m.gpi_of(base + i * kPage));
			if (!back)
				m.must(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
				       {base + i * kPage, base + (i + 1) * kPage});
		}
	}
}

TEST(HostMemory, AGranuleIsReadAsItWasWritten)
{
	Machine m(threaded());
	const uint64_t page = m.host_pages();
	std::atomic<unsigned> torn{0};

	on_pes(4, [&](unsigned pe) {
		std::vector<uint64_t> words(kPage / sizeof(uint64_t));

		for (unsigned round = 0; round < 300; round++) {
			if (pe % 2) {
				std::fill(words.begin(), words.end(), word_of(pe, round));
				m.write(page, words.data(), kPage);
				continue;
			}
			const std::vector<uint8_t> bytes = m.read(page, kPage);
			std::memcpy(words.data(), bytes.data(), kPage);
			for (uint64_t word : words)
				torn += word != words[0];
		}
	});
	EXPECT_EQ(0u, torn);
}

/* What a realm left behind is wiped before the host can read it. */
TEST(HostMemory, OfARealmIsNeverSeen)
{
	Machine m(threaded());
	Realm realm(m);
	const uint64_t page = m.granules();
	std::atomic<bool> done{false};
	std::atomic<unsigned> seen{0};

	realm.tables_to(0, 3);
	realm.init_ripas(0, kPage);
	std::vector<uint8_t> secret(kPage, 0x5a);
	const uint64_t source = m.host_pages();
	m.write(source, secret.data(), secret.size());
	on_pes(2, [&](unsigned pe) {
		while (pe == 1 && !done) {
			uint64_t word = 0;

			if (rmm_host_read(m.sys(), page + 8, &word, sizeof(word), nullptr))
				seen += word != 0;
		}
		for (unsigned i = 0; pe == 0 && i < 200; i++) {
			m.must(RMM_CMD_RMI_RTT_DATA_MAP_INIT, {realm.rd(), page, 0, source, 0});
			realm.unmap(0);
			m.must(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, {page, page + kPage});
			m.must(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {page, page + kPage});
		}
		done = true;
	});
	EXPECT_EQ(0u, seen);
}

} // namespace
} // namespace threads
