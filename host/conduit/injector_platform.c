/* SPDX-License-Identifier: BSD-3-Clause */
/* A platform that says no: no context, no GPT, memory that EL3 keeps. */
#include "../arguments.h"
#include "injector_state.h"

static int add_region(struct region **regions, size_t *num, uint64_t base, uint64_t size)
{
	void *array = *regions;

	if (!injector_grow(&array, *num, sizeof(**regions)))
		return -1;
	*regions = array;
	(*regions)[(*num)++] = (struct region){.base = base, .size = size};
	return 0;
}

int host_injector_refuse(struct host_injector *injector, uint64_t base, uint64_t size)
{
	if (!host_is_argument(injector))
		return -1;

	return add_region(&injector->refused, &injector->num_refused, base, size);
}

int host_injector_miss_gpt(struct host_injector *injector, uint64_t base, uint64_t size)
{
	if (!host_is_argument(injector))
		return -1;

	return add_region(&injector->gpts, &injector->num_gpts, base, size);
}

/* ---- delegation ---------------------------------------------------------------------- */

/* Start of the part of [base, top) that EL3 does not give up; top when there is none. */
static uint64_t first_refused(const struct region *regions, size_t num, uint64_t base, uint64_t top)
{
	for (size_t n = 0; n < num; n++) {
		const struct region *r = &regions[n];
		const uint64_t end = r->base + r->size;

		if (r->created || end <= base || r->base >= top)
			continue;
		top = r->base > base ? r->base : base;
	}
	return top;
}

static uint64_t deliverable(const struct host_injector *injector, uint64_t base, uint64_t top)
{
	top = first_refused(injector->refused, injector->num_refused, base, top);
	return first_refused(injector->gpts, injector->num_gpts, base, top);
}

void injector_shorten(struct injection *i, struct smc_regs *regs, uint64_t top)
{
	const unsigned int reg = observed_input(&i->o, "top")->reg;

	regs->x[reg] = top;
	injector_forward(i, regs);
	/* A block that would be cut in two: the whole range is what the host gets an answer to. */
	if (observed_status(regs->x[0]) == RMI_ERROR_RTT) {
		*regs = i->o.in;
		injector_forward(i, regs);
		return;
	}
	/* A register that is no output keeps what the host had put there. */
	if (regs->x[reg] == top && observed_output(&i->o, "out_top")->reg != reg)
		regs->x[reg] = i->o.in.x[reg];
}

static bool refuse_delegation(struct injection *i, struct smc_regs *regs)
{
	const uint64_t base = observed_in(&i->o, "base");
	const uint64_t top = observed_in(&i->o, "top");
	const uint64_t end = deliverable(i->injector, base, top);

	if (top <= base || end == top)
		return false;
	i->injector->injected++;
	if (end > base)
		injector_shorten(i, regs, end);
	else
		injector_answer_condition(i, regs, RMI_GRANULE_RANGE_DELEGATE_PAS, 0);
	return true;
}

static bool refuse_delegation_1_0(struct injection *i, struct smc_regs *regs)
{
	const uint64_t addr = observed_in(&i->o, "addr");

	if (deliverable(i->injector, addr, addr + HOST_PAGE_SIZE) > addr)
		return false;
	i->injector->injected++;
	injector_answer_condition(i, regs, RMI_GRANULE_DELEGATE_GRAN_GPT, 0);
	return true;
}

/* ---- level 1 GPTs ------------------------------------------------------------------------ */

static bool make_gpt(struct injection *i, struct smc_regs *regs, bool create)
{
	struct host_injector *injector = i->injector;
	const uint64_t addr = observed_in(&i->o, "addr");

	for (size_t n = 0; n < injector->num_gpts; n++) {
		struct region *gpt = &injector->gpts[n];

		if (addr - gpt->base >= gpt->size || gpt->created == create)
			continue;
		gpt->created = create;
		injector->injected++;
		injector_answer(regs, RMI_SUCCESS);
		return true;
	}
	return false;
}

/* ---- contexts ------------------------------------------------------------------------------ */

static bool block(struct injection *i, struct smc_regs *regs)
{
	const struct host_injector *injector = i->injector;
	size_t open = injector->num_genuine;

	/* Those that stand for an operation of the RMM are counted there. */
	for (size_t n = 0; n < injector->num_feigned; n++)
		open += injector->feigned[n].stage != FEIGNED_REAL;
	if (injector->contexts == 0 || open < injector->contexts || !i->o.command->sro_may)
		return false;
	i->injector->injected++;
	injector_answer(regs, RMI_BLOCKED);
	return true;
}

bool injector_platform(struct injection *i, struct smc_regs *regs)
{
	if (block(i, regs))
		return true;
	switch (i->o.id) {
	case RMM_CMD_RMI_GRANULE_RANGE_DELEGATE:
		return refuse_delegation(i, regs);
	case RMM_CMD_RMI_GRANULE_DELEGATE:
		return refuse_delegation_1_0(i, regs);
	case RMM_CMD_RMI_GPT_L1_CREATE:
		return make_gpt(i, regs, true);
	case RMM_CMD_RMI_GPT_L1_DESTROY:
		return make_gpt(i, regs, false);
	default:
		return false;
	}
}
