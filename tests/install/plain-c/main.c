/* SPDX-License-Identifier: BSD-3-Clause */
/* A program in plain C: a host lends four pages to the Realm world and gets them back. */
#include <stdio.h>

#include <rmmsim/abi/introspect.h>
#include <rmmsim/host/host.h>
#include <rmmsim/host/model_backend.h>
#include <rmmsim/memory.h>
#include <rmmsim/system.h>

#define NUM_PAGES 4

/* What the Non-secure world gets when it touches a page of the Realm world. */
static bool is_out_of_reach(struct rmm_system *sys, uint64_t pa)
{
	struct rmm_fault fault;
	uint64_t word;

	return !rmm_host_read(sys, pa, &word, sizeof(word), &fault) && fault.kind == RMM_FAULT_GPF;
}

static bool lend_pages(struct rmm_system *sys, struct host *host, struct host_error *error)
{
	bool out_of_reach;
	uint64_t pa;

	if (host_take_delegated(host_conduit(host), host_pool(host), NUM_PAGES, 1, "lent", &pa,
				error) != HOST_OK)
		return false;
	out_of_reach = is_out_of_reach(sys, pa) && rmm_num_delegated(sys) >= NUM_PAGES;
	if (host_give_back(host_conduit(host), host_pool(host), pa, NUM_PAGES, error) != HOST_OK)
		return false;
	return out_of_reach && !is_out_of_reach(sys, pa) && host_pages_out(host) == 0;
}

static int run(struct rmm_system *sys)
{
	struct host_error error = {.text = "the pages are not where they should be"};
	struct rmm_conduit_ctx pe;
	struct host_config config = host_model_config(sys, 0, 0, &pe);
	struct host *host;
	bool ok;

	if (host_create(&config, &host, &error) != HOST_OK) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	ok = lend_pages(sys, host, &error);
	if (host_destroy(host, &error) != HOST_OK)
		ok = false;
	if (!ok)
		fprintf(stderr, "%s\n", error.text);
	return ok ? 0 : 1;
}

int main(void)
{
	struct rmm_config config = rmm_config_default();
	struct rmm_error error;
	struct rmm_system *sys;
	int status;

	if (rmm_system_create(&config, &sys, &error) != 0) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	status = run(sys);
	printf("%s: %llu granules left\n", rmm_abi_versions[config.version].name,
	       (unsigned long long)rmm_num_delegated(sys));
	rmm_system_destroy(sys);
	return status;
}
