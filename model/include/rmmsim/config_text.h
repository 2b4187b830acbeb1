/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A configuration as lines of words, so that a recording can say which machine
 * it was made on (docs/traces.md, Recordings). Numbers are hexadecimal without
 * 0x. Ports and guests are no part of it.
 */
#ifndef RMMSIM_CONFIG_TEXT_H
#define RMMSIM_CONFIG_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "rmmsim/error.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where a trace names a number of the configuration. */
enum rmm_config_part {
	RMM_CONFIG_MACHINE,  /* under `machine:` */
	RMM_CONFIG_FEATURES, /* under `machine: features:` */
	RMM_CONFIG_BANKS,    /* with the bank that it speaks of, one bit each */
};

/* A number of struct rmm_config: its name in traces and recordings, and its largest value. */
struct rmm_config_member {
	const char *name;
	uint64_t max;
	enum rmm_config_part part;
	size_t offset; /* into struct rmm_config, bytes */
	size_t size;   /* bytes: 1, 4 or 8 */
};

/* The i-th number, i from 0; NULL after the last one. */
const struct rmm_config_member *rmm_config_member_at(size_t i);

/* The value of a number; 0 when an argument is NULL. */
uint64_t rmm_config_get(const struct rmm_config *config, const struct rmm_config_member *m);

/* Sets a number. Returns 0, or -1 for a value above `max` or a NULL argument. */
int rmm_config_set(struct rmm_config *config, const struct rmm_config_member *m, uint64_t value);

/*
 * Calls `line` for each line of the description, without line ends: "bank dram
 * 80000000 40000000". Nothing happens when an argument is NULL.
 */
void rmm_config_describe(const struct rmm_config *config, void (*line)(void *ctx, const char *text),
			 void *ctx);

/*
 * Changes a configuration as one line says; banks and overrides are added to
 * those that it has. Start from rmm_config_default() with num_banks 0. Returns
 * 0, or -1 with a sentence.
 */
int rmm_config_apply(struct rmm_config *config, const char *line, struct rmm_error *error);

#ifdef __cplusplus
}
#endif

#endif
