/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One call on its way through the RMM: inputs, outputs, why it failed, which
 * granules it holds. Handlers see the machine only through it.
 */
#ifndef RMM_RMM_CALL_H
#define RMM_RMM_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/rmm.h"

#define CALL_NUM_INPUTS 11 /* RSI_MEASUREMENT_EXTEND has the most */
#define CALL_MAX_LOCKS  8

struct rmi_rec_exit;

/* How a call of the realm goes on once its handler returns. */
enum call_outcome {
	CALL_RETURNS, /* to the next instruction, X0 is the handler's result */
	CALL_EXITS,   /* likewise, but the host runs first */
	CALL_WAITS,   /* likewise, and the registers stay until the host has answered */
	CALL_RETRIES, /* nothing happened: the host runs, then the call is made again */
};

struct rmm_call {
	struct rmm_system *sys;
	unsigned int pe;
	enum rmm_command command;
	enum rmm_condition condition;
	uint64_t in[CALL_NUM_INPUTS]; /* X0.. as the caller left them */
	uint64_t *out;                /* where X0.. go */
	struct rmm_rec *rec;          /* RSI and PSCI: the calling REC */
	uint64_t rec_pa;
	struct rmm_realm *realm;   /* RSI and PSCI: its realm */
	struct rmi_rec_exit *exit; /* RSI and PSCI: what the host will be told */
	uint16_t *exit_imm_high;   /* ... and bits 31:16 of a host call's immediate (TF-RMM) */
	enum call_outcome outcome;
	bool took_first; /* granule_take_first has been called */
	unsigned int num_locks;
	uint64_t locks[CALL_MAX_LOCKS];
};

static inline enum rmm_version call_version(const struct rmm_call *call)
{
	return call->sys->config.version;
}

/*
 * RMI 1.0: no command is stateful, memory is tracked from the start and only
 * DRAM, and the host chooses what 2.0 leaves to the RMM: VMIDs, the granules of
 * a REC, the list registers.
 */
static inline bool call_is_rmi_1(const struct rmm_call *call)
{
	return rmm_abi_versions[call_version(call)].rmi_major < 2;
}

static inline bool call_behaves(const struct rmm_call *call, enum rmm_behaviour behaviour)
{
	return rmm_behaves(call->sys, behaviour);
}

static inline void charge(const struct rmm_call *call, enum rmm_cost cost, uint64_t count,
			  uint64_t pa)
{
	const struct rmm_port *port = &call->sys->config.port;

	if (port->charge)
		port->charge(port->ctx, call->pe, cost, count, pa);
}

/*
 * The only way to fail: names the condition, whose status comes from the ABI
 * description. Returns X0.
 */
uint64_t rmm_fail(struct rmm_call *call, enum rmm_condition condition);

/* As rmm_fail, for statuses that carry an RTT level. */
uint64_t rmm_fail_level(struct rmm_call *call, enum rmm_condition condition, int level);

/* ---- granules --------------------------------------------------------- */

/* The three ways to be the wrong granule, as most commands name them. */
struct granule_conditions {
	enum rmm_condition align;
	enum rmm_condition bound;
	enum rmm_condition state;
};

#define GRANULE_CONDITIONS(command, what)                                                \
	((struct granule_conditions){command##_##what##_ALIGN, command##_##what##_BOUND, \
				     command##_##what##_STATE})

/*
 * Takes the lock of the granule at pa and checks alignment, memory and state
 * in this order. Returns the first condition that holds, or
 * RMM_CONDITION_NONE. The lock is released when the call ends.
 *
 * Locks are taken in the order that granule_lock.h gives. A command whose
 * conditions name granules in another order takes first what comes first.
 */
enum rmm_condition granule_take(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state,
				const struct granule_conditions *conditions);

/*
 * Takes the lock of a granule that a condition will name later, if it has the
 * state which that condition wants. After granule_took_first a granule that is
 * not locked has another state for this call.
 */
void granule_take_first(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state);
void granule_took_first(struct rmm_call *call);

/* The state of the granule at pa, which must be in a bank. */
enum rmm_granule_state call_granule_state(const struct rmm_call *call, uint64_t pa);
void call_granule_set(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state);

/* Locks by hand, for walks: of granules whose state cannot change before. */
void granule_lock(struct rmm_call *call, uint64_t pa);
/* Waits only while the granule has `state`; false: it has another one (among threads only). */
bool granule_lock_in(struct rmm_call *call, uint64_t pa, enum rmm_granule_state state);
/* Among threads: waits only while the granule is Non-secure; false: it is not. */
bool granule_lock_ns(struct rmm_call *call, uint64_t pa);
void granule_unlock(struct rmm_call *call, uint64_t pa);
bool granule_is_locked(const struct rmm_call *call, uint64_t pa);
void call_release_locks(struct rmm_call *call);

/* Whether other PEs may act between two steps of a call. */
static inline bool call_has_locks(const struct rmm_call *call)
{
	return call->sys->granules.locks || call->sys->config.port.lock;
}

/*
 * The locks of `count` granules of DRAM that all have `state`. False: one has
 * another state or is no DRAM, and no lock is held. Among threads only; else
 * nothing happens, and the answer is true.
 */
bool granules_lock(const struct rmm_call *call, uint64_t base, uint64_t count,
		   enum rmm_granule_state state);
void granules_unlock(const struct rmm_call *call, uint64_t base, uint64_t count);

/*
 * For runs whose end does not matter, in one bank: waits for the first lock
 * only, as long as its granule has `state`. Returns how many are held; 0: it has
 * another state.
 */
uint64_t granules_lock_some(const struct rmm_call *call, uint64_t base, uint64_t count,
			    enum rmm_granule_state state);

/* All granules of one bank, whatever their state, without waiting; false: none is held. */
bool granules_try_lock(const struct rmm_call *call, uint64_t base, uint64_t count);

/* The bytes of a granule that the RMM owns; pa must be in a bank. */
void *granule_bytes(const struct rmm_call *call, uint64_t pa);

/* Live entries of an RTT. */
uint16_t *rtt_live_count(const struct rmm_call *call, uint64_t rtt);

/* Zeroes a granule, and says that the RMM may write to it from now on. */
void granule_wipe(struct rmm_call *call, uint64_t pa);
void granule_claim(struct rmm_call *call, uint64_t pa);

/* As granule_claim, when every byte is about to be written anyway. */
void granule_overwrite(struct rmm_call *call, uint64_t pa);

/* Zeroes `count` granules of one bank. */
void granules_wipe(const struct rmm_call *call, uint64_t base, uint64_t count);

static inline bool is_granule_aligned(uint64_t addr)
{
	return (addr & GRANULE_MASK) == 0;
}

static inline bool is_aligned(uint64_t addr, uint64_t size)
{
	return (addr & (size - 1)) == 0;
}

/* PaIsDelegableConventionalFine: DRAM in a tracked region. */
bool pa_is_conventional(const struct rmm_call *call, uint64_t pa);

/* ---- alone ----------------------------------------------------------------- */

/* Whether another PE is in a call, a running REC included. */
bool call_others_run(const struct rmm_call *call);

/*
 * From here to call_alone_end no other PE is in a call; false: one is already.
 * Among threads only; else nothing happens, and the answer is true.
 */
bool call_alone_begin(struct rmm_call *call);
void call_alone_end(struct rmm_call *call);

/* ---- objects ------------------------------------------------------------ */

struct rmm_realm *realm_at(const struct rmm_call *call, uint64_t rd);
struct rmm_rec *rec_at(const struct rmm_call *call, uint64_t rec);

/* granule_take for an RD or a REC, with the object. */
enum rmm_condition realm_take(struct rmm_call *call, uint64_t rd,
			      const struct granule_conditions *conditions,
			      struct rmm_realm **realm);
enum rmm_condition rec_take(struct rmm_call *call, uint64_t rec,
			    const struct granule_conditions *conditions, struct rmm_rec **object);

/* As rec_take, of a REC whose realm is locked with it. */
enum rmm_condition rec_take_with_realm(struct rmm_call *call, uint64_t rec,
				       const struct granule_conditions *conditions,
				       struct rmm_rec **object);

/* Tells the guests of a realm that translations of [ipa, ipa + size) changed. */
void guests_invalidate(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
		       uint64_t size);

/* The guest slot of a REC granule. */
void **guest_slot(const struct rmm_call *call, uint64_t rec);

/* ---- Non-secure memory of the host ------------------------------------- */

/*
 * RMI 1.0: structures of the host are in memory that could be delegated. True:
 * this one is not.
 */
bool ns_out_of_bounds(const struct rmm_call *call, uint64_t pa);

/* NonSecureAccessPermitted. */
bool ns_access_permitted(const struct rmm_call *call, uint64_t pa);

/*
 * The RMM reads or writes NS memory; false when the granule protection check
 * refuses or no memory answers. The range must not leave its granule.
 */
bool ns_read(struct rmm_call *call, uint64_t pa, void *buf, uint64_t len);
bool ns_write(struct rmm_call *call, uint64_t pa, const void *buf, uint64_t len);

#endif
