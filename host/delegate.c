/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/delegate.h"

#include "arguments.h"
#include "fail.h"
#include "progress.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"

/* One direction: the command, and what it is called. */
struct range_command {
	const char *name;
	uint64_t (*call)(struct smc_conduit *conduit, uint64_t base, uint64_t top,
			 uint64_t *out_top);
};

static uint64_t call_delegate(struct smc_conduit *conduit, uint64_t base, uint64_t top,
			      uint64_t *out_top)
{
	struct rmi_granule_range_delegate_result r = rmi_granule_range_delegate(conduit, base, top);

	*out_top = r.out_top;
	return r.result;
}

static uint64_t call_undelegate(struct smc_conduit *conduit, uint64_t base, uint64_t top,
				uint64_t *out_top)
{
	struct rmi_granule_range_undelegate_result r =
		rmi_granule_range_undelegate(conduit, base, top);

	*out_top = r.out_top;
	return r.result;
}

static const struct range_command delegate_command = {
	.name = "RMI_GRANULE_RANGE_DELEGATE",
	.call = call_delegate,
};

static const struct range_command undelegate_command = {
	.name = "RMI_GRANULE_RANGE_UNDELEGATE",
	.call = call_undelegate,
};

/*
 * Drives a range command over [base, top). *reached is the first address that
 * was not processed, on failure too.
 */
static enum host_status run_range(const struct range_command *command, struct smc_conduit *conduit,
				  uint64_t base, uint64_t top, uint64_t *reached,
				  struct host_error *error)
{
	struct progress progress = {0};
	enum host_status status = HOST_OK;
	uint64_t out_top;

	*reached = base;
	while (status == HOST_OK && *reached < top) {
		uint64_t x0 = command->call(conduit, *reached, top, &out_top);

		if (!rmi_answer_is(x0, RMI_SUCCESS))
			return host_fail_call(error, command->name, x0, "[0x%llx, 0x%llx)",
					      (unsigned long long)*reached,
					      (unsigned long long)top);
		status = progress_check(&progress, command->name, *reached, top, out_top, error);
		if (status == HOST_OK)
			*reached = out_top;
	}
	return status;
}

static uint64_t pages_in(uint64_t base, uint64_t top)
{
	return (top - base) / HOST_PAGE_SIZE;
}

static enum host_status check_run(const struct host_pages *pages, uint64_t pa, uint64_t count,
				  struct host_error *error)
{
	if (count > 0 && pa % HOST_PAGE_SIZE == 0 && host_pages_contain(pages, pa, count))
		return HOST_OK;
	return host_fail(error, HOST_ERROR_CONFIG,
			 "%llu pages at 0x%llx are not a run of the page pool",
			 (unsigned long long)count, (unsigned long long)pa);
}

enum host_status host_delegate(struct smc_conduit *conduit, struct host_pages *pages, uint64_t pa,
			       uint64_t count, struct host_error *error)
{
	HOST_REQUIRE_CONDUIT(conduit, error);
	HOST_REQUIRE(pages, error);

	uint64_t top = pa + count * HOST_PAGE_SIZE;
	enum host_status status = check_run(pages, pa, count, error);
	uint64_t reached;

	if (status != HOST_OK)
		return status;
	status = run_range(&delegate_command, conduit, pa, top, &reached, error);
	host_pages_mark(pages, pa, pages_in(pa, reached), HOST_PAGE_DELEGATED);
	/* The error to report is the one that stopped the delegation. */
	if (status != HOST_OK && reached > pa)
		(void)host_undelegate(conduit, pages, pa, pages_in(pa, reached), NULL);
	return status;
}

enum host_status host_undelegate(struct smc_conduit *conduit, struct host_pages *pages, uint64_t pa,
				 uint64_t count, struct host_error *error)
{
	HOST_REQUIRE_CONDUIT(conduit, error);
	HOST_REQUIRE(pages, error);

	uint64_t top = pa + count * HOST_PAGE_SIZE;
	enum host_status first = check_run(pages, pa, count, error);
	enum host_status status;
	uint64_t reached;

	if (first != HOST_OK)
		return first;
	while (pa < top) {
		status = run_range(&undelegate_command, conduit, pa, top, &reached,
				   first == HOST_OK ? error : NULL);
		host_pages_mark(pages, pa, pages_in(pa, reached), HOST_PAGE_UNDELEGATED);
		if (status == HOST_OK)
			break;
		if (first == HOST_OK)
			first = status;
		host_pages_mark(pages, reached, 1, HOST_PAGE_LOST);
		pa = reached + HOST_PAGE_SIZE;
	}
	return first;
}

enum host_status host_take_delegated(struct smc_conduit *conduit, struct host_pages *pages,
				     uint64_t count, uint64_t align, const char *owner,
				     uint64_t *pa, struct host_error *error)
{
	HOST_REQUIRE_CONDUIT(conduit, error);
	HOST_REQUIRE(pages, error);
	HOST_REQUIRE(pa, error);

	enum host_status status = host_pages_alloc(pages, count, align, owner, pa);

	if (status != HOST_OK)
		return host_fail(
			error, status,
			"the page pool has no %llu adjacent pages, aligned to %llu, for %s",
			(unsigned long long)count, (unsigned long long)align,
			owner ? owner : "the host");
	status = host_delegate(conduit, pages, *pa, count, error);
	if (status != HOST_OK)
		(void)host_pages_free(pages, *pa, count);
	return status;
}

/* End of the pages from `pa` on that are alike in needing undelegation or not. */
static uint64_t alike_until(const struct host_pages *pages, uint64_t pa, uint64_t top)
{
	bool plain = host_pages_state(pages, pa) == HOST_PAGE_UNDELEGATED;

	do {
		pa += HOST_PAGE_SIZE;
	} while (pa < top && (host_pages_state(pages, pa) == HOST_PAGE_UNDELEGATED) == plain);
	return pa;
}

enum host_status host_give_back(struct smc_conduit *conduit, struct host_pages *pages, uint64_t pa,
				uint64_t count, struct host_error *error)
{
	HOST_REQUIRE_CONDUIT(conduit, error);
	HOST_REQUIRE(pages, error);

	const uint64_t top = pa + count * HOST_PAGE_SIZE;
	enum host_status first = check_run(pages, pa, count, error);
	uint64_t end;

	if (first != HOST_OK)
		return first;
	for (uint64_t at = pa; at < top; at = end) {
		enum host_status status = HOST_OK;

		end = alike_until(pages, at, top);
		if (host_pages_state(pages, at) != HOST_PAGE_UNDELEGATED)
			status = host_undelegate(conduit, pages, at, pages_in(at, end),
						 first == HOST_OK ? error : NULL);
		if (first == HOST_OK)
			first = status;
	}
	(void)host_pages_free(pages, pa, count);
	return first;
}

enum host_status host_recover_lost(struct smc_conduit *conduit, struct host_pages *pages,
				   struct host_error *error)
{
	enum host_status first = HOST_OK;
	uint64_t from = 0;
	uint64_t count;
	uint64_t pa;

	HOST_REQUIRE_CONDUIT(conduit, error);
	HOST_REQUIRE(pages, error);
	while (host_pages_find(pages, HOST_PAGE_LOST, from, &pa, &count)) {
		enum host_status status =
			host_give_back(conduit, pages, pa, count, first == HOST_OK ? error : NULL);

		if (first == HOST_OK)
			first = status;
		from = pa + count * HOST_PAGE_SIZE;
	}
	return first;
}
