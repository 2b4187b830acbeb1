/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/operation.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "platform/spin.h"

#include "platform/gpt.h"
#include "rmm/call.h"

#define HANDLE_SLOT_MASK UINT64_C(0xffff)

int operation_pool_create(struct operation_pool *pool, const struct rmm_config *config)
{
	const size_t count = config->sro_contexts;

	pool->slots = calloc(count, sizeof(*pool->slots));
	pool->held = memory_reserve(count * OPERATION_MAX_HELD * sizeof(*pool->held));
	pool->returned = memory_reserve(count * OPERATION_MAX_HELD * sizeof(*pool->returned));
	pool->count = config->sro_contexts;
	pool->seed = config->seed;
	pool->threads = config->threads;
	if (pool->slots && pool->held && pool->returned)
		return 0;
	operation_pool_destroy(pool);
	return -1;
}

void operation_pool_destroy(struct operation_pool *pool)
{
	const size_t count = pool->count;

	free(pool->slots);
	memory_release(pool->held, count * OPERATION_MAX_HELD * sizeof(*pool->held));
	memory_release(pool->returned, count * OPERATION_MAX_HELD * sizeof(*pool->returned));
	*pool = (struct operation_pool){0};
}

static bool *guard_of(struct operation_pool *pool)
{
	return pool->threads ? &pool->guard : NULL;
}

static enum operation_state state_of(const struct operation *op)
{
	return __atomic_load_n(&op->state, __ATOMIC_ACQUIRE);
}

static void set_state(struct operation *op, enum operation_state state)
{
	__atomic_store_n(&op->state, state, __ATOMIC_RELEASE);
}

unsigned int operation_pool_open(const struct operation_pool *pool)
{
	unsigned int open = 0;

	for (unsigned int i = 0; i < pool->count; i++)
		open += state_of(&pool->slots[i]) != OPERATION_FREE;
	return open;
}

/* What it creates or destroys, or the run that it has claimed. */
static bool has_object(const struct operation *op, uint64_t base, uint64_t size)
{
	return op->partial - base < size || (op->range && op->range_at - base < size);
}

bool operation_pool_has_object(struct operation_pool *pool, uint64_t base, uint64_t size)
{
	bool has = false;

	guard_enter(guard_of(pool));
	for (unsigned int i = 0; i < pool->count && !has; i++)
		has = state_of(&pool->slots[i]) == OPERATION_SEALED &&
		      has_object(&pool->slots[i], base, size);
	guard_leave(guard_of(pool));
	return has;
}

/* All but the state, which others may be looking at. */
static void reset(struct operation *op, const struct operation_pool *pool, enum rmm_command command)
{
	const uint32_t generation = op->generation + 1;
	const size_t slot = (size_t)(op - pool->slots);

	memset(&op->wait, 0, sizeof(*op) - offsetof(struct operation, wait));
	op->generation = generation;
	op->command = command;
	op->held = &pool->held[slot * OPERATION_MAX_HELD];
	op->returned = &pool->returned[slot * OPERATION_MAX_HELD];
	op->partial = OPERATION_NO_OBJECT;
}

static struct operation *begin(struct operation_pool *pool, enum rmm_command command, bool *busy)
{
	*busy = false;
	for (unsigned int i = 0; i < pool->count; i++) {
		struct operation *op = &pool->slots[i];
		const enum operation_state state = state_of(op);

		if (state == OPERATION_EXECUTING)
			*busy = true;
		if (state != OPERATION_FREE)
			continue;
		reset(op, pool, command);
		set_state(op, OPERATION_EXECUTING);
		return op;
	}
	return NULL;
}

struct operation *operation_begin(struct rmm_call *call, bool *busy)
{
	struct operation_pool *pool = &call->sys->operations;

	guard_enter(guard_of(pool));
	struct operation *op = begin(pool, call->command, busy);
	guard_leave(guard_of(pool));
	return op;
}

bool operation_on_region(const struct rmm_call *call, enum rmm_command command, uint64_t region)
{
	struct operation_pool *pool = &call->sys->operations;
	bool found = false;

	guard_enter(guard_of(pool));
	for (unsigned int i = 0; i < pool->count && !found; i++)
		found = state_of(&pool->slots[i]) != OPERATION_FREE &&
			pool->slots[i].command == command &&
			__atomic_load_n(&pool->slots[i].region, __ATOMIC_RELAXED) == region;
	guard_leave(guard_of(pool));
	return found;
}

void operation_set_region(struct operation *op, uint64_t region)
{
	__atomic_store_n(&op->region, region, __ATOMIC_RELAXED);
}

enum rmm_granule_state operation_held_state(const struct rmm_call *call, uint64_t pa)
{
	return gpt_run(&call->sys->memory, pa, 1, RMM_GPI_REALM) ? RMM_GRANULE_DELEGATED
								 : RMM_GRANULE_UNDELEGATED;
}

/*
 * Slot and generation, scrambled with the machine's seed: never 0, and never
 * the handle of an earlier operation.
 */
static uint64_t scramble(const struct operation_pool *pool)
{
	return (pool->seed | 1) * UINT64_C(0x9e3779b97f4a7c15) & ~HANDLE_SLOT_MASK;
}

uint64_t operation_handle(const struct rmm_call *call, const struct operation *op)
{
	const struct operation_pool *pool = &call->sys->operations;
	const uint64_t slot = (uint64_t)(op - pool->slots);

	if (call_behaves(call, RMM_BEHAVIOUR_HANDLE_IS_POOL_INDEX))
		return slot;
	return ((slot + 1) | (uint64_t)op->generation << 16) ^ scramble(pool);
}

/* The operation behind a handle, whatever its state; NULL when there is none. Guarded. */
static struct operation *find(struct rmm_call *call, uint64_t handle)
{
	struct operation_pool *pool = &call->sys->operations;
	uint64_t slot = handle;

	if (!call_behaves(call, RMM_BEHAVIOUR_HANDLE_IS_POOL_INDEX))
		slot = ((handle ^ scramble(pool)) & HANDLE_SLOT_MASK) - 1;
	if (slot >= pool->count)
		return NULL;
	struct operation *op = &pool->slots[slot];
	if (state_of(op) == OPERATION_FREE || operation_handle(call, op) != handle)
		return NULL;
	return op;
}

struct operation *operation_resume_handle(struct rmm_call *call, uint64_t handle)
{
	struct operation_pool *pool = &call->sys->operations;

	guard_enter(guard_of(pool));
	struct operation *op = find(call, handle);
	if (op && state_of(op) == OPERATION_SEALED)
		set_state(op, OPERATION_EXECUTING);
	else
		op = NULL;
	guard_leave(guard_of(pool));
	return op;
}

bool operation_is_running(struct rmm_call *call, uint64_t handle)
{
	struct operation_pool *pool = &call->sys->operations;

	guard_enter(guard_of(pool));
	const struct operation *op = find(call, handle);
	const bool running = op && state_of(op) == OPERATION_EXECUTING;
	guard_leave(guard_of(pool));
	return running;
}

void operation_suspend(struct operation *op)
{
	set_state(op, OPERATION_SEALED);
}

void operation_end(struct operation *op)
{
	set_state(op, OPERATION_FREE);
}

uint64_t operation_donate_request(const struct rmm_call *call, const struct operation *op)
{
	const enum rmm_version v = call_version(call);
	uint64_t request = 0;

	if (op->wait != OPERATION_WAIT_DONATE)
		return 0;
	request = rmi_op_mem_donate_req_with_size(v, request, RMI_PAGE_L3);
	request = rmi_op_mem_donate_req_with_count(v, request, op->wanted);
	request = rmi_op_mem_donate_req_with_contig(
		v, request, op->wanted_contig ? RMI_OP_MEM_CONTIG : RMI_OP_MEM_NON_CONTIG);
	return rmi_op_mem_donate_req_with_state(v, request, op->wanted_state);
}

uint64_t operation_yield(struct rmm_call *call, struct operation *op, enum operation_wait wait)
{
	const enum rmm_version v = call_version(call);
	uint64_t data = 0;

	op->wait = wait;
	data = rmi_result_data_incomplete_with_mem(v, data, (uint64_t)wait);
	data = rmi_result_data_incomplete_with_cancel(v, data, op->can_cancel);
	set_state(op, OPERATION_SEALED);
	return rmi_result_with_data(v, RMI_INCOMPLETE, data);
}

uint64_t operation_yield_first(struct rmm_call *call, struct operation *op,
			       enum operation_wait wait)
{
	op->wait = wait;
	call->out[1] = operation_handle(call, op);
	call->out[2] = operation_donate_request(call, op);
	return operation_yield(call, op, wait);
}

uint64_t operation_end_unwound(struct rmm_call *call, struct operation *op)
{
	const enum rmm_condition condition = op->condition;
	const uint64_t status = op->status;

	if (op->partial != OPERATION_NO_OBJECT)
		call_granule_set(call, op->partial, RMM_GRANULE_DELEGATED);
	operation_end(op);
	return condition == RMM_CONDITION_NONE ? status : rmm_fail(call, condition);
}

uint64_t operation_unwind(struct rmm_call *call, struct operation *op, enum rmm_condition condition)
{
	op->failed = true;
	op->can_cancel = false;
	op->condition = condition;
	if (op->num_held)
		return operation_yield(call, op, OPERATION_WAIT_RECLAIM);
	return operation_end_unwound(call, op);
}
