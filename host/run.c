/* SPDX-License-Identifier: BSD-3-Clause */
/* The run loop: enter, count, hand the exit to whoever handles its reason. */
#include "rmmsim/host/run.h"

#include "arguments.h"
#include "fail.h"
#include "result.h"
#include "runner.h"

const char *host_run_end_name(enum host_run_end end)
{
	switch (end) {
	case HOST_RUN_STOPPED:
		return "HOST_RUN_STOPPED";
	case HOST_RUN_SYSTEM_OFF:
		return "HOST_RUN_SYSTEM_OFF";
	case HOST_RUN_SYSTEM_RESET:
		return "HOST_RUN_SYSTEM_RESET";
	case HOST_RUN_CPU_OFF:
		return "HOST_RUN_CPU_OFF";
	case HOST_RUN_SUSPENDED:
		return "HOST_RUN_SUSPENDED";
	case HOST_RUN_REALM_GONE:
		return "HOST_RUN_REALM_GONE";
	case HOST_RUN_NOT_RUNNABLE:
		return "HOST_RUN_NOT_RUNNABLE";
	case HOST_RUN_UNHANDLED:
		return "HOST_RUN_UNHANDLED";
	case HOST_RUN_LIMIT:
		return "HOST_RUN_LIMIT";
	case HOST_RUN_SERROR:
		return "HOST_RUN_SERROR";
	}
	return "unknown end";
}

enum run_next run_end(struct runner *r, enum host_run_end end)
{
	r->result->end = end;
	return RUN_END;
}

enum run_next run_verdict(struct runner *r, enum host_verdict verdict)
{
	return verdict == HOST_CONTINUE ? RUN_ENTER : run_end(r, HOST_RUN_STOPPED);
}

/* ---- exits that need one line ------------------------------------------------------- */

static enum run_next on_interrupt(struct runner *r)
{
	if (!r->ops->interrupt)
		return RUN_ENTER;
	return run_verdict(r, r->ops->interrupt(r->ops->ctx, r->exit.exit_reason));
}

/* The registers go back in any case: the realm reads the answer from them. */
static enum run_next on_host_call(struct runner *r)
{
	enum host_verdict verdict = HOST_CONTINUE;
	uint64_t gprs[HOST_REC_NUM_GPRS];

	for (size_t i = 0; i < HOST_REC_NUM_GPRS; i++)
		gprs[i] = r->exit.gprs[i];
	if (r->ops->host_call)
		verdict = r->ops->host_call(r->ops->ctx, r->exit.imm, gprs);
	for (size_t i = 0; i < HOST_REC_NUM_GPRS; i++)
		r->enter.gprs[i] = gprs[i];
	return run_verdict(r, verdict);
}

static enum run_next on_serror(struct runner *r)
{
	if (!r->ops->serror)
		return run_end(r, HOST_RUN_SERROR);
	return run_verdict(r, r->ops->serror(r->ops->ctx, r->exit.esr));
}

enum run_next run_on_other(struct runner *r)
{
	if (!r->ops->other)
		return run_end(r, HOST_RUN_UNHANDLED);
	return run_verdict(r, r->ops->other(r->ops->ctx, &r->exit, &r->enter));
}

static enum run_next dispatch(struct runner *r)
{
	switch (r->exit.exit_reason) {
	case RMI_EXIT_SYNC:
		return run_on_sync(r);
	case RMI_EXIT_IRQ:
	case RMI_EXIT_FIQ:
		return on_interrupt(r);
	case RMI_EXIT_PSCI:
		return run_on_psci(r);
	case RMI_EXIT_RIPAS_CHANGE:
		return run_on_ripas_change(r);
	case RMI_EXIT_HOST_CALL:
		return on_host_call(r);
	case RMI_EXIT_SERROR:
		return on_serror(r);
	default:
		return run_on_other(r);
	}
}

/* ---- the loop ----------------------------------------------------------------------------- */

static void count_exit(struct runner *r)
{
	uint8_t reason = r->exit.exit_reason;

	r->result->exits++;
	r->result->by_reason[reason < HOST_NUM_EXIT_REASONS ? reason : HOST_NUM_EXIT_REASONS - 1]++;
	r->result->last = r->exit;
}

static enum run_next handle(struct runner *r)
{
	enum run_next next;

	count_exit(r);
	/* Only faults in a row are one fault that was not resolved. */
	if (r->exit.exit_reason != RMI_EXIT_SYNC)
		r->last_fault = RUN_NO_FAULT;
	/* What the next entry says is an answer to this exit and to no other. */
	r->enter = (struct rmi_rec_enter){0};
	if (r->ops->exit && r->ops->exit(r->ops->ctx, &r->exit) == HOST_STOP)
		r->stop = true;
	next = dispatch(r);
	if (next == RUN_ENTER && r->stop)
		next = run_end(r, HOST_RUN_STOPPED);
	return next;
}

/* Answers of RMI_REC_ENTER that tell about the realm rather than about the host. */
static enum run_next refused(struct runner *r, const struct host_error *why)
{
	if (why->status == HOST_ERROR_RMI && rmi_answer_is(why->x0, RMI_ERROR_REALM))
		return run_end(r, HOST_RUN_REALM_GONE);
	if (why->status == HOST_ERROR_RMI && rmi_answer_is(why->x0, RMI_ERROR_REC))
		return run_end(r, HOST_RUN_NOT_RUNNABLE);
	r->status = why->status;
	if (r->error)
		*r->error = *why;
	return RUN_END;
}

static enum run_next enter(struct runner *r)
{
	struct host_error why;

	if (r->ops->enter)
		r->ops->enter(r->ops->ctx, &r->enter);
	if (host_rec_enter(r->realm, r->index, &r->enter, &r->exit, &why) != HOST_OK)
		return refused(r, &why);
	return handle(r);
}

enum host_status host_rec_run(struct host_realm *realm, size_t index,
			      const struct host_run_ops *ops, uint64_t max_exits,
			      struct host_run_result *result, struct host_error *error)
{
	static const struct host_run_ops defaults = {0};
	struct runner r = {
		.realm = realm,
		.index = index,
		.ops = ops ? ops : &defaults,
		.result = result,
		.error = error,
		.status = HOST_OK,
		.last_fault = RUN_NO_FAULT,
	};
	enum run_next next;

	HOST_REQUIRE_REALM(realm, error);
	HOST_REQUIRE(result, error);
	*result = (struct host_run_result){.end = HOST_RUN_LIMIT};
	if (index < realm->num_recs)
		r.enter = realm->recs[index].answer;
	do {
		next = enter(&r);
	} while (next == RUN_ENTER && (max_exits == 0 || result->exits < max_exits));
	if (index < realm->num_recs)
		realm->recs[index].answer = r.enter;
	return r.status;
}
