/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/host.h"

#include <stdlib.h>

#include "arguments.h"
#include "fail.h"
#include "grave.h"
#include "host_state.h"
#include "result.h"

#define DEFAULT_BUSY_RETRIES 100000u

struct host_config host_config_default(void)
{
	return (struct host_config){
		.boot = HOST_BOOT_ACTIVATE,
		.version = RMM_VERSION_2_0_BET1,
		.busy_retries = DEFAULT_BUSY_RETRIES,
	};
}

/* ---- creation ------------------------------------------------------------------ */

static enum host_status check_config(const struct host_config *config, struct host_error *error)
{
	if (!config->conduit.call)
		return host_fail(error, HOST_ERROR_CONFIG, "host: config.conduit.call is NULL");
	if (!config->memory.read || !config->memory.write)
		return host_fail(error, HOST_ERROR_CONFIG,
				 "host: config.memory needs both read and write");
	if (config->boot != HOST_BOOT_ACTIVATE && config->boot != HOST_BOOT_ATTACH)
		return host_fail(error, HOST_ERROR_CONFIG, "host: config.boot is not a boot mode");
	if ((unsigned int)config->version >= RMM_VERSION_COUNT)
		return host_fail(error, HOST_ERROR_CONFIG, "host: config.version is not a version");
	return HOST_OK;
}

static void build_chain(struct host *host, const struct host_config *config)
{
	host->machine = config->conduit;
	host->memory = config->memory;
	host->first_vmid = config->first_vmid;
	host->retry = (struct host_smc_retry){
		.next = &host->machine,
		.bound = config->busy_retries,
		.wait = config->wait,
		.wait_ctx = config->wait_ctx,
	};
	host->retried = host_smc_retry_conduit(&host->retry);
	host->sro = (struct host_sro){
		.next = &host->retried,
		.memory = config->memory,
		.pages = host->pages,
		.version = config->version,
	};
	host->top = host_sro_conduit(&host->sro);
}

static uint64_t pages_in_use(const struct host *host)
{
	struct host_pages_counts usage = host_pages_usage(host->pages);

	return usage.total - usage.in[HOST_PAGE_FREE];
}

static enum host_status set_up(struct host *host, const struct host_config *config,
			       struct host_error *error)
{
	enum host_status status =
		host_pages_create(config->pool_base, config->pool_size, &host->pages, error);

	if (status != HOST_OK)
		return status;
	build_chain(host, config);
	status = host_take_plain(host, 1, "host: parameters", &host->scratch_pa, error);
	if (status == HOST_OK)
		status = host_take_plain(host, 1, "host: address lists", &host->sro.list_pa, error);
	if (status == HOST_OK)
		status = host_boot(host, config, error);
	if (status == HOST_OK)
		host->pages_kept = pages_in_use(host);
	else
		host_unboot(host);
	return status;
}

static void free_host(struct host *host)
{
	while (host->realms)
		host_realm_forget(host->realms);
	while (host->graves) {
		struct host_realm *realm = host->graves;

		host->graves = realm->next;
		grave_bury(realm);
	}
	host_pages_destroy(host->pages);
	free(host->gpt_regions);
	free(host->tracked);
	host->sro.next = NULL;
	grave_bury(host);
}

enum host_status host_create(const struct host_config *config, struct host **out,
			     struct host_error *error)
{
	HOST_REQUIRE(config, error);
	HOST_REQUIRE(out, error);

	enum host_status status = check_config(config, error);
	struct host *host;

	*out = NULL;
	if (status != HOST_OK)
		return status;
	host = calloc(1, sizeof(*host));
	if (!host)
		return host_fail(error, HOST_ERROR_NO_MEMORY, "host: out of memory");
	status = set_up(host, config, error);
	if (status != HOST_OK)
		free_host(host);
	else
		*out = host;
	return status;
}

enum host_status host_destroy(struct host *host, struct host_error *error)
{
	enum host_status status = HOST_OK;
	uint64_t out;

	if (!host)
		return HOST_OK;
	HOST_REQUIRE_HOST(host, error);
	(void)host_sro_resume(&host->sro, NULL);
	(void)host_recover_lost(&host->top, host->pages, NULL);
	out = host_pages_out(host);
	if (out > 0)
		status = host_fail(error, HOST_ERROR_STATE,
				   "%llu pages were not given back to the pool before the host "
				   "was destroyed",
				   (unsigned long long)out);
	host_unboot(host);
	free_host(host);
	return status;
}

/* ---- for the rest of the library -------------------------------------------------- */

bool host_succeeded(const struct host *host, uint64_t x0)
{
	return rmi_answer_is(x0, RMI_SUCCESS) && host->sro.last.status == HOST_OK;
}

bool host_is_uncertain(uint64_t x0)
{
	return rmi_answer_is(x0, RMI_INCOMPLETE) || rmi_answer_is(x0, RMI_SUCCESS);
}

enum host_status host_fail_operation(const struct host *host, struct host_error *error,
				     const char *call, uint64_t x0, const char *what)
{
	const struct host_error *last = &host->sro.last;

	if (last->status == HOST_OK)
		return host_fail_call(error, call, x0, "%s", what);
	(void)host_fail(error, last->status, "%s for %s was given up: %.150s", call, what,
			last->text);
	if (error) {
		error->call = call;
		error->x0 = x0;
	}
	return last->status;
}

enum host_status host_write_page(struct host *host, uint64_t pa, const void *page,
				 struct host_error *error)
{
	if (host->memory.write(host->memory.ctx, pa, page, HOST_PAGE_SIZE))
		return HOST_OK;
	return host_fail(error, HOST_ERROR_FAULT, "the host cannot write its own page at 0x%llx",
			 (unsigned long long)pa);
}

enum host_status host_take(struct host *host, uint64_t count, uint64_t align, const char *owner,
			   uint64_t *pa, struct host_error *error)
{
	return host_take_delegated(&host->top, host->pages, count, align, owner, pa, error);
}

enum host_status host_give(struct host *host, uint64_t pa, uint64_t count, struct host_error *error)
{
	return host_give_back(&host->top, host->pages, pa, count, error);
}

enum host_status host_take_plain(struct host *host, uint64_t count, const char *owner, uint64_t *pa,
				 struct host_error *error)
{
	enum host_status status = host_pages_alloc(host->pages, count, 1, owner, pa);

	if (status != HOST_OK)
		return host_fail(error, status, "the page pool has no %llu adjacent pages for %s",
				 (unsigned long long)count, owner);
	return HOST_OK;
}

bool host_grow_array(void **array, size_t count, size_t element)
{
	void *grown;

	if (count >= SIZE_MAX / element)
		return false;
	grown = realloc(*array, (count + 1) * element);
	if (!grown)
		return false;
	*array = grown;
	return true;
}

/* ---- looking at it ------------------------------------------------------------------ */

uint64_t host_pages_out(const struct host *host)
{
	if (!host_is_argument(host))
		return 0;

	uint64_t used = pages_in_use(host);

	return used > host->pages_kept ? used - host->pages_kept : 0;
}

const struct host_caps *host_capabilities(const struct host *host)
{
	if (!host_is_argument(host))
		return NULL;

	return &host->caps;
}

struct host_pages *host_pool(struct host *host)
{
	if (!host_is_argument(host))
		return NULL;

	return host->pages;
}

const struct host_memory_ops *host_memory(const struct host *host)
{
	if (!host_is_argument(host))
		return NULL;

	return &host->memory;
}

const struct host_sro *host_operations(const struct host *host)
{
	if (!host_is_argument(host))
		return NULL;

	return &host->sro;
}

struct smc_conduit *host_conduit(struct host *host)
{
	if (!host_is_argument(host))
		return NULL;

	return &host->top;
}
