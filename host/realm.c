/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/realm.h"

#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "fail.h"
#include "host_state.h"
#include "result.h"
#include "rmi_1_0.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"

#define DEFAULT_IPA_WIDTH 39u

static bool is_usable(const struct host_realm *realm)
{
	return host_check_realm(realm, "", NULL) == HOST_OK;
}

static uint8_t first_hash(const struct host_caps *caps)
{
	if (caps->sha_256)
		return RMI_HASH_SHA_256;
	return caps->sha_512 ? RMI_HASH_SHA_512 : RMI_HASH_SHA_384;
}

struct host_realm_params host_realm_params_default(const struct host *host)
{
	if (!host_is_argument(host))
		return (struct host_realm_params){0};

	const struct host_caps *caps = &host->caps;

	return (struct host_realm_params){
		.ipa_width = caps->s2sz < DEFAULT_IPA_WIDTH ? caps->s2sz : DEFAULT_IPA_WIDTH,
		.rtt_level_start = HOST_RTT_LEVEL_AUTO,
		.hash_algo = first_hash(caps),
		.num_bps = caps->num_bps,
		.num_wps = caps->num_wps,
		.activate = true,
	};
}

/* ---- creation -------------------------------------------------------------------- */

static struct host_realm *new_realm(struct host *host)
{
	struct host_realm *realm = calloc(1, sizeof(*realm));

	if (!realm)
		return NULL;
	realm->host = host;
	realm->next = host->realms;
	host->realms = realm;
	return realm;
}

void host_realm_forget(struct host_realm *realm)
{
	struct host_realm **link = &realm->host->realms;

	while (*link != realm)
		link = &(*link)->next;
	*link = realm->next;
	free(realm->recs);
	free(realm->windows);
#ifdef NDEBUG
	free(realm);
#else
	/* A handle that is used again must still be known: it stays until the host goes. */
	*realm = (struct host_realm){
		.host = realm->host,
		.next = realm->host->graves,
		.destroyed = true,
	};
	realm->host->graves = realm;
#endif
}

static enum host_status choose_geometry(struct host_realm *realm,
					const struct host_realm_params *params,
					struct host_error *error)
{
	if (params->ipa_width > realm->host->caps.s2sz)
		return host_fail(error, HOST_ERROR_CONFIG,
				 "realm: %u bits of IPA are more than the %u that the RMM supports",
				 params->ipa_width, realm->host->caps.s2sz);
	if (!host_rtt_geometry(params->ipa_width, params->lpa2, params->rtt_level_start,
			       &realm->level_start, &realm->num_root))
		return host_fail(error, HOST_ERROR_CONFIG,
				 "realm: no translation has %u bits of IPA and starting level %d; "
				 "use HOST_RTT_LEVEL_AUTO",
				 params->ipa_width, params->rtt_level_start);
	realm->ipa_width = params->ipa_width;
	return HOST_OK;
}

static enum host_status take_pages(struct host_realm *realm, struct host_error *error)
{
	enum host_status status =
		host_take(realm->host, 1, 1, "realm descriptor", &realm->rd, error);

	if (status != HOST_OK)
		return status;
	realm->has_rd = true;
	status = host_take(realm->host, realm->num_root, realm->num_root, "root translation tables",
			   &realm->root, error);
	realm->has_root = status == HOST_OK;
	return status;
}

static uint64_t realm_flags(const struct host_realm_params *params)
{
	uint64_t flags = 0;

	flags = rmi_realm_flags0_set_lpa2(flags, params->lpa2);
	flags = rmi_realm_flags0_set_sve(flags, params->sve);
	return rmi_realm_flags0_set_pmu(flags, params->pmu);
}

static enum host_status write_params(struct host_realm *realm,
				     const struct host_realm_params *params,
				     struct host_error *error)
{
	struct rmi_realm_params page = {0};

	page.flags0 = realm_flags(params);
	page.s2sz = params->ipa_width;
	page.sve_vl = params->sve_vl;
	page.num_bps = params->num_bps;
	page.num_wps = params->num_wps;
	page.pmu_num_ctrs = params->pmu_num_ctrs;
	page.hash_algo = params->hash_algo;
	memcpy(page.rpv, params->rpv, sizeof(page.rpv));
	page.rtt_base = realm->root;
	page.rtt_level_start = realm->level_start;
	page.rtt_num_start = realm->num_root;
	if (host_is_rmi_1_0(realm->host))
		rmi_1_0_choose_vmid(realm, &page);
	return host_write_page(realm->host, realm->host->scratch_pa, &page, error);
}

static enum host_status create(struct host_realm *realm, struct host_error *error)
{
	struct host *host = realm->host;
	uint64_t x0 = rmi_realm_create(&host->top, realm->rd, host->scratch_pa).result;

	if (host_succeeded(host, x0))
		realm->state = REALM_NEW;
	else if (host_is_uncertain(x0))
		realm->state = REALM_UNCERTAIN;
	if (realm->state != REALM_NONE) {
		host_pages_mark(host->pages, realm->rd, 1, HOST_PAGE_HELD);
		host_pages_mark(host->pages, realm->root, realm->num_root, HOST_PAGE_HELD);
	}
	if (realm->state == REALM_NEW)
		return HOST_OK;
	return host_fail_operation(host, error, "RMI_REALM_CREATE", x0, "a realm");
}

enum host_status host_realm_create(struct host *host, const struct host_realm_params *params,
				   struct host_realm **out, struct host_error *error)
{
	enum host_status status;

	HOST_REQUIRE_HOST(host, error);
	HOST_REQUIRE(params, error);
	HOST_REQUIRE(out, error);
	*out = new_realm(host);
	if (!*out)
		return host_fail(error, HOST_ERROR_NO_MEMORY, "realm: out of memory");
	status = choose_geometry(*out, params, error);
	if (status == HOST_OK)
		status = take_pages(*out, error);
	if (status == HOST_OK)
		status = write_params(*out, params, error);
	if (status == HOST_OK)
		status = create(*out, error);
	return status;
}

/* ---- the whole description ------------------------------------------------------------ */

/* Lists of the description that are counted must be there. */
static enum host_status check_lists(const struct host_realm_params *params,
				    struct host_error *error)
{
	const struct {
		const char *name;
		const void *list;
		size_t num;
	} lists[] = {
		{"ram", params->ram, params->num_ram},
		{"images", params->images, params->num_images},
		{"shared", params->shared, params->num_shared},
		{"recs", params->recs, params->num_recs},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (lists[i].num > 0 && !host_is_argument(lists[i].list))
			return host_fail(error, HOST_ERROR_CONFIG,
					 "realm: params.%s is %s but has %zu elements",
					 lists[i].name, lists[i].list ? "misaligned" : "NULL",
					 lists[i].num);
	return HOST_OK;
}

static enum host_status build_memory(struct host_realm *realm,
				     const struct host_realm_params *params,
				     struct host_error *error)
{
	enum host_status status = HOST_OK;

	for (size_t i = 0; i < params->num_ram && status == HOST_OK; i++)
		status = host_realm_init_ripas(realm, params->ram[i].ipa, params->ram[i].size,
					       error);
	for (size_t i = 0; i < params->num_images && status == HOST_OK; i++)
		status = host_realm_populate(realm, &params->images[i], error);
	for (size_t i = 0; i < params->num_shared && status == HOST_OK; i++)
		status = host_realm_share(realm, params->shared[i].ipa, params->shared[i].size,
					  NULL, error);
	return status;
}

enum host_status host_realm_build(struct host *host, const struct host_realm_params *params,
				  struct host_realm **out, struct host_error *error)
{
	struct host_realm *realm;
	enum host_status status;

	HOST_REQUIRE_HOST(host, error);
	HOST_REQUIRE(params, error);
	HOST_REQUIRE(out, error);
	*out = NULL;
	status = check_lists(params, error);
	if (status == HOST_OK)
		status = host_realm_create(host, params, out, error);
	realm = *out;
	if (status != HOST_OK || !realm)
		return status;
	status = build_memory(realm, params, error);
	for (size_t i = 0; i < params->num_recs && status == HOST_OK; i++)
		status = host_realm_add_rec(realm, &params->recs[i], NULL, error);
	if (status == HOST_OK && params->activate)
		status = host_realm_activate(realm, error);
	return status;
}

/* ---- states ------------------------------------------------------------------------------ */

enum host_status host_realm_activate(struct host_realm *realm, struct host_error *error)
{
	uint64_t x0;

	HOST_REQUIRE_REALM(realm, error);
	if (realm->state != REALM_NEW)
		return host_fail(error, HOST_ERROR_STATE, "the realm is not NEW: cannot activate");
	x0 = rmi_realm_activate(&realm->host->top, realm->rd).result;
	if (!rmi_answer_is(x0, RMI_SUCCESS))
		return host_fail_call(error, "RMI_REALM_ACTIVATE", x0, "the realm");
	realm->state = REALM_ACTIVE;
	return HOST_OK;
}

enum host_status host_realm_terminate(struct host_realm *realm, struct host_error *error)
{
	HOST_REQUIRE_REALM(realm, error);

	struct host *host = realm->host;
	uint64_t x0;

	if (realm->state == REALM_NONE)
		return host_fail(error, HOST_ERROR_STATE, "there is no realm to terminate");
	if (realm->state == REALM_ZOMBIE)
		return HOST_OK;
	x0 = rmi_realm_terminate(&host->top, realm->rd).result;
	if (host_succeeded(host, x0)) {
		realm->state = REALM_ZOMBIE;
		return HOST_OK;
	}
	/* The creation that was suspended or cancelled has come to nothing. */
	if (realm->state == REALM_UNCERTAIN && rmi_answer_is(x0, RMI_ERROR_INPUT)) {
		realm->state = REALM_NONE;
		return HOST_OK;
	}
	return host_fail_operation(host, error, "RMI_REALM_TERMINATE", x0, "the realm");
}

/* ---- looking at it --------------------------------------------------------------------------- */

uint64_t host_realm_rd(const struct host_realm *realm)
{
	if (!is_usable(realm))
		return 0;

	return realm->has_rd ? realm->rd : 0;
}

uint64_t host_realm_rec(const struct host_realm *realm, size_t index)
{
	if (!is_usable(realm))
		return 0;

	return index < realm->num_recs ? realm->recs[index].pa : 0;
}

size_t host_realm_num_recs(const struct host_realm *realm)
{
	if (!is_usable(realm))
		return 0;

	return realm->num_recs;
}

uint64_t host_realm_shared_base(const struct host_realm *realm)
{
	if (!is_usable(realm))
		return 0;

	return UINT64_C(1) << (realm->ipa_width - 1);
}

bool host_realm_shared_pa(const struct host_realm *realm, uint64_t ipa, uint64_t *pa)
{
	if (!is_usable(realm) || !host_is_argument(pa))
		return false;

	for (size_t i = 0; i < realm->num_windows; i++) {
		const struct window *w = &realm->windows[i];

		if (ipa >= w->ipa && ipa - w->ipa < w->pages * HOST_PAGE_SIZE) {
			*pa = w->pa + (ipa - w->ipa);
			return true;
		}
	}
	return false;
}

struct host *host_realm_host(struct host_realm *realm)
{
	if (!is_usable(realm))
		return NULL;

	return realm->host;
}
