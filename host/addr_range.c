/* SPDX-License-Identifier: BSD-3-Clause */
#include "addr_range.h"

#include "rmmsim/abi/encoding.h"
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

/* The library speaks 2.0 also to an RMM of 1.0: see rmi_1_0.h. */
static enum rmm_version form_of(enum rmm_version v)
{
	return v == RMM_VERSION_1_0_REL0 ? RMM_VERSION_2_0_BET1 : v;
}

uint64_t addr_range_encode(enum rmm_version v, uint64_t pa, uint64_t pages, uint64_t size,
			   uint64_t state)
{
	uint64_t entry = 0;

	v = form_of(v);
	entry = rmi_addr_range_desc_with_size(v, entry, size);
	entry = rmi_addr_range_desc_with_count(v, entry, pages / addr_range_block_pages(size));
	entry = rmi_addr_range_desc_with_addr(v, entry, pa / HOST_PAGE_SIZE);
	return rmi_addr_range_desc_with_state(v, entry, state);
}

struct addr_range addr_range_decode(enum rmm_version v, uint64_t entry)
{
	v = form_of(v);
	return (struct addr_range){
		.pa = rmi_addr_range_desc_addr(v, entry) * HOST_PAGE_SIZE,
		.pages = rmi_addr_range_desc_count(v, entry) *
			 addr_range_block_pages(rmi_addr_range_desc_size(v, entry)),
		.state = rmi_addr_range_desc_state(v, entry),
	};
}

struct addr_request addr_request_decode(enum rmm_version v, uint64_t donate_req)
{
	v = form_of(v);
	struct addr_request request = {
		.size = rmi_op_mem_donate_req_size(v, donate_req),
		.state = rmi_op_mem_donate_req_state(v, donate_req),
		.contig = rmi_op_mem_donate_req_contig(v, donate_req) == RMI_OP_MEM_CONTIG,
	};

	request.block = addr_range_block_pages(request.size);
	request.pages = rmi_op_mem_donate_req_count(v, donate_req) * request.block;
	return request;
}
