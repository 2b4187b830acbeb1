/* SPDX-License-Identifier: BSD-3-Clause */
/* PSCI calls of the realm that the host sees (DEN0137 2.0 A4.3; DEN0022). */
#include "fail.h"
#include "rec.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rmmsim/abi/rmm2_0b3_calls.h"
#include "runner.h"

/* SMC32 and SMC64 forms of one function differ in this bit only. */
#define FID_SMC64          UINT64_C(0x40000000)

#define PSCI_FUNCTION(fid) ((uint64_t)(fid) & ~FID_SMC64)

static enum run_next fail_with(struct runner *r, enum host_status status)
{
	r->status = status;
	return RUN_END;
}

/* Since 2.0-bet2 the RMM finds the target by itself. */
static uint64_t psci_complete(struct host_realm *realm, uint64_t calling, uint64_t target,
			      uint64_t answer)
{
	struct host *host = realm->host;

	if (host->sro.version >= RMM_VERSION_2_0_BET2)
		return rmm2_0b3_rmi_psci_complete(&host->top, calling, answer).result;
	return rmi_psci_complete(&host->top, calling, target, answer).result;
}

static enum run_next complete(struct runner *r, size_t target, uint64_t answer)
{
	struct host_realm *realm = r->realm;
	const uint64_t x0 =
		psci_complete(realm, realm->recs[r->index].pa, realm->recs[target].pa, answer);

	if (rmi_answer_is(x0, RMI_SUCCESS))
		return RUN_ENTER;
	return fail_with(r, host_fail_call(r->error, "RMI_PSCI_COMPLETE", x0, "REC %zu", target));
}

static enum run_next on_cpu_on(struct runner *r, size_t target)
{
	struct rec *rec = &r->realm->recs[target];
	bool allow = true;
	enum run_next next;

	/* The RMM answers ALREADY_ON for a REC that is on; there is nothing to decide. */
	if (!rec->on && r->ops->cpu_on)
		allow = r->ops->cpu_on(r->ops->ctx, target);
	next = complete(r, target, allow ? PSCI_SUCCESS : PSCI_DENIED);
	if (next == RUN_ENTER && allow)
		rec->on = true;
	return next;
}

/* Calls that wait for RMI_PSCI_COMPLETE name another REC. */
static enum run_next with_target(struct runner *r,
				 enum run_next (*handle)(struct runner *r, size_t target))
{
	size_t target;

	if (rec_by_mpidr_el1(r->realm, r->exit.gprs[1], &target))
		return handle(r, target);
	return fail_with(r, host_fail(r->error, HOST_ERROR_STATE,
				      "PSCI names MPIDR 0x%llx, which is no REC of the realm",
				      (unsigned long long)r->exit.gprs[1]));
}

static enum run_next on_affinity_info(struct runner *r, size_t target)
{
	return complete(r, target, PSCI_SUCCESS);
}

static enum run_next off(struct runner *r, enum host_run_end end)
{
	r->realm->recs[r->index].on = false;
	return run_end(r, end);
}

enum run_next run_on_psci(struct runner *r)
{
	switch (PSCI_FUNCTION(r->exit.gprs[0])) {
	case PSCI_FUNCTION(FID_PSCI_CPU_ON):
		return with_target(r, on_cpu_on);
	case PSCI_FUNCTION(FID_PSCI_AFFINITY_INFO):
		return with_target(r, on_affinity_info);
	case PSCI_FUNCTION(FID_PSCI_CPU_OFF):
		return off(r, HOST_RUN_CPU_OFF);
	case PSCI_FUNCTION(FID_PSCI_CPU_SUSPEND):
		return run_end(r, HOST_RUN_SUSPENDED);
	case PSCI_FUNCTION(FID_PSCI_SYSTEM_OFF):
		return off(r, HOST_RUN_SYSTEM_OFF);
	case PSCI_FUNCTION(FID_PSCI_SYSTEM_RESET):
		return off(r, HOST_RUN_SYSTEM_RESET);
	default:
		return run_on_other(r);
	}
}
