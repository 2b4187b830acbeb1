/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine whose realm executes A64 code, for `rmmsim bench`. */
#ifndef RMMSIM_BENCH_A64_H
#define RMMSIM_BENCH_A64_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/error.h"

struct bench_a64;

/* NULL and a sentence: there is no module for such guests, say. */
struct bench_a64 *bench_a64_create(struct rmm_error *error);

/* NULL is accepted. */
void bench_a64_destroy(struct bench_a64 *a64);

/* Executes so many instructions, all between exits. False: a call failed. */
bool bench_a64_compute(struct bench_a64 *a64, uint64_t instructions);

/* Makes so many host calls, each answered by the next entry. */
bool bench_a64_call(struct bench_a64 *a64, uint64_t calls);

#endif
