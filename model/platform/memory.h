/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Physical memory: banks of DRAM and device memory, and the root memory that
 * holds the GPT. Each bank is one reserved range of the process: PA to pointer
 * is an addition, and memory that nobody touched costs nothing.
 */
#ifndef RMM_PLATFORM_MEMORY_H
#define RMM_PLATFORM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/system.h"

#define GRANULE_MASK       ((uint64_t)RMM_GRANULE_SIZE - 1)

/* 2 MiB of granules share one summary of their state (granule.h). */
#define GRANULES_PER_CHUNK 512u

struct memory_bank {
	uint64_t base;
	uint64_t size;
	enum rmm_bank_kind kind;
	uint8_t *bytes; /* at PA `base` */
	int fd;         /* of the same memory, for windows; -1: it has none */
	bool host_gpt;  /* firmware leaves its level 1 GPTs to the host */
	/* Firmware has no memory for the states of its granules. */
	bool host_tracking;
	/* Index of the bank's first granule; congruent to its PA modulo a chunk. */
	uint64_t first_granule;
};

struct memory {
	struct memory_bank banks[RMM_MAX_BANKS]; /* by ascending base */
	unsigned int num_banks;
	uint64_t num_granules; /* of all banks, gaps between chunks included */
	uint64_t root_base;
	uint64_t root_size;
	uint8_t *root_bytes;
	uint64_t pa_size; /* bytes of the physical address space */
	/* The largest contiguous GPT entries that EL3 forms; numbers of the Contig field. */
	unsigned int gpt_max_contig;
	/* One byte a granule: it may hold something else than zeros. */
	uint8_t *written;
	/* Of the level 1 tables, by GiB (gpt.c); NULL: one thread only. */
	bool *gpt_guards;
	/* Told when the GPI of memory changes; NULL: nobody looks (rmmsim/window.h). */
	struct rmm_window *window;
};

struct rmm_window;

/* Reserves what the configuration asks for. Returns 0, or -1 with a sentence. */
int memory_create(struct memory *mem, const struct rmm_config *config, uint64_t root_size,
		  struct rmm_error *error);
void memory_destroy(struct memory *mem);

/* Reserved, zeroed address space for `size` bytes; NULL when there is none. */
void *memory_reserve(size_t size);
void memory_release(void *bytes, size_t size);

/* [base, base + size) has another GPI now. */
void window_gpi_changed(struct rmm_window *window, uint64_t base, uint64_t size, enum rmm_gpi gpi);

/* The bank that holds pa, or NULL. */
static inline const struct memory_bank *memory_bank_at(const struct memory *mem, uint64_t pa)
{
	for (unsigned int i = 0; i < mem->num_banks; i++)
		if (pa - mem->banks[i].base < mem->banks[i].size)
			return &mem->banks[i];
	return NULL;
}

static inline uint64_t bank_granule(const struct memory_bank *bank, uint64_t pa)
{
	return bank->first_granule + ((pa - bank->base) >> RMM_GRANULE_SHIFT);
}

/* The byte at pa, which must lie in the bank. */
static inline uint8_t *bank_bytes(const struct memory_bank *bank, uint64_t pa)
{
	return bank->bytes + (pa - bank->base);
}

#endif
