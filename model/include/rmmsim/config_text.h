/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A configuration as lines of words, so that a recording can say which machine
 * it was made on (docs/traces.md, Recordings). Numbers are hexadecimal without
 * 0x. Ports and guests are no part of it.
 */
#ifndef RMMSIM_CONFIG_TEXT_H
#define RMMSIM_CONFIG_TEXT_H

#include "rmmsim/error.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

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
