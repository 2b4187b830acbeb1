/* SPDX-License-Identifier: BSD-3-Clause */
/* The bytes that only the RMM itself can read: tables, RDs, RECs. */
#ifndef TESTS_SUPPORT_PRIVATE_BYTES_H
#define TESTS_SUPPORT_PRIVATE_BYTES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rmm_system;

/* The granule that holds pa, whatever its state, or NULL when no memory is there. */
const void *private_bytes(const struct rmm_system *sys, uint64_t pa);

#ifdef __cplusplus
}
#endif

#endif
