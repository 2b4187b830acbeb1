/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ledger: what a host holds, worked out from the calls that pass and from
 * nothing else, so that it is true for any back end. A link of the conduit
 * chain; it changes neither calls nor answers.
 *
 * It knows every granule that is not UNDELEGATED, stateful operations, realms
 * with their VMID, RECs and mappings of shared memory: what they are for, which
 * call took them and what would give them back.
 */
#ifndef RMMSIM_HOST_LEDGER_H
#define RMMSIM_HOST_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rmmsim/abi/ids.h"
#include "rmmsim/host/finding.h"
#include "rmmsim/host/memory.h"
#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

enum host_held {
	/* Granules: `base` is a PA, `size` in bytes. */
	HOST_HELD_DELEGATED, /* delegated and not in use */
	HOST_HELD_RD,
	HOST_HELD_REC,
	HOST_HELD_RTT,
	HOST_HELD_DATA,
	HOST_HELD_DEVICE,  /* PDEV, VDEV, VSMMU ... */
	HOST_HELD_DONATED, /* given to a stateful operation, which belongs to `object` */
	HOST_HELD_PARTIAL, /* being created or destroyed by an operation that is not finished */
	/* The rest. */
	HOST_HELD_OPERATION, /* `base` is the handle */
	HOST_HELD_REALM, /* `base` is the PA of the RD, `object` the VMID if the host chose it */
	HOST_HELD_NS_MAPPING, /* `base` is an IPA of `realm`, `object` the PA */
	HOST_HELD_COUNT,
};

/* "DELEGATED" ... Never NULL. */
const char *host_held_name(enum host_held kind);

#define HOST_ORIGIN_FRAMES 12u

/* Where something began. */
struct host_origin {
	uint64_t call;       /* its number, from 1; 0: not seen */
	const char *command; /* static; NULL: not seen */
	uint64_t line;       /* of the recording; 0: none */
	uint32_t trace;      /* of host_ledger_backtrace; 0: none */
};

struct host_held_entry {
	enum host_held kind;
	uint64_t base;
	uint64_t size;             /* bytes, 0 where it has no meaning */
	uint64_t realm;            /* PA of the RD that it belongs to; 0: none */
	uint64_t object;           /* see enum host_held */
	struct host_origin taken;  /* the host gave it away, or made it, here */
	struct host_origin in_use; /* and it became what it is here */
};

struct host_recorder;

struct host_ledger_config {
	enum rmm_version version; /* that the calls speak */
	struct host_memory_ops
		memory; /* to read parameter pages and lists; must outlive the ledger */
	const struct host_recorder *recorder; /* whose lines are named; may be NULL */
	bool backtrace;                       /* remember the stack of calls that take something */
};

struct host_ledger;

/* The ledger is the caller's. Returns 0, or -1 when out of memory. */
int host_ledger_create(const struct host_ledger_config *config, struct host_ledger **out);
void host_ledger_destroy(struct host_ledger *ledger);

/* The link of one PE. Links of several PEs can share a ledger if calls do not overlap. */
struct host_ledger_link {
	struct host_ledger *ledger;
	struct smc_conduit *next;
};
struct smc_conduit host_ledger_conduit(struct host_ledger_link *link);

/* Calls that have passed. */
uint64_t host_ledger_calls(const struct host_ledger *ledger);

/* Granules that are not UNDELEGATED, and operations that are not finished. */
uint64_t host_ledger_granules(const struct host_ledger *ledger);
uint64_t host_ledger_operations(const struct host_ledger *ledger);

/*
 * What holds the granule at pa; false when it is the host's own. `entry` (may
 * be NULL) describes the whole run of like granules.
 */
bool host_ledger_at(const struct host_ledger *ledger, uint64_t pa, struct host_held_entry *entry);

/* Calls `line` for everything that is held: granules by address, then the rest. */
void host_ledger_each(const struct host_ledger *ledger,
		      void (*line)(void *ctx, const struct host_held_entry *entry), void *ctx);

/* "RMI_GRANULE_RANGE_UNDELEGATE [0x80000000, 0x80001000)": what would free it. */
void host_held_remedy(const struct host_held_entry *entry, char *buf, size_t len);

/* One line of words about an entry; without a final newline. */
void host_held_describe(const struct host_held_entry *entry, char *buf, size_t len);

/* Everything, as a table; with backtraces if there are any. */
void host_ledger_print(const struct host_ledger *ledger, FILE *out);

/* The frames of an origin: return addresses, innermost first. *frames may be NULL if none. */
size_t host_ledger_backtrace(const struct host_ledger *ledger, const struct host_origin *origin,
			     void *const **frames);

/*
 * The end of a test: one finding for each thing that is still held. What belongs
 * to a realm that is leaked is counted in the finding of the realm. Memory that
 * RMI_RMM_ACTIVATE took for the RMM itself is no leak. Returns their number.
 */
uint64_t host_ledger_leaks(const struct host_ledger *ledger, struct host_findings *findings);

/* The ledger ran out of heap memory: what it says is incomplete. */
bool host_ledger_is_incomplete(const struct host_ledger *ledger);

#ifdef __cplusplus
}
#endif

#endif
