/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the system grants may run out: memory, mappings, what OpenSSL takes for itself. One thread
 * at a time asks for it; the linker routes the requests of the model through this file (--wrap).
 */
#ifndef RMM_TESTS_SCARCITY_H
#define RMM_TESTS_SCARCITY_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* OpenSSL asks here, too; to be called before it has asked for anything. */
void scarcity_begin(void);

/* The nth request from now on is refused, and with `lasting` all that follow. 1 is the next one. */
void scarcity_refuse(uint64_t nth, bool lasting);

/* For what is routed elsewhere: counts a request, and says whether it is refused. */
bool scarcity_refuses(void);

/* From now on everything is granted. Returns whether anything was refused. */
bool scarcity_end(void);

#ifdef __cplusplus
}
#endif

#endif
