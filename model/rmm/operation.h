/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stateful RMI operations (SRO): what a command keeps between its first call
 * and the RMI_OP_* calls that finish it (2.0-bet0 chapter on SROs).
 */
#ifndef RMM_RMM_OPERATION_H
#define RMM_RMM_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/realm.h"
#include "rmmsim/abi/ids.h"
#include "rmmsim/system.h"

struct rmm_call;

/*
 * Who finds an operation SEALED or FREE and makes it EXECUTING owns it, until
 * it changes the state again as the last thing that it does with it.
 */
enum operation_state { OPERATION_FREE, OPERATION_EXECUTING, OPERATION_SEALED };

/* What the operation waits for; numbers of RmiOpMemReq. */
enum operation_wait { OPERATION_WAIT_CONTINUE, OPERATION_WAIT_DONATE, OPERATION_WAIT_RECLAIM };

/*
 * Resumes the operation by RMI_OP_CONTINUE and returns X0. Ends it unless it
 * answers with operation_yield().
 */
struct operation;
typedef uint64_t (*operation_resume)(struct rmm_call *call, struct operation *op);

/* The most memory that an operation holds: a description fits one address list. */
#define OPERATION_MAX_HELD  512u

/* `partial` of an operation that creates or destroys no granule. */
#define OPERATION_NO_OBJECT UINT64_MAX

struct range_op;

struct operation {
	enum operation_state state;
	enum operation_wait wait;
	uint32_t generation; /* makes handles of reused contexts differ */
	enum rmm_command command;
	bool can_cancel;
	operation_resume resume;

	uint64_t wanted;       /* granules still to be donated */
	uint64_t wanted_state; /* RmiOpMemState that they have to be in */
	bool wanted_contig;    /* they have to follow each other, aligned to their size */
	bool wanted_anywhere;  /* the command looks at where they are when it uses them */
	unsigned int num_held;
	uint64_t *held; /* granules donated and not yet returned; OPERATION_MAX_HELD fit */

	bool transfer_refused; /* the last donation was */

	/* Descriptors of memory returned that the host has not got yet, and what comes then. */
	unsigned int num_returned;
	uint64_t *returned; /* OPERATION_MAX_HELD fit */
	enum operation_wait after_returned;

	/* The answer that the last continue gives once memory has been returned. */
	bool failed;
	enum rmm_condition condition;
	uint64_t status;

	uint64_t partial; /* the granule that is created or destroyed, or OPERATION_NO_OBJECT */
	uint64_t region;  /* RMI_GPT_L1_*, RMI_GRANULE_TRACKING_SET: whose table, or tracking */
	uint64_t to;      /* RMI_GRANULE_TRACKING_SET: the state that it will have */

	/* RMI_GRANULE_RANGE_*: what is left of the run that the operation has claimed. */
	const struct range_op *range;
	uint64_t range_at;
	uint64_t range_end;
	uint64_t range_wiped; /* as far as its contents are gone */

	/* RMI_RTT_DATA_MAP: its inputs, and how far it has come. */
	struct {
		uint64_t rd, base, top, flags, oaddr;
		uint64_t next; /* IPA */
	} map;

	/* RMI_REALM_CREATE, RMI_REC_CREATE. */
	uint64_t rd;
	uint64_t params_ptr;
	uint64_t params[11]; /* flags, mpidr, pc, gprs: read once */
};

struct operation_pool {
	struct operation *slots;
	uint64_t *held;     /* OPERATION_MAX_HELD of each slot */
	uint64_t *returned; /* likewise */
	unsigned int count;
	uint64_t seed;
	bool threads; /* several at a time */
	bool guard;   /* of contexts that change hands */
};

int operation_pool_create(struct operation_pool *pool, const struct rmm_config *config);
void operation_pool_destroy(struct operation_pool *pool);
unsigned int operation_pool_open(const struct operation_pool *pool);

/* Whether the object of a sealed operation lies in [base, base + size). */
bool operation_pool_has_object(struct operation_pool *pool, uint64_t base, uint64_t size);

/*
 * Reserves a context for the command that the call executes. NULL: none is
 * free, and *busy says whether another one is being executed (RMI_BUSY) or all
 * wait for their hosts (RMI_BLOCKED).
 */
struct operation *operation_begin(struct rmm_call *call, bool *busy);

/*
 * Whether an operation of this command is open on `region`: until it is over,
 * nobody else may begin one there.
 */
bool operation_on_region(const struct rmm_call *call, enum rmm_command command, uint64_t region);
void operation_set_region(struct operation *op, uint64_t region);

/* The sealed operation behind a handle, now executing; NULL when there is none. */
struct operation *operation_resume_handle(struct rmm_call *call, uint64_t handle);

/* Whether another PE is executing the operation behind a handle. */
bool operation_is_running(struct rmm_call *call, uint64_t handle);

/* Seals it again without having changed anything. */
void operation_suspend(struct operation *op);

/* Its opaque handle. */
uint64_t operation_handle(const struct rmm_call *call, const struct operation *op);

/* Returns the context. */
void operation_end(struct operation *op);

/* Seals the operation and composes RMI_INCOMPLETE. */
uint64_t operation_yield(struct rmm_call *call, struct operation *op, enum operation_wait wait);

/* As operation_yield, for the call that started it: X1 is the handle. */
uint64_t operation_yield_first(struct rmm_call *call, struct operation *op,
			       enum operation_wait wait);

/* The operation has failed: gives its memory back, then reports the condition. */
uint64_t operation_unwind(struct rmm_call *call, struct operation *op,
			  enum rmm_condition condition);

/* The failed or cancelled operation has returned all memory: its last answer. */
uint64_t operation_end_unwound(struct rmm_call *call, struct operation *op);

/*
 * The state that a granule comes back in: until an operation uses it, it stays
 * in the PAS that it was donated in.
 */
enum rmm_granule_state operation_held_state(const struct rmm_call *call, uint64_t pa);

/* RmiOpMemDonateReq of what the operation wants; 0 unless it waits for memory. */
uint64_t operation_donate_request(const struct rmm_call *call, const struct operation *op);

#endif
