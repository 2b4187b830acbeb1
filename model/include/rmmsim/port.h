/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The platform port: how the functional core meets time, locks and PEs. The
 * core reports *what happened*; whoever fills in the port decides what it
 * costs and when somebody else may run. A member that is NULL is off and costs
 * one predictable branch.
 */
#ifndef RMMSIM_PORT_H
#define RMMSIM_PORT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What happened. `count` and `pa` mean what the comment says. */
enum rmm_cost {
	RMM_COST_SMC,             /* SMC into EL3, routed to R-EL2; count = 1 */
	RMM_COST_SMC_RETURN,      /* and back; count = 1 */
	RMM_COST_RMM_EL3,         /* round trip of the RMM to EL3; count = calls */
	RMM_COST_DISPATCH,        /* decode and table look-up; count = 1 */
	RMM_COST_NS_READ,         /* bytes the RMM read from NS memory at pa */
	RMM_COST_NS_WRITE,        /* bytes the RMM wrote to NS memory at pa */
	RMM_COST_TABLE_READ,      /* stage 2 descriptors read at pa (walk steps) */
	RMM_COST_TABLE_WRITE,     /* stage 2 descriptors written at pa */
	RMM_COST_GPT_READ,        /* GPT descriptors read at pa */
	RMM_COST_GPT_WRITE,       /* GPT descriptors written at pa */
	RMM_COST_GRANULE_LOCK,    /* granule locks taken; pa = granule */
	RMM_COST_GRANULE_STATE,   /* granule state changes; pa = granule */
	RMM_COST_WIPE,            /* bytes zeroed at pa */
	RMM_COST_COPY,            /* bytes copied to pa */
	RMM_COST_CACHE_CLEAN,     /* bytes cleaned and invalidated at pa */
	RMM_COST_TLBI_STAGE2,     /* stage 2 invalidations, completed */
	RMM_COST_TLBI_GPT,        /* GPT invalidations by PA, completed */
	RMM_COST_BARRIER,         /* barriers (DSB, ISB) */
	RMM_COST_HASH,            /* bytes hashed */
	RMM_COST_SIGN,            /* quarters of an ECDSA P-384 signature */
	RMM_COST_CONTEXT_SAVE,    /* registers saved */
	RMM_COST_CONTEXT_RESTORE, /* registers restored */
	RMM_COST_EXCEPTION,       /* exceptions taken to or returned from R-EL2 */
	RMM_COST_GUEST,           /* guest instructions executed */
	RMM_COST_COUNT,
};

/* Its name in profiles and reports: "smc", "ns-read" ... Never NULL. */
const char *rmm_cost_name(enum rmm_cost cost);

/*
 * All members are called on the thread (or coroutine) of the PE that executes
 * the call. `ctx` is passed as it is. `pe` counts from 0.
 */
struct rmm_port {
	void *ctx;

	/* `count` units of `cost` happened, at `pa` where that makes sense, else 0. */
	void (*charge)(void *ctx, unsigned int pe, enum rmm_cost cost, uint64_t count, uint64_t pa);

	/*
	 * Takes and releases the lock of the granule at `pa`. lock returns when
	 * the PE holds it; it may let other PEs run meanwhile. Locks nest; they
	 * are released in the opposite order.
	 */
	void (*lock)(void *ctx, unsigned int pe, uint64_t pa);
	void (*unlock)(void *ctx, unsigned int pe, uint64_t pa);

	/*
	 * The system counter (CNTPCT_EL0) of the machine in ticks of 1 ns.
	 * NULL: a deterministic counter that advances with every call and guest step.
	 */
	uint64_t (*now)(void *ctx, unsigned int pe);

	/*
	 * A guest runs on `pe` and has used its slice: the port may let other
	 * PEs run and deliver interrupts before it returns.
	 */
	void (*guest_slice)(void *ctx, unsigned int pe);
};

#ifdef __cplusplus
}
#endif

#endif
