/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Granule protection tables: bit-exact level 0 and level 1 tables in simulated
 * memory (Arm ARM, chapter on RME; granule 4 KiB, L0GPTSZ 1 GiB). Those that
 * firmware built at reset lie in root memory; those that the host had built
 * lie in memory that it gave (2.0-bet0 A2.3.9).
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
#define GPT_L1_GRANULES (GPT_L1_BYTES / RMM_GRANULE_SIZE)

enum gpt_l0_type { GPT_L0_INVALID, GPT_L0_BLOCK, GPT_L0_TABLE };

/* Bytes of root memory that the tables of this machine need. */
uint64_t gpt_root_size(const struct rmm_config *config);

/* Builds the tables: banks Non-secure, root memory Root, the rest Non-secure blocks. */
void gpt_create(struct memory *mem);

enum gpt_l0_type gpt_l0_type(const struct memory *mem, uint64_t pa);

/* Who describes the level 0 region of pa; numbers of RmiGptParState. */
enum gpt_owner {
	GPT_OWNER_NONE,     /* nobody may have a level 1 table there */
	GPT_OWNER_PLATFORM, /* firmware has built it */
	GPT_OWNER_HOST_MAY, /* the host may have it built, and has not */
	GPT_OWNER_HOST,     /* the host had it built */
};
enum gpt_owner gpt_owner(const struct memory *mem, uint64_t pa);

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
 * that has not.
 */
uint64_t gpt_run(const struct memory *mem, uint64_t base, uint64_t count, enum rmm_gpi gpi);

/* What a change cost: entries written, invalidations of the TLBs. */
struct gpt_change {
	uint64_t descriptors;
	uint64_t invalidations;
};

/*
 * Gives [base, base + size) another GPI, in the largest blocks that fit. A
 * contiguous entry that is only partly covered is shattered first, and blocks
 * that became uniform are fused. A level 0 block must be covered as a whole.
 */
struct gpt_change gpt_set(struct memory *mem, uint64_t base, uint64_t size, enum rmm_gpi gpi);

/* Whether no level 0 block is covered in part only. */
bool gpt_can_set(const struct memory *mem, uint64_t base, uint64_t size);

/* ---- tables of the host ---------------------------------------------------------- */

/* PA of the level 1 table for pa, which must have one. */
uint64_t gpt_table(const struct memory *mem, uint64_t pa);

/*
 * GPT unfolding: replaces the level 0 block of `region` by a table in the
 * GPT_L1_BYTES at `table`, which become Root. Their own region must have a
 * table, or be this one.
 */
struct gpt_change gpt_unfold(struct memory *mem, uint64_t region, uint64_t table);

/*
 * GptL1IsHomogeneous: the table for `region` holds one GPI, and a block with it
 * could take its place. The table's own storage counts as Non-secure, which it
 * will be.
 */
bool gpt_is_homogeneous(const struct memory *mem, uint64_t region);

/* GPT folding, the inverse of gpt_unfold(); the table must be homogeneous. */
struct gpt_change gpt_fold(struct memory *mem, uint64_t region);

#endif
