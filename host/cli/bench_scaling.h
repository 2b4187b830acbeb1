/* SPDX-License-Identifier: BSD-3-Clause */
/* How much faster several threads are than one, each driving a PE of one machine. */
#ifndef RMMSIM_BENCH_SCALING_H
#define RMMSIM_BENCH_SCALING_H

#include <stddef.h>

#include "rmmsim/error.h"

/* What every thread does, with memory of its own. */
struct bench_load {
	const char *name;
	const char *what;
};

#define BENCH_NUM_LOADS  2
#define BENCH_NUM_STEPS  5
#define BENCH_ONE_THREAD 1 /* the step of one thread, with locks */

extern const struct bench_load bench_loads[BENCH_NUM_LOADS];

/* Numbers of threads; 0 is one thread on a machine that has no locks. */
extern const unsigned int bench_steps[BENCH_NUM_STEPS];

/*
 * Performs a load on that many threads for about `seconds`. Returns 0 and the
 * operations a second of all threads together, or -1 with a sentence.
 */
int bench_scale(size_t load, unsigned int threads, double seconds, double *rate,
		struct rmm_error *error);

#endif
