/* SPDX-License-Identifier: BSD-3-Clause */
/* Granule protection tables as the Arm ARM has them. */
#include "oracle/value.h"
#include "oracle/view.h"

#define TYPE_MASK  UINT64_C(0xf)
#define TYPE_BLOCK UINT64_C(1) /* contiguous, at level 1 */
#define TYPE_TABLE UINT64_C(3)
#define TABLE_ADDR UINT64_C(0x000ffffffffff000)

static uint64_t l0_desc(const struct memory *mem, uint64_t pa)
{
	return oracle_load(mem->root_bytes + (pa / VIEW_GPT_REGION) * 8, 8);
}

uint64_t view_gpt_table(const struct memory *mem, uint64_t pa)
{
	const uint64_t desc = l0_desc(mem, pa);

	return (desc & TYPE_MASK) == TYPE_TABLE ? desc & TABLE_ADDR : 0;
}

/* Tables lie in root memory, or in a bank. */
static const uint8_t *bytes_at(const struct memory *mem, uint64_t pa)
{
	if (pa - mem->root_base < mem->root_size)
		return mem->root_bytes + (pa - mem->root_base);
	for (unsigned int i = 0; i < mem->num_banks; i++)
		if (pa - mem->banks[i].base < mem->banks[i].size)
			return mem->banks[i].bytes + (pa - mem->banks[i].base);
	return NULL;
}

uint64_t view_gpt_desc(const struct memory *mem, uint64_t pa)
{
	const uint64_t entry = pa % VIEW_GPT_REGION / (16 * VIEW_GRANULE);

	return oracle_load(bytes_at(mem, view_gpt_table(mem, pa)) + entry * 8, 8);
}

enum rmm_gpi view_gpi(const struct memory *mem, uint64_t pa)
{
	uint64_t desc = l0_desc(mem, pa);

	if ((desc & TYPE_MASK) == TYPE_TABLE) {
		desc = view_gpt_desc(mem, pa);
		if ((desc & TYPE_MASK) != TYPE_BLOCK)
			return (enum rmm_gpi)(desc >> 4 * (pa / VIEW_GRANULE % 16) & 0xf);
	}
	return (enum rmm_gpi)(desc >> 4 & 0xf);
}

uint64_t view_gpt_contiguous(uint64_t desc)
{
	static const uint64_t sizes[] = {0, UINT64_C(2) << 20, UINT64_C(32) << 20,
					 UINT64_C(512) << 20};

	return (desc & TYPE_MASK) == TYPE_BLOCK ? sizes[desc >> 8 & 3] : 0;
}
