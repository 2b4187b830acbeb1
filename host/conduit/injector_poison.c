/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Poison: page-aligned words with the number of a call in them, in places whose
 * content an answer does not define.
 */
#include <string.h>

#include "../arguments.h"
#include "injector_state.h"

#define POISON_TAG        UINT64_C(0xbadc)
#define POISON_TAG_SHIFT  48
#define POISON_CALL_SHIFT 24 /* leaves room for offsets: the word stays recognisable */
#define POISON_CALL_MASK  ((UINT64_C(1) << (POISON_TAG_SHIFT - POISON_CALL_SHIFT)) - 1)

#define EXIT_BYTES        ((size_t)0x800)

static uint64_t poison_word(uint64_t call)
{
	return POISON_TAG << POISON_TAG_SHIFT | (call & POISON_CALL_MASK) << POISON_CALL_SHIFT;
}

bool host_poison_call(uint64_t value, uint64_t *call)
{
	if (!host_is_argument(call))
		return false;

	if (value >> POISON_TAG_SHIFT != POISON_TAG)
		return false;
	*call = value >> POISON_CALL_SHIFT & POISON_CALL_MASK;
	return true;
}

/* ---- registers --------------------------------------------------------------------------- */

/* Outputs that a failure defines as well. */
static bool survives_failure(const struct rmm_abi_command *of, const struct observed *o,
			     const char *output)
{
	switch (of->id) {
	case RMM_CMD_RMI_VERSION:
		return true;
	case RMM_CMD_RMI_OP_MEM_DONATE:
		return strcmp(output, "donated_count") == 0;
	case RMM_CMD_RMI_RTT_DESTROY:
	case RMM_CMD_RMI_RTT_AUX_DESTROY:
	case RMM_CMD_RMI_RTT_UNMAP_UNPROTECTED:
	case RMM_CMD_RMI_DATA_DESTROY:
		return strcmp(output, "top") == 0 && observed_status(o->out.x[0]) == RMI_ERROR_RTT;
	default:
		return false;
	}
}

static bool is_defined(const struct rmm_abi_command *of, const struct observed *o,
		       const struct rmm_abi_param *output)
{
	if (output->reg == 0 || observed_succeeded(o))
		return true;
	if (!observed_incomplete(o))
		return survives_failure(of, o, output->name);
	/* X1 and X2: handle and request, or what a step reports. */
	return output->reg <= 2;
}

/* ---- the exit record ------------------------------------------------------------------------ */

static void cover(const struct rmm_abi_field *field, uint8_t defined[EXIT_BYTES])
{
	const size_t bytes = (size_t)field->count * field->width / 8;

	if (field->offset + bytes <= EXIT_BYTES)
		memset(&defined[field->offset], 1, bytes);
}

/* Bytes of RmiRecExit that a version gives a meaning. */
static void defined_bytes(enum rmm_version version, uint8_t defined[EXIT_BYTES])
{
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiRecExit");

	memset(defined, 0, EXIT_BYTES);
	for (size_t f = 0; type != NULL && f < type->num_fields; f++)
		if (type->fields[f].versions >> version & 1)
			cover(&type->fields[f], defined);
}

static void poison_exit(const struct injection *i, bool whole)
{
	const struct host_memory_ops *memory = &i->injector->config.memory;
	const uint64_t pa = observed_in(&i->o, "run_ptr") + EXIT_BYTES;
	const uint64_t word = poison_word(i->o.number);
	uint8_t defined[EXIT_BYTES] = {0};
	uint8_t bytes[EXIT_BYTES];

	if (!memory->read(memory->ctx, pa, bytes, sizeof(bytes)))
		return;
	if (!whole)
		defined_bytes(i->o.version, defined);
	for (size_t at = 0; at < sizeof(bytes); at++)
		if (!defined[at])
			bytes[at] = (uint8_t)(word >> (8 * (at % 8)));
	(void)memory->write(memory->ctx, pa, bytes, sizeof(bytes));
}

void injector_poison(const struct injection *i, struct smc_regs *regs)
{
	const struct observed *o = &i->o;
	const struct rmm_abi_command *of = i->ended != NULL ? i->ended : o->command;

	if (o->out.x[0] == OBSERVED_NOT_SUPPORTED)
		return;
	if (o->id == RMM_CMD_RMI_REC_ENTER && !observed_incomplete(o))
		poison_exit(i, !observed_succeeded(o));
	for (size_t n = 0; n < of->num_outputs; n++)
		if (!is_defined(of, o, &of->outputs[n]))
			regs->x[of->outputs[n].reg] = poison_word(o->number);
}
