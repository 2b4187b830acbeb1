/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"

#include "fail.h"
#include "rmmsim/host/memory.h"

#define MAX_IDLE_CALLS 64u

enum host_status progress_check(struct progress *progress, const char *command, uint64_t base,
				uint64_t top, uint64_t out_top, struct host_error *error)
{
	if (out_top < base || out_top > top || out_top % HOST_PAGE_SIZE)
		return host_fail(error, HOST_ERROR_PROTOCOL,
				 "%s of [0x%llx, 0x%llx) succeeded up to 0x%llx, which is not in "
				 "the range",
				 command, (unsigned long long)base, (unsigned long long)top,
				 (unsigned long long)out_top);
	progress->idle = out_top == base ? progress->idle + 1 : 0;
	if (progress->idle <= MAX_IDLE_CALLS)
		return HOST_OK;
	return host_fail(error, HOST_ERROR_BUSY, "%s makes no progress at 0x%llx", command,
			 (unsigned long long)base);
}
