/* SPDX-License-Identifier: BSD-3-Clause */
#include "bench_a64.h"

#include <stdio.h>
#include <stdlib.h>

#include "rmmsim/a64.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/realm.h"
#include "rmmsim/host/run.h"

#define RAM       UINT64_C(0x10000000)
#define RAM_SIZE  UINT64_C(0x10000)
#define DATA_PAGE (RAM + 0x1000)
#define CALL_PAGE (RAM + 0x2000)
#define PROGRAM_2 (RAM + sizeof(compute))

enum { REC_COMPUTES, REC_CALLS, NUM_RECS };

/* Loads, adds, and stores; X2 is where. */
static const uint32_t compute[] = {
	0xf9400041, /* ldr x1, [x2] */
	0x8b010000, /* add x0, x0, x1 */
	0xca000c21, /* eor x1, x1, x0, lsl #3 */
	0xf9000041, /* str x1, [x2] */
	0x17fffffc, /* b */
};

/* RSI_HOST_CALL with the structure at X1. */
static const uint32_t call[] = {
	0xd2803320, /* movz x0, #0x199 */
	0xf2b88000, /* movk x0, #0xc400, lsl #16 */
	0xd4000003, /* smc #0 */
	0x17fffffd, /* b */
};

struct bench_a64 {
	struct rmm_a64 *module;
	struct rmm_system *sys;
	struct rmm_conduit_ctx pe;
	struct host *host;
	struct host_realm *realm;
};

static bool build_realm(struct bench_a64 *a64, struct host_error *error)
{
	uint32_t words[sizeof(compute) / sizeof(compute[0]) + sizeof(call) / sizeof(call[0])];
	const struct host_ipa_range ram = {RAM, RAM_SIZE};
	const struct host_image image = {.ipa = RAM, .data = words, .size = sizeof(words)};
	const struct host_rec_params recs[NUM_RECS] = {
		[REC_COMPUTES] = {.pc = RAM, .gprs = {[2] = DATA_PAGE}, .runnable = true},
		[REC_CALLS] = {.pc = PROGRAM_2, .gprs = {[1] = CALL_PAGE}, .runnable = true},
	};
	struct host_realm_params params = host_realm_params_default(a64->host);
	size_t n = 0;

	for (size_t i = 0; i < sizeof(compute) / sizeof(compute[0]); i++)
		words[n++] = compute[i];
	for (size_t i = 0; i < sizeof(call) / sizeof(call[0]); i++)
		words[n++] = call[i];
	params.ram = &ram;
	params.num_ram = 1;
	params.images = &image;
	params.num_images = 1;
	params.recs = recs;
	params.num_recs = NUM_RECS;
	params.activate = true;
	return host_realm_build(a64->host, &params, &a64->realm, error) == HOST_OK;
}

static bool build(struct bench_a64 *a64, struct rmm_error *error)
{
	struct rmm_config config = rmm_config_default();
	struct host_config host;
	struct host_error why;

	if (rmm_a64_load(NULL, &a64->module, error) != 0)
		return false;
	config.guest = rmm_a64_ops(a64->module);
	config.guest_machine = rmm_a64_machine(a64->module);
	if (rmm_system_create(&config, &a64->sys, error) != 0)
		return false;
	host = host_model_config(a64->sys, 0, 0, &a64->pe);
	if (host_create(&host, &a64->host, &why) == HOST_OK && build_realm(a64, &why))
		return true;
	(void)snprintf(error->text, sizeof(error->text), "%.200s", why.text);
	return false;
}

struct bench_a64 *bench_a64_create(struct rmm_error *error)
{
	struct bench_a64 *a64 = calloc(1, sizeof(*a64));

	if (!a64) {
		(void)snprintf(error->text, sizeof(error->text), "out of memory");
		return NULL;
	}
	if (build(a64, error))
		return a64;
	bench_a64_destroy(a64);
	return NULL;
}

void bench_a64_destroy(struct bench_a64 *a64)
{
	struct host_error error;

	if (!a64)
		return;
	(void)host_realm_destroy(a64->realm, &error);
	(void)host_destroy(a64->host, &error);
	rmm_system_destroy(a64->sys);
	rmm_a64_unload(a64->module);
	free(a64);
}

static enum host_verdict stop(void *ctx, uint8_t reason)
{
	(void)ctx;
	(void)reason;
	return HOST_STOP;
}

/* The module stops at the exact instruction, and says so by an interrupt. */
bool bench_a64_compute(struct bench_a64 *a64, uint64_t instructions)
{
	const struct host_run_ops ops = {.interrupt = stop};
	struct host_run_result result;
	struct host_error error;
	struct rmm_a64_stats stats;

	rmm_a64_read_stats(a64->module, &stats);
	const uint64_t limit = stats.instructions + instructions;
	rmm_a64_limit(a64->module, limit);
	while (stats.instructions < limit) {
		if (host_rec_run(a64->realm, REC_COMPUTES, &ops, 0, &result, &error) != HOST_OK)
			return false;
		rmm_a64_read_stats(a64->module, &stats);
	}
	rmm_a64_limit(a64->module, 0);
	return true;
}

bool bench_a64_call(struct bench_a64 *a64, uint64_t calls)
{
	struct host_run_result result;
	struct host_error error;

	return host_rec_run(a64->realm, REC_CALLS, NULL, calls, &result, &error) == HOST_OK;
}
