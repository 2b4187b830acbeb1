/* SPDX-License-Identifier: BSD-3-Clause */
/* The host's reads and writes of memory. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "session.h"

static const char *fault_name(enum rmm_fault_kind kind)
{
	switch (kind) {
	case RMM_FAULT_NONE:
		return "no fault";
	case RMM_FAULT_GPT_ADDRESS_SIZE:
		return "GPT address size fault";
	case RMM_FAULT_GPT_WALK:
		return "GPT walk fault";
	case RMM_FAULT_GPF:
		return "granule protection fault";
	case RMM_FAULT_EXTERNAL:
		return "external abort";
	}
	return "unknown fault";
}

/* Compares how the access ended with what was expected; true when it went through. */
static bool judge_fault(struct trace_turn *turn, const struct trace_access *access, bool ok,
			const struct rmm_fault *fault)
{
	enum rmm_fault_kind kind = ok ? RMM_FAULT_NONE : fault->kind;
	enum rmm_fault_kind wanted = access->fault ? access->fault_kind : RMM_FAULT_NONE;
	size_t len = strlen(turn->text);
	struct rmm_trace_mismatch *m;

	trace_turn_expect(turn);
	if (!ok)
		snprintf(turn->text + len, sizeof(turn->text) - len, " -> %s at %#" PRIx64,
			 fault_name(kind), fault->pa);
	if (kind == wanted)
		return ok;
	m = trace_turn_mismatch(turn, "access");
	snprintf(m->expected, sizeof(m->expected), "%s", fault_name(wanted));
	snprintf(m->came, sizeof(m->came), "%s", fault_name(kind));
	return ok;
}

static void describe(struct trace_turn *turn, const struct trace_access *access, uint64_t pa,
		     const char *verb)
{
	turn->event.kind = RMM_TRACE_ACCESS;
	if (access->type != NULL)
		snprintf(turn->text, sizeof(turn->text), "host %s %s at %#" PRIx64, verb,
			 access->type->name, pa);
	else
		snprintf(turn->text, sizeof(turn->text), "host %s %u bytes at %#" PRIx64, verb,
			 access->size, pa);
}

static uint8_t *begin(struct trace_turn *turn, const struct trace_access *access, uint64_t *pa)
{
	uint8_t *image;

	if (!trace_turn_eval(turn, access->pa, pa))
		return NULL;
	image = calloc(1, access->size);
	if (image == NULL)
		snprintf(trace_turn_mismatch(turn, "access")->came, 32, "out of memory");
	return image;
}

void trace_play_write(struct trace_turn *turn)
{
	const struct trace_access *access = turn->step->u.access;
	struct rmm_fault fault = {0};
	uint64_t pa;
	uint8_t *image = begin(turn, access, &pa);
	bool ok;

	if (image == NULL)
		return;
	describe(turn, access, pa, "writes");
	if (access->text != NULL)
		memcpy(image, access->text, access->size);
	if (trace_turn_store(turn, &access->terms, image)) {
		trace_turn_describe(turn, &access->terms, image);
		ok = rmm_host_write(turn->session->sys, pa, image, access->size, &fault);
		judge_fault(turn, access, ok, &fault);
	}
	free(image);
}

static void compare_text(struct trace_turn *turn, const struct trace_access *access,
			 const uint8_t *image)
{
	struct rmm_trace_mismatch *m;

	trace_turn_expect(turn);
	if (memcmp(image, access->text, access->size) == 0)
		return;
	m = trace_turn_mismatch(turn, "text");
	snprintf(m->expected, sizeof(m->expected), "'%.100s'", access->text);
	for (uint32_t i = 0; i < access->size && i < sizeof(m->came) - 1; i++)
		m->came[i] = (char)(image[i] >= 0x20 && image[i] < 0x7f ? image[i] : '.');
}

static void save_fields(struct trace_turn *turn, const struct trace_access *access,
			const uint8_t *image)
{
	uint64_t *slots = trace_turn_slots(turn);

	for (size_t i = 0; i < access->saves.n; i++)
		slots[access->saves.v[i].slot] = trace_bits_get(image, access->saves.v[i].bits.bit,
								access->saves.v[i].bits.width);
}

void trace_play_read(struct trace_turn *turn)
{
	const struct trace_access *access = turn->step->u.access;
	struct rmm_fault fault = {0};
	uint64_t pa;
	uint8_t *image = begin(turn, access, &pa);
	bool ok;

	if (image == NULL)
		return;
	describe(turn, access, pa, "reads");
	ok = rmm_host_read(turn->session->sys, pa, image, access->size, &fault);
	if (judge_fault(turn, access, ok, &fault)) {
		if (access->text != NULL)
			compare_text(turn, access, image);
		trace_turn_describe(turn, &access->terms, image);
		trace_turn_compare(turn, &access->terms, image);
		save_fields(turn, access, image);
	}
	free(image);
}
