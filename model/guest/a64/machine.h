/* SPDX-License-Identifier: BSD-3-Clause */
/* All A64 guests of one rmm_system. */
#ifndef RMM_A64_MACHINE_H
#define RMM_A64_MACHINE_H

#include "guest.h"
#include "module.h"

struct a64_machine {
	/*
	 * Guests come and go with both locks held, so that either is enough to
	 * look at the list. `roster` is taken before a guest's own lock, `lock`
	 * after it.
	 */
	pthread_mutex_t roster;
	struct a64_guest *guests;
	pthread_mutex_t lock;      /* also of everything below */
	uint64_t max_instructions; /* 0: no bound */
	struct rmm_a64_stats stats;
};

/*
 * The guest executed maintenance that reaches the whole realm: of translations
 * (stage 1), or of instruction caches. At once for the guest itself, before
 * their next instruction for its siblings.
 */
void machine_forget(struct a64_guest *guest, bool translations);

/* Carries out what siblings asked for. */
void machine_catch_up(struct a64_guest *guest);

/* Instructions that the guest may still execute in this machine, at most `slice`. */
uint64_t machine_allowance(struct a64_machine *machine, uint64_t slice);

/* Adds what one run has used. */
void machine_account(struct a64_machine *machine, uint64_t instructions, uint64_t nanoseconds);

/* The members of struct rmm_a64_module. */
int machine_create(void **out, struct rmm_error *error);
void machine_destroy(void *opaque);
void machine_limit(void *opaque, uint64_t instructions);
void machine_read_stats(void *opaque, struct rmm_a64_stats *stats);

/* Of struct rmm_guest_ops. */
void *machine_attach(void *opaque, uint64_t rd, uint64_t rec, uint64_t mpidr);
void machine_detach(void *opaque, void *guest);
void machine_revoke(void *opaque, const void *bytes, uint64_t size);

#endif
