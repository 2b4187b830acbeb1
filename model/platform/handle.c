/* SPDX-License-Identifier: BSD-3-Clause */
#include "platform/handle.h"

#ifdef RMMSIM_CHECKED

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "rmm/rmm.h"

#define MAX_SYSTEMS 1024u
#define NUM_GRAVES  32u

/*
 * A handle that is no more must not be looked into, so that what is known of
 * handles belongs to the process.
 */
static struct {
	pthread_mutex_t lock;
	const struct rmm_system *living[MAX_SYSTEMS];
	unsigned int num_unknown; /* more than the table holds: nothing is known of any */
	struct rmm_system *graves[NUM_GRAVES];
	unsigned int next_grave;
} registry = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void complain(const char *function, const char *what)
{
	(void)fprintf(stderr, "rmmsim: %s: %s\n", function, what);
	abort();
}

/* The place of a system, or of NULL: a free one; MAX_SYSTEMS: there is none. */
static unsigned int place_of(const struct rmm_system *sys)
{
	unsigned int i = 0;

	while (i < MAX_SYSTEMS && registry.living[i] != sys)
		i++;
	return i;
}

void handle_born(const struct rmm_system *sys)
{
	pthread_mutex_lock(&registry.lock);
	const unsigned int place = place_of(NULL);
	if (place < MAX_SYSTEMS)
		registry.living[place] = sys;
	else
		registry.num_unknown++;
	pthread_mutex_unlock(&registry.lock);
}

static bool is_living(const struct rmm_system *sys)
{
	pthread_mutex_lock(&registry.lock);
	const bool living = registry.num_unknown || place_of(sys) < MAX_SYSTEMS;
	pthread_mutex_unlock(&registry.lock);
	return living;
}

void handle_bury(struct rmm_system *sys)
{
	pthread_mutex_lock(&registry.lock);
	const unsigned int place = place_of(sys);
	if (place < MAX_SYSTEMS)
		registry.living[place] = NULL;
	free(registry.graves[registry.next_grave]);
	registry.graves[registry.next_grave] = sys;
	registry.next_grave = (registry.next_grave + 1) % NUM_GRAVES;
	pthread_mutex_unlock(&registry.lock);
}

/* ---- who is inside -------------------------------------------------------------- */

/* NULL: the function may be called whoever is inside. */
static struct handle_use *use_of(const struct rmm_system *sys, unsigned int pe)
{
	struct rmm_system *const used = (struct rmm_system *)(uintptr_t)sys;

	if (!sys->config.threads)
		return &used->use;
	return pe < sys->config.num_pes ? &used->pes[pe].use : NULL;
}

/* The address of something that every thread has of its own. */
static uintptr_t this_thread(void)
{
	static _Thread_local char own;

	return (uintptr_t)&own;
}

void handle_enter(const struct rmm_system *sys, unsigned int pe, const char *function)
{
	const uintptr_t me = this_thread();
	uintptr_t inside = 0;

	if (!sys)
		return;
	if (!is_living(sys))
		complain(function, "the system has been destroyed, or is none");
	struct handle_use *const use = use_of(sys, pe);
	if (!use)
		return;
	if (!__atomic_compare_exchange_n(&use->thread, &inside, me, false, __ATOMIC_RELAXED,
					 __ATOMIC_RELAXED) &&
	    inside != me)
		complain(function,
			 sys->config.threads
				 ? "two threads use one PE at a time; each PE is used by one"
				 : "two threads use one system at a time: set `threads` in its "
				   "configuration (rmmsim/system.h)");
	use->depth++;
}

void handle_leave(const struct rmm_system *sys, unsigned int pe)
{
	struct handle_use *const use = sys ? use_of(sys, pe) : NULL;

	if (use && --use->depth == 0)
		__atomic_store_n(&use->thread, 0, __ATOMIC_RELAXED);
}

#else

/* ISO C wants something in every file. */
typedef int handle_is_not_checked;

#endif
