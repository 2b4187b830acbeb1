/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/ledger_check.h"

#include <inttypes.h>

#include "../fail.h"

static bool agree(enum host_held held, enum rmm_granule_state state)
{
	switch (held) {
	case HOST_HELD_DELEGATED:
		return state == RMM_GRANULE_DELEGATED;
	case HOST_HELD_RD:
		return state == RMM_GRANULE_RD;
	case HOST_HELD_REC:
		return state == RMM_GRANULE_REC;
	case HOST_HELD_RTT:
		return state == RMM_GRANULE_RTT;
	case HOST_HELD_DATA:
		return state == RMM_GRANULE_DATA;
	default:
		/* An RMM has its own ideas of memory that it was given for good. */
		return state != RMM_GRANULE_UNDELEGATED;
	}
}

struct comparison {
	const struct rmm_system *sys;
	struct host_error *error;
	enum host_status status;
};

static void compare_run(void *ctx, const struct host_held_entry *entry)
{
	struct comparison *c = ctx;

	if (entry->kind >= HOST_HELD_OPERATION)
		return;
	for (uint64_t pa = entry->base; pa < entry->base + entry->size; pa += HOST_PAGE_SIZE) {
		enum rmm_granule_state state = RMM_GRANULE_UNDELEGATED;

		(void)rmm_granule_state_at(c->sys, pa, &state);
		if (c->status != HOST_OK || agree(entry->kind, state))
			continue;
		c->status = host_fail(c->error, HOST_ERROR_STATE,
				      "0x%" PRIx64 " is %s in the ledger and %s in the model", pa,
				      host_held_name(entry->kind), rmm_granule_state_name(state));
	}
}

enum host_status host_ledger_compare(const struct host_ledger *ledger, const struct rmm_system *sys,
				     struct host_error *error)
{
	if (!ledger || !sys)
		return host_fail(error, HOST_ERROR_CONFIG, "%s: %s is NULL", __func__,
				 ledger ? "sys" : "ledger");

	struct comparison c = {.sys = sys, .error = error, .status = HOST_OK};
	const uint64_t granules = host_ledger_granules(ledger);
	const uint64_t operations = host_ledger_operations(ledger);

	host_ledger_each(ledger, compare_run, &c);
	if (c.status != HOST_OK)
		return c.status;
	if (granules != rmm_num_delegated(sys) || operations != rmm_num_operations(sys))
		return host_fail(error, HOST_ERROR_STATE,
				 "the ledger has %" PRIu64 " granules and %" PRIu64
				 " operations, the model %" PRIu64 " and %u",
				 granules, operations, rmm_num_delegated(sys),
				 rmm_num_operations(sys));
	return HOST_OK;
}
