/* SPDX-License-Identifier: BSD-3-Clause */
#include "private_bytes.h"

#include "rmm/rmm.h"

const void *private_bytes(const struct rmm_system *sys, uint64_t pa)
{
	const struct memory_bank *bank = memory_bank_at(&sys->memory, pa);

	return bank ? bank_bytes(bank, pa & ~GRANULE_MASK) : NULL;
}
