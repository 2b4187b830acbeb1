/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Debug builds (without NDEBUG) keep what was destroyed for a while, so that a
 * handle to it is known when somebody uses it again; the others free it. What is
 * known belongs to the process: a handle that is no more must not be looked into.
 */
#ifndef RMMHOST_GRAVE_H
#define RMMHOST_GRAVE_H

#include <stdbool.h>

#ifdef NDEBUG

#include <stdlib.h>

static inline void grave_bury(void *body)
{
	free(body);
}

static inline bool grave_holds(const void *body)
{
	(void)body;
	return false;
}

#else

/* Instead of free(). NULL is accepted. */
void grave_bury(void *body);

bool grave_holds(const void *body);

#endif

#endif
