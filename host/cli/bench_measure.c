/* SPDX-License-Identifier: BSD-3-Clause */
/* The stopwatch of `rmmsim bench`. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define WARM_UP_SHARE 0.2   /* of the time of an operation */
#define LONG_BATCH_NS 100e3 /* the clock takes some 25 ns of it */

static double now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Time of the run alone. */
static double run_batch(const struct bench_operation *operation, struct bench_machine *m,
			uint64_t ops)
{
	double begin, end;

	if (operation->prepare)
		operation->prepare(m, ops);
	begin = now_ns();
	operation->run(m, ops);
	end = now_ns();
	if (operation->restore)
		operation->restore(m, ops);
	return end - begin;
}

/* Batches for a while, by the wall clock; ns an operation. */
static double repeat(const struct bench_operation *operation, struct bench_machine *m,
		     double duration_ns, uint64_t batch, uint64_t *ops)
{
	const double deadline = now_ns() + duration_ns;
	double spent = 0.0;

	*ops = 0;
	do {
		spent += run_batch(operation, m, batch);
		*ops += batch;
	} while (now_ns() < deadline && m->failed_fid == 0);
	return spent / (double)*ops;
}

/* Batches double, so that the clock's own cost disappears. */
static uint64_t warm_up(const struct bench_operation *operation, struct bench_machine *m,
			double duration_ns)
{
	const double deadline = now_ns() + duration_ns;
	uint64_t batch = 1;

	while (now_ns() < deadline && m->failed_fid == 0) {
		if (run_batch(operation, m, batch) < LONG_BATCH_NS)
			batch = batch <= operation->max_batch / 2 ? batch * 2
								  : operation->max_batch;
	}
	return batch;
}

static int compare(const void *a, const void *b)
{
	double x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

bool bench_measure(const struct bench_operation *operation, struct bench_machine *m, double seconds,
		   struct bench_result *result)
{
	const double total_ns = seconds * 1e9;
	const double one_ns = total_ns * (1.0 - WARM_UP_SHARE) / BENCH_REPETITIONS;
	const uint64_t batch = warm_up(operation, m, total_ns * WARM_UP_SHARE);
	double samples[BENCH_REPETITIONS];
	uint64_t ops;

	result->ops = 0;
	for (size_t i = 0; i < BENCH_REPETITIONS; i++) {
		samples[i] = repeat(operation, m, one_ns, batch, &ops);
		result->ops += ops;
		if (m->failed_fid != 0)
			return false;
	}
	qsort(samples, BENCH_REPETITIONS, sizeof(samples[0]), compare);
	result->median = samples[BENCH_REPETITIONS / 2];
	result->min = samples[0];
	result->max = samples[BENCH_REPETITIONS - 1];
	return true;
}
