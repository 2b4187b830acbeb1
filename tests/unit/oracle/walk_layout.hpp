// SPDX-License-Identifier: BSD-3-Clause
// Where a walk's memory is, and what its marks look like.
#ifndef RMM_TESTS_ORACLE_WALK_LAYOUT_HPP
#define RMM_TESTS_ORACLE_WALK_LAYOUT_HPP

#include <cstdint>

namespace walk
{

constexpr uint64_t page_size = 4096;
constexpr uint64_t dram = 0x880000000;
constexpr uint64_t window = dram + 0x200000; /* what is delegated, mostly */
constexpr uint64_t window_pages = 768;
constexpr uint64_t block_size = 0x200000;
constexpr uint64_t blocks = dram + 0x400000; /* moved 2 MiB at a time */
constexpr uint64_t num_blocks = 2;
constexpr uint64_t end = blocks + num_blocks * block_size;
constexpr uint64_t scratch = dram + 0x100000; /* the host's own */
constexpr uint64_t scratch_pages = 8;

/* A mark is a secret: whose it is stands in bits 47:32, the rest is any number. */
constexpr uint64_t mark = 0x7ea1000000000000;
constexpr uint64_t rmm_serial = 0xffff; /* of no realm: the RMM's own */
constexpr unsigned int mark_register = 20;
constexpr unsigned int first_secret_register = 22; /* up to 30: marks from the first step on */
constexpr unsigned int last_secret_register = 30;

constexpr bool is_mark(uint64_t word)
{
	return (word & 0xffff000000000000) == mark;
}

constexpr uint64_t serial_of(uint64_t word)
{
	return word >> 32 & 0xffff;
}

} // namespace walk

#endif
