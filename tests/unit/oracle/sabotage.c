/* SPDX-License-Identifier: BSD-3-Clause */
#include "sabotage.h"

#include <string.h>

#include "rmm/rmm.h"

/* From which byte on the contents of a granule mean nothing; its size: all of it matters. */
static uint64_t first_free_byte(enum rmm_granule_state state)
{
	switch (state) {
	case RMM_GRANULE_DELEGATED:
	case RMM_GRANULE_INTERNAL:
		return 0;
	case RMM_GRANULE_RD:
		return (sizeof(struct rmm_realm) + 7) & ~UINT64_C(7);
	case RMM_GRANULE_REC:
		return (sizeof(struct rmm_rec) + 7) & ~UINT64_C(7);
	default:
		return RMM_GRANULE_SIZE;
	}
}

void sabotage_taint(struct rmm_system *sys, uint64_t pa, uint64_t secret)
{
	const struct memory_bank *bank = memory_bank_at(&sys->memory, pa);
	enum rmm_granule_state state;

	if (!bank || !rmm_granule_state_at(sys, pa, &state))
		return;
	for (uint64_t at = first_free_byte(state); at < RMM_GRANULE_SIZE; at += sizeof(secret)) {
		memcpy(bank_bytes(bank, pa) + at, &secret, sizeof(secret));
		sys->memory.written[bank_granule(bank, pa)] = 1;
	}
}

void sabotage_wipes(struct rmm_system *sys, uint64_t base, uint64_t top, bool effective)
{
	const struct memory_bank *bank = memory_bank_at(&sys->memory, base);

	memset(&sys->memory.written[bank_granule(bank, base)], effective,
	       (top - base) >> RMM_GRANULE_SHIFT);
}

void sabotage_root(const struct rmm_system *sys, uint64_t *base, uint64_t *size)
{
	*base = sys->memory.root_base;
	*size = sys->memory.root_size;
}
