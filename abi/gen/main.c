/* SPDX-License-Identifier: BSD-3-Clause */
/* rmm-abi: checks descriptions of the ABI and generates what is made of them. */
#include <stdio.h>

#include "cli.h"

int main(int argc, char **argv)
{
	return abi_cli(argc - 1, (const char *const *)argv + 1, stdout, stderr);
}
