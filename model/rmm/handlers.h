/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the command handlers share beyond struct rmm_call. The handlers'
 * prototypes are generated (rmmsim/abi/dispatch.h).
 */
#ifndef RMM_RMM_HANDLERS_H
#define RMM_RMM_HANDLERS_H

#include "rmmsim/abi/dispatch.h"
#include "rmmsim/abi/encoding.h"

#include <stdint.h>

/* RecIndex of an MPIDR in the form of RmiRecMpidr. */
uint64_t rec_index_of(uint64_t mpidr);

#endif
