/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables in simulated memory, as a debugger would read them. */
#ifndef TESTS_UNIT_PLATFORM_RAW_GPT_H
#define TESTS_UNIT_PLATFORM_RAW_GPT_H

#include <stdint.h>

#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The level 0 descriptor of the region that holds pa. */
uint64_t raw_gpt_l0(const struct rmm_system *sys, uint64_t pa);

/* The level 1 descriptor of pa, whose region must have a table. */
uint64_t raw_gpt_l1(const struct rmm_system *sys, uint64_t pa);

/* Replaces it. */
void raw_gpt_set_l1(struct rmm_system *sys, uint64_t pa, uint64_t desc);

#ifdef __cplusplus
}
#endif

#endif
