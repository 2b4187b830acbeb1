/* SPDX-License-Identifier: BSD-3-Clause */
#include "bench_scaling.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "rmmsim/abi/encoding.h"
#include "rmmsim/memory.h"
#include "rmmsim/system.h"

#define MAX_THREADS 8u
#define BATCH       64u /* operations between two looks at the clock's flag */
#define BLOCK_SIZE  (UINT64_C(2) * 1024 * 1024)

const unsigned int bench_steps[BENCH_NUM_STEPS] = {0, 1, 2, 4, MAX_THREADS};

/* One thread with its PE and 2 MiB of host memory. */
struct worker {
	struct rmm_system *sys;
	unsigned int pe;
	uint64_t base;
	size_t load;
	const bool *stop;
	pthread_t thread;
	uint64_t ops;
	uint64_t failed; /* X0 of the first call that did not succeed; 0: none */
};

static void call(struct worker *w, uint32_t fid, uint64_t x1, uint64_t x2)
{
	struct smc_regs regs = {{fid, x1, x2}};

	rmm_smc(w->sys, w->pe, &regs);
	if (regs.x[0] && !w->failed)
		w->failed = regs.x[0];
}

/* ---- loads ------------------------------------------------------------------------ */

/* One granule stays behind, so that the GPT's block around it is not fused and shattered. */
static void prepare_granules(struct worker *w)
{
	const uint64_t last = w->base + BLOCK_SIZE - RMM_GRANULE_SIZE;

	call(w, FID_RMI_GRANULE_RANGE_DELEGATE, last, last + RMM_GRANULE_SIZE);
}

static void move_granules(struct worker *w)
{
	for (unsigned int i = 0; i < BATCH; i++) {
		const uint64_t pa = w->base + (uint64_t)i * RMM_GRANULE_SIZE;

		call(w, FID_RMI_GRANULE_RANGE_DELEGATE, pa, pa + RMM_GRANULE_SIZE);
		call(w, FID_RMI_GRANULE_RANGE_UNDELEGATE, pa, pa + RMM_GRANULE_SIZE);
	}
}

static void prepare_realms(struct worker *w)
{
	const struct rmm_config *config = rmm_system_config(w->sys);
	uint8_t image[RMI_REALM_PARAMS_SIZE] = {0};
	const struct rmi_realm_params params = {
		.s2sz = 39,
		.num_bps = config->features.num_bps,
		.num_wps = config->features.num_wps,
		.rtt_base = w->base + RMM_GRANULE_SIZE,
		.rtt_level_start = 1,
		.rtt_num_start = 1,
	};

	rmi_realm_params_encode(config->version, &params, image);
	(void)rmm_host_write(w->sys, w->base + UINT64_C(2) * RMM_GRANULE_SIZE, image, sizeof(image),
			     NULL);
	call(w, FID_RMI_GRANULE_RANGE_DELEGATE, w->base, w->base + UINT64_C(2) * RMM_GRANULE_SIZE);
}

static void live_realms(struct worker *w)
{
	for (unsigned int i = 0; i < BATCH; i++) {
		call(w, FID_RMI_REALM_CREATE, w->base, w->base + UINT64_C(2) * RMM_GRANULE_SIZE);
		call(w, FID_RMI_REALM_TERMINATE, w->base, 0);
		call(w, FID_RMI_REALM_DESTROY, w->base, 0);
	}
}

const struct bench_load bench_loads[BENCH_NUM_LOADS] = {
	{"granules", "one granule delegated and undelegated"},
	{"realms", "a realm created, terminated and destroyed"},
};

static const struct {
	void (*prepare)(struct worker *w);
	void (*run)(struct worker *w);
} actions[BENCH_NUM_LOADS] = {
	{prepare_granules, move_granules},
	{prepare_realms, live_realms},
};

/* ---- the run ------------------------------------------------------------------------- */

static void *work(void *opaque)
{
	struct worker *w = opaque;

	while (!__atomic_load_n(w->stop, __ATOMIC_RELAXED) && !w->failed) {
		actions[w->load].run(w);
		w->ops += BATCH;
	}
	return NULL;
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void sleep_for(double seconds)
{
	const struct timespec t = {
		.tv_sec = (time_t)seconds,
		.tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9),
	};

	(void)nanosleep(&t, NULL);
}

/* Operations a second, of all together; how many threads could be started. */
static unsigned int run_all(struct worker *workers, unsigned int count, bool *stop, double seconds,
			    double *rate)
{
	const double begin = now();
	unsigned int started = 0;
	uint64_t ops = 0;

	while (started < count &&
	       pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
		started++;
	sleep_for(seconds);
	__atomic_store_n(stop, true, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < started; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		ops += workers[i].ops;
	}
	*rate = (double)ops / (now() - begin);
	return started;
}

static int complain(struct rmm_error *error, const struct worker *workers, unsigned int count,
		    unsigned int started)
{
	for (unsigned int i = 0; i < count; i++) {
		if (!workers[i].failed)
			continue;
		(void)snprintf(error->text, sizeof(error->text), "a call answered 0x%" PRIx64,
			       workers[i].failed);
		return -1;
	}
	if (started == count)
		return 0;
	(void)snprintf(error->text, sizeof(error->text), "%u of %u threads could not be started",
		       count - started, count);
	return -1;
}

int bench_scale(size_t load, unsigned int threads, double seconds, double *rate,
		struct rmm_error *error)
{
	const unsigned int count = threads ? threads : 1;
	struct rmm_config config = rmm_config_default();
	struct worker workers[MAX_THREADS] = {0};
	struct rmm_system *sys;
	bool stop = false;

	config.active_at_boot = true;
	config.num_pes = MAX_THREADS;
	config.threads = threads != 0;
	if (rmm_system_create(&config, &sys, error) != 0)
		return -1;
	for (unsigned int i = 0; i < count; i++) {
		workers[i] = (struct worker){
			.sys = sys,
			.pe = i,
			.base = config.banks[0].base + i * BLOCK_SIZE,
			.load = load,
			.stop = &stop,
		};
		actions[load].prepare(&workers[i]);
	}
	const unsigned int started = run_all(workers, count, &stop, seconds, rate);
	rmm_system_destroy(sys);
	return complain(error, workers, count, started);
}
