/* SPDX-License-Identifier: BSD-3-Clause */
/* Realm translation tables: walks, scans, folding (2.0-bet0 A5.6, B3.8). */
#ifndef RMM_RMM_RTT_H
#define RMM_RMM_RTT_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/call.h"
#include "rmm/rtte.h"

/* Where a walk ended. */
struct rtt_walk {
	int level;
	uint64_t rtt;    /* PA of the table reached */
	uint64_t *table; /* its entries */
	unsigned int index;
	uint64_t desc;
	enum rtte_state state;
};

/*
 * RttWalk in the primary tree: from the starting level down to `level` or the
 * first entry that is not a table. Needs ipa < 2^ipa_width and a valid level.
 * The table reached stays locked.
 */
void rtt_walk(struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa, int level,
	      struct rtt_walk *walk);

/* RttConfigIsValid: do IPA width, starting level and number of tables agree? */
bool rtt_config_is_valid(uint64_t ipa_width, int64_t level_start, uint64_t num_start, bool lpa2,
			 unsigned int pa_bits);

/* RttLevelIsValid and not RttLevelIsStarting. */
bool rtt_level_is_inner(const struct rmm_realm *realm, int64_t level);
bool rtt_level_is_valid(const struct rmm_realm *realm, int64_t level);

/* RttSkipNonLiveEntries from the entry of ipa on. */
uint64_t rtt_skip_non_live(const struct rtt_walk *walk, uint64_t ipa);

/* RttIsLive: DATA or TABLE entries. */
bool rtt_is_live(const struct rmm_call *call, uint64_t rtt);

enum fold_result {
	FOLD_OK,
	FOLD_MIXED,    /* not homogeneous */
	FOLD_TOO_HIGH, /* homogeneous, but the parent level has no blocks */
};

/*
 * RttIsHomogeneous and RttFold of the table at `rtt`, level `level`: the entry
 * that the parent takes.
 */
enum fold_result rtt_fold(const struct rmm_call *call, uint64_t rtt, int level, bool lpa2,
			  uint64_t *parent);

/* The next entry's IPA. */
static inline uint64_t rtt_next(uint64_t ipa, int level)
{
	return (ipa & ~(rtt_span(level) - 1)) + rtt_span(level);
}

/* Writes an entry, with its cost. */
void rtt_write(struct rmm_call *call, const struct rtt_walk *walk, unsigned int index,
	       uint64_t desc);

/* Invalidates the translations of [ipa, ipa + size) of the realm and waits. */
void rtt_invalidate(struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
		    uint64_t size);

#endif
