/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/port.h"

static const char *const names[RMM_COST_COUNT] = {
	[RMM_COST_SMC] = "smc",
	[RMM_COST_SMC_RETURN] = "smc-return",
	[RMM_COST_RMM_EL3] = "rmm-el3",
	[RMM_COST_DISPATCH] = "dispatch",
	[RMM_COST_NS_READ] = "ns-read",
	[RMM_COST_NS_WRITE] = "ns-write",
	[RMM_COST_TABLE_READ] = "table-read",
	[RMM_COST_TABLE_WRITE] = "table-write",
	[RMM_COST_GPT_READ] = "gpt-read",
	[RMM_COST_GPT_WRITE] = "gpt-write",
	[RMM_COST_GRANULE_LOCK] = "granule-lock",
	[RMM_COST_GRANULE_STATE] = "granule-state",
	[RMM_COST_WIPE] = "wipe",
	[RMM_COST_COPY] = "copy",
	[RMM_COST_CACHE_CLEAN] = "cache-clean",
	[RMM_COST_TLBI_STAGE2] = "tlbi-stage2",
	[RMM_COST_TLBI_GPT] = "tlbi-gpt",
	[RMM_COST_BARRIER] = "barrier",
	[RMM_COST_HASH] = "hash",
	[RMM_COST_SIGN] = "sign",
	[RMM_COST_CONTEXT_SAVE] = "context-save",
	[RMM_COST_CONTEXT_RESTORE] = "context-restore",
	[RMM_COST_EXCEPTION] = "exception",
	[RMM_COST_GUEST] = "guest",
};

const char *rmm_cost_name(enum rmm_cost cost)
{
	return (unsigned int)cost < RMM_COST_COUNT ? names[cost] : "unknown";
}
