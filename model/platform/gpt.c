/* SPDX-License-Identifier: BSD-3-Clause */
#include "platform/gpt.h"

#include <string.h>

/* Descriptor formats: Arm ARM, granule protection table descriptors. */
#define DESC_TYPE_MASK    UINT64_C(0xf)
#define DESC_TYPE_BLOCK   UINT64_C(0x1) /* level 0 block, or level 1 contiguous */
#define DESC_TYPE_TABLE   UINT64_C(0x3)
#define DESC_GPI_SHIFT    4
#define DESC_CONTIG_2MB   (UINT64_C(1) << 8)
#define DESC_L1_ADDR      UINT64_C(0x000ffffffffff000)

#define L1_ENTRY_SHIFT    16 /* one level 1 entry describes 16 granules */
#define ENTRIES_PER_BLOCK (1u << (GPT_BLOCK_SHIFT - L1_ENTRY_SHIFT))
#define L1_ENTRIES        (GPT_L1_BYTES / sizeof(uint64_t))

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

static uint64_t *l0_entry(const struct memory *mem, uint64_t pa)
{
	return (uint64_t *)(void *)mem->root_bytes + (pa >> GPT_L0_SHIFT);
}

static uint64_t *l1_table(const struct memory *mem, uint64_t l0_desc)
{
	const uint64_t offset = (l0_desc & DESC_L1_ADDR) - mem->root_base;

	return (uint64_t *)(void *)(mem->root_bytes + offset);
}

static uint64_t load(const uint64_t *entry)
{
	return __atomic_load_n(entry, __ATOMIC_RELAXED);
}

static void store(uint64_t *entry, uint64_t desc)
{
	__atomic_store_n(entry, desc, __ATOMIC_RELAXED);
}

static uint64_t granules_desc(enum rmm_gpi gpi)
{
	return (uint64_t)gpi * UINT64_C(0x1111111111111111);
}

static uint64_t contig_desc(enum rmm_gpi gpi)
{
	return DESC_TYPE_BLOCK | (uint64_t)gpi << DESC_GPI_SHIFT | DESC_CONTIG_2MB;
}

static bool is_contig(uint64_t desc)
{
	return (desc & DESC_TYPE_MASK) == DESC_TYPE_BLOCK;
}

/* Regions that hold a part of a bank have a level 1 table. */
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
	uint64_t *l0 = l0_entry(mem, region << GPT_L0_SHIFT);

	if ((*l0 & DESC_TYPE_MASK) == DESC_TYPE_TABLE)
		return next;
	*l0 = (mem->root_base + next) | DESC_TYPE_TABLE;
	uint64_t *l1 = l1_table(mem, *l0);
	for (uint64_t i = 0; i < L1_ENTRIES; i++)
		l1[i] = contig_desc(RMM_GPI_NS);
	return next + GPT_L1_BYTES;
}

void gpt_create(struct memory *mem)
{
	const uint64_t regions = mem->pa_size >> GPT_L0_SHIFT;
	const uint64_t root_top = mem->root_base + mem->root_size - 1;
	uint64_t next = l1_offset(mem->pa_size);

	for (uint64_t r = 0; r < regions; r++)
		*l0_entry(mem, r << GPT_L0_SHIFT) = DESC_TYPE_BLOCK | (uint64_t)RMM_GPI_NS
									      << DESC_GPI_SHIFT;
	for (uint64_t r = mem->root_base >> GPT_L0_SHIFT; r <= root_top >> GPT_L0_SHIFT; r++)
		*l0_entry(mem, r << GPT_L0_SHIFT) = DESC_TYPE_BLOCK | (uint64_t)RMM_GPI_ROOT
									      << DESC_GPI_SHIFT;
	for (unsigned int i = 0; i < mem->num_banks; i++) {
		const struct memory_bank *bank = &mem->banks[i];
		const uint64_t last = (bank->base + bank->size - 1) >> GPT_L0_SHIFT;

		for (uint64_t r = bank->base >> GPT_L0_SHIFT; r <= last; r++)
			next = add_l1_table(mem, r, next);
	}
}

enum gpt_l0_type gpt_l0_type(const struct memory *mem, uint64_t pa)
{
	if (pa >= mem->pa_size)
		return GPT_L0_INVALID;
	switch (load(l0_entry(mem, pa)) & DESC_TYPE_MASK) {
	case DESC_TYPE_BLOCK:
		return GPT_L0_BLOCK;
	case DESC_TYPE_TABLE:
		return GPT_L0_TABLE;
	default:
		return GPT_L0_INVALID;
	}
}

static bool gpi_valid(uint64_t gpi)
{
	return gpi == RMM_GPI_NO_ACCESS || (gpi >= RMM_GPI_SECURE && gpi <= RMM_GPI_REALM) ||
	       gpi == RMM_GPI_ANY;
}

static uint64_t l1_gpi(uint64_t desc, uint64_t pa)
{
	if (is_contig(desc))
		return (desc >> DESC_GPI_SHIFT) & 0xf;
	return (desc >> (4 * ((pa >> RMM_GRANULE_SHIFT) & 0xf))) & 0xf;
}

enum rmm_fault_kind gpt_walk(const struct memory *mem, uint64_t pa, enum rmm_gpi *gpi,
			     uint8_t *level)
{
	uint64_t found;

	*level = 0;
	if (pa >= mem->pa_size)
		return RMM_FAULT_GPT_ADDRESS_SIZE;
	const uint64_t l0 = load(l0_entry(mem, pa));
	if ((l0 & DESC_TYPE_MASK) == DESC_TYPE_TABLE) {
		const uint64_t index = (pa & (GPT_L0_SIZE - 1)) >> L1_ENTRY_SHIFT;

		*level = 1;
		found = l1_gpi(load(&l1_table(mem, l0)[index]), pa);
	} else if ((l0 & DESC_TYPE_MASK) == DESC_TYPE_BLOCK) {
		found = (l0 >> DESC_GPI_SHIFT) & 0xf;
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
	const uint64_t *l1 = l1_table(mem, load(l0_entry(mem, pa)));
	const uint64_t desc = load(&l1[(pa & (GPT_L0_SIZE - 1)) >> L1_ENTRY_SHIFT]);
	const unsigned int shift = is_contig(desc) ? GPT_BLOCK_SHIFT : L1_ENTRY_SHIFT;
	const uint64_t end = (pa | ((UINT64_C(1) << shift) - 1)) + 1;

	if (is_contig(desc) ? desc == contig_desc(gpi) : desc == granules_desc(gpi))
		return (end - pa) >> RMM_GRANULE_SHIFT;
	return l1_gpi(desc, pa) == gpi;
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

static void set_block(uint64_t *l1, uint64_t first, uint64_t desc)
{
	for (uint64_t i = 0; i < ENTRIES_PER_BLOCK; i++)
		store(&l1[first + i], desc);
}

static void set_granule(uint64_t *entry, uint64_t pa, enum rmm_gpi gpi)
{
	const unsigned int shift = 4 * ((pa >> RMM_GRANULE_SHIFT) & 0xf);
	uint64_t desc = load(entry);

	desc &= ~(UINT64_C(0xf) << shift);
	store(entry, desc | (uint64_t)gpi << shift);
}

/* A block whose 512 granules all have one GPI becomes contiguous again. */
static uint64_t fuse(uint64_t *l1, uint64_t first, enum rmm_gpi gpi)
{
	const uint64_t uniform = granules_desc(gpi);

	for (uint64_t i = 0; i < ENTRIES_PER_BLOCK; i++)
		if (load(&l1[first + i]) != uniform)
			return 0;
	set_block(l1, first, contig_desc(gpi));
	return ENTRIES_PER_BLOCK;
}

/* Part of one block: returns the descriptors written. */
static uint64_t set_part(uint64_t *l1, uint64_t base, uint64_t top, enum rmm_gpi gpi)
{
	const uint64_t index = (base & (GPT_L0_SIZE - 1)) >> L1_ENTRY_SHIFT;
	const uint64_t first = index & ~(uint64_t)(ENTRIES_PER_BLOCK - 1);
	const uint64_t old = load(&l1[index]);
	uint64_t written = 1;

	if (is_contig(old)) {
		const enum rmm_gpi was = (enum rmm_gpi)((old >> DESC_GPI_SHIFT) & 0xf);

		if (was == gpi)
			return 0;
		set_block(l1, first, granules_desc(was));
		written += ENTRIES_PER_BLOCK;
	}
	for (uint64_t pa = base; pa < top; pa += RMM_GRANULE_SIZE)
		set_granule(&l1[(pa & (GPT_L0_SIZE - 1)) >> L1_ENTRY_SHIFT], pa, gpi);
	written += (top - 1 - base) >> L1_ENTRY_SHIFT;
	if (load(&l1[index]) == granules_desc(gpi))
		written += fuse(l1, first, gpi);
	return written;
}

uint64_t gpt_set(struct memory *mem, uint64_t base, uint64_t size, enum rmm_gpi gpi)
{
	const uint64_t block = UINT64_C(1) << GPT_BLOCK_SHIFT;
	const uint64_t top = base + size;
	uint64_t written = 0;

	for (uint64_t pa = base; pa < top;) {
		uint64_t *l1 = l1_table(mem, load(l0_entry(mem, pa)));
		const uint64_t block_top = (pa | (block - 1)) + 1;
		const uint64_t end = block_top < top ? block_top : top;

		if (end - pa == block) {
			set_block(l1, (pa & (GPT_L0_SIZE - 1)) >> L1_ENTRY_SHIFT, contig_desc(gpi));
			written += ENTRIES_PER_BLOCK;
		} else {
			written += set_part(l1, pa, end, gpi);
		}
		pa = end;
	}
	if (mem->window)
		window_gpi_changed(mem->window, base, size, gpi);
	return written;
}
