/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ranges of addresses and what is known about each, sorted and disjoint. An
 * address belongs to a space (0 for PAs, the RD for IPAs of a realm).
 */
#ifndef RMMCONDUIT_SPAN_MAP_H
#define RMMCONDUIT_SPAN_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/host/ledger.h"

struct span {
	uint64_t space;
	uint64_t base, top;
	uint64_t target; /* PA behind `base`, for mappings */
	uint64_t realm;
	uint64_t object;
	uint64_t operation; /* that it is in the hands of; 0: none */
	enum host_held kind;
	struct host_origin taken;
	struct host_origin in_use;
};

struct span_map {
	struct span *spans;
	size_t num;
	size_t capacity;
	bool exhausted; /* out of heap memory: something is missing */
};

void span_map_free(struct span_map *map);

/* Index of the first span of the space that ends above `at`, or where it would stand. */
size_t span_index(const struct span_map *map, uint64_t space, uint64_t at);

/* The span that holds `at`, or NULL. Valid until the map changes. */
const struct span *span_at(const struct span_map *map, uint64_t space, uint64_t at);

/* The first span that meets [base, top), or NULL. */
const struct span *span_meeting(const struct span_map *map, uint64_t space, uint64_t base,
				uint64_t top);

/* Nothing is known about [base, top) any more. */
void span_cut(struct span_map *map, uint64_t space, uint64_t base, uint64_t top);

/* What `span` says replaces everything in its range. */
void span_set(struct span_map *map, const struct span *span);

#endif
