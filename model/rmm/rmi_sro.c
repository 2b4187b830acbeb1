/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_OP_CONTINUE, RMI_OP_MEM_DONATE, RMI_OP_MEM_RECLAIM, RMI_OP_CANCEL. */
#include <string.h>

#include "rmm/addr_set.h"
#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/rtte.h"

/* What a command reports when it did not get its memory. */
static enum rmm_condition donation_condition(const struct operation *op)
{
	switch (op->command) {
	case RMM_CMD_RMI_REC_CREATE:
		return RMI_REC_CREATE_DONATION;
	case RMM_CMD_RMI_GPT_L1_CREATE:
		return RMI_GPT_L1_CREATE_DONATION;
	case RMM_CMD_RMI_GRANULE_TRACKING_SET:
		return RMI_GRANULE_TRACKING_SET_DONATION;
	default:
		return RMI_REALM_CREATE_DONATION;
	}
}

/* ... because it is in the wrong state. */
static enum rmm_condition state_condition(const struct operation *op)
{
	if (op->command == RMM_CMD_RMI_GRANULE_TRACKING_SET)
		return RMI_GRANULE_TRACKING_SET_IN_STATE;
	return donation_condition(op);
}

/* The handle names no operation that this PE could go on with. */
static uint64_t fail_handle(struct rmm_call *call, enum rmm_condition complete,
			    enum rmm_condition running)
{
	return rmm_fail(call, operation_is_running(call, call->in[1]) ? running : complete);
}

uint64_t rmi_op_continue(struct rmm_call *call)
{
	struct operation *op = operation_resume_handle(call, call->in[1]);

	if (!op)
		return fail_handle(call, RMI_OP_CONTINUE_COMPLETE, RMI_OP_CONTINUE_RUNNING);
	if (op->transfer_refused &&
	    call_behaves(call, RMM_BEHAVIOUR_CONTINUE_AFTER_FAILED_TRANSFER)) {
		op->transfer_refused = false;
		return operation_unwind(call, op, donation_condition(op));
	}
	if (op->wait != OPERATION_WAIT_CONTINUE) {
		operation_suspend(op);
		return rmm_fail(call, RMI_OP_CONTINUE_MEM_REQ);
	}
	return op->resume(call, op);
}

/* ---- donation -------------------------------------------------------------- */

struct donation {
	uint64_t entries[ADDR_SET_MAX];
	uint64_t num_entries;
	uint64_t granules; /* that all entries describe */
};

static uint64_t block_granules(uint64_t size_code)
{
	return UINT64_C(1) << (9 * size_code);
}

static uint64_t range_base(enum rmm_version v, uint64_t desc)
{
	return rmi_addr_range_desc_addr(v, desc) << RMM_GRANULE_SHIFT;
}

/* One range, aligned to all that is wanted, or the continuation of what is held. */
static enum rmm_condition check_contiguous(const struct rmm_call *call, const struct operation *op,
					   const struct donation *list)
{
	const enum rmm_version v = call_version(call);
	uint64_t base = 0;
	unsigned int ranges = 0;

	for (uint64_t i = 0; i < list->num_entries; i++) {
		if (!rmi_addr_range_desc_count(v, list->entries[i]))
			continue;
		base = range_base(v, list->entries[i]);
		ranges++;
	}
	if (!ranges)
		return RMM_CONDITION_NONE;
	if (ranges > 1)
		return RMI_OP_MEM_DONATE_MEM_CONTIG;
	if (op->num_held)
		return base == op->held[op->num_held - 1] + RMM_GRANULE_SIZE
			       ? RMM_CONDITION_NONE
			       : RMI_OP_MEM_DONATE_MEM_CONTIG;
	return is_aligned(base, op->wanted * RMM_GRANULE_SIZE) ? RMM_CONDITION_NONE
							       : RMI_OP_MEM_DONATE_MEM_ALIGN;
}

/* Alignment and state of the descriptors; counts the granules. */
static enum rmm_condition parse_entries(const struct rmm_call *call, const struct operation *op,
					struct donation *list)
{
	const enum rmm_version v = call_version(call);

	for (uint64_t i = 0; i < list->num_entries; i++) {
		const uint64_t desc = list->entries[i];
		const uint64_t block = block_granules(rmi_addr_range_desc_size(v, desc));
		const uint64_t count = rmi_addr_range_desc_count(v, desc);

		if (!count)
			continue;
		if (rmi_addr_range_desc_addr(v, desc) & (block - 1))
			return RMI_OP_MEM_DONATE_MEM_ALIGN;
		if (rmi_addr_range_desc_state(v, desc) != op->wanted_state)
			return RMI_OP_MEM_DONATE_DESC_STATE;
		list->granules += count * block;
	}
	return RMM_CONDITION_NONE;
}

/* What an operation asks for: of both states when where it lies decides. */
static bool is_wanted(const struct operation *op, enum rmm_granule_state state)
{
	if (state == RMM_GRANULE_DELEGATED)
		return op->wanted_state != RMI_OP_MEM_UNDELEGATED;
	return state == RMM_GRANULE_UNDELEGATED && op->wanted_state != RMI_OP_MEM_DELEGATED;
}

/* Metadata may describe the memory that it lies in. */
static bool may_hold(const struct rmm_call *call, const struct operation *op, uint64_t pa)
{
	if (!op->wanted_anywhere)
		return pa_is_conventional(call, pa);
	return memory_bank_at(&call->sys->memory, pa) &&
	       (tracking_at(&call->sys->tracking, pa) == TRACKING_FINE ||
		(op->wanted_state != RMI_OP_MEM_UNDELEGATED &&
		 pa - op->region < TRACKING_REGION_SIZE));
}

static bool take_granule(struct rmm_call *call, const struct operation *op, uint64_t pa)
{
	bool fits;

	if (!may_hold(call, op, pa) || !granule_lock_in(call, pa, call_granule_state(call, pa)))
		return false;
	fits = may_hold(call, op, pa) && is_wanted(op, call_granule_state(call, pa));
	if (fits) {
		/* What is looked at later is the host's until then. */
		if (!op->wanted_anywhere)
			granule_claim(call, pa);
		call_granule_set(call, pa, RMM_GRANULE_INTERNAL);
	}
	granule_unlock(call, pa);
	return fits;
}

/* Takes granules in list order until one is unfit; returns how many. */
static uint64_t take_granules(struct rmm_call *call, struct operation *op,
			      const struct donation *list)
{
	const enum rmm_version v = call_version(call);
	const unsigned int before = op->num_held;

	for (uint64_t i = 0; i < list->num_entries; i++) {
		const uint64_t desc = list->entries[i];
		const uint64_t base = range_base(v, desc);
		const uint64_t n = rmi_addr_range_desc_count(v, desc) *
				   block_granules(rmi_addr_range_desc_size(v, desc));

		for (uint64_t k = 0; k < n; k++) {
			const uint64_t pa = base + k * RMM_GRANULE_SIZE;

			if (!take_granule(call, op, pa))
				return op->num_held - before;
			op->held[op->num_held++] = pa;
			op->wanted--;
		}
	}
	return op->num_held - before;
}

static void untake_granules(struct rmm_call *call, struct operation *op, uint64_t count)
{
	while (count--) {
		const uint64_t pa = op->held[--op->num_held];

		call_granule_set(call, pa, operation_held_state(call, pa));
		op->wanted++;
	}
}

static uint64_t yield_donation(struct rmm_call *call, struct operation *op, uint64_t taken)
{
	const enum operation_wait wait =
		op->wanted ? OPERATION_WAIT_DONATE : OPERATION_WAIT_CONTINUE;
	op->wait = wait;
	call->out[1] = taken;
	call->out[2] = operation_donate_request(call, op);
	return operation_yield(call, op, wait);
}

/* A granule of the list is not DELEGATED. */
static uint64_t refuse_granule(struct rmm_call *call, struct operation *op, uint64_t taken)
{
	if (!call_behaves(call, RMM_BEHAVIOUR_DONATE_STATE_FAILS_OPERATION)) {
		untake_granules(call, op, taken);
		op->transfer_refused = true;
		operation_suspend(op);
		return rmm_fail(call, RMI_OP_MEM_DONATE_MEM_STATE);
	}
	if (taken)
		return yield_donation(call, op, taken);
	op->failed = true;
	op->condition = state_condition(op);
	return operation_yield(call, op, OPERATION_WAIT_RECLAIM);
}

static enum rmm_condition read_list(struct rmm_call *call, const struct operation *op,
				    struct donation *list)
{
	const uint64_t addr = call->in[2];

	if (op->wait != OPERATION_WAIT_DONATE)
		return RMI_OP_MEM_DONATE_MEM_REQ;
	if (!is_aligned(addr, sizeof(uint64_t)))
		return RMI_OP_MEM_DONATE_LIST_ALIGN;
	list->num_entries = addr_list_length(call, addr, call->in[3]);
	list->granules = 0;
	if (!addr_list_read(call, addr, list->entries, list->num_entries))
		return RMI_OP_MEM_DONATE_LIST_PAS;
	enum rmm_condition failed = RMM_CONDITION_NONE;
	if (op->wanted_contig)
		failed = check_contiguous(call, op, list);
	if (failed == RMM_CONDITION_NONE)
		failed = parse_entries(call, op, list);
	if (failed == RMM_CONDITION_NONE && list->granules > op->wanted)
		return RMI_OP_MEM_DONATE_MEM_GT;
	if (failed == RMM_CONDITION_NONE && op->wanted_contig && list->granules &&
	    list->granules < op->wanted &&
	    call_behaves(call, RMM_BEHAVIOUR_DONATE_CONTIGUOUS_WHOLE))
		return RMI_OP_MEM_DONATE_MEM_PARTIAL_TF;
	return failed;
}

uint64_t rmi_op_mem_donate(struct rmm_call *call)
{
	struct operation *op = operation_resume_handle(call, call->in[1]);
	struct donation list;

	if (!op)
		return fail_handle(call, RMI_OP_MEM_DONATE_COMPLETE, RMI_OP_MEM_DONATE_RUNNING);
	const enum rmm_condition failed = read_list(call, op, &list);
	op->transfer_refused = failed != RMM_CONDITION_NONE && op->wait == OPERATION_WAIT_DONATE;
	if (failed != RMM_CONDITION_NONE) {
		operation_suspend(op);
		return rmm_fail(call, failed);
	}
	const uint64_t taken = take_granules(call, op, &list);
	if (taken < list.granules)
		return refuse_granule(call, op, taken);
	return yield_donation(call, op, taken);
}

/* ---- reclaim -------------------------------------------------------------------- */

/* Describes the first `count` granules, neighbours merged. */
static void describe_held(const struct rmm_call *call, const struct operation *op, uint64_t count,
			  struct addr_out *out)
{
	for (uint64_t i = 0; i < count; i++)
		addr_out_add(call, out, op->held[i], RTT_PAGE_LEVEL);
}

/* Granules from the first on that come back in one state. */
static uint64_t count_alike(const struct rmm_call *call, const struct operation *op, uint64_t most)
{
	const uint64_t all = op->num_held < most ? op->num_held : most;
	uint64_t n = 0;

	while (n < all &&
	       operation_held_state(call, op->held[n]) == operation_held_state(call, op->held[0]))
		n++;
	return n;
}

static void release_held(struct rmm_call *call, struct operation *op, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		call_granule_set(call, op->held[i], operation_held_state(call, op->held[i]));
	op->num_held -= (unsigned int)count;
	memmove(op->held, &op->held[count], op->num_held * sizeof(op->held[0]));
}

static enum rmm_condition check_reclaim(struct rmm_call *call, const struct operation *op)
{
	if (!is_aligned(call->in[2], sizeof(uint64_t)))
		return RMI_OP_MEM_RECLAIM_LIST_ALIGN;
	if (op->wait != OPERATION_WAIT_RECLAIM)
		return RMI_OP_MEM_RECLAIM_MEM_REQ;
	if (!call_behaves(call, RMM_BEHAVIOUR_RECLAIM_RETURNS_MEMORY_FIRST) &&
	    !addr_list_accessible(call, call->in[2],
				  addr_list_length(call, call->in[2], call->in[3])))
		return RMI_OP_MEM_RECLAIM_LIST_PAS;
	return RMM_CONDITION_NONE;
}

/* Returns up to `capacity` granules of one state and notes the descriptors for the host. */
static void return_memory(struct rmm_call *call, struct operation *op, uint64_t capacity)
{
	const uint64_t count = count_alike(call, op, capacity);
	struct addr_out out = {
		.type = RMI_ADDR_TYPE_LIST,
		.capacity = OPERATION_MAX_HELD,
	};

	if (count && operation_held_state(call, op->held[0]) == RMM_GRANULE_UNDELEGATED)
		out.state = RMI_OP_MEM_UNDELEGATED;
	describe_held(call, op, count, &out);
	release_held(call, op, count);
	op->num_returned = out.count;
	memcpy(op->returned, out.entries, out.count * sizeof(op->returned[0]));
	op->after_returned = op->num_held ? OPERATION_WAIT_RECLAIM : OPERATION_WAIT_CONTINUE;
}

/* Tells the host of as much returned memory as its list can hold. */
static uint64_t report_returned(struct rmm_call *call, struct operation *op, uint64_t capacity)
{
	const uint64_t count = op->num_returned < capacity ? op->num_returned : capacity;

	if (count && !addr_list_write(call, call->in[2], op->returned, count)) {
		operation_suspend(op);
		return rmm_fail(call, RMI_OP_MEM_RECLAIM_LIST_PAS);
	}
	op->num_returned -= (unsigned int)count;
	memmove(op->returned, &op->returned[count], op->num_returned * sizeof(op->returned[0]));
	const uint64_t x0 = operation_yield(
		call, op, op->num_returned ? OPERATION_WAIT_RECLAIM : op->after_returned);
	call->out[1] = count;
	return x0;
}

uint64_t rmi_op_mem_reclaim(struct rmm_call *call)
{
	struct operation *op = operation_resume_handle(call, call->in[1]);

	if (!op)
		return fail_handle(call, RMI_OP_MEM_RECLAIM_COMPLETE, RMI_OP_MEM_RECLAIM_RUNNING);
	const enum rmm_condition failed = check_reclaim(call, op);
	if (failed != RMM_CONDITION_NONE) {
		operation_suspend(op);
		return rmm_fail(call, failed);
	}
	const uint64_t capacity = addr_list_length(call, call->in[2], call->in[3]);
	if (!capacity)
		return operation_yield(call, op, OPERATION_WAIT_RECLAIM);
	if (!op->num_returned)
		return_memory(call, op, capacity);
	return report_returned(call, op, capacity);
}

/* ---- cancel ---------------------------------------------------------------------- */

uint64_t rmi_op_cancel(struct rmm_call *call)
{
	struct operation *op = operation_resume_handle(call, call->in[1]);

	if (!op)
		return fail_handle(call, RMI_OP_CANCEL_COMPLETE, RMI_OP_CANCEL_RUNNING);
	if (!op->can_cancel) {
		operation_suspend(op);
		return rmm_fail(call, RMI_OP_CANCEL_CAN_CANCEL);
	}
	/* Unwinds like a failure, whose last answer says that the cancel succeeded. */
	op->can_cancel = false;
	op->transfer_refused = false;
	op->failed = true;
	op->condition = RMM_CONDITION_NONE;
	op->status = RMI_SUCCESS;
	op->wanted = 0;
	if (op->num_held)
		return operation_yield(call, op, OPERATION_WAIT_RECLAIM);
	return op->resume(call, op);
}
