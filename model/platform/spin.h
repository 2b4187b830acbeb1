/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waiting for another thread that is about to be done, and the guards of what
 * threads share. A machine without `threads` never pays for either.
 */
#ifndef RMM_PLATFORM_SPIN_H
#define RMM_PLATFORM_SPIN_H

#include <sched.h>
#include <stdbool.h>

#define SPIN_TRIES 64u

/* Call it between two tries; *tries begins at 0. */
static inline void spin_pause(unsigned int *tries)
{
	/* Whoever is waited for may need this CPU. */
	if (++*tries % SPIN_TRIES == 0) {
		(void)sched_yield();
		return;
	}
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/*
 * For moments: nothing is waited for between the two, and they do not nest.
 * NULL: one thread only, and nothing to do.
 */
static inline void guard_enter(bool *taken)
{
	unsigned int tries = 0;

	while (taken && __atomic_exchange_n(taken, true, __ATOMIC_ACQUIRE))
		spin_pause(&tries);
}

static inline void guard_leave(bool *taken)
{
	if (taken)
		__atomic_store_n(taken, false, __ATOMIC_RELEASE);
}

#endif
