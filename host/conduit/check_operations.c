/* SPDX-License-Identifier: BSD-3-Clause */
/* Steps of stateful operations: the right handle, the right step, the right memory. */
#include <inttypes.h>

#include "checker_state.h"

static uint64_t wait_of(const struct ledger_operation *op)
{
	const enum rmm_version v = op->start.version;

	return rmi_result_data_incomplete_mem(v, rmi_result_data(v, op->x0));
}

/* ---- handles --------------------------------------------------------------------------- */

static void no_such_handle(const struct host_checker *c, const struct observed *o,
			   struct granule_verdict *verdict)
{
	const uint64_t handle = observed_in(o, "handle");

	for (size_t i = 0; i < o->command->num_inputs; i++) {
		const struct rmm_abi_param *input = &o->command->inputs[i];

		if (input->reg == 1 ||
		    ledger_operation(c->config.ledger, o->in.x[input->reg]) == NULL)
			continue;
		verdict_set(verdict,
			    &(struct note){
				    .kind = HOST_FINDING_HANDLE_SWAPPED,
				    .address = handle,
				    .remedy = "the handle goes into X1, flags and lists behind it",
			    },
			    "%s is 0x%" PRIx64 ", the handle of an open operation, and the handle "
			    "is 0x%" PRIx64 ": the two have changed places",
			    input->name, o->in.x[input->reg], handle);
		return;
	}
	verdict_set(verdict,
		    &(struct note){
			    .kind = HOST_FINDING_HANDLE_STALE,
			    .address = handle,
			    .remedy = "take the handle from X1 of the first RMI_INCOMPLETE, and "
				      "forget it at the terminal status",
		    },
		    "0x%" PRIx64 " is the handle of no open operation", handle);
}

/* ---- steps ------------------------------------------------------------------------------- */

static const char *wanted_step(uint64_t wait)
{
	switch (wait) {
	case RMI_OP_MEM_REQ_DONATE:
		return "RMI_OP_MEM_DONATE";
	case RMI_OP_MEM_REQ_RECLAIM:
		return "RMI_OP_MEM_RECLAIM";
	default:
		return "RMI_OP_CONTINUE";
	}
}

static bool is_right_step(const struct observed *o, const struct ledger_operation *op)
{
	const enum rmm_version v = o->version;

	switch (o->id) {
	case RMM_CMD_RMI_OP_MEM_DONATE:
		return wait_of(op) == RMI_OP_MEM_REQ_DONATE;
	case RMM_CMD_RMI_OP_MEM_RECLAIM:
		return wait_of(op) == RMI_OP_MEM_REQ_RECLAIM;
	case RMM_CMD_RMI_OP_CANCEL:
		return rmi_result_data_incomplete_cancel(v, rmi_result_data(v, op->x0)) ==
		       RMI_OP_CAN_CANCEL;
	default:
		return wait_of(op) == RMI_OP_MEM_REQ_NONE;
	}
}

static void wrong_step(const struct ledger_operation *op, struct granule_verdict *verdict)
{
	verdict_set(verdict,
		    &(struct note){
			    .kind = HOST_FINDING_OPERATION_STEP,
			    .origin = op->origin,
			    .address = op->handle,
			    .remedy = "do what mem of the last RMI_INCOMPLETE asks for; cancel "
				      "only when its cancel bit is set",
		    },
		    "the operation of call %" PRIu64 " (%s) waits for %s", op->origin.call,
		    op->origin.command, wanted_step(wait_of(op)));
}

/* ---- donations ------------------------------------------------------------------------------ */

static uint64_t wanted_granules(const struct ledger_operation *op)
{
	const enum rmm_version v = op->start.version;

	return rmi_op_mem_donate_req_count(v, op->request)
	       << (9 * rmi_op_mem_donate_req_size(v, op->request));
}

static void excess(const struct ledger_operation *op, uint64_t offered,
		   struct granule_verdict *verdict)
{
	verdict_set(verdict,
		    &(struct note){
			    .kind = HOST_FINDING_DONATION_EXCESS,
			    .origin = op->origin,
			    .address = op->handle,
			    .remedy = "read the request after every step: it says what is still "
				      "wanted",
		    },
		    "%" PRIu64 " granules are offered where %" PRIu64 " are asked for", offered,
		    wanted_granules(op));
}

static void unfit(struct host_checker *c, const struct observed *o, uint64_t pa,
		  struct granule_verdict *verdict)
{
	const struct span *holder = checker_holder(c, pa);

	if (holder == NULL && check_progress_skipped(c, o, pa))
		return;
	verdict_set(
		verdict,
		&(struct note){
			.kind = holder ? HOST_FINDING_PAGE_IN_USE : HOST_FINDING_PAGE_NOT_DELEGATED,
			.origin = holder ? holder->in_use : (struct host_origin){0},
			.address = pa,
			.remedy = "donate pages that are DELEGATED and used for nothing",
		},
		"0x%" PRIx64 " is donated but it is %s", pa,
		holder ? host_held_name(holder->kind) : "not DELEGATED");
}

/* First granule of a range that is not free to be donated; UINT64_MAX: none. */
static uint64_t first_unfit(const struct host_checker *c, const struct pa_range *range)
{
	for (uint64_t at = range->base; at < range->base + range->size;) {
		const struct span *holder = checker_holder(c, at);

		if (holder == NULL || holder->kind != HOST_HELD_DELEGATED)
			return at;
		at = holder->top;
	}
	return UINT64_MAX;
}

static void check_donation(struct host_checker *c, const struct observed *o,
			   const struct ledger_operation *op, struct granule_verdict *verdict)
{
	uint64_t list[LIST_ENTRIES];
	const uint64_t n = read_list(&c->config.memory, observed_in(o, "list_addr"),
				     observed_in(o, "list_count"), list);
	uint64_t offered = 0;

	for (uint64_t i = 0; i < n; i++) {
		const struct pa_range range = pa_range_decode(o->version, list[i]);
		const uint64_t bad = first_unfit(c, &range);

		offered += range.size / HOST_PAGE_SIZE;
		if (bad != UINT64_MAX && range.state == RMI_OP_MEM_DELEGATED)
			unfit(c, o, bad, verdict);
	}
	if (offered > wanted_granules(op))
		excess(op, offered, verdict);
}

void check_operations_before(struct host_checker *c, const struct observed *o,
			     struct granule_verdict *verdict)
{
	const struct ledger_operation *op;

	if (!observed_is_step(o))
		return;
	op = ledger_operation(c->config.ledger, observed_in(o, "handle"));
	if (op == NULL)
		no_such_handle(c, o, verdict);
	else if (!is_right_step(o, op))
		wrong_step(op, verdict);
	else if (o->id == RMM_CMD_RMI_OP_MEM_DONATE)
		check_donation(c, o, op, verdict);
}
