/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Range commands may succeed in part. The host has to go on where the answer
 * says, or to give up in a way that shows that it knows.
 */
#include <inttypes.h>
#include <string.h>

#include "checker_state.h"

/* Commands whose rest somebody has to take care of. */
static bool is_followed(enum rmm_command id)
{
	switch (id) {
	case RMM_CMD_RMI_GRANULE_RANGE_DELEGATE:
	case RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE:
	case RMM_CMD_RMI_RTT_INIT_RIPAS:
	case RMM_CMD_RMI_RTT_DATA_MAP:
	case RMM_CMD_RMI_RTT_DATA_UNMAP:
	case RMM_CMD_RMI_RTT_UNPROT_MAP:
	case RMM_CMD_RMI_RTT_UNPROT_UNMAP:
		return true;
	default:
		return false;
	}
}

static void forget(struct host_checker *c, struct pending_range *p)
{
	const size_t at = (size_t)(p - c->pending);

	memmove(p, p + 1, (--c->num_pending - at) * sizeof(*p));
}

static void ignored(struct host_checker *c, const struct observed *o, struct pending_range *p)
{
	checker_note(c,
		     &(struct note){
			     .kind = HOST_FINDING_PROGRESS_IGNORED,
			     .o = o,
			     .origin = {.call = p->call, .command = p->name},
			     .address = p->out_top,
			     .remedy = "loop: call again with base = out_top until it reaches top",
		     },
		     "call %" PRIu64 " (%s) came to 0x%" PRIx64 " only, and [0x%" PRIx64
		     ", 0x%" PRIx64 ") was never done",
		     p->call, p->name, p->out_top, p->out_top, p->top);
	forget(c, p);
}

bool check_progress_skipped(struct host_checker *c, const struct observed *o, uint64_t pa)
{
	for (size_t i = 0; i < c->num_pending; i++) {
		struct pending_range *p = &c->pending[i];

		if (p->id != RMM_CMD_RMI_GRANULE_RANGE_DELEGATE || pa < p->out_top || pa >= p->top)
			continue;
		ignored(c, o, p);
		return true;
	}
	return false;
}

/* ---- the calls that show that the host takes the rest for done ------------------------------ */

static uint64_t realm_of_rec(const struct host_checker *c, uint64_t rec)
{
	const struct span *span = checker_holder(c, rec);

	return span != NULL ? span->realm : 0;
}

static bool relies_on(const struct host_checker *c, const struct observed *o,
		      const struct pending_range *p)
{
	const bool maps = p->id == RMM_CMD_RMI_RTT_DATA_MAP || p->id == RMM_CMD_RMI_RTT_UNPROT_MAP;

	if (o->id == RMM_CMD_RMI_REALM_ACTIVATE)
		return p->rd == observed_in(o, "rd") &&
		       (maps || p->id == RMM_CMD_RMI_RTT_INIT_RIPAS);
	if (o->id == RMM_CMD_RMI_REC_ENTER)
		return p->rd != 0 && p->rd == realm_of_rec(c, observed_in(o, "rec_ptr|rec"));
	return false;
}

/* The host takes back what was done, or the realm as a whole. */
static bool gives_up(const struct observed *o, const struct pending_range *p)
{
	const bool same_realm = p->rd != 0 && p->rd == observed_in(o, "rd");

	switch (o->id) {
	case RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE:
		return p->id == RMM_CMD_RMI_GRANULE_RANGE_DELEGATE &&
		       observed_in(o, "base") == p->base && observed_in(o, "top") <= p->out_top;
	case RMM_CMD_RMI_RTT_DATA_UNMAP:
		return same_realm && p->id == RMM_CMD_RMI_RTT_DATA_MAP;
	case RMM_CMD_RMI_RTT_UNPROT_UNMAP:
		return same_realm && p->id == RMM_CMD_RMI_RTT_UNPROT_MAP;
	case RMM_CMD_RMI_REALM_TERMINATE:
		return same_realm && p->id != RMM_CMD_RMI_RTT_DATA_UNMAP &&
		       p->id != RMM_CMD_RMI_RTT_UNPROT_UNMAP;
	default:
		return false;
	}
}

static bool is_same_command(const struct observed *o, const struct pending_range *p)
{
	return o->id == p->id && observed_in(o, "rd") == p->rd;
}

/* The same command, further on: the rest was skipped. */
static bool skips(const struct observed *o, const struct pending_range *p)
{
	const uint64_t base = observed_in(o, "base");

	return is_same_command(o, p) && base > p->out_top && base <= p->top && p->tries == 0;
}

void check_progress_before(struct host_checker *c, const struct observed *o)
{
	for (size_t i = c->num_pending; i-- > 0;) {
		struct pending_range *p = &c->pending[i];

		if (relies_on(c, o, p) || skips(o, p))
			ignored(c, o, p);
		else if (gives_up(o, p))
			forget(c, p);
	}
}

/* ---- keeping account ----------------------------------------------------------------------------
 */

/* The pending range that this call continues, or NULL. */
static struct pending_range *continued(struct host_checker *c, const struct observed *o)
{
	for (size_t i = 0; i < c->num_pending; i++) {
		struct pending_range *p = &c->pending[i];

		if (is_same_command(o, p) && observed_in(o, "base") == p->out_top)
			return p;
	}
	return NULL;
}

static void remember(struct host_checker *c, const struct observed *o, uint32_t tries)
{
	/* Old ones are the least likely to be continued. */
	if (c->num_pending == CHECK_MAX_PENDING)
		forget(c, &c->pending[0]);
	c->pending[c->num_pending++] = (struct pending_range){
		.id = o->id,
		.name = observed_name(o),
		.rd = observed_in(o, "rd"),
		.base = observed_in(o, "base"),
		.out_top = observed_out(o, "out_top"),
		.top = observed_in(o, "top"),
		.call = o->number,
		.tries = tries,
	};
}

/* Tables that are still in use because an unmap stopped early. */
static void destruction_failed(struct host_checker *c, const struct observed *o)
{
	for (size_t i = c->num_pending; i-- > 0;) {
		struct pending_range *p = &c->pending[i];

		if (p->rd == observed_in(o, "rd") && p->id == RMM_CMD_RMI_RTT_DATA_UNMAP)
			ignored(c, o, p);
	}
}

void check_progress_after(struct host_checker *c, const struct observed *o)
{
	struct pending_range *p;
	uint32_t tries = 0;

	if (checker_refused(o) &&
	    (o->id == RMM_CMD_RMI_RTT_DESTROY || o->id == RMM_CMD_RMI_REALM_DESTROY))
		destruction_failed(c, o);
	if (!is_followed(o->id) || observed_asks_to_repeat(o))
		return;
	p = continued(c, o);
	if (p != NULL) {
		if (observed_succeeded(o) && observed_out(o, "out_top") == p->out_top)
			tries = p->tries + 1;
		forget(c, p);
	}
	if (observed_succeeded(o) && observed_out(o, "out_top") < observed_in(o, "top"))
		remember(c, o, tries);
}

void check_progress_finish(struct host_checker *c)
{
	for (size_t i = c->num_pending; i-- > 0;) {
		struct pending_range *p = &c->pending[i];
		const bool still_out = p->id == RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE &&
				       checker_holder(c, p->out_top) != NULL;
		const bool still_there = p->rd != 0 && ledger_realm(c->config.ledger, p->rd);

		if (p->tries == 0 && (still_out || still_there))
			ignored(c, NULL, p);
	}
}
