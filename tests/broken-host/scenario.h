/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Host code with seeded bugs. Every scenario is a piece of host code in two
 * versions: one with a mistake that has been made, or nearly made, in real hosts,
 * and the same with the mistake corrected. A detector must name the first and
 * say nothing about the second.
 */
#ifndef TESTS_BROKEN_HOST_SCENARIO_H
#define TESTS_BROKEN_HOST_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rmmsim/host/finding.h"
#include "rmmsim/host/memory.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PAGE HOST_PAGE_SIZE
#define RAM  UINT64_C(0x10000000) /* IPA */

/* What host code has at hand. Pages are handed out once and never again. */
struct world {
	struct smc_conduit *smc;
	struct host_memory_ops memory;
	uint64_t next_page;
	bool broken; /* make the mistake */
};

struct scenario {
	const char *name;
	const char *mistake;             /* in words */
	const char *inject;              /* what the RMM does meanwhile; NULL: nothing special */
	const char *guest;               /* what the realm does: see world.c; NULL: nothing */
	enum host_finding_kind expected; /* of the broken version */
	void (*run)(struct world *w);
};

/* In three files; each ends with an entry without a name. */
extern const struct scenario page_scenarios[];
extern const struct scenario operation_scenarios[];
extern const struct scenario realm_scenarios[];

/* ---- world.c: correct host code that the scenarios stand on ------------------------------ */

uint64_t take_page(struct world *w);
uint64_t status_of(uint64_t x0);
bool succeeded(uint64_t x0);

/* Loops to the end. delegate() returns the first address that was not reached. */
uint64_t delegate(struct world *w, uint64_t base, uint64_t top);
void undelegate(struct world *w, uint64_t base, uint64_t top);
uint64_t take_delegated(struct world *w);
void give_back(struct world *w, uint64_t pa);

void write_page(struct world *w, uint64_t pa, const void *page);

/* The smallest realm that works: NEW, 39-bit IPAs, one root table. */
struct small_realm {
	uint64_t rd, root, params;
	uint64_t tables[4]; /* [level], of RAM */
	uint64_t rec, run;
};
bool create_realm(struct world *w, struct small_realm *r);
bool create_tables(struct world *w, struct small_realm *r); /* down to level 3 */
bool create_rec(struct world *w, struct small_realm *r);
bool map_page(struct world *w, struct small_realm *r, uint64_t ipa);

/* Finishes an operation whose first answer is in x0, handle and request. */
uint64_t finish_operation(struct world *w, uint64_t x0, uint64_t handle, uint64_t request);

void unmap_page(struct world *w, struct small_realm *r, uint64_t ipa);
void destroy_rec(struct world *w, struct small_realm *r);
void destroy_tables(struct world *w, struct small_realm *r);
void destroy_realm(struct world *w, struct small_realm *r); /* terminates; pages go back */

#ifdef __cplusplus
}
#endif

#endif
