/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/smc.h"

#include <stdbool.h>

#include "arguments.h"
#include "function_id.h"
#include "result.h"

/* ---- retry ---------------------------------------------------------------- */

static bool asks_to_repeat(uint64_t x0)
{
	return rmi_answer_is(x0, RMI_BUSY) || rmi_answer_is(x0, RMI_BLOCKED);
}

static bool may_repeat(struct host_smc_retry *retry, uint32_t attempt)
{
	if (attempt > retry->bound)
		return false;
	return !retry->wait || retry->wait(retry->wait_ctx, attempt) == 0;
}

static void retry_call(void *ctx, struct smc_regs *regs)
{
	struct host_smc_retry *retry = ctx;
	const struct smc_regs inputs = *regs;
	uint32_t attempt = 0;

	smc_call(retry->next, regs);
	if (!fid_is_cca(inputs.x[0]))
		return;
	while (asks_to_repeat(regs->x[0])) {
		if (!may_repeat(retry, ++attempt)) {
			retry->exhausted++;
			return;
		}
		retry->retries++;
		*regs = inputs;
		smc_call(retry->next, regs);
	}
}

struct smc_conduit host_smc_retry_conduit(struct host_smc_retry *retry)
{
	if (!retry)
		return host_nowhere();
	return (struct smc_conduit){.call = retry_call, .ctx = retry};
}

/* ---- statistics ------------------------------------------------------------- */

static void count_answer(struct host_smc_stats *stats, uint64_t x0)
{
	uint64_t status = rmi_answer_status(x0);

	if (x0 == RMI_ANSWER_NOT_SUPPORTED)
		return;
	if (status >= HOST_SMC_NUM_STATUSES)
		status = HOST_SMC_NUM_STATUSES - 1;
	stats->by_status[status]++;
}

static void stats_call(void *ctx, struct smc_regs *regs)
{
	struct host_smc_stats *stats = ctx;
	uint64_t fid = regs->x[0];

	smc_call(stats->next, regs);
	stats->calls++;
	if (regs->x[0] == RMI_ANSWER_NOT_SUPPORTED)
		stats->not_supported++;
	if (!fid_is_cca(fid))
		return;
	stats->by_function[fid_number(fid) - HOST_SMC_FNUM_FIRST]++;
	count_answer(stats, regs->x[0]);
}

struct smc_conduit host_smc_stats_conduit(struct host_smc_stats *stats)
{
	if (!stats)
		return host_nowhere();
	return (struct smc_conduit){.call = stats_call, .ctx = stats};
}

uint64_t host_smc_stats_calls(const struct host_smc_stats *stats, uint64_t fid)
{
	if (!host_is_argument(stats))
		return 0;

	return fid_is_cca(fid) ? stats->by_function[fid_number(fid) - HOST_SMC_FNUM_FIRST] : 0;
}
