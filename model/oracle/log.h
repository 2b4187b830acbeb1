/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The calls so far, in a form that can be replayed. Every function accepts a
 * NULL log, which holds nothing.
 */
#ifndef RMM_ORACLE_LOG_H
#define RMM_ORACLE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/smc.h"

struct oracle_log;

struct oracle_log *oracle_log_create(void);
void oracle_log_destroy(struct oracle_log *log);

void oracle_log_call(struct oracle_log *log, unsigned int pe, const struct smc_regs *in,
		     const struct smc_regs *out);
void oracle_log_write(struct oracle_log *log, uint64_t pa, uint64_t value);

/* Writes it as lines "S fid x1 ... -> x0 ..." and "W pa value"; false: it could not. */
bool oracle_log_save(const struct oracle_log *log, const char *path);

#endif
