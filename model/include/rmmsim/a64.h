/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Guests that are real AArch64 code, executed by the Unicorn engine. Unicorn is
 * under the GNU GPL, version 2; so is a process that has loaded the module
 * rmmsim-a64.so. Nothing else in this project refers to it: the module is
 * loaded when asked for.
 *
 *	struct rmm_a64 *a64;
 *
 *	if (rmm_a64_load(NULL, &a64, &error) != 0) ...
 *	config.guest = rmm_a64_ops(a64);
 *	config.guest_machine = rmm_a64_machine(a64);
 */
#ifndef RMMSIM_A64_H
#define RMMSIM_A64_H

#include <stdint.h>

#include "rmmsim/error.h"
#include "rmmsim/guest.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The guests of one system. */
struct rmm_a64;

struct rmm_a64_stats {
	uint64_t instructions; /* executed by all vCPUs */
	uint64_t nanoseconds;  /* wall-clock time that this took, entering and leaving included */
	uint64_t runs;         /* calls of run */
};

/*
 * Loads the module. `path` NULL: from the file named by RMMSIM_A64_MODULE in the
 * environment, else beside the program, else where it was installed. Returns 0,
 * or -1 with a sentence.
 */
int rmm_a64_load(const char *path, struct rmm_a64 **out, struct rmm_error *error);

/* After the system that uses it. NULL is accepted. */
void rmm_a64_unload(struct rmm_a64 *a64);

/* For struct rmm_config; valid until rmm_a64_unload. */
const struct rmm_guest_ops *rmm_a64_ops(const struct rmm_a64 *a64);
void *rmm_a64_machine(const struct rmm_a64 *a64);

/*
 * After so many instructions, all vCPUs together, guests execute nothing any
 * more and give every entry back to the host as an interrupt. 0: no bound.
 */
void rmm_a64_limit(struct rmm_a64 *a64, uint64_t instructions);

void rmm_a64_read_stats(const struct rmm_a64 *a64, struct rmm_a64_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
