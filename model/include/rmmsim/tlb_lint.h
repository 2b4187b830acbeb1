/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A lint over stage 2 translations. Each PE gets a TLB, whose entries carry
 * VMIDs, that remembers what the accesses of realms walked to. The model never
 * translates with it: it only reports where hardware that keeps translations
 * could go wrong, because the RMM changed a descriptor and did not invalidate
 * what had been read from it (Arm ARM D8.16, D8.17; DEN0137 2.0-bet0 A5.6).
 *
 * A TLB is finite, here as in hardware: an entry that had to make room is not
 * watched any more. Accesses that guests make without the RMM noticing (pages
 * mapped into an A64 engine) count when the REC is entered again.
 */
#ifndef RMMSIM_TLB_LINT_H
#define RMMSIM_TLB_LINT_H

#include <stddef.h>
#include <stdint.h>

#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

enum rmm_tlb_rule {
	/* A translation was used after the call that changed a descriptor of it was over. */
	RMM_TLB_STALE_USE,
	/* A valid descriptor took the place of another one that could still be cached. */
	RMM_TLB_NO_BREAK_BEFORE_MAKE,
	/* A granule left the realm while a cached translation reached it, as output or as table. */
	RMM_TLB_GRANULE_FREED,
	/* A VMID was given back while translations of it were cached. */
	RMM_TLB_VMID_FREED,
	RMM_TLB_RULE_COUNT,
};

/* "stale-use" ... Never NULL. */
const char *rmm_tlb_rule_name(enum rmm_tlb_rule rule);

struct rmm_tlb_finding {
	enum rmm_tlb_rule rule;
	unsigned int pe; /* whose TLB */
	uint16_t vmid;
	uint64_t ipa;   /* of the access; without one the first IPA of the translation */
	uint64_t size;  /* bytes of IPA space that the cached translation covers */
	int level;      /* RTT level of the descriptor, -1..3 */
	uint64_t entry; /* PA of the descriptor */
	uint64_t old_desc;
	uint64_t new_desc; /* old_desc when the descriptor did not change */
	/* Who changed it; where nothing did, who broke the rule. */
	enum rmm_version version;
	enum rmm_command command;
	unsigned int command_pe;
	uint64_t call; /* number of that call on command_pe, from 1 */
};

/* One line without a newline, cut to `size` bytes. */
void rmm_tlb_finding_text(const struct rmm_tlb_finding *finding, char *text, size_t size);

/*
 * Switches the lint on. `report` is called for each finding on the thread that
 * found it, one at a time, and must not call into the system; NULL: findings
 * are only counted. Returns 0; -1 when there is no memory, it is on already, or
 * the system has `threads`: its walks take no locks.
 * To be called while no call is under way, as must be rmm_tlb_lint_end.
 */
int rmm_tlb_lint_begin(struct rmm_system *sys,
		       void (*report)(void *ctx, const struct rmm_tlb_finding *finding), void *ctx);

/* Switches it off; rmm_system_destroy does so, too. */
void rmm_tlb_lint_end(struct rmm_system *sys);

/* What it saw so far; zeros when it is off. */
struct rmm_tlb_lint_counts {
	uint64_t findings;
	uint64_t accesses;      /* of realms */
	uint64_t hits;          /* ... that a cached translation could serve */
	uint64_t invalidations; /* that removed at least one translation */
};
struct rmm_tlb_lint_counts rmm_tlb_lint_tally(const struct rmm_system *sys);

#ifdef __cplusplus
}
#endif

#endif
