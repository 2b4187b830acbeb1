/* SPDX-License-Identifier: BSD-3-Clause */
/* The realm asks for a change of RIPAS (DEN0137 2.0 A5.4). */
#include "fail.h"
#include "progress.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rtt.h"
#include "runner.h"

/*
 * Applies the change to [base, top). *reached is where it stopped: an entry that
 * cannot be changed is the realm's affair and no error.
 */
static enum host_status apply(struct runner *r, uint64_t base, uint64_t top, uint64_t *reached)
{
	struct host_realm *realm = r->realm;
	struct rtt_growth growth = RTT_GROWTH_NONE;
	struct progress progress = {0};
	enum host_status status = HOST_OK;

	*reached = base;
	while (status == HOST_OK && *reached < top) {
		struct rmi_rtt_set_ripas_result s = rmi_rtt_set_ripas(
			&realm->host->top, realm->rd, realm->recs[r->index].pa, *reached, top);

		if (rmi_answer_is(s.result, RMI_SUCCESS)) {
			status = progress_check(&progress, "RMI_RTT_SET_RIPAS", *reached, top,
						s.out_top, r->error);
			*reached = status == HOST_OK ? s.out_top : *reached;
			growth = RTT_GROWTH_NONE;
		} else if (rtt_may_grow(&growth, s.result)) {
			status = rtt_grow(realm, *reached, s.result, &growth, r->error);
		} else if (rmi_answer_is(s.result, RMI_ERROR_RTT)) {
			break;
		} else {
			status = host_fail_call(r->error, "RMI_RTT_SET_RIPAS", s.result,
						"IPA 0x%llx", (unsigned long long)*reached);
		}
	}
	return status;
}

static enum host_status accept_change(struct runner *r)
{
	uint64_t base = r->exit.ripas_base;
	uint64_t reached;
	enum host_status status = apply(r, base, r->exit.ripas_top, &reached);

	/* Memory that the realm has given up serves somebody else. */
	if (status == HOST_OK && r->exit.ripas_value == RMI_RIPAS_EMPTY && reached > base)
		status = host_realm_unmap(r->realm, base, reached - base, r->error);
	return status;
}

enum run_next run_on_ripas_change(struct runner *r)
{
	const struct host_run_ops *ops = r->ops;

	if (ops->ripas_change && !ops->ripas_change(ops->ctx, r->exit.ripas_base, r->exit.ripas_top,
						    r->exit.ripas_value)) {
		r->enter.flags =
			rmi_rec_enter_flags_set_ripas_response(r->enter.flags, RMI_RESPONSE_REJECT);
		return RUN_ENTER;
	}
	r->status = accept_change(r);
	return r->status == HOST_OK ? RUN_ENTER : RUN_END;
}
