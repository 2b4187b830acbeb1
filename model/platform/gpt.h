/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Granule protection tables: bit-exact level 0 and level 1 tables in simulated
 * root memory (Arm ARM, chapter on RME; granule 4 KiB, L0GPTSZ 1 GiB).
 */
#ifndef RMM_PLATFORM_GPT_H
#define RMM_PLATFORM_GPT_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/memory.h"
#include "rmmsim/memory.h"

#define GPT_L0_SHIFT    30
#define GPT_L0_SIZE     (UINT64_C(1) << GPT_L0_SHIFT)
#define GPT_L1_BYTES    (UINT64_C(1) << (GPT_L0_SHIFT - RMM_GRANULE_SHIFT - 1))
#define GPT_BLOCK_SHIFT 21 /* the contiguous entries that this EL3 forms: 2 MiB */

enum gpt_l0_type { GPT_L0_INVALID, GPT_L0_BLOCK, GPT_L0_TABLE };

/* Bytes of root memory that the tables of this machine need. */
uint64_t gpt_root_size(const struct rmm_config *config);

/* Builds the tables: banks Non-secure, root memory Root, the rest Non-secure blocks. */
void gpt_create(struct memory *mem);

enum gpt_l0_type gpt_l0_type(const struct memory *mem, uint64_t pa);

/*
 * The check of an access to pa through `pas`. Returns RMM_FAULT_NONE when it
 * is allowed; *level (may be NULL) is the level of the entry that decided.
 */
enum rmm_fault_kind gpt_check(const struct memory *mem, enum rmm_pas pas, uint64_t pa,
			      uint8_t *level);

/* The GPI of pa; RMM_FAULT_NONE when the walk found one. */
enum rmm_fault_kind gpt_walk(const struct memory *mem, uint64_t pa, enum rmm_gpi *gpi,
			     uint8_t *level);

/*
 * How many of the `count` granules from base on have this GPI, up to the first
 * that has not. The range must have level 1 tables.
 */
uint64_t gpt_run(const struct memory *mem, uint64_t base, uint64_t count, enum rmm_gpi gpi);

/*
 * Gives [base, base + size) another GPI. Aligned blocks become contiguous
 * entries; a contiguous entry that is only partly covered is shattered first,
 * and a block that became uniform is fused. The range must have level 1
 * tables. Returns the number of descriptors written.
 */
uint64_t gpt_set(struct memory *mem, uint64_t base, uint64_t size, enum rmm_gpi gpi);

#endif
