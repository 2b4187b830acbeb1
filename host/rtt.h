/* SPDX-License-Identifier: BSD-3-Clause */
/* Translation tables of a realm: geometry, and growing the tree where a command stopped. */
#ifndef RMMHOST_RTT_H
#define RMMHOST_RTT_H

#include <stdbool.h>
#include <stdint.h>

#include "host_state.h"

#define RTT_PAGE_LEVEL 3

/* Bytes that one entry of a table at `level` (-1..3) covers. */
uint64_t rtt_entry_span(int level);

/* First address behind the entry of `level` that holds ipa. */
uint64_t rtt_entry_end(uint64_t ipa, int level);

/* How deep the walks of one request have come: each must get deeper. */
struct rtt_growth {
	int deepest;
};
#define RTT_GROWTH_NONE ((struct rtt_growth){.deepest = -2})

/* Whether a table below the entry where the walk ended may help. */
bool rtt_may_grow(const struct rtt_growth *growth, uint64_t x0);

/*
 * Creates the table below the entry where the walk of x0 ended, one level at a
 * time so that blocks stay possible above. Call only after rtt_may_grow().
 */
enum host_status rtt_grow(struct host_realm *realm, uint64_t ipa, uint64_t x0,
			  struct rtt_growth *growth, struct host_error *error);

/*
 * Folds the tables of `level` that lie in [ipa, top) with all that they map and
 * whose entries are alike. *folded counts them, on failure too.
 */
enum host_status rtt_fold_level(struct host_realm *realm, uint64_t ipa, uint64_t top, int level,
				uint64_t *folded, struct host_error *error);

/* Destroys every table below the root tables and gives the pages back. */
enum host_status rtt_destroy_all(struct host_realm *realm, struct host_error *error);

#endif
