/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bytes as a stream of host actions against one machine: calls with registers
 * that are interesting rather than random, host memory writes, interrupts.
 */
#ifndef RMM_TESTS_FUZZ_SMC_STREAM_H
#define RMM_TESTS_FUZZ_SMC_STREAM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Plays the stream on a fresh machine. Returns the number of calls made, 0 when no machine could be
 * had. */
uint64_t smc_stream_play(const uint8_t *data, size_t len);

#ifdef __cplusplus
}
#endif

#endif
