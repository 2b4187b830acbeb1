/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Level 1 GPTs (DEN0137 2.0 A2.3.9): without one no page of a region can be
 * delegated. Firmware has built them, or the host has to, with memory of its own.
 */
#include <stdio.h>

#include "fail.h"
#include "host_state.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rmmsim/abi/rmm2_0b3_calls.h"

static enum host_status remember_gpt(struct host *host, uint64_t region, struct host_error *error)
{
	void *array = host->gpt_regions;

	if (!host_grow_array(&array, host->num_gpt_regions, sizeof(host->gpt_regions[0]))) {
		(void)rmi_gpt_l1_destroy(&host->top, region);
		return host_fail(error, HOST_ERROR_NO_MEMORY, "host: out of memory");
	}
	host->gpt_regions = array;
	host->gpt_regions[host->num_gpt_regions++] = region;
	return HOST_OK;
}

/* Since 2.0-bet3 a table of firmware's is none that could exist already: it is denied. */
static bool is_firmwares(struct host *host, uint64_t region)
{
	const uint64_t top = region + (UINT64_C(1) << host->caps.l0gpt_shift);
	const struct rmm2_0b3_rmi_gpt_info_result r =
		rmm2_0b3_rmi_gpt_info(&host->top, region, top);

	return rmi_answer_is(r.result, RMI_SUCCESS) && r.state == RMM2_0B3_RMI_GPT_PAR_PLAT;
}

static enum host_status create_gpt(struct host *host, uint64_t region, struct host_error *error)
{
	uint64_t x0 = rmi_gpt_l1_create(&host->top, region).result;
	char what[48];

	if (host_succeeded(host, x0))
		return remember_gpt(host, region, error);
	/* The table is there already: the platform or another host created it. */
	if (rmi_answer_is(x0, RMI_ERROR_GPT))
		return HOST_OK;
	if (rmi_answer_is(x0, RMI_ERROR_GLOBAL) && is_firmwares(host, region))
		return HOST_OK;
	(void)snprintf(what, sizeof(what), "the region at 0x%llx", (unsigned long long)region);
	return host_fail_operation(host, error, "RMI_GPT_L1_CREATE", x0, what);
}

enum host_status host_create_gpts(struct host *host, uint64_t base, uint64_t top,
				  struct host_error *error)
{
	uint64_t size = UINT64_C(1) << host->caps.l0gpt_shift;
	uint64_t first = base & ~(size - 1);
	uint64_t last = (top - 1) & ~(size - 1);
	uint64_t count = ((last - first) >> host->caps.l0gpt_shift) + 1;

	for (uint64_t i = 0; i < count; i++) {
		enum host_status status = create_gpt(host, first + i * size, error);

		if (status != HOST_OK)
			return status;
	}
	return HOST_OK;
}

void host_destroy_gpts(struct host *host)
{
	/* A refusal leaves the table in place, and those before it, which may hold its memory. */
	while (host->num_gpt_regions > 0) {
		const uint64_t region = host->gpt_regions[host->num_gpt_regions - 1];

		if (!host_succeeded(host, rmi_gpt_l1_destroy(&host->top, region).result))
			return;
		host->num_gpt_regions--;
	}
}
