/* SPDX-License-Identifier: BSD-3-Clause */
/* What a host and a realm are made of; shared by the files of this library only. */
#ifndef RMMHOST_HOST_STATE_H
#define RMMHOST_HOST_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/abi/rmm2_0b1.h"
#include "rmmsim/host/host.h"
#include "rmmsim/host/realm.h"

struct tracked_region {
	uint64_t pa;
	uint64_t category; /* RmiMemCategory */
	uint64_t state;    /* RmiTrackingRegionState before */
};

struct host {
	/* The chain, from the machine up. */
	struct smc_conduit machine;
	struct smc_conduit translated; /* only for an RMM of 1.0: rmi_1_0.h */
	struct host_smc_retry retry;
	struct smc_conduit retried;
	struct host_sro sro;
	struct smc_conduit top;

	struct host_memory_ops memory;
	struct host_pages *pages;
	struct host_caps caps;
	uint64_t scratch_pa; /* UNDELEGATED page for parameters and image content */
	uint64_t pages_kept; /* pages in use when no realm exists: scratch, lists, GPTs */

	uint16_t first_vmid; /* of struct host_config */

	uint64_t *gpt_regions; /* level 1 GPTs that this host created, by PA */
	size_t num_gpt_regions;
	struct tracked_region *tracked; /* regions that this host had tracked by granule */
	size_t num_tracked;

	uintptr_t used_by; /* the thread that is inside, in debug builds; 0: none */
	unsigned int use_depth;

	struct host_realm *realms;
	struct host_realm *graves; /* destroyed ones, in debug builds; see host_check_realm */
};

/* An RMM of 1.0 stands behind rmi_1_0_conduit(). */
static inline bool host_is_rmi_1_0(const struct host *host)
{
	return host->caps.version_major == 1;
}

enum realm_state {
	REALM_NONE,
	REALM_UNCERTAIN, /* its creation or destruction is suspended, or was cancelled */
	REALM_NEW,
	REALM_ACTIVE,
	REALM_ZOMBIE,
};

enum rec_state {
	REC_PAGE,      /* a page, not a REC */
	REC_UNCERTAIN, /* its creation or destruction is suspended, or was cancelled */
	REC_READY,
	REC_GONE,
};

/* 1.0: granules that the parameters of a REC can name. */
#define HOST_MAX_REC_AUX 16u

struct rec {
	enum rec_state state;
	uint64_t pa;
	uint64_t run_pa;      /* page of its RmiRecRun */
	unsigned int num_aux; /* 1.0: granules beside the REC's own */
	uint64_t aux[HOST_MAX_REC_AUX];
	bool on;                              /* PSCI: started and not off */
	struct rmm2_0b1_rmi_rec_enter answer; /* to its last exit, for the next entry */
};

struct window {
	uint64_t ipa;
	uint64_t pages;
	uint64_t pa;
	uint64_t mapped; /* pages that are in the tables */
};

struct host_realm {
	struct host *host;
	struct host_realm *next;
	bool destroyed;
	enum realm_state state;

	uint8_t ipa_width;
	int8_t level_start;
	uint32_t num_root;

	bool has_rd, has_root;
	uint64_t rd, root;
	uint16_t vmid; /* 1.0: the host chooses it */

	struct rec *recs; /* by index */
	size_t num_recs;
	struct window *windows;
	size_t num_windows;
};

/* ---- boot.c ---- */

/* All of the boot; on failure the level 1 GPTs may exist, as gpt_regions says. */
enum host_status host_boot(struct host *host, const struct host_config *config,
			   struct host_error *error);

/* ---- boot_gpt.c ---- */

/* Has level 1 GPTs for all of [base, top); gpt_regions says which of them are this host's. */
enum host_status host_create_gpts(struct host *host, uint64_t base, uint64_t top,
				  struct host_error *error);

/* Destroys those of this host, as far as the RMM allows. */
void host_destroy_gpts(struct host *host);

/* ---- boot_tracking.c ---- */

/* Where the regions are whose tracking is to change. */
enum tracking_pass {
	TRACKING_OF_POOL,   /* those with pages of the pool: before it can give any away */
	TRACKING_OF_OTHERS, /* with memory of the pool, when that is described */
};

/*
 * Has all of [base, top) tracked by granule as far as the pass goes; *left says
 * whether something is left to the next one.
 */
enum host_status host_track(struct host *host, const struct host_config *config, uint64_t base,
			    uint64_t top, enum tracking_pass pass, bool *left,
			    struct host_error *error);

/* After changes: HOST_OK, or where something is not tracked by granule all the same. */
enum host_status host_check_tracking(struct host *host, uint64_t base, uint64_t top,
				     struct host_error *error);

/* Regions are tracked as they were before, and their memory comes back. */
void host_untrack(struct host *host);

/* ---- boot.c ---- */

/* Takes back what host_boot did to memory, as far as the RMM allows. */
void host_unboot(struct host *host);

/* ---- host.c ---- */

/* A command of this host ended with x0: also says why it was given up. */
enum host_status host_fail_operation(const struct host *host, struct host_error *error,
				     const char *call, uint64_t x0, const char *what);

/* SUCCESS, and not of an operation that the host cancelled on the way. */
bool host_succeeded(const struct host *host, uint64_t x0);

/*
 * Of an x0 that is no success: whether the object may exist all the same. The
 * operation is still open, or it was cancelled and what its end says is that.
 */
bool host_is_uncertain(uint64_t x0);

/* Writes a whole page. */
enum host_status host_write_page(struct host *host, uint64_t pa, const void *page,
				 struct host_error *error);

/* As host_take_delegated and host_give_back, on this host. */
enum host_status host_take(struct host *host, uint64_t count, uint64_t align, const char *owner,
			   uint64_t *pa, struct host_error *error);
enum host_status host_give(struct host *host, uint64_t pa, uint64_t count,
			   struct host_error *error);

/* Takes UNDELEGATED pages. */
enum host_status host_take_plain(struct host *host, uint64_t count, const char *owner, uint64_t *pa,
				 struct host_error *error);

/* Makes room for one more element of an array on the heap; false when out of memory. */
bool host_grow_array(void **array, size_t count, size_t element);

/* ---- teardown ---- */

void host_realm_forget(struct host_realm *realm);

#endif
