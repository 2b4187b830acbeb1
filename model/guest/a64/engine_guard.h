/* SPDX-License-Identifier: BSD-3-Clause */
/* The engine calls abort() where it finds itself at a loss; the process survives that. */
#ifndef RMM_A64_ENGINE_GUARD_H
#define RMM_A64_ENGINE_GUARD_H

#include <stdbool.h>

/*
 * action(ctx). False: it was cut off by abort(). The engine that it used must
 * not run again then; registers can still be read. Calls nest: the innermost
 * ends. Locks that the action takes stay taken.
 */
bool engine_guarded(void (*action)(void *ctx), void *ctx);

#endif
