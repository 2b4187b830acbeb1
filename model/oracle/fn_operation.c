/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stateful operations (2.0-bet0 B3.53, B3.54): judged by what the answers so
 * far have told the host, not by the model's contexts.
 */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/oracle.h"
#include "oracle/set.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

#define LONG_LIST 4096u /* granules that are compared with each other */

static const struct oracle_operation *operation(struct oracle_env *env, uint64_t handle)
{
	const struct oracle_operation *op = oracle_operation_find(env->oracle, handle);

	if (!op)
		oracle_mark(env, env->oracle->begun_late ? ORACLE_UNKNOWN : ORACLE_ILL_FORMED);
	return op;
}

bool oracle_fn_OperationIncomplete(struct oracle_env *env, uint64_t handle_)
{
	if (env->phase == ORACLE_AFTER)
		return oracle_status(env) == RMI_INCOMPLETE;
	if (oracle_operation_find(env->oracle, handle_))
		return true;
	return env->oracle->begun_late && oracle_unknown(env);
}

/* One thread makes the calls: an operation runs only inside its own. */
bool oracle_fn_OperationRunning(struct oracle_env *env, uint64_t handle_)
{
	(void)env;
	(void)handle_;
	return false;
}

uint64_t oracle_fn_OperationMemReq(struct oracle_env *env, uint64_t handle_)
{
	const struct oracle_operation *op = operation(env, handle_);

	if (env->phase == ORACLE_AFTER)
		return env->out.x[0] >> 8 & 3;
	if (op && op->refused && env->form->id == RMM_CMD_RMI_OP_CONTINUE)
		return oracle_unknown(env);
	return op ? op->mem : 0;
}

uint64_t oracle_fn_OperationCanCancel(struct oracle_env *env, uint64_t handle_)
{
	const struct oracle_operation *op = operation(env, handle_);

	return op && op->can_cancel ? ORACLE_RMM_OP_CAN_CANCEL : ORACLE_RMM_OP_CANNOT_CANCEL;
}

uint64_t oracle_fn_OperationDonateReq(struct oracle_env *env, uint64_t handle_)
{
	const struct oracle_operation *op = operation(env, handle_);
	const enum rmm_version v = env->version;

	if (!op || env->form->id != RMM_CMD_RMI_OP_MEM_DONATE)
		return oracle_unknown(env);
	const uint64_t count = rmi_op_mem_donate_req_count(v, op->request);
	return rmi_op_mem_donate_req_with_count(v, op->request, count - env->out.x[1]);
}

/* ---- the list that is donated ----------------------------------------------------- */

struct list {
	const struct oracle_operation *op;
	struct oracle_set set;
	uint64_t granules;
};

static uint64_t block_granules(uint64_t code)
{
	return UINT64_C(1) << (9 * code);
}

static bool list_begin(struct oracle_env *env, uint64_t handle, uint64_t addr, oracle_int count,
		       struct list *list)
{
	const enum rmm_version v = env->version;

	list->op = operation(env, handle);
	if (!list->op)
		return false;
	oracle_list_read(env, addr, (uint64_t)count, &list->set);
	if (list->set.fault != ORACLE_NO_FAULT) {
		oracle_mark(env, list->set.fault);
		return false;
	}
	list->granules = 0;
	for (unsigned int i = 0; i < list->set.count; i++)
		list->granules += rmi_addr_range_desc_count(v, list->set.entries[i]) *
				  block_granules(rmi_addr_range_desc_size(v, list->set.entries[i]));
	return true;
}

static bool wants_contiguous(const struct oracle_env *env, const struct list *list)
{
	return rmi_op_mem_donate_req_contig(env->version, list->op->request) == RMI_OP_MEM_CONTIG;
}

static uint64_t wanted_granules(const struct oracle_env *env, const struct list *list)
{
	const uint64_t request = list->op->request;

	return rmi_op_mem_donate_req_count(env->version, request) *
	       block_granules(rmi_op_mem_donate_req_size(env->version, request));
}

/* Entries of no memory are passed. */
static unsigned int num_ranges(const struct oracle_env *env, const struct list *list)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < list->set.count; i++)
		n += rmi_addr_range_desc_count(env->version, list->set.entries[i]) != 0;
	return n;
}

bool oracle_fn_OperationListNotContiguous(struct oracle_env *env, uint64_t handle_,
					  uint64_t list_addr_, oracle_int list_count_)
{
	struct list list;

	if (!list_begin(env, handle_, list_addr_, list_count_, &list) ||
	    !wants_contiguous(env, &list))
		return false;
	if (num_ranges(env, &list) > 1)
		return true;
	/* It has to go on where an earlier list ended. */
	return list.op->num_donated && list.granules && oracle_unknown(env);
}

bool oracle_fn_OperationListMisaligned(struct oracle_env *env, uint64_t handle_,
				       uint64_t list_addr_, oracle_int list_count_)
{
	const enum rmm_version v = env->version;
	struct list list;

	if (!list_begin(env, handle_, list_addr_, list_count_, &list))
		return false;
	for (unsigned int i = 0; i < list.set.count; i++) {
		const uint64_t desc = list.set.entries[i];

		if (rmi_addr_range_desc_count(v, desc) &&
		    rmi_addr_range_desc_addr(v, desc) %
			    block_granules(rmi_addr_range_desc_size(v, desc)))
			return true;
	}
	return wants_contiguous(env, &list) && oracle_unknown(env);
}

bool oracle_fn_OperationListStateMismatch(struct oracle_env *env, uint64_t handle_,
					  uint64_t list_addr_, oracle_int list_count_)
{
	const enum rmm_version v = env->version;
	struct list list;

	if (!list_begin(env, handle_, list_addr_, list_count_, &list))
		return false;
	for (unsigned int i = 0; i < list.set.count; i++)
		if (rmi_addr_range_desc_count(v, list.set.entries[i]) &&
		    rmi_addr_range_desc_state(v, list.set.entries[i]) !=
			    rmi_op_mem_donate_req_state(v, list.op->request))
			return true;
	return false;
}

bool oracle_fn_OperationListExceedsRequest(struct oracle_env *env, uint64_t handle_,
					   uint64_t list_addr_, oracle_int list_count_)
{
	struct list list;

	return list_begin(env, handle_, list_addr_, list_count_, &list) &&
	       list.granules > wanted_granules(env, &list);
}

bool oracle_fn_OperationListIsPartial(struct oracle_env *env, uint64_t handle_, uint64_t list_addr_,
				      oracle_int list_count_)
{
	struct list list;

	return list_begin(env, handle_, list_addr_, list_count_, &list) &&
	       wants_contiguous(env, &list) && list.granules < wanted_granules(env, &list);
}

/* ---- its granules ---------------------------------------------------------------------- */

struct granules {
	const struct oracle_env *env;
	uint64_t wanted; /* RmiOpMemState */
	bool anywhere;
	uint64_t region; /* that the command is about: metadata may lie in it */
	uint64_t seen[LONG_LIST];
	unsigned int n;
};

/* Granules that have a state of their own, or are to get one. */
static bool is_tracked(const struct granules *g, uint64_t pa)
{
	const struct tracking *tracking = &g->env->sys->tracking;
	const uint64_t region = pa / TRACKING_REGION_SIZE;

	return (region < tracking->num_regions && tracking->state[region] == RMI_TRACKING_FINE) ||
	       (g->anywhere && g->wanted != RMI_OP_MEM_UNDELEGATED &&
		pa - g->region < TRACKING_REGION_SIZE);
}

static bool is_usable(void *ctx, uint64_t pa)
{
	struct granules *g = ctx;

	for (unsigned int i = 0; i < g->n; i++)
		if (g->seen[i] == pa)
			return false;
	g->seen[g->n++] = pa;
	if (!is_tracked(g, pa) || (!g->anywhere && !view_is_dram(g->env->sys, pa)))
		return false;
	return (g->wanted != RMI_OP_MEM_UNDELEGATED &&
		view_state_is(g->env->sys, pa, RMM_GRANULE_DELEGATED)) ||
	       (g->wanted != RMI_OP_MEM_DELEGATED &&
		view_state_is(g->env->sys, pa, RMM_GRANULE_UNDELEGATED));
}

/* Commands that say themselves where the memory may be, when they use it. */
static bool looks_at_places_itself(enum rmm_command command)
{
	return command == RMM_CMD_RMI_GPT_L1_CREATE || command == RMM_CMD_RMI_GRANULE_TRACKING_SET;
}

bool oracle_fn_OperationListHoldsWrongState(struct oracle_env *env, uint64_t handle_,
					    uint64_t list_addr_, oracle_int list_count_)
{
	struct granules granules = {.env = env};
	struct list list;

	if (!list_begin(env, handle_, list_addr_, list_count_, &list))
		return false;
	if (list.granules > LONG_LIST)
		return oracle_unknown(env);
	granules.wanted = rmi_op_mem_donate_req_state(env->version, list.op->request);
	granules.anywhere = looks_at_places_itself(list.op->command->command);
	granules.region = list.op->first->in.x[1];
	return !oracle_set_visit(env, &list.set, (oracle_int)list.granules * VIEW_GRANULE,
				 is_usable, &granules);
}

static bool is_internal(void *ctx, uint64_t pa)
{
	const struct oracle_env *env = ctx;

	return view_state_is(env->sys, pa, RMM_GRANULE_INTERNAL);
}

bool oracle_fn_OperationListGranulesInternal(struct oracle_env *env, uint64_t list_addr_,
					     oracle_int count_)
{
	struct oracle_set set;

	oracle_list_read(env, list_addr_, env->in.x[3], &set);
	if (set.fault != ORACLE_NO_FAULT || count_ > LONG_LIST)
		return oracle_unknown(env);
	return oracle_set_visit(env, &set, count_ * (oracle_int)VIEW_GRANULE, is_internal, env);
}

/* All granules of a range that came back. */
static bool is_returned(const struct oracle_env *env, uint64_t desc,
			const struct oracle_RmmAddrRange *range)
{
	const enum rmm_granule_state state =
		rmi_addr_range_desc_state(env->version, desc) == RMI_OP_MEM_UNDELEGATED
			? RMM_GRANULE_UNDELEGATED
			: RMM_GRANULE_DELEGATED;

	for (uint64_t pa = range->base; pa < range->top; pa += VIEW_GRANULE)
		if (!view_state_is(env->sys, pa, state))
			return false;
	return true;
}

bool oracle_fn_OperationListGranulesReturned(struct oracle_env *env, uint64_t list_addr_,
					     oracle_int count_)
{
	struct oracle_set set;

	if (count_ == 0)
		return true;
	oracle_list_read(env, list_addr_, (uint64_t)count_, &set);
	if (set.fault != ORACLE_NO_FAULT || (oracle_int)set.count != count_)
		return oracle_ill_formed(env);
	for (unsigned int i = 0; i < set.count; i++)
		if (!is_returned(env, set.entries[i],
				 oracle_fn_RmiAddrRangeDescDecode(env, set.entries[i])))
			/* Memory that an earlier call returned may have found another use. */
			return rmm_behaves(env->sys, RMM_BEHAVIOUR_RECLAIM_RETURNS_MEMORY_FIRST) &&
			       oracle_unknown(env);
	return true;
}

/* ---- memory that an operation has taken -------------------------------------------- */

static bool any_donated(const struct oracle_env *env,
			bool (*is)(const struct oracle_env *env, uint64_t pa))
{
	for (unsigned int i = 0; env->operation && i < env->operation->num_donated; i++)
		if (is(env, env->operation->donated[i]))
			return true;
	return false;
}

static bool is_no_dram(const struct oracle_env *env, uint64_t pa)
{
	return !view_is_dram(env->sys, pa);
}

bool oracle_fn_DonationHoldsNonDram(struct oracle_env *env)
{
	return any_donated(env, is_no_dram);
}

static bool is_realms(const struct oracle_env *env, uint64_t pa)
{
	return view_gpi(&env->sys->memory, pa) == RMM_GPI_REALM;
}

/* Only what a table describes, and is Non-secure, can get another GPI of its own. */
static bool is_movable(const struct oracle_env *env, uint64_t pa)
{
	return view_gpt_table(&env->sys->memory, pa) &&
	       view_gpi(&env->sys->memory, pa) == RMM_GPI_NS;
}

/* The PAS that all of the unit's memory is in: until it is used, donated memory is, too. */
static bool is_unfit_for_tracking(const struct oracle_env *env, uint64_t pa)
{
	const uint64_t region = env->in.x[1];
	bool unit_is_realms = false;

	if (pa - region >= VIEW_GPT_REGION)
		return !is_realms(env, pa);
	for (uint64_t at = region; view_bank(env->sys, at); at += VIEW_GRANULE) {
		unit_is_realms = view_state_is(env->sys, at, RMM_GRANULE_DELEGATED);
		if (!view_state_is(env->sys, at, RMM_GRANULE_INTERNAL))
			break;
	}
	return unit_is_realms ? !is_realms(env, pa) : !is_movable(env, pa);
}

bool oracle_fn_DonationHoldsUnfitState(struct oracle_env *env, uint64_t addr_)
{
	(void)addr_;
	return any_donated(env, is_unfit_for_tracking);
}

static bool is_unfit_for_gpt(const struct oracle_env *env, uint64_t pa)
{
	const struct memory *mem = &env->sys->memory;

	return !view_is_dram(env->sys, pa) || view_gpi(mem, pa) != RMM_GPI_NS ||
	       (!view_gpt_table(mem, pa) && pa - env->in.x[1] >= VIEW_GPT_REGION);
}

bool oracle_fn_DonationUnfitForGpt(struct oracle_env *env)
{
	return any_donated(env, is_unfit_for_gpt);
}

bool oracle_fn_AnyOperationIncomplete(struct oracle_env *env)
{
	return rmm_num_operations(env->sys) != 0;
}
