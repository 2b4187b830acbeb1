/* SPDX-License-Identifier: BSD-3-Clause */
/* The link, and what is held where. */
#include "rmmsim/host/ledger.h"

#include <execinfo.h>
#include <stdlib.h>
#include <string.h>

#include "../arguments.h"
#include "../grave.h"
#include "ledger_state.h"
#include "rmmsim/host/recorder.h"

/* ---- life ------------------------------------------------------------------------- */

int host_ledger_create(const struct host_ledger_config *config, struct host_ledger **out)
{
	if (!host_is_argument(config) || !config->memory.read || !host_is_argument(out) ||
	    !observed_version_exists(config->version))
		return -1;

	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return -1;
	(*out)->config = *config;
	return 0;
}

void host_ledger_destroy(struct host_ledger *ledger)
{
	if (!host_is_argument(ledger))
		return;
	span_map_free(&ledger->granules);
	span_map_free(&ledger->mappings);
	free(ledger->realms);
	free(ledger->operations);
	free(ledger->traces);
	grave_bury(ledger);
}

bool ledger_grow(struct host_ledger *ledger, void **array, size_t num, size_t element)
{
	void *more;

	/* Full at every power of two. */
	if (num & (num - 1))
		return true;
	more = realloc(*array, (num ? 2 * num : 1) * element);
	if (more == NULL) {
		ledger->exhausted = true;
		return false;
	}
	*array = more;
	return true;
}

/* ---- looking things up --------------------------------------------------------------- */

struct ledger_realm *ledger_realm(const struct host_ledger *ledger, uint64_t rd)
{
	for (size_t i = 0; i < ledger->num_realms; i++)
		if (ledger->realms[i].rd == rd)
			return &ledger->realms[i];
	return NULL;
}

struct ledger_operation *ledger_operation(const struct host_ledger *ledger, uint64_t handle)
{
	for (size_t i = 0; i < ledger->num_operations; i++)
		if (ledger->operations[i].handle == handle)
			return &ledger->operations[i];
	return NULL;
}

/* ---- holding --------------------------------------------------------------------------- */

/* End of the part of [at, top) about which one thing is known. */
static uint64_t alike_until(const struct host_ledger *ledger, uint64_t at, uint64_t top)
{
	const struct span *next = span_meeting(&ledger->granules, LEDGER_PA_SPACE, at, top);

	if (next == NULL)
		return top;
	if (next->base > at)
		return next->base;
	return next->top < top ? next->top : top;
}

void ledger_hold(struct host_ledger *ledger, uint64_t base, uint64_t top,
		 const struct holding *holding)
{
	uint64_t end;

	for (uint64_t at = base; at < top; at = end) {
		const struct span *was = span_at(&ledger->granules, LEDGER_PA_SPACE, at);
		struct span span = {
			.space = LEDGER_PA_SPACE,
			.base = at,
			.target = at,
			.kind = holding->kind,
			.realm = holding->realm,
			.object = holding->object,
			.operation = holding->operation,
			.taken = was != NULL ? was->taken : ledger->now,
		};

		end = alike_until(ledger, at, top);
		span.top = end;
		if (holding->kind != HOST_HELD_DELEGATED)
			span.in_use = ledger->now;
		span_set(&ledger->granules, &span);
	}
}

void ledger_release(struct host_ledger *ledger, uint64_t base, uint64_t top)
{
	span_cut(&ledger->granules, LEDGER_PA_SPACE, base, top);
}

/* ---- the link ------------------------------------------------------------------------------ */

static uint32_t take_trace(struct host_ledger *ledger)
{
	void *array = ledger->traces;
	struct trace *trace;

	if (!ledger->config.backtrace ||
	    !ledger_grow(ledger, &array, ledger->num_traces, sizeof(*trace)))
		return 0;
	ledger->traces = array;
	trace = &ledger->traces[ledger->num_traces++];
	trace->num = (size_t)backtrace(trace->frames, HOST_ORIGIN_FRAMES);
	return (uint32_t)ledger->num_traces;
}

/* Only calls that get something can be the origin of anything. */
static bool gets_something(const struct observed *o)
{
	return o->command != NULL && (observed_succeeded(o) || observed_incomplete(o));
}

static void work_on(struct host_ledger *ledger, const struct observed *o,
		    const struct realm_sample *sample)
{
	ledger->now = (struct host_origin){
		.call = o->number,
		.command = observed_name(o),
		.line = ledger->config.recorder ? host_recorder_line(ledger->config.recorder) : 0,
	};
	if (gets_something(o))
		ledger->now.trace = take_trace(ledger);
	if (observed_is_step(o))
		ledger_step(ledger, o);
	else if (observed_incomplete(o))
		ledger_begin_operation(ledger, o, sample);
	else if (observed_succeeded(o))
		ledger_apply(ledger, o, sample);
}

static void ledger_call(void *ctx, struct smc_regs *regs)
{
	struct host_ledger_link *link = ctx;
	struct host_ledger *ledger = link->ledger;

	if (!host_is_argument(ledger)) {
		regs->x[0] = SMC_NOT_SUPPORTED;
		return;
	}

	struct observed o = observed_call(ledger->config.version, ++ledger->calls, regs);
	const struct realm_sample sample = ledger_sample(ledger, &o);

	smc_call(link->next, regs);
	o.out = *regs;
	if (o.command != NULL)
		work_on(ledger, &o, &sample);
}

struct smc_conduit host_ledger_conduit(struct host_ledger_link *link)
{
	if (!(link && link->ledger))
		return host_nowhere();
	return (struct smc_conduit){.call = ledger_call, .ctx = link};
}

/* ---- asking ------------------------------------------------------------------------------------
 */

uint64_t host_ledger_calls(const struct host_ledger *ledger)
{
	if (!host_is_argument(ledger))
		return 0;

	return ledger->calls;
}

uint64_t host_ledger_granules(const struct host_ledger *ledger)
{
	uint64_t granules = 0;

	if (!host_is_argument(ledger))
		return 0;
	for (size_t i = 0; i < ledger->granules.num; i++) {
		const struct span *span = &ledger->granules.spans[i];

		granules += (span->top - span->base) / HOST_PAGE_SIZE;
	}
	return granules;
}

uint64_t host_ledger_operations(const struct host_ledger *ledger)
{
	if (!host_is_argument(ledger))
		return 0;

	return ledger->num_operations;
}

bool host_ledger_is_incomplete(const struct host_ledger *ledger)
{
	if (!host_is_argument(ledger))
		return false;

	return ledger->exhausted || ledger->granules.exhausted || ledger->mappings.exhausted;
}

size_t host_ledger_backtrace(const struct host_ledger *ledger, const struct host_origin *origin,
			     void *const **frames)
{
	if (!(host_is_argument(ledger) && host_is_argument(origin) && host_is_argument(frames)))
		return 0;

	if (origin->trace == 0 || origin->trace > ledger->num_traces)
		return 0;
	*frames = ledger->traces[origin->trace - 1].frames;
	return ledger->traces[origin->trace - 1].num;
}
