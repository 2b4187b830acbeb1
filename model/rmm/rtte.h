/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage 2 descriptors as this RMM writes them. Valid forms are the
 * architecture's (VMSAv8-64 stage 2, 4 KiB granule, FEAT_S2FWB, direct
 * permissions); in invalid descriptors bit 0 is clear and software bits hold
 * HIPAS and RIPAS:
 *
 *   [2:1] RIPAS  [4:3] kind (0 VOID, 1 DATA)  [55] NS: UNMAPPED_NS
 *   [47:12] output address of DATA that is not RAM (LPA2: as in valid entries)
 */
#ifndef RMM_RMM_RTTE_H
#define RMM_RMM_RTTE_H

#include <stdbool.h>
#include <stdint.h>

/* RmmRttEntryState, 2.0-bet0 C2.64, as far as the model has them. */
enum rtte_state {
	RTTE_VOID,
	RTTE_DATA,
	RTTE_TABLE,
	RTTE_UNMAPPED_NS,
	RTTE_MAPPED_NS,
};

/* RmmRipas with the numbers of RmiRipas. */
enum ripas { RIPAS_EMPTY, RIPAS_RAM, RIPAS_DESTROYED, RIPAS_DEV };

#define RTTE_VALID         UINT64_C(0x1)
#define RTTE_TYPE_BLOCK    UINT64_C(0x1)
#define RTTE_TYPE_TABLE    UINT64_C(0x3) /* also a page at level 3 */
#define RTTE_RIPAS_SHIFT   1
#define RTTE_KIND_DATA     (UINT64_C(1) << 3)
#define RTTE_MEMATTR_WB    (UINT64_C(6) << 2)
#define RTTE_S2AP_READ     (UINT64_C(1) << 6)
#define RTTE_S2AP_WRITE    (UINT64_C(1) << 7)
#define RTTE_SH_OUTER      (UINT64_C(2) << 8)
#define RTTE_SH_INNER      (UINT64_C(3) << 8)
#define RTTE_AF            (UINT64_C(1) << 10)
#define RTTE_XN            (UINT64_C(2) << 53)
#define RTTE_NS            (UINT64_C(1) << 55)
#define RTTE_ADDR          UINT64_C(0x0000fffffffff000)
#define RTTE_ADDR_LPA2     UINT64_C(0x0003fffffffff000) /* OA[49:12]; OA[51:50] in [9:8] */

/* The attributes that the host chooses for Non-secure mappings. */
#define RTTE_MEMATTR_SHIFT 2
#define RTTE_MEMATTR_MASK  (UINT64_C(7) << RTTE_MEMATTR_SHIFT)
#define RTTE_S2AP_MASK     (RTTE_S2AP_READ | RTTE_S2AP_WRITE)

#define RTT_PAGE_LEVEL     3
#define RTT_BLOCK_LEVEL    1 /* highest level of an entry with an output address */
#define RTT_ENTRIES        512u

static inline unsigned int rtt_shift(int level)
{
	return 12u + 9u * (unsigned int)(RTT_PAGE_LEVEL - level);
}

/* Bytes of IPA space that one entry covers (RttLevelSize). */
static inline uint64_t rtt_span(int level)
{
	return UINT64_C(1) << rtt_shift(level);
}

static inline uint64_t rtte_load(const uint64_t *entry)
{
	return __atomic_load_n(entry, __ATOMIC_ACQUIRE);
}

static inline void rtte_store(uint64_t *entry, uint64_t desc)
{
	__atomic_store_n(entry, desc, __ATOMIC_RELEASE);
}

enum rtte_state rtte_state(uint64_t desc, int level);
enum ripas rtte_ripas(uint64_t desc);

/* The value of MemAttr[2:0] that means nothing with FEAT_S2FWB. */
#define RTTE_MEMATTR_RESERVED 4u

/* Whether a descriptor has room for the address: 48 bits without LPA2. */
static inline bool rtte_can_hold(uint64_t pa, bool lpa2)
{
	return lpa2 || pa < UINT64_C(1) << 48;
}

static inline uint64_t rtte_addr(uint64_t desc, bool lpa2)
{
	if (!lpa2)
		return desc & RTTE_ADDR;
	return (desc & RTTE_ADDR_LPA2) | (desc & RTTE_SH_INNER) << 42;
}

uint64_t rtte_make_void(enum ripas ripas);
uint64_t rtte_make_data(uint64_t pa, enum ripas ripas, int level, bool lpa2);
uint64_t rtte_make_unmapped_ns(void);
uint64_t rtte_make_mapped_ns(uint64_t pa, uint64_t memattr, uint64_t s2ap, int level, bool lpa2,
			     bool inner_always);
uint64_t rtte_make_table(uint64_t pa, bool lpa2);

/* The same entry with another RIPAS; VOID and DATA only. */
uint64_t rtte_with_ripas(uint64_t desc, enum ripas ripas, int level, bool lpa2);

/* The first of the entries one level down that together say the same. */
uint64_t rtte_unfold(uint64_t desc, int level, bool lpa2);

/* An entry that holds an address: DATA, MAPPED_NS, TABLE (RttEntry liveness). */
static inline bool rtte_is_live(enum rtte_state state)
{
	return state == RTTE_DATA || state == RTTE_TABLE || state == RTTE_MAPPED_NS;
}

#endif
