/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Physical memory as the host sees it: every access names its PAS and passes
 * a granule protection check. A forbidden access is a value, never a crash.
 */
#ifndef RMMSIM_MEMORY_H
#define RMMSIM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

enum rmm_fault_kind {
	RMM_FAULT_NONE,
	RMM_FAULT_GPT_ADDRESS_SIZE,
	RMM_FAULT_GPT_WALK,
	RMM_FAULT_GPF,      /* granule protection fault: the GPI does not allow the PAS */
	RMM_FAULT_EXTERNAL, /* no memory answers at this address */
};

/* Arm ARM, RME: faults of the granule protection check. */
struct rmm_fault {
	enum rmm_fault_kind kind;
	uint64_t pa;   /* first byte that was refused */
	uint8_t level; /* of the GPT entry that decided: 0 or 1 */
	uint64_t esr;  /* ESR_EL2 of a data access at the same EL: EC 0x25, DFSC, WnR */
};

/*
 * The host reads or writes through the Non-secure PAS. The range may cross
 * granules; nothing is transferred when any part is refused. Returns true on
 * success; otherwise *fault (may be NULL) says why.
 *
 * With `threads` in the configuration (system.h) each granule is transferred as
 * a whole: nobody else reads or writes it meanwhile, and it does not change
 * hands. A granule that is taken away after the first check ends the transfer
 * there: what was transferred before stays so.
 */
bool rmm_host_read(struct rmm_system *sys, uint64_t pa, void *buf, size_t len,
		   struct rmm_fault *fault);
bool rmm_host_write(struct rmm_system *sys, uint64_t pa, const void *buf, size_t len,
		    struct rmm_fault *fault);

/*
 * Any PAS, for tests and devices. The caller plays the role of a requester
 * that may issue this PAS.
 */
bool rmm_memory_read(struct rmm_system *sys, enum rmm_pas pas, uint64_t pa, void *buf, size_t len,
		     struct rmm_fault *fault);
bool rmm_memory_write(struct rmm_system *sys, enum rmm_pas pas, uint64_t pa, const void *buf,
		      size_t len, struct rmm_fault *fault);

/*
 * EL3 assigns [base, base + size) to a PAS, as platform firmware does before
 * the host runs (a Secure carve-out, say). Only memory that is UNDELEGATED can
 * be moved. Needs the system at rest. Returns 0, or -1 with a sentence.
 */
int rmm_platform_assign(struct rmm_system *sys, uint64_t base, uint64_t size, enum rmm_gpi gpi,
			struct rmm_error *error);

/* Reads a realm's memory as the realm would, for tests: no side effects. */
bool rmm_realm_peek(struct rmm_system *sys, uint64_t rd, uint64_t ipa, void *buf, size_t len);

#ifdef __cplusplus
}
#endif

#endif
