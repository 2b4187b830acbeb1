/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared memory of a realm: pages of the host at unprotected IPAs. */
#include <string.h>

#include "addr_range.h"
#include "arguments.h"
#include "fail.h"
#include "host_state.h"
#include "ipa_range.h"
#include "mapping.h"
#include "progress.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rtt.h"

/* Stage 2 MemAttr[2:0] with FWB: Normal, write-back. */
#define MEMATTR_NORMAL_WB 6u

/* ---- mapping ----------------------------------------------------------------------------- */

static uint64_t call_unprot_map(struct host_realm *realm, uint64_t base, uint64_t top,
				uint64_t desc, uint64_t *out_top)
{
	uint64_t s2ap = rmi_rtt_s2ap_direct_set_read(rmi_rtt_s2ap_direct_set_write(0, 1), 1);
	uint64_t flags = rmi_rtt_unprot_map_flags_set_oaddr_type(0, RMI_ADDR_TYPE_SINGLE);
	struct rmi_rtt_unprot_map_result r;

	flags = rmi_rtt_unprot_map_flags_set_memattr(flags, MEMATTR_NORMAL_WB);
	flags = rmi_rtt_unprot_map_flags_set_s2ap(flags, s2ap);
	r = rmi_rtt_unprot_map(&realm->host->top, realm->rd, base, top, flags, desc);
	*out_top = r.out_top;
	return r.result;
}

static const struct map_command unprot_map = {
	.name = "RMI_RTT_UNPROT_MAP",
	.call = call_unprot_map,
	.state = RMI_OP_MEM_UNDELEGATED,
};

static enum host_status zero_pages(struct host *host, uint64_t pa, uint64_t count,
				   struct host_error *error)
{
	static const uint8_t zero[HOST_PAGE_SIZE];
	enum host_status status = HOST_OK;

	for (uint64_t i = 0; i < count && status == HOST_OK; i++)
		status = host_write_page(host, pa + i * HOST_PAGE_SIZE, zero, error);
	return status;
}

static struct window *add_window(struct host_realm *realm, uint64_t ipa, uint64_t count,
				 struct host_error *error)
{
	void *array = realm->windows;
	struct window window = {.ipa = ipa, .pages = count};

	if (!host_grow_array(&array, realm->num_windows, sizeof(window))) {
		(void)host_fail(error, HOST_ERROR_NO_MEMORY, "shared memory: out of memory");
		return NULL;
	}
	realm->windows = array;
	if (host_take_plain(realm->host, count, "shared with a realm", &window.pa, error) !=
	    HOST_OK)
		return NULL;
	realm->windows[realm->num_windows] = window;
	return &realm->windows[realm->num_windows++];
}

enum host_status host_realm_share(struct host_realm *realm, uint64_t ipa, uint64_t size,
				  uint64_t *pa, struct host_error *error)
{
	HOST_REQUIRE_REALM(realm, error);

	enum host_status status = ipa_range_check(realm, ipa, size, IPA_UNPROTECTED, error);
	struct window *window;
	struct map_run run;

	if (status != HOST_OK)
		return status;
	window = add_window(realm, ipa, size / HOST_PAGE_SIZE, error);
	if (!window)
		return HOST_ERROR_NO_MEMORY;
	status = zero_pages(realm->host, window->pa, window->pages, error);
	if (status != HOST_OK)
		return status;
	run = (struct map_run){
		.ipa = ipa, .pa = window->pa, .pages = window->pages, .size = RMI_PAGE_L3};
	status = map_run(realm, &unprot_map, run, &window->mapped, error);
	if (status == HOST_OK && pa)
		*pa = window->pa;
	return status;
}

/* ---- unmapping ---------------------------------------------------------------------------- */

/* Entries without a mapping are skipped and count as progress. */
static enum host_status unprot_unmap(struct host_realm *realm, uint64_t ipa, uint64_t top,
				     struct host_error *error)
{
	const uint64_t flags = rmi_rtt_unmap_flags_set_oaddr_type(0, RMI_ADDR_TYPE_NONE);
	struct progress progress = {0};
	enum host_status status = HOST_OK;

	while (status == HOST_OK && ipa < top) {
		struct rmi_rtt_unprot_unmap_result r =
			rmi_rtt_unprot_unmap(&realm->host->top, realm->rd, ipa, top, flags, 0);

		if (!rmi_answer_is(r.result, RMI_SUCCESS))
			return host_fail_call(error, "RMI_RTT_UNPROT_UNMAP", r.result, "IPA 0x%llx",
					      (unsigned long long)ipa);
		status = progress_check(&progress, "RMI_RTT_UNPROT_UNMAP", ipa, top, r.out_top,
					error);
		ipa = r.out_top;
	}
	return status;
}

static struct window *find_window(struct host_realm *realm, uint64_t ipa)
{
	for (size_t i = 0; i < realm->num_windows; i++)
		if (realm->windows[i].ipa == ipa)
			return &realm->windows[i];
	return NULL;
}

enum host_status host_realm_unshare(struct host_realm *realm, uint64_t ipa,
				    struct host_error *error)
{
	HOST_REQUIRE_REALM(realm, error);

	struct window *window = find_window(realm, ipa);
	enum host_status status;

	if (!window)
		return host_fail(error, HOST_ERROR_CONFIG,
				 "no shared window of the realm begins at IPA 0x%llx",
				 (unsigned long long)ipa);
	status = unprot_unmap(realm, ipa, ipa + window->mapped * HOST_PAGE_SIZE, error);
	if (status != HOST_OK)
		return status;
	(void)host_pages_free(realm->host->pages, window->pa, window->pages);
	*window = realm->windows[--realm->num_windows];
	return HOST_OK;
}
