/* SPDX-License-Identifier: BSD-3-Clause */
/* What the ledger says to people, and what is still held at the end. */
#include <execinfo.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../arguments.h"
#include "ledger_state.h"

const char *host_held_name(enum host_held kind)
{
	static const char *const names[HOST_HELD_COUNT] = {
		[HOST_HELD_DELEGATED] = "DELEGATED",
		[HOST_HELD_RD] = "RD",
		[HOST_HELD_REC] = "REC",
		[HOST_HELD_RTT] = "RTT",
		[HOST_HELD_DATA] = "DATA",
		[HOST_HELD_DEVICE] = "DEVICE",
		[HOST_HELD_DONATED] = "DONATED",
		[HOST_HELD_PARTIAL] = "PARTIAL",
		[HOST_HELD_OPERATION] = "OPERATION",
		[HOST_HELD_REALM] = "REALM",
		[HOST_HELD_NS_MAPPING] = "MAPPING",
	};

	return (unsigned int)kind < HOST_HELD_COUNT ? names[kind] : "unknown";
}

/* ---- entries --------------------------------------------------------------------------- */

static struct host_held_entry entry_of(const struct span *span)
{
	return (struct host_held_entry){
		.kind = span->kind,
		.base = span->base,
		.size = span->top - span->base,
		.realm = span->realm,
		.object = span->kind == HOST_HELD_NS_MAPPING ? span->target : span->object,
		.taken = span->taken,
		.in_use = span->in_use,
	};
}

static struct host_held_entry operation_entry(const struct ledger_operation *op)
{
	return (struct host_held_entry){
		.kind = HOST_HELD_OPERATION,
		.base = op->handle,
		.realm = observed_in(&op->start, "rd"),
		.object = op->object,
		.taken = op->origin,
	};
}

static struct host_held_entry realm_entry(const struct ledger_realm *realm)
{
	return (struct host_held_entry){
		.kind = HOST_HELD_REALM,
		.base = realm->rd,
		.realm = realm->rd,
		.object = realm->vmid,
		.taken = realm->origin,
	};
}

bool host_ledger_at(const struct host_ledger *ledger, uint64_t pa, struct host_held_entry *entry)
{
	if (!host_is_argument(ledger))
		return false;

	const struct span *span = span_at(&ledger->granules, LEDGER_PA_SPACE, pa);

	if (span != NULL && entry != NULL)
		*entry = entry_of(span);
	return span != NULL;
}

void host_ledger_each(const struct host_ledger *ledger,
		      void (*line)(void *ctx, const struct host_held_entry *entry), void *ctx)
{
	struct host_held_entry entry;

	if (!host_is_argument(ledger) || !line)
		return;
	for (size_t i = 0; i < ledger->granules.num; i++) {
		entry = entry_of(&ledger->granules.spans[i]);
		line(ctx, &entry);
	}
	for (size_t i = 0; i < ledger->num_operations; i++) {
		entry = operation_entry(&ledger->operations[i]);
		line(ctx, &entry);
	}
	for (size_t i = 0; i < ledger->num_realms; i++) {
		entry = realm_entry(&ledger->realms[i]);
		line(ctx, &entry);
	}
	for (size_t i = 0; i < ledger->mappings.num; i++) {
		entry = entry_of(&ledger->mappings.spans[i]);
		if (entry.kind == HOST_HELD_NS_MAPPING)
			line(ctx, &entry);
	}
}

/* ---- words ------------------------------------------------------------------------------ */

void host_held_remedy(const struct host_held_entry *e, char *buf, size_t len)
{
	if (!host_is_argument(e) || !buf || len == 0)
		return;

	switch (e->kind) {
	case HOST_HELD_DELEGATED:
		(void)snprintf(buf, len,
			       "RMI_GRANULE_RANGE_UNDELEGATE (1.0: RMI_GRANULE_UNDELEGATE) of "
			       "[0x%" PRIx64 ", 0x%" PRIx64 ")",
			       e->base, e->base + e->size);
		break;
	case HOST_HELD_RD:
	case HOST_HELD_REALM:
		(void)snprintf(
			buf, len,
			"RMI_REALM_TERMINATE (since 2.0) and RMI_REALM_DESTROY of rd 0x%" PRIx64
			" once its RECs, tables and data are gone, then undelegate",
			e->base);
		break;
	case HOST_HELD_REC:
		(void)snprintf(buf, len, "RMI_REC_DESTROY of 0x%" PRIx64 ", then undelegate",
			       e->base);
		break;
	case HOST_HELD_RTT:
		(void)snprintf(buf, len,
			       e->object == e->realm
				       ? "RMI_REALM_DESTROY of rd 0x%" PRIx64 ", then undelegate"
				       : "RMI_RTT_DESTROY or RMI_RTT_FOLD in rd 0x%" PRIx64
					 ", then undelegate",
			       e->realm);
		break;
	case HOST_HELD_DATA:
	case HOST_HELD_DEVICE:
		(void)snprintf(buf, len,
			       "unmapping of IPA 0x%" PRIx64 " in rd 0x%" PRIx64
			       ", then undelegate",
			       e->object, e->realm);
		break;
	case HOST_HELD_DONATED:
		(void)snprintf(buf, len,
			       "destruction of the object at 0x%" PRIx64
			       " with RMI_OP_MEM_RECLAIM, then undelegate",
			       e->object);
		break;
	case HOST_HELD_PARTIAL:
		(void)snprintf(buf, len, "the end of its operation: RMI_OP_CONTINUE or its like");
		break;
	case HOST_HELD_OPERATION:
		(void)snprintf(buf, len,
			       "RMI_OP_CONTINUE, RMI_OP_MEM_DONATE or RMI_OP_MEM_RECLAIM of "
			       "handle 0x%" PRIx64 " until a terminal status",
			       e->base);
		break;
	case HOST_HELD_NS_MAPPING:
		(void)snprintf(buf, len,
			       "RMI_RTT_UNPROT_UNMAP (1.0: RMI_RTT_UNMAP_UNPROTECTED) of IPA "
			       "0x%" PRIx64 " in rd 0x%" PRIx64,
			       e->base, e->realm);
		break;
	case HOST_HELD_COUNT:
		(void)snprintf(buf, len, "nothing");
		break;
	}
}

static void append(char *buf, size_t len, const char *what, const struct host_origin *origin)
{
	const size_t at = strlen(buf);

	if (origin->call == 0 || at >= len)
		return;
	(void)snprintf(buf + at, len - at, ", %s by call %" PRIu64 " (%s)", what, origin->call,
		       origin->command);
	if (origin->line != 0 && strlen(buf) < len)
		(void)snprintf(buf + strlen(buf), len - strlen(buf), " at line %" PRIu64,
			       origin->line);
}

void host_held_describe(const struct host_held_entry *e, char *buf, size_t len)
{
	if (!host_is_argument(e) || !buf || len == 0)
		return;

	const bool granules = e->kind < HOST_HELD_OPERATION;

	if (granules)
		(void)snprintf(buf, len, "%" PRIu64 " granule%s at 0x%" PRIx64 ": %s",
			       e->size / HOST_PAGE_SIZE, e->size == HOST_PAGE_SIZE ? "" : "s",
			       e->base, host_held_name(e->kind));
	else if (e->kind == HOST_HELD_REALM)
		(void)snprintf(buf, len, "realm with rd 0x%" PRIx64 " and one VMID", e->base);
	else if (e->kind == HOST_HELD_OPERATION)
		(void)snprintf(buf, len, "operation with handle 0x%" PRIx64, e->base);
	else
		(void)snprintf(buf, len,
			       "mapping of IPA [0x%" PRIx64 ", 0x%" PRIx64 ") in rd 0x%" PRIx64,
			       e->base, e->base + e->size, e->realm);
	append(buf, len, granules ? "delegated" : "made", &e->taken);
	append(buf, len, "in use", &e->in_use);
}

struct printing {
	const struct host_ledger *ledger;
	FILE *out;
};

static void print_trace(const struct printing *p, const struct host_origin *origin)
{
	void *const *frames = NULL;
	const size_t n = host_ledger_backtrace(p->ledger, origin, &frames);
	char **names = n > 0 ? backtrace_symbols(frames, (int)n) : NULL;

	for (size_t i = 0; names != NULL && i < n; i++)
		(void)fprintf(p->out, "\t\t%s\n", names[i]);
	free(names);
}

static void print_entry(void *ctx, const struct host_held_entry *entry)
{
	const struct printing *p = ctx;
	char text[256];

	host_held_describe(entry, text, sizeof(text));
	(void)fprintf(p->out, "%s\n", text);
	host_held_remedy(entry, text, sizeof(text));
	(void)fprintf(p->out, "\tfreed by: %s\n", text);
	print_trace(p, entry->in_use.call != 0 ? &entry->in_use : &entry->taken);
}

void host_ledger_print(const struct host_ledger *ledger, FILE *out)
{
	struct printing p = {.ledger = ledger, .out = out};

	if (!(host_is_argument(ledger) && host_is_argument(out)))
		return;
	(void)fprintf(out,
		      "after %" PRIu64 " calls: %" PRIu64 " granules, %zu operations, %zu realms\n",
		      ledger->calls, host_ledger_granules(ledger), ledger->num_operations,
		      ledger->num_realms);
	host_ledger_each(ledger, print_entry, &p);
	if (host_ledger_is_incomplete(ledger))
		(void)fprintf(out, "out of memory: this list is not complete\n");
}

/* ---- leaks ------------------------------------------------------------------------------- */

struct leaks {
	const struct host_ledger *ledger;
	struct host_findings *findings;
	uint64_t found;
};

static enum host_finding_kind leak_kind(enum host_held kind)
{
	switch (kind) {
	case HOST_HELD_RD:
	case HOST_HELD_REALM:
		return HOST_FINDING_REALM_LEAKED;
	case HOST_HELD_REC:
		return HOST_FINDING_REC_LEAKED;
	case HOST_HELD_OPERATION:
	case HOST_HELD_PARTIAL:
		return HOST_FINDING_OPERATION_ABANDONED;
	case HOST_HELD_NS_MAPPING:
		return HOST_FINDING_MAPPING_LEAKED;
	default:
		return HOST_FINDING_PAGE_LEAKED;
	}
}

static bool operation_is_open(const struct host_ledger *ledger, uint64_t object)
{
	for (size_t i = 0; i < ledger->num_operations; i++)
		if (ledger->operations[i].object == object)
			return true;
	return false;
}

/* Told by the finding of something else, or no leak at all. */
static bool is_told_elsewhere(const struct host_ledger *ledger, const struct host_held_entry *e)
{
	switch (e->kind) {
	case HOST_HELD_RD:
	case HOST_HELD_PARTIAL:
		return true; /* by its realm, by its operation */
	case HOST_HELD_REALM:
	case HOST_HELD_OPERATION:
	case HOST_HELD_DELEGATED:
		return false;
	case HOST_HELD_DONATED:
		if (e->in_use.command != NULL && e->object == 0 && e->realm == 0)
			return true; /* the RMM's own */
		return operation_is_open(ledger, e->object) ||
		       ledger_realm(ledger, e->realm) != NULL;
	default:
		return ledger_realm(ledger, e->realm) != NULL;
	}
}

/* What a leaked realm still has, in granules by kind. */
static void describe_realm(const struct host_ledger *ledger, uint64_t rd, char *buf, size_t len)
{
	uint64_t granules[HOST_HELD_COUNT] = {0};

	for (size_t i = 0; i < ledger->granules.num; i++) {
		const struct span *span = &ledger->granules.spans[i];

		if (span->realm == rd)
			granules[span->kind] += (span->top - span->base) / HOST_PAGE_SIZE;
	}
	(void)snprintf(buf, len,
		       "; it has %" PRIu64 " RECs, %" PRIu64 " tables and %" PRIu64
		       " granules of data",
		       granules[HOST_HELD_REC], granules[HOST_HELD_RTT], granules[HOST_HELD_DATA]);
}

static void add_leak(void *ctx, const struct host_held_entry *e)
{
	struct leaks *l = ctx;
	struct host_finding f = {.kind = leak_kind(e->kind), .address = e->base};
	const struct host_origin *origin = e->in_use.call != 0 ? &e->in_use : &e->taken;
	size_t at;

	if (is_told_elsewhere(l->ledger, e))
		return;
	f.call = l->ledger->calls;
	f.origin = origin->call;
	f.line = origin->line;
	host_held_describe(e, f.text, sizeof(f.text));
	at = strlen(f.text);
	if (e->kind == HOST_HELD_REALM)
		describe_realm(l->ledger, e->base, f.text + at, sizeof(f.text) - at);
	host_held_remedy(e, f.remedy, sizeof(f.remedy));
	host_findings_add(l->findings, &f);
	l->found++;
}

uint64_t host_ledger_leaks(const struct host_ledger *ledger, struct host_findings *findings)
{
	struct leaks leaks = {.ledger = ledger, .findings = findings};

	if (!(host_is_argument(ledger) && host_is_argument(findings)))
		return 0;
	host_ledger_each(ledger, add_leak, &leaks);
	return leaks.found;
}
