/* SPDX-License-Identifier: BSD-3-Clause */
/* GPT descriptors: formats (Arm ARM, granule protection table descriptors) and where they are. */
#ifndef RMM_PLATFORM_GPT_DESC_H
#define RMM_PLATFORM_GPT_DESC_H

#include "platform/gpt.h"

#define DESC_TYPE_MASK    UINT64_C(0xf)
#define DESC_TYPE_BLOCK   UINT64_C(0x1) /* level 0 block, or level 1 contiguous */
#define DESC_TYPE_TABLE   UINT64_C(0x3)
#define DESC_GPI_SHIFT    4
#define DESC_CONTIG_SHIFT 8
#define DESC_CONTIG_MASK  UINT64_C(0x3)
#define DESC_CONTIG_TOP   10 /* what lies above is RES0 */
#define DESC_L1_ADDR      UINT64_C(0x000ffffffffff000)

#define L1_ENTRY_SHIFT    16 /* one level 1 entry describes 16 granules */
#define L1_ENTRIES        (GPT_L1_BYTES / sizeof(uint64_t))

/* Contig, the sizes that contiguous entries speak for. */
enum gpt_contig { CONTIG_NONE, CONTIG_2MB, CONTIG_32MB, CONTIG_512MB };

static inline unsigned int contig_shift(unsigned int contig)
{
	return 17 + 4 * contig;
}

static inline uint64_t contig_size(unsigned int contig)
{
	return UINT64_C(1) << contig_shift(contig);
}

/* Entries that hold the same descriptor. */
static inline uint64_t contig_entries(unsigned int contig)
{
	return contig_size(contig) >> L1_ENTRY_SHIFT;
}

static inline uint64_t load_desc(const uint64_t *entry)
{
	return __atomic_load_n(entry, __ATOMIC_ACQUIRE);
}

static inline void store_desc(uint64_t *entry, uint64_t desc)
{
	__atomic_store_n(entry, desc, __ATOMIC_RELAXED);
}

static inline uint64_t block_desc(enum rmm_gpi gpi)
{
	return DESC_TYPE_BLOCK | (uint64_t)gpi << DESC_GPI_SHIFT;
}

static inline uint64_t granules_desc(enum rmm_gpi gpi)
{
	return (uint64_t)gpi * UINT64_C(0x1111111111111111);
}

/* The descriptor of blocks of this size; CONTIG_NONE: of 16 granules. */
static inline uint64_t contig_desc(enum rmm_gpi gpi, unsigned int contig)
{
	return contig ? block_desc(gpi) | (uint64_t)contig << DESC_CONTIG_SHIFT
		      : granules_desc(gpi);
}

static inline bool is_table_desc(uint64_t l0)
{
	return (l0 & DESC_TYPE_MASK) == DESC_TYPE_TABLE;
}

static inline bool is_block_desc(uint64_t desc)
{
	return (desc & DESC_TYPE_MASK) == DESC_TYPE_BLOCK;
}

static inline enum rmm_gpi block_gpi(uint64_t desc)
{
	return (enum rmm_gpi)((desc >> DESC_GPI_SHIFT) & 0xf);
}

/* Contig of a level 1 entry; CONTIG_NONE: each granule has a GPI of its own. */
static inline unsigned int desc_contig(uint64_t desc)
{
	return is_block_desc(desc) ? desc >> DESC_CONTIG_SHIFT & DESC_CONTIG_MASK : CONTIG_NONE;
}

static inline uint64_t *l0_entry(const struct memory *mem, uint64_t pa)
{
	return (uint64_t *)(void *)mem->root_bytes + (pa >> GPT_L0_SHIFT);
}

static inline uint64_t l1_index(uint64_t pa)
{
	return (pa & (GPT_L0_SIZE - 1)) >> L1_ENTRY_SHIFT;
}

static inline bool is_root_memory(const struct memory *mem, uint64_t pa)
{
	return pa - mem->root_base < mem->root_size;
}

static inline uint64_t *l1_table(const struct memory *mem, uint64_t l0_desc)
{
	const uint64_t pa = l0_desc & DESC_L1_ADDR;
	uint8_t *bytes = is_root_memory(mem, pa) ? mem->root_bytes + (pa - mem->root_base)
						 : bank_bytes(memory_bank_at(mem, pa), pa);

	return (uint64_t *)(void *)bytes;
}

#endif
