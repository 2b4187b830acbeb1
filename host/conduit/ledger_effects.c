/* SPDX-License-Identifier: BSD-3-Clause */
/* What a command that has succeeded changed. */
#include <stdlib.h>

#include "ledger_state.h"
#include "object_commands.h"

#define MAX_REC_AUX   16u
#define DESC_ADDR_1_0 UINT64_C(0x0000fffffffff000) /* OA of a stage 2 descriptor without LPA2 */

/* ---- realms ------------------------------------------------------------------------ */

struct realm_sample ledger_sample(const struct host_ledger *ledger, const struct observed *o)
{
	const struct host_memory_ops *memory = &ledger->config.memory;
	const uint64_t params = observed_in(o, "params_ptr");
	struct realm_sample sample = {0};

	if (o->id != RMM_CMD_RMI_REALM_CREATE)
		return sample;
	sample.root_base = read_field(memory, o->version, "RmiRealmParams", "rtt_base", 0, params);
	sample.root_size = HOST_PAGE_SIZE * read_field(memory, o->version, "RmiRealmParams",
						       "rtt_num_start", 0, params);
	sample.vmid = read_field(memory, o->version, "RmiRealmParams", "vmid", 0, params);
	sample.num_aux = (unsigned int)read_field(memory, o->version, "RmiRealmParams",
						  "num_aux_planes", 0, params);
	if (sample.num_aux > LEDGER_MAX_AUX_RTT)
		sample.num_aux = LEDGER_MAX_AUX_RTT;
	for (unsigned int i = 0; i < sample.num_aux; i++)
		sample.aux_base[i] =
			read_field(memory, o->version, "RmiRealmParams", "aux_rtt_base", i, params);
	return sample;
}

static void hold_root(struct host_ledger *ledger, uint64_t rd, uint64_t base, uint64_t size)
{
	const struct holding rtt = {.kind = HOST_HELD_RTT, .realm = rd, .object = rd};

	ledger_hold(ledger, base, base + size, &rtt);
}

static void realm_created(struct host_ledger *ledger, uint64_t rd,
			  const struct realm_sample *sample)
{
	void *array = ledger->realms;

	hold_root(ledger, rd, sample->root_base, sample->root_size);
	/* With one tree for all planes there are no auxiliary tables: then these are 0. */
	for (unsigned int i = 0; i < sample->num_aux; i++)
		if (sample->aux_base[i] != 0)
			hold_root(ledger, rd, sample->aux_base[i], sample->root_size);
	if (!ledger_grow(ledger, &array, ledger->num_realms, sizeof(ledger->realms[0])))
		return;
	ledger->realms = array;
	ledger->realms[ledger->num_realms++] = (struct ledger_realm){
		.rd = rd,
		.vmid = sample->vmid,
		.origin = ledger->now,
	};
}

/* Root tables go back to being DELEGATED with the realm. */
static void realm_destroyed(struct host_ledger *ledger, uint64_t rd)
{
	const struct holding delegated = {.kind = HOST_HELD_DELEGATED};
	struct ledger_realm *realm = ledger_realm(ledger, rd);

	for (size_t i = 0; i < ledger->granules.num; i++) {
		const struct span span = ledger->granules.spans[i];

		if (span.kind != HOST_HELD_RTT || span.realm != rd || span.object != rd)
			continue;
		ledger_hold(ledger, span.base, span.top, &delegated);
		i = 0; /* neighbours may have been merged */
	}
	span_cut(&ledger->mappings, rd, 0, UINT64_MAX);
	if (realm != NULL)
		*realm = ledger->realms[--ledger->num_realms];
}

static void set_realm_state(struct host_ledger *ledger, const struct observed *o,
			    enum ledger_realm_state state)
{
	struct ledger_realm *realm = ledger_realm(ledger, observed_in(o, "rd"));

	if (realm != NULL)
		realm->state = state;
}

/* ---- granules -------------------------------------------------------------------------- */

/* The end of a range command: what the answer says, within what was asked for. */
static uint64_t reached(const struct observed *o)
{
	const uint64_t base = observed_in(o, "base");
	const uint64_t top = observed_in(o, "top");
	const uint64_t out_top = observed_out(o, "out_top");

	if (out_top < base)
		return base;
	return out_top < top ? out_top : top;
}

/* Granules that are delegated already are skipped, where a version allows that. */
static void delegated(struct host_ledger *ledger, uint64_t base, uint64_t top)
{
	const struct holding holding = {.kind = HOST_HELD_DELEGATED};
	uint64_t at = base;

	while (at < top) {
		const struct span *next = span_meeting(&ledger->granules, LEDGER_PA_SPACE, at, top);
		const uint64_t end = next != NULL ? next->base : top;
		const uint64_t after = next != NULL ? next->top : top;

		if (at < end)
			ledger_hold(ledger, at, end, &holding);
		at = after;
	}
}

static void object_done(struct host_ledger *ledger, const struct object_command *of,
			const struct observed *o)
{
	const uint64_t pa = object_granule(of, o) & ~PAGE_MASK;
	const struct holding created = {
		.kind = of->kind,
		.realm = object_realm(of, o),
		.object = of->kind == HOST_HELD_DATA ? observed_in(o, "ipa") : 0,
	};
	const struct holding freed = {.kind = HOST_HELD_DELEGATED};

	ledger_hold(ledger, pa, pa + HOST_PAGE_SIZE, of->destroys ? &freed : &created);
}

/* 1.0: the auxiliary granules of a REC stand in its parameters. */
static void rec_created(struct host_ledger *ledger, const struct observed *o)
{
	const struct host_memory_ops *memory = &ledger->config.memory;
	const uint64_t params = observed_in(o, "params_ptr");
	const struct holding donated = {
		.kind = HOST_HELD_DONATED,
		.realm = observed_in(o, "rd"),
		.object = observed_in(o, "rec_ptr|rec"),
	};
	uint64_t n = read_field(memory, o->version, "RmiRecParams", "num_aux", 0, params);

	if (n > MAX_REC_AUX)
		n = MAX_REC_AUX;
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t pa =
			read_field(memory, o->version, "RmiRecParams", "aux", i, params);

		ledger_hold(ledger, pa, pa + HOST_PAGE_SIZE, &donated);
	}
}

static void rec_destroyed_1_0(struct host_ledger *ledger, uint64_t rec)
{
	const struct holding freed = {.kind = HOST_HELD_DELEGATED};

	for (size_t i = 0; i < ledger->granules.num; i++) {
		const struct span span = ledger->granules.spans[i];

		if (span.kind != HOST_HELD_DONATED || span.object != rec)
			continue;
		ledger_hold(ledger, span.base, span.top, &freed);
		i = 0;
	}
}

/* ---- mappings ----------------------------------------------------------------------------- */

static void map(struct host_ledger *ledger, enum host_held kind, uint64_t rd, uint64_t ipa,
		uint64_t pa, uint64_t size)
{
	const struct span mapping = {
		.space = rd,
		.base = ipa,
		.top = ipa + size,
		.target = pa,
		.realm = rd,
		.kind = kind,
		.taken = ledger->now,
	};
	const struct holding data = {.kind = kind, .realm = rd, .object = ipa};

	span_set(&ledger->mappings, &mapping);
	if (kind != HOST_HELD_NS_MAPPING)
		ledger_hold(ledger, pa, pa + size, &data);
}

/* Descriptors in turn, until [base, top) is covered. */
static void map_ranges(struct host_ledger *ledger, const struct observed *o, enum host_held kind)
{
	const uint64_t rd = observed_in(o, "rd");
	const uint64_t top = reached(o);
	uint64_t at = observed_in(o, "base");
	uint64_t list[LIST_ENTRIES];
	uint64_t n = 1;

	list[0] = observed_in(o, "oaddr");
	if (observed_addr_type(o) == RMI_ADDR_TYPE_LIST)
		n = read_list(&ledger->config.memory, list[0], LIST_ENTRIES, list);
	for (uint64_t i = 0; i < n && at < top; i++) {
		const struct pa_range range = pa_range_decode(o->version, list[i]);
		const uint64_t size = range.size < top - at ? range.size : top - at;

		if (size > 0)
			map(ledger, kind, rd, at, range.base, size);
		at += size;
	}
}

static void unmap(struct host_ledger *ledger, uint64_t rd, uint64_t base, uint64_t top)
{
	const struct holding freed = {.kind = HOST_HELD_DELEGATED};
	uint64_t at = base;
	const struct span *next;

	while ((next = span_meeting(&ledger->mappings, rd, at, top)) != NULL) {
		const uint64_t from = next->base > at ? next->base : at;
		const uint64_t to = next->top < top ? next->top : top;
		const uint64_t pa = next->target + (from - next->base);

		if (next->kind != HOST_HELD_NS_MAPPING)
			ledger_hold(ledger, pa, pa + (to - from), &freed);
		at = to;
	}
	span_cut(&ledger->mappings, rd, base, top);
}

/* Shared pages below a table go with it; private ones would have kept it alive. */
static void table_destroyed(struct host_ledger *ledger, const struct observed *o)
{
	const int64_t level = (int64_t)observed_in(o, "level");
	const uint64_t size = rtt_span_bytes(level - 1);
	const uint64_t base = observed_in(o, "ipa") & ~(size - 1);

	if (size > 0)
		unmap(ledger, observed_in(o, "rd"), base, base + size);
}

static void mapped_unprotected_1_0(struct host_ledger *ledger, const struct observed *o)
{
	map(ledger, HOST_HELD_NS_MAPPING, observed_in(o, "rd"), observed_in(o, "ipa"),
	    observed_in(o, "desc") & DESC_ADDR_1_0,
	    rtt_span_bytes((int64_t)observed_in(o, "level")));
}

static void unmapped_unprotected_1_0(struct host_ledger *ledger, const struct observed *o)
{
	const uint64_t ipa = observed_in(o, "ipa");

	unmap(ledger, observed_in(o, "rd"), ipa,
	      ipa + rtt_span_bytes((int64_t)observed_in(o, "level")));
}

static void data_created(struct host_ledger *ledger, const struct observed *o)
{
	map(ledger, HOST_HELD_DATA, observed_in(o, "rd"), observed_in(o, "ipa"),
	    observed_in(o, "data"), HOST_PAGE_SIZE);
}

/* ---- commands -------------------------------------------------------------------------------- */

static void apply_memory(struct host_ledger *ledger, const struct observed *o)
{
	const uint64_t addr = observed_in(o, "addr");
	const uint64_t rd = observed_in(o, "rd");

	switch (o->id) {
	case RMM_CMD_RMI_GRANULE_DELEGATE:
		delegated(ledger, addr, addr + HOST_PAGE_SIZE);
		break;
	case RMM_CMD_RMI_GRANULE_UNDELEGATE:
		ledger_release(ledger, addr, addr + HOST_PAGE_SIZE);
		break;
	case RMM_CMD_RMI_GRANULE_RANGE_DELEGATE:
		delegated(ledger, observed_in(o, "base"), reached(o));
		break;
	case RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE:
		ledger_release(ledger, observed_in(o, "base"), reached(o));
		break;
	case RMM_CMD_RMI_RTT_DATA_MAP:
		map_ranges(ledger, o, HOST_HELD_DATA);
		break;
	case RMM_CMD_RMI_RTT_DEV_MAP:
		map_ranges(ledger, o, HOST_HELD_DEVICE);
		break;
	case RMM_CMD_RMI_RTT_UNPROT_MAP:
		map_ranges(ledger, o, HOST_HELD_NS_MAPPING);
		break;
	case RMM_CMD_RMI_RTT_DATA_UNMAP:
	case RMM_CMD_RMI_RTT_DEV_UNMAP:
	case RMM_CMD_RMI_RTT_UNPROT_UNMAP:
		unmap(ledger, rd, observed_in(o, "base"), reached(o));
		break;
	case RMM_CMD_RMI_RTT_MAP_UNPROTECTED:
		mapped_unprotected_1_0(ledger, o);
		break;
	case RMM_CMD_RMI_RTT_UNMAP_UNPROTECTED:
		unmapped_unprotected_1_0(ledger, o);
		break;
	default:
		break;
	}
}

static void apply_objects(struct host_ledger *ledger, const struct observed *o,
			  const struct realm_sample *sample)
{
	const uint64_t rd = observed_in(o, "rd");

	switch (o->id) {
	case RMM_CMD_RMI_REALM_CREATE:
		realm_created(ledger, rd, sample);
		break;
	case RMM_CMD_RMI_REALM_ACTIVATE:
		set_realm_state(ledger, o, LEDGER_REALM_ACTIVE);
		break;
	case RMM_CMD_RMI_REALM_TERMINATE:
		set_realm_state(ledger, o, LEDGER_REALM_ZOMBIE);
		break;
	case RMM_CMD_RMI_REALM_DESTROY:
		realm_destroyed(ledger, rd);
		break;
	case RMM_CMD_RMI_REC_CREATE:
		rec_created(ledger, o);
		break;
	case RMM_CMD_RMI_REC_DESTROY:
		if (o->version == RMM_VERSION_1_0_REL0)
			rec_destroyed_1_0(ledger, observed_in(o, "rec_ptr|rec"));
		break;
	case RMM_CMD_RMI_RTT_DESTROY:
		table_destroyed(ledger, o);
		break;
	case RMM_CMD_RMI_DATA_CREATE:
	case RMM_CMD_RMI_DATA_CREATE_UNKNOWN:
	case RMM_CMD_RMI_RTT_DATA_MAP_INIT:
		data_created(ledger, o);
		break;
	case RMM_CMD_RMI_DATA_DESTROY:
		span_cut(&ledger->mappings, rd, observed_in(o, "ipa"),
			 observed_in(o, "ipa") + HOST_PAGE_SIZE);
		break;
	default:
		break;
	}
}

void ledger_apply(struct host_ledger *ledger, const struct observed *o,
		  const struct realm_sample *sample)
{
	const struct object_command *of = object_command(o->id);

	apply_objects(ledger, o, sample);
	if (of != NULL)
		object_done(ledger, of, o);
	apply_memory(ledger, o);
}
