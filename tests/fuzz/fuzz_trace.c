/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer: a trace is loaded or refused with a message, and plays to an end. */
#include <stdio.h>

#include "rmmsim/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	FILE *sink = fopen("/dev/null", "w");

	if (!sink)
		return 0;
	rmm_trace_free(rmm_trace_parse("fuzz", (const char *)data, len, NULL, sink));
	fclose(sink);
	return 0;
}
