/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How far a range command came. Success without progress is legal (an interrupt
 * was pending before the first entry) and so often repeated, but not for ever.
 */
#ifndef RMMHOST_PROGRESS_H
#define RMMHOST_PROGRESS_H

#include <stdint.h>

#include "rmmsim/host/error.h"

/* Of one range; zero at its beginning. */
struct progress {
	uint32_t idle; /* calls in a row that succeeded without progress */
};

/*
 * `command` succeeded on [base, top) and says that it came to out_top. HOST_OK:
 * go on from there, even if it is base again.
 */
enum host_status progress_check(struct progress *progress, const char *command, uint64_t base,
				uint64_t top, uint64_t out_top, struct host_error *error);

#endif
