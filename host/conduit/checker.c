/* SPDX-License-Identifier: BSD-3-Clause */
/* The link, the memory window, and how findings are written down. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../arguments.h"
#include "../grave.h"
#include "checker_state.h"
#include "object_commands.h"
#include "rmmsim/host/fault_injection.h"

#define DEFAULT_REPEAT_LIMIT 1000u
#define DEFAULT_BUSY_LIMIT   2000000u

/* ---- life -------------------------------------------------------------------------- */

/* It asks the ledger, reads memory, and has somewhere to write. */
static bool is_complete(const struct host_checker_config *config)
{
	return host_is_argument(config) && config->memory.read && config->memory.write &&
	       config->ledger && config->findings && observed_version_exists(config->version);
}

int host_checker_create(const struct host_checker_config *config, struct host_checker **out)
{
	if (!is_complete(config) || !host_is_argument(out))
		return -1;

	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return -1;
	(*out)->config = *config;
	if (config->repeat_limit == 0)
		(*out)->config.repeat_limit = DEFAULT_REPEAT_LIMIT;
	if (config->busy_limit == 0)
		(*out)->config.busy_limit = DEFAULT_BUSY_LIMIT;
	return 0;
}

void host_checker_destroy(struct host_checker *checker)
{
	if (!host_is_argument(checker))
		return;
	free(checker->recs);
	grave_bury(checker);
}

bool host_checker_gave_up(const struct host_checker *checker)
{
	if (!host_is_argument(checker))
		return false;

	return checker->gave_up;
}

/* ---- findings --------------------------------------------------------------------------- */

void checker_note(struct host_checker *c, const struct note *note, const char *format, ...)
{
	struct host_finding f = {
		.kind = note->kind,
		.call = c->now,
		.origin = note->origin.call,
		.line = note->origin.line,
		.address = note->address,
	};
	va_list args;

	if (note->o != NULL)
		(void)snprintf(f.command, sizeof(f.command), "%s", observed_name(note->o));
	(void)snprintf(f.remedy, sizeof(f.remedy), "%s", note->remedy);
	va_start(args, format);
	(void)vsnprintf(f.text, sizeof(f.text), format, args);
	va_end(args);
	host_findings_add(c->config.findings, &f);
}

void verdict_set(struct granule_verdict *verdict, const struct note *note, const char *format, ...)
{
	va_list args;

	if (verdict->bad)
		return;
	verdict->bad = true;
	verdict->note = *note;
	va_start(args, format);
	(void)vsnprintf(verdict->text, sizeof(verdict->text), format, args);
	va_end(args);
}

bool checker_refused(const struct observed *o)
{
	return !observed_succeeded(o) && !observed_incomplete(o) && !observed_asks_to_repeat(o) &&
	       o->out.x[0] != OBSERVED_NOT_SUPPORTED;
}

const struct span *checker_holder(const struct host_checker *c, uint64_t pa)
{
	return span_at(&c->config.ledger->granules, LEDGER_PA_SPACE, pa);
}

/* ---- inputs that were never outputs ------------------------------------------------------- */

static void check_inputs(struct host_checker *c, const struct observed *o)
{
	uint64_t call;

	for (size_t i = 0; i < o->command->num_inputs; i++) {
		const struct rmm_abi_param *input = &o->command->inputs[i];
		const uint64_t value = o->in.x[input->reg];

		if (!host_poison_call(value, &call))
			continue;
		checker_note(c,
			     &(struct note){
				     .kind = HOST_FINDING_UNDEFINED_OUTPUT,
				     .o = o,
				     .origin = {.call = call},
				     .address = value,
				     .remedy = "look at the status first; use only the outputs "
					       "that it defines",
			     },
			     "%s is 0x%" PRIx64 ", an output that the answer to call %" PRIu64
			     " does not define",
			     input->name, value, call);
	}
}

/* ---- the link -------------------------------------------------------------------------------- */

static void refuse(struct host_checker *c, struct smc_regs *regs)
{
	regs->x[0] = OBSERVED_NOT_SUPPORTED;
	if (++c->calls_since > c->config.repeat_limit && c->config.stuck != NULL)
		c->config.stuck(c->config.stuck_ctx);
}

static void check_before(struct host_checker *c, const struct observed *o,
			 struct granule_verdict *verdict)
{
	check_inputs(c, o);
	check_progress_before(c, o);
	check_entry_before(c, o);
	check_granules_before(c, o, verdict);
	check_operations_before(c, o, verdict);
	check_teardown_before(c, o, verdict);
	check_objects_before(c, o, verdict);
}

/* A creation that begins may look at its granules at the end only. */
static bool counts(const struct observed *o)
{
	const struct object_command *of = object_command(o->id);

	return checker_refused(o) || (observed_incomplete(o) && of != NULL && !of->destroys);
}

static void check_after(struct host_checker *c, const struct observed *o,
			const struct granule_verdict *verdict)
{
	if (verdict->bad && counts(o))
		checker_note(c, &verdict->note, "%s", verdict->text);
	check_granules_after(c, o, verdict);
	check_progress_after(c, o);
	check_entry_after(c, o);
	check_repeat_after(c, o);
}

static void checker_call(void *ctx, struct smc_regs *regs)
{
	const struct host_checker_link *link = ctx;
	struct host_checker *c = link->checker;
	struct granule_verdict verdict = {.bad = false};
	struct observed o;

	if (!host_is_argument(c)) {
		regs->x[0] = SMC_NOT_SUPPORTED;
		return;
	}
	if (c->gave_up) {
		refuse(c, regs);
		return;
	}
	o = observed_call(c->config.version, ++c->now, regs);
	if (o.command == NULL) {
		smc_call(link->next, regs);
		return;
	}
	check_before(c, &o, &verdict);
	smc_call(link->next, regs);
	o.out = *regs;
	verdict.note.o = &o;
	check_after(c, &o, &verdict);
}

struct smc_conduit host_checker_conduit(struct host_checker_link *link)
{
	if (!(link && link->checker))
		return host_nowhere();
	return (struct smc_conduit){.call = checker_call, .ctx = link};
}

/* ---- memory
 * -------------------------------------------------------------------------------------- */

void host_checker_touch(struct host_checker *checker, uint64_t pa, uint64_t len, bool write)
{
	if (!host_is_argument(checker))
		return;

	const struct span *span = span_meeting(&checker->config.ledger->granules, LEDGER_PA_SPACE,
					       pa, pa + (len ? len : 1));

	if (span == NULL)
		return;
	checker_note(checker,
		     &(struct note){
			     .kind = HOST_FINDING_TOUCH_DELEGATED,
			     .origin = span->taken,
			     .address = pa,
			     .remedy = "keep off the page until it is undelegated; a page that "
				       "cannot be undelegated is lost",
		     },
		     "the host %s 0x%" PRIx64 ", which is %s since call %" PRIu64
		     ": a granule protection fault",
		     write ? "writes" : "reads", pa, host_held_name(span->kind), span->taken.call);
}

static bool checked_read(void *ctx, uint64_t pa, void *buf, size_t len)
{
	struct host_checker *c = ctx;

	host_checker_touch(c, pa, len, false);
	check_entry_read(c, pa, len);
	return c->config.memory.read(c->config.memory.ctx, pa, buf, len);
}

static bool checked_write(void *ctx, uint64_t pa, const void *buf, size_t len)
{
	struct host_checker *c = ctx;

	host_checker_touch(c, pa, len, true);
	check_entry_write(c, pa, len);
	return c->config.memory.write(c->config.memory.ctx, pa, buf, len);
}

struct host_memory_ops host_checker_memory(struct host_checker *checker)
{
	if (!host_is_argument(checker))
		return (struct host_memory_ops){0};
	return (struct host_memory_ops){
		.read = checked_read,
		.write = checked_write,
		.ctx = checker,
	};
}

/* ---- the end
 * -------------------------------------------------------------------------------------- */

uint64_t host_checker_finish(struct host_checker *checker)
{
	if (!host_is_argument(checker))
		return 0;

	check_progress_finish(checker);
	(void)host_ledger_leaks(checker->config.ledger, checker->config.findings);
	return host_findings_count(checker->config.findings);
}
