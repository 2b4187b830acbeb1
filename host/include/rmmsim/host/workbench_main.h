/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program around a test of a host: the model, the workbench before it, and a
 * command line that says what is to go wrong. The main function of a user is
 *
 *	static const struct host_test test = {.run = my_test};
 *
 *	int main(int argc, char **argv)
 *	{
 *		return host_workbench_main(argc, argv, &test);
 *	}
 *
 * Built as part of the target that knows the model (rmmconduit_model).
 */
#ifndef RMMSIM_HOST_WORKBENCH_MAIN_H
#define RMMSIM_HOST_WORKBENCH_MAIN_H

#include <stdbool.h>

#include "rmmsim/host/memory.h"
#include "rmmsim/smc.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

struct host_test {
	/*
	 * The test: a host from boot to the end, on PE 0 of a machine at reset. It
	 * reaches the machine through these two only and cleans up whatever fails.
	 * Returns whether it did what it is for; nothing is expected of it when
	 * something was made to fail.
	 */
	bool (*run)(void *ctx, struct smc_conduit *smc, const struct host_memory_ops *memory);
	void *ctx;                        /* passed as it is */
	const struct rmm_config *machine; /* copied; NULL: rmm_config_default() */
};

/*
 * Runs the test as the command line says (`--help` lists the options) and prints
 * findings to stdout. Returns the exit status: 0 nothing found; 1 there are
 * findings, or the test failed where nothing was made to fail; 2 the command
 * line, the machine or `test` is wrong.
 */
int host_workbench_main(int argc, char **argv, const struct host_test *test);

#ifdef __cplusplus
}
#endif

#endif
