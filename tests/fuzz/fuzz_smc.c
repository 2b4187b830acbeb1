/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer: any SMC with any registers from any PE gets an answer. */
#include "smc_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	smc_stream_play(data, len);
	return 0;
}
