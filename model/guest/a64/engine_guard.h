/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engine gives up on some unallocated encodings by abort(), while it
 * translates them. That must not end the host's process.
 */
#ifndef RMM_A64_ENGINE_GUARD_H
#define RMM_A64_ENGINE_GUARD_H

#include <stdbool.h>

#include <unicorn/unicorn.h>

/*
 * uc_emu_start. False: the engine gave up between two blocks of instructions; its
 * registers can be read, and nothing else can be done with it.
 */
bool engine_start_guarded(uc_engine *uc, uint64_t begin, uint64_t end);

#endif
