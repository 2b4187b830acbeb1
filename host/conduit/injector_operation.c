/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stateful operations that the injector makes up around a command: it answers
 * RMI_INCOMPLETE with a handle of its own, and issues the real command when the
 * host has done what was asked. If that is stateful in turn, the handle stands
 * for the RMM's.
 */
#include "injector_state.h"

/* Handles of the RMM are opaque too: these are unlikely ones. */
#define HANDLE_BASE UINT64_C(0xfe16ed0000000000)

static uint64_t incomplete(enum rmm_version v, uint64_t mem)
{
	const uint64_t data = rmi_result_data_incomplete_with_mem(v, 0, mem);

	return rmi_result_with_data(v, RMI_INCOMPLETE, data);
}

static uint64_t request(enum rmm_version v, uint64_t granules)
{
	uint64_t word = rmi_op_mem_donate_req_with_size(v, 0, RMI_PAGE_L3);

	word = rmi_op_mem_donate_req_with_count(v, word, granules);
	word = rmi_op_mem_donate_req_with_contig(v, word, RMI_OP_MEM_NON_CONTIG);
	return rmi_op_mem_donate_req_with_state(v, word, RMI_OP_MEM_DELEGATED);
}

static uint64_t wait_of(enum rmm_version v, uint64_t x0)
{
	return rmi_result_data_incomplete_mem(v, rmi_result_data(v, x0));
}

/* ---- beginning -------------------------------------------------------------------------- */

static struct feigned *begin(struct injection *i, struct smc_regs *regs)
{
	struct host_injector *injector = i->injector;
	void *array = injector->feigned;
	struct feigned *f;

	if (!injector_grow(&array, injector->num_feigned, sizeof(*f))) {
		injector_forward(i, regs);
		return NULL;
	}
	injector->feigned = array;
	f = &injector->feigned[injector->num_feigned++];
	f->handle = HANDLE_BASE + ++injector->handles;
	f->start = *regs;
	f->real = 0;
	f->num_granules = 0;
	return f;
}

void injector_begin_yield(struct injection *i, struct smc_regs *regs, uint64_t times)
{
	struct feigned *f = begin(i, regs);

	if (f == NULL)
		return;
	f->stage = FEIGNED_YIELDS;
	f->left = times;
	injector_answer(regs, incomplete(i->o.version, RMI_OP_MEM_REQ_NONE));
	regs->x[1] = f->handle;
}

void injector_begin_ask(struct injection *i, struct smc_regs *regs, uint64_t granules)
{
	struct feigned *f = begin(i, regs);

	if (f == NULL)
		return;
	f->stage = FEIGNED_ASKS;
	f->left = granules;
	injector_answer(regs, incomplete(i->o.version, RMI_OP_MEM_REQ_DONATE));
	regs->x[1] = f->handle;
	regs->x[2] = request(i->o.version, granules);
}

/* ---- steps --------------------------------------------------------------------------------- */

static struct feigned *find_feigned(const struct host_injector *injector, uint64_t handle)
{
	for (size_t n = 0; n < injector->num_feigned; n++)
		if (injector->feigned[n].handle == handle)
			return &injector->feigned[n];
	return NULL;
}

static struct genuine *find_genuine(const struct host_injector *injector, uint64_t handle)
{
	for (size_t n = 0; n < injector->num_genuine; n++)
		if (injector->genuine[n].handle == handle)
			return &injector->genuine[n];
	return NULL;
}

static void forget(struct host_injector *injector, struct feigned *f)
{
	*f = injector->feigned[--injector->num_feigned];
}

/* The command itself, at last. */
static void execute(struct injection *i, struct smc_regs *regs, struct feigned *f)
{
	*regs = f->start;
	injector_forward(i, regs);
	if (observed_status(regs->x[0]) != RMI_INCOMPLETE) {
		i->ended = observed_call(i->o.version, i->o.number, &f->start).command;
		forget(i->injector, f);
		return;
	}
	f->stage = FEIGNED_REAL;
	f->real = regs->x[1];
	regs->x[1] = 0;
}

static void step_continue(struct injection *i, struct smc_regs *regs, struct feigned *f)
{
	if (f->stage != FEIGNED_YIELDS)
		injector_answer_condition(i, regs, RMI_OP_CONTINUE_MEM_REQ, 0);
	else if (--f->left == 0)
		execute(i, regs, f);
	else
		injector_answer(regs, incomplete(i->o.version, RMI_OP_MEM_REQ_NONE));
}

/* Granules of the list; more than is wanted does not fit and is refused as a whole. */
static bool take_list(const struct injection *i, struct feigned *f, uint64_t *taken)
{
	const uint64_t before = f->num_granules;
	uint64_t list[LIST_ENTRIES];
	const uint64_t n = read_list(&i->injector->config.memory, i->o.in.x[2], i->o.in.x[3], list);

	for (uint64_t e = 0; e < n; e++) {
		const struct pa_range range = pa_range_decode(i->o.version, list[e]);

		for (uint64_t at = 0; at < range.size; at += HOST_PAGE_SIZE) {
			if (f->num_granules - before == f->left) {
				f->num_granules = before;
				return false;
			}
			f->granules[f->num_granules++] = range.base + at;
		}
	}
	*taken = f->num_granules - before;
	return true;
}

static void step_donate(struct injection *i, struct smc_regs *regs, struct feigned *f)
{
	const enum rmm_version v = i->o.version;
	uint64_t taken = 0;

	if (f->stage != FEIGNED_ASKS) {
		injector_answer_condition(i, regs, RMI_OP_MEM_DONATE_MEM_REQ, 0);
		return;
	}
	if (!take_list(i, f, &taken)) {
		injector_answer_condition(i, regs, RMI_OP_MEM_DONATE_MEM_GT, 0);
		return;
	}
	f->left -= taken;
	if (f->left == 0)
		f->stage = FEIGNED_RETURNS;
	injector_answer(regs,
			incomplete(v, f->left ? RMI_OP_MEM_REQ_DONATE : RMI_OP_MEM_REQ_RECLAIM));
	regs->x[1] = taken;
	regs->x[2] = f->left ? request(v, f->left) : 0;
}

/* Gives back from the end, a granule an entry; returns the number of entries. */
static uint64_t return_list(const struct injection *i, struct feigned *f)
{
	const struct host_memory_ops *memory = &i->injector->config.memory;
	const enum rmm_version v = i->o.version;
	const uint64_t pa = i->o.in.x[2];
	const uint64_t room = (HOST_PAGE_SIZE - (pa & PAGE_MASK)) / sizeof(uint64_t);
	const uint64_t capacity = i->o.in.x[3] < room ? i->o.in.x[3] : room;
	const uint64_t n = capacity < f->num_granules ? capacity : f->num_granules;
	uint64_t list[LIST_ENTRIES];

	for (uint64_t e = 0; e < n; e++) {
		const uint64_t granule = f->granules[f->num_granules - 1 - e];
		uint64_t desc = rmi_addr_range_desc_with_size(v, 0, RMI_PAGE_L3);

		desc = rmi_addr_range_desc_with_count(v, desc, 1);
		desc = rmi_addr_range_desc_with_state(v, desc, RMI_OP_MEM_DELEGATED);
		list[e] = rmi_addr_range_desc_with_addr(v, desc, granule / HOST_PAGE_SIZE);
	}
	if (n == 0 || !memory->write(memory->ctx, pa, list, (size_t)n * sizeof(list[0])))
		return 0;
	f->num_granules -= n;
	return n;
}

static void step_reclaim(struct injection *i, struct smc_regs *regs, struct feigned *f)
{
	uint64_t n;

	if (f->stage != FEIGNED_RETURNS) {
		injector_answer_condition(i, regs, RMI_OP_MEM_RECLAIM_MEM_REQ, 0);
		return;
	}
	n = return_list(i, f);
	if (f->num_granules == 0) {
		f->stage = FEIGNED_YIELDS;
		f->left = 1;
	}
	injector_answer(regs, incomplete(i->o.version, f->num_granules ? RMI_OP_MEM_REQ_RECLAIM
								       : RMI_OP_MEM_REQ_NONE));
	regs->x[1] = n;
}

static void step_real(struct injection *i, struct smc_regs *regs, struct feigned *f)
{
	regs->x[1] = f->real;
	injector_forward(i, regs);
	if (find_genuine(i->injector, f->real) == NULL)
		forget(i->injector, f);
}

bool injector_feigned_step(struct injection *i, struct smc_regs *regs)
{
	struct feigned *f;

	if (!observed_is_step(&i->o))
		return false;
	f = find_feigned(i->injector, observed_in(&i->o, "handle"));
	if (f == NULL)
		return false;
	if (f->stage == FEIGNED_REAL)
		step_real(i, regs, f);
	else if (i->o.id == RMM_CMD_RMI_OP_CONTINUE)
		step_continue(i, regs, f);
	else if (i->o.id == RMM_CMD_RMI_OP_MEM_DONATE)
		step_donate(i, regs, f);
	else if (i->o.id == RMM_CMD_RMI_OP_MEM_RECLAIM)
		step_reclaim(i, regs, f);
	else
		injector_answer_condition(i, regs, RMI_OP_CANCEL_CAN_CANCEL, 0);
	return true;
}

/* ---- donations that are taken in part -------------------------------------------------- */

/* Shortens the list to `granules`; returns the number of entries. */
static uint64_t cut_list(enum rmm_version v, uint64_t *list, uint64_t n, uint64_t granules)
{
	uint64_t e;

	for (e = 0; e < n && granules > 0; e++) {
		const uint64_t size = pa_range_decode(v, list[e]).size / HOST_PAGE_SIZE;

		/* Blocks are taken whole or not at all. */
		if (size > granules && rmi_addr_range_desc_size(v, list[e]) != RMI_PAGE_L3)
			break;
		if (size > granules)
			list[e] = rmi_addr_range_desc_with_count(v, list[e], granules);
		granules -= size < granules ? size : granules;
	}
	return e;
}

static void take_nothing(struct smc_regs *regs, const struct genuine *genuine)
{
	injector_answer(regs, genuine->x0);
	regs->x[2] = genuine->request;
}

void injector_consume(struct injection *i, struct smc_regs *regs, uint64_t granules)
{
	const struct host_memory_ops *memory = &i->injector->config.memory;
	const struct genuine *genuine = find_genuine(i->injector, i->o.in.x[1]);
	const uint64_t pa = i->o.in.x[2];
	uint64_t list[LIST_ENTRIES];
	uint64_t cut[LIST_ENTRIES];
	const uint64_t n = read_list(memory, pa, i->o.in.x[3], list);
	uint64_t entries;

	/* Contiguous memory is all or nothing. */
	if (n == 0 || genuine == NULL ||
	    rmi_op_mem_donate_req_contig(i->o.version, genuine->request) == RMI_OP_MEM_CONTIG) {
		if (!injector_feigned_step(i, regs))
			injector_forward(i, regs);
		return;
	}
	for (uint64_t e = 0; e < n; e++)
		cut[e] = list[e];
	entries = cut_list(i->o.version, cut, n, granules);
	if (entries == 0) {
		take_nothing(regs, genuine);
		return;
	}
	(void)memory->write(memory->ctx, pa, cut, (size_t)entries * sizeof(cut[0]));
	regs->x[3] = entries;
	injector_forward(i, regs);
	(void)memory->write(memory->ctx, pa, list, (size_t)n * sizeof(list[0]));
}

/* ---- the RMM's own --------------------------------------------------------------------- */

static void genuine_begins(struct host_injector *injector, const struct smc_regs *out)
{
	void *array = injector->genuine;

	if (!injector_grow(&array, injector->num_genuine, sizeof(injector->genuine[0])))
		return;
	injector->genuine = array;
	injector->genuine[injector->num_genuine++] = (struct genuine){
		.handle = out->x[1],
		.x0 = out->x[0],
		.request = out->x[2],
	};
}

void injector_follow(struct injection *i, const struct smc_regs *in, const struct smc_regs *out)
{
	struct host_injector *injector = i->injector;
	struct observed o = observed_call(i->o.version, i->o.number, in);
	struct genuine *genuine;

	o.out = *out;
	if (!observed_is_step(&o)) {
		if (observed_incomplete(&o))
			genuine_begins(injector, out);
		return;
	}
	genuine = find_genuine(injector, in->x[1]);
	if (genuine == NULL || observed_asks_to_repeat(&o))
		return;
	if (observed_incomplete(&o)) {
		genuine->x0 = out->x[0];
		genuine->request = out->x[2];
	} else if ((o.id == RMM_CMD_RMI_OP_CONTINUE &&
		    wait_of(o.version, genuine->x0) == RMI_OP_MEM_REQ_NONE) ||
		   (o.id == RMM_CMD_RMI_OP_CANCEL && observed_succeeded(&o))) {
		*genuine = injector->genuine[--injector->num_genuine];
	}
}
