/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer: an ABI description is accepted or refused with a message. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "abi.h"
#include "diag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char path[] = "/tmp/rmmsim-fuzz-XXXXXX";
	const char *const files[] = {path};
	const int fd = mkstemp(path);
	FILE *sink = fopen("/dev/null", "w");

	if (fd >= 0 && sink && write(fd, data, len) == (ssize_t)len) {
		struct abi_diag *diag = abi_diag_new();

		abi_free(abi_load(files, 1, diag));
		abi_diag_print(diag, sink);
		abi_diag_free(diag);
	}
	if (fd >= 0) {
		close(fd);
		unlink(path);
	}
	if (sink)
		fclose(sink);
	return 0;
}
