/* SPDX-License-Identifier: BSD-3-Clause */
#include "observed.h"

#include <string.h>

#define FID_SVE_HINT    UINT64_C(0x10000)
#define PAGE_LEVEL      3
#define FIRST_LEVEL     (-1)
#define PAGE_SHIFT      12
#define LEVEL_SHIFT     9
#define MAX_FIELD_BYTES 8u

struct observed observed_call(enum rmm_version version, uint64_t number,
			      const struct smc_regs *regs)
{
	struct observed o = {
		.version = version,
		.id = RMM_CMD_COUNT,
		.number = number,
		.in = *regs,
		.out = *regs,
	};

	o.command = rmm_abi_command_by_fid(version, (uint32_t)(regs->x[0] & ~FID_SVE_HINT));
	if (o.command != NULL)
		o.id = o.command->id;
	return o;
}

const char *observed_name(const struct observed *o)
{
	return o->command != NULL ? o->command->name : "a call that is no RMI command";
}

/* Whether `name` is one of the alternatives. */
static bool is_named(const char *name, const char *alternatives)
{
	const size_t len = strlen(name);

	for (const char *at = alternatives; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strncmp(at, name, len) == 0 && (at[len] == '\0' || at[len] == '|'))
			return true;
	}
	return false;
}

static const struct rmm_abi_param *find(const struct rmm_abi_param *params, size_t count,
					const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (is_named(params[i].name, name))
			return &params[i];
	return NULL;
}

const struct rmm_abi_param *observed_input(const struct observed *o, const char *name)
{
	return o->command ? find(o->command->inputs, o->command->num_inputs, name) : NULL;
}

const struct rmm_abi_param *observed_output(const struct observed *o, const char *name)
{
	return o->command ? find(o->command->outputs, o->command->num_outputs, name) : NULL;
}

static uint64_t value_of(const struct rmm_abi_param *param, const struct smc_regs *regs)
{
	uint64_t value;

	if (param == NULL)
		return 0;
	value = regs->x[param->reg] >> param->lsb;
	return param->width >= 64 ? value : value & ((UINT64_C(1) << param->width) - 1);
}

uint64_t observed_in(const struct observed *o, const char *name)
{
	return value_of(observed_input(o, name), &o->in);
}

uint64_t observed_out(const struct observed *o, const char *name)
{
	return value_of(observed_output(o, name), &o->out);
}

bool observed_has_in(const struct observed *o, const char *name)
{
	return observed_input(o, name) != NULL;
}

bool observed_has_out(const struct observed *o, const char *name)
{
	return observed_output(o, name) != NULL;
}

uint64_t observed_status(uint64_t x0)
{
	return x0 == OBSERVED_NOT_SUPPORTED ? x0 : x0 & 0xff;
}

bool observed_succeeded(const struct observed *o)
{
	return observed_status(o->out.x[0]) == RMI_SUCCESS;
}

bool observed_incomplete(const struct observed *o)
{
	return o->version != RMM_VERSION_1_0_REL0 && observed_status(o->out.x[0]) == RMI_INCOMPLETE;
}

bool observed_asks_to_repeat(const struct observed *o)
{
	const uint64_t status = observed_status(o->out.x[0]);

	return o->version != RMM_VERSION_1_0_REL0 && (status == RMI_BUSY || status == RMI_BLOCKED);
}

bool observed_is_step(const struct observed *o)
{
	switch (o->id) {
	case RMM_CMD_RMI_OP_CONTINUE:
	case RMM_CMD_RMI_OP_MEM_DONATE:
	case RMM_CMD_RMI_OP_MEM_RECLAIM:
	case RMM_CMD_RMI_OP_CANCEL:
		return true;
	default:
		return false;
	}
}

bool observed_is_range(const struct observed *o)
{
	return observed_has_in(o, "base") && observed_has_in(o, "top") &&
	       observed_has_out(o, "out_top");
}

uint64_t observed_addr_type(const struct observed *o)
{
	const struct rmm_abi_param *flags = observed_input(o, "flags");
	const struct rmm_abi_field *field;

	if (flags == NULL || flags->type == NULL)
		return RMI_ADDR_TYPE_NONE;
	field = rmm_abi_field_find(flags->type, o->version, "oaddr_type");
	return field ? rmm_abi_bits_get(field, value_of(flags, &o->in)) : RMI_ADDR_TYPE_NONE;
}

struct pa_range pa_range_decode(enum rmm_version version, uint64_t desc)
{
	const uint64_t block = HOST_PAGE_SIZE
			       << (LEVEL_SHIFT * rmi_addr_range_desc_size(version, desc));

	return (struct pa_range){
		.base = rmi_addr_range_desc_addr(version, desc) << PAGE_SHIFT,
		.size = rmi_addr_range_desc_count(version, desc) * block,
		.state = rmi_addr_range_desc_state(version, desc),
	};
}

uint64_t rtt_span_bytes(int64_t level)
{
	if (level < FIRST_LEVEL || level > PAGE_LEVEL)
		return 0;
	return UINT64_C(1) << (PAGE_SHIFT + LEVEL_SHIFT * (PAGE_LEVEL - level));
}

uint64_t read_list(const struct host_memory_ops *memory, uint64_t pa, uint64_t count,
		   uint64_t *entries)
{
	const uint64_t room = (HOST_PAGE_SIZE - (pa & PAGE_MASK)) / sizeof(entries[0]);
	const uint64_t n = count < room ? count : room;

	if (pa % sizeof(entries[0]) || memory->read == NULL ||
	    !memory->read(memory->ctx, pa, entries, (size_t)n * sizeof(entries[0])))
		return 0;
	return n;
}

uint64_t read_field(const struct host_memory_ops *memory, enum rmm_version version,
		    const char *type, const char *field, uint32_t index, uint64_t pa)
{
	const struct rmm_abi_type *of = rmm_abi_type_find(type);
	const struct rmm_abi_field *f = of ? rmm_abi_field_find(of, version, field) : NULL;
	uint8_t bytes[MAX_FIELD_BYTES] = {0};
	struct rmm_abi_field alone;

	if (f == NULL || f->width > 64 || f->width < 8 || index >= f->count ||
	    memory->read == NULL ||
	    !memory->read(memory->ctx, pa + f->offset + (uint64_t)index * (f->width / 8u), bytes,
			  f->width / 8u))
		return 0;
	alone = *f;
	alone.offset = 0;
	return rmm_abi_field_get(&alone, bytes, 0);
}
