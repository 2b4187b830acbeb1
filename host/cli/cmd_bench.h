/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RMMSIM_CMD_BENCH_H
#define RMMSIM_CMD_BENCH_H

/*
 * rmmsim bench [--json] [--seconds S] [--only NAME]; argv[0] is "bench".
 * Returns the exit status: 0, 1 when a benchmark could not run, 2 for usage.
 */
int cmd_bench(int argc, char **argv);

#endif
