/* SPDX-License-Identifier: BSD-3-Clause */
/* Stateful operations, by hand. */
#include <stddef.h>

#include "scenario.h"

/* Begins RMI_REC_CREATE; the answer is in *regs. */
static bool begin_rec(struct world *w, struct small_realm *r, struct smc_regs *regs)
{
	struct rmi_rec_params params = {0};

	if (!create_realm(w, r))
		return false;
	r->rec = take_delegated(w);
	r->run = take_page(w);
	params.flags = rmi_rec_create_flags_set_runnable(0, RMI_RUNNABLE);
	write_page(w, r->params, &params);
	*regs = (struct smc_regs){.x = {FID_RMI_REC_CREATE, r->rd, r->rec, r->params}};
	smc_call(w->smc, regs);
	return status_of(regs->x[0]) == RMI_INCOMPLETE;
}

static void take_down(struct world *w, struct small_realm *r)
{
	destroy_rec(w, r);
	destroy_realm(w, r);
}

/* Treats RMI_INCOMPLETE as success and goes on. */
static void abandon(struct world *w)
{
	struct small_realm r;
	struct smc_regs regs;

	if (!begin_rec(w, &r, &regs) || w->broken)
		return;
	(void)finish_operation(w, regs.x[0], regs.x[1], regs.x[2]);
	take_down(w, &r);
}

/* RMI_OP_CONTINUE(flags, handle). */
static void swap_handle_and_flags(struct world *w)
{
	uint64_t page = take_delegated(w);
	struct smc_regs regs = {.x = {FID_RMI_GRANULE_RANGE_UNDELEGATE, page, page + PAGE}};
	uint64_t keep_going = rmi_continue_flags_set_beyond(0, RMI_CONTINUE_KEEP_GOING);

	smc_call(w->smc, &regs);
	if (status_of(regs.x[0]) != RMI_INCOMPLETE)
		return;
	if (w->broken)
		(void)rmi_op_continue(w->smc, keep_going, regs.x[1]);
	(void)finish_operation(w, regs.x[0], regs.x[1], regs.x[2]);
}

/* Goes on with the handle after the terminal status. */
static void use_after_end(struct world *w)
{
	struct small_realm r;
	struct smc_regs regs;

	if (!begin_rec(w, &r, &regs))
		return;
	(void)finish_operation(w, regs.x[0], regs.x[1], regs.x[2]);
	if (w->broken)
		(void)rmi_op_continue(w->smc, regs.x[1], 0);
	take_down(w, &r);
}

/* Continues an operation that waits for memory. */
static void continue_without_donating(struct world *w)
{
	struct small_realm r;
	struct smc_regs regs;

	if (!begin_rec(w, &r, &regs))
		return;
	if (w->broken)
		(void)rmi_op_continue(w->smc, regs.x[1], 0);
	(void)finish_operation(w, regs.x[0], regs.x[1], regs.x[2]);
	take_down(w, &r);
}

/* Does not look at the new request after a donation that was taken in part. */
static void donate_too_much(struct world *w)
{
	struct small_realm r;
	struct smc_regs regs;
	uint64_t list = take_page(w);
	uint64_t first = take_page(w);
	uint64_t count = 17;
	uint64_t desc;
	struct rmi_op_mem_donate_result d;

	w->next_page += 16 * PAGE;
	if (!begin_rec(w, &r, &regs))
		return;
	if (!w->broken)
		count = rmi_op_mem_donate_req_get_count(regs.x[2]);
	(void)delegate(w, first, first + count * PAGE);
	desc = rmi_addr_range_desc_set_addr(rmi_addr_range_desc_set_count(0, count), first / PAGE);
	(void)w->memory.write(w->memory.ctx, list, &desc, sizeof(desc));
	d = rmi_op_mem_donate(w->smc, regs.x[1], list, 1);
	if (!w->broken)
		regs.x[0] = d.result;
	if (w->broken)
		undelegate(w, first, first + count * PAGE);
	(void)finish_operation(w, regs.x[0], regs.x[1], regs.x[2]);
	take_down(w, &r);
}

/* Donates pages before they are delegated. */
static void donate_undelegated(struct world *w)
{
	struct small_realm r;
	struct smc_regs regs;
	uint64_t list = take_page(w);
	uint64_t page = take_page(w);
	uint64_t desc;

	if (!begin_rec(w, &r, &regs))
		return;
	desc = rmi_addr_range_desc_set_addr(rmi_addr_range_desc_set_count(0, 1), page / PAGE);
	(void)w->memory.write(w->memory.ctx, list, &desc, sizeof(desc));
	if (w->broken) {
		(void)rmi_op_mem_donate(w->smc, regs.x[1], list, 1);
	} else {
		struct rmi_op_mem_donate_result d;

		(void)delegate(w, page, page + PAGE);
		d = rmi_op_mem_donate(w->smc, regs.x[1], list, 1);
		regs.x[0] = d.result;
		regs.x[2] = d.donate_req;
	}
	(void)finish_operation(w, regs.x[0], regs.x[1], regs.x[2]);
	take_down(w, &r);
}

/* Frees reclaimed memory without undelegating it. */
static void drop_reclaimed(struct world *w)
{
	struct small_realm r;
	struct smc_regs regs;
	uint64_t list = take_page(w);

	if (!begin_rec(w, &r, &regs))
		return;
	(void)finish_operation(w, regs.x[0], regs.x[1], regs.x[2]);
	regs = (struct smc_regs){.x = {FID_RMI_REC_DESTROY, r.rec}};
	smc_call(w->smc, &regs);
	if (w->broken) {
		regs.x[0] = rmi_op_mem_reclaim(w->smc, regs.x[1], list, 512).result;
		regs.x[2] = 0;
	}
	(void)finish_operation(w, regs.x[0], regs.x[1], regs.x[2]);
	give_back(w, r.rec);
	destroy_realm(w, &r);
}

const struct scenario operation_scenarios[] = {
	{"abandon", "operation abandoned", NULL, NULL, HOST_FINDING_OPERATION_ABANDONED, abandon},
	{"swap-handle-and-flags", "handle and flags swapped",
	 "RMI_GRANULE_RANGE_UNDELEGATE=yield:2", NULL, HOST_FINDING_HANDLE_SWAPPED,
	 swap_handle_and_flags},
	{"use-after-end", "handle used after the end of its operation", NULL, NULL,
	 HOST_FINDING_HANDLE_STALE, use_after_end},
	{"continue-without-donating", "operation continued that waits for memory", NULL, NULL,
	 HOST_FINDING_OPERATION_STEP, continue_without_donating},
	{"donate-too-much", "more donated than asked for", NULL, NULL, HOST_FINDING_DONATION_EXCESS,
	 donate_too_much},
	{"donate-undelegated", "page donated before it was delegated", NULL, NULL,
	 HOST_FINDING_PAGE_NOT_DELEGATED, donate_undelegated},
	{"drop-reclaimed", "reclaimed memory not undelegated", NULL, NULL, HOST_FINDING_PAGE_LEAKED,
	 drop_reclaimed},
	{NULL, NULL, NULL, NULL, HOST_FINDING_COUNT, NULL},
};
