/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/call.h"

#include <string.h>

#include "platform/gpt.h"
#include "platform/spin.h"
#include "platform/tlb_lint.h"
#include "rmm/granule_lock.h"

uint64_t rmm_fail(struct rmm_call *call, enum rmm_condition condition)
{
	call->condition = condition;
	__atomic_fetch_add(&call->sys->condition_counts[condition], 1, __ATOMIC_RELAXED);
	return rmm_condition_status_word(call_version(call), condition);
}

uint64_t rmm_fail_level(struct rmm_call *call, enum rmm_condition condition, int level)
{
	return rmm_fail(call, condition) | (uint64_t)(uint8_t)level << 8;
}

/* ---- granules ----------------------------------------------------------- */

static uint64_t index_at(const struct rmm_call *call, uint64_t pa)
{
	return bank_granule(memory_bank_at(&call->sys->memory, pa), pa);
}

void granule_lock(struct rmm_call *call, uint64_t pa)
{
	const struct rmm_port *port = &call->sys->config.port;

	charge(call, RMM_COST_GRANULE_LOCK, 1, pa);
	if (call->sys->granules.locks)
		granule_lock_wait(&call->sys->granules, index_at(call, pa));
	else if (port->lock)
		port->lock(port->ctx, call->pe, pa);
	else
		return;
	call->locks[call->num_locks++] = pa;
}

bool granule_lock_in(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state)
{
	const struct granule_table *table = &call->sys->granules;

	if (!table->locks) {
		granule_lock(call, pa);
		return true;
	}
	if (call->took_first || !granule_lock_wait_in(table, index_at(call, pa), state))
		return false;
	charge(call, RMM_COST_GRANULE_LOCK, 1, pa);
	call->locks[call->num_locks++] = pa;
	return true;
}

void granule_unlock(struct rmm_call *call, uint64_t pa)
{
	const struct rmm_port *port = &call->sys->config.port;

	for (unsigned int i = call->num_locks; i-- > 0;) {
		if (call->locks[i] != pa)
			continue;
		call->locks[i] = call->locks[--call->num_locks];
		if (call->sys->granules.locks)
			granule_lock_release(&call->sys->granules, index_at(call, pa));
		else
			port->unlock(port->ctx, call->pe, pa);
		return;
	}
}

void call_release_locks(struct rmm_call *call)
{
	while (call->num_locks)
		granule_unlock(call, call->locks[call->num_locks - 1]);
}

bool granule_is_locked(const struct rmm_call *call, uint64_t pa)
{
	for (unsigned int i = 0; i < call->num_locks; i++)
		if (call->locks[i] == pa)
			return true;
	return false;
}

/* Is there a granule that could have this state? */
static bool is_bound(const struct rmm_call *call, uint64_t pa, enum rmm_granule_state state)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, pa);
	const enum tracking_state tracked = tracking_at(&call->sys->tracking, pa);

	if (!bank || (tracked != TRACKING_FINE && tracked != TRACKING_COARSE))
		return false;
	/* What a command takes from the host must be DRAM with a state of its own. */
	return state != RMM_GRANULE_DELEGATED ||
	       (bank->kind == RMM_BANK_DRAM && tracked == TRACKING_FINE);
}

void granule_take_first(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state)
{
	if (call_has_locks(call) && is_granule_aligned(pa) && is_bound(call, pa, state) &&
	    call_granule_state(call, pa) == state && !granule_is_locked(call, pa))
		(void)granule_lock_in(call, pa, state);
}

void granule_took_first(struct rmm_call *call)
{
	call->took_first = true;
}

enum rmm_condition granule_take(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state,
				const struct granule_conditions *conditions)
{
	if (!is_granule_aligned(pa))
		return conditions->align;
	if (!is_bound(call, pa, state))
		return conditions->bound;
	const bool locked = granule_is_locked(call, pa) || granule_lock_in(call, pa, state);
	const enum rmm_granule_state have = call_granule_state(call, pa);
	/* Tracking changes while all granules of a region are locked. */
	if (locked && call->sys->granules.locks && !is_bound(call, pa, state))
		return conditions->bound;
	if (locked && have == state)
		return RMM_CONDITION_NONE;
	if (have == RMM_GRANULE_PARTIAL && state != RMM_GRANULE_DELEGATED &&
	    call_behaves(call, RMM_BEHAVIOUR_PARTIAL_OBJECT_BLOCKED))
		return RMI_ANY_BLOCKED;
	return conditions->state;
}

/* ---- runs of granules, among threads ---------------------------------------- */

/* The part of [base, base + count granules) that lies in the bank of base. */
static uint64_t part_in(const struct memory_bank *bank, uint64_t base, uint64_t count)
{
	const uint64_t left = (bank->base + bank->size - base) >> RMM_GRANULE_SHIFT;

	return count < left ? count : left;
}

bool granules_lock(const struct rmm_call *call, uint64_t base, uint64_t count,
		   enum rmm_granule_state state)
{
	const struct granule_table *table = &call->sys->granules;
	uint64_t done = 0;

	while (table->locks && done < count) {
		const uint64_t at = base + done * RMM_GRANULE_SIZE;
		const struct memory_bank *bank = memory_bank_at(&call->sys->memory, at);
		const uint64_t part = bank ? part_in(bank, at, count - done) : 0;

		if (!part || !granule_lock_wait_run(table, bank_granule(bank, at), part, state)) {
			granules_unlock(call, base, done);
			return false;
		}
		done += part;
	}
	return true;
}

uint64_t granules_lock_some(const struct rmm_call *call, uint64_t base, uint64_t count,
			    enum rmm_granule_state state)
{
	const struct granule_table *table = &call->sys->granules;

	if (!table->locks)
		return count;
	const uint64_t first = index_at(call, base);
	if (!granule_lock_wait_in(table, first, state))
		return 0;
	return 1 + granule_lock_try_run(table, first + 1, count - 1);
}

bool granules_try_lock(const struct rmm_call *call, uint64_t base, uint64_t count)
{
	const struct granule_table *table = &call->sys->granules;

	if (!table->locks)
		return true;
	const uint64_t first = index_at(call, base);
	const uint64_t locked = granule_lock_try_run(table, first, count);
	if (locked == count)
		return true;
	granule_lock_release_run(table, first, locked);
	return false;
}

void granules_unlock(const struct rmm_call *call, uint64_t base, uint64_t count)
{
	const struct granule_table *table = &call->sys->granules;
	uint64_t done = 0;

	while (table->locks && done < count) {
		const uint64_t at = base + done * RMM_GRANULE_SIZE;
		const struct memory_bank *bank = memory_bank_at(&call->sys->memory, at);
		const uint64_t part = part_in(bank, at, count - done);

		granule_lock_release_run(table, bank_granule(bank, at), part);
		done += part;
	}
}

enum rmm_granule_state call_granule_state(const struct rmm_call *call, uint64_t pa)
{
	return granule_state(&call->sys->granules, index_at(call, pa));
}

void call_granule_set(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state)
{
	if (state == RMM_GRANULE_DELEGATED)
		tlb_free_granule(call, pa);
	granule_set_state(&call->sys->granules, index_at(call, pa), state);
	charge(call, RMM_COST_GRANULE_STATE, 1, pa);
}

void *granule_bytes(const struct rmm_call *call, uint64_t pa)
{
	return bank_bytes(memory_bank_at(&call->sys->memory, pa), pa & ~GRANULE_MASK);
}

uint16_t *rtt_live_count(const struct rmm_call *call, uint64_t rtt)
{
	return &call->sys->granules.live[index_at(call, rtt)];
}

void granules_wipe(const struct rmm_call *call, uint64_t base, uint64_t count)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, base);
	uint8_t *written = &call->sys->memory.written[bank_granule(bank, base)];
	uint8_t *const end = written + count;
	uint8_t *const bytes = bank_bytes(bank, base);

	charge(call, RMM_COST_WIPE, count * RMM_GRANULE_SIZE, base);
	/* Most granules were never written: look for the others. */
	for (uint8_t *at = written; (at = memchr(at, 1, (size_t)(end - at))); *at = 0)
		memset(bytes + (size_t)(at - written) * RMM_GRANULE_SIZE, 0, RMM_GRANULE_SIZE);
}

void granule_wipe(struct rmm_call *call, uint64_t pa)
{
	granules_wipe(call, pa & ~GRANULE_MASK, 1);
}

void granule_overwrite(struct rmm_call *call, uint64_t pa)
{
	call->sys->memory.written[index_at(call, pa)] = 1;
}

void granule_claim(struct rmm_call *call, uint64_t pa)
{
	granule_wipe(call, pa);
	granule_overwrite(call, pa);
}

bool pa_is_conventional(const struct rmm_call *call, uint64_t pa)
{
	const struct memory_bank *bank = memory_bank_at(&call->sys->memory, pa);

	return bank && bank->kind == RMM_BANK_DRAM &&
	       tracking_at(&call->sys->tracking, pa) == TRACKING_FINE;
}

/* ---- alone ----------------------------------------------------------------- */

bool call_others_run(const struct rmm_call *call)
{
	for (unsigned int i = 0; i < call->sys->config.num_pes; i++)
		if (i != call->pe && __atomic_load_n(&call->sys->pes[i].in_call, __ATOMIC_SEQ_CST))
			return true;
	return false;
}

bool call_alone_begin(struct rmm_call *call)
{
	bool open = false;

	if (!call->sys->config.threads)
		return true;
	if (!__atomic_compare_exchange_n(&call->sys->closed, &open, true, false, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST))
		return false;
	if (!call_others_run(call))
		return true;
	call_alone_end(call);
	return false;
}

void call_alone_end(struct rmm_call *call)
{
	__atomic_store_n(&call->sys->closed, false, __ATOMIC_SEQ_CST);
}

/* ---- objects --------------------------------------------------------------- */

struct rmm_realm *realm_at(const struct rmm_call *call, uint64_t rd)
{
	return granule_bytes(call, rd);
}

struct rmm_rec *rec_at(const struct rmm_call *call, uint64_t rec)
{
	return granule_bytes(call, rec);
}

enum rmm_condition realm_take(struct rmm_call *call, uint64_t rd,
			      const struct granule_conditions *conditions, struct rmm_realm **realm)
{
	const enum rmm_condition failed = granule_take(call, rd, RMM_GRANULE_RD, conditions);

	if (failed == RMM_CONDITION_NONE)
		*realm = realm_at(call, rd);
	return failed;
}

enum rmm_condition rec_take(struct rmm_call *call, uint64_t rec,
			    const struct granule_conditions *conditions, struct rmm_rec **object)
{
	const enum rmm_condition failed = granule_take(call, rec, RMM_GRANULE_REC, conditions);

	if (failed == RMM_CONDITION_NONE)
		*object = rec_at(call, rec);
	return failed;
}

/*
 * The RD comes before the REC, but only the REC knows it: look, let go, take
 * both in order, and see whether it is still so.
 */
enum rmm_condition rec_take_with_realm(struct rmm_call *call, uint64_t rec,
				       const struct granule_conditions *conditions,
				       struct rmm_rec **object)
{
	enum rmm_condition failed = rec_take(call, rec, conditions, object);

	while (failed == RMM_CONDITION_NONE && call_has_locks(call)) {
		const uint64_t owner = (*object)->owner;

		granule_unlock(call, rec);
		const bool locked = granule_lock_in(call, owner, RMM_GRANULE_RD);
		failed = rec_take(call, rec, conditions, object);
		if (failed != RMM_CONDITION_NONE || (locked && (*object)->owner == owner))
			break;
		if (locked)
			granule_unlock(call, owner);
	}
	return failed;
}

void **guest_slot(const struct rmm_call *call, uint64_t rec)
{
	return &call->sys->guests[index_at(call, rec)];
}

void guests_invalidate(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
		       uint64_t size)
{
	const struct rmm_guest_ops *ops = call->sys->config.guest;

	if (!ops || !ops->invalidate)
		return;
	for (uint64_t rec = realm->first_rec; rec; rec = rec_at(call, rec)->next)
		ops->invalidate(*guest_slot(call, rec), ipa, size);
}

/* ---- Non-secure memory ------------------------------------------------------- */

bool ns_out_of_bounds(const struct rmm_call *call, uint64_t pa)
{
	return call_is_rmi_1(call) && !pa_is_conventional(call, pa);
}

bool ns_access_permitted(const struct rmm_call *call, uint64_t pa)
{
	const struct memory *mem = &call->sys->memory;
	const struct memory_bank *bank = memory_bank_at(mem, pa);

	charge(call, RMM_COST_GPT_READ, 2, pa);
	if (!bank ||
	    (bank->kind != RMM_BANK_DRAM && call_behaves(call, RMM_BEHAVIOUR_HOST_BUFFERS_IN_DRAM)))
		return false;
	return gpt_check(mem, RMM_PAS_NS, pa, NULL) == RMM_FAULT_NONE;
}

static bool is_ns(const struct rmm_call *call, uint64_t pa)
{
	return gpt_check(&call->sys->memory, RMM_PAS_NS, pa, NULL) == RMM_FAULT_NONE;
}

/* Waits for the lock of a granule only as long as it is Non-secure. */
static bool ns_lock_wait(const struct rmm_call *call, uint64_t pa)
{
	const struct granule_table *table = &call->sys->granules;
	const uint64_t index = index_at(call, pa);
	unsigned int tries = 0;

	while (is_ns(call, pa)) {
		if (!granule_lock_try(table, index)) {
			spin_pause(&tries);
			continue;
		}
		if (is_ns(call, pa))
			return true;
		granule_lock_release(table, index);
	}
	return false;
}

bool granule_lock_ns(struct rmm_call *call, uint64_t pa)
{
	if (!ns_lock_wait(call, pa))
		return false;
	call->locks[call->num_locks++] = pa;
	return true;
}

/*
 * As ns_access_permitted, and it stays so until ns_end: among threads the lock
 * of the granule keeps it from changing hands.
 */
static bool ns_begin(const struct rmm_call *call, uint64_t pa)
{
	const struct granule_table *table = &call->sys->granules;

	if (!ns_access_permitted(call, pa))
		return false;
	return !table->locks || ns_lock_wait(call, pa);
}

static void ns_end(const struct rmm_call *call, uint64_t pa)
{
	if (call->sys->granules.locks)
		granule_lock_release(&call->sys->granules, index_at(call, pa));
}

bool ns_read(struct rmm_call *call, uint64_t pa, void *buf, uint64_t len)
{
	if (!ns_begin(call, pa))
		return false;
	memcpy(buf, bank_bytes(memory_bank_at(&call->sys->memory, pa), pa), len);
	ns_end(call, pa);
	charge(call, RMM_COST_NS_READ, len, pa);
	return true;
}

bool ns_write(struct rmm_call *call, uint64_t pa, const void *buf, uint64_t len)
{
	if (!ns_begin(call, pa))
		return false;
	memcpy(bank_bytes(memory_bank_at(&call->sys->memory, pa), pa), buf, len);
	call->sys->memory.written[index_at(call, pa)] = 1;
	ns_end(call, pa);
	charge(call, RMM_COST_NS_WRITE, len, pa);
	return true;
}
