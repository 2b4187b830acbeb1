/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Is a system used as rmmsim/system.h says? Builds with RMMSIM_CHECKED end the
 * process with a sentence when it is not; the others do not look.
 */
#ifndef RMM_PLATFORM_HANDLE_H
#define RMM_PLATFORM_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

struct rmm_system;

/* Who is inside: of a system, or with `threads` of a PE. */
struct handle_use {
	uintptr_t thread; /* 0: nobody */
	unsigned int depth;
};

#define HANDLE_NO_PE UINT32_MAX

#ifdef RMMSIM_CHECKED

void handle_born(const struct rmm_system *sys);

/* Takes the memory of a system that is destroyed: no other gets its address soon. */
void handle_bury(struct rmm_system *sys);

/* Around every public function that uses a system, which may be NULL: `pe` when it names one. */
void handle_enter(const struct rmm_system *sys, unsigned int pe, const char *function);
void handle_leave(const struct rmm_system *sys, unsigned int pe);

#else

#include <stdlib.h>

static inline void handle_born(const struct rmm_system *sys)
{
	(void)sys;
}

static inline void handle_bury(struct rmm_system *sys)
{
	free(sys);
}

static inline void handle_enter(const struct rmm_system *sys, unsigned int pe, const char *function)
{
	(void)sys;
	(void)pe;
	(void)function;
}

static inline void handle_leave(const struct rmm_system *sys, unsigned int pe)
{
	(void)sys;
	(void)pe;
}

#endif

/* For functions that call nobody. */
static inline void handle_check(const struct rmm_system *sys, unsigned int pe, const char *function)
{
	handle_enter(sys, pe, function);
	handle_leave(sys, pe);
}

#endif
