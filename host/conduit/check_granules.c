/* SPDX-License-Identifier: BSD-3-Clause */
/* Granules that a call names: are they in the state that it needs? */
#include <inttypes.h>

#include "checker_state.h"
#include "object_commands.h"

/* ---- undelegation, delegation ---------------------------------------------------------- */

static void undelegating(struct host_checker *c, uint64_t pa, struct granule_verdict *verdict)
{
	const struct span *holder = checker_holder(c, pa);

	if (holder == NULL)
		verdict_set(verdict,
			    &(struct note){
				    .kind = HOST_FINDING_UNDELEGATE_NOT_DELEGATED,
				    .address = pa,
				    .remedy = "undelegate only what was delegated: remember how "
					      "far the delegation came",
			    },
			    "0x%" PRIx64 " is undelegated but nobody delegated it", pa);
	else if (holder->kind != HOST_HELD_DELEGATED)
		verdict_set(verdict,
			    &(struct note){
				    .kind = HOST_FINDING_UNDELEGATE_IN_USE,
				    .origin = holder->in_use,
				    .address = pa,
				    .remedy = "destroy or unmap the object first; the page comes "
					      "back as DELEGATED",
			    },
			    "0x%" PRIx64 " is undelegated but it is %s since call %" PRIu64, pa,
			    host_held_name(holder->kind), holder->in_use.call);
}

static void delegating(struct host_checker *c, uint64_t pa, struct granule_verdict *verdict)
{
	const struct span *holder = checker_holder(c, pa);

	if (holder == NULL)
		return;
	verdict_set(verdict,
		    &(struct note){
			    .kind = HOST_FINDING_DELEGATE_TWICE,
			    .origin = holder->taken,
			    .address = pa,
			    .remedy = "give every page one owner; do not free a page before it "
				      "is undelegated",
		    },
		    "0x%" PRIx64 " is delegated again; call %" PRIu64 " delegated it", pa,
		    holder->taken.call);
}

/* ---- pages given to commands --------------------------------------------------------------- */

/*
 * Another input that is a DELEGATED granule: the two have changed places.
 * `except` NULL: the granule is named in memory, no register can be meant.
 */
static const struct rmm_abi_param *delegated_input(const struct host_checker *c,
						   const struct observed *o, const char *except)
{
	const struct rmm_abi_param *but = except ? observed_input(o, except) : NULL;

	for (size_t i = 0; but != NULL && i < o->command->num_inputs; i++) {
		const struct rmm_abi_param *input = &o->command->inputs[i];
		const struct span *holder = checker_holder(c, o->in.x[input->reg]);

		if (input != but && holder != NULL && holder->kind == HOST_HELD_DELEGATED)
			return input;
	}
	return NULL;
}

static void not_delegated(struct host_checker *c, const struct observed *o, uint64_t pa,
			  const char *name, struct granule_verdict *verdict)
{
	const struct rmm_abi_param *other = delegated_input(c, o, name);
	const struct span *holder = checker_holder(c, pa);

	if (holder == NULL && check_progress_skipped(c, o, pa))
		return;
	if (other != NULL)
		verdict_set(verdict,
			    &(struct note){
				    .kind = HOST_FINDING_ADDRESS_SWAPPED,
				    .address = pa,
				    .remedy = "compare the order of the arguments with the "
					      "command's inputs; test with PA != IPA",
			    },
			    "%s is 0x%" PRIx64 ", which is not DELEGATED, but %s is 0x%" PRIx64
			    ", which is: the two have changed places",
			    observed_input(o, name)->name, pa, other->name, o->in.x[other->reg]);
	else if (holder != NULL)
		verdict_set(verdict,
			    &(struct note){
				    .kind = HOST_FINDING_PAGE_IN_USE,
				    .origin = holder->in_use,
				    .address = pa,
				    .remedy = "use a page of its own for every object",
			    },
			    "0x%" PRIx64 " is given to the RMM but it is %s since call %" PRIu64,
			    pa, host_held_name(holder->kind), holder->in_use.call);
	else
		verdict_set(verdict,
			    &(struct note){
				    .kind = HOST_FINDING_PAGE_NOT_DELEGATED,
				    .address = pa,
				    .remedy = "delegate the page first, and look at how far the "
					      "delegation came",
			    },
			    "0x%" PRIx64 " is given to the RMM but it is not DELEGATED", pa);
}

static void needs_delegated(struct host_checker *c, const struct observed *o, uint64_t pa,
			    const char *name, struct granule_verdict *verdict)
{
	const struct span *holder = checker_holder(c, pa);

	if (holder == NULL || holder->kind != HOST_HELD_DELEGATED)
		not_delegated(c, o, pa, name, verdict);
}

static void root_tables(struct host_checker *c, const struct observed *o,
			struct granule_verdict *verdict)
{
	const struct realm_sample sample = ledger_sample(c->config.ledger, o);

	for (uint64_t at = 0; at < sample.root_size && !verdict->bad; at += HOST_PAGE_SIZE)
		needs_delegated(c, o, sample.root_base + at, NULL, verdict);
}

/* First descriptor of a map command, on its first granule. */
static void mapped_memory(struct host_checker *c, const struct observed *o,
			  struct granule_verdict *verdict)
{
	uint64_t desc = observed_in(o, "oaddr");
	const struct span *holder;
	struct pa_range range;

	if (observed_addr_type(o) == RMI_ADDR_TYPE_LIST &&
	    read_list(&c->config.memory, desc, 1, &desc) != 1)
		return;
	range = pa_range_decode(o->version, desc);
	holder = checker_holder(c, range.base);
	/* The same page at the same place counts as mapped. */
	if (holder != NULL && holder->kind == HOST_HELD_DATA &&
	    holder->realm == observed_in(o, "rd"))
		return;
	needs_delegated(c, o, range.base, "oaddr", verdict);
}

void check_granules_before(struct host_checker *c, const struct observed *o,
			   struct granule_verdict *verdict)
{
	const struct object_command *of = object_command(o->id);

	if (of != NULL && !of->destroys)
		needs_delegated(c, o, object_granule(of, o), of->granule, verdict);
	switch (o->id) {
	case RMM_CMD_RMI_GRANULE_UNDELEGATE:
		undelegating(c, observed_in(o, "addr"), verdict);
		break;
	case RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE:
		if (!check_progress_skipped(c, o, observed_in(o, "base")))
			undelegating(c, observed_in(o, "base"), verdict);
		break;
	case RMM_CMD_RMI_GRANULE_DELEGATE:
		delegating(c, observed_in(o, "addr"), verdict);
		break;
	case RMM_CMD_RMI_GRANULE_RANGE_DELEGATE:
		delegating(c, observed_in(o, "base"), verdict);
		break;
	case RMM_CMD_RMI_REALM_CREATE:
		root_tables(c, o, verdict);
		break;
	case RMM_CMD_RMI_RTT_DATA_MAP:
		mapped_memory(c, o, verdict);
		break;
	default:
		break;
	}
}

/* ---- what the RMM lets pass -------------------------------------------------------------------
 */

/* A mapping of shared memory that shows a part of [base, top) to a realm. */
static const struct span *shared_by(const struct host_checker *c, uint64_t base, uint64_t top)
{
	const struct span_map *mappings = &c->config.ledger->mappings;

	for (size_t i = 0; i < mappings->num; i++) {
		const struct span *m = &mappings->spans[i];

		if (m->kind == HOST_HELD_NS_MAPPING && m->target < top &&
		    m->target + (m->top - m->base) > base)
			return m;
	}
	return NULL;
}

static void delegated_while_mapped(struct host_checker *c, const struct observed *o, uint64_t base,
				   uint64_t top)
{
	const struct span *mapping = shared_by(c, base, top);

	if (mapping == NULL || base >= top)
		return;
	checker_note(
		c,
		&(struct note){
			.kind = HOST_FINDING_DELEGATE_MAPPED,
			.o = o,
			.origin = mapping->taken,
			.address = mapping->target,
			.remedy =
				"RMI_RTT_UNPROT_UNMAP (1.0: RMI_RTT_UNMAP_UNPROTECTED) before the "
				"page gets another use",
		},
		"a page of [0x%" PRIx64 ", 0x%" PRIx64
		") is delegated but the realm with rd 0x%" PRIx64
		" has it mapped at IPA 0x%" PRIx64,
		base, top, mapping->realm, mapping->base);
}

/* Shared memory must stay the host's: the realm would meet a fault. */
static void shared_while_held(struct host_checker *c, const struct observed *o)
{
	struct pa_range range;
	const struct span *holder;
	uint64_t desc = observed_in(o, "oaddr");

	if (observed_addr_type(o) != RMI_ADDR_TYPE_SINGLE)
		return;
	range = pa_range_decode(o->version, desc);
	holder = span_meeting(&c->config.ledger->granules, LEDGER_PA_SPACE, range.base,
			      range.base + range.size);
	if (holder == NULL)
		return;
	checker_note(c,
		     &(struct note){
			     .kind = HOST_FINDING_PAGE_IN_USE,
			     .o = o,
			     .origin = holder->taken,
			     .address = holder->base,
			     .remedy = "share only pages that are UNDELEGATED",
		     },
		     "0x%" PRIx64 " is mapped as shared memory but it is %s since call %" PRIu64,
		     holder->base, host_held_name(holder->kind), holder->taken.call);
}

void check_granules_after(struct host_checker *c, const struct observed *o,
			  const struct granule_verdict *verdict)
{
	if (verdict->bad && checker_refused(o))
		return;
	switch (o->id) {
	case RMM_CMD_RMI_GRANULE_RANGE_DELEGATE:
		if (observed_succeeded(o))
			delegated_while_mapped(c, o, observed_in(o, "base"),
					       observed_out(o, "out_top"));
		break;
	case RMM_CMD_RMI_GRANULE_DELEGATE:
		if (observed_succeeded(o))
			delegated_while_mapped(c, o, observed_in(o, "addr"),
					       observed_in(o, "addr") + HOST_PAGE_SIZE);
		break;
	case RMM_CMD_RMI_RTT_UNPROT_MAP:
		if (!observed_asks_to_repeat(o))
			shared_while_held(c, o);
		break;
	default:
		break;
	}
}
