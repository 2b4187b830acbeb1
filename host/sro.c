/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The life of a stateful operation as the host sees it: every answer says what
 * the RMM wants next, the step does that, until an answer is terminal or the
 * operation is stuck.
 */
#include "rmmsim/host/sro.h"

#include <string.h>

#include "arguments.h"
#include "fail.h"
#include "function_id.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "sro_memory.h"

#define DEFAULT_MAX_STEPS 65536u

/* Calls that the RMM rejects, or that change nothing, in a row before giving up. */
#define MAX_REJECTED      3u
#define MAX_IDLE          8u

enum step {
	STEP_ON,       /* the RMM wants something else now */
	STEP_TERMINAL, /* the operation is over; its outputs are in regs */
	STEP_STUCK,    /* it cannot go on; `why` is filled in */
};

/* One operation while it is being driven. */
struct drive {
	struct host_sro *sro;
	struct host_sro_operation op;
	struct smc_regs regs; /* outputs of the last call */
	struct sro_memory memory;
	struct host_error why;
	uint32_t rejected;
	uint32_t idle;
};

static bool is_op_command(uint64_t x0)
{
	switch (fid_plain(x0)) {
	case FID_RMI_OP_CONTINUE:
	case FID_RMI_OP_MEM_DONATE:
	case FID_RMI_OP_MEM_RECLAIM:
	case FID_RMI_OP_CANCEL:
		return true;
	default:
		return false;
	}
}

/* The outputs of a terminal answer belong to another command: no typed wrapper fits. */
static void call_op(struct drive *d, uint64_t fid, uint64_t arg2, uint64_t arg3)
{
	d->regs = (struct smc_regs){.x = {fid, d->op.handle, arg2, arg3}};
	smc_call(d->sro->next, &d->regs);
}

/* ---- what an answer means ------------------------------------------------------ */

static enum step incomplete(struct drive *d)
{
	d->op.x0 = d->regs.x[0];
	d->op.donate_req = d->regs.x[2];
	d->rejected = 0;
	return STEP_ON;
}

/*
 * A creation hands its memory back before it reports a failure, and what has
 * begun to give memory up does not fail any more (B4.3). An error that comes
 * with memory still out was meant for this call, not for the operation.
 */
static bool ends_too_early(const struct drive *d)
{
	return !rmi_answer_is(d->regs.x[0], RMI_SUCCESS) && d->op.donated != d->op.reclaimed;
}

static enum step rejected(struct drive *d, const char *call)
{
	if (++d->rejected <= MAX_REJECTED)
		return STEP_ON;
	(void)host_fail_call(&d->why, call, d->regs.x[0], "operation 0x%llx",
			     (unsigned long long)d->op.handle);
	return STEP_STUCK;
}

/* Answers of OP_CONTINUE and OP_CANCEL: both may end the operation. */
static enum step answered(struct drive *d, const char *call)
{
	uint64_t x0 = d->regs.x[0];

	if (rmi_answer_is(x0, RMI_INCOMPLETE))
		return incomplete(d);
	if (rmi_answer_is(x0, RMI_BUSY) || rmi_answer_is(x0, RMI_BLOCKED) || ends_too_early(d))
		return rejected(d, call);
	return STEP_TERMINAL;
}

static enum step idle(struct drive *d, const char *call)
{
	if (++d->idle <= MAX_IDLE)
		return STEP_ON;
	(void)host_fail(&d->why, HOST_ERROR_PROTOCOL, "%s makes no progress on operation 0x%llx",
			call, (unsigned long long)d->op.handle);
	return STEP_STUCK;
}

/* ---- the steps ------------------------------------------------------------------- */

static enum step step_continue(struct drive *d)
{
	call_op(d, FID_RMI_OP_CONTINUE, rmi_continue_flags_set_beyond(0, RMI_CONTINUE_KEEP_GOING),
		0);
	return answered(d, "RMI_OP_CONTINUE");
}

/* Without memory to donate there is only one way out, if the operation allows it. */
static enum step step_cancel(struct drive *d)
{
	enum step next;

	if (d->op.cancelled || !rmi_answer_can_cancel(d->op.x0))
		return STEP_STUCK;
	call_op(d, FID_RMI_OP_CANCEL, 0, 0);
	next = answered(d, "RMI_OP_CANCEL");
	if (next != STEP_STUCK && d->rejected == 0) {
		d->op.cancelled = true;
		d->sro->cancelled++;
	}
	return next;
}

static enum step donated(struct drive *d, uint64_t offered)
{
	uint64_t consumed = d->regs.x[1];
	bool accepted = rmi_answer_is(d->regs.x[0], RMI_INCOMPLETE);

	if (consumed > offered && accepted) {
		sro_memory_consume(&d->memory, offered);
		(void)host_fail(&d->why, HOST_ERROR_PROTOCOL,
				"RMI_OP_MEM_DONATE consumed %llu of %llu granules",
				(unsigned long long)consumed, (unsigned long long)offered);
		return STEP_STUCK;
	}
	if (consumed <= offered) {
		sro_memory_consume(&d->memory, consumed);
		d->op.donated += consumed;
	}
	if (!accepted)
		return rejected(d, "RMI_OP_MEM_DONATE");
	d->idle = consumed ? 0 : d->idle;
	(void)incomplete(d);
	return consumed ? STEP_ON : idle(d, "RMI_OP_MEM_DONATE");
}

static enum step step_donate(struct drive *d)
{
	uint64_t offered = 0;
	uint64_t entries = 0;

	if (sro_memory_offer(&d->memory, d->op.donate_req, &offered, &entries, &d->why) != HOST_OK)
		return step_cancel(d);
	call_op(d, FID_RMI_OP_MEM_DONATE, d->sro->list_pa, entries);
	return donated(d, offered);
}

static enum step step_reclaim(struct drive *d)
{
	uint32_t capacity = sro_reclaim_capacity(d->sro);
	uint64_t written;
	uint64_t pages = 0;

	call_op(d, FID_RMI_OP_MEM_RECLAIM, d->sro->list_pa, capacity);
	if (!rmi_answer_is(d->regs.x[0], RMI_INCOMPLETE))
		return rejected(d, "RMI_OP_MEM_RECLAIM");
	written = d->regs.x[1];
	(void)incomplete(d);
	if (sro_memory_take_back(&d->memory, written, capacity, &pages, &d->why) != HOST_OK)
		return STEP_STUCK;
	d->op.reclaimed += pages;
	d->idle = written ? 0 : d->idle;
	return written ? STEP_ON : idle(d, "RMI_OP_MEM_RECLAIM");
}

/* What the runner needs of its owner to move memory. */
static bool is_equipped(const struct host_sro *sro)
{
	return sro->pages && sro->memory.read && sro->memory.write;
}

static enum step step(struct drive *d)
{
	if (rmi_answer_mem(d->op.x0) != RMI_OP_MEM_REQ_NONE && !is_equipped(d->sro)) {
		(void)host_fail(
			&d->why, HOST_ERROR_CONFIG,
			"the operation moves memory: struct host_sro needs pages and memory");
		return STEP_STUCK;
	}

	switch (rmi_answer_mem(d->op.x0)) {
	case RMI_OP_MEM_REQ_NONE:
		return step_continue(d);
	case RMI_OP_MEM_REQ_DONATE:
		return step_donate(d);
	case RMI_OP_MEM_REQ_RECLAIM:
		return step_reclaim(d);
	default:
		(void)host_fail(
			&d->why, HOST_ERROR_PROTOCOL,
			"RMI_INCOMPLETE asks for memory transfer %llu, which does not exist",
			(unsigned long long)rmi_answer_mem(d->op.x0));
		return STEP_STUCK;
	}
}

/* ---- the operation ----------------------------------------------------------------- */

static enum step run_steps(struct drive *d)
{
	uint32_t left = d->sro->max_steps ? d->sro->max_steps : DEFAULT_MAX_STEPS;

	for (; left > 0; left--) {
		enum step next = step(d);

		if (next != STEP_ON)
			return next;
	}
	(void)host_fail(&d->why, HOST_ERROR_BUSY, "operation 0x%llx does not end",
			(unsigned long long)d->op.handle);
	return STEP_STUCK;
}

static void suspend(struct host_sro *sro, const struct host_sro_operation *op)
{
	if (sro->num_suspended < HOST_SRO_MAX_SUSPENDED)
		sro->suspended[sro->num_suspended++] = *op;
	else
		sro->forgotten++;
}

/* Returns the terminal outputs, or what an open operation looks like. */
static struct smc_regs drive(struct host_sro *sro, const struct host_sro_operation *op)
{
	struct drive d = {.sro = sro, .op = *op};
	enum step end;

	sro->operations++;
	sro_memory_init(&d.memory, sro);
	end = run_steps(&d);
	sro_memory_release(&d.memory);
	if (end == STEP_STUCK) {
		suspend(sro, &d.op);
		d.regs = (struct smc_regs){.x = {d.op.x0, d.op.handle, d.op.donate_req}};
	}
	/* Nested operations (delegation) have written their own end here. */
	sro->last = d.why;
	return d.regs;
}

static void sro_call(void *ctx, struct smc_regs *regs)
{
	struct host_sro *sro = ctx;
	uint64_t fid = regs->x[0];

	smc_call(sro->next, regs);
	if (!fid_is_cca(fid) || is_op_command(fid))
		return;
	sro->last = (struct host_error){.status = HOST_OK};
	if (rmi_answer_is(regs->x[0], RMI_INCOMPLETE)) {
		struct host_sro_operation op = {
			.fid = fid_plain(fid),
			.handle = regs->x[1],
			.x0 = regs->x[0],
			.donate_req = regs->x[2],
		};
		*regs = drive(sro, &op);
	}
}

struct smc_conduit host_sro_conduit(struct host_sro *sro)
{
	if (!sro)
		return host_nowhere();
	return (struct smc_conduit){.call = sro_call, .ctx = sro};
}

enum host_status host_sro_resume(struct host_sro *sro, struct host_error *error)
{
	HOST_REQUIRE(sro, error);

	struct host_sro_operation open[HOST_SRO_MAX_SUSPENDED];
	uint32_t num_open = sro->num_suspended;
	struct host_error why = {.status = HOST_OK};

	memcpy(open, sro->suspended, sizeof(open));
	sro->num_suspended = 0;
	for (uint32_t i = 0; i < num_open; i++) {
		uint32_t before = sro->num_suspended;

		(void)drive(sro, &open[i]);
		if (sro->num_suspended > before)
			why = sro->last;
	}
	if (sro->num_suspended == 0)
		return HOST_OK;
	return host_fail(error, HOST_ERROR_SUSPENDED,
			 "%u stateful operations are still open: %.180s", sro->num_suspended,
			 why.text);
}
