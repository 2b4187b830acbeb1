/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tracking (DEN0137 2.0 A2.3): RAM has to be conventional memory whose state the
 * RMM keeps by granule. Firmware has set memory aside for that, or the RMM asks
 * the host for it, which RMI_GRANULE_TRACKING_SET does.
 */
#include <stdio.h>

#include "fail.h"
#include "host_state.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"

/* With granules of 4 KiB there is one size of regions. */
#define REGION_SIZE (UINT64_C(1) << 30)

static uint64_t region_of(uint64_t pa)
{
	return pa & ~(REGION_SIZE - 1);
}

/* A run of memory that is alike. */
struct tracked_run {
	uint64_t base;
	uint64_t top;
	uint64_t category;
	uint64_t state;
};

static enum host_status get_run(struct host *host, uint64_t base, uint64_t top,
				struct tracked_run *run, struct host_error *error)
{
	const struct rmi_granule_tracking_get_result r =
		rmi_granule_tracking_get(&host->top, base, top);

	if (!rmi_answer_is(r.result, RMI_SUCCESS))
		return host_fail_call(error, "RMI_GRANULE_TRACKING_GET", r.result,
				      "[0x%llx, 0x%llx)", (unsigned long long)base,
				      (unsigned long long)top);
	if (r.out_top <= base || r.out_top > top)
		return host_fail(error, HOST_ERROR_PROTOCOL,
				 "RMI_GRANULE_TRACKING_GET of [0x%llx, 0x%llx) ends at 0x%llx",
				 (unsigned long long)base, (unsigned long long)top,
				 (unsigned long long)r.out_top);
	*run = (struct tracked_run){
		.base = base, .top = r.out_top, .category = r.category, .state = r.state};
	return HOST_OK;
}

static enum host_status remember(struct host *host, const struct tracked_region *region,
				 struct host_error *error)
{
	void *array = host->tracked;

	if (!host_grow_array(&array, host->num_tracked, sizeof(host->tracked[0])))
		return host_fail(error, HOST_ERROR_NO_MEMORY, "host: out of memory");
	host->tracked = array;
	host->tracked[host->num_tracked++] = *region;
	return HOST_OK;
}

static enum host_status fail_run(const struct tracked_run *run, struct host_error *error)
{
	return host_fail(error, HOST_ERROR_NOT_SUPPORTED,
			 "memory at 0x%llx has category %u and tracking state %u: it cannot be "
			 "used for realms",
			 (unsigned long long)run->base, (unsigned int)run->category,
			 (unsigned int)run->state);
}

/* Whether a part of the region is tracked by granule: then the others are holes. */
static bool is_fine(struct host *host, uint64_t region)
{
	struct tracked_run run = {.top = region};

	while (run.top < region + REGION_SIZE &&
	       get_run(host, run.top, region + REGION_SIZE, &run, NULL) == HOST_OK)
		if (run.state == RMI_TRACKING_FINE)
			return true;
	return false;
}

static enum host_status track_region(struct host *host, uint64_t pa, const struct tracked_run *run,
				     struct host_error *error)
{
	const struct tracked_region region = {
		.pa = pa, .category = run->category, .state = run->state};
	enum host_status status;
	char what[128];
	uint64_t x0;

	if (is_fine(host, pa))
		return fail_run(run, error);
	status = remember(host, &region, error);
	if (status != HOST_OK)
		return status;
	x0 = rmi_granule_tracking_set(&host->top, pa, run->category, RMI_TRACKING_FINE).result;
	if (host_succeeded(host, x0))
		return HOST_OK;
	if (!rmi_answer_is(x0, RMI_INCOMPLETE))
		host->num_tracked--;
	(void)snprintf(what, sizeof(what), "the region at 0x%llx, whose tracking state is %u,",
		       (unsigned long long)pa, (unsigned int)run->state);
	return host_fail_operation(host, error, "RMI_GRANULE_TRACKING_SET", x0, what);
}

static bool holds_pool(const struct host_config *config, uint64_t region)
{
	return region < config->pool_base + config->pool_size &&
	       config->pool_base < region + REGION_SIZE;
}

static enum host_status track_run(struct host *host, const struct host_config *config,
				  const struct tracked_run *run, enum tracking_pass pass,
				  bool *left, struct host_error *error)
{
	enum host_status status = HOST_OK;

	if (run->state == RMI_TRACKING_FINE)
		return HOST_OK;
	for (uint64_t region = region_of(run->base); status == HOST_OK && region < run->top;
	     region += REGION_SIZE) {
		if (pass == TRACKING_OF_POOL && !holds_pool(config, region))
			*left = true;
		else
			status = track_region(host, region, run, error);
	}
	return status;
}

static bool is_usable(const struct tracked_run *run)
{
	return run->category == RMI_MEM_CATEGORY_CONVENTIONAL &&
	       run->state != RMI_TRACKING_RESERVED;
}

enum host_status host_track(struct host *host, const struct host_config *config, uint64_t base,
			    uint64_t top, enum tracking_pass pass, bool *left,
			    struct host_error *error)
{
	struct tracked_run run = {.top = base};
	enum host_status status = HOST_OK;

	*left = false;
	while (status == HOST_OK && run.top < top) {
		status = get_run(host, run.top, top, &run, error);
		if (status == HOST_OK && !is_usable(&run))
			status = fail_run(&run, error);
		if (status == HOST_OK)
			status = track_run(host, config, &run, pass, left, error);
	}
	return status;
}

enum host_status host_check_tracking(struct host *host, uint64_t base, uint64_t top,
				     struct host_error *error)
{
	struct tracked_run run = {.top = base};
	enum host_status status = HOST_OK;

	while (status == HOST_OK && run.top < top) {
		status = get_run(host, run.top, top, &run, error);
		if (status == HOST_OK && run.state != RMI_TRACKING_FINE)
			status = fail_run(&run, error);
	}
	return status;
}

void host_untrack(struct host *host)
{
	/* A refusal leaves the region as it is: somebody uses it. */
	while (host->num_tracked > 0) {
		const struct tracked_region *region = &host->tracked[host->num_tracked - 1];
		const uint64_t x0 = rmi_granule_tracking_set(&host->top, region->pa,
							     region->category, region->state)
					    .result;

		if (!host_succeeded(host, x0))
			return;
		host->num_tracked--;
	}
}
