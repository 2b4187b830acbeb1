/* SPDX-License-Identifier: BSD-3-Clause */
/* What a ledger is made of; shared by its files and asked by the checker. */
#ifndef RMMCONDUIT_LEDGER_STATE_H
#define RMMCONDUIT_LEDGER_STATE_H

#include "observed.h"
#include "rmmsim/host/ledger.h"
#include "span_map.h"

#define LEDGER_PA_SPACE    0u /* of granules */
#define LEDGER_MAX_AUX_RTT 3u

/* Parameters of a realm to be, read before the RMM sees them. */
struct realm_sample {
	uint64_t root_base;
	uint64_t root_size;
	uint64_t vmid;
	uint64_t aux_base[LEDGER_MAX_AUX_RTT];
	unsigned int num_aux;
};

enum ledger_realm_state {
	LEDGER_REALM_NEW,
	LEDGER_REALM_ACTIVE,
	LEDGER_REALM_ZOMBIE,
};

struct ledger_realm {
	uint64_t rd;
	enum ledger_realm_state state;
	uint64_t vmid;
	struct host_origin origin;
};

/* A stateful operation that has not ended. */
struct ledger_operation {
	uint64_t id; /* never 0, never used again */
	uint64_t handle;
	struct observed start; /* the call that began it */
	struct realm_sample sample;
	struct host_origin origin;
	uint64_t x0;        /* the last RMI_INCOMPLETE */
	uint64_t request;   /* RmiOpMemDonateReq, while it asks for memory */
	uint64_t object;    /* granule that it creates or destroys; 0: none */
	enum host_held was; /* of that granule, before */
	uint64_t was_realm;
	bool cancelled;
};

struct trace {
	void *frames[HOST_ORIGIN_FRAMES];
	size_t num;
};

struct host_ledger {
	struct host_ledger_config config;
	uint64_t calls;
	struct span_map granules;
	struct span_map mappings; /* space: RD; NS_MAPPING and DATA */
	struct ledger_realm *realms;
	size_t num_realms;
	struct ledger_operation *operations;
	size_t num_operations;
	uint64_t operations_begun;
	struct trace *traces;
	size_t num_traces;
	struct host_origin now; /* the call that is being worked on */
	bool exhausted;
};

/* ---- ledger.c ---- */

struct ledger_realm *ledger_realm(const struct host_ledger *ledger, uint64_t rd);
struct ledger_operation *ledger_operation(const struct host_ledger *ledger, uint64_t handle);

/* Room for one more element of an array on the heap; false when out of memory. */
bool ledger_grow(struct host_ledger *ledger, void **array, size_t num, size_t element);

struct holding {
	enum host_held kind;
	uint64_t realm;
	uint64_t object;
	uint64_t operation;
};

/* [base, top) is held like this from now on; who delegated it stays known. */
void ledger_hold(struct host_ledger *ledger, uint64_t base, uint64_t top,
		 const struct holding *holding);

/* It is the host's own again. */
void ledger_release(struct host_ledger *ledger, uint64_t base, uint64_t top);

/* ---- ledger_effects.c ---- */

struct realm_sample ledger_sample(const struct host_ledger *ledger, const struct observed *o);

/* The command has ended with success. */
void ledger_apply(struct host_ledger *ledger, const struct observed *o,
		  const struct realm_sample *sample);

/* ---- ledger_operations.c ---- */

void ledger_begin_operation(struct host_ledger *ledger, const struct observed *o,
			    const struct realm_sample *sample);
void ledger_step(struct host_ledger *ledger, const struct observed *o);

#endif
