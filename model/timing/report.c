/* SPDX-License-Identifier: BSD-3-Clause */
/* What a report says beyond its numbers. */
#include <inttypes.h>

#include "report.h"

double rmm_timing_ns(const struct rmm_timing_report *report, uint64_t cycles)
{
	return (double)cycles * 1000.0 / (double)report->profile->clock_mhz;
}

const char *rmm_timing_command_name(enum rmm_command command)
{
	for (size_t i = 0; i < rmm_abi_num_commands; i++)
		if (rmm_abi_commands[i].id == command)
			return rmm_abi_commands[i].name;
	return "(no command)";
}

void rmm_timing_sum(const struct rmm_timing_report *report, struct rmm_timing_share *sum)
{
	*sum = (struct rmm_timing_share){0};
	for (size_t i = 0; i < report->num_pes; i++) {
		const struct rmm_timing_share *pe = &report->pes[i].share;

		sum->total += pe->total;
		sum->lock_wait += pe->lock_wait;
		sum->resource_wait += pe->resource_wait;
		for (unsigned int c = 0; c < RMM_COST_COUNT; c++)
			sum->by_cost[c] += pe->by_cost[c];
	}
}

/* Waiting is caused by other PEs' costs, so it is known as badly as the worst resource. */
static enum rmm_timing_kind waiting_kind(const struct rmm_timing_profile *profile)
{
	enum rmm_timing_kind worst = RMM_TIMING_MEASURED;

	for (unsigned int i = 0; i < RMM_RESOURCE_COUNT; i++)
		if (profile->resources[i].kind < worst)
			worst = profile->resources[i].kind;
	return worst;
}

uint64_t rmm_timing_cycles_of_kind(const struct rmm_timing_report *report,
				   enum rmm_timing_kind kind)
{
	struct rmm_timing_share sum;
	uint64_t cycles = 0;

	rmm_timing_sum(report, &sum);
	for (unsigned int c = 0; c < RMM_COST_COUNT; c++)
		if (report->profile->costs[c].kind == kind)
			cycles += sum.by_cost[c];
	if (waiting_kind(report->profile) == kind)
		cycles += sum.lock_wait + sum.resource_wait;
	return cycles;
}
