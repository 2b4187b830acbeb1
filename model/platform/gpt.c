/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables at reset, and walks through them. */
#include "platform/gpt.h"

#include "platform/gpt_desc.h"

static uint64_t l0_bytes(uint64_t pa_size)
{
	return (pa_size >> GPT_L0_SHIFT) * sizeof(uint64_t);
}

/* Level 1 tables start behind level 0, aligned to their size. */
static uint64_t l1_offset(uint64_t pa_size)
{
	const uint64_t bytes = l0_bytes(pa_size);

	return (bytes + GPT_L1_BYTES - 1) & ~(GPT_L1_BYTES - 1);
}

/* ---- at reset -------------------------------------------------------------------- */

/* Regions that hold a part of a bank may have a level 1 table. */
static uint64_t num_l1_tables(const struct rmm_bank *banks, unsigned int num_banks)
{
	uint64_t tables = 0;

	for (unsigned int i = 0; i < num_banks; i++) {
		const uint64_t first = banks[i].base >> GPT_L0_SHIFT;
		const uint64_t last = (banks[i].base + banks[i].size - 1) >> GPT_L0_SHIFT;

		tables += last - first + 1;
	}
	return tables;
}

uint64_t gpt_root_size(const struct rmm_config *config)
{
	const uint64_t pa_size = UINT64_C(1) << config->pa_bits;

	return l1_offset(pa_size) + num_l1_tables(config->banks, config->num_banks) * GPT_L1_BYTES;
}

static uint64_t add_l1_table(struct memory *mem, uint64_t region, uint64_t next)
{
	const uint64_t desc = contig_desc(RMM_GPI_NS, mem->gpt_max_contig);
	uint64_t *l0 = l0_entry(mem, region << GPT_L0_SHIFT);

	if (is_table_desc(*l0))
		return next;
	*l0 = (mem->root_base + next) | DESC_TYPE_TABLE;
	uint64_t *l1 = l1_table(mem, *l0);
	for (uint64_t i = 0; i < L1_ENTRIES; i++)
		l1[i] = desc;
	return next + GPT_L1_BYTES;
}

static void add_l0_blocks(struct memory *mem)
{
	const uint64_t regions = mem->pa_size >> GPT_L0_SHIFT;
	const uint64_t root_top = mem->root_base + mem->root_size - 1;

	for (uint64_t r = 0; r < regions; r++)
		*l0_entry(mem, r << GPT_L0_SHIFT) = block_desc(RMM_GPI_NS);
	for (uint64_t r = mem->root_base >> GPT_L0_SHIFT; r <= root_top >> GPT_L0_SHIFT; r++)
		*l0_entry(mem, r << GPT_L0_SHIFT) = block_desc(RMM_GPI_ROOT);
}

void gpt_create(struct memory *mem)
{
	uint64_t next = l1_offset(mem->pa_size);

	add_l0_blocks(mem);
	for (unsigned int i = 0; i < mem->num_banks; i++) {
		const struct memory_bank *bank = &mem->banks[i];
		const uint64_t last = (bank->base + bank->size - 1) >> GPT_L0_SHIFT;

		for (uint64_t r = bank->base >> GPT_L0_SHIFT; !bank->host_gpt && r <= last; r++)
			next = add_l1_table(mem, r, next);
	}
}

/* ---- what is there ------------------------------------------------------------------ */

enum gpt_l0_type gpt_l0_type(const struct memory *mem, uint64_t pa)
{
	if (pa >= mem->pa_size)
		return GPT_L0_INVALID;
	switch (load_desc(l0_entry(mem, pa)) & DESC_TYPE_MASK) {
	case DESC_TYPE_BLOCK:
		return GPT_L0_BLOCK;
	case DESC_TYPE_TABLE:
		return GPT_L0_TABLE;
	default:
		return GPT_L0_INVALID;
	}
}

uint64_t gpt_table(const struct memory *mem, uint64_t pa)
{
	return load_desc(l0_entry(mem, pa)) & DESC_L1_ADDR;
}

static bool region_holds_memory(const struct memory *mem, uint64_t region)
{
	for (unsigned int i = 0; i < mem->num_banks; i++) {
		const struct memory_bank *bank = &mem->banks[i];

		if (bank->base < region + GPT_L0_SIZE && region < bank->base + bank->size)
			return true;
	}
	return false;
}

enum gpt_owner gpt_owner(const struct memory *mem, uint64_t pa)
{
	if (gpt_l0_type(mem, pa) == GPT_L0_TABLE)
		return is_root_memory(mem, gpt_table(mem, pa)) ? GPT_OWNER_PLATFORM
							       : GPT_OWNER_HOST;
	return region_holds_memory(mem, pa & ~(GPT_L0_SIZE - 1)) ? GPT_OWNER_HOST_MAY
								 : GPT_OWNER_NONE;
}

/* ---- walks --------------------------------------------------------------------------- */

static bool gpi_valid(uint64_t gpi)
{
	return gpi == RMM_GPI_NO_ACCESS || (gpi >= RMM_GPI_SECURE && gpi <= RMM_GPI_REALM) ||
	       gpi == RMM_GPI_ANY;
}

/* What no GPI is: a walk that finds it faults. */
#define GPI_RESERVED UINT64_C(0x10)

static uint64_t l1_gpi(uint64_t desc, uint64_t pa)
{
	if (!is_block_desc(desc))
		return (desc >> (4 * ((pa >> RMM_GRANULE_SHIFT) & 0xf))) & 0xf;
	return desc_contig(desc) && !(desc >> DESC_CONTIG_TOP) ? block_gpi(desc) : GPI_RESERVED;
}

enum rmm_fault_kind gpt_walk(const struct memory *mem, uint64_t pa, enum rmm_gpi *gpi,
			     uint8_t *level)
{
	uint64_t found;

	*level = 0;
	if (pa >= mem->pa_size)
		return RMM_FAULT_GPT_ADDRESS_SIZE;
	const uint64_t l0 = load_desc(l0_entry(mem, pa));
	if (is_table_desc(l0)) {
		*level = 1;
		found = l1_gpi(load_desc(&l1_table(mem, l0)[l1_index(pa)]), pa);
	} else if (is_block_desc(l0)) {
		found = block_gpi(l0);
	} else {
		return RMM_FAULT_GPT_WALK;
	}
	if (!gpi_valid(found))
		return RMM_FAULT_GPT_WALK;
	*gpi = (enum rmm_gpi)found;
	return RMM_FAULT_NONE;
}

enum rmm_fault_kind gpt_check(const struct memory *mem, enum rmm_pas pas, uint64_t pa,
			      uint8_t *level)
{
	enum rmm_gpi gpi;
	uint8_t at;

	/* Beyond the protected space only the Non-secure PAS gets through. */
	if (pa >= mem->pa_size && pas == RMM_PAS_NS)
		return RMM_FAULT_NONE;
	const enum rmm_fault_kind fault = gpt_walk(mem, pa, &gpi, &at);
	if (level)
		*level = at;
	if (fault != RMM_FAULT_NONE)
		return fault;
	if (gpi == RMM_GPI_ANY || (unsigned int)gpi == (RMM_GPI_SECURE | (unsigned int)pas))
		return RMM_FAULT_NONE;
	return RMM_FAULT_GPF;
}

/* Granules from pa to the end of the run that one descriptor describes alike; 0: none. */
static uint64_t described_run(const struct memory *mem, uint64_t pa, enum rmm_gpi gpi)
{
	const uint64_t l0 = load_desc(l0_entry(mem, pa));
	unsigned int shift = GPT_L0_SHIFT;
	bool alike = block_gpi(l0) == gpi;

	if (is_table_desc(l0)) {
		const uint64_t desc = load_desc(&l1_table(mem, l0)[l1_index(pa)]);
		const unsigned int contig = desc_contig(desc);

		if (!contig && desc != granules_desc(gpi))
			return l1_gpi(desc, pa) == gpi;
		shift = contig ? contig_shift(contig) : L1_ENTRY_SHIFT;
		alike = desc == contig_desc(gpi, contig);
	}
	const uint64_t end = (pa | ((UINT64_C(1) << shift) - 1)) + 1;
	return alike ? (end - pa) >> RMM_GRANULE_SHIFT : 0;
}

uint64_t gpt_run(const struct memory *mem, uint64_t base, uint64_t count, enum rmm_gpi gpi)
{
	uint64_t n = 0;

	while (n < count) {
		const uint64_t more = described_run(mem, base + n * RMM_GRANULE_SIZE, gpi);

		if (!more)
			break;
		n += more;
	}
	return n < count ? n : count;
}
