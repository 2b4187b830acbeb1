/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's memory behind its back: secrets to put in, wipes to leave out. */
#ifndef RMM_TESTS_ORACLE_SABOTAGE_H
#define RMM_TESTS_ORACLE_SABOTAGE_H

#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fills what the RMM itself does not need of its granule at pa with `secret`. */
void sabotage_taint(struct rmm_system *sys, uint64_t pa, uint64_t secret);

/* Whether wipes of [base, top) do anything, until somebody writes there. */
void sabotage_wipes(struct rmm_system *sys, uint64_t base, uint64_t top, bool effective);

/* Where the GPT is. */
void sabotage_root(const struct rmm_system *sys, uint64_t *base, uint64_t *size);

#ifdef __cplusplus
}
#endif

#endif
