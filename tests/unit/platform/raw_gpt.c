/* SPDX-License-Identifier: BSD-3-Clause */
#include "raw_gpt.h"

#include <string.h>

#include "rmm/rmm.h"

#define REGION_SHIFT 30
#define ENTRY_SHIFT  16
#define TABLE_ADDR   UINT64_C(0x000ffffffffff000)

uint64_t raw_gpt_l0(const struct rmm_system *sys, uint64_t pa)
{
	uint64_t desc;

	memcpy(&desc, sys->memory.root_bytes + (pa >> REGION_SHIFT) * sizeof(desc), sizeof(desc));
	return desc;
}

static uint8_t *l1_entry(const struct rmm_system *sys, uint64_t pa)
{
	const uint64_t table = raw_gpt_l0(sys, pa) & TABLE_ADDR;
	const uint64_t index = (pa & ((UINT64_C(1) << REGION_SHIFT) - 1)) >> ENTRY_SHIFT;
	const struct memory_bank *bank = memory_bank_at(&sys->memory, table);
	uint8_t *bytes = bank ? bank_bytes(bank, table)
			      : sys->memory.root_bytes + (table - sys->memory.root_base);

	return bytes + index * sizeof(uint64_t);
}

uint64_t raw_gpt_l1(const struct rmm_system *sys, uint64_t pa)
{
	uint64_t desc;

	memcpy(&desc, l1_entry(sys, pa), sizeof(desc));
	return desc;
}

void raw_gpt_set_l1(struct rmm_system *sys, uint64_t pa, uint64_t desc)
{
	memcpy(l1_entry(sys, pa), &desc, sizeof(desc));
}
