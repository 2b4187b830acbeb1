/* SPDX-License-Identifier: BSD-3-Clause */
#include "addr_range.h"

#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/host/memory.h"

/* The count field has ten bits. */
#define MAX_BLOCKS  1023u

/* log2 of the entries of one table: a block of size n + 1 holds 512 of size n. */
#define TABLE_SHIFT 9u

uint64_t addr_range_block_pages(uint64_t size)
{
	return UINT64_C(1) << (TABLE_SHIFT * size);
}

uint64_t addr_range_fitting_size(uint64_t pages, uint64_t size)
{
	while (size < RMI_BLOCK_L0 && pages / addr_range_block_pages(size) > MAX_BLOCKS &&
	       pages % addr_range_block_pages(size + 1) == 0)
		size++;
	return size;
}

uint64_t addr_range_most_pages(uint64_t pages, uint64_t size)
{
	uint64_t block = addr_range_block_pages(size);

	return pages / block > MAX_BLOCKS ? MAX_BLOCKS * block : pages;
}

uint64_t addr_range_encode(uint64_t pa, uint64_t pages, uint64_t size, uint64_t state)
{
	uint64_t entry = 0;

	entry = rmi_addr_range_desc_set_size(entry, size);
	entry = rmi_addr_range_desc_set_count(entry, pages / addr_range_block_pages(size));
	entry = rmi_addr_range_desc_set_addr(entry, pa / HOST_PAGE_SIZE);
	return rmi_addr_range_desc_set_state(entry, state);
}

struct addr_range addr_range_decode(uint64_t entry)
{
	return (struct addr_range){
		.pa = rmi_addr_range_desc_get_addr(entry) * HOST_PAGE_SIZE,
		.pages = rmi_addr_range_desc_get_count(entry) *
			 addr_range_block_pages(rmi_addr_range_desc_get_size(entry)),
		.state = rmi_addr_range_desc_get_state(entry),
	};
}
