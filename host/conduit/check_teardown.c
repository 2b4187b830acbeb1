/* SPDX-License-Identifier: BSD-3-Clause */
/* Objects are destroyed after what depends on them. */
#include <inttypes.h>

#include "checker_state.h"

/* Granules of a realm that must be gone before it can be destroyed, by kind. */
static const struct span *dependant(const struct host_checker *c, uint64_t rd)
{
	const struct span_map *granules = &c->config.ledger->granules;

	for (size_t i = 0; i < granules->num; i++) {
		const struct span *span = &granules->spans[i];
		const bool root = span->kind == HOST_HELD_RTT && span->object == rd;

		if (span->realm == rd && span->kind != HOST_HELD_RD && !root &&
		    span->kind != HOST_HELD_DONATED)
			return span;
	}
	return NULL;
}

static void destroying_realm(const struct host_checker *c, const struct observed *o,
			     struct granule_verdict *verdict)
{
	const uint64_t rd = observed_in(o, "rd");
	const struct ledger_realm *realm = ledger_realm(c->config.ledger, rd);
	const struct span *left = dependant(c, rd);
	struct note note = {
		.kind = HOST_FINDING_TEARDOWN_ORDER,
		.address = rd,
		.remedy = "RECs, data and tables first, then RMI_REALM_TERMINATE (since 2.0), then "
			  "RMI_REALM_DESTROY, then the pages",
	};

	if (realm == NULL)
		return;
	note.origin = realm->origin;
	if (left != NULL && left->kind != HOST_HELD_PARTIAL)
		verdict_set(verdict, &note,
			    "the realm is destroyed while it still has a %s at 0x%" PRIx64
			    " (call %" PRIu64 ")",
			    host_held_name(left->kind), left->base, left->in_use.call);
	else if (realm->state != LEDGER_REALM_ZOMBIE && o->version != RMM_VERSION_1_0_REL0)
		verdict_set(verdict, &note, "the realm is destroyed before it was terminated");
}

void check_teardown_before(struct host_checker *c, const struct observed *o,
			   struct granule_verdict *verdict)
{
	if (o->id == RMM_CMD_RMI_REALM_DESTROY)
		destroying_realm(c, o, verdict);
}
