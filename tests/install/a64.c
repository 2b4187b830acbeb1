/* SPDX-License-Identifier: BSD-3-Clause */
/* A program of a user finds the module for A64 guests beside the library that it is linked with. */
#include <stdio.h>

#include <rmmsim/a64.h>

int main(void)
{
	struct rmm_a64 *a64;
	struct rmm_error error;

	if (rmm_a64_load(NULL, &a64, &error) != 0) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	rmm_a64_unload(a64);
	return 0;
}
