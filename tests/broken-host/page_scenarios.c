/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages on their way between the worlds. */
#include <stddef.h>

#include "scenario.h"

/* An error path that forgets the page. */
static void leak_on_error(struct world *w)
{
	struct small_realm r;
	uint64_t table;

	if (!create_realm(w, &r))
		return;
	table = take_delegated(w);
	/* Level 3 without level 2: refused. */
	if (!succeeded(rmi_rtt_create(w->smc, r.rd, table, RAM, 3).result) && !w->broken)
		give_back(w, table);
	destroy_realm(w, &r);
}

/* Rolls back the whole range though only a part was delegated. */
static void rollback_too_far(struct world *w)
{
	uint64_t base = take_page(w);
	uint64_t top = base + 4 * PAGE;
	uint64_t reached;

	w->next_page = top;
	reached = delegate(w, base, top);
	if (reached < top)
		undelegate(w, base, w->broken ? top : reached);
	else
		undelegate(w, base, top);
}

/* Undelegates what was never delegated: the error path starts one page too early. */
static void undelegate_stranger(struct world *w)
{
	uint64_t stranger = take_page(w);
	uint64_t page = take_delegated(w);

	give_back(w, w->broken ? stranger : page);
	if (w->broken)
		give_back(w, page);
}

/* Two lists own one page. */
static void delegate_twice(struct world *w)
{
	uint64_t page = take_delegated(w);

	if (w->broken)
		(void)delegate(w, page, page + PAGE);
	give_back(w, page);
}

/* The first answer is taken for all of the range. */
static void delegate_ignores_progress(struct world *w)
{
	uint64_t base = take_page(w);
	uint64_t second = take_page(w);
	uint64_t params = take_page(w);
	struct rmi_realm_params p = {.s2sz = 39, .num_bps = 1, .num_wps = 1};

	if (w->broken)
		(void)rmi_granule_range_delegate(w->smc, base, second + PAGE);
	else
		(void)delegate(w, base, second + PAGE);
	p.rtt_base = second;
	p.rtt_level_start = 1;
	p.rtt_num_start = 1;
	write_page(w, params, &p);
	if (succeeded(rmi_realm_create(w->smc, base, params).result)) {
		(void)rmi_realm_terminate(w->smc, base);
		(void)rmi_realm_destroy(w->smc, base);
	}
	undelegate(w, base, second + PAGE);
}

/* The same on the way back: the second page stays with the RMM. */
static void undelegate_ignores_progress(struct world *w)
{
	uint64_t base = take_page(w);

	(void)take_page(w);
	(void)delegate(w, base, base + 2 * PAGE);
	if (w->broken)
		(void)rmi_granule_range_undelegate(w->smc, base, base + 2 * PAGE);
	else
		undelegate(w, base, base + 2 * PAGE);
}

/* The host zeroes a page after it gave it away rather than before. */
static void touch_after_delegation(struct world *w)
{
	static const uint8_t zero[PAGE];
	uint64_t page = take_page(w);

	if (!w->broken)
		write_page(w, page, zero);
	(void)delegate(w, page, page + PAGE);
	if (w->broken)
		write_page(w, page, zero);
	give_back(w, page);
}

/* BUSY is answered by trying again, and again. */
static void retry_for_ever(struct world *w)
{
	uint64_t page = take_page(w);
	struct rmi_granule_range_delegate_result r;

	for (unsigned int tries = 0; w->broken || tries < 50; tries++) {
		r = rmi_granule_range_delegate(w->smc, page, page + PAGE);
		if (r.result == UINT64_MAX || status_of(r.result) != RMI_BUSY)
			break;
	}
}

/* A loop over a range that waits for progress which does not come. */
static void wait_for_progress(struct world *w)
{
	uint64_t base = take_page(w);
	uint64_t top = base + PAGE;

	for (unsigned int tries = 0; base < top && (w->broken || tries < 50); tries++) {
		struct rmi_granule_range_delegate_result r =
			rmi_granule_range_delegate(w->smc, base, top);

		if (!succeeded(r.result))
			break;
		base = r.out_top;
	}
}

/* out_top of a call that failed is used as the new base. */
static void output_of_failure(struct world *w)
{
	uint64_t base = take_page(w);
	struct rmi_granule_range_delegate_result r =
		rmi_granule_range_delegate(w->smc, base, base + PAGE);

	if (succeeded(r.result))
		give_back(w, base);
	else if (w->broken)
		(void)rmi_granule_range_delegate(w->smc, r.out_top, r.out_top + PAGE);
}

const struct scenario page_scenarios[] = {
	{"leak-on-error", "page leaked on an error path", NULL, NULL, HOST_FINDING_PAGE_LEAKED,
	 leak_on_error},
	{"rollback-too-far", "rollback of what was not delegated",
	 "RMI_GRANULE_RANGE_DELEGATE@2=RMI_GRANULE_RANGE_DELEGATE_PAS; "
	 "RMI_GRANULE_RANGE_DELEGATE=progress:2",
	 NULL, HOST_FINDING_UNDELEGATE_NOT_DELEGATED, rollback_too_far},
	{"undelegate-stranger", "undelegate of a page that was never delegated", NULL, NULL,
	 HOST_FINDING_UNDELEGATE_NOT_DELEGATED, undelegate_stranger},
	{"delegate-twice", "one page with two owners", NULL, NULL, HOST_FINDING_DELEGATE_TWICE,
	 delegate_twice},
	{"delegate-ignores-progress", "partial delegation taken for all",
	 "RMI_GRANULE_RANGE_DELEGATE=progress:1", NULL, HOST_FINDING_PROGRESS_IGNORED,
	 delegate_ignores_progress},
	{"undelegate-ignores-progress", "partial undelegation taken for all",
	 "RMI_GRANULE_RANGE_UNDELEGATE=progress:1", NULL, HOST_FINDING_PROGRESS_IGNORED,
	 undelegate_ignores_progress},
	{"touch-after-delegation", "delegated granule touched", NULL, NULL,
	 HOST_FINDING_TOUCH_DELEGATED, touch_after_delegation},
	{"retry-for-ever", "retry without bound", "RMI_GRANULE_RANGE_DELEGATE=RMI_BUSY", NULL,
	 HOST_FINDING_LIVELOCK, retry_for_ever},
	{"wait-for-progress", "loop without progress", "RMI_GRANULE_RANGE_DELEGATE=progress:0",
	 NULL, HOST_FINDING_LIVELOCK, wait_for_progress},
	{"output-of-failure", "undefined output used",
	 "poison; RMI_GRANULE_RANGE_DELEGATE@1=RMI_GRANULE_RANGE_DELEGATE_PAS", NULL,
	 HOST_FINDING_UNDEFINED_OUTPUT, output_of_failure},
	{NULL, NULL, NULL, NULL, HOST_FINDING_COUNT, NULL},
};
