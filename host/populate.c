/* SPDX-License-Identifier: BSD-3-Clause */
/* What a realm holds before it is activated: RIPAS and the initial image. */
#include <string.h>

#include "arguments.h"
#include "fail.h"
#include "host_state.h"
#include "ipa_range.h"
#include "progress.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rtt.h"

enum host_status host_realm_init_ripas(struct host_realm *realm, uint64_t ipa, uint64_t size,
				       struct host_error *error)
{
	HOST_REQUIRE_REALM(realm, error);

	const uint64_t top = ipa + size;
	struct rtt_growth growth = RTT_GROWTH_NONE;
	struct progress progress = {0};
	enum host_status status = ipa_range_check(realm, ipa, size, IPA_PROTECTED, error);

	while (status == HOST_OK && ipa < top) {
		struct rmi_rtt_init_ripas_result r =
			rmi_rtt_init_ripas(&realm->host->top, realm->rd, ipa, top);

		if (rmi_answer_is(r.result, RMI_SUCCESS)) {
			status = progress_check(&progress, "RMI_RTT_INIT_RIPAS", ipa, top,
						r.out_top, error);
			ipa = r.out_top;
			growth = RTT_GROWTH_NONE;
		} else if (rtt_may_grow(&growth, r.result)) {
			status = rtt_grow(realm, ipa, r.result, &growth, error);
		} else {
			status = host_fail_call(error, "RMI_RTT_INIT_RIPAS", r.result, "IPA 0x%llx",
						(unsigned long long)ipa);
		}
	}
	return status;
}

static enum host_status map_initial(struct host_realm *realm, uint64_t data, uint64_t ipa,
				    bool measure, struct host_error *error)
{
	struct host *host = realm->host;
	struct rtt_growth growth = RTT_GROWTH_NONE;
	uint64_t flags = rmi_data_flags_set_measure(0, measure ? RMI_MEASURE_CONTENT
							       : RMI_NO_MEASURE_CONTENT);

	for (;;) {
		uint64_t x0 = rmi_rtt_data_map_init(&host->top, realm->rd, data, ipa,
						    host->scratch_pa, flags)
				      .result;
		enum host_status status;

		if (rmi_answer_is(x0, RMI_SUCCESS))
			return HOST_OK;
		if (!rtt_may_grow(&growth, x0))
			return host_fail_call(error, "RMI_RTT_DATA_MAP_INIT", x0, "IPA 0x%llx",
					      (unsigned long long)ipa);
		status = rtt_grow(realm, ipa, x0, &growth, error);
		if (status != HOST_OK)
			return status;
	}
}

static enum host_status populate_page(struct host_realm *realm, uint64_t ipa, const void *content,
				      bool measure, struct host_error *error)
{
	struct host *host = realm->host;
	enum host_status status = host_write_page(host, host->scratch_pa, content, error);
	uint64_t data;

	if (status == HOST_OK)
		status = host_take(host, 1, 1, "realm data", &data, error);
	if (status != HOST_OK)
		return status;
	status = map_initial(realm, data, ipa, measure, error);
	if (status == HOST_OK)
		host_pages_mark(host->pages, data, 1, HOST_PAGE_HELD);
	else
		(void)host_give(host, data, 1, NULL);
	return status;
}

static uint64_t round_up(uint64_t size)
{
	return (size + HOST_PAGE_SIZE - 1) & ~(HOST_PAGE_SIZE - 1);
}

static enum host_status check_image(const struct host_realm *realm, const struct host_image *image,
				    size_t done, struct host_error *error)
{
	if (!image->data && image->size > 0)
		return host_fail(error, HOST_ERROR_CONFIG, "image: data is NULL but has %zu bytes",
				 image->size);
	if (image->size > SIZE_MAX - HOST_PAGE_SIZE)
		return host_fail(error, HOST_ERROR_CONFIG, "image: too large");
	if (done % HOST_PAGE_SIZE)
		return host_fail(error, HOST_ERROR_CONFIG,
				 "image: byte %zu is not the first of a page", done);
	return ipa_range_check(realm, image->ipa, round_up(image->size), IPA_PROTECTED, error);
}

enum host_status host_realm_populate_from(struct host_realm *realm, const struct host_image *image,
					  size_t *done, struct host_error *error)
{
	const uint8_t *content;
	uint8_t page[HOST_PAGE_SIZE];
	enum host_status status;

	HOST_REQUIRE_REALM(realm, error);
	HOST_REQUIRE(image, error);
	HOST_REQUIRE(done, error);
	status = check_image(realm, image, *done, error);
	content = image->data;
	while (status == HOST_OK && *done < image->size) {
		const size_t left = image->size - *done;
		const size_t part = left < sizeof(page) ? left : sizeof(page);

		memcpy(page, content + *done, part);
		memset(page + part, 0, sizeof(page) - part);
		status = populate_page(realm, image->ipa + *done, page, image->measure, error);
		if (status == HOST_OK)
			*done += sizeof(page);
	}
	return status;
}

enum host_status host_realm_populate(struct host_realm *realm, const struct host_image *image,
				     struct host_error *error)
{
	size_t done = 0;

	HOST_REQUIRE_REALM(realm, error);
	HOST_REQUIRE(image, error);
	return host_realm_populate_from(realm, image, &done, error);
}
