/* SPDX-License-Identifier: BSD-3-Clause */
/* Accesses from outside the RMM, each behind its granule protection check. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "platform/gpt.h"
#include "rmm/granule_lock.h"
#include "rmm/guest_page.h"
#include "rmm/rmm.h"
#include "rmmsim/memory.h"

/* ESR_EL2 of a data abort taken from the same EL. */
#define ESR_EC_DABT_SAME (UINT64_C(0x25) << 26)
#define ESR_IL           (UINT64_C(1) << 25)
#define ESR_WNR          (UINT64_C(1) << 6)
#define DFSC_GPF         UINT64_C(0x28)
#define DFSC_EXTERNAL    UINT64_C(0x10)

static bool refuse(struct rmm_fault *fault, enum rmm_fault_kind kind, uint64_t pa, uint8_t level,
		   bool write)
{
	if (!fault)
		return false;
	fault->kind = kind;
	fault->pa = pa;
	fault->level = level;
	fault->esr = ESR_EC_DABT_SAME | ESR_IL | (write ? ESR_WNR : 0) |
		     (kind == RMM_FAULT_EXTERNAL ? DFSC_EXTERNAL : DFSC_GPF);
	return false;
}

/*
 * Granules that only the RMM uses: no requester outside it issues the Realm
 * PAS for them.
 */
static bool rmm_private(const struct rmm_system *sys, const struct memory_bank *bank, uint64_t pa)
{
	switch (granule_state(&sys->granules, bank_granule(bank, pa))) {
	case RMM_GRANULE_UNDELEGATED:
	case RMM_GRANULE_DATA:
	case RMM_GRANULE_DEV:
		return false;
	default:
		return true;
	}
}

static bool check_granule(const struct rmm_system *sys, enum rmm_pas pas, uint64_t pa, bool write,
			  struct rmm_fault *fault)
{
	const struct memory_bank *bank = memory_bank_at(&sys->memory, pa);
	uint8_t level = 0;
	enum rmm_fault_kind kind = gpt_check(&sys->memory, pas, pa, &level);

	if (kind == RMM_FAULT_NONE && !bank)
		kind = RMM_FAULT_EXTERNAL;
	if (kind == RMM_FAULT_NONE && pas == RMM_PAS_REALM && rmm_private(sys, bank, pa))
		kind = RMM_FAULT_GPF;
	return kind == RMM_FAULT_NONE || refuse(fault, kind, pa, level, write);
}

static bool check_range(const struct rmm_system *sys, enum rmm_pas pas, uint64_t pa, size_t len,
			bool write, struct rmm_fault *fault)
{
	if (!sys || pa + len < pa)
		return refuse(fault, RMM_FAULT_EXTERNAL, pa, 0, write);
	for (uint64_t at = pa; at < pa + len; at = (at | GRANULE_MASK) + 1)
		if (!check_granule(sys, pas, at, write, fault))
			return false;
	return true;
}

/* The part of [pa, pa + len) that lies in the granule of pa. */
static size_t part_of(uint64_t pa, size_t len)
{
	const size_t left = RMM_GRANULE_SIZE - (size_t)(pa & GRANULE_MASK);

	return len < left ? len : left;
}

/*
 * Among threads an access holds the lock of its granule, from a check to the
 * last byte: the granule cannot change hands meanwhile.
 */
static bool begin(const struct rmm_system *sys, enum rmm_pas pas, uint64_t pa, bool write,
		  struct rmm_fault *fault)
{
	const struct granule_table *table = &sys->granules;

	if (!table->locks)
		return true;
	const uint64_t index = bank_granule(memory_bank_at(&sys->memory, pa), pa);
	granule_lock_wait(table, index);
	if (check_granule(sys, pas, pa, write, fault))
		return true;
	granule_lock_release(table, index);
	return false;
}

static void end(const struct rmm_system *sys, uint64_t pa)
{
	if (sys->granules.locks)
		granule_lock_release(&sys->granules,
				     bank_granule(memory_bank_at(&sys->memory, pa), pa));
}

bool rmm_memory_read(struct rmm_system *sys, enum rmm_pas pas, uint64_t pa, void *buf, size_t len,
		     struct rmm_fault *fault)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	uint8_t *to = buf;

	if (!buf && len)
		return refuse(fault, RMM_FAULT_EXTERNAL, pa, 0, false);
	if (!check_range(sys, pas, pa, len, false, fault))
		return false;
	while (len) {
		const size_t n = part_of(pa, len);

		if (!begin(sys, pas, pa, false, fault))
			return false;
		memcpy(to, bank_bytes(memory_bank_at(&sys->memory, pa), pa), n);
		end(sys, pa);
		pa += n;
		to += n;
		len -= n;
	}
	return true;
}

bool rmm_memory_write(struct rmm_system *sys, enum rmm_pas pas, uint64_t pa, const void *buf,
		      size_t len, struct rmm_fault *fault)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	const uint8_t *from = buf;

	if (!buf && len)
		return refuse(fault, RMM_FAULT_EXTERNAL, pa, 0, true);
	if (!check_range(sys, pas, pa, len, true, fault))
		return false;
	while (len) {
		const struct memory_bank *bank = memory_bank_at(&sys->memory, pa);
		const size_t n = part_of(pa, len);

		if (!begin(sys, pas, pa, true, fault))
			return false;
		memcpy(bank_bytes(bank, pa), from, n);
		sys->memory.written[bank_granule(bank, pa)] = 1;
		end(sys, pa);
		pa += n;
		from += n;
		len -= n;
	}
	return true;
}

bool rmm_host_read(struct rmm_system *sys, uint64_t pa, void *buf, size_t len,
		   struct rmm_fault *fault)
{
	return rmm_memory_read(sys, RMM_PAS_NS, pa, buf, len, fault);
}

bool rmm_host_write(struct rmm_system *sys, uint64_t pa, const void *buf, size_t len,
		    struct rmm_fault *fault)
{
	return rmm_memory_write(sys, RMM_PAS_NS, pa, buf, len, fault);
}

static bool range_is_undelegated(const struct rmm_system *sys, uint64_t base, uint64_t size)
{
	for (uint64_t pa = base; pa < base + size; pa += RMM_GRANULE_SIZE) {
		const struct memory_bank *bank = memory_bank_at(&sys->memory, pa);

		if (!bank || granule_state(&sys->granules, bank_granule(bank, pa)) !=
				     RMM_GRANULE_UNDELEGATED)
			return false;
	}
	return true;
}

int rmm_platform_assign(struct rmm_system *sys, uint64_t base, uint64_t size, enum rmm_gpi gpi,
			struct rmm_error *error)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys || (base | size) & GRANULE_MASK || !size || base + size < base ||
	    !range_is_undelegated(sys, base, size) || !gpt_can_set(&sys->memory, base, size)) {
		if (error)
			snprintf(error->text, sizeof(error->text),
				 "cannot assign 0x%" PRIx64 "+0x%" PRIx64
				 ": the range must be granule-aligned, inside the banks and "
				 "undelegated, and described by level 1 GPTs",
				 base, size);
		return -1;
	}
	gpt_set(&sys->memory, base, size, gpi);
	guest_pages_revoke(sys, base, size);
	return 0;
}
