/* SPDX-License-Identifier: BSD-3-Clause */
/* Filling in struct host_error. */
#ifndef RMMHOST_FAIL_H
#define RMMHOST_FAIL_H

#include <stdint.h>

#include "rmmsim/host/error.h"

#if defined(__GNUC__)
#define HOST_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define HOST_PRINTF(fmt, args)
#endif

/* Both fill in `error` (may be NULL) and return its status. */
enum host_status host_fail(struct host_error *error, enum host_status status, const char *format,
			   ...) HOST_PRINTF(3, 4);

/*
 * A command answered x0, which is not what it should be: HOST_ERROR_RMI, or
 * BUSY, NOT_SUPPORTED, SUSPENDED by the answer. The format says what the command
 * was for: "RMI_REC_CREATE for REC 0 failed: RMI_ERROR_INPUT".
 */
enum host_status host_fail_call(struct host_error *error, const char *call, uint64_t x0,
				const char *format, ...) HOST_PRINTF(4, 5);

#endif
