/* SPDX-License-Identifier: BSD-3-Clause */
/* Mapping a run of pages in one half of the IPA space or the other. */
#ifndef RMMHOST_MAPPING_H
#define RMMHOST_MAPPING_H

#include "host_state.h"

/* Adjacent memory for adjacent IPAs, mapped in entries of one size. */
struct map_run {
	uint64_t ipa;
	uint64_t pa;
	uint64_t pages;
	uint64_t size; /* RmiAddrBlockSize */
};

/* A map command of either half for [base, top); *out_top is valid on RMI_SUCCESS. */
typedef uint64_t map_fn(struct host_realm *realm, uint64_t base, uint64_t top, uint64_t desc,
			uint64_t *out_top);

struct map_command {
	const char *name;
	map_fn *call;
	uint64_t state; /* RmiOpMemState of the memory */
};

/*
 * Maps a run, growing the tree as needed. *done is the number of its first pages
 * that are mapped, on failure too.
 */
enum host_status map_run(struct host_realm *realm, const struct map_command *map,
			 struct map_run run, uint64_t *done, struct host_error *error);

#endif
