/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one symbol of rmmsim-a64.so. This source has the licence above; the
 * module as a binary is linked with Unicorn and therefore under the GNU GPL,
 * version 2.
 */
#include "machine.h"
#include "run.h"

extern const struct rmm_a64_module rmmsim_a64_module;

__attribute__((visibility("default"))) const struct rmm_a64_module rmmsim_a64_module = {
	.interface = RMM_A64_MODULE_INTERFACE,
	.vcpu_size = sizeof(struct rmm_vcpu),
	.create = machine_create,
	.destroy = machine_destroy,
	.limit = machine_limit,
	.stats = machine_read_stats,
	.ops = a64_ops,
};
