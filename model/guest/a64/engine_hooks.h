/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RMM_A64_ENGINE_HOOKS_H
#define RMM_A64_ENGINE_HOOKS_H

#include "guest.h"

/* Everything that can stop the engine. */
bool engine_add_hooks(struct a64_guest *guest, uc_engine *uc);

#endif
