/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A guest of A64 code: one REC on the engine.
 *
 * The engine executes instructions and nothing else: its own MMU stays off, and
 * its address space is the guest's *virtual* one. Stage 1 is walked here, so
 * that every fault has its architected syndrome. Pages enter a view when they
 * are first used and leave it with TLB maintenance by the guest (stage 1) or by
 * the RMM (stage 2).
 *
 * Every instruction passes a hook, which keeps the PC and the count exact. An
 * instruction that the engine must not execute by itself stops it there and is
 * carried out here.
 */
#ifndef RMM_A64_GUEST_H
#define RMM_A64_GUEST_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <unicorn/unicorn.h>

#include "rmmsim/guest.h"
#include "table.h"

enum a64_stop {
	A64_STOP_NONE,
	A64_STOP_SLICE,      /* the slice is used up */
	A64_STOP_TRAP,       /* an instruction that is carried out here: `word` */
	A64_STOP_FAULT,      /* no page, or not with this right: `fault` */
	A64_STOP_EXCEPTION,  /* the engine's exception `exception` */
	A64_STOP_MISALIGNED, /* of the PC */
};

struct a64_fault {
	uint64_t va;
	uint32_t size;  /* bytes */
	uint32_t right; /* the one that was missing */
};

/*
 * What one exception level sees. Each has an engine of its own, since the
 * level of an engine cannot be changed from outside.
 */
struct a64_view {
	uc_engine *uc;          /* NULL: not needed so far */
	struct a64_table pages; /* by VA */
};

struct a64_machine;

struct a64_guest {
	struct a64_machine *machine;
	struct a64_guest *next;
	uint64_t rd;

	/* Held while the engine runs and while its pages change. */
	pthread_mutex_t lock;

	struct a64_table pages;   /* handed out by the RMM, by IPA */
	struct a64_view views[2]; /* of EL0 and EL1 */
	struct a64_view *view;    /* the one that runs */

	/* Asked for by another vCPU of the realm; guarded by the machine's lock. */
	bool forget_views;
	bool forget_code;

	/* State that is not in struct rmm_vcpu. */
	uint64_t sp[2]; /* SP_EL0, SP_EL1 */
	uint64_t ttbr[2];
	uint64_t tcr;
	uint64_t par;
	bool sysregs_changed;   /* the guest wrote registers that the vCPU shares */
	struct rmm_vcpu shared; /* as last exchanged with the engine */

	/* A virtual interrupt is pending and masked: unmasking it ends the slice. */
	bool interrupt;

	/*
	 * The engine gave up on a block: so many instructions from here are
	 * executed one by one, until the one that it cannot translate is met.
	 */
	unsigned int careful;
	unsigned int failures; /* engines that gave up */

	/* FP and SIMD are trapped before the engine sees them: at EL0, by CPACR_EL1. */
	bool trap_fp;

	/* The stop that ended the last run of the engine. */
	enum a64_stop stop;
	uint32_t word;
	uint32_t exception;
	struct a64_fault fault;

	uint64_t left;      /* instructions of this slice */
	uint64_t code_page; /* VA of `code`; 1: none */
	const uint8_t *code;
};

static inline unsigned int a64_el(const struct rmm_vcpu *vcpu)
{
	return vcpu->pstate >> 2 & 3;
}

#endif
