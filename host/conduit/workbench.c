/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/workbench.h"

#include <stdlib.h>

#include "../arguments.h"
#include "../fail.h"
#include "../grave.h"
#include "observed.h"
#include "rmmsim/host/recorder.h"

struct host_workbench {
	struct host_workbench_config config;
	struct host_findings *findings;
	struct host_recorder *recorder; /* NULL: no recording */
	struct host_injector *injector;
	struct host_ledger *ledger;
	struct host_checker *checker;

	/* The chain, from the machine up. */
	struct smc_conduit machine;
	struct host_recorder_link recorder_link;
	struct smc_conduit recorded;
	struct host_injector_link injector_link;
	struct smc_conduit injected;
	struct host_ledger_link ledger_link;
	struct smc_conduit ledgered;
	struct host_checker_link checker_link;
};

/* ---- creation ----------------------------------------------------------------------- */

static int create_lower(struct host_workbench *b)
{
	const struct host_workbench_config *config = &b->config;
	const struct host_injector_config injector = {
		.version = config->version,
		.memory = config->memory,
		.seed = config->seed,
	};

	if (host_findings_create(&b->findings) != 0 ||
	    host_injector_create(&injector, &b->injector) != 0)
		return -1;
	if (config->record == NULL)
		return 0;
	return host_recorder_create(config->version, &config->memory, config->record,
				    config->record_head, &b->recorder);
}

static int create_upper(struct host_workbench *b)
{
	const struct host_workbench_config *config = &b->config;
	const struct host_ledger_config ledger = {
		.version = config->version,
		.memory = config->memory,
		.recorder = b->recorder,
		.backtrace = config->backtrace,
	};
	struct host_checker_config checker = {
		.version = config->version,
		.memory = config->memory,
		.findings = b->findings,
		.repeat_limit = config->repeat_limit,
		.busy_limit = config->busy_limit,
		.stuck = config->stuck,
		.stuck_ctx = config->stuck_ctx,
	};

	if (host_ledger_create(&ledger, &b->ledger) != 0)
		return -1;
	checker.ledger = b->ledger;
	return host_checker_create(&checker, &b->checker);
}

static void chain(struct host_workbench *b)
{
	b->machine = b->config.machine;
	b->recorded = b->machine;
	if (b->recorder != NULL) {
		b->recorder_link = (struct host_recorder_link){b->recorder, &b->machine};
		b->recorded = host_recorder_conduit(&b->recorder_link);
	}
	b->injector_link = (struct host_injector_link){b->injector, &b->recorded, 0};
	b->injected = host_injector_conduit(&b->injector_link);
	b->ledger_link = (struct host_ledger_link){b->ledger, &b->injected};
	b->ledgered = host_ledger_conduit(&b->ledger_link);
	b->checker_link = (struct host_checker_link){b->checker, &b->ledgered};
}

static enum host_status inject(struct host_workbench *b, struct host_error *error)
{
	const char *more = b->config.environment ? getenv("RMMSIM_INJECT") : NULL;
	enum host_status status = HOST_OK;

	if (b->config.inject != NULL)
		status = host_injector_parse(b->injector, b->config.inject, error);
	if (status == HOST_OK && more != NULL)
		status = host_injector_parse(b->injector, more, error);
	return status;
}

static enum host_status check_config(const struct host_workbench_config *config,
				     struct host_error *error)
{
	if (!observed_version_exists(config->version))
		return host_fail(error, HOST_ERROR_CONFIG,
				 "workbench: config.version is not a version");
	if (!config->machine.call)
		return host_fail(error, HOST_ERROR_CONFIG, "workbench: machine.call is NULL");
	if (!config->memory.read || !config->memory.write)
		return host_fail(error, HOST_ERROR_CONFIG,
				 "workbench: memory needs both read and write");
	return HOST_OK;
}

enum host_status host_workbench_create(const struct host_workbench_config *config,
				       struct host_workbench **out, struct host_error *error)
{
	HOST_REQUIRE(config, error);
	HOST_REQUIRE(out, error);

	struct host_workbench *b;
	enum host_status status = check_config(config, error);

	*out = NULL;
	if (status != HOST_OK)
		return status;
	b = calloc(1, sizeof(*b));
	if (b != NULL)
		b->config = *config;
	if (b == NULL || create_lower(b) != 0 || create_upper(b) != 0) {
		status = host_fail(error, HOST_ERROR_NO_MEMORY, "workbench: out of memory");
	} else {
		chain(b);
		status = inject(b, error);
	}
	if (status != HOST_OK) {
		host_workbench_destroy(b);
		return status;
	}
	*out = b;
	return HOST_OK;
}

void host_workbench_destroy(struct host_workbench *bench)
{
	if (bench == NULL || !host_is_argument(bench))
		return;
	host_checker_destroy(bench->checker);
	host_ledger_destroy(bench->ledger);
	host_injector_destroy(bench->injector);
	host_recorder_destroy(bench->recorder);
	host_findings_destroy(bench->findings);
	grave_bury(bench);
}

/* ---- use --------------------------------------------------------------------------------- */

struct smc_conduit host_workbench_conduit(struct host_workbench *bench)
{
	if (!host_is_argument(bench))
		return host_nowhere();

	return host_checker_conduit(&bench->checker_link);
}

struct host_memory_ops host_workbench_memory(struct host_workbench *bench)
{
	if (!host_is_argument(bench))
		return (struct host_memory_ops){0};

	return host_checker_memory(bench->checker);
}

struct host_checker *host_workbench_checker(struct host_workbench *bench)
{
	if (!host_is_argument(bench))
		return NULL;

	return bench->checker;
}

struct host_ledger *host_workbench_ledger(struct host_workbench *bench)
{
	if (!host_is_argument(bench))
		return NULL;

	return bench->ledger;
}

struct host_injector *host_workbench_injector(struct host_workbench *bench)
{
	if (!host_is_argument(bench))
		return NULL;

	return bench->injector;
}

struct host_recorder *host_workbench_recorder(struct host_workbench *bench)
{
	if (!host_is_argument(bench))
		return NULL;

	return bench->recorder;
}

struct host_findings *host_workbench_findings(struct host_workbench *bench)
{
	if (!host_is_argument(bench))
		return NULL;

	return bench->findings;
}

uint64_t host_workbench_finish(struct host_workbench *bench)
{
	if (!host_is_argument(bench))
		return 0;

	return host_checker_finish(bench->checker);
}
