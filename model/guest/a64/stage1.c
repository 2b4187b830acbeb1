/* SPDX-License-Identifier: BSD-3-Clause */
#include "stage1.h"

#include <string.h>

#include "register.h"

#define FSC_ADDRESS_SIZE 0x00u
#define FSC_TRANSLATION  0x04u
#define FSC_ACCESS_FLAG  0x08u

#define DESC_VALID       UINT64_C(1)
#define DESC_TABLE       UINT64_C(2) /* of levels 0 to 2; a page at level 3 */
#define DESC_AP_EL0      (UINT64_C(1) << 6)
#define DESC_AP_RO       (UINT64_C(1) << 7)
#define DESC_AF          (UINT64_C(1) << 10)
#define DESC_PXN         (UINT64_C(1) << 53)
#define DESC_UXN         (UINT64_C(1) << 54)
#define TABLE_PXN        (UINT64_C(1) << 59)
#define TABLE_UXN        (UINT64_C(1) << 60)
#define TABLE_AP_NO_EL0  (UINT64_C(1) << 61)
#define TABLE_AP_RO      (UINT64_C(1) << 62)
#define DESC_ADDRESS     UINT64_C(0xfffffffff000)

#define ADDRESS_BITS     48
#define MIN_TXSZ         16
#define MAX_TXSZ         39

#define TCR_EPD0         7
#define TCR_EPD1         23
#define TCR_TBI0         37

struct regime {
	uint64_t base;
	unsigned int input_bits;
	unsigned int granule_bits; /* log2 of the bytes of a table */
	unsigned int level;        /* where the walk starts */
};

bool stage1_is_on(const struct rmm_vcpu *vcpu)
{
	return vcpu->sctlr_el1 & SCTLR_M;
}

static void fail(struct stage1 *result, unsigned int fsc, unsigned int level)
{
	result->outcome = STAGE1_FAULT;
	result->fsc = (uint8_t)(fsc + level);
	result->level = (uint8_t)level;
}

/* 0: a reserved granule size, which reads as 4 KiB. */
static unsigned int granule_bits(uint64_t tcr, bool high)
{
	static const uint8_t tg0[] = {12, 16, 14, 12};
	static const uint8_t tg1[] = {12, 14, 12, 16};

	return high ? tg1[tcr >> 30 & 3] : tg0[tcr >> 14 & 3];
}

/* False: no table translates this address. */
static bool choose_regime(const struct a64_guest *guest, uint64_t va, struct regime *regime)
{
	const uint64_t tcr = guest->tcr;
	const bool high = va >> 55 & 1;
	const unsigned int txsz = tcr >> (high ? 16 : 0) & 0x3f;
	const bool tagged = tcr >> (TCR_TBI0 + high) & 1;
	const unsigned int top = tagged ? 56 : 64;

	if (txsz < MIN_TXSZ || txsz > MAX_TXSZ || (tcr >> (high ? TCR_EPD1 : TCR_EPD0) & 1))
		return false;
	regime->input_bits = 64 - txsz;
	regime->granule_bits = granule_bits(tcr, high);
	const uint64_t above = va << (64 - top) >> (64 - top) >> regime->input_bits;
	if (above != (high ? UINT64_MAX >> (64 - top) >> regime->input_bits : 0))
		return false;
	const unsigned int stride = regime->granule_bits - 3;
	const unsigned int levels =
		(regime->input_bits - regime->granule_bits + stride - 1) / stride;
	regime->level = 4 - levels;
	regime->base = guest->ttbr[high] & DESC_ADDRESS;
	return true;
}

/* log2 of what an entry of `level` spans. */
static unsigned int span_bits(const struct regime *regime, unsigned int level)
{
	return regime->granule_bits + (3 - level) * (regime->granule_bits - 3);
}

static bool read_descriptor(const struct a64_guest *guest, uint64_t ipa, uint64_t *desc)
{
	const struct a64_page *page = a64_table_find(&guest->pages, ipa);

	if (page)
		memcpy(desc, page->bytes + (ipa & A64_PAGE_MASK), sizeof(*desc));
	return page;
}

static uint32_t rights_of(const struct rmm_vcpu *vcpu, uint64_t desc, uint64_t tables)
{
	const bool el0 = (desc & DESC_AP_EL0) && !(tables & TABLE_AP_NO_EL0);
	const bool writable = !(desc & DESC_AP_RO) && !(tables & TABLE_AP_RO);
	const bool wxn = writable && (vcpu->sctlr_el1 & SCTLR_WXN);
	uint32_t rights = 0;

	if (a64_el(vcpu) == 0) {
		if (el0)
			rights |= A64_READ | (writable ? A64_WRITE : 0);
		if (!(desc & DESC_UXN) && !(tables & TABLE_UXN) && !(el0 && wxn))
			rights |= A64_EXEC;
		return rights;
	}
	if (!(el0 && (vcpu->pstate & PSTATE_PAN)))
		rights |= A64_READ | (writable ? A64_WRITE : 0);
	if (!(desc & DESC_PXN) && !(tables & TABLE_PXN) && !(el0 && writable) && !wxn)
		rights |= A64_EXEC;
	return rights;
}

static bool is_leaf(const struct regime *regime, unsigned int level, uint64_t desc)
{
	if (level == 3)
		return desc & DESC_TABLE;
	return !(desc & DESC_TABLE) && (level == 2 || (level == 1 && regime->granule_bits == 12));
}

static void finish(const struct rmm_vcpu *vcpu, uint64_t va, uint64_t desc, uint64_t tables,
		   unsigned int bits, struct stage1 *result)
{
	const uint64_t offset = (UINT64_C(1) << bits) - 1;

	if (!(desc & DESC_AF)) {
		fail(result, FSC_ACCESS_FLAG, result->level);
		return;
	}
	result->outcome = STAGE1_OK;
	result->ipa = (desc & DESC_ADDRESS & ~offset) | (va & offset);
	result->rights = rights_of(vcpu, desc, tables);
	result->attr = desc >> 2 & 7;
}

static void walk_tables(const struct a64_guest *guest, const struct rmm_vcpu *vcpu, uint64_t va,
			const struct regime *regime, struct stage1 *result)
{
	uint64_t table = regime->base & ~((UINT64_C(1) << 6) - 1);
	uint64_t tables = 0; /* what the table descriptors restrict */
	unsigned int top = regime->input_bits;

	for (unsigned int level = regime->level;; level++) {
		const unsigned int bits = span_bits(regime, level);
		const uint64_t index = va >> bits & ((UINT64_C(1) << (top - bits)) - 1);
		uint64_t desc;

		result->level = (uint8_t)level;
		result->ipa = table + index * sizeof(desc);
		if (!read_descriptor(guest, result->ipa, &desc)) {
			result->outcome = STAGE1_TABLE;
			return;
		}
		if ((desc & DESC_VALID) && is_leaf(regime, level, desc)) {
			finish(vcpu, va, desc, tables, bits, result);
			return;
		}
		if (!(desc & DESC_VALID) || !(desc & DESC_TABLE) || level == 3) {
			fail(result, FSC_TRANSLATION, level);
			return;
		}
		tables |= desc;
		table = desc & DESC_ADDRESS & ~((UINT64_C(1) << regime->granule_bits) - 1);
		top = bits;
	}
}

void stage1_walk(const struct a64_guest *guest, const struct rmm_vcpu *vcpu, uint64_t va,
		 struct stage1 *result)
{
	struct regime regime;

	*result = (struct stage1){.outcome = STAGE1_OK};
	if (!stage1_is_on(vcpu)) {
		result->ipa = va;
		result->rights = A64_READ | A64_WRITE | A64_EXEC;
		if (va >> ADDRESS_BITS)
			fail(result, FSC_ADDRESS_SIZE, 0);
	} else if (!choose_regime(guest, va, &regime)) {
		fail(result, FSC_TRANSLATION, 0);
	} else {
		walk_tables(guest, vcpu, va, &regime, result);
	}
}
